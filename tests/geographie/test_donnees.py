"""The reference data of the map of France, read as plain files: nobody is left without a position, nor misplaced."""

import csv
import json
import math
import re
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median

import pytest

from emjpm.geographie.projection import (
    ConiqueConforme,
    carte_departements,
    en_metres,
    equirectangulaire,
    lambert93,
    projeter,
    projeter_zone,
)

RACINE = Path(__file__).parents[2]
DONNEES = RACINE / "emjpm" / "geographie" / "donnees"
REFERENCE = RACINE.parent / "shared" / "reference" / "communes.csv"
COM = {"975", "977", "978", "986", "987", "988"}
BOITES_DROM = {  # latitude min, max, longitude min, max
    "971": (15.8, 16.6, -61.9, -60.9),
    "972": (14.3, 14.9, -61.3, -60.7),
    "973": (2.1, 5.8, -54.7, -51.6),
    "974": (-21.5, -20.8, 55.2, 55.9),
    "976": (-13.1, -12.5, 44.9, 45.4),
}


def lire(nom):
    with open(DONNEES / nom, encoding="utf-8", newline="") as flux:
        return list(csv.DictReader(flux))


def distance_km(a, b):
    (lat_a, lon_a), (lat_b, lon_b) = [tuple(map(math.radians, p)) for p in (a, b)]
    h = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def point(commune):
    return float(commune["latitude"]), float(commune["longitude"])


@pytest.fixture(scope="module")
def communes():
    return {c["insee"]: c for c in lire("communes.csv")}


@pytest.fixture(scope="module")
def departements():
    return {d["code"]: d for d in lire("departements.csv")}


@pytest.fixture(scope="module")
def contours():
    return json.loads((DONNEES / "contours.json").read_text(encoding="utf-8"))


def test_chaque_code_postal_mene_a_une_commune_situee(communes):
    codes = {code for c in communes.values() for code in c["codes_postaux"].split()}
    assert len(codes) == 6310
    assert all(re.fullmatch(r"\d{5}", code) for code in codes)
    assert all(c["codes_postaux"] for c in communes.values())
    assert all(-90 <= lat <= 90 and -180 <= lon <= 180 for lat, lon in map(point, communes.values()))


def test_les_tables_sont_triees_sans_doublon_et_se_repondent(communes, departements):
    lignes = lire("communes.csv")
    codes = [c["insee"] for c in lignes]
    assert codes == sorted(set(codes))
    assert {c["departement"] for c in lignes} == set(departements)
    regions = {r["code"] for r in lire("regions.csv")}
    assert len(regions) == 19
    assert {d["region"] for d in departements.values()} == regions
    assert all(d["chef_lieu_insee"] in communes for d in departements.values())
    assert all(communes[d["chef_lieu_insee"]]["departement"] == code for code, d in departements.items())
    assert {c["type"] for c in lignes} == {"commune", "arrondissement"}
    assert {c["source_point"] for c in lignes} == {"mairie", "centroide", "chef-lieu", "approche"}


@pytest.mark.parametrize("nom", ["communes.csv", "departements.csv", "regions.csv"])
def test_les_fichiers_sont_en_utf8_avec_des_fins_de_ligne_unix(nom):
    octets = (DONNEES / nom).read_bytes()
    assert b"\r" not in octets
    assert not octets.startswith(b"\xef\xbb\xbf")
    assert octets.decode("utf-8").endswith("\n")


def test_les_101_departements_et_les_six_collectivites(departements):
    metropole = {code for code in departements if len(code) == 2}
    assert len(metropole) == 96
    assert {"2A", "2B"} < metropole
    assert "20" not in departements
    assert set(departements) - metropole == set(BOITES_DROM) | COM
    assert {code for code, d in departements.items() if d["region"] == "COM"} == COM


def test_la_phrase_de_lieu_porte_le_nom_du_departement(departements):
    for d in departements.values():
        assert re.match(r"(en |dans le |dans la |dans les |dans l'|à )", d["article_locatif"]), d
        assert d["article_locatif"].endswith(d["nom"]), d
    phrases = {code: d["article_locatif"] for code, d in departements.items()}
    assert phrases["57"] == "en Moselle"
    assert phrases["01"] == "dans l'Ain"
    assert phrases["75"] == "à Paris"
    assert phrases["78"] == "dans les Yvelines"
    assert phrases["2A"] == "en Corse-du-Sud"
    assert phrases["974"] == "à La Réunion"


def test_arrondissements_et_villes_entieres(communes):
    arrondissements = [c for c in communes.values() if c["type"] == "arrondissement"]
    assert Counter(c["departement"] for c in arrondissements) == {"75": 20, "13": 16, "69": 9}
    for insee, nom in (("75056", "Paris"), ("69123", "Lyon"), ("13055", "Marseille")):
        assert (communes[insee]["nom"], communes[insee]["type"]) == (nom, "commune")
    assert communes["75101"]["codes_postaux"] == "75001"


def test_aucun_point_metropolitain_n_est_egare(communes):
    par_departement = defaultdict(list)
    for c in communes.values():
        if len(c["departement"]) == 2:
            latitude, longitude = point(c)
            assert 41.3 < latitude < 51.1, c
            assert -5.2 < longitude < 9.6, c
            par_departement[c["departement"]].append(c)
    for lignes in par_departement.values():
        centre = median(float(c["latitude"]) for c in lignes), median(float(c["longitude"]) for c in lignes)
        for c in lignes:
            assert distance_km(point(c), centre) < 120, c


def test_les_communes_d_un_meme_code_postal_se_touchent_presque(communes):
    par_code = defaultdict(list)
    for c in communes.values():
        if c["departement"] not in COM:
            for code in c["codes_postaux"].split():
                par_code[code].append(point(c))
    for code, points in par_code.items():
        centre = median(p[0] for p in points), median(p[1] for p in points)
        assert max(distance_km(p, centre) for p in points) < 60, code


def test_la_corse_et_l_outre_mer_sont_chez_eux(communes):
    for c in communes.values():
        latitude, longitude = point(c)
        if c["departement"] in BOITES_DROM:
            lat_min, lat_max, lon_min, lon_max = BOITES_DROM[c["departement"]]
            assert lat_min < latitude < lat_max, c
            assert lon_min < longitude < lon_max, c
        elif c["departement"] in ("2A", "2B"):
            assert c["insee"].startswith(c["departement"])
            assert c["codes_postaux"].startswith("20")
            assert 41.3 < latitude < 43.1, c
            assert 8.5 < longitude < 9.6, c
        elif c["departement"] in COM:
            assert c["source_point"] in ("chef-lieu", "approche"), c
    assert {c["departement"] for c in communes.values()} >= COM


@pytest.mark.parametrize(
    ("insee", "nom", "latitude", "longitude"),
    [
        ("57463", "Metz", 49.12, 6.18),
        ("29232", "Quimper", 48.00, -4.10),
        ("59350", "Lille", 50.63, 3.06),
        ("64102", "Bayonne", 43.49, -1.47),
        ("06088", "Nice", 43.70, 7.27),
        ("75056", "Paris", 48.857, 2.352),
        ("69383", "Lyon 3e Arrondissement", 45.757, 4.86),
        ("2A004", "Ajaccio", 41.92, 8.74),
        ("2B033", "Bastia", 42.70, 9.45),
        ("97105", "Basse-Terre", 15.996, -61.73),
        ("97209", "Fort-de-France", 14.604, -61.07),
        ("97302", "Cayenne", 4.94, -52.33),
        ("97311", "Saint-Laurent-du-Maroni", 5.50, -54.03),
        ("97353", "Maripasoula", 3.64, -54.03),
        ("97411", "Saint-Denis", -20.88, 55.45),
        ("97611", "Mamoudzou", -12.78, 45.23),
        ("97801", "Saint-Martin", 18.07, -63.08),
        ("98818", "Nouméa", -22.28, 166.46),
    ],
)
def test_des_villes_connues_sont_a_leur_place(communes, insee, nom, latitude, longitude):
    assert communes[insee]["nom"] == nom
    assert distance_km(point(communes[insee]), (latitude, longitude)) < 5


def test_les_points_suivent_le_releve_de_reference(communes):
    if not REFERENCE.exists():
        pytest.skip("Le relevé de référence n’accompagne pas ce dépôt : rien à comparer.")
    with open(REFERENCE, encoding="utf-8", newline="") as flux:
        attendus = {c["insee"]: (float(c["lat"]), float(c["lon"])) for c in csv.DictReader(flux)}
    assert not set(attendus) - set(communes)
    proches = sum(distance_km(point(communes[insee]), attendu) < 1 for insee, attendu in attendus.items())
    assert proches >= 0.99 * len(attendus)


def test_lambert93_rend_les_valeurs_de_l_ign():
    # The origin of Lambert-93 is exact by definition (EPSG:2154).
    assert lambert93(46.5, 3) == pytest.approx((700_000, 6_600_000), abs=0.001)
    # Test values printed in IGN's note NTG_71, algorithm ALG0003 (constants of another Lambert zone).
    essai = ConiqueConforme(
        e=0.0824832568,
        n=0.760405966,
        c=11_603_796.9767,
        longitude_origine=0.04079234433,
        xs=600_000,
        ys=5_657_616.674,
    )
    assert essai.projeter(0.872664626, 0.145512099) == pytest.approx((1_029_705.0818, 272_723.8510), abs=0.001)
    # The Eiffel tower, as PROJ computes it.
    assert lambert93(48.8583, 2.2945) == pytest.approx((648_237.202, 6_862_260.562), abs=0.001)


def test_le_plan_local_est_en_metres():
    assert equirectangulaire(-21.1, 55.5, -21.1, 55.5) == (0, 0)
    x, y = equirectangulaire(-20.8789, 55.4481, -21.1, 55.5)
    assert math.hypot(x, y) / 1000 == pytest.approx(distance_km((-21.1, 55.5), (-20.8789, 55.4481)), rel=0.005)


def test_chaque_commune_tombe_dans_la_carte(communes):
    carte = carte_departements()
    _, _, largeur, hauteur = map(float, carte["viewBox"].split())
    cadres = {e["code"]: e["cadre"] for e in carte["encarts"]}
    for c in communes.values():
        place = projeter(*point(c), c["departement"])
        if c["departement"] in COM:
            assert place is None
            continue
        gauche, haut, large, long = cadres.get(c["departement"], (0, 0, largeur, hauteur))
        assert gauche <= place[0] <= gauche + large, c
        assert haut <= place[1] <= haut + long, c
        assert projeter(*point(c)) == place, c


def test_hors_de_la_carte_il_n_y_a_rien():
    assert projeter(40.7, -74.0) is None
    assert projeter(-22.28, 166.46, "988") is None


def test_la_petite_couronne_a_son_encart(communes):
    (encart,) = [e for e in carte_departements()["encarts"] if e["code"] == "petite-couronne"]
    gauche, haut, large, long = encart["cadre"]
    assert list(encart["departements"]) == encart["codes"] == ["75", "92", "93", "94"]
    for c in communes.values():
        if c["departement"] in encart["codes"]:
            x, y = projeter_zone(*point(c), "petite-couronne")
            assert gauche < x < gauche + large, c
            assert haut < y < haut + long, c


def test_la_carte_dessine_les_101_departements(departements):
    carte = carte_departements()
    _, _, largeur, hauteur = map(float, carte["viewBox"].split())
    assert set(carte["departements"]) == set(departements) - COM
    for code, dessin in carte["departements"].items():
        assert re.fullmatch(r"(M[\d. -]+l[\d. -]+Z)+", dessin["chemin"]), code
        x, y = dessin["centre"]
        assert 0 < x < largeur, code
        assert 0 < y < hauteur, code
    assert (DONNEES / "carte_departements.json").stat().st_size <= 100_000


def test_les_contours_fins_entourent_leurs_communes(communes, departements, contours):
    assert set(contours) == set(departements) - COM
    for code, contour in contours.items():
        x_min, y_min, x_max, y_max = contour["boite"]
        xs = [v for chemin in contour["chemins"] for v in chemin[::2]]
        ys = [v for chemin in contour["chemins"] for v in chemin[1::2]]
        assert (min(xs), min(ys), max(xs), max(ys)) == (0, 0, x_max - x_min, y_max - y_min), code
        dedans = total = 0
        for c in communes.values():
            if c["departement"] == code:
                x, y = en_metres(*point(c), contour["proj"])
                dedans += _contient(contour["chemins"], x - x_min, y - y_min)
                total += 1
        assert dedans >= 0.9 * total, (code, dedans, total)


def test_les_voisins_partagent_leur_frontiere(contours):
    def sommets(code):
        contour = contours[code]
        x_min, y_min = contour["boite"][:2]
        return {
            (x + x_min, y + y_min)
            for chemin in contour["chemins"]
            for x, y in zip(chemin[::2], chemin[1::2], strict=True)
        }

    for a, b in (("57", "54"), ("44", "49"), ("2A", "2B"), ("75", "92")):
        assert len(sommets(a) & sommets(b)) >= 10, (a, b)


def _contient(chemins, x, y):
    """Even-odd rule over all the rings of an outline."""
    dedans = False
    for chemin in chemins:
        points = list(zip(chemin[::2], chemin[1::2], strict=True))
        for (xa, ya), (xb, yb) in zip(points, points[1:] + points[:1], strict=True):
            if (ya > y) != (yb > y) and x < (xb - xa) * (y - ya) / (yb - ya) + xa:
                dedans = not dedans
    return dedans
