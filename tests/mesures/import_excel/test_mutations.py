"""2,000 files spoiled by a seeded hand: read or refused by a sentence, no row lost, nothing written, in seconds.

A failure tells its base and its number: `mutation(base, numero)` gives the bytes again.
"""

import csv
import functools
import io
import logging
import os
import random
import shutil
import subprocess
import time
import warnings

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from emjpm.commun.models import Courriel, Evenement
from emjpm.geographie.models import CodePostal, Commune
from mesures.import_excel.analyse import analyser
from mesures.import_excel.erreurs import ClasseurRefuse
from mesures.import_excel.models import ApercuImport
from mesures.import_excel.rapport import rapport
from mesures.models import ImportMesures, Mesure
from tests import factories

from .corpus.jugement import (
    exiger_rapport_juste,
    exiger_rien_ecrit,
    exiger_un_sort_par_ligne,
    exiger_valeurs_saines,
)
from .corpus.mutations import bases, couper, muter, repeter, retirer, retourner
from .fabrique import TITRES

pytestmark = pytest.mark.django_db
GRAINE = 20261124
LOTS = {"texte en ligne": 6, "texte partagé": 6, "fusions": 4, "utf-8": 2, "cp1252": 1, "utf-16": 1}  # of 100
LOT = 100
SECONDES_MAX = 20.0
LIBREOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

_bases = functools.cache(bases)


def mutation(base: str, numero: int) -> bytes:
    return muter(_bases()[base], random.Random(f"{GRAINE} {base} {numero}"))


@pytest.fixture
def lieux(db):
    """Few courts and communes: what the bases name."""
    for ville in ("Metz", "Thionville", "Nancy"):
        factories.tribunal(ville)
    montigny = Commune.objects.create(
        insee="57480", nom="Montigny-lès-Metz", nom_normalise="montigny les metz", population=21718, latitude=49.1, longitude=6.15,
        departement=factories.departement("57"),
    )  # fmt: skip
    montigny.codes_postaux.add(CodePostal.objects.create(code="57950"))


def lignes_remplies(octets: bytes, rang_feuille: int) -> set[int] | None:
    """Rows that hold something under the titles, as the file itself says; None where that has no plain meaning."""
    if octets.startswith(b"PK"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                livre = openpyxl.load_workbook(io.BytesIO(octets), read_only=True, data_only=True)
                feuille = livre.worksheets[rang_feuille - 1]
                feuille.reset_dimensions()
                rangees = list(feuille.iter_rows(max_row=5000, max_col=60, values_only=True))
                livre.close()
            except Exception:  # our reader is the more forgiving: this one gives up on odd properties
                return None
    else:
        try:
            texte = octets.decode("utf-16" if octets[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
        except UnicodeDecodeError:
            texte = octets.decode("latin-1")
        separateur = max(";,\t", key=texte.count)
        rangees = list(csv.reader(io.StringIO(texte, newline=""), delimiter=separateur))
    connus = [sum(c in TITRES for c in rangee) for rangee in rangees]
    en_tetes = [n for n, combien in enumerate(connus, 1) if combien >= 2]
    if len(en_tetes) != 1:
        return None
    return {
        n
        for n, rangee in enumerate(rangees, 1)
        if n > en_tetes[0] and any(c is not None and str(c).strip() for c in rangee)
    }


@pytest.mark.usefixtures("lieux")
@pytest.mark.parametrize("base", LOTS)
def test_the_bases_are_sound(base):
    lu = rapport(base, _bases()[base])
    assert lu["lignes"]["pretes"] == 6, lu
    assert len(lignes_remplies(_bases()[base], 1)) == 6 + (base == "fusions")


def test_there_are_two_thousand():
    assert sum(LOTS.values()) * LOT == 2000


@pytest.mark.usefixtures("lieux")
@pytest.mark.parametrize(("base", "lot"), [(b, n) for b, lots in LOTS.items() for n in range(lots)])
def test_a_spoiled_file_is_read_whole_or_refused(base, lot, caplog):
    acceptes = comptees = 0
    with caplog.at_level(logging.DEBUG):
        for numero in range(lot * LOT, (lot + 1) * LOT):
            octets, ou = mutation(base, numero), f"mutation({base!r}, {numero})"
            debut = time.monotonic()
            try:
                lu = rapport("KANARIOVSKI.xlsx", octets)
                exiger_rapport_juste(lu)
                exiger_valeurs_saines(lu)
                if lu["accepte"]:
                    acceptes += 1
                    comptees += exiger_tout_dit(octets)
            except Exception as erreur:
                raise AssertionError(f"{ou} : {erreur!r}") from erreur
            assert time.monotonic() - debut < SECONDES_MAX, ou
    exiger_rien_ecrit()
    assert acceptes > LOT // 10, f"{acceptes} acceptées : les mutations ne prouvent rien"
    assert comptees > acceptes // 2, f"{comptees} sur {acceptes} : la moitié des lignes au moins est comptée à part"
    journal = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))
    assert "KANARIOVSKI" not in journal
    assert "21B0" not in journal


def exiger_tout_dit(octets: bytes) -> bool:
    """Every filled row under the titles is in one of the four lists. False when only the lists could be checked."""
    apercu = analyser(octets)
    remplies = lignes_remplies(octets, apercu.releve.feuille)
    exiger_un_sort_par_ligne(apercu, remplies)
    return remplies is not None


@pytest.mark.usefixtures("lieux", "_gabarits_stricts")
@pytest.mark.parametrize("base", LOTS)
def test_the_page_answers_and_nothing_is_written(base, ouvrir_session):
    """Ten of each kind through the page itself, followed to the preview."""
    mandataire = factories.MandataireFactory()
    client = ouvrir_session(mandataire.membres.get().utilisateur)
    for numero in range(5, LOTS[base] * LOT, LOTS[base] * LOT // 10):
        fichier = SimpleUploadedFile("KANARIOVSKI.xlsx", mutation(base, numero))
        reponse = client.post(reverse("importer"), {"classeur": fichier}, follow=True)
        assert reponse.status_code == 200, f"mutation({base!r}, {numero})"
        page = reponse.content.decode()
        assert "KANARIOVSKI" not in page
        assert ("n’a pas pu être lu" in page) != ApercuImport.objects.exists()
        assert not any(m.objects.exists() for m in (Mesure, ImportMesures, Courriel))
        assert not Evenement.objects.filter(acte__in=("mesure.importer", "import.confirmer")).exists()
        ApercuImport.objects.all().delete()


# --- Formats that LibreOffice writes for us ----------------------------------------------------------
@pytest.fixture(scope="module")
def autres_formats(tmp_path_factory):
    if LIBREOFFICE is None:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail("LibreOffice est exigé en intégration continue. apt install libreoffice-calc")
        pytest.skip("apt install libreoffice-calc")
    dossier = tmp_path_factory.mktemp("libreoffice")
    (dossier / "base.xlsx").write_bytes(_bases()["texte en ligne"])
    for format_ in ("ods", "xls"):
        subprocess.run(
            [LIBREOFFICE, f"-env:UserInstallation=file://{dossier}/profil", "--headless", "--norestore",
             "--convert-to", format_, "--outdir", str(dossier), str(dossier / "base.xlsx")],
            check=True, timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    return {format_: (dossier / f"base.{format_}").read_bytes() for format_ in ("ods", "xls")}


@pytest.mark.usefixtures("lieux")
@pytest.mark.parametrize("format_", ["ods", "xls"])
def test_a_spoiled_ods_or_xls_is_read_or_refused(format_, autres_formats):
    """Eighty of each: their reader lives in a process of its own, which costs."""
    octets = autres_formats[format_]
    assert rapport("base", octets)["lignes"]["pretes"] == 6
    for numero in range(80):
        hasard = random.Random(f"{GRAINE} {format_} {numero}")
        sali = (
            muter(octets, hasard)
            if format_ == "ods"
            else hasard.choice((retourner, retourner, couper, retirer, repeter))(octets, hasard)
        )
        debut = time.monotonic()
        try:
            lu = rapport("x", sali)
            exiger_rapport_juste(lu)
            exiger_valeurs_saines(lu)
            if lu["accepte"]:
                exiger_un_sort_par_ligne(analyser(sali), None)
        except (Exception, ClasseurRefuse) as erreur:
            raise AssertionError(f"{format_} {numero} : {erreur!r}") from erreur
        assert time.monotonic() - debut < SECONDES_MAX, f"{format_} {numero}"
    exiger_rien_ecrit()
