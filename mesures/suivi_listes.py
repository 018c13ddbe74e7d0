"""The lists of « Mesures du tribunal »: tabs, filters, orders, and what they hold at a glance."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from emjpm.commun.templatetags.emjpm import date_longue
from mandataires.models import Mandataire
from tribunaux.models import Tribunal

from .enums import Nature, Statut
from .models import Mesure
from .numero_rg import compacte, forme_normale
from .suivi import RELATIONS, du_tribunal


@dataclass(frozen=True)
class Onglet:
    """A tab: its key in the address, its words, its states, the columns it can be sorted by, what its dates are."""

    cle: str
    nom: str
    statuts: tuple[Statut, ...]
    colonnes: tuple[tuple[str, str], ...]
    tri: str
    periode: tuple[str, str]
    """(label before the first date, field it speaks of)."""
    vide: str


_COMMUNES = (("rg", "N° RG"), ("nature", "Mesure"), ("mandataire", "Mandataire"))

ONGLETS = {
    onglet.cle: onglet
    for onglet in (
        Onglet(
            "en_attente",
            "En attente",
            (Statut.EN_ATTENTE,),
            (*_COMMUNES, ("reservee", "Réservée"), ("prevu", "Jugement prévu")),
            "reservee",
            ("Réservées du", "reserve_le"),
            "Aucune mesure en attente.",
        ),
        Onglet(
            "en_cours",
            "En cours",
            (Statut.EN_COURS,),
            (*_COMMUNES, ("reservee", "Réservée"), ("jugement", "Jugement")),
            "-jugement",
            ("Jugées du", "date_jugement"),
            "Aucune mesure en cours.",
        ),
        Onglet(
            "eteintes",
            "Éteintes",
            (Statut.ETEINTE,),
            (*_COMMUNES, ("jugement", "Jugement"), ("fin", "Fin")),
            "-fin",
            ("Terminées du", "date_fin"),
            "Aucune mesure éteinte.",
        ),
        Onglet(
            "closes",
            "Déclinées ou annulées",
            (Statut.DECLINEE, Statut.ANNULEE),
            (*_COMMUNES, ("reservee", "Réservée"), ("close", "Close")),
            "-close",
            ("Closes du", "clos_le"),
            "Aucune réservation déclinée ou annulée.",
        ),
        Onglet(
            "renouvelees",
            "Renouvellements validés",
            (Statut.RENOUVELEE,),
            (*_COMMUNES, ("reservee", "Réservée"), ("validee", "Validé")),
            "-validee",
            ("Validés du", "valide_le"),
            "Aucun renouvellement validé.",
        ),
    )
}
_CHAMPS_DE_TRI = {
    "rg": "rg_normal",
    "nature": "nature",
    "mandataire": "mandataire__nom_normalise",
    "reservee": "reserve_le",
    "prevu": "date_previsionnelle",
    "jugement": "date_jugement",
    "fin": "date_fin",
    "close": "clos_le",
    "validee": "valide_le",
}


@dataclass(frozen=True)
class Registre:
    """What the court has, whatever the filters: how many by tab, and what the filters can offer."""

    comptes: dict[str, int]
    cabinets: list[str]
    mandataires: list[tuple[int, str]]

    @property
    def onglets(self) -> list[tuple[Onglet, int]]:
        """The tabs to show: the renewals only when there are some."""
        return [(o, self.comptes[cle]) for cle, o in ONGLETS.items() if self.comptes[cle] or cle != "renouvelees"]


def registre(tribunal: Tribunal) -> Registre:
    """Two queries: one count by state, mandataire and cabinet (read from the index alone), then the names."""
    groupes = du_tribunal(tribunal).order_by().values_list("statut", "mandataire", "cabinet").annotate(n=Count("*"))
    par_statut: Counter[str] = Counter()
    qui, cabinets = set(), set()
    for statut, mandataire, cabinet, n in groupes:
        par_statut[statut] += n
        qui.add(mandataire)
        cabinets.add(cabinet)
    # Sorted here: PostgreSQL may sort as a dictionary does, without the spaces.
    noms = sorted(Mandataire.objects.filter(pk__in=qui).order_by().values_list("nom_normalise", "pk", "nom"))
    return Registre(
        {cle: sum(par_statut[s] for s in onglet.statuts) for cle, onglet in ONGLETS.items()},
        sorted(c for c in cabinets if c),
        [(pk, nom) for _, pk, nom in noms],
    )


@dataclass(frozen=True)
class Colonne:
    """A sortable column: `tri` is what its link asks, `sens` how it is sorted now (aria-sort), if it is."""

    nom: str
    tri: str
    sens: str = ""


def _tri(onglet: Onglet, demande: str) -> str:
    connus = {cle for cle, _ in onglet.colonnes}
    return demande if demande.removeprefix("-") in connus else onglet.tri


def colonnes(onglet: Onglet, demande: str) -> list[Colonne]:
    """The columns of a tab, as they are sorted."""
    tri = _tri(onglet, demande)
    rangees = []
    for cle, nom in onglet.colonnes:
        if tri == cle:
            rangees.append(Colonne(nom, f"-{cle}", "ascending"))
        else:
            rangees.append(Colonne(nom, cle, "descending" if tri == f"-{cle}" else ""))
    return rangees


def liste(tribunal: Tribunal, onglet: Onglet, filtres: dict, tri: str = "") -> QuerySet[Mesure]:
    """The rows of a tab. `tri`: « reservee », « -jugement »…; unknown, it is the tab's own."""
    mesures = du_tribunal(tribunal).filter(statut__in=onglet.statuts).select_related(*RELATIONS)
    if filtres.get("rg"):
        mesures = mesures.filter(numero_contient(filtres["rg"]))
    for champ in ("nature", "cabinet", "mandataire"):
        if filtres.get(champ):
            mesures = mesures.filter(**{champ: filtres[champ]})
    mesures = _entre(mesures, onglet.periode[1], filtres.get("du"), filtres.get("au"))
    tri = _tri(onglet, tri)
    champ = F(_CHAMPS_DE_TRI[tri.removeprefix("-")])
    ordre = champ.desc(nulls_last=True) if tri.startswith("-") else champ.asc(nulls_last=True)
    return mesures.order_by(ordre, "pk")


def numero_contient(saisi: str) -> Q:
    """Numbers that hold what is typed: as it was written, or in its normal form, whole or in part.

    « RG 26/B/007 », « 26b007 » and « 00702 » all find 26B00702.
    """
    formes = {f for f in (forme_normale(saisi), compacte(saisi)) if f}
    trouve = Q(numero_rg__icontains=saisi.strip())
    for forme in formes:
        trouve |= Q(rg_normal__contains=forme)
    return trouve


def _entre(mesures: QuerySet, champ: str, du: date | None, au: date | None) -> QuerySet:
    """Both days included; for an instant, civil days of France."""
    instant = champ.endswith("_le")
    if du:
        mesures = mesures.filter(**{f"{champ}__gte": _minuit(du) if instant else du})
    if au:
        lendemain = au + timedelta(days=1)
        mesures = mesures.filter(**{f"{champ}__lt": _minuit(lendemain) if instant else lendemain})
    return mesures


def _minuit(jour: date) -> datetime:
    return timezone.make_aware(datetime.combine(jour, time.min))


def en_mots(onglet: Onglet, filtres: dict, reg: Registre) -> str:
    """The filters in a sentence, so that a printed page stands alone: « Tutelle, cabinet 2, réservées du … au … »."""
    mots = []
    if filtres.get("rg"):
        mots.append(f"RG contenant « {filtres['rg']} »")
    if filtres.get("nature"):
        nature = str(Nature(filtres["nature"]).label)
        mots.append(nature[:1].lower() + nature[1:])
    if filtres.get("cabinet"):
        mots.append(f"cabinet {filtres['cabinet']}")
    if filtres.get("mandataire"):
        mots.append(dict(reg.mandataires)[int(filtres["mandataire"])])
    verbe = onglet.periode[0].removesuffix(" du").lower()
    du, au = filtres.get("du"), filtres.get("au")
    if du and au:
        mots.append(f"{verbe} du {date_longue(du)} au {date_longue(au)}")
    elif du:
        mots.append(f"{verbe} depuis le {date_longue(du)}")
    elif au:
        mots.append(f"{verbe} jusqu’au {date_longue(au)}")
    return ", ".join(mots)
