"""A cell, before what it means: its text, whether it says nothing, how it cannot be read, what it spells wrong."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rapidfuzz import fuzz, process

from emjpm.commun.texte import normaliser, propre

from .synonymes import VIDES

_ENTIER_MAX = 10**40  # no information is that long, and Python writes longer ones slowly or not at all
_APOSTROPHE = re.compile(r"^['’](?=[\d=+@-])")  # Excel's mark of a text, seen by nobody
_LETTRES_SEULES = re.compile(r"[a-z](?: [a-z])+")
_RIENS = re.compile(r"[\s\-–—_?.…*#/\\'’\"]*")


@dataclass(frozen=True)
class Proposition:
    """The small question that would settle an unreadable cell: the answers, each with what it writes in the row.

    `defaut`: rank of the answer proposed first, −1 when none is likely enough. `cle` tells two questions apart.
    """

    cle: str
    enonce: str
    choix: tuple[tuple[str, dict[str, Any]], ...]
    defaut: int = -1
    tribunal_libre: bool = False


class Illisible(Exception):
    """A cell that could not be read: `pourquoi` (no final stop), `a_ecrire` (the remedy), a question if one helps."""

    def __init__(self, pourquoi: str, a_ecrire: str, proposition: Proposition | None = None):
        super().__init__(pourquoi)
        self.pourquoi, self.a_ecrire, self.proposition = pourquoi, a_ecrire, proposition


def texte(valeur: Any) -> str:
    """The cell as one would read it aloud: no stray space, « 75001 » for 75001.0, « 12/03/2021 » for a date."""
    if valeur is None or isinstance(valeur, bool):
        return {True: "VRAI", False: "FAUX"}.get(valeur, "")
    if isinstance(valeur, int):
        return str(valeur) if abs(valeur) < _ENTIER_MAX else "…"
    if isinstance(valeur, float):
        if not math.isfinite(valeur):
            return ""
        return str(int(valeur)) if valeur.is_integer() and abs(valeur) < 1e16 else str(valeur)
    if isinstance(valeur, datetime | date):
        return f"{valeur.day:02}/{valeur.month:02}/{valeur.year:04}"
    return _APOSTROPHE.sub("", propre(str(valeur)))


def sigle(forme: str) -> str:
    """A normal form whose letters stood apart, in one word: « e h p a d » → « ehpad », « c r » → « cr »."""
    return forme.replace(" ", "") if _LETTRES_SEULES.fullmatch(forme) else forme


def vide(valeur: Any) -> bool:
    """Empty, or one of the ways to write it: « - », « ? », « N/A », « néant »."""
    lu = texte(valeur)
    if _RIENS.fullmatch(lu):
        return True
    forme = normaliser(lu)
    return bool(forme) and forme in VIDES


# --- Texts spelt wrong ------------------------------------------------------------------------------
PROCHE = 90
"""rapidfuzz ratio, out of 100, from which a text is read as a known one: one letter off in ten."""
_ECART = 4  # and no known text of another meaning may come this near to the best


def plus_proche(forme: str, sens: Mapping[str, Any]) -> str:
    """The known text (a key of `sens`) that this one spells wrong, or empty: « curatele renforcee » is one of them.

    Short texts are codes (« cs », « mas »): a letter more is another code, so they are never guessed.
    """
    if len(forme) < 7:
        return ""
    connus = [connu for connu in sens if len(connu) >= 7]
    trouves = process.extract(forme, connus, scorer=fuzz.ratio, score_cutoff=PROCHE - _ECART, limit=8)
    if not trouves or trouves[0][1] < PROCHE:
        return ""
    meilleur, score, _ = trouves[0]
    rivaux = [connu for connu, note, _ in trouves if note > score - _ECART and sens[connu] != sens[meilleur]]
    return "" if rivaux else meilleur
