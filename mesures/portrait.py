"""What a court or an agent reads on the fiche of a mandataire: its places, and the shares of its mesures.

How many mesures somebody follows (in all, by antenne, for the reader's own court) is the availability itself and is
shown as it is. What is said of the adults, nature, court of origin, commune, is shown by SEUIL or more only
(domain.md §7), and so that no subtraction between figures of the page gives less: the total is printed, so the rest of
a list is a shown figure too. Where the rest would be small, the smallest row shown joins it. A court reads its own
mesures one by one: taking them off is a subtraction too, so what the other courts have in a row obeys the same rule.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Q

from emjpm.geographie.cartes import CarteLocale, Repere, carte_locale
from emjpm.geographie.distance import entre
from emjpm.geographie.models import Commune
from mandataires.models import Lieu, Mandataire
from tribunaux.models import Tribunal

from .enums import Nature, Statut
from .origine import Origine

SEUIL = 5
COMMUNES_MONTREES = 6


class Compte(NamedTuple):
    """How many living mesures share these values; `renouvellements` of them take no place (`comptees`)."""

    lieu: int | None
    statut: str
    tribunal: int
    nature: str
    tribunal_type: str
    tribunal_ville: str
    nombre: int
    renouvellements: int

    @property
    def nom_du_tribunal(self) -> str:
        return Tribunal(type=self.tribunal_type, ville=self.tribunal_ville).nom_court

    @property
    def comptees(self) -> int:
        return self.nombre - self.renouvellements


def comptes_de(mandataire: Mandataire) -> list[Compte]:
    """The living mesures, counted once: every figure of the fiche is a sum of these rows. One query."""
    champs = ("lieu", "statut", "tribunal", "nature", "tribunal__type", "tribunal__ville")
    lignes = mandataire.mesures.vivantes().order_by().values_list(*champs)
    return [Compte(*ligne) for ligne in lignes.annotate(nombre=Count("*"), renouvellements=Count("renouvelle"))]


def charger(mandataire: Mandataire, comptes: Iterable[Compte]) -> None:
    """Give the mandataire the two numbers `disponibilite_de` reads, without a query more."""
    charge: Counter[str] = Counter()
    for compte in comptes:
        charge[compte.statut] += compte.comptees
    mandataire.nb_en_cours, mandataire.nb_en_attente = charge[Statut.EN_COURS], charge[Statut.EN_ATTENTE]


def avec_le_tribunal(comptes: Iterable[Compte], tribunal: Tribunal) -> dict[str, int]:
    """What the court finds in its own list of mesures: renewals included."""
    nombres: Counter[str] = Counter()
    for compte in comptes:
        if compte.tribunal == tribunal.pk:
            nombres[compte.statut] += compte.nombre
    return {"en_cours": nombres[Statut.EN_COURS], "en_attente": nombres[Statut.EN_ATTENTE]}


@dataclass(frozen=True)
class Antenne:
    """A place of practice with its own count. `places` is None when it shares the capacity of the service."""

    lieu: Lieu
    distance: float | None
    en_cours: int
    en_attente: int

    @property
    def places(self) -> int | None:
        return None if self.lieu.capacite is None else self.lieu.capacite - self.en_cours - self.en_attente

    @property
    def nom(self) -> str:
        nom = self.lieu.nom or (self.lieu.commune.nom if self.lieu.commune else str(self.lieu))
        return f"{nom}, siège" if self.lieu.principal and self.lieu.mandataire.est_service else nom


@dataclass(frozen=True)
class Part:
    """A row of a table of shares: `largeur` is that of its bar, `part` in whole percents."""

    nom: str
    nombre: int
    part: int
    largeur: float


@dataclass(frozen=True)
class Communes:
    """Where people live: communes of SEUIL people or more, and how many of the mesures en cours are elsewhere."""

    montrees: list[tuple[Commune, int]]
    autres: int
    """The mesures en cours less those shown: 0, or SEUIL and more when any commune is shown."""
    toutes: bool
    """Every commune of SEUIL people or more is in the list."""
    connues: bool
    """Everybody's commune is known."""
    jointe: Commune | None
    """The largest that had to join the others, so that they count SEUIL or more, where its name tells no more."""
    jointe_seule: bool = True
    """No other commune of SEUIL people or more had to."""

    @property
    def dessinees(self) -> list[tuple[str, Commune, int]]:
        """What the map shows: a name, where, how many."""
        lignes = [(commune.nom, commune, n) for commune, n in self.montrees]
        return [*lignes, (f"{self.jointe.nom} et autres", self.jointe, self.autres)] if self.jointe else lignes


def lieux_de(mandataire: Mandataire) -> list[Lieu]:
    """Its places, the main one first (prefetched or not)."""
    lieux = list(mandataire.lieux.select_related("commune"))
    for lieu in lieux:
        lieu.mandataire = mandataire
    return lieux


def antennes(
    mandataire: Mandataire,
    origine: Origine | None,
    lieux: list[Lieu] | None = None,
    comptes: list[Compte] | None = None,
) -> list[Antenne]:
    """The places, the nearest of the origin first (unknown positions last), with their own living mesures."""
    lieux = lieux_de(mandataire) if lieux is None else lieux
    nombres: Counter[tuple[int | None, str]] = Counter()
    for compte in comptes_de(mandataire) if comptes is None else comptes:
        nombres[compte.lieu, compte.statut] += compte.comptees
    rangees = [
        Antenne(
            lieu,
            distance_de(lieu, origine),
            nombres[lieu.pk, Statut.EN_COURS],
            nombres[lieu.pk, Statut.EN_ATTENTE],
        )
        for lieu in lieux
    ]
    return sorted(rangees, key=lambda a: (a.distance is None, a.distance or 0))


def distance_de(lieu: Lieu, origine: Origine | None) -> float | None:
    if origine is None or lieu.latitude is None:
        return None
    return entre(origine.latitude, origine.longitude, lieu.latitude, lieu.longitude)


def parts_par_nature(comptes: Iterable[Compte], lecteur: Tribunal | None = None) -> list[Part]:
    """`lecteur`: the court that reads, if one does."""
    nombres, siennes = _compter(comptes, lecteur, lambda compte: compte.nature)
    return _parts(nombres, dict(Nature.choices), "autres natures", siennes)


def parts_par_tribunal(comptes: Iterable[Compte], lecteur: Tribunal | None = None) -> list[Part]:
    comptes = list(comptes)
    nombres, siennes = _compter(comptes, lecteur, lambda compte: compte.tribunal)
    noms = {compte.tribunal: compte.nom_du_tribunal for compte in comptes}
    return _parts(nombres, noms, "autres tribunaux", siennes)


def _compter(comptes: Iterable[Compte], lecteur: Tribunal | None, cle: Callable) -> tuple[Counter, Counter]:
    """The mesures en cours by key, and those of them that the reader's own court has."""
    nombres: Counter = Counter()
    siennes: Counter = Counter()
    for compte in comptes:
        if compte.statut == Statut.EN_COURS:
            nombres[cle(compte)] += compte.nombre
            if lecteur and compte.tribunal == lecteur.pk:
                siennes[cle(compte)] += compte.nombre
    return nombres, siennes


def _petit(nombre: int) -> bool:
    return 0 < nombre < SEUIL


def retenir(
    nombres: dict, total: int, maximum: int | None = None, siennes: Mapping | None = None, en_tout: int | None = None
) -> list[tuple]:
    """The rows that may be shown beside a printed total, the largest first: each counts SEUIL or more, and so do those
    that are left (the total less the rows shown), or nobody is left. The same once taken off what the reader's own
    court has: `siennes` in each row, `en_tout` in the total (their sum, if every one of its mesures is in a row).
    """
    siennes = siennes or {}
    en_tout = sum(siennes.values()) if en_tout is None else en_tout
    montrables = ((cle, n) for cle, n in nombres.items() if n >= SEUIL and not _petit(n - siennes.get(cle, 0)))
    montrees = sorted(montrables, key=lambda ligne: (-ligne[1], ligne[0]))[:maximum]
    while montrees:
        reste = total - sum(n for _, n in montrees)
        les_siennes = en_tout - sum(siennes.get(cle, 0) for cle, _ in montrees)
        if not _petit(reste) and not _petit(reste - les_siennes):
            break
        montrees.pop()
    return montrees


def _cachees(nombres: dict, montrees: list[tuple]) -> list:
    """The rows of SEUIL or more that had to join the others, the largest first."""
    cles = dict(montrees)
    grandes = (cle for cle, n in nombres.items() if n >= SEUIL and cle not in cles)
    return sorted(grandes, key=lambda cle: (-nombres[cle], cle))


def _nommable(cachees: list, montrees: list[tuple], reste: int, siennes: Mapping | None, en_tout: int) -> Any | None:
    """The largest row that had to join the others, if its name may be said beside `reste`, what they count together.

    A name says SEUIL or more, and why it is hidden: whoever knows the rules counts backwards. « B 5, C et autres 6 »
    would be 5 and 1. It is said only where two numbers at least would be hidden the same way.
    """
    if not cachees:
        return None
    siennes = siennes or {}
    les_siennes = en_tout - sum(siennes.get(cle, 0) for cle, _ in montrees)
    sienne, derniere = siennes.get(cachees[0], 0), max((-n, cle) for cle, n in montrees) if montrees else None

    def possible(n: int) -> bool:
        ailleurs = reste - n - (les_siennes - sienne)  # what other courts have in the rest
        if n < sienne or ailleurs < 0:
            return False
        apres = derniere is None or (-n, cachees[0]) > derniere  # rows leave from the smallest shown
        return _petit(n - sienne) or (apres and (_petit(reste - n) or _petit(ailleurs)))

    return cachees[0] if sum(possible(n) for n in range(SEUIL, reste + 1)) >= 2 else None


def _parts(nombres: dict, noms: dict, autres: str, siennes: Mapping | None = None) -> list[Part]:
    """The largest first, then all the others in one row. That row names the largest that had to join it where that
    tells no small count: « Tutelle et autres natures » hides the two curatelles, not that most are tutelles. Nothing
    when no row may be named.
    """
    total = sum(nombres.values())
    montrees = retenir(nombres, total, siennes=siennes)
    lignes = [(noms[cle], n) for cle, n in montrees]
    reste = total - sum(n for _, n in lignes)
    jointe = _nommable(_cachees(nombres, montrees), montrees, reste, siennes, sum((siennes or {}).values()))
    if not montrees and jointe is None:
        return []
    if reste:
        lignes.append((autres.capitalize() if jointe is None else f"{noms[jointe]} et {autres}", reste))
    maximum = max(n for _, n in lignes)
    return [Part(nom, n, round(100 * n / total), round(100 * n / maximum, 1)) for nom, n in lignes]


def communes_de_vie(mandataire: Mandataire, comptes: Iterable[Compte], lecteur: Tribunal | None = None) -> Communes:
    """Of the mesures en cours. Those without a commune (none, abroad, unknown) are counted with the communes that stay
    hidden: how many have none is not told either. One query.
    """
    en_cours, les_siennes = _compter(comptes, lecteur, lambda compte: None)
    total = en_cours[None]
    champs = ("commune", "commune__nom", "commune__latitude", "commune__longitude", "commune__departement")
    lignes = mandataire.mesures.en_cours().filter(commune__isnull=False).order_by().values_list(*champs)
    communes, nombres, siennes = {}, {}, {}
    du_lecteur = Count("pk", filter=Q(tribunal=lecteur.pk if lecteur else None))
    for insee, nom, latitude, longitude, departement, n, dont in lignes.annotate(n=Count("*"), dont=du_lecteur):
        nombres[insee], siennes[insee] = n, dont
        communes[insee] = Commune(
            insee=insee, nom=nom, latitude=latitude, longitude=longitude, departement_id=departement
        )
    montrees = retenir(nombres, total, COMMUNES_MONTREES, siennes, les_siennes[None])
    cachees, autres = _cachees(nombres, montrees), total - sum(n for _, n in montrees)
    jointe = None
    if len(cachees) + len(montrees) <= COMMUNES_MONTREES:
        jointe = _nommable(cachees, montrees, autres, siennes, les_siennes[None])
    return Communes(
        montrees=[(communes[insee], n) for insee, n in montrees],
        autres=autres,
        toutes=not cachees,
        connues=total == sum(nombres.values()),
        jointe=None if jointe is None else communes[jointe],
        jointe_seule=len(cachees) == 1,
    )


@dataclass(frozen=True)
class Bulle:
    """A circle whose area tells a number, and where its name is written."""

    nom: str
    nombre: int
    x: float
    y: float
    rayon: float
    x_nom: float
    y_nom: float
    ancre: str


def carte_des_communes(communes: Communes, origine: Origine) -> tuple[CarteLocale, list[Bulle]] | None:
    """The ground, and a bubble a commune; None when no commune may be shown. No query."""
    dessinees = communes.dessinees
    if not dessinees:
        return None
    largeur, hauteur = 470, 380
    portee = max(entre(origine.latitude, origine.longitude, c.latitude, c.longitude) for _, c, _ in dessinees)
    carte = carte_locale(
        [Repere(c.latitude, c.longitude, numero=rang) for rang, (_, c, _) in enumerate(dessinees)],
        (origine.latitude, origine.longitude),
        max(15.0, min(1.15 * portee, 150.0)),
        largeur,
        hauteur,
        cercles_km=(),
        departement=origine.departement,
        villes=0,
    )
    bulles = _bulles(carte, dessinees)
    carte.places = []  # bubbles stay at their true point: nothing to push apart
    return carte, bulles


def _bulles(carte: CarteLocale, dessinees: list[tuple[str, Commune, int]]) -> list[Bulle]:
    """One per commune in the frame, named where the name covers neither a name nor another circle, else no name: the
    sentence under the map says them all.
    """
    maximum = max(n for _, _, n in dessinees)
    cercles = []
    for place in carte.places:
        nom, _, nombre = dessinees[place.repere.numero]
        cercles.append((nom, nombre, place.x_vrai, place.y_vrai, round(5 + 18 * (nombre / maximum) ** 0.5, 1)))
    bulles: list[Bulle] = []
    occupe: list[tuple[float, float, float, float]] = []
    for rang, (nom, nombre, x, y, rayon) in enumerate(cercles):
        long = 7 * (len(nom) + len(str(nombre)) + 1)
        essais = [(x + rayon + 4, "start", dy) for dy in (4, -8, 16, -20, 28)]
        essais += [(x - rayon - 4, "end", dy) for dy in (4, -8, 16, -20, 28)]
        autres = [(u - r, v - r, u + r, v + r) for i, (_, _, u, v, r) in enumerate(cercles) if i != rang]
        for x_nom, ancre, dy in essais:
            gauche = x_nom if ancre == "start" else x_nom - long
            boite = (gauche, y + dy - 11, gauche + long, y + dy + 3)
            dedans = boite[0] >= 2 and boite[2] <= carte.largeur - 2 and boite[1] >= 2 and boite[3] <= carte.hauteur - 2
            if dedans and not any(_couvre(boite, autre) for autre in [*occupe, *autres]):
                occupe.append(boite)
                break
        else:
            nom, x_nom, ancre, dy = "", x, "start", 0
        bulles.append(Bulle(nom, nombre, x, y, rayon, round(x_nom, 1), round(y + dy, 1), ancre))
    return bulles


def _couvre(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
