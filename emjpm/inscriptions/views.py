"""Registration: eight links, then one page per situation."""

from dataclasses import dataclass

from allauth.account.views import SignupView
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from emjpm.comptes import etapes
from emjpm.comptes.models import Utilisateur
from tribunaux.choix import choisir

from . import forms


@dataclass(frozen=True)
class Situation:
    """One of the eight links: what one is, what to have at hand, which form."""

    slug: str
    titre: str
    prevoir: str
    comme: str
    formulaire: type[forms.DemandeForm]


FAMILLES: tuple[tuple[str, tuple[Situation, ...]], ...] = (
    (
        "Vous exercez des mesures",
        (
            Situation(
                "individuel",
                "Mandataire individuel",
                "SIRET, téléphone, adresse, tribunaux d’agrément",
                "mandataire individuel",
                forms.IndividuelForm,
            ),
            Situation(
                "prepose",
                "Préposé d’établissement",
                "établissements et leur numéro FINESS, tribunaux",
                "préposé d’établissement",
                forms.PreposeForm,
            ),
            Situation(
                "service",
                "Membre d’un service mandataire",
                "nom du service, ou son SIRET s’il est nouveau",
                "membre d’un service mandataire",
                forms.ServiceForm,
            ),
        ),
    ),
    (
        "Vous travaillez dans un tribunal",
        (
            Situation("magistrat", "Magistrat", "tribunal, cabinet", "magistrat", forms.MagistratForm),
            Situation("greffier", "Greffier", "tribunal", "greffier", forms.GreffierForm),
        ),
    ),
    (
        "Vous êtes agent de l’État",
        (
            Situation(
                "direction-departementale",
                "Agent départemental",
                "département",
                "agent départemental",
                forms.DirectionDepartementaleForm,
            ),
            Situation(
                "direction-regionale", "Agent régional", "région", "agent régional", forms.DirectionRegionaleForm
            ),
            Situation(
                "direction-nationale",
                "Agent national",
                "adresse électronique professionnelle",
                "agent national",
                forms.DirectionNationaleForm,
            ),
        ),
    ),
)
SITUATIONS = {situation.slug: situation for _, situations in FAMILLES for situation in situations}


@login_not_required
def choisir_role(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("accueil")
    return render(request, "inscriptions/choisir_role.html", {"familles": FAMILLES})


def _refuse_reconnu(request: HttpRequest) -> Utilisateur | None:
    """A refused person who has just given their password may ask again with the same address."""
    utilisateur = etapes.reconnu(request)
    return utilisateur if utilisateur is not None and utilisateur.statut == Utilisateur.Statut.REFUSE else None


class Inscription(SignupView):
    """allauth's sign-up with our forms: enumeration, rate limit, verification mail and passwords are its own."""

    template_name = "inscriptions/inscrire.html"

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.situation = SITUATIONS.get(kwargs["role"])
        if self.situation is None:
            raise Http404
        anonyme = not request.user.is_authenticated
        if anonyme and request.method == "GET" and request.headers.get("HX-Request") == "true":
            return self.tribunaux_en_direct(request)
        if anonyme and request.method == "POST" and {"chercher", "ajouter", "retirer"} & request.POST.keys():
            return self.aider(request)  # nothing is written: does not count as an attempt to sign up
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        return self.situation.formulaire

    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "reprise": _refuse_reconnu(self.request)}

    def aider(self, request: HttpRequest) -> HttpResponse:
        """« Chercher », « Ajouter un établissement », « Retirer »: the same page, everything typed kept, no error."""
        donnees = request.POST.copy()
        envoye = donnees.get("nb_etablissements", "")
        nombre = int(envoye) if envoye.isdecimal() and len(envoye) < 3 else 1
        if "ajouter" in donnees:
            donnees["nb_etablissements"] = str(min(nombre + 1, forms.ETABLISSEMENTS_MAX))
        elif "retirer" in donnees and 1 < nombre <= forms.ETABLISSEMENTS_MAX:
            _retirer(donnees, donnees["retirer"], nombre)
        form = self.situation.formulaire(data=donnees, reprise=_refuse_reconnu(request))
        form._errors = ErrorDict()  # as typed, not judged yet
        form.cleaned_data = {}
        self._cached_form = form
        return self.render_to_response(self.get_context_data(form=form))

    def tribunaux_en_direct(self, request: HttpRequest) -> HttpResponse:
        """htmx: the answers while typing; what is ticked moves among the chosen ones."""
        cherche, choisis = request.GET.get("chercher_tribunal", ""), request.GET.getlist("tribunaux")
        contexte = {"choix": choisir(cherche, choisis, parcourir=False)}
        return render(request, "inscriptions/_choix_tribunaux.html", contexte)

    def form_valid(self, form) -> HttpResponse:
        form.calculer_empreinte()
        try:
            with transaction.atomic():
                reponse = super().form_valid(form)
        except IntegrityError:
            # Two requests at once for one address: the second is told what anybody is told.
            form.account_already_exists = True
            with transaction.atomic():
                reponse = super().form_valid(form)
        return reponse

    def get_context_data(self, **kwargs) -> dict:
        contexte = super().get_context_data(**kwargs)
        form = contexte["form"]
        contexte["situation"] = self.situation
        if "tribunaux" in form.fields:
            contexte["choix"] = choisir(self.request.POST.get("chercher_tribunal", ""), form["tribunaux"].value() or [])
        return contexte


def _retirer(donnees, rang: str, nombre: int) -> None:
    """Take one establishment out of what was typed; the following ones move up."""
    if not rang.isdecimal() or len(rang) > 2 or not 1 <= int(rang) <= nombre:
        return
    for suivant in range(int(rang), nombre + 1):
        for champ in ("nom", "finess", "code_postal", "commune"):
            donnees[f"etablissement_{suivant}_{champ}"] = donnees.get(f"etablissement_{suivant + 1}_{champ}", "")
    donnees["nb_etablissements"] = str(nombre - 1)


inscrire = login_not_required(Inscription.as_view())
