"""The mandataire's own figures: en cours by nature and by court, and month by month."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from emjpm.commun.templatetags.emjpm import MOIS

from .enums import Nature, Statut

ABREGES = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
COMMENCEES = (Statut.EN_COURS, Statut.ETEINTE)
"""What became a mesure: reservations, declined or cancelled ones are in no history."""


@dataclass(frozen=True)
class Part:
    libelle: str
    valeur: str
    nombre: int
    largeur: str
    pourcent: int


@dataclass(frozen=True)
class Mois:
    long: str
    court: str
    initiale: str
    en_cours: int
    commencees: int
    terminees: int
    hauteur: int

    @property
    def haut(self) -> int:
        return 80 - self.hauteur


def _parts(lignes: list[tuple[str, str, int]]) -> list[Part]:
    total, plus = sum(n for *_, n in lignes) or 1, max((n for *_, n in lignes), default=1)
    return [Part(nom, cle, n, f"{100 * n / plus:.1f}", round(100 * n / total)) for nom, cle, n in lignes]


def par_nature(en_cours: QuerySet) -> list[Part]:
    comptes = en_cours.order_by().values_list("nature").annotate(n=Count("pk")).order_by("-n", "nature")
    return _parts([(str(Nature(nature).label), nature, n) for nature, n in comptes])


def par_tribunal(en_cours: QuerySet) -> list[Part]:
    comptes = (
        en_cours.order_by().values_list("tribunal__nom", "tribunal").annotate(n=Count("pk")).order_by("-n", "tribunal")
    )
    return _parts([(nom, str(pk), n) for nom, pk, n in comptes])


def _mois_finissant(jour: date, combien: int) -> list[date]:
    """First days of the `combien` months that end with the one of `jour`."""
    premiers = [jour.replace(day=1)]
    while len(premiers) < combien:
        premiers.insert(0, (premiers[0] - timedelta(days=1)).replace(day=1))
    return premiers


def douze_mois(mesures: QuerySet, jour: date | None = None) -> tuple[list[Mois], bool]:
    """En cours at the end of each month, begun and ended in it, from the dates of judgment and of end.

    Months before the first mesure are left out; True when all twelve are there. Two queries.
    """
    suivies = mesures.filter(statut__in=COMMENCEES).order_by()
    premiere = suivies.aggregate(m=Min("date_jugement"))["m"]
    if premiere is None:
        return [], False
    premiers = [p for p in _mois_finissant(jour or timezone.localdate(), 12) if p >= premiere.replace(day=1)]
    comptes = {}
    for rang, debut in enumerate(premiers):
        suivant = (debut + timedelta(days=32)).replace(day=1)
        commence, fini = Q(date_jugement__lt=suivant), Q(date_fin__lt=suivant)
        comptes |= {
            f"c{rang}": Count("pk", filter=commence & (Q(date_fin=None) | ~fini)),
            f"d{rang}": Count("pk", filter=Q(date_jugement__gte=debut) & commence),
            f"f{rang}": Count("pk", filter=Q(date_fin__gte=debut) & fini),
        }
    trouves = suivies.aggregate(**comptes)
    plus = max(trouves[f"c{rang}"] for rang in range(len(premiers))) or 1
    lignes = [
        Mois(
            long=f"{MOIS[p.month - 1]} {p.year}",
            court=ABREGES[p.month - 1],
            initiale=MOIS[p.month - 1][0].upper(),
            en_cours=trouves[f"c{rang}"],
            commencees=trouves[f"d{rang}"],
            terminees=trouves[f"f{rang}"],
            hauteur=round(74 * trouves[f"c{rang}"] / plus),
        )
        for rang, p in enumerate(premiers)
    ]
    return lignes, len(lignes) == 12
