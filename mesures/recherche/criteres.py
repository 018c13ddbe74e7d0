"""What a court may ask, and the words of each order."""

from dataclasses import dataclass

from django.db.models import TextChoices

from mesures.origine import Origine
from tribunaux.models import Tribunal

RAYONS = (10, 25, 50, 100)
"""Kilometres."""
PLACES = (1, 3, 5, 10)


class Habilites(TextChoices):
    TRIBUNAL = "tribunal", "à mon tribunal"
    DEPARTEMENT = "departement", "dans mon département"
    FRANCE = "france", "en France"


class Ordre(TextChoices):
    DEFAUT = "defaut", "Par défaut"
    DISTANCE = "distance", "Distance"
    DISPONIBILITE = "disponibilite", "Disponibilité"
    NOM = "nom", "A–Z"


REGLES = {
    Ordre.DEFAUT: "Ordre : ceux qui ont de la place, puis les plus proches, puis ceux qui en ont le plus, puis le nom.",
    Ordre.DISTANCE: "Ordre : du plus proche au plus lointain.",
    Ordre.DISPONIBILITE: "Ordre : du plus grand nombre de places au plus petit.",
    Ordre.NOM: "Ordre : par nom.",
}


@dataclass(frozen=True)
class Criteres:
    """What was asked. Distances in kilometres; `atout` is a key of mandataires.enums.ATOUTS."""

    tribunal: Tribunal
    origine: Origine
    rayon: int | None = None
    habilites: str = Habilites.TRIBUNAL
    type: str = ""
    places: int = 0
    texte: str = ""
    etablissement: str = ""
    atout: str = ""
    actifs: bool = False
    ordre: str = Ordre.DEFAUT
