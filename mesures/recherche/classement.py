"""The rank, and the figures of who is ranked.

The default rank, printed on the page: those with room, then the nearest (in whole kilometres, as they are shown; an
unknown position last), then the most room, then the name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from .candidats import LOIN, Candidat
from .criteres import Criteres, Ordre


@dataclass(frozen=True)
class Bilan:
    """The territory at a glance, over every result and not the page alone."""

    nombre: int = 0
    places: int = 0
    avec_place: int = 0
    complets: int = 0
    pauses: int = 0
    inconnues: int = 0


@dataclass(frozen=True)
class Resultats:
    """Ranked candidates, their figures, and what the criteria left aside without a word. A sequence of Candidat."""

    criteres: Criteres
    candidats: list[Candidat] = field(default_factory=list)
    pauses_masquees: int = 0
    sans_position: int = 0
    approchants: tuple[str, ...] = ()
    """What was asked and nobody bears to the letter: the candidates bear something like it."""

    def __len__(self) -> int:
        return len(self.candidats)

    def __getitem__(self, tranche):
        return self.candidats[tranche]

    @cached_property
    def bilan(self) -> Bilan:
        etats = [c.dispo.etat for c in self.candidats]
        return Bilan(
            nombre=len(etats),
            places=sum(c.places for c in self.candidats),
            avec_place=etats.count("libre"),
            complets=etats.count("complet") + etats.count("audela"),
            pauses=etats.count("pause"),
            inconnues=etats.count("inconnue"),
        )


def par_defaut(c: Candidat) -> tuple:
    """Sort key of the default order."""
    return not c.dispo.a_de_la_place, c.km, _place(c), c.nom_normalise, c.pk


def par_distance(c: Candidat) -> tuple:
    return LOIN if c.distance is None else c.distance, c.nom_normalise, c.pk


def par_nom(c: Candidat) -> tuple:
    return c.nom_normalise, c.pk


def par_disponibilite(c: Candidat) -> tuple:
    return not c.dispo.a_de_la_place, _place(c), c.km, c.nom_normalise, c.pk


def _place(c: Candidat) -> int:
    """The most room first; an unknown capacity after every known one."""
    valeur = c.dispo.valeur
    return LOIN if valeur is None else -valeur


CLES = {
    Ordre.DEFAUT: par_defaut,
    Ordre.DISTANCE: par_distance,
    Ordre.DISPONIBILITE: par_disponibilite,
    Ordre.NOM: par_nom,
}


def trier(resultats: Iterable[Candidat], ordre: str = Ordre.DEFAUT) -> list[Candidat]:
    """In one of the four orders; equal ones by name, then by number, so that pages never overlap."""
    return sorted(resultats, key=CLES[Ordre(ordre)])
