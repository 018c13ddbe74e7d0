"""What a workbook is made of: sheets, hidden and merged parts, formulas, the many ways Excel writes a cell."""

import datetime
import io
import re
import struct
import zlib

from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from ..fabrique import FEUILLE, feuille_xml, partie, refaire
from .cahier import METZ, cahier


def en_xml(f, retouche):
    """Work on the XML of the sheet, as the software that wrote the file would have."""
    f.retouches.append(lambda octets: refaire(octets, {FEUILLE: retouche(partie(octets, FEUILLE).decode()).encode()}))


@cahier("données sur la deuxième feuille.xlsx")
def _(f):
    f.banales(4)

    def preparer(livre, feuille):
        accueil = livre.create_sheet("Accueil", 0)
        accueil["A1"] = "Tableau de suivi 2026"
        accueil["A3"] = "Mode d’emploi : voir l’onglet suivant"

    f.preparations.append(preparer)


@cahier("deux feuilles remplies.xlsx")
def _(f):
    """The larger is read, the other is told."""
    f.banales(5)

    def preparer(livre, feuille):
        autre = livre.create_sheet("2025")
        for rangee in f.rangees()[:3]:
            autre.append(rangee)

    f.preparations.append(preparer)
    f.avertit = ["feuille"]


@cahier("feuille masquée.xlsx")
def _(f):
    f.banales(3)

    def preparer(livre, feuille):
        livre.create_sheet("Accueil", 0)["A1"] = "Bonjour"
        livre.active = 0
        feuille.sheet_state = "veryHidden"

    f.preparations.append(preparer)
    f.avertit = ["masquée"]


@cahier("listes très masquées.xlsx")
def _(f):
    f.banales(3)

    def preparer(livre, feuille):
        listes = livre.create_sheet("Paramètres")
        for mot in ("Tutelle", "Curatelle simple", "Domicile", "Madame"):
            listes.append([mot])
        listes.sheet_state = "veryHidden"
        livre.defined_names["types"] = DefinedName("types", attr_text="'Paramètres'!$A$1:$A$4")
        liste = DataValidation(type="list", formula1="types")
        liste.add("B2:B500")
        feuille.add_data_validation(liste)

    f.preparations.append(preparer)


@cahier("lignes et colonnes masquées.xlsx")
def _(f):
    """A filter hides rows: they are read, and it is said."""
    f.banales(6)

    def preparer(livre, feuille):
        for rang in (3, 5):
            feuille.row_dimensions[rang].hidden = True
        feuille.column_dimensions["H"].hidden = True
        feuille.auto_filter.ref = "A1:K7"

    f.preparations.append(preparer)
    f.avertit = ["2 lignes masquées"]


@cahier("tribunal fusionné sur vingt lignes.xlsx")
def _(f):
    f.prete()
    for _n in range(19):
        f.prete(tribunal=(None, METZ), cabinet=(None, "2"))
    f.prete(tribunal=("TJ Nancy", "Tribunal judiciaire de Nancy"))

    def preparer(livre, feuille):
        feuille.merge_cells("J2:J21")
        feuille.merge_cells("K2:K21")

    f.preparations.append(preparer)
    f.avertit = ["fusionn"]


@cahier("fusion en travers.xlsx")
def _(f):
    """« 57000 Metz » in the code and the town merged."""
    f.prete()
    f.prete(code_postal=("57000 Metz", "57000"), ville=(None, "Metz"))
    f.prete(code_postal=("57000 METZ", "57000"), ville=(None, "Metz"))

    def preparer(livre, feuille):
        feuille.merge_cells("C3:D3")
        feuille.merge_cells("C4:D4")

    f.preparations.append(preparer)


@cahier("formules calculées.xlsx")
def _(f):
    """A formula is its result, as Excel left it in the file."""
    f.banales(3)
    numeros = [cellules[7] for cellules, _ in f.lignes]

    def formules(xml):
        for rang, numero in enumerate(numeros, 2):
            xml = re.sub(
                rf'<c r="H{rang}"[^>]*>.*?</c>',
                f'<c r="H{rang}" t="str"><f>CONCATENATE("2021-",TEXT(ROW(),"000"))</f><v>{numero}</v></c>',
                xml,
            )
        xml = re.sub(r'<c r="F2"[^>]*>.*?</c>', '<c r="F2"><f>YEAR(TODAY())-79</f><v>1947</v></c>', xml)
        return re.sub(r'(<c r="A3"[^>]*>)<v>', r"\1<f>DATE(2019,11,3)</f><v>", xml)

    en_xml(f, formules)


@cahier("formules jamais calculées.xlsx")
def _(f):
    """Written by a program, never opened in Excel: no result in the file. Told, never guessed."""
    f.prete()
    f.prete(annee_naissance=("=2026-79", None))
    f.a_corriger({"tribunal": "manque|formule"}, tribunal='="TJ Metz"')
    f.avertit = ["formule"]
    f.sans_csv = True
    f.preparations.append(lambda livre, feuille: None)


@cahier("erreurs de formule.xlsx")
def _(f):
    """#N/A is empty; another error in a compulsory cell is to fix."""
    f.prete(cabinet=("#N/A", ""), annee_naissance=("#N/A", None))
    f.a_corriger({"tribunal": "manque"}, tribunal="#N/A")
    f.a_corriger({"tribunal": "reconnu|manque|erreur|formule"}, tribunal="#REF!")
    f.a_corriger({"date_jugement": "date|manque|formule"}, date_jugement="#VALUE!")
    f.preparations.append(lambda livre, feuille: None)


@cahier("chaînes en ligne.xlsx")
def _(f):
    """No shared strings: every text in its cell, and no reference on cells nor rows."""

    f.banales(3)

    def ecrire(octets):
        rangees = ""
        for rangee in f.rangees():
            cellules = ""
            for valeur in rangee:
                if isinstance(valeur, datetime.datetime):
                    cellules += f"<c t='d'><v>{valeur.isoformat()}</v></c>"
                elif isinstance(valeur, int):
                    cellules += f"<c><v>{valeur}</v></c>"
                else:
                    cellules += f"<c t='inlineStr'><is><t xml:space='preserve'> {valeur} </t></is></c>"
            rangees += f"<row>{cellules}</row>"
        return refaire(octets, {FEUILLE: feuille_xml(rangees, "A1")})

    f.retouches.append(ecrire)


@cahier("texte enrichi.xlsx")
def _(f):
    """Half a word in bold: the text is the whole of it, phonetic hints excepted."""
    f.banales(2)
    riche = (
        '<is><r><t>Tribunal </t></r><r><rPr><b/></rPr><t xml:space="preserve">judiciaire de </t></r><r><t>Metz</t></r>'
        '<rPh sb="0" eb="1"><t>x</t></rPh></is>'
    )
    en_xml(f, lambda xml: re.sub(r'<c r="J2"[^>]*>.*?</c>', f'<c r="J2" t="inlineStr">{riche}</c>', xml))


@cahier("dimension menteuse.xlsx")
def _(f):
    f.banales(4)
    en_xml(f, lambda xml: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:B2"', xml))


@cahier("dimension sans fin.xlsx")
def _(f):
    f.banales(4)
    en_xml(f, lambda xml: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', xml))


@cahier("mille lignes vides mises en forme.xlsx")
def _(f):
    f.banales(4)
    vides = "".join(
        f'<row r="{n}" spans="1:11" s="1" customFormat="1"><c r="A{n}" s="1"/></row>' for n in range(6, 1006)
    )
    en_xml(f, lambda xml: xml.replace("</sheetData>", f"{vides}</sheetData>"))


@cahier("lignes numérotées de loin en loin.xlsx")
def _(f):
    """Rows the file does not mention are blank rows."""
    f.prete()
    for _n in range(3):
        f.vide()
    f.prete()
    f.preparations.append(lambda livre, feuille: None)


@cahier("nombres à exposant.xlsx")
def _(f):
    """Excel writes 57000 as 5.7E4, 1947 as 1947.0000000000001."""
    f.prete(code_postal=(57000, "57000"))
    f.prete()
    en_xml(
        f,
        lambda xml: re.sub(r'(<c r="C2"[^>]*>)<v>57000</v>', r"\1<v>5.7E4</v>", xml).replace(
            "<v>1947</v>", "<v>1.947E3</v>"
        ),
    )


def _png() -> bytes:
    def bloc(genre, donnees):
        corps = genre + donnees
        return struct.pack(">I", len(donnees)) + corps + struct.pack(">I", zlib.crc32(corps))

    return (
        b"\x89PNG\r\n\x1a\n"
        + bloc(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + bloc(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
        + bloc(b"IEND", b"")
    )


@cahier("mise en forme, commentaires et logo.xlsx")
def _(f):
    f.avant = [["ATMP 57"], [], []]
    f.banales(5)
    f.feuille = "Mesures 2026 (à jour)"

    def preparer(livre, feuille):
        for cellule in feuille[4]:
            cellule.font, cellule.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="000091")
        feuille["A5"].comment = Comment("à vérifier avec le greffe", "le service")
        feuille.conditional_formatting.add(
            "F5:F9", ColorScaleRule(start_type="min", start_color="AAFFAA", end_type="max", end_color="FFAAAA")
        )
        feuille.freeze_panes = "B5"
        feuille.print_title_rows = "4:4"
        feuille.oddHeader.center.text = "Confidentiel"

    f.preparations.append(preparer)
    f.retouches.append(lambda octets: refaire(octets, {"xl/media/image1.png": _png()}))


@cahier("feuille protégée.xlsx")
def _(f):
    """Protected against typing, not encrypted: it is read."""
    f.banales(3)

    def preparer(livre, feuille):
        feuille.protection.sheet = True
        feuille.protection.password = "secret"
        feuille["A2"].protection = Protection(locked=True, hidden=True)
        livre.security.lockStructure = True

    f.preparations.append(preparer)


@cahier("tableau structuré.xlsx")
def _(f):
    """A ListObject, its range ending before the last row."""
    f.banales(4)
    f.preparations.append(lambda livre, feuille: feuille.add_table(Table(displayName="Mesures", ref="A1:K4")))


@cahier("macros.xlsm")
def _(f):
    f.banales(3)
    f.preparations.append(lambda livre, feuille: None)

    def macros(octets):
        types = partie(octets, "[Content_Types].xml").replace(
            b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
        )
        types = types.replace(b"application/vnd.openxmlformats-officedocument.ms-excel", b"application/vnd.ms-excel")
        return refaire(octets, {"[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\x00" * 512})

    f.retouches.append(macros)
    f.avertit = ["macros"]


@cahier("tableau croisé et lien.xlsx")
def _(f):
    """Leftovers of a pivot table and of a link to another workbook: not followed, not a reason to refuse."""
    f.banales(3)
    f.preparations.append(lambda livre, feuille: None)
    cache = b'<pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" recordCount="0"/>'
    f.retouches.append(
        lambda octets: refaire(
            octets,
            {
                "xl/pivotCache/pivotCacheDefinition1.xml": cache,
                "xl/calcChain.xml": b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="A1" i="1"/></calcChain>',
                "docProps/custom.xml": b"<Properties/>",
                "customXml/item1.xml": b"<a/>",
            },
        )
    )


@cahier("classeur renommé.csv")
def _(f):
    """A workbook whose name says .csv: its content decides."""
    f.banales(3)
    f.preparations.append(lambda livre, feuille: None)


@cahier("texte renommé.xlsx")
def _(f):
    f.csv = {}
    f.banales(3)


@cahier("sans styles ni propriétés.xlsx")
def _(f):
    """The least a spreadsheet may be, as small programs write it."""
    f.banales(3)
    for cellules, _ in f.lignes:
        cellules[0] = cellules[0].strftime("%d/%m/%Y")

    def nu(octets):
        types = re.sub(
            rb'<Override PartName="/(docProps|xl/styles|xl/theme)[^>]*/>', b"", partie(octets, "[Content_Types].xml")
        )
        liens = re.sub(rb"<Relationship [^>]*(styles|theme)[^>]*/>", b"", partie(octets, "xl/_rels/workbook.xml.rels"))
        feuille = re.sub(rb' s="\d+"', b"", partie(octets, FEUILLE))
        racine = re.sub(rb"<Relationship [^>]*docProps[^>]*/>", b"", partie(octets, "_rels/.rels"))
        return refaire(octets, {
            "[Content_Types].xml": types, "xl/_rels/workbook.xml.rels": liens, FEUILLE: feuille, "_rels/.rels": racine,
            "docProps/app.xml": None, "docProps/core.xml": None, "xl/styles.xml": None, "xl/theme/theme1.xml": None,
        })  # fmt: skip

    f.retouches.append(nu)


@cahier("XML préfixé.xlsx")
def _(f):
    """Another software's accent: every tag of the sheet under a prefix."""
    f.banales(3)

    def prefixer(xml):
        xml = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", xml)
        return xml.replace('xmlns="http', 'xmlns:x="http')

    en_xml(f, prefixer)


@cahier("écrit par xlsxwriter.xlsx")
def _(f):
    import xlsxwriter

    f.banales(5)
    f.sans_csv = True
    sortie = io.BytesIO()
    with xlsxwriter.Workbook(sortie, {"in_memory": True, "default_date_format": "dd/mm/yy"}) as livre:
        feuille = livre.add_worksheet("Suivi")
        for rang, rangee in enumerate(f.rangees()):
            feuille.write_row(rang, 0, rangee)
        feuille.autofilter(0, 0, 5, 10)
        feuille.add_sparkline(0, 12, {"range": "Suivi!F2:F6"})
    f.octets_directs = sortie.getvalue()
