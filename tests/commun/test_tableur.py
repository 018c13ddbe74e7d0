"""What leaves as a workbook opens with the right values and runs nothing."""

import datetime
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emjpm.commun.tableur import Feuille, classeur_xlsx, neutraliser, nom_de_feuille, reponse_csv, reponse_xlsx


def relire(feuilles):
    return openpyxl.load_workbook(io.BytesIO(classeur_xlsx(feuilles)))


@pytest.mark.parametrize(
    "texte",
    ["=1+1", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "+cmd", "-a", "\u00a0=1"],
)
def test_what_could_run_is_made_plain(texte):
    cellule = relire([Feuille("F", ["a"], [[texte]])]).active["A2"]
    assert cellule.data_type == "s"
    assert cellule.value.startswith("'")


@pytest.mark.parametrize(
    "texte",
    ["-4", "+33 1 99 00 41 27", "−4", "-", "- 1 200,50 €", "-3 %", "21B00167", "a=b", "01000", "+33199004127", "(=)"],
)
def test_legitimate_values_are_not_spoiled(texte):
    assert relire([Feuille("F", ["a"], [[texte]])]).active["A2"].value == texte


@given(st.text(max_size=40))
def test_no_text_survives_as_a_formula(texte):
    sur = neutraliser(texte)
    assert not sur.lstrip().startswith(("=", "@", "\t"))
    assert sur.endswith(neutraliser(texte)[-1:])


def test_types_are_kept():
    ligne = [-4, 3.5, datetime.date(2021, 3, 12), True, None, datetime.date(1850, 1, 2), 10**20, float("nan")]
    rangee = [c.value for c in relire([Feuille("F", list("abcdefgh"), [ligne])]).active[2]]
    assert rangee[:2] == [-4, 3.5]
    assert rangee[2] == datetime.datetime(2021, 3, 12)
    assert rangee[3:] == ["oui", None, "02/01/1850", "100000000000000000000", "nan"]


def test_notes_stand_above_the_headers_and_titles_are_bounded():
    classeur = relire([Feuille("a/b:c" * 20, ["t"], [["x"]], notes=["=note"]), Feuille("a/b:c" * 20, ["t"], [])])
    assert [c.value for c in classeur.active["A"]] == ["'=note", "t", "x"]
    assert len(classeur.sheetnames) == 2
    assert nom_de_feuille("Mesures", ["mesures"]) == "Mesures (2)"


def test_downloads():
    feuille = Feuille("F", ["n°", "d"], [["=1", datetime.date(2021, 3, 12)], ['é;"', 1.5]])
    reponse = reponse_csv("Mesures éteintes", feuille)
    assert reponse["Content-Disposition"] == 'attachment; filename="mesures-eteintes.csv"'
    assert reponse.content.decode("utf-8-sig") == 'n°;d\r\n\'=1;12/03/2021\r\n"é;""";1,5\r\n'
    assert reponse_xlsx("é", [feuille])["Content-Disposition"].endswith('"e.xlsx"')
    assert relire([]).sheetnames == ["Feuille"]
