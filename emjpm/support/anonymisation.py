"""Mesures ended for five years: what could lead to an adult is erased; what statistics count stays.

Kept: mandataire, court, nature, champ, civilité, place of life, dates, motive of end, and who did what when.
"""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from mesures.enums import Statut
from mesures.models import Evolution, Mesure

ANNEES = 5
LOT = 500
VIDES = {
    "numero_rg": "",
    "rg_normal": "",
    "numero_dossier": "",
    "annee_naissance": None,
    "code_postal": "",
    "commune": None,
    "ville": "",
    "message": "",
    "precision_cloture": "",
    "prestations": [],
    "ressources_annee": None,
    "ressources_niveau": None,
}
"""Field → what stays in its place."""


def limite(jour: date | None = None) -> date:
    """Ended before this day, a mesure is anonymised."""
    jour = jour or timezone.localdate()
    return jour.replace(year=jour.year - ANNEES, day=min(jour.day, 28) if jour.month == 2 else jour.day)


def a_anonymiser(jour: date | None = None) -> QuerySet[Mesure]:
    """Ended, declined or cancelled for more than five years, with something left to erase; and the reservations by
    which a mesure was renewed, as old as the mesure they went into (gone, as old as their validation).
    """
    avant = limite(jour)
    finies = Q(statut=Statut.ETEINTE, date_fin__lt=avant)
    closes = Q(statut__in=[Statut.DECLINEE, Statut.ANNULEE], clos_le__date__lt=avant)
    entrees = Q(statut=Statut.RENOUVELEE) & (
        Q(renouvelle__statut=Statut.ETEINTE, renouvelle__date_fin__lt=avant)
        | Q(renouvelle=None, valide_le__date__lt=avant)
    )
    reste = Q()
    for champ, vide in VIDES.items():
        reste |= Q(**{f"{champ}__isnull": False}) if vide is None else ~Q(**{champ: vide})
    return Mesure.objects.filter(finies | closes | entrees).filter(reste).order_by("pk")


def anonymiser() -> int:
    """Erase, by lots of `LOT` mesures in a transaction each; returns how many."""
    return sum(_lot(cles) for cles in _par_lots(list(a_anonymiser().values_list("pk", flat=True))))


def _par_lots(cles: list[int]) -> Iterator[list[int]]:
    for debut in range(0, len(cles), LOT):
        yield cles[debut : debut + LOT]


@transaction.atomic
def _lot(cles: list[int]) -> int:
    """Those still due under their lock: one reopened meanwhile keeps its facts."""
    mesures = list(a_anonymiser().filter(pk__in=cles).select_for_update(of=("self",)))
    for mesure in mesures:
        for champ, vide in VIDES.items():
            setattr(mesure, champ, list(vide) if isinstance(vide, list) else vide)
        mesure.version += 1
    Mesure.objects.bulk_update(mesures, [*VIDES, "version"], batch_size=100)
    _vider(Evolution.objects.filter(mesure__in=mesures))
    pks = [str(mesure.pk) for mesure in mesures]
    _vider(Evenement.objects.filter(objet_type=Mesure._meta.label_lower, objet_id__in=pks))
    Evenement.objects.bulk_create(journal.evenement(par=None, acte="mesure.anonymiser", objet=m) for m in mesures)
    return len(mesures)


def _vider(lignes: QuerySet) -> None:
    """Blank the same facts in what tells how they changed. The keys stay: a history reads its groups whole."""
    touchees = []
    for ligne in lignes.exclude(changements={}):
        vides = {champ: [VIDES[champ], VIDES[champ]] for champ in ligne.changements if champ in VIDES}
        if vides:
            ligne.changements |= vides
            touchees.append(ligne)
    lignes.model.objects.bulk_update(touchees, ["changements"], batch_size=200)


def prevision() -> dict[int, int]:
    """{year of the end: how many mesures}, for the dry run."""
    annees: dict[int, int] = {}
    for instants in a_anonymiser().values_list("date_fin", "clos_le", "renouvelle__date_fin", "valide_le"):
        annee = next(filter(None, instants)).year
        annees[annee] = annees.get(annee, 0) + 1
    return dict(sorted(annees.items()))
