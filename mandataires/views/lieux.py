"""The places of a mandataire: antennes of a service, establishments of a préposé. The same pages, each in its words."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from emjpm.comptes.droits import pour_mandataires

from .. import services
from ..forms import LieuForm
from ..models import Lieu, Mandataire
from .adresses import propositions, saisie_a_reprendre
from .outils import carte_de_la_saisie, le_mien, limite_a, onglets, situer


@dataclass(frozen=True)
class Genre:
    """The words of one kind of place, and its addresses."""

    categorie: str
    nom: str
    pluriel: str
    liste: str
    ajouter: str
    modifier: str
    retirer: str
    ajoute: str
    modifie: str
    retire: str


ANTENNE = Genre(
    *("service", "antenne", "Antennes"),
    *("antennes", "antenne_ajouter", "antenne_modifier", "antenne_retirer"),
    *("Antenne ajoutée", "Antenne modifiée", "Antenne retirée"),
)
ETABLISSEMENT = Genre(
    *("prepose", "établissement", "Établissements"),
    *("etablissements", "etablissement_ajouter", "etablissement_modifier", "etablissement_retirer"),
    *("Établissement ajouté", "Établissement modifié", "Établissement retiré"),
)


def _lieu(mandataire: Mandataire, pk: int) -> Lieu:
    return get_object_or_404(mandataire.lieux.select_related("commune__departement", "mandataire"), pk=pk)


@require_safe
@pour_mandataires
def lister(request: HttpRequest, genre: Genre) -> HttpResponse:
    """Whoever is limited to an antenne sees that one alone, and no total."""
    mandataire = le_mien(request, modifier=False, categorie=genre.categorie)
    lieux, limite = mandataire.lieux.select_related("commune"), limite_a(request, mandataire)
    contexte = {
        **onglets(request, mandataire),
        "genre": genre,
        "lieux": list(lieux.filter(pk=limite) if limite else lieux),
        "limite": limite,
    }
    return render(request, "mandataires/lieux.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def ajouter(request: HttpRequest, genre: Genre) -> HttpResponse:
    mandataire = le_mien(request, categorie=genre.categorie)
    form = _formulaire(request, mandataire, None)
    if form.is_bound and form.is_valid() and _enregistrer(request, genre, form):
        return redirect(genre.liste)
    return _page(request, genre, form)


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def modifier(request: HttpRequest, genre: Genre, pk: int) -> HttpResponse:
    mandataire = le_mien(request, categorie=genre.categorie)
    form = _formulaire(request, mandataire, _lieu(mandataire, pk))
    if form.is_bound and form.is_valid() and _enregistrer(request, genre, form):
        return redirect(genre.liste)
    return _page(request, genre, form)


def _enregistrer(request: HttpRequest, genre: Genre, form: LieuForm) -> bool:
    """Save, then, outside the transaction, ask where it is. False when somebody was faster."""
    donnees = {"par": request.user, "champs": form.champs, "principal": form.devient_principal}
    try:
        if form.lieu is None:
            lieu, bouge = services.ajouter_lieu(mandataire=form.mandataire, **donnees), True
        else:
            lieu, bouge = services.modifier_lieu(lieu=form.lieu, **donnees)
    except services.ActeImpossible as refus:
        form.add_error("nom", str(refus))
        return False
    except Lieu.DoesNotExist as absent:
        raise Http404 from absent
    messages.success(request, f"{genre.modifie if form.lieu else genre.ajoute} : {lieu}.")
    situer(request, lieu if bouge else None)
    return True


def _formulaire(request: HttpRequest, mandataire: Mandataire, lieu: Lieu | None) -> LieuForm:
    """Posted without being sent (adresses.saisie_a_reprendre), the page is only drawn again."""
    if request.method != "POST":
        return LieuForm(mandataire=mandataire, lieu=lieu)
    if (saisie := saisie_a_reprendre(request)) is not None:
        return LieuForm(mandataire=mandataire, lieu=lieu, initial=saisie | {"principal": "principal" in request.POST})
    return LieuForm(request.POST, mandataire=mandataire, lieu=lieu)


def _page(request: HttpRequest, genre: Genre, form: LieuForm) -> HttpResponse:
    contexte = {
        "genre": genre,
        "form": form,
        "lieu": form.lieu,
        "mandataire": form.mandataire,
        "carte": carte_de_la_saisie(form, form.lieu),
        "propositions": propositions(request),
    }
    return render(request, "mandataires/lieu_modifier.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def retirer(request: HttpRequest, genre: Genre, pk: int) -> HttpResponse:
    """GET says what happens, or why not; POST removes."""
    mandataire = le_mien(request, categorie=genre.categorie)
    lieu = _lieu(mandataire, pk)
    refus = services.refus_de_retrait(lieu)
    if request.method == "POST" and not refus:
        nom = str(lieu)
        try:
            services.retirer_lieu(lieu=lieu, par=request.user)
        except services.ActeImpossible as impossible:  # decided meanwhile
            refus = str(impossible)
        else:
            messages.success(request, f"{genre.retire} : {nom}.")
            return redirect(genre.liste)
    contexte = {"genre": genre, "lieu": lieu, "mandataire": mandataire, "refus": refus}
    return render(request, "mandataires/lieu_retirer.html", contexte)
