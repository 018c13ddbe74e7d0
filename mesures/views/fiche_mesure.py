"""One mesure: its facts, what happened, and the acts its state allows. The court reads it, the mandataire acts."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emjpm.commun.templatetags.emjpm import nombre
from emjpm.comptes.droits import reserve_a
from emjpm.comptes.models import ROLES_MANDATAIRES, ROLES_TRIBUNAL
from mesures import droits
from mesures.enums import GenreEvolution, Statut
from mesures.models import Mesure
from mesures.recit import Etape, depuis, histoire, raconter

from .outils import la_mesure

RENOUVELLEMENTS = (Statut.EN_ATTENTE, Statut.RENOUVELEE)
_RETOURS = {
    Statut.EN_ATTENTE: ("mesures_en_attente", "Mesures en attente"),
    Statut.ETEINTE: ("mesures_eteintes", "Mesures éteintes"),
}


@require_safe
@reserve_a(*ROLES_MANDATAIRES, *ROLES_TRIBUNAL)
def mesure(request: HttpRequest, pk: int) -> HttpResponse:
    mesure = la_mesure(request, pk)
    utilisateur = request.user
    visibles = Mesure.objects.pour(utilisateur)
    renouvellements = list(visibles.filter(renouvelle=mesure, statut__in=RENOUVELLEMENTS).order_by("-pk"))
    du_tribunal = utilisateur.est_du_tribunal
    retour = (
        ("mesures_tribunal", "Mesures du tribunal")
        if du_tribunal
        else _RETOURS.get(mesure.statut, ("mesures_en_cours", "Mesures en cours"))
    )
    request.section = retour[0]  # the state of the mesure, not its address, says under which tab it is
    etapes = histoire(mesure, utilisateur)
    return render(
        request,
        "mesures/mesure.html",
        {
            "mesure": mesure,
            "etapes": etapes,
            "depuis": depuis(etapes, mesure),
            "terme": _terme(etapes),
            "ressources": _ressources(mesure),
            "du_tribunal": du_tribunal,
            "retour": {"nom": retour[0], "titre": retour[1]},
            "etat": _etat(mesure),
            "annees": timezone.localdate().year - mesure.annee_naissance if mesure.annee_naissance else None,
            "fil": raconter(mesure, utilisateur),
            "peut": {
                "valider": droits.peut_valider(utilisateur, mesure),
                "evoluer": droits.peut_noter_evolution(utilisateur, mesure),
                "modifier": droits.peut_modifier(utilisateur, mesure),
                "eteindre": droits.peut_eteindre(utilisateur, mesure),
                "rouvrir": droits.peut_rouvrir(utilisateur, mesure),
                "supprimer": droits.peut_supprimer(utilisateur, mesure),
                "reservation": droits.peut_modifier_reservation(utilisateur, mesure),
            },
            "reservee": droits.reservee(mesure),
            "renouvelle": visibles.filter(pk=mesure.renouvelle_id).first() if mesure.renouvelle_id else None,
            "renouvellements": renouvellements,
        },
    )


def _terme(etapes: list[Etape]) -> date | None:
    """Until when the last reconduction says the mesure goes."""
    return next((e.evolution.jusqu_au for e in reversed(etapes) if e.genre == GenreEvolution.RECONDUCTION), None)


def _ressources(mesure: Mesure) -> str:
    """« 2026 : 12 500 €, ASPA, APL », or nothing."""
    niveau = f"{nombre(mesure.ressources_niveau)} €" if mesure.ressources_niveau is not None else ""
    dites = ", ".join(m for m in (niveau, *mesure.prestations) if m)
    annee = str(mesure.ressources_annee or "")
    return " : ".join(m for m in (annee, dites) if m)


def _etat(mesure: Mesure) -> tuple[str, object]:
    """The state and since when."""
    depuis = {
        Statut.EN_ATTENTE: ("En attente depuis le", mesure.reserve_le or mesure.cree_le),
        Statut.EN_COURS: ("En cours depuis le", mesure.date_jugement),
        Statut.ETEINTE: ("Éteinte depuis le", mesure.date_fin),
        Statut.DECLINEE: ("Déclinée le", mesure.clos_le),
        Statut.ANNULEE: ("Annulée le", mesure.clos_le),
        Statut.RENOUVELEE: ("Renouvellement validé le", mesure.valide_le),
    }
    return depuis[Statut(mesure.statut)]
