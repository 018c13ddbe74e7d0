"""Figures, dates and distances as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from emjpm.commun.templatetags import emjpm as filtres


@pytest.mark.parametrize(
    ("valeur", "lu"),
    [(0, "0"), (1200, "1\u202f200"), (-4, "−4"), (-12345678, "−12\u202f345\u202f678"), (2.5, "2,5"), (3.0, "3"),
     ("17", "17"), (None, ""), ("", ""), ("néant", "néant")],
)  # fmt: skip
def test_les_nombres(valeur, lu):
    assert filtres.nombre(valeur) == lu


def test_les_dates():
    assert filtres.date_longue(date(2026, 11, 2)) == "2 novembre 2026"
    assert filtres.date_longue(date(2026, 3, 1)) == "1er mars 2026"
    assert filtres.date_courte(date(2026, 11, 2)) == "02/11/2026"
    assert filtres.date_longue(None) == filtres.date_courte(None) == filtres.il_y_a(None) == ""


def test_un_instant_se_lit_au_jour_de_paris():
    assert filtres.date_longue(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "1er janvier 2027"


@pytest.mark.parametrize(
    ("jours", "lu"),
    [(-1, "aujourd’hui"), (0, "aujourd’hui"), (1, "hier"), (2, "avant-hier"), (3, "il y a 3 jours"),
     (21, "il y a 21 jours"), (30, "il y a 30 jours"), (31, "il y a 4 semaines"), (43, "il y a 6 semaines"),
     (61, "il y a 2 mois"), (215, "il y a 7 mois"), (365, "il y a 11 mois"), (731, "il y a 2 ans")],
)  # fmt: skip
def test_l_age_d_un_evenement(jours, lu):
    assert filtres.il_y_a(timezone.localdate() - timedelta(days=jours)) == lu
    assert filtres.il_y_a(timezone.now() - timedelta(days=jours)) == lu


def test_ancien_apres_90_jours():
    assert not filtres.ancien(timezone.now() - timedelta(days=90))
    assert filtres.ancien(timezone.now() - timedelta(days=91))
    assert not filtres.ancien(None)


@pytest.mark.parametrize(
    ("valeur", "lu"),
    [(0, "à moins de 1 km"), (0.99, "à moins de 1 km"), (1, "à 1 km"), (8.49, "à 8 km"), (8.5, "à 9 km"),
     (1200, "à 1\u202f200 km"), (None, "distance inconnue")],
)  # fmt: skip
def test_les_distances(valeur, lu):
    assert filtres.km(valeur) == lu


def test_le_siret_se_lit_par_groupes():
    assert filtres.siret("73282932000074") == "732 829 320 00074"
    assert filtres.siret("123") == "123"
    assert filtres.siret("") == ""


@pytest.mark.parametrize(
    ("valeur", "mot"), [(0, "place"), (1, "place"), (-1, "place"), (2, "places"), (-3, "places"), (None, "place")]
)
def test_le_pluriel_commence_a_deux(valeur, mot):
    assert "place" + filtres.pluriel(valeur) == mot


def test_le_pluriel_a_deux_formes_et_des_listes():
    assert filtres.pluriel(1, "al,aux") == "al"
    assert filtres.pluriel([1, 2], "al,aux") == "aux"


def test_les_espaces_insecables():
    assert filtres.insecables("« Metz » : oui ?") == "«\u00a0Metz\u00a0»\u00a0: oui\u00a0?"
