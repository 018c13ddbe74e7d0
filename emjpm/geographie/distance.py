"""Great-circle distance: the one formula, and the coarse boxes by which a database chooses whom to measure."""

import math

from django.db.models import Q

RAYON_TERRE_KM = 6371.0088
"""Mean Earth radius R1 of WGS 84 (IUGG), in kilometres."""

KM_PAR_DEGRE = math.pi * RAYON_TERRE_KM / 180
_MARGE = 1e-9
"""Degrees, a tenth of a millimetre: what rounding may take from a point exactly at the limit."""


def entre(latitude_1: float, longitude_1: float, latitude_2: float, longitude_2: float) -> float:
    """Kilometres between two points in degrees, along the sphere (haversine).

    Within 0.6 % of the WGS 84 geodesic (the flattening of the Earth, tests/geographie/test_distance.py).
    """
    phi_1, phi_2 = math.radians(latitude_1), math.radians(latitude_2)
    demi_lat = math.radians(latitude_2 - latitude_1) / 2
    demi_lon = math.radians(longitude_2 - longitude_1) / 2
    h = math.sin(demi_lat) ** 2 + math.cos(phi_1) * math.cos(phi_2) * math.sin(demi_lon) ** 2
    return 2 * RAYON_TERRE_KM * math.asin(math.sqrt(min(1.0, h)))


def kilometres_entiers(distance: float) -> int:
    """As every page says them: 0 for « à moins de 1 km », and a half goes up."""
    return int(distance + 0.5) if distance >= 1 else 0


def dans_la_boite(latitude: float, longitude: float, rayon_km: float, prefixe: str = "") -> Q:
    """Coarse filter that holds every point within `rayon_km`: an index-friendly box before the exact formula."""
    marge_lat = rayon_km / KM_PAR_DEGRE + _MARGE
    boite = Q(**{f"{prefixe}latitude__range": (latitude - marge_lat, latitude + marge_lat)})
    bord = min(89.0, abs(latitude) + marge_lat)
    marge_lon = rayon_km / (KM_PAR_DEGRE * math.cos(math.radians(bord))) + _MARGE
    if abs(longitude) + marge_lon >= 180:  # across the antimeridian (Wallis-et-Futuna): the latitude is enough
        return boite
    return boite & Q(**{f"{prefixe}longitude__range": (longitude - marge_lon, longitude + marge_lon)})


def hors_du_carre(latitude: float, longitude: float, rayon_km: float, prefixe: str = "") -> Q:
    """Coarse filter that leaves out the square drawn in a circle: what it leaves out is surely within `rayon_km`."""
    cote = rayon_km / math.sqrt(2)
    marge_lat = cote / KM_PAR_DEGRE
    plus_large = max(0.0, abs(latitude) - marge_lat)  # where a degree of longitude is the longest
    marge_lon = cote / (KM_PAR_DEGRE * math.cos(math.radians(plus_large)))
    return (
        Q(**{f"{prefixe}latitude__lt": latitude - marge_lat})
        | Q(**{f"{prefixe}latitude__gt": latitude + marge_lat})
        | Q(**{f"{prefixe}longitude__lt": longitude - marge_lon})
        | Q(**{f"{prefixe}longitude__gt": longitude + marge_lon})
    )
