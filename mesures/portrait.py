"""What a court or an agent reads on the fiche of a mandataire: its places, and the shares of its mesures.

Small counts could point at an adult: below SEUIL they are gathered or left out (domain.md §7).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from emjpm.geographie.cartes import CarteLocale, Repere, carte_locale
from emjpm.geographie.distance import entre
from emjpm.geographie.models import Commune
from mandataires.models import Lieu, Mandataire
from tribunaux.models import Tribunal

from .enums import Nature, Statut
from .models import Mesure
from .origine import Origine

SEUIL = 5
COMMUNES_MONTREES = 6


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
    """A row of a table of shares: `largeur` is that of its bar, `part` in whole percents, `nombre` None if masked."""

    nom: str
    nombre: int | None
    part: int | None
    largeur: float


@dataclass(frozen=True)
class Communes:
    """Where people live: communes of SEUIL people or more, and how many live elsewhere."""

    montrees: list[tuple[Commune, int]]
    autres: int
    toutes: bool
    """Every commune of SEUIL people or more is in the list."""

    @property
    def autres_lisible(self) -> int | None:
        """None when the number is small itself."""
        return self.autres if self.autres >= SEUIL else None


def lieux_de(mandataire: Mandataire) -> list[Lieu]:
    """Its places, the main one first (prefetched or not)."""
    lieux = list(mandataire.lieux.select_related("commune"))
    for lieu in lieux:
        lieu.mandataire = mandataire
    return lieux


def antennes(mandataire: Mandataire, origine: Origine | None, lieux: list[Lieu] | None = None) -> list[Antenne]:
    """The places, the nearest of the origin first (unknown positions last), with their own living mesures."""
    lieux = lieux_de(mandataire) if lieux is None else lieux
    comptes: dict[int, dict[str, int]] = {}
    lignes = (
        mandataire.mesures.comptees()
        .exclude(lieu=None)
        .order_by()
        .values_list("lieu", "statut")
        .annotate(n=Count("pk"))
    )
    for lieu, statut, n in lignes:
        comptes.setdefault(lieu, {})[statut] = n
    rangees = []
    for lieu in lieux:
        siens = comptes.get(lieu.pk, {})
        rangees.append(
            Antenne(lieu, distance_de(lieu, origine), siens.get(Statut.EN_COURS, 0), siens.get(Statut.EN_ATTENTE, 0))
        )
    return sorted(rangees, key=lambda a: (a.distance is None, a.distance or 0))


def distance_de(lieu: Lieu, origine: Origine | None) -> float | None:
    if origine is None or lieu.latitude is None:
        return None
    return entre(origine.latitude, origine.longitude, lieu.latitude, lieu.longitude)


def parts_par_nature(mandataire: Mandataire) -> list[Part]:
    lignes = mandataire.mesures.en_cours().order_by().values_list("nature").annotate(n=Count("pk"))
    return _parts([(Nature(nature).label, n) for nature, n in lignes], "Autres natures")


def parts_par_tribunal(mandataire: Mandataire) -> list[Part]:
    lignes = dict(mandataire.mesures.en_cours().order_by().values_list("tribunal").annotate(n=Count("pk")))
    tribunaux = Tribunal.objects.in_bulk(lignes)
    return _parts([(tribunaux[pk].nom_court, n) for pk, n in lignes.items()], "Autres tribunaux")


def _parts(lignes: Iterable[tuple[str, int]], autres: str) -> list[Part]:
    """The largest first; those under SEUIL gathered in one row, its count masked when it is small itself."""
    lignes = sorted(lignes, key=lambda ligne: (-ligne[1], ligne[0]))
    total = sum(n for _, n in lignes)
    if total < SEUIL:
        return []
    montrees = [(nom, n) for nom, n in lignes if n >= SEUIL]
    reste = total - sum(n for _, n in montrees)
    if reste:
        montrees.append((autres, reste))
    maximum = max(n for _, n in montrees)
    return [
        Part(nom, n, round(100 * n / total), round(100 * n / maximum, 1)) if n >= SEUIL else Part(nom, None, None, 0)
        for nom, n in montrees
    ]


def communes_de_vie(mandataire: Mandataire) -> Communes:
    """Of the mesures en cours whose commune is known; every commune of less than SEUIL people stays hidden."""
    lignes = (
        Mesure.objects.en_cours()
        .filter(mandataire=mandataire, commune__isnull=False)
        .order_by()
        .values_list("commune")
        .annotate(n=Count("pk"))
    )
    comptes = dict(lignes)
    grandes = sorted((c for c in comptes if comptes[c] >= SEUIL), key=lambda c: (-comptes[c], c))
    retenues = grandes[:COMMUNES_MONTREES]
    communes = Commune.objects.in_bulk(retenues)
    return Communes(
        montrees=[(communes[c], comptes[c]) for c in retenues],
        autres=sum(comptes.values()) - sum(comptes[c] for c in retenues),
        toutes=len(grandes) == len(retenues),
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
    if not communes.montrees:
        return None
    largeur, hauteur = 470, 380
    portee = max(entre(origine.latitude, origine.longitude, c.latitude, c.longitude) for c, _ in communes.montrees)
    carte = carte_locale(
        [Repere(c.latitude, c.longitude, numero=rang) for rang, (c, _) in enumerate(communes.montrees)],
        (origine.latitude, origine.longitude),
        max(15.0, min(1.15 * portee, 150.0)),
        largeur,
        hauteur,
        cercles_km=(),
        departement=origine.departement,
        villes=0,
    )
    bulles = _bulles(carte, communes)
    carte.places = []  # bubbles stay at their true point: nothing to push apart
    return carte, bulles


def _bulles(carte: CarteLocale, communes: Communes) -> list[Bulle]:
    """One per commune in the frame, named where the name covers no other; a name without room is left out."""
    maximum = communes.montrees[0][1]
    bulles: list[Bulle] = []
    occupe: list[tuple[float, float, float, float]] = []
    for place in carte.places:
        commune, nombre = communes.montrees[place.repere.numero]
        x, y, rayon = place.x_vrai, place.y_vrai, round(5 + 18 * (nombre / maximum) ** 0.5, 1)
        long = 7 * (len(commune.nom) + len(str(nombre)) + 1)
        essais = [(x + rayon + 4, "start", dy) for dy in (4, -8, 16, -20, 28)]
        essais += [(x - rayon - 4, "end", dy) for dy in (4, -8, 16, -20, 28)]
        nom = commune.nom
        for x_nom, ancre, dy in essais:
            gauche = x_nom if ancre == "start" else x_nom - long
            boite = (gauche, y + dy - 11, gauche + long, y + dy + 3)
            dedans = boite[0] >= 2 and boite[2] <= carte.largeur - 2 and boite[1] >= 2 and boite[3] <= carte.hauteur - 2
            if dedans and not any(_couvre(boite, autre) for autre in occupe):
                occupe.append(boite)
                break
        else:
            nom, x_nom, ancre, dy = "", x, "start", 0
        bulles.append(Bulle(nom, nombre, x, y, rayon, round(x_nom, 1), round(y + dy, 1), ancre))
    return bulles


def _couvre(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
