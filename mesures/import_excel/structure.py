"""Bounds on a .xlsx before any parser sees it: a zip of XML parts, each read once as a stream and thrown away.

openpyxl trusts what a file says of itself (security.md): here a zip bomb, a DTD, a row numbered 2 000 000 000, a
row of a million cells, thousands of sheets or of styles are stopped, in constant memory. The same pass notes what
openpyxl's streaming reader does not tell: merged cells, hidden rows and columns, formulas never computed.
"""

import io
import re
import time
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat  # every DTD and entity is refused below

from . import erreurs

ENTREES_MAX = 1_000
OCTETS_MAX = 120 * 1024 * 1024  # all parts together, once inflated
OCTETS_PARTIE_MAX = 80 * 1024 * 1024
TAUX_MAX = 300  # inflated / deflated, of a part above 1 MB
ELEMENTS_FEUILLE_MAX = 3_000_000
ELEMENTS_TEXTES_MAX = 1_000_000
ELEMENTS_AUTRES_MAX = 60_000
PROFONDEUR_MAX = 100
FEUILLES_MAX = 100
LIGNES_EXCEL = 1_048_576
COLONNES_EXCEL = 16_384
TEXTE_MAX = 40_000  # characters of one text; Excel itself stops at 32 767
FUSIONS_MAX = 5_000
LIGNES_NOTEES_MAX = 20_000
SECONDES_MAX = 10.0
MORCEAU = 64 * 1024

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_RELATIONS_LUES = ("/worksheet", "/sharedStrings", "/styles", "/officeDocument", "/theme")


@dataclass
class Particularites:
    """What a sheet holds besides its values. `fusions`: (first row, first column, last row, last column), 1-based."""

    fusions: list[tuple[int, int, int, int]] = field(default_factory=list)
    lignes_masquees: set[int] = field(default_factory=set)
    colonnes_masquees: set[int] = field(default_factory=set)
    formules_sans_valeur: int = 0
    colonne_max: int = 0  # the last column that holds a value
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


def lettre_colonne(rang: int) -> str:
    """1 → « A », 27 → « AA »."""
    lettres = ""
    while rang:
        rang, reste = divmod(rang - 1, 26)
        lettres = chr(65 + reste) + lettres
    return lettres


def _position(reference: str) -> tuple[int, int]:
    trouve = _REFERENCE.fullmatch(reference)
    if not trouve:
        raise erreurs.hostile()
    ligne, colonne = int(trouve[2]), rang_colonne(trouve[1])
    if not (1 <= ligne <= LIGNES_EXCEL and colonne <= COLONNES_EXCEL):
        raise erreurs.hostile()
    return ligne, colonne


class _Lecteur:
    """One streaming pass over one XML part."""

    def __init__(self, fin: float):
        self.fin = fin
        self.racine = ""
        self.profondeur = self.elements = self.texte = 0
        self.limite = ELEMENTS_AUTRES_MAX
        self.particularites = Particularites()
        self.feuilles = 0
        self.ligne = self.colonne = 0
        self._cellule_valeur = self._cellule_formule = self._dans_valeur = False

    def lire(self, flux) -> None:
        analyseur = expat.ParserCreate()
        analyseur.buffer_text = False
        analyseur.StartDoctypeDeclHandler = analyseur.EntityDeclHandler = self._interdit
        analyseur.ExternalEntityRefHandler = analyseur.UnparsedEntityDeclHandler = self._interdit
        analyseur.StartElementHandler = self._debut
        analyseur.EndElementHandler = self._fin_element
        analyseur.CharacterDataHandler = self._caracteres
        while morceau := flux.read(MORCEAU):
            if time.monotonic() > self.fin:
                raise erreurs.trop_long()
            analyseur.Parse(morceau, False)
        analyseur.Parse(b"", True)

    def _interdit(self, *_) -> None:
        raise erreurs.hostile()

    def _debut(self, nom: str, attributs: dict[str, str]) -> None:
        nom = nom.rpartition(":")[2]
        self.profondeur += 1
        self.elements += 1
        if not self.racine:
            self.racine = nom
            self.limite = {"worksheet": ELEMENTS_FEUILLE_MAX, "sst": ELEMENTS_TEXTES_MAX}.get(nom, self.limite)
        if self.elements > self.limite or self.profondeur > PROFONDEUR_MAX:
            raise erreurs.hostile()
        if nom not in {"r", "t", "rPr"}:  # rich text: the runs of one text add up
            self.texte = 0
        if self.racine == "worksheet":
            self._debut_feuille(nom, attributs)
        elif self.racine == "workbook" and nom == "sheet":
            self.feuilles += 1
            if self.feuilles > FEUILLES_MAX:
                raise erreurs.hostile()
        elif self.racine == "Relationships" and nom == "Relationship":
            externe = attributs.get("TargetMode", "").lower() == "external"
            if externe and attributs.get("Type", "").endswith(_RELATIONS_LUES):
                raise erreurs.hostile()

    def _debut_feuille(self, nom: str, attributs: dict[str, str]) -> None:
        if nom == "c":
            if "r" in attributs:
                _, self.colonne = _position(attributs["r"])
            else:
                self.colonne += 1
            if self.colonne > COLONNES_EXCEL:
                raise erreurs.hostile()
            self._cellule_valeur = self._cellule_formule = False
        elif nom in {"v", "t"}:
            self._dans_valeur = True
        elif nom == "f":
            self._cellule_formule = True
        elif nom == "row":
            self._debut_ligne(attributs)
        elif nom == "col" and attributs.get("hidden") in {"1", "true"}:
            premiere, derniere = int(attributs.get("min", "1")), int(attributs.get("max", "1"))
            self.particularites.colonnes_masquees |= set(range(max(premiere, 1), min(derniere, COLONNES_EXCEL) + 1))
        elif nom == "mergeCell":
            debut, _, bout = attributs.get("ref", "").partition(":")
            if len(self.particularites.fusions) >= FUSIONS_MAX:
                raise erreurs.hostile()
            self.particularites.fusions.append((*_position(debut), *_position(bout or debut)))

    def _debut_ligne(self, attributs: dict[str, str]) -> None:
        if "r" in attributs:
            numero = attributs["r"]
            suivante = int(numero) if numero.isascii() and numero.isdigit() and len(numero) < 9 else 0
        else:
            suivante = self.ligne + 1
        # A row twice, or out of order, would be lost in silence by the reader that comes next.
        if not self.ligne < suivante <= LIGNES_EXCEL:
            raise erreurs.hostile()
        self.ligne, self.colonne = suivante, 0
        masquees = self.particularites.lignes_masquees
        if attributs.get("hidden") in {"1", "true"} and len(masquees) < LIGNES_NOTEES_MAX:
            masquees.add(suivante)

    def _fin_element(self, nom: str) -> None:
        self.profondeur -= 1
        self._dans_valeur = False
        sans_valeur = self._cellule_formule and not self._cellule_valeur
        if sans_valeur and self.racine == "worksheet" and nom.rpartition(":")[2] == "c":
            self.particularites.formules_sans_valeur += 1

    def _caracteres(self, texte: str) -> None:
        self.texte += len(texte)
        if self._dans_valeur and not self._cellule_valeur:
            self._cellule_valeur = True
            self.particularites.colonne_max = max(self.particularites.colonne_max, self.colonne)
            self.particularites.ligne_max = max(self.particularites.ligne_max, self.ligne)
        if self.texte > TEXTE_MAX and self.racine in {"worksheet", "sst"}:
            raise erreurs.hostile()


def _verifier_entrees(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The entries of the zip, once their number, sizes, ratios and names are seen to be sane."""
    entrees = archive.infolist()
    noms = {e.filename for e in entrees}
    if len(entrees) > ENTREES_MAX or len(noms) != len(entrees):
        raise erreurs.hostile()
    if any(e.flag_bits & 0x1 for e in entrees):
        raise erreurs.protege()
    for entree in entrees:
        gonfle = entree.file_size > 1024 * 1024 and entree.file_size > TAUX_MAX * max(entree.compress_size, 1)
        if entree.file_size > OCTETS_PARTIE_MAX or gonfle:
            raise erreurs.hostile()
        if entree.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise erreurs.hostile()
    if sum(e.file_size for e in entrees) > OCTETS_MAX:
        raise erreurs.hostile()
    return entrees


def parties(octets: bytes) -> set[str]:
    """The names inside the zip, to tell what it is. Raises ClasseurRefuse."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return {e.filename for e in _verifier_entrees(archive)}
    except erreurs.ClasseurRefuse:
        raise
    except Exception as erreur:  # BadZipFile, struct.error, ValueError… : all mean a zip that cannot be read
        raise erreurs.abime() from erreur


def verifier(octets: bytes) -> dict[str, Particularites]:
    """Read every XML part once; returns the particularities of each sheet by the path of its part.

    Raises ClasseurRefuse, and nothing else. Time is bounded by SECONDES_MAX, memory by MORCEAU.
    """
    fin = time.monotonic() + SECONDES_MAX
    feuilles: dict[str, Particularites] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            for entree in _verifier_entrees(archive):
                if not entree.filename.lower().endswith((".xml", ".rels", ".vml")):
                    continue
                lecteur = _Lecteur(fin)
                with archive.open(entree) as flux:
                    try:
                        lecteur.lire(flux)
                    except expat.ExpatError:
                        if entree.filename.lower().endswith(".vml"):
                            continue  # drawings of Office are often not well-formed, and never read
                        raise
                if lecteur.racine == "worksheet":
                    feuilles[entree.filename] = lecteur.particularites
    except erreurs.ClasseurRefuse:
        raise
    except Exception as erreur:  # zip, inflate, XML, number: whatever breaks, the file is damaged
        raise erreurs.abime() from erreur
    return feuilles
