"""The home of a mandataire: what waits, how many more they can take, what they follow."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from emjpm.commun.templatetags.emjpm import jours_depuis
from emjpm.comptes.droits import pour_mandataires
from mandataires.droits import peut_modifier_profil
from mandataires.forms import CapaciteForm
from mandataires.models import CAPACITE_MAX, Mandataire
from mesures.activite import douze_mois, par_nature, par_tribunal
from mesures.disponibilite import renouvellements_en_attente
from mesures.droits import peut_importer
from mesures.models import Mesure

from .listes import reservees
from .outils import disponibilite_actuelle, le_mandataire

AUCUNE_MESURE = "mandataire.aucune_mesure"
"""The journal's act for « Je n’en ai aucune »: what closes the third step of the first login."""
A_CONFIRMER = 30
"""Days after which the freshness gains a badge."""
VISIBLES = 5


@dataclass(frozen=True)
class Etapes:
    """The three steps of the first login."""

    verifie: bool
    capacite: bool
    liste: bool
    restantes: int = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "restantes", 3 - self.verifie - self.capacite - self.liste)

    @property
    def courante(self) -> str:
        """The first step still to do."""
        return next((nom for nom in ("verifie", "capacite", "liste") if not getattr(self, nom)), "")

    @property
    def phrase(self) -> str:
        mots = {1: "Encore une étape", 2: "Encore deux étapes", 3: "Encore trois étapes"}
        return mots.get(self.restantes, "")


def _etapes(mandataire: Mandataire) -> Etapes:
    verifie, capacite = mandataire.verifie_le is not None, mandataire.capacite is not None
    liste = (
        Mesure.objects.filter(mandataire=mandataire).exists()
        or Evenement.objects.sur(mandataire).filter(acte=AUCUNE_MESURE).exists()
    )
    return Etapes(verifie, capacite, liste)


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def tableau_de_bord(request: HttpRequest) -> HttpResponse:
    mandataire = le_mandataire(request)
    if request.method == "POST":
        return _aucune_mesure(request, mandataire)
    return afficher(request, mandataire, CapaciteForm(initial={"capacite": mandataire.capacite}))


def afficher(request: HttpRequest, mandataire: Mandataire, form: CapaciteForm) -> HttpResponse:
    """The page, with its one-field form: as recorded, or as refused (views.profil), what was typed kept."""
    etapes = _etapes(mandataire)
    attente = reservees(request.user)
    contexte = {
        "mandataire": mandataire,
        "form": form,
        "dispo": disponibilite_actuelle(mandataire),
        "renouvellements": renouvellements_en_attente(mandataire),
        "etapes": etapes,
        "attente": attente[:VISIBLES],
        "attente_total": len(attente),
        "capacite_max": CAPACITE_MAX,
        "lieu": mandataire.lieux.select_related("commune").first(),
        "modifie_profil": peut_modifier_profil(request.user, mandataire),
        "importer": peut_importer(request.user, mandataire),
    }
    if etapes.restantes:
        return render(request, "mesures/premiere_connexion.html", contexte)
    miennes = Mesure.objects.pour(request.user)
    mois, entier = douze_mois(miennes)
    contexte |= {
        "a_confirmer": (jours_depuis(mandataire.actualise_le) or 0) > A_CONFIRMER,
        "manques": _manques(mandataire, miennes, contexte["modifie_profil"]),
        "natures": par_nature(miennes.en_cours()),
        "tribunaux": par_tribunal(miennes.en_cours()),
        "mois": mois,
        "annee_entiere": entier,
    }
    contexte["en_cours"] = sum(part.nombre for part in contexte["natures"])
    return render(request, "mesures/tableau_de_bord.html", contexte)


def _aucune_mesure(request: HttpRequest, mandataire: Mandataire) -> HttpResponse:
    """« Je n’en ai aucune »: the only thing this page writes."""
    with transaction.atomic():
        if not Evenement.objects.sur(mandataire).filter(acte=AUCUNE_MESURE).exists():
            journal.noter(par=request.user, acte=AUCUNE_MESURE, objet=mandataire)
    messages.success(request, "C’est noté : aucune mesure en cours.")
    return redirect("tableau_de_bord")


def _manques(mandataire: Mandataire, mesures, modifie_profil: bool) -> list[dict]:
    """What is missing, in the profile and in the mesures: one list."""
    lignes = []
    if not mandataire.telephone_portable and modifie_profil and not mandataire.est_service:
        fixe = (
            "les tribunaux vous joignent au fixe seulement" if mandataire.telephone else "aucun téléphone n’est connu"
        )
        lignes.append(
            {
                "phrase": f"Votre téléphone portable manque : {fixe}.",
                "quoi": "votre téléphone portable",
                "url": reverse("mes_informations_modifier"),
            }
        )
    sans_rg = mesures.en_cours().filter(rg_normal="").count()
    if sans_rg:
        une = sans_rg == 1
        lignes.append(
            {
                "phrase": "1 mesure en cours n’a pas de numéro RG."
                if une
                else f"{sans_rg} mesures en cours n’ont pas de numéro RG.",
                "quoi": "la mesure sans numéro RG" if une else f"les {sans_rg} mesures sans numéro RG",
                "url": f"{reverse('mesures_en_cours')}?sans_rg=on",
            }
        )
    return lignes
