"""Whatever the file: a plain sentence, no row written, no exception, bounded memory and time."""

import contextlib
import io
import random
import time
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mesures.import_excel import analyse, classeur, colonnes
from mesures.import_excel.erreurs import ClasseurRefuse
from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures, Mesure
from tests import factories

from .fabrique import FEUILLE, TITRES, feuille_xml, partie, phrases, rangee, refaire, xlsx

BON = xlsx([rangee(n) for n in range(5)])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
MILLIARD = (
    "<!DOCTYPE a [<!ENTITY a 'rire'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
    ) + "]>"
)  # fmt: skip


def avec(contenu: bytes, nom: str = FEUILLE) -> bytes:
    return refaire(BON, {nom: contenu})


def titres_xml() -> str:
    return "<row r='1'>" + "".join(f"<c t='inlineStr'><is><t>{t}</t></is></c>" for t in TITRES) + "</row>"


def plusieurs_feuilles(combien: int) -> bytes:
    feuilles = "".join(f'<sheet name="f{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, combien + 1))
    return avec(
        (
            '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f"<sheets>{feuilles}</sheets></workbook>"
        ).encode(),
        "xl/workbook.xml",
    )


def beaucoup_de_feuilles() -> bytes:
    livre = openpyxl.Workbook(write_only=True)
    for _ in range(7):
        feuille = livre.create_sheet()
        for n in range(9_000):
            feuille.append([n])
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def chiffre() -> bytes:
    """The BON zip with the encryption flag on every entry."""
    octets = bytearray(BON)
    for signature, decalage in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        depart = 0
        while (depart := octets.find(signature, depart)) >= 0:
            octets[depart + decalage] |= 1
            depart += 4
    return bytes(octets)


def doublon() -> bytes:
    sortie = io.BytesIO(BON)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(sortie, "a") as archive:
        archive.writestr(FEUILLE, b"x")
    return sortie.getvalue()


def zip_de(noms: dict[str, bytes]) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in noms.items():
            archive.writestr(nom, contenu)
    return sortie.getvalue()


def relations(type_: str) -> bytes:
    return avec(
        (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" TargetMode="External" Target="http://127.0.0.1:9/x.xml" Type="http://schemas.'
            f'openxmlformats.org/officeDocument/2006/relationships/{type_}"/></Relationships>'
        ).encode(),
        "xl/_rels/workbook.xml.rels",
    )


BORNE = "Sa structure est inhabituelle"
ABIME = "Il est incomplet ou abîmé"
CAS = {
    "vide": (b"", "Il ne contient aucune ligne"),
    "espaces": (b" \r\n\t", "Il ne contient aucune ligne"),
    "nuls": (b"\x00" * 5000, "Il ne contient aucune ligne"),
    "pdf": (b"%PDF-1.7\n" + b"x" * 100, "C’est un PDF"),
    "png": (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "C’est une image"),
    "jpeg": (b"\xff\xd8\xff\xe0" + b"x" * 100, "C’est une image"),
    "gzip": (b"\x1f\x8b" + b"x" * 100, "C’est une archive"),
    "rtf": (b"{\\rtf1 x}", "C’est un document Word"),
    "programme": (b"\x7fELF" + b"\x00" * 100, "C’est un programme"),
    "xls sans rien": (OLE + "Workbook\x00".encode("utf-16-le"), "Il est incomplet ou abîmé"),
    "doc": (OLE + "WordDocument\x00".encode("utf-16-le"), "document Word"),
    "mot de passe": (OLE + "EncryptedPackage\x00".encode("utf-16-le"), "protégé par un mot de passe"),
    "ole inconnu": (OLE + b"\x00" * 600, "d’un autre logiciel"),
    "html": (b"<html><table><tr><td>1</td></tr></table></html>", "page web"),
    "xml": (b"<?xml version='1.0'?><Workbook/>", "fichier XML"),
    "binaire": (bytes(range(256)) * 20, "n’est pas un tableau"),
    "texte": (b"Bonjour, ceci n'est pas un tableau.", "Aucun titre de colonne"),
    "docx": (zip_de({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "document Word"),
    "pptx": (zip_de({"[Content_Types].xml": b"<a/>", "ppt/presentation.xml": b"<a/>"}), "présentation"),
    "zip au contenu inconnu": (zip_de({"mimetype": b"x", "content.xml": b"<a/>"}), "d’un autre logiciel"),
    "xlsb": (zip_de({"[Content_Types].xml": b"<a/>", "xl/workbook.bin": b"x"}), "binaire"),
    "zip": (zip_de({"a.txt": b"a"}), "C’est une archive"),
    "zip sans classeur": (zip_de({"[Content_Types].xml": b"<a/>"}), ABIME),
    "zip chiffre": (chiffre(), "protégé par un mot de passe"),
    "tronque a la moitie": (BON[: len(BON) // 2], ABIME),
    "tronque a la fin": (BON[:-20], ABIME),
    "queue seule": (b"PK\x05\x06" + b"\x00" * 18, "C’est une archive"),
    "entete seule": (b"PK\x03\x04" + b"\x00" * 50, ABIME),
    "crc faux": (refaire(BON, niveau=zipfile.ZIP_STORED).replace(b"sheetData", b"sheetDatA"), ABIME),
    "bombe": (avec(b"<a>" + b" " * 60_000_000 + b"</a>"), BORNE),
    "bombe declaree": (avec(b"\x00" * 90_000_000), BORNE),
    "trop d'entrees": (refaire(BON, {f"x/{n}": b"" for n in range(1500)}), BORNE),
    "entree en double": (None, BORNE),
    "milliard de rires": (avec(feuille_xml("<row r='1'><c><v>1</v></c></row>", tete=MILLIARD)), BORNE),
    "entite externe": (
        avec(feuille_xml("", tete="<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>")),
        BORNE,
    ),
    "dtd dans le classeur": (avec(b"<!DOCTYPE a><workbook/>", "xl/workbook.xml"), BORNE),
    "dtd dans les styles": (avec(b"<!DOCTYPE a><styleSheet/>", "xl/styles.xml"), BORNE),
    "dtd dans les types": (avec(b"<!DOCTYPE a><Types/>", "[Content_Types].xml"), BORNE),
    "feuille au loin": (relations("worksheet"), BORNE),
    "styles au loin": (relations("styles"), BORNE),
    "mille feuilles": (plusieurs_feuilles(3000), BORNE),
    "ligne 2 milliards": (avec(feuille_xml("<row r='2000000000'><c><v>1</v></c></row>")), BORNE),
    "ligne 1048577": (avec(feuille_xml("<row r='1048577'><c><v>1</v></c></row>")), BORNE),
    "ligne zero": (avec(feuille_xml("<row r='0'><c><v>1</v></c></row>")), BORNE),
    "ligne negative": (avec(feuille_xml("<row r='-5'><c><v>1</v></c></row>")), BORNE),
    "ligne a virgule": (avec(feuille_xml("<row r='1.5'><c><v>1</v></c></row>")), BORNE),
    "ligne en lettres": (avec(feuille_xml("<row r='abc'><c><v>1</v></c></row>")), BORNE),
    "lignes en desordre": (
        avec(feuille_xml("<row r='5'><c><v>1</v></c></row><row r='2'><c><v>1</v></c></row>")),
        BORNE,
    ),
    "ligne deux fois": (avec(feuille_xml("<row r='5'><c/></row><row r='5'><c/></row>")), BORNE),
    "colonne inconnue": (avec(feuille_xml("<row r='1'><c r='ZZZ1'><v>1</v></c></row>")), BORNE),
    "reference absurde": (avec(feuille_xml("<row r='1'><c r='1A'><v>1</v></c></row>")), BORNE),
    "un million de cellules": (avec(feuille_xml(f"<row r='1'>{'<c/>' * 1_000_000}</row>")), BORNE),
    "cellule de 10 Mo": (
        refaire(
            avec(feuille_xml(f"<row r='1'><c t='str'><v>{random.Random(1).randbytes(2_000_000).hex()}</v></c></row>"))
        ),
        BORNE,
    ),
    "xml profond": (avec(b"<a>" * 5000 + b"</a>" * 5000), BORNE),
    "xml casse": (avec(b"<worksheet><sheetData><row"), ABIME),
    "feuille vide d'octets": (avec(b""), ABIME),
    "calcul pris pour les textes": (
        avec(
            partie(BON, "[Content_Types].xml").replace(
                b"</Types>",
                b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                b'spreadsheetml.sharedStrings+xml"/></Types>',
            ),
            "[Content_Types].xml",
        ),
        BORNE,
    ),
    "propriétés de 30 Mo": (
        avec(
            b"<a>" + b"".join(b"%d" % n + b"a" * 400 for n in range(70_000)) + b"</a>",
            "docProps/core.xml",
        ),
        BORNE,
    ),
    "sept feuilles de 9 000 lignes": (None, "trop de cellules remplies"),
    "feuille absente": (refaire(BON, {FEUILLE: None}), "aucune ligne"),
    "texte partage absent": (avec(feuille_xml("<row r='1'><c t='s'><v>999999</v></c></row>")), ABIME),
    "texte partage negatif": (avec(feuille_xml("<row r='1'><c t='s'><v>abc</v></c></row>")), ABIME),
    "nombre faux": (avec(feuille_xml("<row r='1'><c><v>abc</v></c></row>")), ABIME),
    "date fausse": (avec(feuille_xml("<row r='1'><c t='d'><v>hier</v></c></row>")), ABIME),
    "style inconnu": (avec(feuille_xml("<row r='1'><c s='abc'><v>1</v></c></row>")), ABIME),
    "trop de styles": (
        avec(b"<styleSheet>" + b"<xf/>" * 200_000 + b"</styleSheet>", "xl/styles.xml"),
        BORNE,
    ),
    "trop de fusions": (
        avec(
            b"<worksheet><sheetData/><mergeCells>" + b"<mergeCell ref='A1:B2'/>" * 51_000 + b"</mergeCells></worksheet>"
        ),
        BORNE,
    ),
    "fusion absurde": (
        avec(b"<worksheet><sheetData/><mergeCells><mergeCell ref='A0:B'/></mergeCells></worksheet>"),
        BORNE,
    ),
    "dimension immense": (avec(feuille_xml("", dimension="A1:XFD1048576")), "aucune ligne"),
    "sans titre": (xlsx([[1, 2, 3]] * 5, titres=None), "Aucun titre"),
    "titres seuls": (xlsx([]), "aucune ligne"),
    "csv a champ enorme": (b"Date du jugement;Type;Ville\n" + b"x" * 200_000, ABIME),
    "csv a guillemet ouvert": (b'Date du jugement;Type;Ville\n"' + b"x\n" * 100_000, "ouvert à la ligne 2"),
    "csv a guillemet jamais refermé": (b'Date;Type;Ville\na;b;c\n"a;b;c\na;b;c\n', "ouvert à la ligne 3"),
    "csv a guillemet refermé plus loin": (b'Date;Type\n"a;b\na;b\na;"b"\na;b\n', "ouvert à la ligne 2"),
    "csv d'une ligne de 10 Mo": (b"x" * 10_000_000, ABIME),
    "csv d'un million de séparateurs": (b";" * 1_000_000 + b"\n" + b"a" + b";" * 1_000_000, "Aucun titre"),
    "csv plein de nuls": (b"Date;Type\n" + b"\x00;\x00\n" * 1000, "n’est pas un tableau"),
    "csv utf-16 coupé": ("Date;Type\né;à".encode("utf-16")[:-1], ABIME),
    "utf-16 impair": (b"\xff\xfea", ABIME),
}


def octets_de(cas: str) -> bytes:
    if cas == "sept feuilles de 9 000 lignes":
        return beaucoup_de_feuilles()
    return doublon() if cas == "entree en double" else CAS[cas][0]


@pytest.mark.parametrize("cas", list(CAS))
def test_refused_by_a_sentence(cas):
    depart = time.monotonic()
    with pytest.raises(ClasseurRefuse) as refus:
        colonnes.trouver(classeur.lire(octets_de(cas)))
    assert CAS[cas][1] in refus.value.phrase
    assert refus.value.court
    assert time.monotonic() - depart < 60


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cas", ["bombe", "pdf", "mot de passe", "milliard de rires", "tronque a la fin", "vide", "texte"]
)
def test_the_page_says_it_and_nothing_is_written(cas, ouvrir_session):
    mandataire = factories.MandataireFactory()
    client = ouvrir_session(mandataire.membres.get().utilisateur)
    reponse = client.post(reverse("importer"), {"classeur": SimpleUploadedFile("x.xlsx", octets_de(cas))})
    texte = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Votre fichier n’a pas pu être lu" in texte
    assert CAS[cas][1] in texte
    assert "Rien n’a été enregistré et votre import reste disponible." in texte
    assert "<title>Erreur : Choisir le fichier, étape 1 sur 3 — Importer vos mesures" in texte
    assert not any(modele.objects.exists() for modele in (Mesure, ImportMesures, ApercuImport))


@pytest.mark.django_db
def test_too_heavy_or_absent(ouvrir_session, settings):
    mandataire = factories.MandataireFactory()
    client = ouvrir_session(mandataire.membres.get().utilisateur)
    lourd = SimpleUploadedFile("x.xlsx", b"x" * (settings.CLASSEUR_OCTETS_MAX + 3_000_000))
    texte = client.post(reverse("importer"), {"classeur": lourd}).content.decode()
    assert "Il pèse 13 Mo, la limite est de 10 Mo." in texte
    assert "Choisissez un fichier." not in texte
    juste = SimpleUploadedFile("x.xlsx", b"x" * (settings.CLASSEUR_OCTETS_MAX + 10))
    assert "un peu plus de 10 Mo" in client.post(reverse("importer"), {"classeur": juste}).content.decode()
    assert "Choisissez un fichier." in client.post(reverse("importer"), {}).content.decode()
    assert "Choisissez un fichier." in client.post(reverse("importer"), {"classeur": "texte"}).content.decode()


def test_too_many_rows_are_counted():
    with pytest.raises(ClasseurRefuse) as refus:
        classeur.lire(xlsx([["a", "b"]] * 10_100, titres=None))
    assert "plus de 10\u202f000 lignes, c’est la limite" in refus.value.phrase


@pytest.mark.django_db
def test_odd_but_true_files_are_read():
    """A million styled blank rows, a false dimension, a far-away cell, extra columns: the rows are all there."""
    factories.tribunal("Metz")
    vraies = partie(BON, FEUILLE).decode()
    debut, _, fin = vraies.partition("</sheetData>")
    vides = "".join(f"<row r='{n}' spans='1:3'/>" for n in range(7, 100_000))
    loin = avec(
        f"{debut}{vides}<row r='1048576'><c r='XFD1048576' t='str'><v>x</v></c></row></sheetData>{fin}".encode()
    )
    apercu = analyse.analyser(loin)
    assert len(apercu.pretes) == 5
    assert any("60e" in a for a in phrases(apercu))
    faux = avec(vraies.replace('ref="A1:K6"', 'ref="A1:B2"').encode())
    assert faux != BON
    assert len(analyse.analyser(faux).pretes) == 5


def test_what_nobody_reads_may_be_long():
    """A line per formula, a line per cell of a pivot table: true workbooks hold hundreds of thousands."""
    longs = "".join(f"<c r='A{n}' i='{n * 7919 % 9973}'/>" for n in range(100_000))
    lourd = refaire(
        BON,
        {
            "xl/calcChain.xml": f"<calcChain>{longs}</calcChain>".encode(),
            "xl/pivotCache/pivotCacheRecords1.xml": f"<pivotCacheRecords>{longs}</pivotCacheRecords>".encode(),
        },
    )
    assert len(classeur.lire(lourd).feuilles[0].lignes) == 6


def test_a_formula_that_answers_nothing_is_no_warning():
    """`=IF(A2="";"";…)` has a result, an empty text; a formula never computed has none."""
    octets = avec(
        feuille_xml(
            "<row r='1'><c r='A1' t='inlineStr'><is><t>Ville</t></is></c>"
            "<c r='B1' t='str'><f>\"\"</f><v></v></c><c r='C1'><f>1+1</f><v></v></c></row>"
        )
    )
    assert classeur.lire(octets).feuilles[0].particularites.formules_sans_valeur == 1


@pytest.mark.parametrize(
    "octets",
    [
        b"Date;Ville\r\na;Metz\rb;Nancy\nc;Toul",
        "Date;Ville\na;Metz\nb;Nancy\nc;Toul".encode("utf-16"),
        "Date;Ville\na;Metz\nb;Nancy\nc;Toul\n".encode("utf-16-le"),
        b"Date;Ville\r\na;Metz\r\nb;Nancy\r\nc;Toul\r\n\x1a",
        b'sep=;\r\nDate;Ville\r\na;"Metz"\r\nb;Nancy\r\n"c";Toul',
    ],
    ids=["fins de ligne", "utf-16", "utf-16 sans marque", "fin de fichier DOS", "sep="],
)
def test_odd_csv_read_right(octets):
    lignes = classeur.lire(octets).feuilles[0].lignes
    assert [ligne.cellules for ligne in lignes] == [("Date", "Ville"), ("a", "Metz"), ("b", "Nancy"), ("c", "Toul")]
    assert [ligne.numero for ligne in lignes] == [1, 2, 3, 4]


def test_csv_quotes_that_excel_reads_are_read():
    lignes = classeur.lire(b'a;b\n"Foyer "Les Lilas"";Metz\n"deux\nlignes; vraies";Nancy\n').feuilles[0].lignes
    assert lignes[1].cellules[1] == "Metz"
    assert lignes[2].cellules == ("deux\nlignes; vraies", "Nancy")


def test_memory_stays_bounded():
    for cas in ("bombe", "un million de cellules", "cellule de 10 Mo", "trop de styles", "mille feuilles"):
        octets = octets_de(cas)
        tracemalloc.start()
        with pytest.raises(ClasseurRefuse):
            classeur.lire(octets)
        pic = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert pic < 60 * 1024 * 1024, cas


def test_the_reader_refuses_dtds_by_itself():
    assert openpyxl.DEFUSEDXML


@pytest.mark.django_db
def test_mutations_never_raise_anything_else():
    """300 seeded mutations of a true workbook: read, or refused by a sentence."""
    factories.tribunal("Metz")
    hasard = random.Random(20261124)
    parties = {nom: partie(BON, nom) for nom in zipfile.ZipFile(io.BytesIO(BON)).namelist()}
    for _ in range(300):
        if hasard.random() < 0.5:
            nom = hasard.choice(list(parties))
            contenu = bytearray(parties[nom])
            for _ in range(hasard.randint(1, 6)):
                contenu[hasard.randrange(len(contenu))] = hasard.randrange(256)
            octets = avec(bytes(contenu), nom)
        else:
            brut = bytearray(BON)
            for _ in range(hasard.randint(1, 20)):
                brut[hasard.randrange(len(brut))] = hasard.randrange(256)
            octets = bytes(brut[: hasard.randint(10, len(brut))])
        with contextlib.suppress(ClasseurRefuse):
            analyse.analyser(octets)
    assert not Mesure.objects.exists()
