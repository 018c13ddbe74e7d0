"""Read .ods and .xls with calamine, in a bounded process: what it says is checked, never trusted."""

import contextlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from .. import erreurs
from . import sous_processus
from .traits import COLONNES_EXCEL, LIGNES_EXCEL, Particularites

PROGRAMME = Path(__file__).with_name("isole") / "lecteur.py"
MEMOIRE_MAX = 192 * 1024 * 1024  # of the child's address space
SECONDES_MAX = 10  # of computing
CASES_MAX = 1_000_000  # of the rectangle from A1 to the last filled cell: calamine reserves all of it
_REFUS = {
    "protege": erreurs.protege,
    "hostile": erreurs.hostile,
    "abime": erreurs.abime,
    "lointaine": erreurs.lointaine,
}


@dataclass
class FeuilleLue:
    """The rows that hold something: (number as Excel shows it, cells from column A)."""

    nom: str
    masquee: bool = False
    particularites: Particularites = field(default_factory=Particularites)
    rangees: list[tuple[int, list[Any]]] = field(default_factory=list)


def lire(octets: bytes, lignes_max: int, colonnes_max: int, cellule_max: int) -> Iterator[FeuilleLue]:
    """Each sheet, in the order of the tabs. One row more than `lignes_max` may come: there are too many.

    Raises ClasseurRefuse, also when the child dies, hangs or says anything else than what is agreed.
    """
    bornes = (lignes_max, colonnes_max, cellule_max, CASES_MAX, MEMOIRE_MAX, SECONDES_MAX)
    feuille: FeuilleLue | None = None
    finie = False
    with contextlib.closing(sous_processus.lignes(PROGRAMME, octets, *bornes)) as dites:
        for dite in dites:
            try:
                dit = json.loads(dite)
                if isinstance(dit, list):
                    feuille.rangees.append(_rangee(dit, feuille, lignes_max, colonnes_max, cellule_max))
                    continue
                if "erreur" in dit:
                    refus = _REFUS[dit["erreur"]](*dit.get("ou", ()))
                    raise refus
                suivante = None if dit.get("fin") is True else _feuille(dit)
            except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as erreur:
                raise erreurs.abime() from erreur
            if feuille is not None:
                yield feuille
            feuille, finie = suivante, suivante is None
    if not finie:
        raise erreurs.abime()


def _feuille(dit: dict) -> FeuilleLue:
    return FeuilleLue(
        str(dit["feuille"]),
        dit["masquee"] is True,
        Particularites(
            fusions=[tuple(_entier(n) for n in fusion) for fusion in dit["fusions"] if len(fusion) == 4],
            lignes_masquees={_entier(n) for n in dit["lignes_masquees"]},
            colonnes_masquees={_entier(n) for n in dit["colonnes_masquees"]},
            depuis_1904=dit.get("depuis_1904") is True,
            ligne_max=_entier(dit["ligne_max"]),
            colonne_max=_entier(dit["colonne_max"]),
        ),
    )


def _entier(nombre: Any, maximum: int = LIGNES_EXCEL) -> int:
    if not isinstance(nombre, int) or not 0 <= nombre <= maximum:
        raise ValueError("number")
    return nombre


def _rangee(
    dit: list, feuille: FeuilleLue, lignes_max: int, colonnes_max: int, cellule_max: int
) -> tuple[int, list[Any]]:
    numero, cellules = dit
    precedent = feuille.rangees[-1][0] if feuille.rangees else 0
    if _entier(numero) <= precedent or len(cellules) > min(colonnes_max, COLONNES_EXCEL):
        raise ValueError("row")
    if len(feuille.rangees) > lignes_max:
        raise ValueError("too many rows")
    return numero, [_valeur(cellule, cellule_max) for cellule in cellules]


def _valeur(dite: Any, cellule_max: int) -> Any:
    if dite is None or isinstance(dite, bool | int):
        return dite
    if isinstance(dite, str):
        return dite[:cellule_max]
    if isinstance(dite, float):
        return dite if math.isfinite(dite) else None
    (genre, valeur), *reste = dite.items()
    if reste:
        raise ValueError("cell")
    if genre == "d":
        lu = datetime.fromisoformat(valeur)
        return lu.replace(tzinfo=None)
    return time.fromisoformat(valeur) if genre == "h" else timedelta(seconds=valeur)
