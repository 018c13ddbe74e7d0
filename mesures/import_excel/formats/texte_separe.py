"""CSV: which encoding, which separator, which rows."""

import csv
import io
import re
from collections.abc import Iterator

from .. import erreurs

SEPARATEURS = ";\t,|"
_CONTROLES = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decoder(octets: bytes) -> str:
    """UTF-8 (with or without BOM), UTF-16 with BOM (Excel's « texte Unicode »), else Windows-1252."""
    octets = octets.rstrip(b"\x1a")  # the end of file of old DOS programs
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        texte = octets.decode("utf-16")
    elif octets[1:200:2].strip(b"\x00") == b"" and octets[:1].strip(b"\x00"):
        texte = octets.decode("utf-16-le")  # without its mark: every other byte of Latin text is zero
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


class _Trace:
    """Lines as they are given to the reader, and those of the record being read."""

    def __init__(self, texte: str):
        self.flux = io.StringIO(texte, newline="")
        self.enregistrement: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for ligne in self.flux:
            self.enregistrement.append(ligne)
            yield ligne


def lire(octets: bytes) -> Iterator[list[str | None]]:
    """The records, in order: a record is a row, as Excel shows it, even when a text holds a line break.

    A quote that opens a text and is not closed swallows the rows that follow: said, with its line, and never read as
    one long cell. The size of a field is bounded by the csv module itself (131 072 characters, a setting of the whole
    process that nothing here changes).
    """
    texte = decoder(octets)
    choisi = separateur(texte)
    tete = re.match(r"sep=.\r?\n", texte, re.IGNORECASE)  # Excel neither shows nor counts that line
    trace = _Trace(texte[tete.end() :] if tete else texte)
    premiere, lecteur = 1, csv.reader(trace, delimiter=choisi)
    try:
        for rangee in lecteur:
            if len(trace.enregistrement) > 1:
                list(csv.reader(trace.enregistrement, delimiter=choisi, strict=True))
            yield [cellule if cellule.strip() else None for cellule in rangee]
            premiere, trace.enregistrement = lecteur.line_num + 1, []
    except csv.Error as erreur:
        if len(trace.enregistrement) > 1:
            raise erreurs.guillemet(premiere + bool(tete)) from erreur
        raise erreurs.abime() from erreur
