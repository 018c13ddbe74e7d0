"""Where an address is: the national geocoder (Base adresse nationale), or failing that the commune's point.

For professionals' addresses only: the address of a protected adult is never sent to anyone (domain.md §1).
Never called inside a transaction nor in a GET.
"""

import logging
from dataclasses import dataclass

from django.conf import settings
from geopy.geocoders import BANFrance

from .distance import entre
from .models import Commune

logger = logging.getLogger(__name__)

SCORE_MIN = 0.5
ECART_MAX_KM = 30.0
"""Beyond it the geocoder took a homonym for the address."""


@dataclass(frozen=True)
class Position:
    latitude: float
    longitude: float
    precision: str  # « adresse » or « commune », as Lieu.Precision


def point_de_la_commune(commune: Commune) -> Position:
    return Position(commune.latitude, commune.longitude, "commune")


def situer(adresse: str, code_postal: str, commune: Commune, *, geocodeur: BANFrance | None = None) -> Position:
    """The point of an address, or the commune's when the geocoder is off, away, unsure or far from the commune.

    `geocodeur` replaces the one of the settings, in tests.
    """
    repli = point_de_la_commune(commune)
    if not settings.GEOCODEUR_ACTIF or not adresse.strip():
        return repli
    try:
        service = geocodeur or BANFrance(
            domain=settings.GEOCODEUR_DOMAINE, user_agent="e-mjpm/1.0", timeout=settings.GEOCODEUR_DELAI
        )
        trouve = service.geocode(f"{adresse}, {code_postal} {commune.nom}")
        if trouve is None:
            return repli
        score = float(trouve.raw["properties"]["score"])
        latitude, longitude = float(trouve.latitude), float(trouve.longitude)
        ecart = entre(latitude, longitude, commune.latitude, commune.longitude)
    except Exception as erreur:  # whatever the network or the answer does, the save stands with the commune's point
        logger.warning("Géocodage impossible : %s", type(erreur).__name__)
        return repli
    if not score >= SCORE_MIN or not ecart <= ECART_MAX_KM:  # written so that NaN is refused
        return repli
    return Position(round(latitude, 6), round(longitude, 6), "adresse")
