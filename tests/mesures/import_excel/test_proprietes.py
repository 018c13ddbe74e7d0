"""Properties of the readers of words, and of all of them: what holds for any cell, not for a few examples.

The same examples at each run (derandomize): a failure here is a failure everywhere.
"""

import time
from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from emjpm.commun.texte import normaliser
from mesures.enums import Champ, LieuVie, Nature, Pays
from mesures.import_excel import confidences, dates, lecture, lieux, synonymes, titres
from mesures.import_excel.cellule import Illisible, texte, vide
from mesures.import_excel.colonnes import NOMS, reconnaitre_titre
from mesures.import_excel.confidences import montrer
from mesures.import_excel.reperes import cle_commune
from mesures.numero_rg import forme_normale

from .strategies import BEAUCOUP, CELLULES, ESPACES, JOUR, PEU, habille, lire_ou_dire

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
