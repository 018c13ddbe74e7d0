"""The program that runs calamine: a workbook on its input, one line of JSON per row on its output.

calamine trusts the file: a far-away cell makes it reserve the whole rectangle, and abort. So it runs in a process of
its own, that bounds itself first: memory, computing time, clock, no file written, no core dump. The module `resource`
and the clock of `signal` exist on POSIX systems only (Linux, macOS): elsewhere nothing bounds the memory, and only the
parent's clock (`sous_processus`) stops it.

Called as: lecteur.py LIGNES COLONNES CARACTERES CASES MEMOIRE SECONDES (the most kept of each; bytes; seconds).
Lines: {"feuille": …} opens a sheet, [number, [cells]] is a row that holds something, {"fin": true} is the end, and
{"erreur": code} says why it stopped. A cell is null, true, 12, 1.5, "text", {"d": date}, {"h": time} or {"s": seconds}.
"""

import datetime
import io
import json
import os
import re
import signal
import struct
import sys

try:
    import resource
except ImportError:  # not POSIX
    resource = None

sys.path.append(os.path.dirname(os.path.abspath(__file__)))  # last: never before the standard library
import biff
import compose
import python_calamine

FEUILLES_MAX = 100
FUSIONS_MAX = 50_000


def borner(memoire: int, secondes: int) -> None:
    if resource is None:
        return
    for quoi, combien in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, secondes),
        (resource.RLIMIT_AS, memoire),
    ):
        resource.setrlimit(quoi, (combien, combien))
    signal.alarm(secondes + 2)  # should the parent die, this process does not outlive it for long


def _cellule(valeur, caracteres: int):
    """As JSON. A whole number is an int and a day is a date and time, as openpyxl gives them."""
    if valeur == "" or valeur is None:
        return None
    if isinstance(valeur, str):
        if valeur.startswith(("PT", "-PT")) and (duree := _duree(valeur)):
            return duree
        return valeur[:caracteres]
    if isinstance(valeur, bool | int):
        return valeur
    if isinstance(valeur, float):
        if valeur != valeur or valeur in (float("inf"), float("-inf")):
            return None
        return int(valeur) if valeur.is_integer() and abs(valeur) < 1e16 else valeur
    if isinstance(valeur, datetime.date):  # a datetime too
        return {"d": valeur.isoformat()}
    if isinstance(valeur, datetime.time):
        return {"h": valeur.isoformat()}
    return {"s": valeur.total_seconds()} if isinstance(valeur, datetime.timedelta) else str(valeur)[:caracteres]


def _duree(texte: str):
    """« PT30H00M00S », which calamine leaves as it is."""
    if trouve := re.fullmatch(r"(-?)PT(\d{1,6})H(?:(\d{1,4})M)?(?:(\d{1,4})(?:\.\d+)?S)?", texte):
        secondes = int(trouve[2]) * 3600 + int(trouve[3] or 0) * 60 + int(trouve[4] or 0)
        return {"s": -secondes if trouve[1] else secondes}
    return None


def _dire(quoi) -> None:
    sys.stdout.buffer.write(json.dumps(quoi, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _traits_xls(octets: bytes) -> biff.Classeur | None:
    """None when the walk fails on a file that calamine may still read: nothing is noted then."""
    try:
        classeur = biff.examiner(octets)
    except (ValueError, struct.error):
        return None
    if classeur.protege:
        raise Arret("protege")
    return classeur


class Arret(Exception):
    """Why the reading stops: a code of `lecteur_calamine`, and where."""


def lire(octets: bytes, lignes: int, colonnes: int, caracteres: int, cases: int) -> None:
    xls = octets.startswith(compose.SIGNATURE)
    examine = _traits_xls(octets) if xls else None
    traits = examine.feuilles if examine else None
    rectangles = 0
    for feuille in traits or ():
        rectangles += feuille.ligne_max * feuille.colonne_max
        if rectangles > cases:
            raise Arret("lointaine", feuille.ligne_max, feuille.colonne_max)
    classeur = python_calamine.load_workbook(io.BytesIO(octets))
    onglets = classeur.sheets_metadata
    if len(onglets) > FEUILLES_MAX:
        raise Arret("hostile")
    for rang, onglet in enumerate(onglets):
        if onglet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        feuille = classeur.get_sheet_by_index(rang)
        connus = traits[rang] if traits is not None and len(traits) == len(onglets) else None
        _dire_feuille(onglet, feuille, connus, bool(examine and examine.depuis_1904))
        _dire_lignes(feuille, connus.erreurs if connus else {}, lignes, colonnes, caracteres)
    _dire({"fin": True})


def _dire_feuille(onglet, feuille, traits, depuis_1904: bool) -> None:
    fusions = feuille.merged_cell_ranges or []
    if len(fusions) > FUSIONS_MAX:
        raise Arret("hostile")
    ligne_max, colonne_max = (n + 1 for n in feuille.end) if feuille.end else (0, 0)
    entete = {
        "feuille": onglet.name,
        "depuis_1904": depuis_1904,
        "masquee": onglet.visible != python_calamine.SheetVisibleEnum.Visible,
        "fusions": [[haut + 1, gauche + 1, bas + 1, droite + 1] for (haut, gauche), (bas, droite) in fusions],
        "ligne_max": ligne_max,
        "colonne_max": colonne_max,
        "lignes_masquees": sorted(traits.lignes_masquees) if traits else [],
        "colonnes_masquees": sorted(traits.colonnes_masquees) if traits else [],
    }
    _dire(entete)


def _dire_lignes(feuille, erreurs: dict, lignes: int, colonnes: int, caracteres: int) -> None:
    """The rows that hold something, numbered as Excel shows them."""
    erreurs_de: dict[int, list] = {}
    for (ligne, colonne), texte in erreurs.items():
        if colonne <= colonnes:
            erreurs_de.setdefault(ligne, []).append((colonne, texte))
    dites = 0
    for numero, rangee in enumerate(_rangees(feuille, max(erreurs_de, default=0)), 1):
        cellules = [_cellule(valeur, caracteres) for valeur in rangee[:colonnes]]
        for colonne, texte in erreurs_de.get(numero, ()):
            cellules += [None] * (colonne - len(cellules))
            if cellules[colonne - 1] is None:
                cellules[colonne - 1] = texte
        while cellules and cellules[-1] is None:
            cellules.pop()
        if cellules:
            _dire([numero, cellules])
            dites += 1
            if dites > lignes:
                return


def _rangees(feuille, jusqu_a: int):
    """The rows of the sheet from A1, then blank ones as long as an error, that calamine reads as nothing, may follow.

    calamine begins at row 1 but at the first filled column.
    """
    donnees = 0
    if feuille.start is not None:
        marge = [None] * feuille.start[1]
        for rangee in feuille.iter_rows():
            donnees += 1
            yield marge + rangee
    for _ in range(donnees, jusqu_a):
        yield []


def principal() -> int:
    lignes, colonnes, caracteres, cases, memoire, secondes = map(int, sys.argv[1:7])
    borner(memoire, secondes)
    try:
        lire(sys.stdin.buffer.read(), lignes, colonnes, caracteres, cases)
    except Arret as arret:
        _dire({"erreur": arret.args[0], "ou": list(arret.args[1:])})
    except python_calamine.PasswordError:
        _dire({"erreur": "protege"})
    except MemoryError:
        _dire({"erreur": "hostile"})
    except BaseException:  # a Rust panic comes as a BaseException: whatever it is, the file is damaged
        _dire({"erreur": "abime"})
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(principal())
