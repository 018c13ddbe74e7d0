"""importer_tribunaux: the ministry's file completes our courts; a bad file gives a sentence and changes nothing."""

import csv
import io
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from emjpm.commun.models import Evenement
from tests import factories
from tribunaux.models import Tribunal
from tribunaux.reconnaissance import reconnaitre

PARTAGE = Path(__file__).resolve().parents[3] / "shared"
MINISTERE = PARTAGE / "reference" / "juridictions-2021.csv"
CLASSEUR = PARTAGE / "samples" / "modele-premier-emjpm.xlsx"
COLONNES = [
    "MNEMO_TES_FIL",
    "LIBELLE_COURT_ES_FILS",
    "LIBELLE_LONG_ES_FILS",
    "COMMUNE_SIEGE_INSEE_FILS",
    "ADRESS_PRINCIPAL_FILS",
    "ADRESS_COMPLEMENT_FILS",
    "NUMERO_TELEPHONE_FILS",
    "MAIL_FILS",
    "SIRET_FILS",
    "DATE_FERMETURE_FILS",
]
METZ = ["TGI", "TJ METZ", "Tribunal judiciaire de Metz", "57463", "3 RUE HAUTE PIERRE", "BP 81022", "3 87 56 75 00"]
METZ += ["TJ-METZ@justice.fr", "17570111900059", ""]
pytestmark = pytest.mark.django_db


def fichier(dossier, *lignes, separateur=",", codage="utf-8", colonnes=COLONNES):
    tampon = io.StringIO()
    csv.writer(tampon, delimiter=separateur).writerows([colonnes, *lignes])
    chemin = dossier / "juridictions.csv"
    chemin.write_bytes(tampon.getvalue().encode(codage))
    return chemin


def importer(chemin, *options):
    sortie = StringIO()
    call_command("importer_tribunaux", str(chemin), *options, stdout=sortie)
    return sortie.getvalue()


@pytest.fixture
def metz(db):
    return factories.tribunal("Metz")


def test_without_ecrire_it_only_says(metz, tmp_path):
    sortie = importer(fichier(tmp_path, METZ))
    assert "1 lignes lues, 1 rapprochées" in sortie
    assert "Rien n’a été écrit" in sortie
    metz.refresh_from_db()
    assert metz.siret is None
    assert not Evenement.objects.exists()


@pytest.mark.parametrize("separateur", [",", ";", "\t"])
@pytest.mark.parametrize("codage", ["utf-8", "utf-8-sig", "cp1252"])
def test_it_completes_the_court_whatever_the_encoding(metz, tmp_path, separateur, codage):
    importer(fichier(tmp_path, METZ, separateur=separateur, codage=codage), "--ecrire")
    metz.refresh_from_db()
    assert metz.siret == "17570111900059"
    assert metz.adresse == "3 RUE HAUTE PIERRE, BP 81022"
    assert metz.telephone == "03 87 56 75 00"
    assert metz.courriel == "tj-metz@justice.fr"
    ligne = Evenement.objects.sur(metz).get()
    assert ligne.acte == "tribunal.importer"
    assert ligne.changements["siret"] == [None, "17570111900059"]


def test_again_it_changes_nothing(metz, tmp_path):
    chemin = fichier(tmp_path, METZ)
    importer(chemin, "--ecrire")
    assert "À changer : 0." in importer(chemin, "--ecrire")
    assert Evenement.objects.count() == 1


def test_an_empty_cell_erases_nothing(metz, tmp_path):
    importer(fichier(tmp_path, METZ), "--ecrire")
    importer(fichier(tmp_path, [*METZ[:6], "", "", "", ""]), "--ecrire")
    metz.refresh_from_db()
    assert metz.telephone
    assert metz.siret


def test_overseas_numbers(db, tmp_path):
    martinique = factories.tribunal("Fort-de-France")
    nom = "Tribunal judiciaire de Fort-de-France"
    importer(
        fichier(tmp_path, ["TGI", "TJ FORT DE FRANCE", nom, "97209", "", "", "0(596)484141", "", "", ""]), "--ecrire"
    )
    martinique.refresh_from_db()
    assert martinique.telephone == "0596 48 41 41"


def test_odd_cells_are_told_and_left_aside(metz, tmp_path):
    sortie = importer(fichier(tmp_path, [*METZ[:6], "12", "pas une adresse", "17570111900058", "hier"]), "--ecrire")
    for mot in ("SIRET", "téléphone", "adresse électronique", "date de fermeture"):
        assert mot in sortie
    metz.refresh_from_db()
    assert (metz.siret, metz.telephone, metz.courriel, metz.ferme_le) == (None, "", "", None)


def test_an_unknown_court_is_listed(metz, tmp_path):
    sortie = importer(
        fichier(tmp_path, ["TGI", "TJ NULLEPART", "Tribunal judiciaire de Nullepart", "99999", *[""] * 6])
    )
    assert "Inconnus, laissés de côté : 1." in sortie
    assert "Nullepart" in sortie


def test_a_closed_court_becomes_a_name_of_its_successor(metz, tmp_path):
    ti = ["TI", "TI METZ", "Tribunal d'instance de Metz", "57463", "", "", "", "", "17570111900125", "1/1/20"]
    assert "autres noms : 1." in importer(fichier(tmp_path, METZ, ti), "--ecrire")
    assert reconnaitre("", "17570111900125") == [metz]
    metz.refresh_from_db()
    assert metz.ferme_le is None
    assert "À changer : 0." in importer(fichier(tmp_path, METZ, ti), "--ecrire")
    assert Tribunal.objects.count() == 2


def test_a_siret_already_elsewhere_is_never_stolen(metz, tmp_path):
    factories.tribunal("Thionville", siret="17570111900059")
    importer(fichier(tmp_path, METZ), "--ecrire")
    metz.refresh_from_db()
    assert metz.siret is None


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"   \n",
        b"PK\x03\x04" + b"\x00" * 50,
        b"\x89PNG\r\n\x1a\n\x00",
        b"un;deux\n1;2\n",
        b"LIBELLE_LONG_ES_FILS,SIRET_FILS\n",
        b'"' + b"a" * 200_000,
        b"\xff\xfe\xfa" * 10,
    ],
)
def test_a_bad_file_is_a_sentence(metz, tmp_path, contenu):
    chemin = tmp_path / "mauvais.csv"
    chemin.write_bytes(contenu)
    with pytest.raises(CommandError, match=r"^[A-ZÀ-Ý].*[.]$"):
        importer(chemin, "--ecrire")


def test_a_missing_file_is_a_sentence(db, tmp_path):
    with pytest.raises(CommandError, match="il n’existe pas"):
        importer(tmp_path / "absent.csv")
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        importer(tmp_path)


@pytest.mark.skipif(not MINISTERE.exists(), reason="Le fichier du ministère n’est pas à côté du dépôt.")
def test_the_real_file_and_the_siret_of_the_first_workbook(db):
    from openpyxl import load_workbook

    call_command("charger_referentiel", stdout=StringIO())
    sortie = importer(MINISTERE, "--ecrire")
    assert "294 lignes lues, 294 rapprochées" in sortie
    assert "Inconnus" not in sortie
    assert "Ambigus" not in sortie
    assert Tribunal.objects.get(code="tj-metz").siret == "17570111900059"
    assert Tribunal.objects.get(code="tprx-louviers").siret != "17760111900163"  # that of Les Andelys, closed
    call_command("charger_referentiel", stdout=StringIO())
    assert Tribunal.objects.get(code="tj-metz").telephone  # loading again keeps what was imported
    classeur = load_workbook(CLASSEUR)
    titres, ligne = list(classeur.active.iter_rows(values_only=True))[:2]
    classeur.close()
    siret = dict(zip(titres, ligne, strict=True))["tribunal_siret"]
    assert [t.code for t in reconnaitre("", siret)] == ["tj-paris"]
