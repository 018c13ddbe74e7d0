"""Properties of each reader of values: what holds for any cell, not for a few examples.

The same examples at each run (derandomize): a failure here is a failure everywhere.
"""

import datetime
import time
import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from emjpm.commun.texte import normaliser, propre
from mesures.enums import Champ, LieuVie, Nature, Pays
from mesures.import_excel import confidences, dates, lecture, lieux, synonymes, titres
from mesures.import_excel.cellule import Illisible, texte, vide
from mesures.import_excel.colonnes import NOMS, reconnaitre_titre
from mesures.import_excel.controles import montrer
from mesures.import_excel.reperes import Reperes, cle_commune
from mesures.import_excel.tribunal import lire_tribunal
from mesures.numero_rg import forme_habituelle, forme_normale
from tribunaux.models import Tribunal

from .corpus.base import referentiel  # noqa: F401

JOUR = date(2026, 11, 23)
PEU = settings(
    derandomize=True, print_blob=True, deadline=None, database=None, max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
BEAUCOUP = settings(PEU, max_examples=250)
ESPACES = ("", " ", "  ", "\u00a0", "\u202f", " \u00a0 ", "\t", "\n", "\u2009")

CELLULES = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=80),
    st.text(alphabet="0123456789/.,-+eE \u00a0\u200b'()n°RGrgé", max_size=24),
    st.integers(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.from_regex(r"\A\d{1,5}[/.\- ]\d{1,2}[/.\- ]\d{1,5}\Z"),
    st.from_regex(r"\A[^\W\d_]{1,20}( [^\W\d_]{1,20}){0,3}\Z"),
)


@st.composite
def habille(draw, texte: str) -> str:
    """The same words as somebody else would type them: case, accents, spaces, punctuation around."""
    mots = texte.split(" ")
    separateurs = [draw(st.sampled_from((" ", "  ", "\u00a0", " \u00a0", "\u202f"))) for _ in mots]
    texte = "".join(m + s for m, s in zip(mots, separateurs, strict=True)).rstrip()
    if draw(st.booleans()):
        texte = "".join(c for c in unicodedata.normalize("NFD", texte) if not unicodedata.combining(c))
    else:
        texte = unicodedata.normalize(draw(st.sampled_from(("NFC", "NFD"))), texte)
    texte = draw(st.sampled_from((str, str.upper, str.lower, str.title)))(texte)
    return draw(st.sampled_from(ESPACES)) + texte + draw(st.sampled_from((*ESPACES, ".", " :", "\u200b")))


def lire_ou_dire(lecteur, valeur):
    """The value, or the Illisible; anything else raised is the failure of the test."""
    try:
        return lecteur(valeur)
    except Illisible as erreur:
        return erreur


# --- Dates ----------------------------------------------------------------------------------------
MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
ECRITURES = (
    lambda d: d,
    lambda d: datetime.datetime(d.year, d.month, d.day, 23, 59),
    lambda d: f"{d:%d/%m/%Y}",
    lambda d: f"{d.day}/{d.month}/{d.year}",
    lambda d: f"{d:%d.%m.%Y}",
    lambda d: f"{d:%d-%m-%Y}",
    lambda d: f"{d:%d %m %Y}",
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d:%Y-%m-%d} 00:00:00",
    lambda d: f"{d:%Y-%m-%d}T12:30:00",
    lambda d: f"{d:%d/%m/%Y} 08:15",
    lambda d: f"{d.day}{'er' if d.day == 1 else ''} {MOIS[d.month - 1]} {d.year}",
    lambda d: f"{d.day} {MOIS[d.month - 1].upper()} {d.year}",
    lambda d: f"le {d.day} {MOIS[d.month - 1]} {d.year}",
    lambda d: (d - date(1899, 12, 30)).days,
    lambda d: float((d - date(1899, 12, 30)).days) + 0.25,
    lambda d: str((d - date(1899, 12, 30)).days),
)


@PEU
@given(st.dates(date(1950, 1, 1), JOUR), st.sampled_from(ESPACES), st.sampled_from(ESPACES))
@example(date(2024, 2, 29), "", "")
@example(date(2000, 1, 1), "\u200e", "\u200b")
@example(JOUR, "", "")
def test_every_way_to_write_a_day_reads_as_that_day(jour, avant, apres):
    for ecrire in ECRITURES:
        ecrit = ecrire(jour)
        if isinstance(ecrit, str):
            ecrit = f"{avant}{ecrit}{apres}"
        assert dates.lire_date_jugement(ecrit, JOUR) == jour, repr(ecrit)


@PEU
@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_a_year_of_two_digits_never_falls_in_the_future(jour):
    lu = lire_ou_dire(lambda v: dates.lire_date_jugement(v, JOUR), f"{jour:%d/%m/%y}")
    if isinstance(lu, date):
        assert lu <= JOUR
        assert (lu.day, lu.month, lu.year % 100) == (jour.day, jour.month, jour.year % 100)


@PEU
@given(st.integers(0, 99), st.integers(0, 99), st.integers(1950, 2026))
def test_a_day_that_does_not_exist_is_never_another_day(jour, mois, annee):
    """« 31/02/2020 » is not 2 March, « 12/25/2020 » is not 25 December."""
    lu = lire_ou_dire(lambda v: dates.lire_date(v, JOUR), f"{jour:02}/{mois:02}/{annee}")
    if isinstance(lu, date):
        assert (lu.day, lu.month, lu.year) == (jour, mois, annee)
    else:
        with pytest.raises(ValueError):
            date(annee, mois, jour)


@PEU
@given(st.dates(JOUR + datetime.timedelta(1), date(2199, 12, 31)))
def test_the_future_is_told(jour):
    for ecrire in ECRITURES:
        lu = lire_ou_dire(lambda v: dates.lire_date_jugement(v, JOUR), ecrire(jour))
        assert isinstance(lu, Illisible)


@PEU
@given(st.dates(date(1950, 1, 2), JOUR), st.dates(date(1950, 1, 2), JOUR))
def test_serial_numbers_keep_the_order_of_days(un, autre):
    numero = [float((d - date(1899, 12, 30)).days) for d in (un, autre)]
    lus = [dates.lire_date(n, JOUR) for n in numero]
    assert (lus[0] < lus[1]) == (un < autre)


# --- Words: natures, champs, civilités, résidences -----------------------------------------------------
TABLES = (
    (synonymes.NATURES, lambda v: lecture.lire_nature(v)[0]),
    (synonymes.CHAMPS, lecture.lire_champ),
    (synonymes.CIVILITES, lecture.lire_civilite),
    (synonymes.RESIDENCES, lecture.lire_residence),
)
LIBELLES = (
    *((n.label, lecture.lire_nature, (n, "")) for n in Nature),
    *((f"{n.label} {c.label}", lecture.lire_nature, (n, c)) for n in Nature if n not in {Nature.AD_HOC} for c in Champ),
    *((c.label, lecture.lire_champ, c) for c in Champ),
    *((li.label, lambda v: lecture.lire_residence(v)[0], li) for li in LieuVie),
    ("Madame", lecture.lire_civilite, "madame"),
    ("Monsieur", lecture.lire_civilite, "monsieur"),
)


@BEAUCOUP
@given(st.data())
def test_every_synonym_in_any_dress(data):
    table, lecteur = data.draw(st.sampled_from(TABLES))
    mot = data.draw(st.sampled_from(sorted(table)))
    assert lecteur(data.draw(habille(mot))) == table[mot]


@BEAUCOUP
@given(st.data())
def test_every_label_of_ours_in_any_dress(data):
    libelle, lecteur, lu = data.draw(st.sampled_from(LIBELLES))
    assert lecteur(data.draw(habille(libelle))) == lu


@PEU
@given(st.sampled_from([*Nature.values, *Champ.values, *LieuVie.values]))
def test_every_stored_key_is_read_as_itself(cle):
    lecteur = (
        (lambda v: lecture.lire_nature(v)[0]) if cle in Nature.values
        else lecture.lire_champ if cle in Champ.values
        else lambda v: lecture.lire_residence(v)[0]
    )  # fmt: skip
    assert lecteur(cle) == cle


@PEU
@given(st.sampled_from(sorted(synonymes.NATURES)), st.sampled_from(["z", "zz ", " de", "xx", " bis"]))
def test_a_refused_type_stays_refused(nature, queue):
    """No tail of letters turns « habilitation familiale » into a measure."""
    for refusee in synonymes.NATURES_REFUSEES:
        for ecrit in (refusee, refusee.upper(), f" {refusee} "):
            assert isinstance(lire_ou_dire(lecture.lire_nature, ecrit), Illisible)
    lu = lire_ou_dire(lecture.lire_nature, nature + queue)
    assert (
        isinstance(lu, Illisible)
        or lu[0] == synonymes.NATURES[nature]
        or f"{nature}{queue}".strip() in synonymes.NATURES
    )


def test_no_normal_form_means_two_things():
    """The tables of words are functions of the normal form: none hides another."""
    for table in (synonymes.NATURES, synonymes.CHAMPS, synonymes.CIVILITES, synonymes.RESIDENCES, synonymes.PAYS):
        formes = [normaliser(mot) for mot in table]
        assert len(formes) == len(set(formes))
        assert "" not in formes
        assert not set(formes) & (synonymes.VIDES - {""})


# --- Years of birth -----------------------------------------------------------------------------------
@PEU
@given(st.dates(date(1900, 1, 1), JOUR), st.sampled_from(ESPACES))
def test_every_way_to_write_a_year(jour, espace):
    annee = jour.year
    if annee == 1905:  # in a cell of dates, a year of birth that Excel changed: a fault, tried below
        jour = jour.replace(year=1906)
        annee = 1906
    for ecrit in (annee, float(annee), str(annee), f"{annee}.0", f"{annee},0", f"{espace}{annee}{espace}", jour,
                  datetime.datetime(annee, jour.month, jour.day), f"{jour:%d/%m/%Y}", f"{jour:%Y-%m-%d}"):  # fmt: skip
        assert dates.lire_annee(ecrit, JOUR) == annee, repr(ecrit)


@PEU
@given(st.integers(0, 99), st.dates(date(1900, 1, 1), JOUR))
def test_two_digits_are_never_guessed(annee, jour):
    for ecrit in (annee, float(annee), str(annee), f"{annee:02}", f"{jour:%d/%m/%y}", f"{jour:%d.%m.%y}"):
        assert isinstance(lire_ou_dire(lambda v: dates.lire_annee(v, JOUR), ecrit), Illisible), repr(ecrit)


# --- RG -----------------------------------------------------------------------------------------------
NUMEROS = st.builds(
    lambda annee, lettre, ordre: (f"{annee:02}", lettre, f"{ordre:05}"),
    st.integers(0, 99), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), st.integers(0, 99999),
)  # fmt: skip
SUFFIXES = st.one_of(st.just(""), st.integers(0, 999).map(str))
SEPARATEURS = st.sampled_from(["", "/", " ", "-", ".", "_", " / ", "\u00a0"])
PREFIXES = st.sampled_from(["", "RG ", "R.G. ", "RG n° ", "N° ", "n° RG ", "RG: ", "rg ", "RG\u00a0"])


@BEAUCOUP
@given(NUMEROS, SUFFIXES, PREFIXES, SEPARATEURS, SEPARATEURS, st.booleans(), st.sampled_from("-/ ."))
def test_one_number_in_any_writing_has_one_form(numero, suffixe, prefixe, un, deux, bas, tiret):
    annee, lettre, ordre = numero
    attendu = f"{annee}{lettre}{ordre}" + (f"-{suffixe}" if suffixe else "")
    ecrit = f"{prefixe}{annee}{un}{lettre.lower() if bas else lettre}{deux}{ordre}" + (
        tiret + suffixe if suffixe else ""
    )
    assert forme_normale(ecrit) == attendu
    assert forme_habituelle(ecrit)
    assert forme_normale(lecture.lire_numero_rg(ecrit)) == attendu


@BEAUCOUP
@given(NUMEROS, SUFFIXES, NUMEROS, SUFFIXES)
def test_two_different_numbers_are_never_merged(un, suffixe, autre, autre_suffixe):
    assume((un, suffixe) != (autre, autre_suffixe))
    formes = {forme_normale("/".join(n) + (f"-{s}" if s else "")) for n, s in ((un, suffixe), (autre, autre_suffixe))}
    assert len(formes) == 2


@BEAUCOUP
@given(st.text("0123456789ABCXYZ", min_size=1, max_size=14), st.text("0123456789ABCXYZ", min_size=1, max_size=14))
@example("12345678", "123456789")
@example("21B00167", "21B001670")
@example("0021B00167", "21B00167")
@example("RG1", "1")
def test_unusual_numbers_are_never_merged_either(un, autre):
    """Nothing is cut, padded, or taken off: only the separators, the case and the word RG do not count."""
    assume(un != autre and {un, autre} != {"RG1", "1"})
    assert forme_normale(un) != forme_normale(autre)


@BEAUCOUP
@given(st.lists(st.text("0123456789ABZ", min_size=1, max_size=5), min_size=2, max_size=4),
       st.lists(st.text("0123456789ABZ", min_size=1, max_size=5), min_size=2, max_size=4))  # fmt: skip
def test_the_parts_of_a_number_stay_apart(un, autre):
    """« 1-23 » and « 12-3 » are two; only the regular form may be written without its separators."""
    assume(un != autre)
    formes = [forme_normale("-".join(parts)) for parts in (un, autre)]
    if not any(forme_habituelle("-".join(parts)) for parts in (un, autre)):
        assert formes[0] != formes[1]


@BEAUCOUP
@given(st.text(max_size=50))
def test_the_form_of_a_form_is_itself(numero):
    forme = forme_normale(numero)
    assert forme_normale(forme) == forme
    assert forme == "" or propre(numero)


@BEAUCOUP
@given(NUMEROS, SUFFIXES, st.sampled_from(["\u200b", "\ufeff", "\u00ad", "\u200e", "\u2060"]), st.integers(0, 8))
def test_an_invisible_character_makes_no_other_number(numero, suffixe, invisible, ou):
    ecrit = "".join(numero) + (f"-{suffixe}" if suffixe else "")
    sali = ecrit[:ou] + invisible + ecrit[ou:]
    assert forme_normale(lecture.lire_numero_rg(sali)) == forme_normale(ecrit)


@PEU
@given(st.text(max_size=60))
def test_a_number_is_kept_as_typed_or_refused(numero):
    lu = lire_ou_dire(lecture.lire_numero_rg, numero)
    if isinstance(lu, str):
        assert [c for c in lu if c.isalnum()] == [c for c in unicodedata.normalize("NFC", numero) if c.isalnum()]


# --- Names --------------------------------------------------------------------------------------------
NOMS_DE_FAMILLE = st.sampled_from(
    "DURAND Durand MARTIN Lefèvre KANARIOVSKI Noël Ben-Youssef O’Brien Müller Nguyen".split()
)
PRENOMS = st.sampled_from("Paul Jean-Marie Zoé André Chloé Ali Françoise Łukasz".split())


@PEU
@given(NOMS_DE_FAMILLE, PRENOMS, st.sampled_from(("{n} {p}", "{p} {n}", "Mme {n}", "M. {n}", "{n}, {p}", "Monsieur {p} {n}", "{n}  {p}",
                                                  "M {n}", "Mlle {n} {p}", "{n}")))  # fmt: skip
def test_a_name_is_never_kept(nom, prenom, forme):
    ecrit = forme.format(n=nom, p=prenom)
    assert confidences.semble_un_nom(ecrit)
    assert confidences.semble_un_nom(ecrit.upper())
    assert nom not in montrer("numero_dossier", ecrit)
    for lecteur in (lecture.lire_numero_rg, lecture.lire_civilite, lecture.lire_nature, lecture.lire_residence):
        lu = lire_ou_dire(lecteur, ecrit)
        assert isinstance(lu, Illisible)
        assert nom not in lu.pourquoi + lu.a_ecrire


@PEU
@given(
    NOMS_DE_FAMILLE,
    PRENOMS,
    st.sampled_from("nature civilite lieu_vie date_jugement annee_naissance numero_rg numero_dossier".split()),
)
def test_a_name_is_never_shown(nom, prenom, champ):
    for ecrit in (f"{nom} {prenom}", f"Mme {nom}", f"M. {prenom} {nom}"):
        assert nom not in montrer(champ, ecrit)


@PEU
@given(st.one_of(st.integers(), st.floats(allow_nan=False), st.from_regex(r"\A\d{1,6}([-/ ]\d{1,6}){0,2}\Z"),
                 st.from_regex(r"\A[A-Z]{1,3}[-/ ]?\d{1,8}\Z")))  # fmt: skip
def test_a_plain_reference_is_no_name(reference):
    assert not confidences.semble_un_nom(reference)


# --- Nothing -------------------------------------------------------------------------------------------
@PEU
@given(st.sampled_from(("", "-", "--", "—", "?", "N/A", "n/a", "#N/A", "néant", "NC", "…", "null", "inconnu", "/", "*")),
       st.sampled_from((*ESPACES, "\u200b", "\ufeff")), st.sampled_from((str, str.upper, str.lower)))  # fmt: skip
def test_every_way_to_write_nothing(rien, espace, casse):
    assert vide(f"{espace}{casse(rien)}{espace}")


@BEAUCOUP
@given(CELLULES)
def test_what_is_nothing_is_read_as_nothing_else(cellule):
    """A cell taken for empty holds no information a reader would have understood."""
    if vide(cellule):
        for lecteur in (lambda v: dates.lire_date(v, JOUR), lambda v: dates.lire_annee(v, JOUR), lecture.lire_nature,
                        lecture.lire_champ, lecture.lire_civilite, lecture.lire_residence, lecture.lire_numero_rg):  # fmt: skip
            assert isinstance(lire_ou_dire(lecteur, cellule), Illisible)


# --- Totality --------------------------------------------------------------------------------------------
LECTEURS = (
    (lambda v: dates.lire_date_jugement(v, JOUR), lambda r: date(1950, 1, 1) <= r <= JOUR and type(r) is date),
    (lambda v: dates.lire_date(v, JOUR), lambda r: type(r) is date),
    (lambda v: dates.lire_annee(v, JOUR), lambda r: 1900 <= r <= 2026 and type(r) is int),
    (lecture.lire_nature, lambda r: r[0] in Nature.values and r[1] in {"", *Champ.values}),
    (lecture.lire_champ, lambda r: r in Champ.values),
    (lecture.lire_civilite, lambda r: r in {"madame", "monsieur"}),
    (lecture.lire_residence, lambda r: r[0] in LieuVie.values),
    (lecture.lire_numero_rg, lambda r: 0 < len(r) <= 40 and r == r.strip()),
    (lecture.lire_numero_dossier, lambda r: len(r) <= 40),
    (lecture.lire_cabinet, lambda r: len(r) <= 40),
    (texte, lambda r: isinstance(r, str) and r == r.strip() and "\n" not in r and "\x00" not in r),
    (vide, lambda r: isinstance(r, bool)),
    (confidences.semble_un_nom, lambda r: isinstance(r, bool)),
    (confidences.masquer, lambda r: len(r) <= 40),
    (lambda v: montrer("ville", v), lambda r: len(r) <= 40),
    (forme_normale, lambda r: isinstance(r, str)),
    (lieux.analyser_code, lambda r: r is None or len(r.chiffres) in {4, 5}),
    (lieux.analyser_ville, lambda r: isinstance(r[0], str) and r[1] in {"", *Pays.values}),
    (cle_commune, lambda r: isinstance(r, str)),
    (reconnaitre_titre, lambda r: r[0] in {"", NOMS, *titres.TITRES}),
)


@BEAUCOUP
@given(CELLULES)
@example("1" * 500)
@example(10**400)
@example(float("nan"))
@example("9" * 4 + "/" + "9" * 4 + "/" + "9" * 400)
@example("²³/¹²/²⁰²⁰")
@example("٣١/٠١/٢٠٢٠")
@example("\ud800")
@example("a" * 500)
@example("( " * 250)
def test_any_cell_is_read_or_said_unreadable(cellule):
    """A value of the right kind, or Illisible with a reason and a remedy; nothing else, and quickly."""
    for lecteur, juste in LECTEURS:
        debut = time.monotonic()
        lu = lire_ou_dire(lecteur, cellule)
        assert time.monotonic() - debut < 10
        if isinstance(lu, Illisible):
            assert lu.pourquoi.strip()
            assert not lu.pourquoi.endswith(".")
            assert lu.a_ecrire.strip()
        else:
            assert juste(lu), (lecteur, lu)


@BEAUCOUP
@given(CELLULES)
def test_a_text_read_twice_is_the_same(cellule):
    lu = texte(cellule)
    assert texte(lu) == lu
    assert confidences.masquer(confidences.masquer(cellule)) == confidences.masquer(cellule)


# --- Titles ------------------------------------------------------------------------------------------------
@BEAUCOUP
@given(st.data())
def test_every_title_in_any_dress(data):
    champ = data.draw(st.sampled_from(sorted(titres.TITRES)))
    titre = data.draw(st.sampled_from(titres.TITRES[champ]))
    ecrit = data.draw(habille(titre))
    if data.draw(st.booleans()):
        ecrit = ecrit.strip().replace(" ", data.draw(st.sampled_from("_-./\n")))
    assert reconnaitre_titre(ecrit)[0] == champ, repr(ecrit)


@PEU
@given(st.data())
def test_a_title_that_announces_names_is_never_read(data):
    titre = data.draw(st.sampled_from((
        "Nom", "NOM Prénom", "Prénom", "Nom du majeur", "Nom de naissance", "Nom d'usage", "Majeur", "Majeur protégé", "Personne protégée",
        "Nom et prénom", "Prénoms", "Patronyme", "Identité",
    )))  # fmt: skip
    assert reconnaitre_titre(data.draw(habille(titre)))[0] == NOMS


# --- Postal codes and towns, against the whole of France -------------------------------------------------
@pytest.fixture(scope="module")
def reperes(referentiel):  # noqa: F811
    lus = Reperes(None, JOUR)
    lus.charger_communes(
        ["57000", "57950", "01000", "75012", "57050", "57530", "97400", "06000", "59000"],
        ["Metz", "Nancy", "Saint-Denis", "Bourg-en-Bresse"],
    )
    return lus


@pytest.mark.django_db
@PEU
@given(st.data())
def test_every_writing_of_a_code_and_its_town(reperes, data):
    code = data.draw(st.sampled_from(sorted(c for c in reperes.communes.du_code if reperes.communes.du_code[c])))
    lieu = data.draw(st.sampled_from(reperes.communes.du_code[code]))
    ecritures = [code, f"F-{code}", f"{code[:2]} {code[2:]}", f" {code}\u00a0", f"{code} CEDEX 05", f"{code[:2]}\u00a0{code[2:]}",
                 int(code), float(code)]  # fmt: skip
    adresse = lieux.lire_adresse(
        data.draw(st.sampled_from(ecritures)), data.draw(habille(lieu.nom)), None, reperes.communes
    )
    assert (adresse.pays, adresse.code_postal) == (Pays.FRANCE, code)
    assert reperes.communes.par_insee[adresse.commune].cle == lieu.cle


@pytest.mark.django_db
@BEAUCOUP
@given(CELLULES, CELLULES, st.one_of(st.none(), st.sampled_from(["France", "Belgique", "BE"]), CELLULES))
@example("57000", "Nancy", None)
@example(1000, "\ud800", None)
def test_any_address_is_read_or_asked(reperes, code, ville, pays):
    """Never a guess: what is read belongs to the code that is given back."""
    adresse = lire_ou_dire(lambda v: lieux.lire_adresse(*v, reperes.communes), (code, ville, pays))
    if isinstance(adresse, lieux.LieuIllisible):
        assert adresse.champ in {"code_postal", "ville", "pays"}
        assert adresse.pourquoi
        assert adresse.a_ecrire
        return
    if adresse is None:
        assert vide(code)
        assert vide(ville)
    elif adresse.pays == Pays.FRANCE:
        assert adresse.code_postal in reperes.communes.codes_de[adresse.commune]
    else:
        assert adresse.commune is None
        assert adresse.code_postal == "" or len(adresse.code_postal) == 4


@pytest.mark.django_db
@BEAUCOUP
@given(st.data())
def test_every_open_court_is_read_by_its_name(reperes, data):
    cour = data.draw(st.sampled_from([t for t in reperes.annuaire.tribunaux if not t.ferme_le]))
    lu, _ = lire_tribunal(data.draw(habille(cour.nom)), reperes)
    assert lu.pk == cour.pk


@pytest.mark.django_db
@PEU
@given(st.data())
def test_a_closed_court_is_read_as_an_open_one(reperes, data):
    cour = data.draw(st.sampled_from([t for t in reperes.annuaire.tribunaux if t.ferme_le]))
    lu = lire_ou_dire(lambda v: lire_tribunal(v, reperes), cour.nom)
    assert isinstance(lu, Illisible) or not lu[0].ferme_le


@pytest.mark.django_db
@PEU
@given(CELLULES)
@example("1.77501E+13")
@example(17750100000000)
@example("tribunal")
@example("\ud800")
def test_any_court_is_read_or_asked(reperes, cellule):
    lu = lire_ou_dire(lambda v: lire_tribunal(v, reperes), cellule)
    if not isinstance(lu, Illisible):
        assert isinstance(lu[0], Tribunal)
        assert not lu[0].ferme_le
