"""Reminding: a reservation nobody answered is recalled to the mandataire twice, then told to the court.

One transaction for each mandataire, under the same lock as the acts: a reservation answered meanwhile is left alone,
and two runs at once send each mail once. Nothing else moves: no state, no version (a court editing at that moment is
not disturbed), no freshness (the mandataire did nothing).
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.courriels import deposer
from emjpm.commun.models import Evenement
from emjpm.comptes.liens import desabonnement
from emjpm.comptes.models import Utilisateur
from mandataires.models import Mandataire
from mesures.delais import PREMIER_RAPPEL, SECOND_RAPPEL, attend_depuis
from mesures.models import Mesure

from .commun import qui_suit, reservees_par, verrouiller
from .reservation import destinataires

_RELATIONS = ("tribunal", "lieu", "commune", "reserve_par__membre_tribunal")


@dataclass(frozen=True)
class Rappel:
    """What one mandataire was told at one stage."""

    mandataire: Mandataire
    jours: int
    mesures: int
    """How many reservations were recalled to somebody."""
    courriels: int
    avis: int
    """How many mails went to the courts."""


def dues(jours: int) -> QuerySet[Mesure]:
    """The reservations whose reminder of this stage is due. The second one makes the first useless."""
    attendent = Mesure.objects.en_attente().filter(rappel_30_le=None)
    tard = attend_depuis(SECOND_RAPPEL)
    if jours == SECOND_RAPPEL:
        return attendent.filter(reserve_le__lt=tard)
    return attendent.filter(reserve_le__lt=attend_depuis(PREMIER_RAPPEL), reserve_le__gte=tard, rappel_15_le=None)


def mandataires_a_relancer() -> list[int]:
    """Keys of those who have something due."""
    ids = set()
    for jours in (PREMIER_RAPPEL, SECOND_RAPPEL):
        ids |= set(dues(jours).order_by().values_list("mandataire", flat=True).distinct())
    return sorted(ids)


@transaction.atomic
def relancer(*, mandataire_pk: int, simuler: bool = False) -> list[Rappel]:
    """Remind one mandataire of all that is due: one mail per person and stage. `simuler` undoes what it did."""
    mandataire = verrouiller(mandataire_pk)
    rappels = [_un_rappel(mandataire, jours) for jours in (PREMIER_RAPPEL, SECOND_RAPPEL)]
    if simuler:
        transaction.set_rollback(True)
    return [rappel for rappel in rappels if rappel.courriels or rappel.avis]


def _un_rappel(mandataire: Mandataire, jours: int) -> Rappel:
    mesures = list(dues(jours).filter(mandataire=mandataire).select_related(*_RELATIONS).order_by("reserve_le", "pk"))
    courriels, joignables = _ecrire_au_mandataire(mandataire, mesures, jours)
    rappelees = [m for m in mesures if m.lieu_id in joignables]
    champ = f"rappel_{jours}_le"
    # No save(): neither the version nor the date of change moves.
    Mesure.objects.filter(pk__in=[m.pk for m in rappelees]).update(**{champ: timezone.now()})
    _noter(rappelees, "rappeler", jours)
    avis = 0
    if jours == SECOND_RAPPEL:
        muettes = _jamais_signalees([m for m in mesures if m.lieu_id not in joignables])
        _noter(muettes, "signaler", jours)
        avis = _ecrire_aux_tribunaux(mandataire, rappelees) + _ecrire_aux_tribunaux(mandataire, muettes, muet=True)
    return Rappel(mandataire, jours, len(rappelees), courriels, avis)


def _ecrire_au_mandataire(mandataire: Mandataire, mesures: list[Mesure], jours: int) -> tuple[int, set]:
    """(mails put, antennes somebody could be told of). Each person reads of what they were told at the reservation.

    Those who asked for no such mail are left alone; not at the second stage if nobody else would be told: the court
    reads then that the mandataire was reminded.
    """
    lieux = {m.lieu_id: m.lieu for m in mesures}
    par_personne: dict[Utilisateur, set] = {}
    for cle, lieu in lieux.items():
        gens = list(destinataires(mandataire, lieu))
        voulus = [u for u in gens if u.avis_attente]
        for personne in voulus or (gens if jours == SECOND_RAPPEL else []):
            par_personne.setdefault(personne, set()).add(cle)
    courriels = 0
    for personne, cles in par_personne.items():
        siennes = [m for m in mesures if m.lieu_id in cles]
        contexte = {"mandataire": mandataire, "mesures": siennes, "jours": jours}
        sortie = desabonnement(personne, "avis_attente")
        courriels += deposer(f"rappel_{jours}", personne.email, contexte, desabonnement=sortie)
    return courriels, set().union(*par_personne.values()) if par_personne else set()


def _ecrire_aux_tribunaux(mandataire: Mandataire, mesures: list[Mesure], *, muet: bool = False) -> int:
    """One mail to each person who follows some at the court. `muet`: no account could be reminded."""
    contexte = {"mandataire": mandataire, "muet": muet}
    return sum(
        deposer("rappel_tribunal", q.email, contexte | {"mesures": siennes, "vous": reservees_par(q, siennes)})
        for q, siennes in qui_suit(mesures).items()
    )


def _noter(mesures: list[Mesure], acte: str, jours: int) -> None:
    lignes = [
        journal.evenement(par=None, acte=f"mesure.{acte}", objet=m, changements={"jours": jours}) for m in mesures
    ]
    Evenement.objects.bulk_create(lignes)


def _jamais_signalees(mesures: list[Mesure]) -> list[Mesure]:
    """Those whose court was not told yet that no account of the mandataire can be reminded."""
    if not mesures:
        return []
    dites = set(
        Evenement.objects.filter(
            acte="mesure.signaler", objet_type=Mesure._meta.label_lower, objet_id__in=[str(m.pk) for m in mesures]
        ).values_list("objet_id", flat=True)
    )
    return [m for m in mesures if str(m.pk) not in dites]
