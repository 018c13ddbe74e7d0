"""The vocabulary of a sheet: where a cell is, and what a sheet holds besides its values."""

from dataclasses import dataclass, field
from functools import cache

LIGNES_EXCEL = 1_048_576
COLONNES_EXCEL = 16_384


@dataclass
class Particularites:
    """`fusions`: (first row, first column, last row, last column), 1-based."""

    fusions: list[tuple[int, int, int, int]] = field(default_factory=list)
    lignes_masquees: set[int] = field(default_factory=set)
    colonnes_masquees: set[int] = field(default_factory=set)
    formules_sans_valeur: int = 0
    colonne_max: int = 0  # the last column that holds a value
    depuis_1904: bool = False  # dates left as numbers count the days from 1 January 1904 (old Macintosh workbooks)
    ligne_max: int = 0  # the last row that holds a value


def rang_colonne(lettres: str) -> int:
    """« A » → 1, « AA » → 27.

    >>> rang_colonne("XFD")
    16384
    """
    rang = 0
    for lettre in lettres:
        rang = rang * 26 + ord(lettre) - 64
    return rang


@cache
def lettre_colonne(rang: int) -> str:
    """1 → « A », 27 → « AA »."""
    lettres = ""
    while rang:
        rang, reste = divmod(rang - 1, 26)
        lettres = chr(65 + reste) + lettres
    return lettres
