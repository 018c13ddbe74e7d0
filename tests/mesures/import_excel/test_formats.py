""".ods and .xls read like the .xlsx that holds the same rows, cell by cell and row number by row number."""

import datetime
import io
import os
import shutil
import subprocess

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mesures.import_excel import analyse, classeur
from mesures.import_excel.erreurs import ClasseurRefuse
from tests import factories

from .fabrique import TITRES, rangee, xlsx
from .fabrique_ods import (
    CLASSEUR,
    VIDE,
    case,
    colonne_masquee,
    erreur,
    etiquette,
    fois,
    ligne_masquee,
    manifeste,
    nombre,
    ods,
    rang,
    table,
    valeur,
    vides,
    xls,
)


# --- Saved by LibreOffice -------------------------------------------------------------------------
def _preparer(livre, feuille) -> None:
    """Everything people do to a sheet: titles that begin at C4, merged cells, hidden rows, errors, formulas."""
    feuille.title = "Mesures"
    feuille["C2"] = "Liste des mesures"
    feuille.merge_cells("C2:F2")
    for colonne, titre in enumerate(TITRES, 3):
        feuille.cell(4, colonne, titre)
    for n in range(12):
        for colonne, quoi in enumerate(rangee(n), 3):
            feuille.cell(5 + n + (n > 5) * 2, colonne, quoi)
    feuille["L5"].value, feuille["M5"].value, feuille["L6"].value = "=1/0", "=NA()", "=ZUT()"
    feuille["I6"] = 1947.5
    feuille["J7"] = "deux\nlignes\n\net  des espaces "
    feuille["J8"] = "é🙂 עברית & <b>"
    feuille["C9"] = datetime.datetime(2021, 3, 12, 14, 30)
    feuille["D10"] = '="Curatelle"&" simple"'
    feuille["I10"] = "=1900+47"
    feuille["N5"], feuille["N6"], feuille["N7"] = 0.25, datetime.time(14, 30, 5), datetime.timedelta(hours=30)
    feuille["N5"].number_format, feuille["N7"].number_format = "0%", "[h]:mm"
    feuille["N8"], feuille["N9"], feuille["E8"] = 17750111100012, -5, "01000"
    feuille.merge_cells("M13:M15")
    feuille.merge_cells("G14:H14")
    feuille.row_dimensions[14].hidden = feuille.row_dimensions[40].hidden = True
    feuille.column_dimensions["H"].hidden = True
    feuille["C40"] = "Total"
    cachee = livre.create_sheet("Archives")
    cachee.append(["vieux"])
    cachee.sheet_state = "hidden"
    livre.create_sheet("Vide")


@pytest.fixture(scope="session")
def convertir(tmp_path_factory):
    """bytes, extension, new extension → bytes, by LibreOffice itself."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        dire = pytest.fail if os.environ.get("CI") else pytest.skip
        dire("LibreOffice manque pour écrire de vrais .ods et .xls : apt install libreoffice-calc")
    dossier = tmp_path_factory.mktemp("soffice")

    def faire(octets: bytes, de: str, vers: str) -> bytes:
        source = dossier / f"source.{de}"
        source.write_bytes(octets)
        commande = [soffice, f"-env:UserInstallation={(dossier / 'profil').as_uri()}", "--headless", "--convert-to"]
        fait = subprocess.run(
            [*commande, vers, "--outdir", str(dossier / vers), str(source)], capture_output=True, timeout=120
        )
        sortie = dossier / vers / f"source.{vers.partition(':')[0]}"
        assert sortie.exists(), fait.stderr
        return sortie.read_bytes()

    return faire


@pytest.fixture(scope="session")
def trois(convertir) -> dict[str, bytes]:
    """The same workbook in three formats. That in .xlsx comes from the .ods, so that its formulas have their results."""
    source = xlsx([], titres=None, preparer=_preparer)
    fait = {format_: convertir(source, "xlsx", format_) for format_ in ("ods", "xls")}
    return fait | {"xlsx": convertir(fait["ods"], "ods", "xlsx")}


def test_same_rows_same_reading(trois):
    """Cell by cell, row number by row number, and what is said of the sheet: hidden, merged, blank rows."""
    lus = {format_: classeur.lire(octets) for format_, octets in trois.items()}
    attendu = lus["xlsx"].feuilles
    assert [ligne.numero for ligne in attendu[0].lignes] == [2, *range(4, 11), *range(13, 19), 40]
    for format_ in ("ods", "xls"):
        for lue, voulue in zip(lus[format_].feuilles, attendu, strict=True):
            assert lue.lignes == voulue.lignes, format_
            assert lue == voulue, format_
            types = [[type(c) for c in ligne.cellules] for ligne in lue.lignes]
            assert types == [[type(c) for c in ligne.cellules] for ligne in voulue.lignes], format_
    assert [lus[format_].genre for format_ in ("ods", "xls")] == ["classeur LibreOffice", "ancien classeur Excel"]


def test_the_particularities_are_those_of_the_sheet(trois):
    for format_, octets in trois.items():
        mesures, archives, vide = classeur.lire(octets).feuilles
        traits = mesures.particularites
        assert traits.lignes_masquees >= {14, 40}, format_
        assert traits.colonnes_masquees == {8}, format_
        assert sorted(traits.fusions) == [(2, 3, 2, 6), (13, 13, 15, 13), (14, 7, 14, 8)], format_
        assert (traits.ligne_max, traits.colonne_max) == (40, 14), format_
        assert traits.formules_sans_valeur == 0, format_
        assert mesures.vides[:2] == [3, 11], format_
        assert (mesures.masquee, archives.masquee, vide.masquee) == (False, True, False), format_
        assert len({ligne.cellules[12] for ligne in mesures.lignes if ligne.numero in {13, 14, 15}}) == 1, format_


def test_errors_are_never_read_as_empty_cells(trois):
    """« #DIV/0! » in a column must be said, not become « nothing was written »."""
    for format_, octets in trois.items():
        lignes = {ligne.numero: ligne.cellules for ligne in classeur.lire(octets).feuilles[0].lignes}
        assert lignes[5][11:13] == ("#DIV/0!", "#N/A"), format_
        assert lignes[6][11] == "#NAME?", format_


@pytest.mark.django_db
def test_the_page_reads_them(trois, convertir, ouvrir_session):
    """« Votre classeur LibreOffice, 3 lignes lues », and as many mesures ready whatever the format."""
    factories.tribunal("Metz")
    mandataire = factories.MandataireFactory()
    client = ouvrir_session(mandataire.membres.get().utilisateur)
    source = xlsx([rangee(n) for n in range(3)])
    for format_, genre in (("ods", "classeur LibreOffice"), ("xls", "ancien classeur Excel")):
        octets = convertir(source, "xlsx", format_)
        envoi = SimpleUploadedFile("sans-extension", octets)
        texte = client.post(reverse("importer"), {"classeur": envoi}, follow=True).content.decode()
        assert genre in texte
        assert len(analyse.analyser(octets).pretes) == 3
    assert "LibreOffice (.ods)" in client.get(reverse("importer")).content.decode()


def test_a_password_is_said(convertir):
    for octets in (
        ods(parties={"META-INF/manifest.xml": manifeste("<manifest:encryption-data/>"), "content.xml": b"\x8f\x12"}),
        ods(parties={"content.xml": None, "encrypted-package": b"\x8f\x12"}),
    ):
        with pytest.raises(ClasseurRefuse) as refus:
            classeur.lire(octets)
        assert "Dans LibreOffice" in refus.value.phrase
        assert "mot de passe" in refus.value.court


# --- Made by hand ---------------------------------------------------------------------------------
def lu(octets: bytes) -> list[tuple[int, tuple]]:
    return [(ligne.numero, ligne.cellules) for ligne in classeur.lire(octets).feuilles[0].lignes]


def test_runs_of_ods_are_counted():
    octets = ods(
        table(
            rang(vides(16384), attributs=fois(2)),
            rang(VIDE, case("a", 'table:number-columns-repeated="3"'), vides(2), case("b"), vides(16377)),
            rang(vides(16384), attributs=fois(3)),
            rang(case("c"), attributs=fois(2)),
            rang(vides(16384), attributs=fois(1_048_568)),
        )
    )
    assert lu(octets) == [(3, (None, "a", "a", "a", None, None, "b")), (7, ("c",)), (8, ("c",))]
    assert classeur.lire(octets).feuilles[0].vides == [4, 5, 6]


def test_values_of_ods():
    rouge = '<table:table-cell office:value-type="float" office:value="0" calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'
    note = '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation><text:p>vu</text:p></table:table-cell>'
    cellules = [
        valeur("float", "value", "12"),
        valeur("float", "value", "12.5"),
        valeur("percentage", "value", "0.25"),
        valeur("currency", "value", "3"),
        valeur("boolean", "boolean-value", "true"),
        valeur("date", "date-value", "2021-03-12"),
        valeur("date", "date-value", "2021-03-12T14:30:00"),
        valeur("time", "time-value", "PT14H30M05S"),
        valeur("time", "time-value", "PT30H00M00S"),
        rouge,
        note,
        "<table:table-cell><text:p>sans genre</text:p></table:table-cell>",
        case("a<text:tab/>b<text:line-break/>c"),
        case('a<text:s text:c="2"/><text:span>b</text:span>'),
        case("x" * 600),
    ]
    attendu = (
        12, 12.5, 0.25, 3, True, datetime.datetime(2021, 3, 12), datetime.datetime(2021, 3, 12, 14, 30),
        datetime.time(14, 30, 5), datetime.timedelta(hours=30), "#REF!", "vu", "sans genre", "a\tb\nc", "a  b", "x" * 500,
    )  # fmt: skip
    assert lu(ods(table(rang(*cellules)))) == [(1, attendu)]
    seule = ods(table(rang(case("Titre")), rang(rouge, attributs=fois(2)), rang(case("fin"))))
    francais = '<table:table-cell table:formula="of:=NA()" office:value-type="float" office:value="0"><text:p>#N/D</text:p></table:table-cell>'
    assert lu(ods(table(rang(case("a"), francais)))) == [(1, ("a", "#N/A"))]
    assert lu(seule) == [(1, ("Titre",)), (2, ("#REF!",)), (3, ("#REF!",)), (4, ("fin",))]


def test_a_formula_never_computed_is_counted():
    formule = '<table:table-cell table:formula="of:=1+1"/>'
    muette = '<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>'
    traits = classeur.lire(ods(table(rang(case("a"), formule, muette)))).feuilles[0].particularites
    assert traits.formules_sans_valeur == 1


def test_xls_by_hand():
    octets = xls(
        etiquette(2, 1, "Titre") + nombre(3, 1, 5) + erreur(9, 3, 0x17) + ligne_masquee(3) + colonne_masquee(2),
        nombre(0, 0, 1.5),
    )
    feuille, autre = classeur.lire(octets).feuilles
    assert [(li.numero, li.cellules) for li in feuille.lignes] == [
        (3, (None, "Titre")),
        (4, (None, 5)),
        (10, (None, None, None, "#REF!")),
    ]
    assert feuille.particularites.lignes_masquees == {4}
    assert feuille.particularites.colonnes_masquees == {3}
    assert autre.lignes[0].cellules == (1.5,)
    assert lu(xls(nombre(0, 0, 1) + nombre(65535, 2, 2)))[1] == (65536, (None, None, 2))


def test_openpyxl_and_the_xlsx_of_libreoffice_agree(trois):
    """The reference of `test_same_rows_same_reading` is what openpyxl itself says of that file."""
    feuille = openpyxl.load_workbook(io.BytesIO(trois["xlsx"]), data_only=True)["Mesures"]
    lignes = {ligne.numero: ligne.cellules for ligne in classeur.lire(trois["xlsx"]).feuilles[0].lignes}
    assert lignes[5][2] == feuille["C5"].value == datetime.datetime(2021, 3, 12)
    assert lignes[10][8] == feuille["I10"].value == 1947
    assert CLASSEUR.endswith("spreadsheet")
