"""Distances are true: against geopy's geodesic, and the same in SQL as in Python."""

import math
import random

import pytest
from geopy.distance import geodesic

from emjpm.commun.templatetags.emjpm import km
from emjpm.geographie.distance import KM_PAR_DEGRE, dans_la_boite, entre, hors_du_carre, kilometres_entiers
from emjpm.geographie.models import Commune
from tests import factories

OUTRE_MER = [(14.6037, -61.0594), (-20.8823, 55.4504), (4.9224, -52.3135), (-12.7806, 45.2278), (-22.2763, 166.4572)]


def points(nombre):
    alea = random.Random(57)
    metropole = [(alea.uniform(42.4, 51.0), alea.uniform(-4.7, 8.2)) for _ in range(nombre - len(OUTRE_MER))]
    return metropole + OUTRE_MER


@pytest.fixture
def communes(db):
    departement = factories.departement("57")
    return Commune.objects.bulk_create(
        Commune(
            insee=f"X{rang:04d}",
            nom=f"Lieu {rang}",
            nom_normalise=f"lieu {rang}",
            departement=departement,
            latitude=latitude,
            longitude=longitude,
        )
        for rang, (latitude, longitude) in enumerate(points(60))
    )


def test_within_0_6_percent_of_the_geodesic_on_10_000_french_pairs():
    alea = random.Random(2026)
    tous = points(400)
    for _ in range(10_000):
        a, b = alea.sample(tous, 2)
        assert entre(*a, *b) == pytest.approx(geodesic(a, b).km, rel=0.006)


def test_a_place_is_at_no_distance_of_itself(communes):
    premiere = communes[0]
    assert entre(premiere.latitude, premiere.longitude, premiere.latitude, premiere.longitude) == 0


@pytest.mark.parametrize("centre", [(48.8566, 2.3522), (-12.7806, 45.2278), (0.0, 0.0)])
@pytest.mark.parametrize("rayon", [10, 300, 900])
def test_the_square_left_out_holds_nobody_beyond_the_radius(communes, centre, rayon):
    laisses = Commune.objects.exclude(hors_du_carre(*centre, rayon))
    assert all(entre(*centre, c.latitude, c.longitude) <= rayon for c in laisses)
    if rayon == 900 and centre[0] > 40:
        assert laisses.exists(), "a filter that leaves nobody out would prove nothing"


@pytest.mark.parametrize("rayon", [10, 100, 500])
def test_the_box_forgets_nobody(communes, rayon):
    centre = (48.8566, 2.3522)
    dedans = {c.pk for c in communes if entre(*centre, c.latitude, c.longitude) <= rayon}
    assert dedans <= set(Commune.objects.filter(dans_la_boite(*centre, rayon)).values_list("pk", flat=True))


def test_the_box_holds_a_point_exactly_at_the_limit():
    """Due north or south, the point is the edge of the box: no rounding may leave it out."""
    alea, extremes = random.Random(25), 0
    for _ in range(500):
        latitude, longitude, rayon = alea.uniform(0, 0.5), alea.uniform(0, 60), alea.choice([10, 25, 50, 100])
        bas, haut = dict(dans_la_boite(latitude, longitude, rayon).children)["latitude__range"]
        for sens, vers in ((1, math.inf), (-1, -math.inf)):
            point = latitude + sens * rayon / KM_PAR_DEGRE
            while entre(latitude, longitude, suivant := math.nextafter(point, vers), longitude) <= rayon:
                point = suivant
            if entre(latitude, longitude, point, longitude) <= rayon:
                extremes += 1
                assert bas <= point <= haut
    assert extremes > 500


@pytest.mark.parametrize(
    ("distance", "montre"),
    [(0, 0), (0.4, 0), (0.7, 0), (0.999, 0), (1, 1), (1.49, 1), (1.5, 2), (2.5, 3), (12.5, 13), (13.5, 14), (99.4, 99)],
)
def test_whole_kilometres_are_those_of_the_page(distance, montre):
    assert kilometres_entiers(distance) == montre
    mots = km(distance).replace("\u202f", "").replace("\u00a0", " ")
    assert mots == (f"à {montre} km" if montre else "à moins de 1 km")
