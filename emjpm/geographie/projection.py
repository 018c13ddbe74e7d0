"""From latitude and longitude to flat coordinates: Lambert-93 metres, and the maps drawn by the server.

No dependency. The only data read is `donnees/carte_departements.json`, whose key `projection` says how a
point lands in the national map and in each of its insets (overseas départements, Paris and its suburbs).
"""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FICHIER_CARTE = Path(__file__).parent / "donnees" / "carte_departements.json"

# Mean radius of the Earth (IUGG), in metres: the sphere of the local maps of the overseas départements.
RAYON_TERRE = 6_371_008.8


class ConiqueConforme(NamedTuple):
    """Constants of a Lambert conformal conic projection, under the names of IGN's note NTG_71 (ALG0003)."""

    e: float  # first eccentricity of the ellipsoid
    n: float  # exponent of the projection
    c: float  # constant of the projection, metres
    longitude_origine: float  # radians
    xs: float  # pole of the projection, metres
    ys: float

    def projeter(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Latitude and longitude in radians to (x, y) in metres (NTG_71, ALG0001 then ALG0003)."""
        sinus = self.e * math.sin(latitude)
        latitude_isometrique = math.log(
            math.tan(math.pi / 4 + latitude / 2) * ((1 - sinus) / (1 + sinus)) ** (self.e / 2)
        )
        rayon = self.c * math.exp(-self.n * latitude_isometrique)
        angle = self.n * (longitude - self.longitude_origine)
        return self.xs + rayon * math.sin(angle), self.ys - rayon * math.cos(angle)


LAMBERT_93 = ConiqueConforme(
    e=0.0818191910428158,
    n=0.7256077650532670,
    c=11_754_255.4260960,
    longitude_origine=math.radians(3),
    xs=700_000.0,
    ys=12_655_612.0498760,
)


def lambert93(latitude: float, longitude: float) -> tuple[float, float]:
    """Project a metropolitan point into Lambert-93 (EPSG:2154): (x eastward, y northward), in metres.

    `latitude` and `longitude` are decimal degrees in RGF93, which is within a metre of WGS 84.
    Source: IGN, « Projection cartographique conique conforme de Lambert », note technique NTG_71, ALG0001 and
    ALG0003, with the constants of Lambert-93. The formula is exact to less than a millimetre; a length read
    on the plane differs from the ground by at most 0.3 % in metropolitan France: use it to draw, and
    `geographie.distance` to measure.
    """
    return LAMBERT_93.projeter(math.radians(latitude), math.radians(longitude))


def equirectangulaire(
    latitude: float, longitude: float, latitude_origine: float, longitude_origine: float
) -> tuple[float, float]:
    """Project a point into the local plane around an origin: (x eastward, y northward), in metres.

    Everything is in decimal degrees. Meant for the territories outside Lambert-93: at their size (La Réunion
    70 km, Guyane 400 km) lengths are right within 0.7 %.
    """
    x = RAYON_TERRE * math.radians(longitude - longitude_origine) * math.cos(math.radians(latitude_origine))
    return x, RAYON_TERRE * math.radians(latitude - latitude_origine)


def en_metres(latitude: float, longitude: float, proj: str | dict[str, float]) -> tuple[float, float]:
    """Project a point into the plane of a département's outline (`proj` of `contours.json`), in metres."""
    if isinstance(proj, str):
        return lambert93(latitude, longitude)
    return equirectangulaire(latitude, longitude, proj["lat0"], proj["lon0"])


@cache
def carte_departements() -> dict[str, Any]:
    """The national map, as `donnees/carte_departements.json` holds it (format in `donnees/SOURCES.md`)."""
    return json.loads(FICHIER_CARTE.read_text(encoding="utf-8"))


def projeter(latitude: float, longitude: float, departement: str | None = None) -> tuple[float, float] | None:
    """Place a point on the national map: (x rightward, y downward), in units of its viewBox.

    An overseas département lands in its inset. Without `departement`, the position tells which part of the
    map it is. `None` where the map draws nothing: collectivités d'outre-mer, and what is far from France.
    Decimal degrees in; one unit is about 1.9 km in metropolitan France.
    """
    projections = carte_departements()["projection"]
    if departement is None:
        zone = next(
            (
                nom
                for nom, projection in projections.items()
                if nom != "petite-couronne" and _dans_la_boite(latitude, longitude, projection["boite"])
            ),
            None,
        )
        return projeter_zone(latitude, longitude, zone) if zone else None
    if departement not in carte_departements()["departements"]:
        return None
    return projeter_zone(latitude, longitude, departement if departement in projections else "metropole")


def projeter_zone(latitude: float, longitude: float, zone: str) -> tuple[float, float]:
    """Place a point in one part of the national map, in units of its viewBox.

    `zone` is « metropole », the code of an overseas département, or « petite-couronne » (the enlarged inset
    of Paris, Hauts-de-Seine, Seine-Saint-Denis and Val-de-Marne). Nothing is clipped to the part's frame.
    """
    projection = carte_departements()["projection"][zone]
    x, y = en_metres(latitude, longitude, projection["proj"])
    return projection["x0"] + projection["echelle"] * x, projection["y0"] - projection["echelle"] * y


def _dans_la_boite(latitude: float, longitude: float, boite: list[float]) -> bool:
    latitude_min, longitude_min, latitude_max, longitude_max = boite
    return latitude_min <= latitude <= latitude_max and longitude_min <= longitude <= longitude_max
