"""Where the people of a list live: a bubble a commune, drawn by the server, and its table with the true counts."""

from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from emjpm.geographie.cartes import Cadre, CarteLocale, plan_de
from emjpm.geographie.distance import entre
from emjpm.geographie.projection import en_metres

from .portrait import Bulle

LARGEUR, HAUTEUR = 760, 520
PORTEE_MAX, PORTEE_MIN = 150.0, 8.0
"""Kilometres around the middle: farther communes are in the table alone."""
DESSINEES, NOMMEES = 400, 40
MARGE = 34


@dataclass(frozen=True)
class LigneCommune:
    """A row of the table. `insee` is empty for those who live in no commune of the referential."""

    nom: str
    insee: str
    nombre: int
    largeur: str
    pourcent: int


@dataclass
class CarteMesures:
    lignes: list[LigneCommune]
    total: int
    carte: CarteLocale | None = None
    bulles: list[Bulle] = field(default_factory=list)
    hors_cadre: int = 0
    """Mesures whose commune is too far to be drawn with the others."""

    @property
    def situees(self) -> int:
        return sum(ligne.nombre for ligne in self.lignes if ligne.insee)


@dataclass(frozen=True)
class _Commune:
    insee: str
    nom: str
    departement: str
    latitude: float
    longitude: float
    nombre: int


def carte_des_mesures(mesures: QuerySet) -> CarteMesures:
    """Two queries: the communes, and the towns out of France with those who have none."""
    champs = ("commune", "commune__nom", "commune__departement", "commune__latitude", "commune__longitude")
    situees = mesures.filter(commune__isnull=False).order_by().values_list(*champs).annotate(n=Count("*"))
    communes = [_Commune(*ligne) for ligne in situees]
    communes.sort(key=lambda c: (-c.nombre, c.nom))
    ailleurs = mesures.filter(commune=None).order_by().values_list("pays", "ville", "lieu_vie").annotate(n=Count("*"))
    nombres: dict[str, int] = {}
    for pays, ville, lieu_vie, n in ailleurs:
        nom = (f"{ville} (Belgique)" if pays == "BE" else ville) if ville else ""
        nom = nom or ("Sans domicile fixe" if lieu_vie == "sdf" else "Sans commune")
        nombres[nom] = nombres.get(nom, 0) + n
    rangees = [(f"{c.nom} ({c.departement})", c.insee, c.nombre) for c in communes]
    rangees += [(nom, "", n) for nom, n in sorted(nombres.items(), key=lambda ligne: (-ligne[1], ligne[0]))]
    total, plus = sum(n for *_, n in rangees), max((n for *_, n in rangees), default=1)
    lignes = [LigneCommune(nom, cle, n, f"{100 * n / plus:.1f}", round(100 * n / total)) for nom, cle, n in rangees]
    resultat = CarteMesures(lignes, total)
    if communes:
        _dessiner(resultat, communes)
    return resultat


def _milieu(communes: list[_Commune]) -> tuple[float, float]:
    """The weighted median: one person across the sea does not move it."""
    total = sum(c.nombre for c in communes)

    def mediane(lire) -> float:
        cumul = 0
        for c in sorted(communes, key=lire):
            cumul += c.nombre
            if 2 * cumul >= total:
                break
        return lire(c)

    return mediane(lambda c: c.latitude), mediane(lambda c: c.longitude)


def _dessiner(resultat: CarteMesures, communes: list[_Commune]) -> None:
    latitude, longitude = _milieu(communes)
    proches = [c for c in communes if entre(latitude, longitude, c.latitude, c.longitude) <= PORTEE_MAX]
    resultat.hors_cadre = sum(c.nombre for c in communes) - sum(c.nombre for c in proches)
    if not proches:
        return
    proches = proches[:DESSINEES]
    zone = proches[0].departement
    proj = plan_de(latitude, longitude, zone)
    points = [en_metres(c.latitude, c.longitude, proj) for c in proches]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    large, haut = max(xs) - min(xs), max(ys) - min(ys)
    echelle = min(
        (LARGEUR - 2 * MARGE) / max(large, 1000 * PORTEE_MIN), (HAUTEUR - 2 * MARGE) / max(haut, 1000 * PORTEE_MIN)
    )
    cadre = Cadre(proj, ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2), echelle, LARGEUR, HAUTEUR)
    resultat.carte = CarteLocale(LARGEUR, HAUTEUR, terres=cadre.terres(zone))
    plus = proches[0].nombre
    cercles = [
        (c.nom, c.nombre, *cadre.metres(x, y), round(max(4.0, 22 * (c.nombre / plus) ** 0.5), 1))
        for c, (x, y) in zip(proches, points, strict=True)
    ]
    resultat.bulles = _nommer(cercles)


def _nommer(cercles: list[tuple[str, int, float, float, float]]) -> list[Bulle]:
    """The largest first: a name is written where it covers no other name, and no circle of the named ones."""
    bulles, occupe = [], []
    grands = [(x - r, y - r, x + r, y + r) for _, _, x, y, r in cercles[:NOMMEES]]
    for rang, (nom, nombre, x, y, r) in enumerate(cercles):
        long = 7 * (len(nom) + len(str(nombre)) + 1)
        ancres = [("start", x + r + 4, dy) for dy in (4, -8, 16)] + [("end", x - r - 4, dy) for dy in (4, -8, 16)]
        for ancre, x_nom, dy in ancres if rang < NOMMEES else ():
            gauche = x_nom if ancre == "start" else x_nom - long
            boite = (gauche, y + dy - 11, gauche + long, y + dy + 3)
            dedans = boite[0] >= 2 and boite[2] <= LARGEUR - 2 and boite[1] >= 2 and boite[3] <= HAUTEUR - 2
            autres = grands[:rang] + grands[rang + 1 :]
            if dedans and not any(_couvre(boite, autre) for autre in (*occupe, *autres)):
                occupe.append(boite)
                bulles.append(Bulle(nom, nombre, x, y, r, round(x_nom, 1), round(y + dy, 1), ancre))
                break
        else:
            bulles.append(Bulle("", nombre, x, y, r, x, y, "start"))
    return bulles


def _couvre(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
