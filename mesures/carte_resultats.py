"""The maps of the court's pages: the results around the place searched, the communes where people live."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from emjpm.geographie.cartes import CarteLocale, Repere, carte_locale

from .origine import Origine
from .presentation_recherche import Ligne

RAYONS = (15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 75.0, 100.0, 125.0, 150.0)
"""Kilometres shown around the origin: a few scales, so that two pages compare and the ground is drawn once."""
RAYON_MAX = RAYONS[-1]
RAYON_SEUL = 30.0
_CERCLES = ((10, 25), (25, 50), (50, 100))


@dataclass(frozen=True)
class PlanResultats:
    """The drawing, and the rows it could not place: off the map, or without any known position."""

    carte: CarteLocale
    autour: str
    origine_est_tribunal: bool
    rayon_km: float
    hors_carte: list[int] = field(default_factory=list)
    sans_position: list[int] = field(default_factory=list)

    @property
    def titre(self) -> str:
        nombre = len(self.carte.places)
        return f"Carte : {nombre} mandataire{'s' if nombre > 1 else ''} autour {self.autour}"

    @property
    def approximatifs(self) -> bool:
        return any(place.repere.approximatif for place in self.carte.places)


def plan_des_resultats(origine: Origine, lignes: Sequence[Ligne]) -> PlanResultats:
    """The map of a page of results, and which rows have a pin on it. One query (the names of the towns)."""
    par_numero = {ligne.numero: ligne for ligne in lignes}
    situees = [ligne for ligne in lignes if ligne.lieu is not None and ligne.distance is not None]
    # A row too far to be drawn does not widen the map; nobody near: the surroundings of the place, not the sea.
    portee = max((li.distance for li in situees if li.distance <= RAYON_MAX), default=RAYON_SEUL) * 1.05
    rayon = next((rayon for rayon in RAYONS if rayon >= portee), RAYON_MAX)
    carte = carte_locale(
        [_repere(ligne) for ligne in situees],
        (origine.latitude, origine.longitude),
        rayon,
        cercles_km=next((paire for paire in _CERCLES if paire[1] >= rayon * 0.6), _CERCLES[-1]),
        departement=origine.departement,
    )
    for place in carte.places:
        par_numero[place.repere.numero].sur_la_carte = True
    return PlanResultats(
        carte=carte,
        autour=origine.complement,
        origine_est_tribunal=origine.est_tribunal,
        rayon_km=rayon,
        hors_carte=sorted(carte.hors_cadre),
        sans_position=[ligne.numero for ligne in lignes if ligne.lieu is None],
    )


def _repere(ligne: Ligne) -> Repere:
    return Repere(
        ligne.lieu.latitude,
        ligne.lieu.longitude,
        numero=ligne.numero,
        libelle=f"N° {ligne.numero}, {ligne.mandataire.nom}, {ligne.etat_lisible}, {ligne.distance_lisible}",
        libre=ligne.dispo.a_de_la_place,
        approximatif=ligne.lieu.approximatif,
    )
