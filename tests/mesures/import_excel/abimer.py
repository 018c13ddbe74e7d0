"""How to spoil a file: a part taken out, changed, compressed otherwise; other kinds of files under its name."""

import io
import sqlite3
import tarfile
import zipfile

import xlsxwriter

from .corpus.cahier import Cahier
from .fabrique import FEUILLE, TITRES, feuille_xml, partie, rangee, refaire, xlsx

BON = xlsx([rangee(n) for n in range(5)])


def partage() -> bytes:
    """The same rows, their texts in the table of shared strings, as Excel writes them."""
    sortie = io.BytesIO()
    with xlsxwriter.Workbook(sortie, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as livre:
        feuille = livre.add_worksheet()
        for rang, ligne in enumerate([TITRES, *(rangee(n) for n in range(5))]):
            feuille.write_row(rang, 0, ligne)
    return sortie.getvalue()


PARTAGE = partage()
LIVRE, STYLES, TYPES = "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"
LIENS, CHAINES = "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
VIDE, TITRE = "Il ne contient aucune ligne", "Aucun titre de colonne"
ABIME, INHABITUEL = "incomplet ou abîmé", "structure est inhabituelle"
CASSE = f"{ABIME}|{INHABITUEL}"
BINAIRE = "n’est pas un tableau|C’est un"
IMAGE, ARCHIVE, AUTRE = "C’est une image", "C’est une archive", "C’est un"


def csv(lignes: int = 5, **options) -> bytes:
    f = Cahier("x.csv")
    f.banales(lignes)
    return f.en_csv(**options)


CSV = csv()


def avec(nom: str, contenu: bytes | str | None) -> bytes:
    """The good workbook with one part replaced (None: taken out)."""
    base = PARTAGE if nom == CHAINES else BON
    return refaire(base, {nom: contenu.encode() if isinstance(contenu, str) else contenu})


def change(nom: str, avant: str, apres: str, combien: int = -1) -> bytes:
    """The good workbook with a piece of one part replaced; the piece must be there."""
    contenu = partie(BON, nom).decode()
    assert avant in contenu, avant
    return avec(nom, contenu.replace(avant, apres, combien))


def cellules(*xml: str) -> bytes:
    """Our titles, then a row made of these cells."""
    titres = "<row r='1'>" + "".join(f"<c t='inlineStr'><is><t>{t}</t></is></c>" for t in TITRES) + "</row>"
    return avec(FEUILLE, feuille_xml(titres + "<row r='2'>" + "".join(xml) + "</row>"))


def archive(noms: dict[str, bytes], methode: int = zipfile.ZIP_DEFLATED, commentaire: bytes = b"") -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", methode) as cible:
        cible.comment = commentaire
        for nom, contenu in noms.items():
            cible.writestr(nom, contenu)
    return sortie.getvalue()


def recompresse(methode: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(BON)) as source:
        return archive({n: source.read(n) for n in source.namelist()}, methode)


def renomme(regle) -> bytes:
    with zipfile.ZipFile(io.BytesIO(BON)) as source:
        return archive({regle(n): source.read(n) for n in source.namelist()})


def entete(decalage: int, valeur: bytes, signature: bytes = b"PK\x01\x02", combien: int = 1) -> bytes:
    """The good workbook with a field of its zip entries overwritten."""
    octets, depart = bytearray(BON), 0
    for _ in range(combien):
        depart = octets.index(signature, depart)
        octets[depart + decalage : depart + decalage + len(valeur)] = valeur
        depart += 4
    return bytes(octets)


def tar() -> bytes:
    sortie = io.BytesIO()
    with tarfile.open(fileobj=sortie, mode="w") as cible:
        info = tarfile.TarInfo("liste.xlsx")
        info.size = len(BON)
        cible.addfile(info, io.BytesIO(BON))
    return sortie.getvalue()


def sqlite() -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute("create table mesures (rg)")
    return base.serialize()


def ole(*flux: str) -> bytes:
    """A compound file's header, its directory naming these streams, and nothing sound behind."""
    repertoire = b"".join(n.encode("utf-16-le").ljust(64, b"\0") + b"\0" * 64 for n in ("Root Entry", *flux))
    return OLE + b"\0" * 504 + repertoire + b"\xff" * 512


def ods(contenu: bytes, mime: bytes = b"application/vnd.oasis.opendocument.spreadsheet") -> bytes:
    return archive({"mimetype": mime, "content.xml": contenu, "META-INF/manifest.xml": b"<manifest/>"})
