"""What a .xls says that calamine does not tell: password, hidden rows and columns, errors, how far the cells go.

One walk over the records of the workbook stream ([MS-XLS] 2.3): each is a number, a length, its bytes. Nothing is
interpreted beyond what is noted; a record cut short is skipped. Raises ValueError or struct.error when it is no .xls.
"""

import struct
from dataclasses import dataclass, field

from compose import Compose

ERREURS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_DEBUT, _FILEPASS, _FEUILLE, _LIGNE, _COLONNE, _CALENDRIER = 0x0809, 0x2F, 0x85, 0x0208, 0x7D, 0x22
_ERREUR, _FORMULE, _FORMULE_ANCIENNE, _NOMBRES = 0x0205, 0x06, 0x0406, 0xBD
_CELLULES = {0x0203, 0x0204, 0x0205, 0x027E, 0xD6, 0xFD, 0x06, 0x0406}  # NUMBER LABEL BOOLERR RK RSTRING LABELSST…
_CACHEE_LIGNE, _CACHEE_COLONNE = 0x20, 0x01
_NOTEES_MAX = 100_000


@dataclass
class Traits:
    """1-based, as Excel shows them."""

    lignes_masquees: set[int] = field(default_factory=set)
    colonnes_masquees: set[int] = field(default_factory=set)
    erreurs: dict[tuple[int, int], str] = field(default_factory=dict)
    ligne_max: int = 0
    colonne_max: int = 0


@dataclass
class Classeur:
    protege: bool = False
    depuis_1904: bool = False
    feuilles: list[Traits] = field(default_factory=list)  # in the order of the tabs


def examiner(octets: bytes) -> Classeur:
    conteneur = Compose(octets)
    racine = {nom.lower(): rang for nom, rang in conteneur.racine().items()}
    rang = racine.get("workbook", racine.get("book"))
    if rang is None:
        raise ValueError("no workbook")
    return _parcourir(conteneur.flux(rang))


def _parcourir(flux: bytes) -> Classeur:
    classeur, positions = Classeur(), []
    par_position: dict[int, Traits] = {}
    traits: Traits | None = None
    ou, fin = 0, len(flux)
    while ou + 4 <= fin:
        genre, longueur = struct.unpack_from("<HH", flux, ou)
        corps = ou + 4
        if corps + longueur > fin:
            break
        if genre == _DEBUT:
            traits = par_position.setdefault(ou, Traits())
        elif genre == _FILEPASS:
            classeur.protege = True
            return classeur
        elif genre == _CALENDRIER and longueur >= 2:
            classeur.depuis_1904 = flux[corps : corps + 2] == b"\x01\x00"
        elif genre == _FEUILLE and longueur >= 4:
            positions.append(struct.unpack_from("<I", flux, corps)[0])
        elif traits is not None:
            _noter(traits, genre, flux, corps, longueur)
        ou = corps + longueur
    classeur.feuilles = [par_position.get(position, Traits()) for position in positions]
    return classeur


def _noter(traits: Traits, genre: int, flux: bytes, ou: int, longueur: int) -> None:
    if genre in _CELLULES and longueur >= 7:
        ligne, colonne = struct.unpack_from("<HH", flux, ou)
        code = None
        if genre == _ERREUR and longueur >= 8 and flux[ou + 7]:
            code = flux[ou + 6]
        elif genre in {_FORMULE, _FORMULE_ANCIENNE} and longueur >= 14 and flux[ou + 12 : ou + 14] == b"\xff\xff":
            code = flux[ou + 8] if flux[ou + 6] == 2 else None
        if code is not None and len(traits.erreurs) < _NOTEES_MAX:
            traits.erreurs[ligne + 1, colonne + 1] = ERREURS.get(code, "#N/A")
        _etendre(traits, ligne, colonne)
    elif genre == _NOMBRES and longueur >= 6:
        (ligne,) = struct.unpack_from("<H", flux, ou)
        (colonne,) = struct.unpack_from("<H", flux, ou + longueur - 2)
        _etendre(traits, ligne, colonne)
    elif genre == _LIGNE and longueur >= 16:
        if struct.unpack_from("<H", flux, ou + 12)[0] & _CACHEE_LIGNE:
            traits.lignes_masquees.add(struct.unpack_from("<H", flux, ou)[0] + 1)
    elif genre == _COLONNE and longueur >= 10:
        premiere, derniere, _, _, drapeaux = struct.unpack_from("<5H", flux, ou)
        if drapeaux & _CACHEE_COLONNE:
            traits.colonnes_masquees.update(range(premiere + 1, min(derniere, 255) + 2))


def _etendre(traits: Traits, ligne: int, colonne: int) -> None:
    traits.ligne_max = max(traits.ligne_max, ligne + 1)
    traits.colonne_max = max(traits.colonne_max, colonne + 1)
