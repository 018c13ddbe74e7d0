"""Where an address is, and which addresses look like what is typed: the national geocoder (Base adresse nationale).

Failing that, the commune's point, and no address to choose from.

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


PROPOSEES_MAX = 5
CARACTERES_MIN = 5
"""Below, everything looks like it."""


@dataclass(frozen=True)
class Adresse:
    """One that exists, in the words of the Base adresse nationale."""

    voie: str
    code_postal: str
    ville: str
    insee: str

    def __str__(self) -> str:
        return f"{self.voie}, {self.code_postal} {self.ville}"


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
        trouve = (geocodeur or _service()).geocode(f"{adresse}, {code_postal} {commune.nom}")
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


def proposer(texte: str, *, geocodeur: BANFrance | None = None) -> list[Adresse] | None:
    """At most PROPOSEES_MAX addresses that look like what is typed, the likeliest first.

    None when nobody can say: geocoder off, away, or answering what is not an address.
    """
    if not settings.GEOCODEUR_ACTIF:
        return None
    try:
        trouvees = (geocodeur or _service()).geocode(texte, exactly_one=False, limit=PROPOSEES_MAX) or []
        return [adresse for lieu in trouvees if (adresse := _adresse(lieu.raw["properties"]))]
    except Exception as erreur:
        logger.warning("Aucune adresse proposée : %s", type(erreur).__name__)
        return None


def _adresse(proprietes: dict) -> Adresse | None:
    """None for a whole town: there is nothing to choose there."""
    if proprietes.get("type") not in {"housenumber", "street", "locality"}:
        return None
    return Adresse(*(str(proprietes[cle])[:200] for cle in ("name", "postcode", "city", "citycode")))


def _service() -> BANFrance:
    return BANFrance(domain=settings.GEOCODEUR_DOMAINE, user_agent="e-mjpm/1.0", timeout=settings.GEOCODEUR_DELAI)
