"""CSV: which encoding, which separator, which rows."""

import csv
import io
import re
from collections.abc import Iterator

from . import erreurs

SEPARATEURS = ";\t,|"
CHAMP_MAX = 100_000
_CONTROLES = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decoder(octets: bytes) -> str:
    """UTF-8 (with or without BOM), UTF-16 with BOM (Excel's « texte Unicode »), else Windows-1252."""
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        texte = octets.decode("utf-16")
    else:
        try:
            texte = octets.decode("utf-8-sig")
        except UnicodeDecodeError:
            try:
                texte = octets.decode("cp1252")
            except UnicodeDecodeError:
                texte = octets.decode("latin-1")
    if _CONTROLES.search(texte):
        raise erreurs.autre_format("un fichier qui n’est pas un tableau")
    return texte


def separateur(texte: str) -> str:
    """The one that cuts the first lines in the most columns, evenly; « sep=; » in the first line decides."""
    declare = re.match(r"sep=(.)\r?\n", texte, re.IGNORECASE)
    if declare:
        return declare[1]
    lignes = [li for li in texte[:50_000].splitlines() if li.strip()][:30]
    meilleur, score = ";", 0.0
    for candidat in SEPARATEURS:
        largeurs = [len(r) for r in csv.reader(lignes, delimiter=candidat)]
        pleines = [n for n in largeurs if n > 1]
        if not pleines:
            continue
        courante = max(set(pleines), key=pleines.count)
        note = courante * pleines.count(courante) / len(largeurs)
        if note > score:
            meilleur, score = candidat, note
    return meilleur


def lire(octets: bytes) -> Iterator[list[str | None]]:
    """The records, in order: a record is a row, as Excel shows it, even when a text holds a line break."""
    texte = decoder(octets)
    choisi = separateur(texte)
    csv.field_size_limit(CHAMP_MAX)
    tete = re.match(r"sep=.\r?\n", texte, re.IGNORECASE)  # Excel neither shows nor counts that line
    try:
        flux = io.StringIO(texte[tete.end() :] if tete else texte, newline="")
        for rangee in csv.reader(flux, delimiter=choisi):
            yield [cellule if cellule.strip() else None for cellule in rangee]
    except csv.Error as erreur:
        raise erreurs.abime() from erreur
