"""The map of départements, drawn by the server as SVG: the whole country, or a territory and its neighbours.

The national map comes as it is from geographie/donnees/carte_departements.json; a zoomed one is drawn from the
finer outlines of contours.json (metres), in a frame 620 units wide, so that lines and hatchings keep their size.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

from emjpm.geographie import projection

from .mots import pourcent_signe
from .tableaux import Ligne

LARGEUR = 620
MARGE = 0.06
ALLURE = (0.55, 0.95)
"""Least and most height of a zoomed map, as a share of its width."""


@dataclass(frozen=True)
class Forme:
    """One outline. Without a class it is a neighbour: drawn, neither coloured nor clickable."""

    chemin: str
    classe: str = ""
    titre: str = ""
    url: str = ""


@dataclass(frozen=True)
class Texte:
    x: float
    y: float
    mots: str


@dataclass(frozen=True)
class Repere:
    """A court on the map of its département."""

    x: float
    y: float
    nom: str


@dataclass(frozen=True)
class Carte:
    cadre: str
    formes: list[Forme]
    cadres: list[list[float]] = field(default_factory=list)
    noms: list[Texte] = field(default_factory=list)
    codes: list[Texte] = field(default_factory=list)
    reperes: list[Repere] = field(default_factory=list)


def _forme(chemin: str, ligne: Ligne | None) -> Forme:
    if ligne is None:
        return Forme(chemin)
    part = ligne.bilan.part.valeur
    mots = "pas de donnée" if part is None else pourcent_signe(part)
    return Forme(chemin, ligne.classe, f"{ligne.nom} : {mots}", ligne.url)


def est_dessine(code: str) -> bool:
    """Is this département on the map? The collectivités d’outre-mer are not."""
    return code in projection.carte_departements()["departements"]


def carte_nationale(lignes: Mapping[str, Ligne]) -> Carte:
    """The 101 départements with their insets. `lignes`: by code of département."""
    donnees = projection.carte_departements()
    formes = [_forme(d["chemin"], lignes.get(code)) for code, d in donnees["departements"].items()]
    cadres, noms = [], []
    for encart in donnees["encarts"]:
        x, y = encart["etiquette"]
        agrandi = "departements" in encart  # Paris and around, drawn a second time
        noms.append(Texte(x, y, "Petite couronne" if agrandi else encart["nom"]))
        if agrandi:
            cadres.append(encart["cadre"])
            formes += [_forme(d["chemin"], lignes.get(code)) for code, d in encart["departements"].items()]
    return Carte(donnees["viewBox"], formes, cadres, noms)


@cache
def _contours() -> dict[str, dict[str, Any]]:
    """Outlines in metres, by code: {"boite": [x0, y0, x1, y1], "chemins": [[x, y, …]], "proj": …}."""
    fichier = projection.FICHIER_CARTE.with_name("contours.json")
    return json.loads(fichier.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class _Fenetre:
    """The part of the plane that is shown (metres), and its scale."""

    x0: float
    y1: float
    echelle: float
    hauteur: float

    @classmethod
    def autour(cls, boites: Iterable[list[float]]) -> "_Fenetre":
        gauches, bas, droites, hauts = zip(*boites, strict=True)
        x0, y0, x1, y1 = min(gauches), min(bas), max(droites), max(hauts)
        largeur, hauteur = (x1 - x0) * (1 + 2 * MARGE), (y1 - y0) * (1 + 2 * MARGE)
        largeur = max(largeur, hauteur / ALLURE[1])
        hauteur = max(hauteur, largeur * ALLURE[0])
        gauche, haut = (x0 + x1 - largeur) / 2, (y0 + y1 + hauteur) / 2
        return cls(gauche, haut, LARGEUR / largeur, LARGEUR * hauteur / largeur)

    def placer(self, x: float, y: float) -> tuple[float, float]:
        return round((x - self.x0) * self.echelle, 1), round((self.y1 - y) * self.echelle, 1)

    def touche(self, boite: list[float]) -> bool:
        gauche, bas = self.placer(boite[0], boite[1])
        droite, haut = self.placer(boite[2], boite[3])
        return droite > 0 and gauche < LARGEUR and bas > 0 and haut < self.hauteur

    def chemin(self, contour: dict[str, Any]) -> str:
        """SVG path of an outline, in tenths of a unit and relative steps."""
        x0, y0 = contour["boite"][:2]
        morceaux = []
        for plat in contour["chemins"]:
            points: list[tuple[int, int]] = []
            for x, y in zip(plat[::2], plat[1::2], strict=True):
                gauche, haut = self.placer(x0 + x, y0 + y)
                point = round(gauche * 10), round(haut * 10)
                if not points or point != points[-1]:
                    points.append(point)
            if len(points) > 2:
                pas = [f"{(b[0] - a[0]) / 10:g} {(b[1] - a[1]) / 10:g}" for a, b in pairwise(points)]
                morceaux.append(f"M{points[0][0] / 10:g} {points[0][1] / 10:g}l{' '.join(pas).replace(' -', '-')}Z")
        return "".join(morceaux)


def carte_zoomee(lignes: Mapping[str, Ligne], tribunaux: Iterable = ()) -> Carte | None:
    """The départements of `lignes` and what surrounds them; None when none of them is drawn (outre-mer).

    `tribunaux`: courts to mark (their commune is read).
    """
    contours = {code: _contours()[code] for code in lignes if code in _contours()}
    if not contours:
        return None
    proj = next(iter(contours.values()))["proj"]
    contours = {code: c for code, c in contours.items() if c["proj"] == proj}
    fenetre = _Fenetre.autour(c["boite"] for c in contours.values())
    voisins = [
        Forme(fenetre.chemin(c))
        for code, c in _contours().items()
        if code not in contours and c["proj"] == proj and fenetre.touche(c["boite"])
    ]
    formes = [_forme(fenetre.chemin(c), lignes[code]) for code, c in contours.items()]
    reperes = []
    for tribunal in tribunaux:
        x, y = fenetre.placer(*projection.en_metres(tribunal.commune.latitude, tribunal.commune.longitude, proj))
        reperes.append(Repere(x, y, tribunal.nom_court))
    codes = _codes(fenetre, contours) if len(contours) > 1 else []
    return Carte(f"0 0 {LARGEUR} {fenetre.hauteur:.0f}", voisins + formes, codes=codes, reperes=reperes)


def _codes(fenetre: _Fenetre, contours: Iterable[str]) -> list[Texte]:
    """The number of each département, at the place the national map keeps for labels."""
    carte = projection.carte_departements()
    textes = []
    for code in contours:
        plan = carte["projection"].get(code, carte["projection"]["metropole"])
        x, y = carte["departements"][code]["centre"]
        gauche, haut = fenetre.placer((x - plan["x0"]) / plan["echelle"], (plan["y0"] - y) / plan["echelle"])
        textes.append(Texte(gauche, round(haut + 4, 1), code))
    return textes
