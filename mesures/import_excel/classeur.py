"""Bytes → rows. What a file is gets decided by its content; any failure becomes a sentence (ClasseurRefuse)."""

import io
import time
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from django.conf import settings

from . import erreurs, texte_separe
from .structure import (
    LIGNES_EXCEL,
    Particularites,
    lettre_colonne,
    parties,
    verifier,
)

LIGNES_MAX = 10_000
COLONNES_MAX = 60
CELLULE_MAX = 500  # characters kept of a cell: no information asked for is that long
SECONDES_MAX = 15.0
_MARGE_TITRES = 60  # rows above the table: titles, logos
_FUSIONS_PAS_MAX = 300_000  # cells filled from merged areas; true areas do not overlap

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"RIFF", "une image ou un son"),
    (b"II*\x00", "une image"),
    (b"MM\x00*", "une image"),
    (b"{\\rtf", "un document Word"),
    (b"\x1f\x8b", "une archive"),
    (b"7z\xbc\xaf", "une archive"),
    (b"Rar!", "une archive"),
    (b"\x7fELF", "un programme"),
    (b"MZ\x90", "un programme"),
)


@dataclass
class Ligne:
    """A row: its number as Excel shows it, its cells from column A."""

    numero: int
    cellules: Sequence[Any]


@dataclass
class Feuille:
    """The rows of one sheet that hold something, and what was met on the way. `rang` begins at 1."""

    rang: int
    nom: str
    lignes: list[Ligne]
    vides: list[int] = field(default_factory=list)  # blank rows between two filled ones
    masquee: bool = False
    particularites: Particularites = field(default_factory=Particularites)


@dataclass
class Classeur:
    """`genre` is how the page names it: « classeur Excel », « fichier CSV »."""

    genre: str
    feuilles: list[Feuille]
    macros: bool = False


def lire(octets: bytes) -> Classeur:
    """Read a workbook or a CSV, in memory. Raises ClasseurRefuse, and nothing else."""
    if len(octets) > settings.CLASSEUR_OCTETS_MAX:
        raise erreurs.trop_lourd(len(octets), settings.CLASSEUR_OCTETS_MAX)
    if not octets.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise erreurs.vide()
    try:
        if octets[:4] == b"PK\x03\x04" or octets[:4] == b"PK\x05\x06":
            classeur = _lire_zip(octets)
        else:
            _refuser_le_reste(octets)
            classeur = _lire_csv(octets)
    except erreurs.ClasseurRefuse:
        raise
    except Exception as erreur:  # openpyxl raises at least eight kinds (security.md): none reaches the user
        raise erreurs.abime() from erreur
    if not any(f.lignes for f in classeur.feuilles):
        raise erreurs.vide()
    return classeur


def _refuser_le_reste(octets: bytes) -> None:
    """Everything that is neither a zip nor a text: said by its name."""
    if octets.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in octets:
            raise erreurs.protege()
        if "WordDocument".encode("utf-16-le") in octets:
            raise erreurs.autre_format("un document Word")
        if "Workbook".encode("utf-16-le") in octets or "Book".encode("utf-16-le") in octets:
            raise erreurs.ancien_format("un ancien classeur Excel (.xls)")
        raise erreurs.autre_format("un document d’un autre logiciel")
    for signature, quoi in _SIGNATURES:
        if octets.startswith(signature):
            raise erreurs.autre_format(quoi)
    debut = octets[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if debut.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        raise erreurs.ancien_format("une page web déguisée en classeur")
    if debut.startswith(b"<"):
        raise erreurs.ancien_format("un fichier XML")


def _lire_zip(octets: bytes) -> Classeur:
    noms = parties(octets)
    if "xl/workbook.bin" in noms:
        raise erreurs.ancien_format("un classeur binaire (.xlsb)")
    if any(n.startswith("word/") for n in noms):
        raise erreurs.autre_format("un document Word")
    if any(n.startswith("ppt/") for n in noms):
        raise erreurs.autre_format("une présentation")
    if "content.xml" in noms:
        raise erreurs.ancien_format("un classeur LibreOffice (.ods)")
    if "[Content_Types].xml" not in noms:
        raise erreurs.autre_format("une archive")
    return _lire_xlsx(octets, verifier(octets), macros="xl/vbaProject.bin" in noms)


def _lire_xlsx(octets: bytes, particularites: dict[str, Particularites], macros: bool) -> Classeur:
    """openpyxl in streaming mode, on a file whose structure has been bounded."""
    fin = time.monotonic() + SECONDES_MAX
    feuilles = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # « extension is not supported »: normal in real files
        livre = openpyxl.load_workbook(io.BytesIO(octets), read_only=True, data_only=True, keep_links=False)
        try:
            for rang, onglet in enumerate(livre.worksheets, 1):
                onglet.reset_dimensions()  # a wrong <dimension> would hide rows (security.md)
                traits = particularites.get(onglet._worksheet_path.lstrip("/"), Particularites())
                rangees = onglet.iter_rows(
                    min_row=1, max_row=min(traits.ligne_max + 1, LIGNES_EXCEL), max_col=COLONNES_MAX, values_only=True
                )
                feuille = _feuille(rang, onglet.title, rangees, fin)
                feuille.masquee, feuille.particularites = onglet.sheet_state != "visible", traits
                _etendre_fusions(feuille)
                feuilles.append(feuille)
        finally:
            livre.close()
    return Classeur("classeur Excel", feuilles, macros)


def _lire_csv(octets: bytes) -> Classeur:
    lignes = texte_separe.lire(octets)
    feuille = _feuille(1, "", lignes, time.monotonic() + SECONDES_MAX)
    return Classeur("fichier CSV", [feuille])


def _couper(valeur: Any) -> Any:
    return valeur[:CELLULE_MAX] if isinstance(valeur, str) and len(valeur) > CELLULE_MAX else valeur


def _feuille(rang: int, nom: str, rangees: Iterable[Sequence[Any]], fin: float) -> Feuille:
    """Keep the rows that hold something, count the blank ones between them, stop beyond the limits."""
    lignes: list[Ligne] = []
    vides: list[int] = []
    attente: list[int] = []  # blank rows that count only if something follows
    creuse = None  # openpyxl gives one and the same tuple for each row the file does not mention
    for numero, rangee in enumerate(rangees, 1):
        if numero % 500 == 0 and time.monotonic() > fin:
            raise erreurs.trop_long()
        if rangee is creuse or not any(c is not None and str(c).strip() for c in rangee):
            creuse = rangee
            if lignes and len(attente) < LIGNES_MAX:
                attente.append(numero)
            continue
        ligne = Ligne(numero, tuple(_couper(c) for c in rangee[:COLONNES_MAX]))
        vides += attente[: LIGNES_MAX - len(vides)]
        attente = []
        lignes.append(ligne)
        if len(lignes) > LIGNES_MAX + _MARGE_TITRES:
            raise erreurs.trop_de_lignes(LIGNES_MAX)
    return Feuille(rang, nom, lignes, vides)


def _etendre_fusions(feuille: Feuille) -> None:
    """A merged area says its value once: give it to every cell of the area that belongs to a filled row."""
    fusions = feuille.particularites.fusions
    if not fusions:
        return
    par_numero, pas = {ligne.numero: ligne for ligne in feuille.lignes}, 0
    for haut, gauche, bas, droite in fusions:
        source = par_numero.get(haut)
        if source is None or gauche > COLONNES_MAX or gauche > len(source.cellules):
            continue
        valeur = source.cellules[gauche - 1]
        if valeur is None:
            continue
        # Rows are looked up, not counted: an area may run to the bottom of the sheet.
        for numero in range(haut, min(bas, feuille.lignes[-1].numero) + 1):
            ligne = par_numero.get(numero)
            pas += 1
            if pas > _FUSIONS_PAS_MAX:
                raise erreurs.hostile()
            if ligne is not None:
                cellules = list(ligne.cellules)
                for colonne in range(gauche - 1, min(droite, len(cellules))):
                    cellules[colonne] = valeur
                ligne.cellules = tuple(cellules)


__all__ = ["COLONNES_MAX", "LIGNES_MAX", "Classeur", "Feuille", "Ligne", "lettre_colonne", "lire"]
