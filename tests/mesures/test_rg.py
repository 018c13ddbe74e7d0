"""The numéro RG: two writings of one number meet, two numbers never merge; and no name passes for a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesures.anonymat import ressemble_a_un_nom
from mesures.numero_rg import forme_habituelle, forme_normale


@pytest.mark.parametrize(
    ("saisi", "normal"),
    [
        ("21B00167", "21B00167"),
        ("21 b 00167", "21B00167"),
        ("RG 17/A/00775", "17A00775"),
        ("R.G. n° 17/A/00775", "17A00775"),
        ("17/A/00775-1", "17A00775-1"),
        ("17A00775 1", "17A00775-1"),
        ("17/A/00775-2", "17A00775-2"),
        ("17A0775", "17A0775"),
        ("170A00775", "170A00775"),
        ("12/34/56", "12-34-56"),
        ("", ""),
        (None, ""),
        (" \u00a0 ", ""),
    ],
)
def test_forme_normale(saisi, normal):
    assert forme_normale(saisi) == normal


@given(
    st.tuples(st.from_regex(r"\A\d{2}[A-Z]\d{5}\Z"), st.from_regex(r"\A\d{2}[A-Z]\d{5}\Z")),
    st.sampled_from(["", "RG ", "n° ", "rg n°"]),
    st.sampled_from(["", " ", "/", "-", "."]),
)
def test_jamais_deux_numeros_n_en_font_un(deux, prefixe, separateur):
    un, autre = deux
    ecrit = prefixe + separateur.join((un[:2], un[2].lower(), un[3:]))
    assert forme_normale(ecrit) == un
    assert (forme_normale(ecrit) == forme_normale(autre)) == (un == autre)
    assert forme_habituelle(ecrit)


@given(st.text(max_size=40))
def test_stable_quoi_qu_on_saisisse(brut):
    assert forme_normale(forme_normale(brut)) == forme_normale(brut)


@pytest.mark.parametrize("texte", ["Dupont", "Dupont Marie", "marie dupont", "DUPONT 12", "Mme D", "Jean-Pierre 2021"])
def test_ressemble_a_un_nom(texte):
    assert ressemble_a_un_nom(texte)


@pytest.mark.parametrize(
    "texte", ["", "2021-034", "TUT-2021-034", "21B00167", "RG 17/A/00775-1", "Dossier 12", "A12", "dup12", "n° 5", "C"]
)
def test_ne_ressemble_pas_a_un_nom(texte):
    assert not ressemble_a_un_nom(texte)
