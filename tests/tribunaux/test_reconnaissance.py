"""A court is found by what people and workbooks call it; never guessed between two."""

import datetime

import pytest

from tests import factories
from tribunaux.models import Tribunal
from tribunaux.reconnaissance import Annuaire, chercher, reconnaitre

pytestmark = pytest.mark.django_db


@pytest.fixture
def cours(db):
    metz = factories.tribunal("Metz", siret="17570111900059")
    thionville = factories.tribunal("Thionville")
    avold = factories.tribunal("Saint-Avold", Tribunal.Type.TPRX)
    ferme = {"ferme_le": datetime.date(2010, 1, 1)}
    bitche = Tribunal.objects.create(
        code="ancien-ti-bitche-57",
        nom="Tribunal d’instance de Bitche",
        nom_normalise="tribunal d instance de bitche",
        type=Tribunal.Type.TI,
        commune=thionville.commune,
        ville="Bitche",
        siret="17750111101383",
        successeur=thionville,
        **ferme,
    )
    return {"metz": metz, "thionville": thionville, "avold": avold, "bitche": bitche}


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("17570111900059", "metz"),
        ("175 701 119 00059", "metz"),
        ("tj-metz", "metz"),
        ("Tribunal judiciaire de Metz", "metz"),
        ("tribunal judiciaire METZ", "metz"),
        ("TJ Metz", "metz"),
        ("TJ de Metz", "metz"),
        ("METZ", "metz"),
        (" métz ", "metz"),
        ("Metz (57)", "metz"),
        ("Tribunal de grande instance de Metz", "metz"),
        ("TGI METZ", "metz"),
        ("Tribunal d'instance de Metz", "metz"),
        ("Juge des tutelles de Metz", "metz"),
        ("Tribunal d’instance de Saint-Avold", "avold"),
        ("TI ST AVOLD", "avold"),
        ("TP Saint-Avold", "avold"),
        ("Tribunal de proximité de Saint-Avold", "avold"),
        ("Tribunal d’instance de Bitche", "thionville"),
        ("TI Bitche", "thionville"),
        ("Bitche", "thionville"),
        ("17750111101383", "thionville"),
    ],
)
def test_it_is_found_and_answers_for_today(cours, texte, attendu):
    reconnu = chercher(texte)
    assert reconnu.tribunaux == [cours[attendu]]
    assert reconnu.sure


def test_the_siret_wins_over_the_name(cours):
    assert reconnaitre("Thionville", "17570111900059") == [cours["metz"]]
    assert reconnaitre("Thionville", "99999999999999") == [cours["thionville"]]


@pytest.mark.parametrize("texte", ["Tionville", "TJ Thionvile"])
def test_a_slip_is_proposed_not_decided(cours, texte):
    reconnu = chercher(texte)
    assert reconnu.tribunaux == [cours["thionville"]]
    assert not reconnu.sure


@pytest.mark.parametrize("texte", ["", "  ", None, "tribunal", "TJ", "Brest", "TJ Saint-Avold", "12", "x" * 5000])
def test_nothing_is_invented(cours, texte):
    assert not chercher(texte).sure


def test_two_courts_of_one_town_are_both_given_a_type_chooses(cours):
    tprx = factories.tribunal("Metz", Tribunal.Type.TPRX)
    assert reconnaitre("Metz") == [cours["metz"], tprx]
    assert reconnaitre("TP Metz") == [tprx]
    assert reconnaitre("TI Metz") == [tprx]
    assert reconnaitre("TGI Metz") == [cours["metz"]]


def test_one_query_for_a_whole_file(cours, django_assert_num_queries):
    with django_assert_num_queries(1):
        annuaire = Annuaire()
        for texte in ["TJ Metz", "TI Bitche", "Tionville", "Brest"] * 50:
            reconnaitre(texte, annuaire=annuaire)
