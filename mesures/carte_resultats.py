"""The map of a page of results, around the place searched."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from emjpm.geographie.cartes import CarteLocale, Repere, carte_locale

from .origine import Origine
from .presentation_recherche import Ligne

RAYONS = (15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 75.0, 100.0, 125.0, 150.0)
"""Kilometres shown around the origin: a few scales, so that two pages compare and the ground is drawn once."""
RAYON_MAX = RAYONS[-1]
RAYON_SEUL = 30.0
_CERCLES = ((10, 25), (25, 50), (50, 100))


@dataclass(frozen=True, eq=False)
class PlanResultats:
    """The drawing, the rows that have a pin on it (`numeros`), and those it could not place: off the map, or without
    any known position.
    """

    carte: CarteLocale
    autour: str
    origine_est_tribunal: bool
    rayon_km: float
    numeros: frozenset[int] = frozenset()
    hors_carte: Sequence[int] = ()
    sans_position: Sequence[int] = ()

    @property
    def titre(self) -> str:
        nombre = len(self.carte.places)
        return f"Carte : {nombre} mandataire{'s' if nombre > 1 else ''} autour {self.autour}"

    @property
    def approximatifs(self) -> bool:
        return any(place.repere.approximatif for place in self.carte.places)


def plan_des_resultats(origine: Origine, lignes: Sequence[Ligne]) -> PlanResultats:
    """The map of a page of results. The same pins around the same place give the same object, kept for a while."""
    situees = [ligne for ligne in lignes if ligne.repere is not None]
    # A row too far to be drawn does not widen the map; nobody near: the surroundings of the place, not the sea.
    portee = max((li.distance for li in situees if li.distance <= RAYON_MAX), default=RAYON_SEUL) * 1.05
    rayon = next((rayon for rayon in RAYONS if rayon >= portee), RAYON_MAX)
    ailleurs = tuple(ligne.numero for ligne in lignes if ligne.repere is None)
    return _dessiner(origine, tuple(_repere(ligne) for ligne in situees), rayon, ailleurs)


@lru_cache(maxsize=128)
def _dessiner(
    origine: Origine, reperes: tuple[Repere, ...], rayon: float, sans_position: tuple[int, ...]
) -> PlanResultats:
    carte = carte_locale(
        reperes,
        (origine.latitude, origine.longitude),
        rayon,
        cercles_km=next((paire for paire in _CERCLES if paire[1] >= rayon * 0.6), _CERCLES[-1]),
        departement=origine.departement,
    )
    return PlanResultats(
        carte=carte,
        autour=origine.complement,
        origine_est_tribunal=origine.est_tribunal,
        rayon_km=rayon,
        numeros=frozenset(place.repere.numero for place in carte.places),
        hors_carte=sorted(carte.hors_cadre),
        sans_position=sans_position,
    )


def _repere(ligne: Ligne) -> Repere:
    latitude, longitude, approximatif = ligne.repere
    return Repere(
        latitude,
        longitude,
        numero=ligne.numero,
        libelle=f"N° {ligne.numero}, {ligne.nom}, {ligne.etat_lisible}, {ligne.distance_lisible}",
        libre=ligne.dispo.a_de_la_place,
        approximatif=approximatif,
    )


def oublier() -> None:
    """Forget the maps kept: for tests, and measures, whose bases change under one process."""
    _dessiner.cache_clear()
