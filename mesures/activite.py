"""The mandataire's own figures: what is counted once for the home page, and the last twelve months."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Value, When
from django.utils import timezone

from emjpm.commun.templatetags.emjpm import MOIS
from mandataires.models import Mandataire
from tribunaux.models import Tribunal

from .enums import LieuVie, Nature, Statut

ABREGES = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
COMMENCEES = (Statut.EN_COURS, Statut.ETEINTE)
"""What became a mesure: reservations, declined or cancelled ones are in no history. A renewal is no new mesure: the
one it continues keeps the date of its first judgment (services.renouvellement), and so begins once only."""

MANQUES = {
    "rg": Q(rg_normal=""),
    "naissance": Q(annee_naissance=None),
    "commune": Q(commune=None, ville="") & ~Q(lieu_vie=LieuVie.SDF) & ~Q(nature=Nature.AD_HOC),
    "champ": Q(champ="", nature__in=(Nature.CURATELLE_SIMPLE, Nature.CURATELLE_RENFORCEE, Nature.TUTELLE)),
    "dossier": Q(numero_dossier=""),
}
"""What a mesure may lack: key of the list's filter « Information manquante » → where it does."""


class Groupe(NamedTuple):
    """The living mesures that share an antenne, a statut, a court and a nature, with what some of them lack."""

    lieu: int | None
    statut: str
    tribunal: int
    nature: str
    nombre: int
    renouvellements: int
    sans_rg: int
    sans_annee: int


def groupes(mandataire: Mandataire) -> list[Groupe]:
    """The living mesures, counted once: every figure of the home page is a sum of these rows. One query."""
    lignes = mandataire.mesures.vivantes().order_by().values_list("lieu", "statut", "tribunal", "nature")
    comptes = lignes.annotate(
        n=Count("*"),
        renouvellements=Count("renouvelle"),
        sans_rg=Count("pk", filter=MANQUES["rg"]),
        sans_annee=Count("pk", filter=MANQUES["naissance"]),
    )
    return [Groupe(*ligne) for ligne in comptes]


@dataclass(frozen=True)
class Part:
    libelle: str
    valeur: str
    nombre: int
    largeur: str
    pourcent: int


@dataclass(frozen=True)
class Activite:
    """What this person follows: the whole of their mandataire's, or that of the antenne they are limited to."""

    miens: list[Groupe]
    tous: list[Groupe]
    """Those of the whole mandataire, whatever the reader may see."""
    renouvellements: int
    """Pending renewals of the whole mandataire: they wait beside its availability and are not in it."""

    def _somme(self, statut: Statut, quoi: str = "nombre") -> int:
        return sum(getattr(g, quoi) for g in self.miens if g.statut == statut)

    @property
    def en_cours(self) -> int:
        return self._somme(Statut.EN_COURS)

    @property
    def en_attente(self) -> int:
        """All that waits for an answer, renewals included."""
        return self._somme(Statut.EN_ATTENTE)

    @property
    def sans_rg(self) -> int:
        return self._somme(Statut.EN_COURS, "sans_rg")

    @property
    def sans_annee(self) -> int:
        return self._somme(Statut.EN_COURS, "sans_annee")

    def natures(self) -> list[Part]:
        nombres = self._par("nature")
        return _parts([(str(Nature(nature).label), nature, n) for nature, n in _du_plus_grand(nombres)])

    def tribunaux(self) -> list[Part]:
        """One query, for the names."""
        nombres = self._par("tribunal")
        noms = dict(Tribunal.objects.filter(pk__in=list(nombres)).order_by().values_list("pk", "nom"))
        return _parts([(noms[pk], str(pk), n) for pk, n in _du_plus_grand(nombres)])

    def _par(self, quoi: str) -> Counter:
        nombres: Counter = Counter()
        for groupe in self.miens:
            if groupe.statut == Statut.EN_COURS:
                nombres[getattr(groupe, quoi)] += groupe.nombre
        return nombres


def activite_de(mandataire: Mandataire, lieu: int | None = None) -> Activite:
    """One query. Gives the mandataire the two numbers `disponibilite_de` reads, so that it needs none.

    `lieu`: the antenne to which the reader is limited, if any; the availability stays that of the whole.
    """
    tous = groupes(mandataire)
    prises: Counter[str] = Counter()
    for groupe in tous:
        prises[groupe.statut] += groupe.nombre - groupe.renouvellements
    mandataire.nb_en_cours, mandataire.nb_en_attente = prises[Statut.EN_COURS], prises[Statut.EN_ATTENTE]
    renouvellements = sum(g.renouvellements for g in tous if g.statut == Statut.EN_ATTENTE)
    return Activite([g for g in tous if lieu is None or g.lieu == lieu], tous, renouvellements)


def _du_plus_grand(nombres: Counter) -> list[tuple]:
    return sorted(nombres.items(), key=lambda ligne: (-ligne[1], ligne[0]))


def _parts(lignes: list[tuple[str, str, int]]) -> list[Part]:
    total, plus = sum(n for *_, n in lignes) or 1, max((n for *_, n in lignes), default=1)
    return [Part(nom, cle, n, f"{100 * n / plus:.1f}", round(100 * n / total)) for nom, cle, n in lignes]


# --- Twelve months ------------------------------------------------------------------------------------


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


def _mois_finissant(jour: date, combien: int) -> list[date]:
    """First days of the `combien` months that end with the one of `jour`, and the first day after them."""
    premiers = [jour.replace(day=1)]
    while len(premiers) < combien:
        premiers.insert(0, (premiers[0] - timedelta(days=1)).replace(day=1))
    return [*premiers, (premiers[-1] + timedelta(days=32)).replace(day=1)]


def _rang(champ: str, bornes: list[date]) -> Case:
    """SQL: the month of a date, -1 before the first one, 12 after the last; NULL (never ended) is after."""
    lignes = [When(**{f"{champ}__lt": borne}, then=Value(rang - 1)) for rang, borne in enumerate(bornes)]
    return Case(*lignes, default=Value(len(bornes) - 1), output_field=IntegerField())


def douze_mois(mesures: QuerySet, jour: date | None = None) -> tuple[list[Mois], bool]:
    """En cours at the end of each month, begun and ended in it, from the dates of judgment and of end.

    Months before the first mesure are left out; True when all twelve are there. One query.
    """
    bornes = _mois_finissant(jour or timezone.localdate(), 12)
    lignes = list(
        mesures.filter(statut__in=COMMENCEES)
        .order_by()
        .annotate(debut=_rang("date_jugement", bornes), fin=_rang("date_fin", bornes))
        .values_list("debut", "fin")
        .annotate(n=Count("*"), premiere=Min("date_jugement"))
    )
    if not lignes:
        return [], False
    premiere = min(ligne[3] for ligne in lignes).replace(day=1)
    rangs = [rang for rang in range(12) if bornes[rang] >= premiere]
    suivies = {rang: _compter(lignes, lambda d, f, r=rang: d <= r < f) for rang in rangs}
    plus = max(suivies.values(), default=0) or 1
    mois = [
        Mois(
            long=f"{MOIS[bornes[rang].month - 1]} {bornes[rang].year}",
            court=ABREGES[bornes[rang].month - 1],
            initiale=MOIS[bornes[rang].month - 1][0].upper(),
            en_cours=suivies[rang],
            commencees=_compter(lignes, lambda d, f, r=rang: d == r),
            terminees=_compter(lignes, lambda d, f, r=rang: f == r),
            hauteur=round(74 * suivies[rang] / plus),
        )
        for rang in rangs
    ]
    return mois, len(mois) == 12


def _compter(lignes: Iterable[tuple], retenu) -> int:
    return sum(n for debut, fin, n, _ in lignes if retenu(debut, fin))
