"""Availability: the one formula, always computed from the living mesures (domain.md §4).

    disponibilité = 0 while the activity is paused, else capacité souhaitée − (en attente + en cours)

The renewals that wait for an answer are not in it: what they renew already is (MesureQuerySet.comptees).
It may be negative. An unknown capacity is unknown, never 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from mandataires.models import Mandataire
from mandataires.querysets import MandataireQuerySet

from .enums import Statut
from .models import Mesure


def _nombre(statut: Statut) -> Coalesce:
    """SQL: how many mesures of this statut the mandataire of the outer row has (the partial index alone)."""
    comptes = (
        Mesure.objects.comptees()
        .filter(mandataire=OuterRef("pk"), statut=statut)
        .order_by()
        .values("mandataire")
        .annotate(n=Count("*"))
        .values("n")
    )
    return Coalesce(Subquery(comptes, output_field=IntegerField()), Value(0))


def avec_disponibilite(mandataires: QuerySet, jour: date | None = None) -> QuerySet:
    """Annotates `nb_en_cours`, `nb_en_attente` and `disponibilite` (NULL when the capacity is unknown)."""
    return mandataires.annotate(
        nb_en_cours=_nombre(Statut.EN_COURS), nb_en_attente=_nombre(Statut.EN_ATTENTE)
    ).annotate(
        disponibilite=Case(
            When(MandataireQuerySet.en_pause_q(jour), then=Value(0)),
            When(capacite=None, then=Value(None)),
            default=F("capacite") - F("nb_en_cours") - F("nb_en_attente"),
            output_field=IntegerField(),
        )
    )


def charges(mandataires: QuerySet | Sequence[int] | None) -> dict[int, tuple[int, int]]:
    """{mandataire: (en cours, en attente)} in one grouped count, for lists too long for one subquery per row.

    Absent = (0, 0); None: everybody. The same numbers as `avec_disponibilite` (tests/mesures/test_recherche.py).
    """
    comptes: dict[int, list[int]] = {}
    comptees = Mesure.objects.comptees()
    lignes = (
        (comptees if mandataires is None else comptees.filter(mandataire__in=mandataires))
        .order_by()
        .values_list("mandataire", "statut")
        .annotate(n=Count("*"))
    )
    for mandataire, statut, n in lignes:
        comptes.setdefault(mandataire, [0, 0])[statut == Statut.EN_ATTENTE] = n
    return {pk: (en_cours, en_attente) for pk, (en_cours, en_attente) in comptes.items()}


@dataclass(frozen=True)
class Disponibilite:
    """The figure and its parts, with the words for them. Built from an annotated mandataire, or by `de`."""

    capacite: int | None
    en_cours: int
    en_attente: int
    pause: bool = False
    pause_fin: date | None = None
    pause_motif: str = ""

    @property
    def sans_pause(self) -> int | None:
        """What would be available without the pause; None when the capacity is unknown."""
        return None if self.capacite is None else self.capacite - self.en_cours - self.en_attente

    @property
    def valeur(self) -> int | None:
        return 0 if self.pause else self.sans_pause

    @property
    def etat(self) -> str:
        """`libre`, `complet`, `audela`, `pause` or `inconnue`: which of the five ways to show it."""
        if self.pause:
            return "pause"
        if self.capacite is None:
            return "inconnue"
        if self.valeur > 0:
            return "libre"
        return "complet" if self.valeur == 0 else "audela"

    @property
    def a_de_la_place(self) -> bool:
        return self.etat == "libre"

    @property
    def au_dela(self) -> int:
        """How many mesures above the wish; 0 otherwise."""
        return max(0, -(self.sans_pause or 0))

    @property
    def jauge(self) -> dict[str, int]:
        """Widths of the bar in thousandths: scale = the wish, or the load where it is larger."""
        charge = self.en_cours + self.en_attente
        echelle = max(self.capacite or 0, charge, 1)
        cours = round(1000 * self.en_cours / echelle)
        charge_mille = round(1000 * charge / echelle)
        souhait = round(1000 * (self.capacite or 0) / echelle)
        return {
            "cours": cours,
            "attente": charge_mille - cours,
            "charge": charge_mille,
            "souhait": souhait,
            "dela": max(0, charge_mille - souhait) if self.capacite is not None else 0,
        }


def renouvellements_en_attente(mandataire: Mandataire) -> int:
    """What waits beside `en_attente` and is not in it: renewals take no place. To be said wherever both are seen."""
    return mandataire.mesures.en_attente().exclude(renouvelle=None).count()


def disponibilite_de(mandataire: Mandataire) -> Disponibilite:
    """From a mandataire annotated by `avec_disponibilite`, or by one query if it is not."""
    if not hasattr(mandataire, "nb_en_cours"):
        annote = avec_disponibilite(Mandataire.objects.filter(pk=mandataire.pk)).get()
        mandataire.nb_en_cours, mandataire.nb_en_attente = annote.nb_en_cours, annote.nb_en_attente
    return Disponibilite(
        capacite=mandataire.capacite,
        en_cours=mandataire.nb_en_cours,
        en_attente=mandataire.nb_en_attente,
        pause=mandataire.en_pause(timezone.localdate()),
        pause_fin=mandataire.pause_fin,
        pause_motif=mandataire.pause_motif,
    )
