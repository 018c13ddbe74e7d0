"""The parts of a .ods: what would make calamine abort is refused, what it does not tell is noted.

LibreOffice writes a sheet as runs: « this row, 1 048 550 times », « this cell, 16 380 times ». Blank runs cost nothing
and are normal; a filled run counts for all its rows and columns. Names are compared with their usual prefix, as
calamine does: a file that uses others is said damaged rather than read as empty.
"""

import time
from dataclasses import dataclass, field

from .. import erreurs
from .structure import (
    ELEMENTS_AUTRES_MAX,
    ELEMENTS_FEUILLE_MAX,
    FEUILLES_MAX,
    FUSIONS_MAX,
    LIGNES_NOTEES_MAX,
    SECONDES_MAX,
    TEXTE_MAX,
    Passe,
    ouvrir,
)
from .traits import COLONNES_EXCEL, LIGNES_EXCEL, Particularites

CLASSEUR = b"application/vnd.oasis.opendocument.spreadsheet"
AUTRES = {
    b"application/vnd.oasis.opendocument.text": "un document texte LibreOffice",
    b"application/vnd.oasis.opendocument.presentation": "une présentation",
    b"application/vnd.oasis.opendocument.graphics": "un dessin",
}
CORRECTIONS_MAX = 50_000  # cells
CORRECTIONS_CARACTERES_MAX = 2_000_000
_CELLULES = {"table:table-cell", "table:covered-table-cell"}
_MASQUEE = {"collapse", "filter"}


@dataclass
class FeuilleOds:
    """`corrections`: cells that calamine reads as nothing or wrongly (errors, texts without a type), by position."""

    nom: str
    particularites: Particularites = field(default_factory=Particularites)
    corrections: dict[int, dict[int, str]] = field(default_factory=dict)  # row → column → text
    lignes_remplies: int = 0


def _fois(attributs: dict[str, str], nom: str) -> int:
    """How many times a run repeats."""
    valeur = attributs.get(nom, "1")
    if not (valeur.isascii() and valeur.isdigit() and len(valeur) < 9):
        raise erreurs.hostile()
    return int(valeur)


class _Manifeste(Passe):
    def debut(self, nom: str, attributs: dict[str, str]) -> None:
        if nom.rpartition(":")[2] == "encryption-data":
            raise erreurs.protege_libreoffice()


class _Contenu(Passe):
    """content.xml: the sheets, one after the other."""

    limite = ELEMENTS_FEUILLE_MAX

    def __init__(self, fin: float):
        super().__init__(fin)
        self.feuilles: list[FeuilleOds] = []
        self.feuille: FeuilleOds | None = None  # the one being read
        self.ligne = self.fois_ligne = self.colonne = self.rang_colonne = 0
        self.ligne_remplie = False
        self.dehors = 0  # depth inside something that is no cell: a comment, a drawing
        self.depuis_1904 = False
        self.autres = 0  # elements outside the sheets: styles above all
        self.corrections = self.corrections_caracteres = 0
        self.chemin: list[str] = []
        self._ouvrir_cellule({})

    def debut(self, nom: str, attributs: dict[str, str]) -> None:
        parent = self.chemin[-1] if self.chemin else ""
        self.chemin.append(nom)
        if nom == "table:table" and not self.dehors:
            if self.feuille is not None:
                raise erreurs.hostile()  # a table inside a table would be read as its rows
            if parent == "office:spreadsheet":
                self._ouvrir_feuille(attributs)
                return
        if nom == "table:null-date":
            self.depuis_1904 = attributs.get("table:date-value", "").startswith("1904")
        if self.feuille is None:
            self.autres += 1
            if self.autres > ELEMENTS_AUTRES_MAX:
                raise erreurs.hostile()
        elif self.dehors or nom in {"office:annotation", "table:shapes"} or nom.startswith(("draw:", "svg:")):
            self.dehors += 1
        elif nom in _CELLULES:
            self._ouvrir_cellule(attributs)
        elif nom == "table:table-row":
            self._ouvrir_ligne(attributs)
        elif nom == "table:table-column":
            self._noter_colonne(attributs)
        elif nom.startswith("text:") and self.cellule is not None:
            self._dans_texte(nom, attributs)

    def fin_element(self, nom: str) -> None:
        self.chemin.pop()
        if self.dehors:
            self.dehors -= 1
        elif self.feuille is None:
            return
        elif nom in _CELLULES:
            self._fermer_cellule()
        elif nom == "table:table-row":
            self._fermer_ligne()
        elif nom == "table:table":
            self.feuille = None

    def caracteres(self, texte: str) -> None:
        self.texte += len(texte)
        if self.texte > TEXTE_MAX:
            if self.feuille is not None:
                raise erreurs.hostile()
            self.texte = 0
        if self.cellule is not None and not self.dehors and self.paragraphes and texte:
            self.morceaux.append(texte)

    # --- Sheets, columns, rows
    def _ouvrir_feuille(self, attributs: dict[str, str]) -> None:
        nom = attributs.get("table:name", "")
        if len(self.feuilles) >= FEUILLES_MAX or any(f.nom == nom for f in self.feuilles):
            raise erreurs.hostile()
        self.feuille = FeuilleOds(nom)
        self.feuilles.append(self.feuille)
        self.ligne = self.fois_ligne = self.rang_colonne = 0

    def _noter_colonne(self, attributs: dict[str, str]) -> None:
        fois, premiere = _fois(attributs, "table:number-columns-repeated"), self.rang_colonne + 1
        self.rang_colonne += fois
        masquees = self.feuille.particularites.colonnes_masquees
        if attributs.get("table:visibility") in _MASQUEE and len(masquees) < COLONNES_EXCEL:
            masquees.update(range(premiere, min(self.rang_colonne, COLONNES_EXCEL) + 1))

    def _ouvrir_ligne(self, attributs: dict[str, str]) -> None:
        self.fois_ligne = _fois(attributs, "table:number-rows-repeated")
        self.colonne, self.ligne_remplie = 0, False
        masquees = self.feuille.particularites.lignes_masquees
        if attributs.get("table:visibility") in _MASQUEE:
            combien = min(self.fois_ligne, max(LIGNES_NOTEES_MAX - len(masquees), 0))
            masquees.update(range(self.ligne + 1, self.ligne + combien + 1))

    def _fermer_ligne(self) -> None:
        self.ligne += self.fois_ligne
        if self.ligne_remplie:
            traits = self.feuille.particularites
            traits.ligne_max = self.ligne
            self.feuille.lignes_remplies += self.fois_ligne
            if self.ligne > LIGNES_EXCEL:
                raise erreurs.hostile()

    # --- Cells
    def _ouvrir_cellule(self, attributs: dict[str, str]) -> None:
        self.cellule = attributs if self.feuille is not None else None
        self.texte = self.paragraphes = 0
        self.morceaux: list[str] = []
        self.recoudre = False  # a tab or a line break in the text, that calamine forgets

    def _dans_texte(self, nom: str, attributs: dict[str, str]) -> None:
        if nom in {"text:p", "text:h"}:
            self.morceaux += ["\n"] * bool(self.paragraphes)
            self.paragraphes += 1
        elif nom == "text:s":
            espaces = _fois(attributs, "text:c")
            self.texte += espaces
            if self.texte > TEXTE_MAX:
                raise erreurs.hostile()
            self.morceaux.append(" " * espaces)
        elif nom in {"text:tab", "text:line-break"}:
            self.morceaux.append("\t" if nom == "text:tab" else "\n")
            self.recoudre = True
        if len(self.morceaux) > TEXTE_MAX:
            raise erreurs.hostile()

    def _fermer_cellule(self) -> None:
        attributs, self.cellule = self.cellule or {}, None
        fois = _fois(attributs, "table:number-columns-repeated")
        premiere, self.colonne = self.colonne + 1, self.colonne + fois
        texte = "".join(self.morceaux)
        genre = attributs.get("office:value-type", "")
        rempli = bool(texte) if genre in {"", "string"} else True
        rempli = rempli or bool(attributs.get("office:string-value"))
        traits = self.feuille.particularites
        if "table:formula" in attributs and not genre and not self.paragraphes:
            traits.formules_sans_valeur += fois * self.fois_ligne
        if attributs.get("table:number-rows-spanned", "1") != "1" or (
            attributs.get("table:number-columns-spanned", "1") != "1"
        ):
            self._noter_fusion(attributs, premiere)
        if not rempli:
            return
        if self.colonne > COLONNES_EXCEL:
            raise erreurs.hostile()
        self.ligne_remplie = True
        traits.colonne_max = max(traits.colonne_max, self.colonne)
        erreur = attributs.get("calcext:value-type") == "error" or (  # without that attribute before LibreOffice 4
            "table:formula" in attributs and texte.startswith(("#", "Err:", "Err\u00a0:", "Err :"))
        )
        if texte and (erreur or not genre or (self.recoudre and "office:string-value" not in attributs)):
            self._corriger(texte, premiere)

    def _noter_fusion(self, attributs: dict[str, str], colonne: int) -> None:
        haut = self.ligne + 1
        bas = haut + max(_fois(attributs, "table:number-rows-spanned"), 1) - 1
        droite = colonne + max(_fois(attributs, "table:number-columns-spanned"), 1) - 1
        fusions = self.feuille.particularites.fusions
        if len(fusions) >= FUSIONS_MAX or bas > LIGNES_EXCEL or droite > COLONNES_EXCEL:
            raise erreurs.hostile()
        fusions.append((haut, colonne, bas, droite))

    def _corriger(self, texte: str, premiere: int) -> None:
        texte = "#N/A" if texte == "#N/D" else texte  # LibreOffice writes errors in the user's language
        combien = (self.colonne - premiere + 1) * self.fois_ligne
        self.corrections += combien
        self.corrections_caracteres += len(texte)
        if self.corrections > CORRECTIONS_MAX or self.corrections_caracteres > CORRECTIONS_CARACTERES_MAX:
            raise erreurs.trop_rempli()
        for ligne in range(self.ligne + 1, self.ligne + self.fois_ligne + 1):
            for colonne in range(premiere, self.colonne + 1):
                self.feuille.corrections.setdefault(ligne, {})[colonne] = texte


def verifier(octets: bytes) -> list[FeuilleOds]:
    """What the manifest and the content say of each sheet, in the order of the tabs.

    The other parts (styles, settings, pictures) are read by nobody. Raises ClasseurRefuse, and nothing else.
    """
    fin = time.monotonic() + SECONDES_MAX
    with ouvrir(octets) as (archive, entrees):
        noms = {e.filename for e in entrees}
        if "encrypted-package" in noms:  # LibreOffice since 24.2: the whole document in one entry
            raise erreurs.protege_libreoffice()
        _nommer(archive, noms)
        if "META-INF/manifest.xml" in noms:
            with archive.open("META-INF/manifest.xml") as flux:
                _Manifeste(fin).lire(flux)
        contenu = _Contenu(fin)
        with archive.open("content.xml") as flux:
            contenu.lire(flux)
    if not contenu.feuilles:
        raise erreurs.abime()
    for feuille in contenu.feuilles:
        feuille.particularites.depuis_1904 = contenu.depuis_1904
    return contenu.feuilles


def _nommer(archive, noms: set[str]) -> None:
    """The entry « mimetype » says which of LibreOffice's documents it is."""
    if "mimetype" not in noms:
        raise erreurs.abime()
    with archive.open("mimetype") as flux:
        genre = flux.read(200).strip()
    if genre.startswith(CLASSEUR):
        return
    for debut, quoi in AUTRES.items():
        if genre.startswith(debut):
            raise erreurs.autre_format(quoi)
    raise erreurs.autre_format("un document d’un autre logiciel")
