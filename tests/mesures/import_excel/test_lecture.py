"""Each reader of values, on everything people write; and on anything at all (hypothesis)."""

import datetime
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emjpm.commun.texte import normaliser
from mesures.enums import Champ, LieuVie, Nature
from mesures.import_excel import confidences, dates, lecture, synonymes, titres
from mesures.import_excel.cellule import Illisible, vide
from mesures.import_excel.colonnes import NOMS, reconnaitre_titre
from mesures.import_excel.confidences import montrer

JOUR = date(2026, 11, 23)
CELLULES = st.one_of(
    st.none(),
    st.text(max_size=60),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.from_regex(r"\A\d{1,4}[/.\- ]\d{1,2}[/.\- ]\d{1,4}\Z"),
)


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        (datetime.datetime(2020, 3, 1, 12), date(2020, 3, 1)),
        (date(2020, 3, 1), date(2020, 3, 1)),
        (44197, date(2021, 1, 1)),
        (44197.5, date(2021, 1, 1)),
        ("44197", date(2021, 1, 1)),
        ("1/3/2020", date(2020, 3, 1)),
        ("01/03/2020", date(2020, 3, 1)),
        ("28/11/10", date(2010, 11, 28)),
        ("28/11/98", date(1998, 11, 28)),
        ("2010-11-28", date(2010, 11, 28)),
        ("2010-11-28 00:00:00", date(2010, 11, 28)),
        ("2010-11-28T00:00:00", date(2010, 11, 28)),
        ("28.11.2010", date(2010, 11, 28)),
        ("28-11-2010", date(2010, 11, 28)),
        ("28 11 2010", date(2010, 11, 28)),
        ("\u00a028 / 11 / 2010 ", date(2010, 11, 28)),
        ("20101128", date(2010, 11, 28)),
        ("3 mars 2020", date(2020, 3, 3)),
        ("1er mars 2020", date(2020, 3, 1)),
        ("Mardi 3 Mars 2020", date(2020, 3, 3)),
        ("3-déc.-20", date(2020, 12, 3)),
        ("le 3 août 2020", date(2020, 8, 3)),
        ("29/02/2024", date(2024, 2, 29)),
    ],
)
def test_dates(ecrit, lu):
    assert dates.lire_date_jugement(ecrit, JOUR) == lu


@pytest.mark.parametrize(
    ("ecrit", "pourquoi"),
    [
        ("31/02/2020", "Le 31 février n’existe pas"),
        ("29/02/2023", "Le 29 février 2023 n’existe pas"),
        ("12/25/2020", "Le mois 25 n’existe pas"),
        ("32/01/2020", "Le jour 32 n’existe pas"),
        ("2020", "Une année seule ne suffit pas"),
        (2020, "Une année seule ne suffit pas"),
        (2020.0, "Une année seule ne suffit pas"),
        ("12/05/2027", "Cette date est dans le futur"),
        (datetime.datetime(2027, 1, 1), "Cette date est dans le futur"),
        ("01/01/1920", "Cette date est trop ancienne"),
        ("03/2020", "Ce n’est pas une date"),
        ("bientôt", "Ce n’est pas une date"),
        (True, "Ce n’est pas une date"),
        (datetime.time(12), "Ce n’est pas une date"),
        (12, "Ce nombre n’est pas une date"),
        (10**12, "Ce nombre n’est pas une date"),
        (float("inf"), "Ce n’est pas une date"),
        ("#VALUE!", "Ce n’est pas une date"),
    ],
)
def test_impossible_dates_say_why(ecrit, pourquoi):
    with pytest.raises(Illisible) as erreur:
        dates.lire_date_jugement(ecrit, JOUR)
    assert erreur.value.pourquoi.startswith(pourquoi)
    assert erreur.value.a_ecrire


@pytest.mark.parametrize(
    ("ecrit", "nature", "champ"),
    [
        ("curatelle renforcee aux biens et à la personne", Nature.CURATELLE_RENFORCEE, Champ.BIEN_PERSONNE),
        ("CURATELLE SIMPLE", Nature.CURATELLE_SIMPLE, ""),
        ("Curatelle  Simple  aux biens", Nature.CURATELLE_SIMPLE, Champ.BIEN),
        ("TUTELLE biens + pers.", Nature.TUTELLE, Champ.BIEN_PERSONNE),
        ("Tutelle à la personne et aux biens", Nature.TUTELLE, Champ.BIEN_PERSONNE),
        ("tutelle à la personne", Nature.TUTELLE, Champ.PERSONNE),
        ("MAJ", Nature.MAJ, ""),
        ("mesure ad'hoc", Nature.AD_HOC, ""),
        ("sauvegarde de justice", Nature.SAUVEGARDE_JUSTICE, ""),
        ("subrogé-tuteur", Nature.SUBROGE_TUTEUR, ""),
        ("Mesure d’accompagnement judiciaire (MAJ)", Nature.MAJ, ""),
        ("mandat_protection_future", Nature.MANDAT_PROTECTION_FUTURE, ""),
    ],
)
def test_types(ecrit, nature, champ):
    assert lecture.lire_nature(ecrit) == (nature, champ)


@pytest.mark.parametrize("ecrit", ["habilitation familiale", "???", "tutelle aux pommes", "", "12"])
def test_unknown_types_say_why(ecrit):
    with pytest.raises(Illisible) as erreur:
        lecture.lire_nature(ecrit)
    assert "9 types" in erreur.value.a_ecrire


def test_a_type_that_may_be_two_is_a_question():
    with pytest.raises(Illisible) as erreur:
        lecture.lire_nature("Curatelle aux biens")
    assert erreur.value.a_ecrire == "« Curatelle simple » ou « Curatelle renforcée »"
    choix = dict(erreur.value.proposition.choix)
    assert choix["Curatelle simple"] == {"nature": "curatelle_simple", "champ": "protection_bien"}


@pytest.mark.parametrize(
    ("table", "lire"),
    [
        (synonymes.NATURES, lambda v: lecture.lire_nature(v)[0]),
        (synonymes.CHAMPS, lecture.lire_champ),
        (synonymes.CIVILITES, lecture.lire_civilite),
        (synonymes.RESIDENCES, lecture.lire_residence),
    ],
)
def test_every_synonym_is_in_normal_form_and_read(table, lire):
    for ecrit, lu in table.items():
        assert normaliser(ecrit) == ecrit
        assert lire(ecrit) == lu
        assert lire(f"  {ecrit.upper()} ") == lu


def test_every_title_is_read_as_its_information():
    for champ, liste in titres.TITRES.items():
        for titre in liste:
            assert normaliser(titre) == titre
            assert reconnaitre_titre(titre)[0] == champ, titre
            assert reconnaitre_titre(titre.upper().replace(" ", "_"))[0] == champ


@pytest.mark.parametrize(
    ("titre", "champ"),
    [
        ("Date nomination", "date_jugement"),
        ("N° RG", "numero_rg"),
        ("Nº dossier", "numero_dossier"),
        ("Né(e) en", "annee_naissance"),
        ("Civ.", "civilite"),
        ("CP", "code_postal"),
        ("Juridiction", "tribunal"),
        ("Date du jugement (jj/mm/aaaa)", "date_jugement"),
        ("Tribunal *", "tribunal"),
        ("Lieu de résidense", "lieu_vie"),
        ("Obs.", ""),
        ("Montant", ""),
        ("NOM Prénom", NOMS),
        ("Nom", NOMS),
        ("Majeur protégé", NOMS),
        ("Prénoms du majeur", NOMS),
        ("Nom du tribunal", "tribunal"),
        ("Nombre", ""),
    ],
)
def test_titles(titre, champ):
    assert reconnaitre_titre(titre)[0] == champ


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [(1950, 1950), (1950.0, 1950), ("1950", 1950), ("1950,0", 1950), ("12/03/1950", 1950), (date(1950, 3, 12), 1950)],
)
def test_years(ecrit, lu):
    assert dates.lire_annee(ecrit, JOUR) == lu


@pytest.mark.parametrize("ecrit", ["46", 46, "12/03/46", "1850", "2030", "Dupont", "19500", -1])
def test_doubtful_years_are_never_guessed(ecrit):
    with pytest.raises(Illisible):
        dates.lire_annee(ecrit, JOUR)


@pytest.mark.parametrize(
    ("ecrit", "lieu"),
    [
        ("À domicile", LieuVie.DOMICILE),
        ("EHPAD", LieuVie.ETABLISSEMENT),
        ("EHPAD Les Glycines", LieuVie.ETABLISSEMENT),
        ("SDF", LieuVie.SDF),
        ("Établissement avec conservation du domicile", LieuVie.ETABLISSEMENT_DOMICILE),
        ("etablissement_conservation_domicile", LieuVie.ETABLISSEMENT_DOMICILE),
    ],
)
def test_residences(ecrit, lieu):
    assert lecture.lire_residence(ecrit)[0] == lieu


@pytest.mark.parametrize(
    "ecrit", [None, "", "  ", "-", "—", "?", "N/A", "#N/A", "néant", "NC", "\u00a0", "…", "inconnu", "null", "x" * 0]
)
def test_ways_to_write_nothing(ecrit):
    assert vide(ecrit)


@pytest.mark.parametrize("ecrit", [0, "0", "🏠", "שלום", "x", "non", False])
def test_what_is_not_nothing(ecrit):
    assert not vide(ecrit)


@pytest.mark.parametrize(
    ("ecrit", "lu"), [("RG 17/A/00775", "RG 17/A/00775"), (21.0, "21"), (" 21B00167 ", "21B00167")]
)
def test_rg_are_kept_as_typed(ecrit, lu):
    assert lecture.lire_numero_rg(ecrit) == lu


@pytest.mark.parametrize("ecrit", ["x" * 41, "DURAND", "2,1E+10", "Mme Durand 12"])
def test_what_is_no_rg(ecrit):
    with pytest.raises(Illisible):
        lecture.lire_numero_rg(ecrit)


@pytest.mark.parametrize("ecrit", ["DURAND Paul", "durand", "Mme D.", "2021-034 Durand", "Durand P.", "durand paul"])
def test_references_that_read_like_names(ecrit):
    assert confidences.semble_un_nom(ecrit)


@pytest.mark.parametrize("ecrit", ["2021-034", "TUT-12", "AB1234", "dossier 12", 2021, None, "12/B", "A-12-C"])
def test_references_that_do_not(ecrit):
    assert not confidences.semble_un_nom(ecrit)


@given(CELLULES)
def test_readers_answer_or_say_why(cellule):
    """Any cell at all: a value of the right kind, or Illisible with a reason and a remedy. Nothing else."""
    attendus = [
        (lambda v: dates.lire_date_jugement(v, JOUR), lambda r: date(1950, 1, 1) <= r <= JOUR),
        (lambda v: dates.lire_annee(v, JOUR), lambda r: 1900 <= r <= 2026),
        (lecture.lire_nature, lambda r: r[0] in Nature.values),
        (lecture.lire_champ, lambda r: r in Champ.values),
        (lecture.lire_civilite, lambda r: r in {"madame", "monsieur"}),
        (lecture.lire_residence, lambda r: r[0] in LieuVie.values),
        (lecture.lire_numero_rg, lambda r: 0 < len(r) <= 40),
        (lecture.lire_numero_dossier, lambda r: len(r) <= 40),
        (lecture.lire_cabinet, lambda r: len(r) <= 40),
        (vide, lambda r: isinstance(r, bool)),
        (confidences.semble_un_nom, lambda r: isinstance(r, bool)),
        (lambda v: montrer("nature", v), lambda r: len(r) <= 40),
    ]
    for lire, juste in attendus:
        try:
            resultat = lire(cellule)
        except Illisible as erreur:
            resultat, juste = erreur, lambda e: e.pourquoi and e.a_ecrire and not e.pourquoi.endswith(".")
        assert juste(resultat)


@given(st.dates(date(1950, 1, 1), JOUR), st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %m %Y"]))
def test_any_day_survives_any_writing(jour, forme):
    assert dates.lire_date_jugement(jour.strftime(forme), JOUR) == jour


@given(st.text(max_size=30))
def test_any_title_gets_an_answer(titre):
    champ, _ = reconnaitre_titre(titre)
    assert champ in {"", NOMS, *titres.TITRES}
