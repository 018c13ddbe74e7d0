"""The courts of a mandataire: asking the team for one more, leaving one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from emjpm.comptes.droits import pour_mandataires
from tribunaux.choix import choisir
from tribunaux.models import Tribunal

from .. import services
from ..models import Mandataire
from .outils import le_mien

ADRESSE = "mes_informations_tribunaux"


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def demander(request: HttpRequest) -> HttpResponse:
    """Search, tick, send. Without JavaScript « Chercher » is a POST that writes nothing; with htmx, a GET."""
    mandataire = le_mien(request)
    deja = _deja(mandataire)
    donnees = request.POST if request.method == "POST" else request.GET
    cherche, choisis = donnees.get("chercher_tribunal", ""), donnees.getlist("tribunaux")
    if request.headers.get("HX-Request") == "true" and request.method != "POST":
        contexte = {"choix": choisir(cherche, choisis, parcourir=False, sauf=deja)}
        return render(request, "inscriptions/_choix_tribunaux.html", contexte)
    choix = choisir(cherche, choisis, sauf=deja)
    erreur = ""
    if request.method == "POST" and "chercher" not in request.POST:
        if choix.choisis:
            _envoyer(request, mandataire, choix.choisis)
            return redirect("mes_informations")
        erreur = "Choisissez un tribunal."
    contexte = {"mandataire": mandataire, "choix": choix, "erreur": erreur, "adresse": ADRESSE}
    return render(request, "mandataires/tribunal_demander.html", contexte)


def _deja(mandataire: Mandataire) -> list[int]:
    """Courts held or asked for: not to be asked again."""
    tenus = mandataire.habilitations.values_list("tribunal", flat=True)
    return [*tenus, *mandataire.demandes_tribunaux.filter(traitee_le=None).values_list("tribunal", flat=True)]


def _envoyer(request: HttpRequest, mandataire: Mandataire, tribunaux: list[Tribunal]) -> None:
    if services.demander_tribunaux(mandataire=mandataire, par=request.user, tribunaux=tribunaux):
        messages.success(request, "Votre demande est partie. L’équipe vous répondra par e-mail.")
    else:
        messages.info(request, "Ce tribunal est déjà demandé.")


@require_POST
@pour_mandataires
def reprendre(request: HttpRequest, pk: int) -> HttpResponse:
    """The mandataire no longer asks."""
    mandataire = le_mien(request)
    demande = get_object_or_404(mandataire.demandes_tribunaux.filter(traitee_le=None), pk=pk)
    try:
        services.reprendre_demande(demande=demande, par=request.user)
    except services.ActeImpossible as refus:
        messages.warning(request, str(refus))
    else:
        messages.success(request, f"Demande annulée : {demande.tribunal}.")
    return redirect("mes_informations")


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def quitter(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what happens; POST leaves the court at once."""
    mandataire = le_mien(request)
    habilitation = get_object_or_404(mandataire.habilitations.select_related("tribunal__commune", "mandataire"), pk=pk)
    if request.method == "POST":
        services.quitter_tribunal(habilitation=habilitation, par=request.user)
        messages.success(
            request, f"{habilitation.tribunal} : vous n’apparaissez plus pour ce tribunal. Vos mesures restent."
        )
        return redirect("mes_informations")
    nom = habilitation.tribunal.nom
    contexte = {"mandataire": mandataire, "habilitation": habilitation, "nom": nom[:1].lower() + nom[1:]}
    return render(request, "mandataires/tribunal_quitter.html", contexte)
