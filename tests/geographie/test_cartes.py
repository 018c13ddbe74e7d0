"""The maps: right place, right shape, pins that do not hide each other."""

import itertools
import math
import re

import pytest
from django.template.loader import render_to_string

from emjpm.geographie.cartes import ECART_REPERES, Repere, carte_departement, carte_locale
from tests import factories

METZ, FORT_DE_FRANCE, PAPEETE = (49.1196, 6.1763), (14.6037, -61.0594), (-17.5333, -149.5667)
pytestmark = pytest.mark.django_db


def test_pins_never_cover_each_other_and_the_same_pins_give_the_same_map():
    reperes = [Repere(*METZ, numero=n) for n in range(1, 9)]
    reperes += [Repere(METZ[0] + 0.001 * n, METZ[1], numero=8 + n) for n in range(1, 6)]
    carte, encore = (carte_locale(reperes, METZ, 30) for _ in range(2))
    assert [(p.x, p.y) for p in carte.places] == [(p.x, p.y) for p in encore.places]
    for a, b in itertools.combinations(carte.places, 2):
        assert math.hypot(a.x - b.x, a.y - b.y) > ECART_REPERES - 3
    assert all(place.ecarte for place in carte.places if (place.repere.latitude, place.repere.longitude) == METZ)


def test_distances_on_the_map_are_those_of_the_ground():
    nord = Repere(METZ[0] + 10 / 111.195, METZ[1], numero=1)  # 10 km north
    carte = carte_locale([nord], METZ, 30)
    cercle = next(c for c in carte.cercles if c.rayon_km == 10)
    place = carte.places[0]
    longueur = math.hypot(place.x_vrai - carte.origine[0], place.y_vrai - carte.origine[1])
    assert longueur == pytest.approx(cercle.r, rel=0.01)
    assert place.y_vrai < carte.origine[1]  # north is up


@pytest.mark.parametrize(("centre", "code"), [(METZ, "57"), (FORT_DE_FRANCE, "972"), (PAPEETE, "987")])
def test_it_draws_anywhere_in_france(centre, code):
    carte = carte_locale([Repere(*centre, numero=1, libelle="N° 1")], centre, 25, departement=code)
    svg = render_to_string("composants/carte_locale.html", {"carte": carte, "titre": "Carte"})
    assert 'href="#r1"' in svg
    assert re.search(r'class="em-plan__origine" d="M[\d. ]+l9 9', svg)
    assert "," not in "".join(re.findall(r' (?:d|x|y|cx|cy|r)="([^"]*)"', svg))  # never a decimal comma in a drawing
    assert bool(carte.terres) == (code != "987")


def test_outlines_stay_near_the_frame():
    for terre in carte_locale([], METZ, 20).terres:
        nombres = [float(n) for n in re.findall(r"-?[\d.]+", terre.chemin)]
        assert all(-10 <= n <= 480 for n in nombres)


def test_what_is_too_far_is_told():
    carte = carte_locale([Repere(*METZ, numero=1), Repere(48.85, 2.35, numero=2)], METZ, 25)
    assert carte.hors_cadre == [2]


def test_one_query_and_towns_named_without_overlap(django_assert_num_queries):
    for nom in factories.LIEUX:
        factories.commune(nom)
    with django_assert_num_queries(1):
        carte = carte_locale([], METZ, 45)
    assert {"Thionville", "Saint-Avold"} <= {v.nom for v in carte.villes}


def test_the_departement_of_a_place():
    carte = carte_departement("57", *METZ, "Metz")
    assert [t.code for t in carte.terres if t.zone] == ["57"]
    assert any(v.forte and v.nom == "Metz" for v in carte.villes)
    assert carte_departement("987", *PAPEETE, "Papeete") is None
