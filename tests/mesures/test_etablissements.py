"""The mesures of a préposé by establishment: asked where there are several, told apart everywhere, read back."""

import io

import openpyxl
import pytest
from django.urls import reverse

from mesures.import_excel import modele
from mesures.import_excel.analyse import analyser
from mesures.models import Mesure
from tests import factories
from tests.factories import LieuFactory, MesureFactory

from .test_export import EXPORT
from .test_mandat_vues import texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
LISTE = "/mesures/en-cours/"


@pytest.fixture
def prepose(troupe):
    """Colombe Douxruisseau: the establishment of the cast, and another one."""
    troupe.prepose.lieux.update(nom="Centre hospitalier des Exemples")
    troupe.autre = LieuFactory(mandataire=troupe.prepose, nom="EHPAD Les Tilleuls-Fictifs", capacite=15)
    return troupe.prepose


@pytest.fixture
def client(troupe, prepose):
    return troupe.clients["prepose"]


def test_with_one_establishment_nothing_is_asked(troupe):
    client = troupe.clients["prepose"]
    MesureFactory(mandataire=troupe.prepose)
    for page in (client.get("/mesures/creer/"), client.get(LISTE)):
        assert "Établissement d’exercice" not in texte(page)
    assert "Changer d’établissement" not in texte(client.get(LISTE))


def test_a_mesure_is_written_and_read_in_its_establishment(troupe, client, prepose):
    mesure = MesureFactory(mandataire=prepose, tribunal=troupe.metz, version=1)
    page = client.get(reverse("mesure_modifier", args=[mesure.pk]))
    assert "Établissement" in texte(page)
    donnees = {
        nom: champ.value() if (champ := page.context["form"][nom]).value() is not None else ""
        for nom in page.context["form"].fields
        if nom != "prestations"
    }
    suite = client.post(page.request["PATH_INFO"], donnees | {"lieu": troupe.autre.pk}, follow=True)
    assert "Établissement d’exercice : non renseigné → devient EHPAD Les Tilleuls-Fictifs" in texte(suite)
    assert "Établissement d’exercice EHPAD Les Tilleuls-Fictifs" in texte(suite)
    assert Mesure.objects.get(pk=mesure.pk).lieu == troupe.autre


def test_the_list_tells_them_apart_and_moves_them(troupe, client, prepose):
    mesures = MesureFactory.create_batch(3, mandataire=prepose)
    page = texte(client.get(LISTE))
    assert "Changer d’établissement" in page
    assert page.count("Non précisé") == 3 + 1  # the rows, and the filter
    donnees = {"acte": "antenne", "mesure": [mesures[0].pk, mesures[1].pk]}
    assert "Changer d’établissement" in texte(client.post("/mesures/groupe/", donnees))
    donnees = {"acte": "antenne", "faire": "1", "mesures": f"{mesures[0].pk},{mesures[1].pk}"}
    assert "Choisissez l’établissement." in texte(client.post("/mesures/groupe/", donnees))
    faite = client.post("/mesures/groupe/", donnees | {"antenne": troupe.autre.pk}, follow=True)
    assert "2 mesures passent à « EHPAD Les Tilleuls-Fictifs »." in texte(faite)
    assert client.get(f"{LISTE}?antenne={troupe.autre.pk}").context["page"].paginator.count == 2
    triee = texte(client.get(f"{LISTE}?antenne=0&tri=antenne"))
    assert "par établissement, de A à Z" in triee
    assert "Établissement d’exercice : Non précisé" in triee
    lieux = texte(client.get("/mes-informations/etablissements/"))
    assert "EHPAD Les Tilleuls-Fictifs" in lieux
    assert "Non précisé" in lieux


def test_the_file_says_it_and_reads_back(troupe, client, prepose):
    MesureFactory(mandataire=prepose, lieu=troupe.autre, numero_rg="26A00001", nature="tutelle")
    MesureFactory(mandataire=prepose, numero_rg="26A00002", nature="tutelle")
    octets = client.post(EXPORT, {"format": "xlsx"}).content
    titres, *lignes = openpyxl.load_workbook(io.BytesIO(octets)).active.values
    rang = titres.index("Établissement d’exercice")
    assert {ligne[rang] for ligne in lignes} == {"EHPAD Les Tilleuls-Fictifs", None}
    prepose.mesures.all().delete()
    apercu = analyser(octets, prepose)
    assert {li["numero_rg"]: li["lieu"] for li in apercu.pretes} == {"26A00001": troupe.autre.pk, "26A00002": None}
    assert apercu.a_corriger == []


def test_the_model_has_its_column_and_an_unknown_one_is_asked(troupe, prepose):
    livre = openpyxl.load_workbook(io.BytesIO(modele.produire(prepose)))
    titres = [c.value for c in livre["Mesures"][1]]
    assert titres[-1] == "Établissement d’exercice"
    feuille = livre["Mesures"]
    for rang, valeur in enumerate((*modele.EXEMPLES[0], "Clinique des Inventions"), 1):
        feuille.cell(2, rang, valeur)
    feuille.cell(2, titres.index("Numéro RG") + 1, "26A00009")
    sortie = io.BytesIO()
    livre.save(sortie)
    apercu = analyser(sortie.getvalue(), prepose)
    assert [q.enonce for q in apercu.questions] == ["Quel établissement est « Clinique des Inventions » ?"]


def test_a_court_may_say_where(troupe, prepose):
    fiche = troupe.clients["magistrat"].get(reverse("reserver", args=[prepose.pk]))
    # It has 15 places of its own, of the 10 that the préposé wishes in all.
    option = "EHPAD Les Tilleuls-Fictifs, 10 places, tous établissements confondus"
    assert f'<option value="{troupe.autre.pk}">{option}</option>' in fiche.content.decode()
    assert '<option value="" selected>Sans préciser</option>' in fiche.content.decode()
    MesureFactory(mandataire=prepose, en_attente=True, lieu=troupe.autre, tribunal=troupe.metz)
    assert "Établissement d’exercice EHPAD Les Tilleuls-Fictifs" in texte(
        troupe.clients["prepose"].get("/mesures/en-attente/")
    )
    fiche = texte(troupe.clients["magistrat"].get(reverse("fiche", args=[prepose.pk])))
    assert "EHPAD Les Tilleuls-Fictifs" in fiche


def test_the_establishment_of_another_is_refused(troupe, client, prepose):
    mesure = MesureFactory(mandataire=prepose)
    etrangere = LieuFactory(mandataire=factories.MandataireFactory(prepose=True))
    donnees = {"acte": "antenne", "faire": "1", "mesures": str(mesure.pk), "antenne": etrangere.pk}
    assert "Choisissez un établissement de la liste." in texte(client.post("/mesures/groupe/", donnees))
    mesure.refresh_from_db()
    assert mesure.lieu is None
