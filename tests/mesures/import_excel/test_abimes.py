"""Files broken by hand, as disks, mail gateways, converters and pranksters break them.

Each is refused by its sentence, or read whole where nothing of the table is lost. Never an exception, never a row
written, never a sentence that says more than what is known. The bounded ones are in test_fichiers_hostiles.
"""

import bz2
import codecs
import gzip
import io
import json
import lzma
import pickle
import struct
import time
import zipfile
import zlib

import pytest

from mesures.import_excel.rapport import rapport

from .abimer import (
    ABIME,
    ARCHIVE,
    AUTRE,
    BINAIRE,
    BON,
    CASSE,
    CHAINES,
    CSV,
    IMAGE,
    INHABITUEL,
    LIENS,
    LIVRE,
    OLE,
    PARTAGE,
    STYLES,
    TITRE,
    TYPES,
    VIDE,
    archive,
    avec,
    cellules,
    change,
    csv,
    entete,
    ods,
    ole,
    recompresse,
    renomme,
    sqlite,
    tar,
)
from .corpus.base import referentiel  # noqa: F401
from .corpus.cahier import trouve
from .corpus.jugement import exiger_rapport_juste, exiger_rien_ecrit
from .fabrique import FEUILLE, TITRES, feuille_xml, partie, rangee, refaire

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("referentiel")]


# name: (bytes, a regex of the sentence)
REFUSES = {
    # --- Not a table at all -------------------------------------------------------------------------
    "bmp": (b"BM" + struct.pack("<IHHI", 100, 0, 0, 54) + b"\0" * 90, f"{IMAGE}|{BINAIRE}"),
    "tiff": (b"II*\0" + b"\0" * 100, f"{IMAGE}|{BINAIRE}"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 50, f"{IMAGE}|{BINAIRE}"),
    "gif": (b"GIF89a" + b"\0" * 50, IMAGE),
    "icone": (b"\0\0\1\0\1\0" + b"\x10" * 60, BINAIRE),
    "photo heic": (b"\0\0\0\x18ftypheic" + b"\0" * 60, BINAIRE),
    "video mp4": (b"\0\0\0\x20ftypisom" + b"\0" * 60, BINAIRE),
    "musique mp3": (b"ID3\x03\0\0\0\0\0\x21" + b"\xff\xfb\x90" * 30, BINAIRE),
    "pdf apres des octets": (b"\n%PDF-1.4\n" + bytes(range(256)), f"C’est un PDF|{BINAIRE}"),
    "postscript": (b"%!PS-Adobe-3.0\n%%Pages: 1\nshowpage\n", f"{TITRE}|{AUTRE}"),
    "gzip d'un classeur": (gzip.compress(BON), ARCHIVE),
    "bzip2 d'un classeur": (bz2.compress(BON), f"{ARCHIVE}|{BINAIRE}"),
    "xz d'un classeur": (lzma.compress(BON), f"{ARCHIVE}|{BINAIRE}"),
    "zlib d'un classeur": (zlib.compress(BON), BINAIRE),
    "7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 60, ARCHIVE),
    "rar": (b"Rar!\x1a\x07\x01\0" + b"\0" * 60, ARCHIVE),
    "tar": (tar(), BINAIRE),
    "zstd": (b"\x28\xb5\x2f\xfd" + b"\x01\0\0\x02" * 20, BINAIRE),
    "programme windows": (b"MZ\x90\0\3" + b"\0" * 200, AUTRE),
    "programme mac": (b"\xcf\xfa\xed\xfe" + b"\0" * 200, BINAIRE),
    "classe java": (b"\xca\xfe\xba\xbe\0\0\0\x34" + b"\0" * 50, BINAIRE),
    "base sqlite": (sqlite(), BINAIRE),
    "base access": (b"\0\1\0\0Standard Jet DB\0" + b"\0" * 100, BINAIRE),
    "dbase": (b"\x03\x7e\x01\x01" + b"\0" * 100, BINAIRE),
    "parquet": (b"PAR1" + b"\x15\0\x15" * 30 + b"PAR1", BINAIRE),
    "pickle": (pickle.dumps({"a": 1}), BINAIRE),
    "police": (b"\0\1\0\0\0\x0c\0\x80" + b"\0" * 60, BINAIRE),
    "octets au hasard": (bytes((n * 167 + 13) % 256 for n in range(3000)), BINAIRE),
    "un octet": (b"x", f"{TITRE}|{ABIME}"),
    "deux octets PK": (b"PK", TITRE),
    "json": (json.dumps([{"rg": "21B00167", "ville": "Metz"}]).encode(), TITRE),
    "courriel": (b"From: a@exemple.fr\r\nTo: b@exemple.fr\r\nSubject: liste\r\n\r\nBonjour,\r\n", TITRE),
    "script sql": (b"INSERT INTO mesures (rg, ville) VALUES ('21B00167', 'Metz');\n" * 5, TITRE),
    "carte de visite": (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:X\r\nEND:VCARD\r\n", TITRE),
    "markdown": (b"# Mesures\n\n- une\n- deux\n", TITRE),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>', f"{AUTRE}|{TITRE}"),
    "html en majuscules": (b"<HTML><BODY><TABLE><TR><TD>RG</TD></TR></TABLE></BODY></HTML>", "page web"),
    "html avec BOM": (codecs.BOM_UTF8 + b"<!DOCTYPE html><html></html>", "page web"),
    "erreur de serveur": (b"<html><head><title>502 Bad Gateway</title></head></html>", "page web"),
    "xml 2003": (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', AUTRE),
    "fodf": (b'<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis"/>', AUTRE),
    # --- Compound files (the old Office) --------------------------------------------------------------
    "xls abime": (ole("Workbook"), f"{CASSE}|ancien classeur|{VIDE}"),
    "xls 5.0 abime": (ole("Book"), f"{CASSE}|ancien classeur|{VIDE}"),
    "doc": (ole("WordDocument"), "document Word"),
    "ppt": (ole("PowerPoint Document"), AUTRE),
    "message outlook": (ole("__nameid_version1.0"), AUTRE),
    "classeur chiffre": (ole("EncryptionInfo", "EncryptedPackage"), "protégé par un mot de passe"),
    "ole en tete seule": (OLE, f"{AUTRE}|{ABIME}"),
    "ole tronque": (ole("Workbook")[:600], f"{CASSE}|{AUTRE}"),
    # --- Zips that are something else ------------------------------------------------------------------
    "zip vide": (archive({}), f"{ARCHIVE}|{VIDE}"),
    "zip d'un classeur": (archive({"liste.xlsx": BON}), ARCHIVE),
    "zip de csv": (archive({"liste.csv": CSV}), ARCHIVE),
    "odt": (archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office:text/>"}), f"{AUTRE}|{CASSE}|{VIDE}"),
    "odp": (archive({"mimetype": b"application/vnd.oasis.opendocument.presentation", "content.xml": b"<a/>"}), f"{AUTRE}|{CASSE}|{VIDE}"),
    "ods sans contenu": (ods(b""), f"{CASSE}|{VIDE}|LibreOffice"),
    "ods en miettes": (ods(b"<office:document-content"), f"{CASSE}|{VIDE}|LibreOffice"),
    "ods avec dtd": (ods(b"<!DOCTYPE a [<!ENTITY x 'y'>]><office:document-content/>"), f"{CASSE}|{VIDE}|LibreOffice"),
    "ods chiffre": (
        archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"\x8f\x13" * 200,
                 "META-INF/manifest.xml": b'<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
                 b"</manifest:file-entry></manifest:manifest>"}), f"mot de passe|{CASSE}|LibreOffice"),
    "epub": (archive({"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<a/>"}), f"{ARCHIVE}|{AUTRE}"),
    "numbers": (archive({"Index/Document.iwa": b"\0" * 50, "Metadata/Properties.plist": b"x"}), f"{ARCHIVE}|{AUTRE}"),
    "jar": (archive({"META-INF/MANIFEST.MF": b"x", "a.class": b"x"}), f"{ARCHIVE}|{AUTRE}"),
    "docx": (archive({TYPES: b"<Types/>", "word/document.xml": b"<w:document/>", "_rels/.rels": b"<a/>"}), "document Word"),
    "pptx": (archive({TYPES: b"<Types/>", "ppt/presentation.xml": b"<p/>"}), "présentation"),
    "vsdx": (archive({TYPES: b"<Types/>", "visio/document.xml": b"<a/>"}), f"{AUTRE}|{CASSE}"),
    "xlsb": (archive({TYPES: b"<Types/>", "xl/workbook.bin": b"\x83\x01"}), "binaire"),
    # --- Zips broken in transport --------------------------------------------------------------------------
    "coupe apres l'en-tete": (BON[:40], CASSE),
    "coupe au quart": (BON[: len(BON) // 4], CASSE),
    "coupe aux trois quarts": (BON[: 3 * len(BON) // 4], CASSE),
    "coupe d'un octet": (BON[:-1], CASSE),
    "sans la fin": (BON[: BON.rindex(b"PK\x05\x06")], CASSE),
    "sans le repertoire": (BON[: BON.index(b"PK\x01\x02")] + BON[BON.rindex(b"PK\x05\x06") :], CASSE),
    "transfert en mode texte": (BON.replace(b"\n", b"\r\n"), CASSE),
    "octets hauts perdus": (bytes(o & 0x7F for o in BON), CASSE),
    "base64": (codecs.encode(BON, "base64"), TITRE),
    "utf-8 deux fois": (BON.decode("latin-1").encode(), CASSE),
    "deuxieme moitie": (BON[len(BON) // 2 :], f"{BINAIRE}|{CASSE}|{TITRE}"),
    "milieu remis a zero": (BON[:800] + b"\0" * 400 + BON[1200:], CASSE),
    "deux moities inversees": (BON[len(BON) // 2 :] + BON[: len(BON) // 2], f"{BINAIRE}|{CASSE}|{TITRE}"),
    "methode inconnue": (entete(10, b"\x63\0", combien=9), CASSE),
    "taille negative": (entete(24, b"\xff\xff\xff\xff"), CASSE),
    "decalage faux": (entete(42, b"\xff\xff\xff\x7f"), CASSE),
    "noms tronques": (entete(28, b"\x01\0", combien=5), CASSE),
    "compte d'entrees faux": (BON[:-12] + b"\xff\xff\xff\xff" + BON[-8:], CASSE),
    "somme fausse": (entete(16, b"\0\0\0\0", combien=9), CASSE),
    "noms a l'envers": (renomme(lambda n: n.replace("/", "\\")), f"{CASSE}|{ARCHIVE}|{VIDE}"),
    "dans un dossier": (renomme(lambda n: f"classeur/{n}"), f"{ARCHIVE}|{CASSE}"),
    "noms echappes": (renomme(lambda n: f"../{n}"), f"{ARCHIVE}|{CASSE}"),
    # --- Workbooks with broken parts ------------------------------------------------------------------------
    "sans classeur": (avec(LIVRE, None), CASSE),
    "classeur vide": (avec(LIVRE, b""), CASSE),
    "classeur en miettes": (avec(LIVRE, b"<workbook><sheets>"), CASSE),
    "classeur sans feuille": (avec(LIVRE, b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>'), f"{VIDE}|{CASSE}"),
    "types absents": (avec(TYPES, None), f"{ARCHIVE}|{CASSE}"),
    "types vides": (avec(TYPES, b""), CASSE),
    "types en miettes": (avec(TYPES, b"<Types>"), CASSE),
    "types d'un autre": (avec(TYPES, b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'), CASSE),
    "liens absents": (avec(LIENS, None), f"{CASSE}|{VIDE}"),
    "liens en miettes": (avec(LIENS, b"<Relationships><"), CASSE),
    "liens vides": (avec(LIENS, b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'), f"{CASSE}|{VIDE}"),
    "feuille en binaire": (avec(FEUILLE, bytes(range(256))), CASSE),
    "feuille coupee": (avec(FEUILLE, partie(BON, FEUILLE)[:-300]), CASSE),
    "feuille d'un autre espace": (change(FEUILLE, "spreadsheetml/2006/main", "autre/2006/main"), f"{VIDE}|{CASSE}"),
    "feuille sans donnees": (avec(FEUILLE, b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'), f"{VIDE}|{CASSE}"),
    "feuille en html": (avec(FEUILLE, b"<html><body>Erreur</body></html>"), f"{VIDE}|{CASSE}"),
    "balises croisees": (change(FEUILLE, "</c></row>", "</row></c>", 1), CASSE),
    "entite inconnue": (change(FEUILLE, "<sheetData>", "<sheetData>&rg;"), CASSE),
    "encodage inconnu": (avec(FEUILLE, b'<?xml version="1.0" encoding="martien"?>' + partie(BON, FEUILLE)), CASSE),
    "octets invalides": (avec(FEUILLE, partie(BON, FEUILLE).replace(b"<sheetData>", b"<sheetData>\xff\xfe")), CASSE),
    "caractere interdit": (change(FEUILLE, "<sheetData>", "<sheetData>&#0;"), CASSE),
    "chaines en miettes": (avec(CHAINES, b"<sst><si><t>"), CASSE),
    "chaines vides": (avec(CHAINES, b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'), f"{CASSE}|{TITRE}"),
    "chaines absentes": (avec(CHAINES, None), f"{CASSE}|{TITRE}"),
    "styles en miettes": (avec(STYLES, b"<styleSheet><"), CASSE),
    "indice de chaine negatif": (cellules("<c t='s'><v>-99</v></c>"), f"{CASSE}"),
    "indice de chaine a virgule": (cellules("<c t='s'><v>1.5</v></c>"), CASSE),
    "nombre en lettres": (cellules("<c><v>douze</v></c>"), CASSE),
    "nombre de 5000 chiffres": (cellules(f"<c><v>{'9' * 5000}</v></c>"), CASSE),
    "date de cellule absurde": (cellules("<c t='d'><v>2021-99-99</v></c>"), CASSE),
    "feuille graphique seule": (
        refaire(BON, {FEUILLE: b'<chartsheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'}), f"{VIDE}|{CASSE}"),
    "dtd dans les chaines": (avec(CHAINES, b"<!DOCTYPE a [<!ENTITY x 'y'>]><sst/>"), INHABITUEL),
    "dtd dans les liens": (avec(LIENS, b"<!DOCTYPE a><Relationships/>"), INHABITUEL),
    "dtd en utf-16": (avec(FEUILLE, '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><worksheet/>'.encode("utf-16")), CASSE),
    "dtd en utf-7": (avec(FEUILLE, b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE a+AD4-<worksheet/>'), CASSE),
    # --- Text files -----------------------------------------------------------------------------------------------
    "separateurs seuls": (b";;;;;;\r\n;;;;;;\r\n", f"{VIDE}|{TITRE}"),
    "guillemets seuls": (b'""\r\n""\r\n', f"{VIDE}|{TITRE}"),
    "bom seul": (codecs.BOM_UTF8, VIDE),
    "bom utf-16 seul": (codecs.BOM_UTF16_LE, f"{VIDE}|{CASSE}"),
    "sep seul": (b"sep=;\r\n", f"{VIDE}|{TITRE}"),
    "titres seuls": (csv(0), VIDE),
    "titres puis vides": (csv(0) + b";;;;;;;;;;\r\n" * 20, VIDE),
    "un seul titre": (b"Date du jugement\r\n12/03/2021\r\n13/03/2021\r\n", TITRE),
    "sans titres": (b"\r\n".join(CSV.splitlines()[1:]), TITRE),
    "titres d'autre chose": (b"Produit;Prix;Stock\r\nStylo;1,20;12\r\n", TITRE),
    "liste de noms": (b"NOM;PRENOM\r\nX;Y\r\n", TITRE),
    "utf-32": (CSV.decode().encode("utf-32"), f"{BINAIRE}|{TITRE}|{ABIME}"),
    "utf-16 coupe": (CSV.decode().encode("utf-16")[:-1], CASSE),
    "ebcdic": (CSV.decode().encode("cp500", "replace"), f"{BINAIRE}|{TITRE}"),
    "nuls dans le texte": (CSV.replace(b";", b";\0"), BINAIRE),
    "texte puis binaire": (CSV + bytes(range(32)) * 20, BINAIRE),
    "guillemet jamais ferme": (CSV.replace(b"\r\n", b'\r\n"', 1) + b"x" * 150_000, f"{CASSE}|guillemet"),
    "titres sans fin": (b";".join(b"Titre %d" % n for n in range(20_000)), f"{TITRE}|{CASSE}"),
    "une seule longue ligne": (b"x" * 500_000, f"{TITRE}|{CASSE}"),
}  # fmt: skip

# name: (bytes, rows ready): odd, and whole all the same
LUS = {
    "textes partagés": (PARTAGE, 5),
    "commentaire de zip": (archive({n: partie(BON, n) for n in zipfile.ZipFile(io.BytesIO(BON)).namelist()}, commentaire=b"x" * 60_000), 5),
    "zip sans compression": (recompresse(zipfile.ZIP_STORED), 5),
    "proprietes absentes": (refaire(BON, {"docProps/app.xml": None, "docProps/core.xml": None}), 5),
    "date des proprietes fausse": (
        refaire(BON, {"docProps/core.xml": partie(BON, "docProps/core.xml").replace(b"20", b"zz")}), 5),
    "nom de feuille immense": (change(LIVRE, 'name="Sheet"', f'name="{"n" * 5000}"'), 5),
    "nom de feuille etrange": (change(LIVRE, 'name="Sheet"', 'name="&lt;b&gt;=1+1\'"'), 5),
    "dimension absurde": (change(FEUILLE, 'ref="A1:K6"', 'ref="n\'importe quoi"'), 5),
    "dimension vide": (change(FEUILLE, 'ref="A1:K6"', 'ref=""'), 5),
    "colonnes absurdes": (change(FEUILLE, "<sheetData>", '<cols><col min="9" max="2" width="x" hidden="peut-être"/></cols><sheetData>'), 5),
    "hauteur absurde": (change(FEUILLE, '<row r="3"', '<row ht="haut" spans="z" r="3"'), 5),
    "elements inconnus": (change(FEUILLE, "<sheetData>", "<inconnu a='1'><b/></inconnu><sheetData>"), 5),
    "commentaires XML": (change(FEUILLE, "<sheetData>", "<!-- <row> --><?php echo 1 ?><sheetData>"), 5),
    "espaces partout": (change(FEUILLE, "<row ", "\n\n  <row "), 5),
    "utf-16": (avec(FEUILLE, ('<?xml version="1.0" encoding="utf-16"?>' + partie(BON, FEUILLE).decode()).encode("utf-16")), 5),
    "bom dans la feuille": (avec(FEUILLE, codecs.BOM_UTF8 + partie(BON, FEUILLE)), 5),
    "compte de chaines faux": (avec(CHAINES, partie(PARTAGE, CHAINES).replace(b'uniqueCount="', b'uniqueCount="9')), 5),
    "calcul et vues absurdes": (change(LIVRE, "<sheets>", '<bookViews><workbookView activeTab="99"/></bookViews><sheets>'), 5),
    "noms definis absurdes": (change(LIVRE, "</sheets>", '</sheets><definedNames><definedName name="x">#REF!$$</definedName></definedNames>'), 5),
    "format de nombre absurde": (
        avec(STYLES, partie(BON, STYLES).replace(b"<fonts", b'<numFmts count="1"><numFmt numFmtId="200" formatCode="[[[yyyy"/></numFmts><fonts', 1)), 5),
    "csv utf-16 sans bom": (CSV.decode().encode("utf-16-le"), 5),
    "csv a espaces": (b"\r\n\r\n  \r\n" + CSV, 5),
    "csv fini par ctrl-z": (CSV + b"\x1a", 5),
    "csv sans fin de ligne": (CSV.rstrip(), 5),
    "csv a fins mêlées": (CSV.replace(b"\r\n", b"\n", 3), 5),
    "csv cp1252 et euro": (csv(encodage="cp1252") + "€;;;\r\n".encode("cp1252"), 5),
    "csv tout entre guillemets": (b"\r\n".join(b";".join(b'"' + c + b'"' for c in li.split(b";")) for li in CSV.splitlines()), 5),
}  # fmt: skip

# name: (bytes, rows ready): what nobody needs is broken; read whole, or refused by the sentence
L_UN_OU_L_AUTRE = {
    "proprietes en miettes": (refaire(BON, {"docProps/core.xml": b"<a", "docProps/app.xml": b"<a"}), 5),
    "theme en miettes": (avec("xl/theme/theme1.xml", b"<a:theme"), 5),
    "partie inconnue": (refaire(BON, {"xl/inconnu.xml": b"<pas du xml", "bizarre.bin": b"\0" * 100}), 5),
}  # fmt: skip


def test_there_are_more_than_a_hundred():
    assert len(REFUSES) >= 100
    tous = [*REFUSES.values(), *LUS.values(), *L_UN_OU_L_AUTRE.values()]
    assert len({octets for octets, _ in tous}) == len(tous)


@pytest.mark.parametrize("cas", REFUSES)
def test_refused_by_its_sentence(cas):
    octets, phrase = REFUSES[cas]
    debut = time.monotonic()
    lu = rapport(f"KANARIOVSKI {cas}.xlsx", octets)
    exiger_rapport_juste(lu)
    assert not lu["accepte"], lu["lignes"]
    assert trouve(phrase, lu["erreur"]), lu["erreur"]
    assert "KANARIOVSKI" not in lu["erreur"]
    assert time.monotonic() - debut < 60
    exiger_rien_ecrit()


@pytest.mark.parametrize("cas", LUS)
def test_odd_but_whole(cas):
    octets, pretes = LUS[cas]
    lu = rapport(f"{cas}.xlsx", octets)
    exiger_rapport_juste(lu)
    assert lu["accepte"], lu["erreur"]
    assert lu["lignes"]["pretes"] == pretes, lu["problemes"]
    exiger_rien_ecrit()


@pytest.mark.parametrize("cas", L_UN_OU_L_AUTRE)
def test_whole_or_refused(cas):
    octets, pretes = L_UN_OU_L_AUTRE[cas]
    lu = rapport(f"{cas}.xlsx", octets)
    exiger_rapport_juste(lu)
    assert trouve(CASSE, lu["erreur"]) if lu["erreur"] else lu["lignes"]["pretes"] == pretes
    exiger_rien_ecrit()


CELLULES_ETRANGES = {
    "type inconnu": "<c t='z'><v>12</v></c>",
    "booleen": "<c t='b'><v>1</v></c>",
    "booleen faux": "<c t='b'><v>peut-être</v></c>",
    "erreur": "<c t='e'><v>#VALUE!</v></c>",
    "erreur inconnue": "<c t='e'><v>#PAPERASSE!</v></c>",
    "infini": "<c><v>1E999</v></c>",
    "pas un nombre": "<c><v>NaN</v></c>",
    "moins infini": "<c><v>-INF</v></c>",
    "nombre de 400 chiffres": f"<c><v>1{'0' * 400}</v></c>",
    "petit nombre": "<c><v>1E-320</v></c>",
    "hexadecimal": "<c><v>0x10</v></c>",
    "chiffres arabes": "<c><v>٢٠٢١</v></c>",
    "soulignes": "<c><v>12_000</v></c>",
    "espaces": "<c><v>  44197 </v></c>",
    "date negative": "<c s='1'><v>-12</v></c>",
    "date immense": "<c s='1'><v>99999999</v></c>",
    "date infinie": "<c s='1'><v>1E300</v></c>",
    "formule sans valeur": "<c><f>A1</f></c>",
    "formule et texte": "<c t='str'><f>A1</f><v>12/03/2021</v></c>",
    "formule matricielle": "<c><f t='array' ref='A2:A9'>A1</f><v>44197</v></c>",
    "deux valeurs": "<c><v>1</v><v>44197</v></c>",
    "texte en ligne vide": "<c t='inlineStr'><is/></c>",
    "texte en ligne sans rien": "<c t='inlineStr'/>",
    "texte partage sans valeur": "<c t='s'/>",
    "texte de 40 000 caracteres": f"<c t='inlineStr'><is><t>{'x' * 40_000}</t></is></c>",
    "caracteres echappes": "<c t='inlineStr'><is><t>_x0000__x000D_12/03/2021_x0001_</t></is></c>",
    "cdata": "<c t='inlineStr'><is><t><![CDATA[12/03/2021]]></t></is></c>",
    "gauche a droite": "<c t='inlineStr'><is><t>&#x202E;1202/30/21&#x202C;</t></is></c>",
    "combinants": f"<c t='inlineStr'><is><t>{'e' + chr(0x301) * 400}</t></is></c>",
    "emoji": "<c t='inlineStr'><is><t>👨‍👩‍👧‍👦</t></is></c>",
    "style absent": "<c s='9999'><v>44197</v></c>",
    "meta": "<c cm='1' vm='7'><v>44197</v></c>",
}


def en_ligne(valeur) -> str:
    texte = f"{valeur:%d/%m/%Y}" if hasattr(valeur, "year") else valeur
    return f"<c t='inlineStr'><is><t>{texte}</t></is></c>"


@pytest.mark.parametrize("cas", CELLULES_ETRANGES)
def test_an_odd_cell_anywhere_spoils_its_row_alone(cas):
    """In each column in turn. Refused by a sentence, or: each row is told, and the good one at the end goes in."""
    rangees = [[en_ligne(t) for t in TITRES]]
    for colonne in range(len(TITRES)):
        ligne = [en_ligne(v) for v in rangee(colonne)]
        rangees.append([*ligne[:colonne], CELLULES_ETRANGES[cas], *ligne[colonne + 1 :]])
    rangees.append([en_ligne(v) for v in rangee(99)])
    xml = "".join(f"<row r='{n}'>{''.join(cellules)}</row>" for n, cellules in enumerate(rangees, 1))
    lu = rapport("x.xlsx", avec(FEUILLE, feuille_xml(xml)))
    exiger_rapport_juste(lu)
    if not lu["accepte"]:
        assert trouve(CASSE, lu["erreur"])
        return
    pretes = {li["ligne"] for li in lu["pretes"]}
    assert pretes | {p["ligne"] for p in lu["problemes"]} == set(range(2, len(rangees) + 1))
    assert len(rangees) in pretes
