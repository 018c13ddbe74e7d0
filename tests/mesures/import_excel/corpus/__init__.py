"""Workbooks as mandataires make them, written by code with the exact reading a user expects of each row.

The expectations come from the specification, never from what the reader answers: a file that is read otherwise is a
fault of the reader. One module for each thing that varies; `cahier` is the pencil.
"""

from . import adresses, dates, fichiers, logiciels, majeurs, natures, noms, numeros, textes, titres, tribunaux, vides
from .cahier import CORPUS, Cahier

__all__ = [
    "CORPUS", "Cahier", "adresses", "dates", "fichiers", "logiciels", "majeurs", "natures", "noms",
    "numeros", "textes", "titres", "tribunaux", "vides",
]  # fmt: skip
