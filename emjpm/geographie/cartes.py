"""Local maps drawn by the server: départements around a place, circles, numbered pins that never cover each other.

Everything is in units of the SVG's viewBox. No script, no tile, no network: templates/composants/carte_locale.html
draws `CarteLocale`.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from .distance import dans_la_boite, entre
from .models import Commune
from .projection import en_metres

FICHIER_CONTOURS = Path(__file__).parent / "donnees" / "contours.json"
LAMBERT = "lambert93"
METROPOLE = (41.0, 51.6, -5.6, 10.1)  # latitude min, max, longitude min, max
DEBORD = 6.0
"""How far outlines are drawn outside the frame: the cut itself is never seen."""
ECART_REPERES = 29.0
RAYON_REPERE = 13.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Repere:
    """A pin to draw. `libre`: has room; `libelle`: what a screen reader says; `numero` ties it to its row."""

    latitude: float
    longitude: float
    numero: int | None = None
    libelle: str = ""
    libre: bool = True
    approximatif: bool = False


@dataclass
class Place:
    """A pin on the map: (x, y) where it is drawn, (x_vrai, y_vrai) where it truly is."""

    repere: Repere
    x: float
    y: float
    x_vrai: float
    y_vrai: float

    @property
    def ecarte(self) -> bool:
        return math.hypot(self.x - self.x_vrai, self.y - self.y_vrai) > 1

    @property
    def y_texte(self) -> float:
        return round(self.y + 4, 1)


@dataclass(frozen=True)
class Terre:
    """A département's outline; `zone` when it is the one the map is about."""

    code: str
    chemin: str
    zone: bool = False


@dataclass(frozen=True)
class Cercle:
    rayon_km: int
    r: float
    x_nom: float
    y_nom: float


@dataclass(frozen=True)
class Ville:
    nom: str
    x: float
    y: float
    x_nom: float
    y_nom: float
    ancre: str
    forte: bool = False


@dataclass
class CarteLocale:
    """What composants/carte_locale.html draws. `hors_cadre`: numbers of the pins that the frame leaves out."""

    largeur: int
    hauteur: int
    terres: list[Terre] = field(default_factory=list)
    cercles: list[Cercle] = field(default_factory=list)
    villes: list[Ville] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    origine: Point | None = None
    centre: Point | None = None
    """(latitude, longitude) of `origine`."""
    hors_cadre: list[int] = field(default_factory=list)

    @property
    def losange(self) -> str:
        """The path of the diamond at the origin."""
        if self.origine is None:
            return ""
        x, y = self.origine
        return f"M{x:g} {round(y - 9, 1):g}l9 9l-9 9l-9 -9Z"


@cache
def contours() -> dict[str, dict[str, Any]]:
    """Outlines of the départements (format in donnees/SOURCES.md)."""
    return json.loads(FICHIER_CONTOURS.read_text(encoding="utf-8"))


def plan_de(latitude: float, longitude: float, departement: str = "") -> str | dict[str, float]:
    """The projection in which the surroundings of a point are drawn (see projection.en_metres)."""
    connu = contours().get(departement)
    if connu:
        return connu["proj"]
    lat_min, lat_max, lon_min, lon_max = METROPOLE
    if lat_min <= latitude <= lat_max and lon_min <= longitude <= lon_max:
        return LAMBERT
    for contour in contours().values():
        if contour["proj"] != LAMBERT:
            x, y = en_metres(latitude, longitude, contour["proj"])
            x_min, y_min, x_max, y_max = contour["boite"]
            if x_min - 30_000 <= x <= x_max + 30_000 and y_min - 30_000 <= y <= y_max + 30_000:
                return contour["proj"]
    return {"lat0": latitude, "lon0": longitude}


class Cadre:
    """A window on the plane: metres in, units of the viewBox out. Two windows on the same thing are equal."""

    def __init__(self, proj: str | dict, centre: Point, echelle: float, largeur: int, hauteur: int):
        self.proj, self.echelle, self.largeur, self.hauteur = proj, echelle, largeur, hauteur
        self.x0, self.y0 = largeur / 2 - centre[0] * echelle, hauteur / 2 + centre[1] * echelle
        self._cle = (str(proj), self.x0, self.y0, echelle, largeur, hauteur)

    def __eq__(self, autre: object) -> bool:
        return isinstance(autre, Cadre) and self._cle == autre._cle

    def __hash__(self) -> int:
        return hash(self._cle)

    def metres(self, x: float, y: float) -> Point:
        return round(self.x0 + x * self.echelle, 1), round(self.y0 - y * self.echelle, 1)

    def placer(self, latitude: float, longitude: float) -> Point:
        return self.metres(*en_metres(latitude, longitude, self.proj))

    def contient(self, x: float, y: float, marge: float = 0.0) -> bool:
        return marge <= x <= self.largeur - marge and marge <= y <= self.hauteur - marge

    def terres(self, zone: str = "") -> list[Terre]:
        """The départements seen through the window, the `zone` last (its outline stays on top)."""
        return list(_terres(self, zone))

    def voit(self, contour: dict[str, Any]) -> bool:
        x_min, y_min, x_max, y_max = contour["boite"]
        (gauche, bas), (droite, haut) = self.metres(x_min, y_min), self.metres(x_max, y_max)
        return gauche <= self.largeur and droite >= 0 and haut <= self.hauteur and bas >= 0

    def anneau(self, plat: Sequence[int], boite: Sequence[int]) -> str:
        x_min, y_min = boite[0], boite[1]
        points = [self.metres(x_min + plat[i], y_min + plat[i + 1]) for i in range(0, len(plat), 2)]
        points = _couper(points, -DEBORD, -DEBORD, self.largeur + DEBORD, self.hauteur + DEBORD)
        allege: list[Point] = []
        for x, y in points:  # a unit is a pixel: nothing finer is seen
            if not allege or abs(x - allege[-1][0]) + abs(y - allege[-1][1]) >= 0.8:
                allege.append((x, y))
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in allege) + "Z" if len(allege) > 2 else ""


@lru_cache(maxsize=128)
def _terres(cadre: Cadre, zone: str) -> tuple[Terre, ...]:
    """Kept for the windows most looked through: cutting outlines takes longer than all the rest of a map."""
    vues = []
    for code, contour in contours().items():
        if contour["proj"] != cadre.proj:
            continue
        chemin = "".join(cadre.anneau(a, contour["boite"]) for a in contour["chemins"]) if cadre.voit(contour) else ""
        if chemin:
            vues.append(Terre(code, chemin, zone=code == zone))
    return tuple(sorted(vues, key=lambda terre: (terre.zone, terre.code)))


def _couper(points: list[Point], gauche: float, haut: float, droite: float, bas: float) -> list[Point]:
    """Cut a polygon to a rectangle (Sutherland-Hodgman), side after side."""
    for axe, limite, signe in ((0, gauche, 1), (0, droite, -1), (1, haut, 1), (1, bas, -1)):
        coupes: list[Point] = []
        for rang, point in enumerate(points):
            precedent = points[rang - 1]
            dedans, avant_dedans = signe * (point[axe] - limite) >= 0, signe * (precedent[axe] - limite) >= 0
            if dedans != avant_dedans:
                part = (limite - precedent[axe]) / (point[axe] - precedent[axe])
                coupes.append(
                    tuple(round(precedent[k] + part * (point[k] - precedent[k]), 1) for k in (0, 1))  # type: ignore[arg-type]
                )
            if dedans:
                coupes.append(point)
        points = coupes
        if not points:
            return []
    return points


def ecarter(places: list[Place], fixes: Iterable[Point] = (), ecart: float = ECART_REPERES) -> None:
    """Push apart, in place, the pins that cover each other or a fixed point. The same pins give the same drawing."""
    fixes = list(fixes)
    for tour in range(200):
        bouge = False
        for i, a in enumerate(places):
            for j in range(i + 1, len(places)):
                b = places[j]
                dx, dy = b.x - a.x, b.y - a.y
                distance = math.hypot(dx, dy)
                if distance >= ecart - 0.5:
                    continue
                if distance < 0.01:  # the same point: leave in directions that differ
                    angle = 2.4 * (i + j) + tour
                    dx, dy, distance = math.cos(angle), math.sin(angle), 1.0
                    manque = ecart / 2
                else:
                    manque = (ecart - distance) / 2
                a.x, a.y = a.x - dx / distance * manque, a.y - dy / distance * manque
                b.x, b.y = b.x + dx / distance * manque, b.y + dy / distance * manque
                bouge = True
            for x, y in fixes:
                dx, dy = a.x - x, a.y - y
                distance = math.hypot(dx, dy)
                if distance < ecart * 0.75:
                    angle = 2.4 * i
                    ux, uy = (dx / distance, dy / distance) if distance > 0.01 else (math.cos(angle), math.sin(angle))
                    a.x, a.y = x + ux * ecart * 0.76, y + uy * ecart * 0.76
                    bouge = True
        if not bouge:
            break
    for place in places:
        place.x, place.y = round(place.x, 1), round(place.y, 1)


def carte_locale(
    reperes: Iterable[Repere],
    centre: Point,
    rayon_km: float | None = None,
    largeur: int = 376,
    hauteur: int = 470,
    *,
    cercles_km: Sequence[int] = (10, 25),
    departement: str = "",
    villes: int = 9,
) -> CarteLocale:
    """The map around `centre` (latitude, longitude) that shows `rayon_km` in every direction.

    Without `rayon_km`, as far as the farthest pin, from 12 to 150 km. Pins outside the frame are left out and
    told in `hors_cadre`. One query, for the names of the towns (`villes=0`: none).
    """
    reperes = list(reperes)
    if rayon_km is None:
        distances = [entre(*centre, r.latitude, r.longitude) for r in reperes]
        rayon_km = min(150.0, max([12.0, *(1.05 * d for d in distances)]))
    proj = plan_de(*centre, departement)
    marge = RAYON_REPERE + 5
    echelle = (min(largeur, hauteur) / 2 - marge) / (rayon_km * 1000)
    cadre = Cadre(proj, en_metres(*centre, proj), echelle, largeur, hauteur)
    carte = CarteLocale(largeur, hauteur, terres=cadre.terres(), origine=cadre.placer(*centre), centre=centre)
    for repere in reperes:
        x, y = cadre.placer(repere.latitude, repere.longitude)
        if cadre.contient(x, y, marge=RAYON_REPERE):
            carte.places.append(Place(repere, x, y, x, y))
        elif repere.numero is not None:
            carte.hors_cadre.append(repere.numero)
    ecarter(carte.places, [carte.origine])
    for place in carte.places:  # pushed, never out of the frame
        place.x = min(max(place.x, RAYON_REPERE), largeur - RAYON_REPERE)
        place.y = min(max(place.y, RAYON_REPERE), hauteur - RAYON_REPERE)
    carte.cercles = [_cercle(cadre, carte.origine, km) for km in cercles_km if km <= rayon_km * 1.4]
    if villes:
        occupe = [(p.x - 15, p.y - 15, p.x + 15, p.y + 15) for p in carte.places]
        occupe.append((carte.origine[0] - 11, carte.origine[1] - 11, carte.origine[0] + 11, carte.origine[1] + 11))
        occupe += [(c.x_nom - 20, c.y_nom - 12, c.x_nom + 20, c.y_nom + 4) for c in carte.cercles]
        candidates = _grandes_villes(centre, rayon_km * 1.3 * max(largeur, hauteur) / min(largeur, hauteur))
        carte.villes = _nommer(cadre, candidates, occupe, villes)
    return carte


def carte_departement(
    code: str, latitude: float, longitude: float, nom: str = "", largeur: int = 360, hauteur: int = 240
) -> CarteLocale | None:
    """The map of one département and one point in it, named; None where no outline is known (outre-mer's COM)."""
    contour = contours().get(code)
    if contour is None:
        return None
    x_min, y_min, x_max, y_max = contour["boite"]
    echelle = min((largeur - 16) / (x_max - x_min), (hauteur - 16) / (y_max - y_min))
    cadre = Cadre(contour["proj"], ((x_min + x_max) / 2, (y_min + y_max) / 2), echelle, largeur, hauteur)
    x, y = cadre.placer(latitude, longitude)
    carte = CarteLocale(largeur, hauteur, terres=cadre.terres(zone=code))
    carte.places = [Place(Repere(latitude, longitude, libelle=nom), x, y, x, y)]
    occupe = [(x - 9, y - 9, x + 12 + 7 * len(nom), y + 9)]
    rayon = max(x_max - x_min, y_max - y_min) / 2000
    candidates = [v for v in _grandes_villes((latitude, longitude), 2 * rayon) if v.nom != nom]
    carte.villes = _nommer(cadre, candidates, occupe, 5)
    if cadre.contient(x, y):
        carte.villes.append(Ville(nom, x, y, round(x + 12, 1), round(y + 4, 1), "start", forte=True))
    return carte


def _cercle(cadre: Cadre, origine: Point, km: int) -> Cercle:
    r = round(km * 1000 * cadre.echelle, 1)
    x, y = origine[0] + 0.72 * r + 14, origine[1] + 0.72 * r + 8
    return Cercle(km, r, round(min(x, cadre.largeur - 22), 1), round(min(y, cadre.hauteur - 8), 1))


@lru_cache(maxsize=256)
def _grandes_villes(centre: Point, rayon_km: float) -> tuple[Commune, ...]:
    """Reference data, kept as long as the process: it changes with a deployment only (`charger_referentiel`)."""
    return tuple(
        Commune.objects.filter(dans_la_boite(*centre, rayon_km), est_arrondissement=False)
        .order_by("-population", "insee")
        .only("nom", "latitude", "longitude", "population")[:40]
    )


def _nommer(cadre: Cadre, communes: Sequence[Commune], occupe: list[tuple], nombre: int) -> list[Ville]:
    """Write the names that fit, the largest towns first: at the right, the left, above or below their point."""
    villes: list[Ville] = []
    occupe, noms = list(occupe), []
    for commune in communes:
        if len(villes) == nombre:
            break
        x, y = cadre.placer(commune.latitude, commune.longitude)
        point = (x - 3, y - 3, x + 3, y + 3)
        if not cadre.contient(x, y, marge=6) or any(_se_touchent(point, nom) for nom in noms):
            continue
        long = 6.6 * len(commune.nom)
        essais = [
            (x + 8, y + 4, "start", x + 8),
            (x - 8, y + 4, "end", x - 8 - long),
            (x + 18, y + 4, "start", x + 18),
            (x - 18, y + 4, "end", x - 18 - long),
            (x, y - 8, "middle", x - long / 2),
            (x, y + 16, "middle", x - long / 2),
        ]
        for x_nom, y_nom, ancre, gauche in essais:
            boite = (gauche, y_nom - 11, gauche + long, y_nom + 3)
            dans_le_cadre = (
                boite[0] >= 2 and boite[2] <= cadre.largeur - 2 and boite[1] >= 2 and boite[3] <= cadre.hauteur
            )
            if dans_le_cadre and not any(_se_touchent(boite, autre) for autre in occupe):
                villes.append(Ville(commune.nom, x, y, round(x_nom, 1), round(y_nom, 1), ancre))
                occupe += [boite, point]
                noms.append(boite)
                break
    return villes


def _se_touchent(a: tuple, b: tuple) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def oublier() -> None:
    """Forget what was kept of the reference data: for tests, and measures, whose bases change under one process."""
    _terres.cache_clear()
    _grandes_villes.cache_clear()
