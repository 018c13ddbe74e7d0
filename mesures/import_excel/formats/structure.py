"""Bounds on a zip of XML parts (.xlsx, .ods) before any parser sees it: each part read once as a stream, thrown away.

The readers trust what a file says of itself (security.md): a zip bomb, a DTD, a part without end or too deep are
stopped here, in constant memory. What belongs to one format is in `structure_xlsx` and `structure_ods`, whose passes
also note what the reader that comes next does not tell: merged cells, hidden rows and columns, formulas never computed.
"""

import contextlib
import io
import time
import zipfile
from collections.abc import Iterator
from xml.parsers import expat  # every DTD and entity is refused below

from .. import erreurs

ENTREES_MAX = 1_000
OCTETS_MAX = 120 * 1024 * 1024  # all parts together, once inflated
OCTETS_PARTIE_MAX = 80 * 1024 * 1024
TAUX_MAX = 300  # inflated / deflated, of a part above 1 MB
ELEMENTS_FEUILLE_MAX = 3_000_000
ELEMENTS_AUTRES_MAX = 60_000
PROFONDEUR_MAX = 100
FEUILLES_MAX = 100
TEXTE_MAX = 40_000  # characters of one text; Excel itself stops at 32 767
FUSIONS_MAX = 50_000  # five per row of the longest workbook
LIGNES_NOTEES_MAX = 20_000
SECONDES_MAX = 10.0
MORCEAU = 64 * 1024


class Passe:
    """One streaming pass over one XML part. A format says what it notes in `debut`, `fin_element` and `caracteres`."""

    limite = ELEMENTS_AUTRES_MAX

    def __init__(self, fin: float):
        self.fin = fin
        self.profondeur = self.elements = self.texte = 0

    def lire(self, flux) -> None:
        """Raises ClasseurRefuse, or ExpatError when the part is not XML."""
        analyseur = expat.ParserCreate()
        analyseur.buffer_text = False
        analyseur.StartDoctypeDeclHandler = analyseur.EntityDeclHandler = self._interdit
        analyseur.ExternalEntityRefHandler = analyseur.UnparsedEntityDeclHandler = self._interdit
        analyseur.StartElementHandler = self._debut
        analyseur.EndElementHandler = self._fin_element
        analyseur.CharacterDataHandler = self.caracteres
        while morceau := flux.read(MORCEAU):
            if time.monotonic() > self.fin:
                raise erreurs.trop_long()
            analyseur.Parse(morceau, False)
        analyseur.Parse(b"", True)

    def debut(self, nom: str, attributs: dict[str, str]) -> None:
        """An element opens."""

    def fin_element(self, nom: str) -> None:
        """An element closes."""

    def caracteres(self, texte: str) -> None:
        """A piece of text, anywhere."""

    def _interdit(self, *_) -> None:
        raise erreurs.hostile()

    def _debut(self, nom: str, attributs: dict[str, str]) -> None:
        self.profondeur += 1
        self.elements += 1
        self.debut(nom, attributs)
        if self.elements > self.limite or self.profondeur > PROFONDEUR_MAX:
            raise erreurs.hostile()

    def _fin_element(self, nom: str) -> None:
        self.profondeur -= 1
        self.fin_element(nom)


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


@contextlib.contextmanager
def ouvrir(octets: bytes) -> Iterator[tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]]:
    """The zip and its entries, bounded. Whatever breaks while it is read means a damaged file: ClasseurRefuse."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            yield archive, _verifier_entrees(archive)
    except erreurs.ClasseurRefuse:
        raise
    except Exception as erreur:  # zip, inflate, XML, number: the kinds of exceptions are many (security.md)
        raise erreurs.abime() from erreur


def parties(octets: bytes) -> set[str]:
    """The names inside the zip, to tell what it is. Raises ClasseurRefuse."""
    with ouvrir(octets) as (_, entrees):
        return {e.filename for e in entrees}
