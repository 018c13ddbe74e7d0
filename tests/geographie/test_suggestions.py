"""/geographie/communes.json and the resolution of what is typed, on the few communes of the factories."""

import pytest
from django.test import Client

from emjpm.geographie.lieux import resoudre_lieu
from emjpm.geographie.models import CodePostal, Commune
from tests import factories


@pytest.fixture
def communes(db):
    for nom in factories.LIEUX:
        factories.commune(nom)
    moselle = factories.departement("57")
    for insee, nom, normal, population in [
        ("57447", "Marly", "marly", 10000),
        ("57999", "Le Ban-Saint-Martin", "le ban saint martin", 4000),
    ]:
        commune = Commune.objects.create(
            insee=insee,
            nom=nom,
            nom_normalise=normal,
            departement=moselle,
            population=population,
            latitude=49.1,
            longitude=6.1,
        )
        commune.codes_postaux.add(CodePostal.objects.get_or_create(code="57050")[0])


def suggestions(q):
    reponse = Client().get("/geographie/communes.json", {"q": q})
    assert reponse.status_code == 200
    return [c["libelle"] for c in reponse.json()["communes"]]


@pytest.mark.parametrize("q", ["met", "METZ", "metz 57", "57000", "Metz (57)", "métz"])
def test_anyone_finds_metz(communes, q):
    assert "Metz (57)" in suggestions(q)


@pytest.mark.parametrize("q", ["", "m", " ", "zzzz", "%", "_", "'; drop", "\u0000", "é" * 500])
def test_nothing_to_suggest(communes, q):
    assert suggestions(q) == []


def test_saint_and_articles_do_not_matter(communes):
    assert suggestions("st avold") == suggestions("Saint-Avold") == ["Saint-Avold (57)"]
    assert suggestions("ban st martin") == ["Le Ban-Saint-Martin (57)"]


def test_what_a_suggestion_holds(communes):
    reponse = Client().get("/geographie/communes.json", {"q": "fort de france"})
    assert reponse.json() == {
        "communes": [
            {
                "insee": "97209",
                "nom": "Fort-de-France",
                "departement": "972",
                "codes_postaux": ["97200"],
                "libelle": "Fort-de-France (972)",
            }
        ]
    }
    assert "public" in reponse["Cache-Control"]


def test_two_queries_however_many_communes(communes, django_assert_num_queries):
    with django_assert_num_queries(2):
        Client().get("/geographie/communes.json", {"q": "metz"})
    with django_assert_num_queries(2):
        Client().get("/geographie/communes.json", {"q": "57"})


def test_writing_is_refused(communes):
    assert Client().post("/geographie/communes.json").status_code == 405


def test_a_code_alone_is_its_largest_commune_a_wrong_name_is_asked(communes):
    assert resoudre_lieu("57050").lieu.nom == "Marly"
    assert resoudre_lieu("57050 Le Ban St Martin").lieu.nom == "Le Ban-Saint-Martin"
    assert resoudre_lieu("57050 Nancy").ambigu
    assert {lieu.nom for lieu in resoudre_lieu("57000 Nancy").choix} == {"Metz", "Nancy"}


def test_unknown_places_say_what_looks_like_them(communes):
    perdu = resoudre_lieu("thionvile")
    assert perdu.inconnu
    assert perdu.suggestions[0].nom == "Thionville"
    assert resoudre_lieu("57999").inconnu
    assert resoudre_lieu("").inconnu
