"""What the rank promises, whoever is ranked: nobody hidden, room first, the unknown last, the same pages every time."""

import datetime
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesures.disponibilite import Disponibilite
from mesures.recherche import Candidat, Ordre, trier

REPRISE = datetime.date(2027, 1, 5)


@st.composite
def un_candidat(draw, pk: int = 0) -> Candidat:
    nom = draw(st.sampled_from(["abel", "bruno", "zoe"]))
    capacite = draw(st.none() | st.integers(0, 6))
    pause = draw(st.booleans())
    distance = draw(st.none() | st.floats(0, 900, allow_nan=False))
    candidat = Candidat(pk, "individuel", nom, nom, capacite, pause, REPRISE if pause else None, "", distance)
    en_cours, en_attente = draw(st.integers(0, 6)), draw(st.integers(0, 3))
    candidat.dispo = Disponibilite(capacite, en_cours, en_attente, pause, candidat.pause_fin)
    return candidat


@st.composite
def des_candidats(draw) -> list[Candidat]:
    return [draw(un_candidat(pk)) for pk in range(1, draw(st.integers(0, 14)) + 1)]


ordres = pytest.mark.parametrize("ordre", Ordre.values)


@ordres
@given(candidats=des_candidats())
@settings(deadline=None)
def test_nobody_is_hidden_nor_shown_twice(ordre, candidats):
    assert sorted(c.pk for c in trier(candidats, ordre)) == sorted(c.pk for c in candidats)


@ordres
@given(candidats=des_candidats(), graine=st.integers())
@settings(deadline=None)
def test_the_order_they_are_read_in_changes_nothing(ordre, candidats, graine):
    meles = list(candidats)
    random.Random(graine).shuffle(meles)
    assert [c.pk for c in trier(meles, ordre)] == [c.pk for c in trier(candidats, ordre)]


@given(candidats=des_candidats())
@settings(deadline=None)
def test_room_comes_before_full_over_paused_and_unknown(candidats):
    avec_place = [c.dispo.a_de_la_place for c in trier(candidats)]
    assert avec_place == sorted(avec_place, reverse=True)
    for c in candidats:
        attendu = not c.pause and c.capacite is not None and c.capacite > c.dispo.en_cours + c.dispo.en_attente
        assert c.dispo.a_de_la_place is attendu


@given(candidats=des_candidats())
@settings(deadline=None)
def test_the_nearest_first_and_an_unknown_position_last_of_its_group(candidats):
    for place in (True, False):
        groupe = [c for c in trier(candidats) if c.dispo.a_de_la_place is place]
        assert [c.km for c in groupe] == sorted(c.km for c in groupe)
        inconnues = [c.distance is None for c in groupe]
        assert inconnues == sorted(inconnues)


@given(candidats=des_candidats())
@settings(deadline=None)
def test_at_the_same_kilometre_the_most_room_then_the_name(candidats):
    groupe = [c for c in trier(candidats) if c.dispo.a_de_la_place]
    for avant, apres in itertools.pairwise(groupe):
        if avant.km == apres.km:
            assert (-avant.places, avant.nom_normalise, avant.pk) < (-apres.places, apres.nom_normalise, apres.pk)


@given(candidats=des_candidats())
@settings(deadline=None)
def test_by_distance_alone_room_counts_for_nothing(candidats):
    distances = [float("inf") if c.distance is None else c.distance for c in trier(candidats, Ordre.DISTANCE)]
    assert distances == sorted(distances)
