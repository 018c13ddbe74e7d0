"""Workbooks of LibreOffice and old Excel made by hand, byte by byte: true ones, and broken ones."""

import io
import struct
import zipfile

CLASSEUR = "application/vnd.oasis.opendocument.spreadsheet"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
ESPACES = " ".join(
    f'xmlns:{prefixe}="{_OASIS}:{prefixe}:1.0"' for prefixe in ("office", "table", "text", "style", "draw", "manifest")
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" xmlns:xlink="x"'  # fmt: skip
VIDE = "<table:table-cell/>"


def manifeste(dedans: str = "") -> str:
    return (
        f'<manifest:manifest {ESPACES}><manifest:file-entry manifest:full-path="/" manifest:media-type="{CLASSEUR}"/>'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{dedans}'
        "</manifest:file-entry></manifest:manifest>"
    )


def contenu(tables: str, tete: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{tete}<office:document-content {ESPACES}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )


def ods(tables: str = "", tete: str = "", parties: dict[str, bytes | str | None] | None = None) -> bytes:
    """A .ods around these tables; `parties` replaces, adds or removes (None) an entry."""
    entrees = {"mimetype": CLASSEUR, "content.xml": contenu(tables, tete), "META-INF/manifest.xml": manifeste()}
    entrees |= parties or {}
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, quoi in entrees.items():
            if quoi is not None:
                archive.writestr(nom, quoi)
    return sortie.getvalue()


def table(*rangees: str, nom: str = "Mesures", avant: str = "") -> str:
    return f'<table:table table:name="{nom}">{avant}{"".join(rangees)}</table:table>'


def rang(*cellules: str, attributs: str = "") -> str:
    return f"<table:table-row {attributs}>{''.join(cellules)}</table:table-row>"


def fois(combien) -> str:
    return f'table:number-rows-repeated="{combien}"'


def case(texte: str, attributs: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributs}><text:p>{texte}</text:p></table:table-cell>'


def valeur(genre: str, attribut: str, quoi, texte: str = "x") -> str:
    return (
        f'<table:table-cell office:value-type="{genre}" office:{attribut}="{quoi}"><text:p>{texte}</text:p>'
        "</table:table-cell>"
    )


def vides(combien: int) -> str:
    return f'<table:table-cell table:number-columns-repeated="{combien}"/>'


# --- .xls: records in a stream, the stream in a compound file -------------------------------------
def enregistrement(genre: int, corps: bytes = b"") -> bytes:
    return struct.pack("<HH", genre, len(corps)) + corps


def debut(nature: int) -> bytes:
    return enregistrement(0x0809, struct.pack("<HHHHII", 0x0600, nature, 0x0DBB, 0x07CC, 0x41, 6))


FIN = enregistrement(0x0A)


def nombre(ligne: int, colonne: int, quoi: float) -> bytes:
    return enregistrement(0x0203, struct.pack("<HHHd", ligne, colonne, 0, quoi))


def etiquette(ligne: int, colonne: int, texte: str) -> bytes:
    brut = texte.encode("latin-1")
    return enregistrement(0x0204, struct.pack("<HHHHB", ligne, colonne, 0, len(brut), 0) + brut)


def erreur(ligne: int, colonne: int, code: int) -> bytes:
    return enregistrement(0x0205, struct.pack("<HHHBB", ligne, colonne, 0, code, 1))


def ligne_masquee(ligne: int) -> bytes:
    return enregistrement(0x0208, struct.pack("<HHHHHHI", ligne, 0, 5, 255, 0, 0, 0x120))


def colonne_masquee(colonne: int) -> bytes:
    return enregistrement(0x7D, struct.pack("<6H", colonne, colonne, 2048, 0, 1, 0))


def xls(*feuilles: bytes, avant: bytes = b"", noms=("Workbook",)) -> bytes:
    """An old workbook whose sheets hold these records; `avant` goes before the list of sheets."""
    titres = [f"f{n}".encode() for n in range(len(feuilles))]
    longueur = len(debut(5)) + len(avant) + sum(12 + len(t) for t in titres) + len(FIN)
    positions, corps = [], b""
    for feuille in feuilles:
        positions.append(longueur + len(corps))
        corps += debut(0x10) + feuille + FIN
    onglets = b"".join(
        enregistrement(0x85, struct.pack("<IHBB", ou, 0, len(t), 0) + t)
        for ou, t in zip(positions, titres, strict=True)
    )
    return compose(debut(5) + avant + onglets + FIN + corps, noms)


def compose(flux: bytes, noms=("Workbook",)) -> bytes:
    """A compound file: each name at the root holds the same stream."""
    flux += b"\0" * (max(4096, -(-len(flux) // 512) * 512) - len(flux))
    secteurs = len(flux) // 512
    tables = -(-(secteurs + 60) // 127)
    fat = [0xFFFFFFFD] * tables + [0xFFFFFFFE]  # the table itself, then the directory
    fat += [*range(tables + 2, tables + 1 + secteurs), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (tables * 128 - len(fat))
    entete = bytearray(512)
    entete[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", entete, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", entete, 40, 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", entete, 76, *range(tables), *[0xFFFFFFFF] * (109 - tables))
    annuaire = _entree("Root Entry", 5, 0xFFFFFFFF, 1, 0xFFFFFFFE, 0)
    for n, nom in enumerate(noms, 1):
        annuaire += _entree(nom, 2, n + 1 if n < len(noms) else 0xFFFFFFFF, 0xFFFFFFFF, tables + 1, len(flux))
    assert len(annuaire) <= 512
    return bytes(entete) + struct.pack(f"<{len(fat)}I", *fat) + annuaire.ljust(512, b"\0") + flux


def _entree(nom: str, genre: int, droite: int, enfant: int, secteur: int, taille: int) -> bytes:
    brut = nom.encode("utf-16-le")
    tete = brut.ljust(64, b"\0") + struct.pack("<HBBIII", len(brut) + 2, genre, 1, 0xFFFFFFFF, droite, enfant)
    return tete.ljust(116, b"\0") + struct.pack("<III", secteur, taille, 0)
