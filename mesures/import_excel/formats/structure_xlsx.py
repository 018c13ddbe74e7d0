"""The parts of a .xlsx: what would make openpyxl hang or lie is refused, what it does not tell is noted."""

import io
import re
import time
import zipfile
from xml.parsers import expat

from .. import erreurs
from .structure import (
    ELEMENTS_AUTRES_MAX,
    ELEMENTS_FEUILLE_MAX,
    FEUILLES_MAX,
    FUSIONS_MAX,
    LIGNES_NOTEES_MAX,
    MORCEAU,
    SECONDES_MAX,
    TEXTE_MAX,
    Passe,
    ouvrir,
)
from .traits import COLONNES_EXCEL, LIGNES_EXCEL, Particularites, rang_colonne

ELEMENTS_TEXTES_MAX = 600_000
OCTETS_AUTRES_MAX = 20 * 1024 * 1024  # of a part that is neither a sheet nor the shared texts
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_RELATIONS_LUES = ("/worksheet", "/sharedStrings", "/styles", "/officeDocument", "/theme")
_TYPES_LUS = ("main+xml", "sharedStrings+xml", "worksheet+xml", "styles+xml", "theme+xml")
# Large in true workbooks (a line per formula, per cell of a pivot table), and read by nobody: not even looked at,
# provided nothing in the file calls them by another trade.
_DELAISSEES = re.compile(r"calcChain\.xml|pivotCache|pivotTables|comments|customXml|externalLinks", re.IGNORECASE)


def _position(reference: str) -> tuple[int, int]:
    trouve = _REFERENCE.fullmatch(reference)
    if not trouve:
        raise erreurs.hostile()
    ligne, colonne = int(trouve[2]), rang_colonne(trouve[1])
    if not (1 <= ligne <= LIGNES_EXCEL and colonne <= COLONNES_EXCEL):
        raise erreurs.hostile()
    return ligne, colonne


class _Partie(Passe):
    """Any part: its root says which."""

    def __init__(self, fin: float):
        super().__init__(fin)
        self.racine = ""
        self.particularites = Particularites()
        self.feuilles = 0
        self.ligne = self.colonne = 0
        self._cellule_valeur = self._cellule_formule = self._cellule_notee = self._dans_valeur = False

    def debut(self, nom: str, attributs: dict[str, str]) -> None:
        nom = nom.rpartition(":")[2]
        if not self.racine:
            self.racine = nom
            self.limite = {"worksheet": ELEMENTS_FEUILLE_MAX, "sst": ELEMENTS_TEXTES_MAX}.get(nom, ELEMENTS_AUTRES_MAX)
        if nom not in {"r", "t", "rPr"}:  # rich text: the runs of one text add up
            self.texte = 0
        if self.racine == "worksheet":
            self._debut_feuille(nom, attributs)
        elif self.racine == "workbook" and nom == "sheet":
            self.feuilles += 1
            if self.feuilles > FEUILLES_MAX:
                raise erreurs.hostile()
        elif self.racine == "Relationships" and nom == "Relationship":
            ailleurs = attributs.get("TargetMode", "").lower() == "external"
            ailleurs = ailleurs or _DELAISSEES.search(attributs.get("Target", ""))
            if ailleurs and attributs.get("Type", "").endswith(_RELATIONS_LUES):
                raise erreurs.hostile()
        elif self.racine == "Types":
            lu = attributs.get("ContentType", "").endswith(_TYPES_LUS)
            if lu and _DELAISSEES.search(attributs.get("PartName", "")):
                raise erreurs.hostile()

    def _debut_feuille(self, nom: str, attributs: dict[str, str]) -> None:
        if nom == "c":
            if "r" in attributs:
                _, self.colonne = _position(attributs["r"])
            else:
                self.colonne += 1
            if self.colonne > COLONNES_EXCEL:
                raise erreurs.hostile()
            # A formula whose result is an empty text has one, though it shows nothing.
            self._cellule_valeur, self._cellule_formule = attributs.get("t") == "str", False
            self._cellule_notee = False
        elif nom in {"v", "t"}:
            self._dans_valeur = True
        elif nom == "f":
            self._cellule_formule = True
        elif nom == "row":
            self._debut_ligne(attributs)
        elif nom == "col" and attributs.get("hidden") in {"1", "true"}:
            masquees = self.particularites.colonnes_masquees
            premiere, derniere = int(attributs.get("min", "1")), int(attributs.get("max", "1"))
            if len(masquees) < COLONNES_EXCEL:
                masquees.update(range(max(premiere, 1), min(derniere, COLONNES_EXCEL) + 1))
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

    def fin_element(self, nom: str) -> None:
        self._dans_valeur = False
        sans_valeur = self._cellule_formule and not self._cellule_valeur
        if sans_valeur and self.racine == "worksheet" and nom.rpartition(":")[2] == "c":
            self.particularites.formules_sans_valeur += 1

    def caracteres(self, texte: str) -> None:
        self.texte += len(texte)
        if self._dans_valeur and not self._cellule_notee:
            self._cellule_valeur = self._cellule_notee = True
            self.particularites.colonne_max = max(self.particularites.colonne_max, self.colonne)
            self.particularites.ligne_max = max(self.particularites.ligne_max, self.ligne)
        if self.texte > TEXTE_MAX and self.racine in {"worksheet", "sst"}:
            raise erreurs.hostile()


def verifier(octets: bytes) -> dict[str, Particularites]:
    """Read every XML part once; returns the particularities of each sheet by the path of its part.

    Raises ClasseurRefuse, and nothing else. Time is bounded by SECONDES_MAX, memory by structure.MORCEAU.
    """
    fin = time.monotonic() + SECONDES_MAX
    feuilles: dict[str, Particularites] = {}
    with ouvrir(octets) as (archive, entrees):
        for entree in entrees:
            nom = entree.filename.lower()
            if not nom.endswith((".xml", ".rels", ".vml")) or (_DELAISSEES.search(nom) and not nom.endswith(".rels")):
                continue
            partie = _Partie(fin)
            with archive.open(entree) as flux:
                try:
                    partie.lire(flux)
                except expat.ExpatError:
                    if nom.endswith(".vml"):
                        continue  # drawings of Office are often not well-formed, and never read
                    raise
            if partie.racine not in {"worksheet", "sst"} and entree.file_size > OCTETS_AUTRES_MAX:
                raise erreurs.hostile()
            if partie.racine == "worksheet":
                feuilles[entree.filename] = partie.particularites
    return feuilles


_DIMENSION = re.compile(rb"<((?:\w+:)?)dimension\b[^>]*(?:/>|>\s*</\1dimension>)")
_TETE = 8 * 1024  # where a sheet claims its size: before its first row


def alleger(octets: bytes) -> bytes:
    """The same workbook without its properties, nor the size each sheet claims: nobody reads them here.

    Call it on a file that `verifier` accepted. Copied as streams, MORCEAU bytes at a time.
    """
    sortie = io.BytesIO()
    with (
        ouvrir(octets) as (archive, entrees),
        zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as cible,
    ):
        for entree in entrees:
            if entree.filename.startswith("docProps/"):
                continue
            with archive.open(entree) as flux, cible.open(entree.filename, "w") as copie:
                tete = flux.read(_TETE)
                copie.write(_DIMENSION.sub(b"", tete, count=1) if b"worksheet" in tete else tete)
                while morceau := flux.read(MORCEAU):
                    copie.write(morceau)
    return sortie.getvalue()
