"""A corpus of realistic workbooks: each row is read as its author expects, and none is passed over in silence."""

import logging
import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from mesures.enums import Statut
from mesures.import_excel.analyse import analyser
from mesures.import_excel.rapport import rapport
from tests import factories

from .corpus import CORPUS, Cahier
from .corpus.base import referentiel  # noqa: F401
from .corpus.cahier import METZ, ouvrir
from .corpus.jugement import (
    colonnes_mal_lues,
    desaccords,
    exiger_rapport_juste,
    exiger_rien_ecrit,
    exiger_un_sort_par_ligne,
    sorts,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("referentiel")]
ECHANTILLON = Path(__file__).resolve().parents[4] / "shared" / "samples" / "modele-premier-emjpm.xlsx"
LIBREOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
EN_TEXTE = [nom for nom in CORPUS if ouvrir(nom).ecrivable_en_csv]


def test_the_corpus_is_large_enough():
    assert len(CORPUS) >= 60
    assert sum(len(ouvrir(nom).lignes) for nom in CORPUS) > 1500


@pytest.mark.parametrize("fichier", CORPUS)
def test_read_as_its_author_expects(fichier, caplog):
    """Row by row, with nothing written in the base, nothing of the file in the logs."""
    f = ouvrir(fichier)
    with caplog.at_level(logging.DEBUG):
        lu = rapport(f"KANARIOVSKI {fichier}", f.octets())
    exiger_rapport_juste(lu)
    assert desaccords(f, lu) + colonnes_mal_lues(f, lu) == []
    exiger_rien_ecrit()
    journal = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))
    for canari in ("KANARIOVSKI", "2021-002", "21B00002", "Curatelle", fichier):
        assert canari not in journal


@pytest.mark.parametrize("fichier", EN_TEXTE)
def test_the_same_table_saved_as_text_reads_the_same(fichier):
    f = ouvrir(fichier)
    assert desaccords(f, rapport(fichier, f.en_csv("utf-8-sig"))) == []


@pytest.mark.parametrize("fichier", CORPUS)
def test_every_row_ends_in_exactly_one_place(fichier):
    """Ready, to fix, ignored or already present, with its reason; blank rows between two filled ones are counted."""
    f = ouvrir(fichier)
    remplies = f.remplies()
    apercu = analyser(f.octets(), None)
    vides = {n for n in f.verdicts() if n not in remplies and n < max(remplies)}
    exiger_un_sort_par_ligne(apercu, remplies, vides)
    assert set(sorts(apercu)["ignorees"]) >= vides
    raisons = {li["ligne"]: li["raison"] for li in apercu.ignorees}
    for numero, verdict in f.verdicts().items():
        if verdict.sort == "ignoree":
            assert verdict.raison in raisons.get(numero, "pas ignorée"), f"ligne {numero}"


# --- Rows that are already mesures of the account ---------------------------------------------------
def test_rows_already_present_are_told_and_left():
    """Whatever the way the number is written; reservations and ended mandates included, other suffixes excluded."""
    metz = factories.Tribunal.objects.get(nom=METZ)
    nancy = factories.Tribunal.objects.get(nom="Tribunal judiciaire de Nancy")
    mandataire = factories.MandataireFactory(habilite=[metz])
    communs = {"mandataire": mandataire, "tribunal": metz}
    factories.MesureFactory(numero_rg="17/A/00775", **communs)
    factories.MesureFactory(numero_rg="18A00001", en_attente=True, **communs)
    factories.MesureFactory(numero_rg="19A00001", eteinte=True, **communs)
    f = Cahier("présentes.xlsx")
    for numero in ("RG 17A00775", "17 a 00775", "18/A/00001", "19A00001", "17A00775-1"):
        f.prete(numero_rg=numero)
    f.prete(numero_rg="17A00775", tribunal=("TJ Nancy", nancy.nom))
    f.a_corriger({"date_jugement": "février"}, numero_rg="18A00001", date_jugement="31/02/2020")
    f.ignoree("Total", 7)
    apercu = analyser(f.octets(), mandataire)
    exiger_un_sort_par_ligne(apercu, f.remplies(), set())
    presentes = sorts(apercu)["deja_presentes"]
    assert set(presentes) - {8} == {2, 3, 4, 5}  # row 8 is known too, but has a fault: told in either list
    assert sorts(apercu)["pretes"] == [6, 7]
    assert {li["statut"] for li in apercu.deja_presentes} == {Statut.EN_COURS, Statut.EN_ATTENTE, Statut.ETEINTE}
    lu = rapport("présentes.xlsx", f.octets(), mandataire)
    assert [li["ligne"] for li in lu["pretes"]] == [6, 7]


def test_antennes_of_a_service_are_matched_and_unknown_ones_asked():
    mandataire = factories.MandataireFactory(service=True, habilite=[factories.Tribunal.objects.get(nom=METZ)])
    thionville = factories.LieuFactory(mandataire=mandataire, nom="Antenne de Thionville")
    f = ouvrir("service avec antennes.xlsx")
    for antenne in ("THIONVILLE", "antenne de Thionville", None, "Montreuil"):
        f.prete(antenne=antenne)
    apercu = analyser(f.octets(), mandataire)
    exiger_un_sort_par_ligne(apercu, f.remplies(), set())
    lieux = {li["ligne"]: li["lieu"] for li in apercu.pretes}
    assert lieux == {3: thionville.pk, 5: thionville.pk, 6: thionville.pk, 7: None}
    assert {p.champ for li in apercu.a_corriger for p in li.problemes} == {"antenne"}
    assert [li.ligne for li in apercu.a_corriger] == [2, 4, 8]


# --- The true model of the first e-MJPM -------------------------------------------------------------
@pytest.mark.skipif(not ECHANTILLON.exists(), reason="l’échantillon n’est pas dans le dépôt")
def test_the_sample_of_the_first_e_mjpm():
    octets = ECHANTILLON.read_bytes()
    lu = rapport(ECHANTILLON.name, octets)
    exiger_rapport_juste(lu)
    assert lu["accepte"]
    assert {champ for champ in lu["colonnes"].values() if champ != "antenne"} == {
        "date_jugement", "nature", "code_postal", "ville", "civilite", "annee_naissance", "numero_rg",
        "numero_dossier", "lieu_vie", "tribunal",
    }  # fmt: skip
    premiere = lu["pretes"][0]
    assert premiere == {
        "ligne": 2, "date_jugement": "2019-12-21", "nature": "curatelle_renforcee", "champ": "", "code_postal": "75002",
        "ville": premiere["ville"], "pays": "FR", "civilite": "monsieur", "annee_naissance": 1982, "lieu_vie": "domicile",
        "numero_rg": "21B00167", "numero_dossier": "", "tribunal": "Tribunal judiciaire de Paris", "cabinet": "",
    }  # fmt: skip
    assert premiere["ville"] in {"Paris", "Paris 2e Arrondissement"}
    feuille = openpyxl.load_workbook(ECHANTILLON)["Feuil1"]
    remplies = {r[0].row for r in feuille.iter_rows(min_row=2) if any(c.value is not None for c in r)}
    exiger_un_sort_par_ligne(analyser(octets), remplies)


# --- Saved by LibreOffice ---------------------------------------------------------------------------
CONVERTIS = (
    "dates à la main.xlsx", "codes postaux.xlsx", "lignes vides et total.xlsx", "tribunal fusionné sur vingt lignes.xlsx",
    "liste tenue à la main.xlsx", "données sur la deuxième feuille.xlsx", "emoji et écriture de droite à gauche.xlsx",
    "calendrier 1904.xlsx", "numéros de dossier.xlsx", "lignes et colonnes masquées.xlsx",
)  # fmt: skip


@pytest.fixture(scope="module")
def convertis(tmp_path_factory):
    """The workbooks opened and saved again by LibreOffice: {(name, format): bytes}. One call for each format."""
    if LIBREOFFICE is None:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail("LibreOffice est exigé en intégration continue. apt install libreoffice-calc")
        pytest.skip("apt install libreoffice-calc")
    dossier = tmp_path_factory.mktemp("libreoffice")
    sources = []
    for rang, nom in enumerate(CONVERTIS):
        source = dossier / f"{rang}.xlsx"
        source.write_bytes(ouvrir(nom).octets())
        sources.append(str(source))
    lus = {}
    for format_ in ("xlsx", "ods", "xls"):
        sortie = dossier / format_
        subprocess.run(
            [LIBREOFFICE, f"-env:UserInstallation=file://{dossier}/profil", "--headless", "--norestore",
             "--convert-to", format_, "--outdir", str(sortie), *sources],
            check=True, timeout=180, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for rang, nom in enumerate(CONVERTIS):
            lus[nom, format_] = (sortie / f"{rang}.{format_}").read_bytes()
    return lus


@pytest.mark.parametrize("format_", ["xlsx", "ods", "xls"])
@pytest.mark.parametrize("fichier", CONVERTIS)
def test_saved_by_libreoffice_it_reads_the_same(fichier, format_, convertis):
    f = ouvrir(fichier)
    octets = convertis[fichier, format_]
    lu = rapport(f"x.{format_}", octets)
    exiger_rapport_juste(lu)
    assert desaccords(f, lu) == []
    exiger_un_sort_par_ligne(analyser(octets), f.remplies())
    exiger_rien_ecrit()
