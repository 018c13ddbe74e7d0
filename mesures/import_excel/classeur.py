"""Bytes → rows. What a file is gets decided by its content; any failure becomes a sentence (ClasseurRefuse)."""

import io
import re
import struct
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from django.conf import settings
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from . import erreurs
from .formats import lecteur_calamine, structure, structure_ods, structure_xlsx, texte_separe
from .formats.isole.compose import SIGNATURE as OLE
from .formats.isole.compose import Compose
from .formats.traits import LIGNES_EXCEL, Particularites

LIGNES_MAX = 10_000
COLONNES_MAX = 60
CELLULE_MAX = 500  # characters kept of a cell: no information asked for is that long
SECONDES_MAX = 15.0
_MARGE_TITRES = 60  # rows above the table: titles, logos
_FUSIONS_PAS_MAX = 300_000  # cells filled from merged areas; true areas do not overlap
_LIGNES_TOUTES_MAX = 50_000  # rows kept, all sheets together
_CASES_MAX = 1_000_000  # cells kept, all sheets together
_CARACTERES_MAX = 15_000_000

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
Avancer = Callable[[int, int], None]


@dataclass(slots=True)
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
    """`genre` is how the page names it: « classeur Excel », « classeur LibreOffice », « fichier CSV »…"""

    genre: str
    feuilles: list[Feuille]
    macros: bool = False


def lire(octets: bytes, avancer: Avancer | None = None) -> Classeur:
    """Read a workbook or a CSV, in memory. Raises ClasseurRefuse, and nothing else.

    `avancer(read, in all)` is told every 500 rows of a sheet whose size is known.
    """
    if len(octets) > settings.CLASSEUR_OCTETS_MAX:
        raise erreurs.trop_lourd(len(octets), settings.CLASSEUR_OCTETS_MAX)
    if not octets.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise erreurs.vide()
    try:
        classeur = _lire(octets, _Moisson(avancer))
    except erreurs.ClasseurRefuse:
        raise
    except Exception as erreur:  # openpyxl raises at least eight kinds (security.md): none reaches the user
        raise erreurs.abime() from erreur
    if not any(f.lignes for f in classeur.feuilles):
        raise erreurs.vide()
    return classeur


def _lire(octets: bytes, moisson: "_Moisson") -> Classeur:
    if octets[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return _lire_zip(octets, moisson)
    if octets.startswith(OLE):
        _refuser_ole(octets)
        return _lire_xls(octets, moisson)
    _refuser_le_reste(octets)
    return _lire_csv(octets, moisson)


def _refuser_ole(octets: bytes) -> None:
    """The container of .xls is also that of .doc, and of a .xlsx with a password: its names tell."""
    try:
        noms = {nom.lower() for nom in Compose(octets).racine()}
    except (ValueError, struct.error):  # cut or damaged: the names are looked for where they should be
        noms = {nom for nom in ("encryptedpackage", "workbook", "book", "worddocument") if _nom_ole(octets, nom)}
    if "encryptedpackage" in noms:
        raise erreurs.protege()
    if noms & {"workbook", "book"}:
        return
    if "worddocument" in noms:
        raise erreurs.autre_format("un document Word")
    if "powerpoint document" in noms:
        raise erreurs.autre_format("une présentation")
    raise erreurs.autre_format("un document d’un autre logiciel")


def _nom_ole(octets: bytes, nom: str) -> bool:
    """Is there an entry of that name? They are 128 bytes long and begin at a multiple of 128."""
    motif = re.compile(re.escape(nom.encode("utf-16-le")) + b"\x00\x00", re.IGNORECASE)
    return any(trouve.start() % 128 == 0 for trouve in motif.finditer(octets))


def _refuser_le_reste(octets: bytes) -> None:
    """Everything that is neither a container nor a text: said by its name."""
    for signature, quoi in _SIGNATURES:
        if octets.startswith(signature):
            raise erreurs.autre_format(quoi)
    debut = octets[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if debut.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        raise erreurs.ancien_format("une page web déguisée en classeur")
    if debut.startswith(b"<"):
        raise erreurs.ancien_format("un fichier XML")


def _lire_zip(octets: bytes, moisson: "_Moisson") -> Classeur:
    noms = structure.parties(octets)
    if "xl/workbook.bin" in noms:
        raise erreurs.ancien_format("un classeur binaire (.xlsb)")
    if any(n.startswith("word/") for n in noms):
        raise erreurs.autre_format("un document Word")
    if any(n.startswith("ppt/") for n in noms):
        raise erreurs.autre_format("une présentation")
    if noms & {"content.xml", "encrypted-package"}:
        return _lire_ods(octets, structure_ods.verifier(octets), moisson)
    if "[Content_Types].xml" not in noms:
        raise erreurs.autre_format("une archive")
    feuilles = _lire_xlsx(octets, structure_xlsx.verifier(octets), moisson)
    return Classeur("classeur Excel", feuilles, macros="xl/vbaProject.bin" in noms)


def _lire_xlsx(octets: bytes, particularites: dict[str, Particularites], moisson: "_Moisson") -> list[Feuille]:
    """openpyxl in streaming mode, on a file whose structure has been bounded.

    It stops at things that nobody reads (the date in the properties, the size a sheet claims): they are then taken
    away, and it reads again.
    """
    try:
        return _lire_par_openpyxl(octets, particularites, moisson)
    except erreurs.ClasseurRefuse:
        raise
    except Exception:
        return _lire_par_openpyxl(structure_xlsx.alleger(octets), particularites, moisson.recommencer())


def _lire_par_openpyxl(octets: bytes, particularites: dict[str, Particularites], moisson: "_Moisson") -> list[Feuille]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # « extension is not supported »: normal in real files
        livre = openpyxl.load_workbook(io.BytesIO(octets), read_only=True, data_only=True, keep_links=False)
        try:
            for onglet in livre.worksheets:
                onglet.reset_dimensions()  # a wrong <dimension> would hide rows (security.md)
                traits = particularites.get(onglet._worksheet_path.lstrip("/"), Particularites())
                traits.depuis_1904 = livre.epoch == CALENDAR_MAC_1904
                rangees = onglet.iter_rows(
                    min_row=1, max_row=min(traits.ligne_max + 1, LIGNES_EXCEL), max_col=COLONNES_MAX, values_only=True
                )
                moisson.feuille(onglet.title, enumerate(rangees, 1), onglet.sheet_state != "visible", traits)
        finally:
            livre.close()
    return moisson.feuilles


def _lire_ods(octets: bytes, vues: list[structure_ods.FeuilleOds], moisson: "_Moisson") -> Classeur:
    """calamine gives the values; what it does not tell was seen by the pass over the structure."""
    cases = 0
    for vue in vues:
        traits = vue.particularites
        if vue.lignes_remplies > LIGNES_MAX + _MARGE_TITRES:
            raise erreurs.trop_de_lignes(LIGNES_MAX)
        cases += traits.ligne_max * traits.colonne_max
        if cases > lecteur_calamine.CASES_MAX:
            raise erreurs.lointaine(traits.ligne_max, traits.colonne_max)
    par_nom = {vue.nom: vue for vue in vues}
    for lue in lecteur_calamine.lire(octets, LIGNES_MAX + _MARGE_TITRES, COLONNES_MAX, CELLULE_MAX):
        vue = par_nom.pop(lue.nom, None)
        if vue is None:
            continue  # the copy of a table of another document (« DDE »), not a sheet
        if vue.lignes_remplies and not lue.rangees and not vue.corrections:
            raise erreurs.abime()  # never an empty sheet where there was something
        moisson.feuille(lue.nom, _corriger(lue.rangees, vue.corrections), lue.masquee, vue.particularites)
    if par_nom:
        raise erreurs.abime()
    return Classeur("classeur LibreOffice", moisson.feuilles)


def _corriger(rangees: list[tuple[int, list]], corrections: dict[int, dict[int, str]]) -> Iterator[tuple[int, list]]:
    """The rows, with the cells that calamine could not say."""
    lues = dict(rangees)
    for numero in sorted(lues.keys() | corrections.keys()):
        cellules = lues.get(numero, [])
        for colonne, texte in corrections.get(numero, {}).items():
            if colonne <= COLONNES_MAX:
                cellules += [None] * (colonne - len(cellules))
                cellules[colonne - 1] = texte
        yield numero, cellules


def _lire_xls(octets: bytes, moisson: "_Moisson") -> Classeur:
    for lue in lecteur_calamine.lire(octets, LIGNES_MAX + _MARGE_TITRES, COLONNES_MAX, CELLULE_MAX):
        moisson.feuille(lue.nom, lue.rangees, lue.masquee, lue.particularites)
    if not moisson.feuilles:
        raise erreurs.abime()
    return Classeur("ancien classeur Excel", moisson.feuilles)


def _lire_csv(octets: bytes, moisson: "_Moisson") -> Classeur:
    moisson.feuille("", enumerate(texte_separe.lire(octets), 1))
    return Classeur("fichier CSV", moisson.feuilles)


def _vide(valeur: Any) -> bool:
    return valeur is None or (isinstance(valeur, str) and not valeur.strip())


class _Moisson:
    """The sheets kept so far, and what they weigh: time, cells and characters are bounded for the whole file."""

    def __init__(self, avancer: Avancer | None = None):
        self.avancer = avancer
        self.fin = time.monotonic() + SECONDES_MAX
        self.recommencer()

    def recommencer(self) -> "_Moisson":
        """Forget what was kept; the clock goes on."""
        self.feuilles: list[Feuille] = []
        self.lignes = self.cases = self.caracteres = 0
        return self

    def feuille(
        self,
        nom: str,
        rangees: Iterable[tuple[int, Sequence[Any]]],
        masquee: bool = False,
        particularites: Particularites | None = None,
    ) -> None:
        """Keep the rows that hold something, count the blank ones between them, stop beyond the limits."""
        lignes: list[Ligne] = []
        vides: list[int] = []
        creuse = None  # openpyxl gives one and the same tuple for each row the file does not mention
        for compte, (numero, rangee) in enumerate(rangees, 1):
            if compte % 500 == 0:
                if time.monotonic() > self.fin:
                    raise erreurs.trop_long()
                if self.avancer and particularites:
                    self.avancer(compte, particularites.ligne_max)
            if rangee is creuse or all(_vide(c) for c in rangee):
                creuse = rangee
                continue
            if lignes:
                manquantes = range(lignes[-1].numero + 1, numero)
                vides += manquantes[: max(LIGNES_MAX - len(vides), 0)]
            lignes.append(Ligne(numero, self._garder(rangee)))
            if len(lignes) > LIGNES_MAX + _MARGE_TITRES:
                raise erreurs.trop_de_lignes(LIGNES_MAX)
        feuille = Feuille(len(self.feuilles) + 1, nom, lignes, vides, masquee, particularites or Particularites())
        _etendre_fusions(feuille)
        self.feuilles.append(feuille)

    def _garder(self, rangee: Sequence[Any]) -> tuple[Any, ...]:
        """The cells of a row, up to the last that holds something, long texts cut short."""
        cellules = list(rangee[:COLONNES_MAX])
        while cellules and cellules[-1] is None:
            cellules.pop()
        for rang, valeur in enumerate(cellules):
            if isinstance(valeur, str):
                if len(valeur) > CELLULE_MAX:
                    cellules[rang] = valeur = valeur[:CELLULE_MAX]
                self.caracteres += len(valeur)
        self.lignes += 1
        self.cases += len(cellules)
        if self.lignes > _LIGNES_TOUTES_MAX or self.cases > _CASES_MAX or self.caracteres > _CARACTERES_MAX:
            raise erreurs.trop_rempli()
        return tuple(cellules)


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
                cellules, fin = list(ligne.cellules), min(droite, COLONNES_MAX)
                cellules += [None] * (fin - len(cellules))
                cellules[gauche - 1 : fin] = [valeur] * (fin - gauche + 1)
                ligne.cellules = tuple(cellules)
