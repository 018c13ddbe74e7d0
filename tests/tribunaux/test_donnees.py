"""The two reference files of the courts, read as plain CSV."""

import csv
import datetime
import re
from collections import Counter
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
DONNEES = RACINE / "tribunaux" / "donnees"
COMMUNES = RACINE / "emjpm" / "geographie" / "donnees" / "communes.csv"
MINISTERE = RACINE.parent / "shared" / "reference" / "juridictions-2021.csv"

DEBUT_DU_NOM = {
    "TJ": "Tribunal judiciaire ",
    "TPRX": "Tribunal de proximité ",
    "TPI": "Tribunal de première instance ",
}
H_ASPIRE = {"Haguenau", "Hayange", "Huningue"}
SIEGE_SANS_COMMUNE_DU_MEME_NOM = {"Mata-Utu": "Uvea"}
NOM_D_USAGE = {"tpi-saint-pierre-et-miquelon": "Saint-Pierre-et-Miquelon"}
FERMES_DEPUIS_2021 = {("TPRX", "27016"): "Tribunal de proximité des Andelys"}


def lire(chemin: Path) -> list[dict[str, str]]:
    with chemin.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


def courbe(texte: str) -> str:
    return texte.replace("'", "’")


def avec_preposition(ville: str) -> str:
    """« de Metz », « d’Évry », « du Havre », « des Andelys », « de La Rochelle »."""
    if ville.startswith("Le "):
        return f"du {ville.removeprefix('Le ')}"
    if ville.startswith("Les "):
        return f"des {ville.removeprefix('Les ')}"
    elision = ville[0] in "AÀÂEÉÈÊIÎOÔUÛYH" and ville not in H_ASPIRE
    return f"d’{ville}" if elision else f"de {ville}"


@pytest.fixture(scope="module")
def tribunaux():
    return lire(DONNEES / "tribunaux.csv")


@pytest.fixture(scope="module")
def anciens():
    return lire(DONNEES / "anciens_tribunaux.csv")


@pytest.fixture(scope="module")
def communes():
    return {ligne["insee"]: ligne for ligne in lire(COMMUNES)}


def test_columns_and_no_blank_cell(tribunaux, anciens):
    """Both files have exactly the documented columns, each cell filled and without stray spaces."""
    assert list(tribunaux[0]) == ["code", "nom", "type", "commune", "departement", "ville"]
    assert list(anciens[0]) == ["nom", "ville", "departement", "successeur", "ferme_le"]
    for ligne in tribunaux + anciens:
        assert all(valeur and valeur == valeur.strip() for valeur in ligne.values()), ligne


def test_codes_and_names_are_unique(tribunaux, anciens):
    """A code, a full name, or the old name of a court in a département, designates one court."""
    for colonne in ("code", "nom"):
        assert [c for c, n in Counter(t[colonne] for t in tribunaux).items() if n > 1] == []
    noms = Counter((a["nom"], a["departement"]) for a in anciens)
    assert [nom for nom, n in noms.items() if n > 1] == []


def test_a_code_says_its_type(tribunaux):
    """A code is a slug starting with the type: it can be read in a URL or in a workbook."""
    for tribunal in tribunaux:
        assert re.fullmatch(r"(tj|tprx|tpi)(-[a-z0-9]+)+", tribunal["code"]), tribunal["code"]
        assert tribunal["code"].split("-")[0] == tribunal["type"].lower()


def test_one_court_per_type_and_seat(tribunaux):
    """No seat is listed twice for the same type of court."""
    sieges = Counter((t["type"], t["commune"]) for t in tribunaux)
    assert [siege for siege, n in sieges.items() if n > 1] == []


def test_counts_are_those_of_the_law(tribunaux):
    """The numbers stay near those of the judicial map: a lost or doubled block of lines shows."""
    comptes = Counter(t["type"] for t in tribunaux)
    assert set(comptes) == set(DEBUT_DU_NOM)
    assert 160 <= comptes["TJ"] <= 170
    assert 120 <= comptes["TPRX"] <= 130
    assert 4 <= comptes["TPI"] <= 8


def test_every_seat_is_a_known_commune(tribunaux, communes):
    """The commune of the seat exists in the geography data, with the same département and town."""
    for tribunal in tribunaux:
        commune = communes.get(tribunal["commune"])
        assert commune, f"{tribunal['nom']} : commune {tribunal['commune']} inconnue"
        assert commune["departement"] == tribunal["departement"], tribunal["nom"]
        nom = courbe(commune["nom"])
        ville = SIEGE_SANS_COMMUNE_DU_MEME_NOM.get(tribunal["ville"], tribunal["ville"])
        if tribunal["ville"] in {"Paris", "Lyon", "Marseille"}:
            assert re.fullmatch(rf"{ville} \d+(er|e) arrondissement", nom, re.IGNORECASE), tribunal["nom"]
        else:
            assert nom == ville, tribunal["nom"]


def test_names_are_good_french(tribunaux):
    """A name starts with the type in words and ends with the town, with « de », « d’ », « du » or « des »."""
    for tribunal in tribunaux:
        lieu = NOM_D_USAGE.get(tribunal["code"], tribunal["ville"])
        assert tribunal["nom"].startswith(DEBUT_DU_NOM[tribunal["type"]]), tribunal["nom"]
        assert tribunal["nom"].endswith(f" {avec_preposition(lieu)}"), tribunal["nom"]


def test_former_names_are_good_french(anciens):
    """Former names follow the same rule; those of Paris add the arrondissement."""
    for ancien in anciens:
        nom = re.sub(r" \d+(er|e) arrondissement$", "", ancien["nom"])
        assert nom.endswith(f" {avec_preposition(ancien['ville'])}"), ancien["nom"]
        assert nom.startswith(("Tribunal d’instance ", "Tribunal de grande instance ", "Tribunal de proximité ")), (
            ancien["nom"]
        )


def test_a_former_court_leads_to_a_present_one(tribunaux, anciens):
    """Every successor exists, nearly always in the same département, and the closing date is a past date."""
    departements = {t["code"]: t["departement"] for t in tribunaux}
    for ancien in anciens:
        assert ancien["successeur"] in departements, ancien["nom"]
        ferme_le = datetime.date.fromisoformat(ancien["ferme_le"])
        assert datetime.date(2009, 1, 1) <= ferme_le <= datetime.date(2021, 9, 1), ancien["nom"]
    ailleurs = {a["ville"] for a in anciens if departements[a["successeur"]] != a["departement"]}
    assert ailleurs == {"Ribeauvillé"}  # Haut-Rhin, but in the ressort of Sélestat (Bas-Rhin)


def test_former_courts_are_not_the_systematic_ones(tribunaux, anciens):
    """A town that still has a court needs no line: the code turns TI and TGI into TPRX and TJ."""
    villes = {(t["ville"], t["departement"]) for t in tribunaux}
    inutiles = [a["nom"] for a in anciens if (a["ville"], a["departement"]) in villes]
    assert all(nom.startswith("Tribunal d’instance de Paris ") for nom in inutiles), inutiles


@pytest.mark.parametrize("fichier", ["tribunaux.csv", "anciens_tribunaux.csv", "SOURCES.md"])
def test_no_straight_apostrophe_and_no_siret(fichier):
    """Screens use the typographic apostrophe; no 14-digit number (a SIRET) slips into the data."""
    texte = (DONNEES / fichier).read_text(encoding="utf-8")
    assert "'" not in texte
    assert not re.search(r"(?<!\d)(?:\d[ \u00a0\u202f.-]?){14}(?!\d)", texte)


def test_complete_against_the_ministry_list(tribunaux, anciens):
    """Every court of the ministry's list of 2021 is here, or among the courts closed since."""
    if not MINISTERE.exists():
        pytest.skip("La liste du ministère de la justice (2021) n’est pas à côté du dépôt.")
    presents = {(t["type"], t["commune"]) for t in tribunaux}
    fermes = {a["nom"] for a in anciens}
    manquants = []
    for ligne in lire(MINISTERE):
        libelle = ligne["LIBELLE_LONG_ES_FILS"]
        type_ = "TPRX" if ligne["MNEMO_TES_FIL"] == "TPRX" else "TJ"
        if "première instance" in libelle.lower():
            type_ = "TPI"
        cle = (type_, ligne["COMMUNE_SIEGE_INSEE_FILS"].zfill(5))
        if cle not in presents and FERMES_DEPUIS_2021.get(cle) not in fermes:
            manquants.append(libelle)
    assert manquants == []
