"""Who can take this new mesure, near this place (domain.md §6).

Criteres (what was asked) → `candidats` (SQL: who may be considered) → `texte` (who bears these words) → availability in
one grouped count → `classement` (filters, rank). `chercher` does it for everybody asked; `DeProcheEnProche` gives the
same rows for the whole country by looking around in widening circles, and counts only those it looks at
(docs/adr/0010). Nothing here knows of a request or a page: see views/recherche.py.
"""

from .candidats import Candidat
from .classement import Bilan, Resultats, trier
from .complete import chercher
from .criteres import PLACES, RAYONS, REGLES, Criteres, Habilites, Ordre
from .elargir import Elargissement, Issue, issue
from .proche_en_proche import DeProcheEnProche, feuilleter

__all__ = [
    "PLACES",
    "RAYONS",
    "REGLES",
    "Bilan",
    "Candidat",
    "Criteres",
    "DeProcheEnProche",
    "Elargissement",
    "Habilites",
    "Issue",
    "Ordre",
    "Resultats",
    "chercher",
    "feuilleter",
    "issue",
    "trier",
]
