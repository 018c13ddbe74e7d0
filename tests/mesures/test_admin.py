"""Support finds a mesure by its number or its mandataire, reads it, and can neither write nor delete it here."""

from datetime import date

import pytest

from mesures.models import Evolution
from tests.factories import MesureFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("requete", ["rg 21/b/00167", "bellerive", "BELLERIVE camille"[:9]])
def test_recherche(troupe, requete):
    page = troupe.clients["support"].get("/admin/mesures/mesure/", {"q": requete}).content.decode()
    assert "21B00167" in page
    assert "22A00010" not in page


def test_ni_ajout_ni_suppression(troupe):
    client = troupe.clients["support"]
    url = f"/admin/mesures/mesure/{troupe.mesure.pk}"
    assert client.get(f"{url}/change/").status_code == 200
    assert client.post(f"{url}/change/", {"statut": "eteinte"}).status_code == 403
    assert client.post(f"{url}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/mesures/mesure/add/").status_code == 403
    troupe.mesure.refresh_from_db()
    assert troupe.mesure.statut == "en_cours"


def test_meme_cout_avec_plus_de_lignes(troupe, django_assert_max_num_queries):
    MesureFactory.create_batch(25, mandataire=troupe.mandataire)
    with django_assert_max_num_queries(10):
        troupe.clients["support"].get("/admin/mesures/mesure/")


def test_les_imports_se_lisent(troupe):
    troupe.mandataire.imports.create(nombre=71)
    assert "71" in troupe.clients["support"].get("/admin/mesures/importmesures/").content.decode()


def test_l_histoire_d_une_mesure_se_lit_et_ne_s_ecrit_pas(troupe):
    """Support reads what happened, in words, and the resources; corrects nothing."""
    troupe.mesure.ressources_niveau, troupe.mesure.ressources_annee = 12_400, 2025
    troupe.mesure.save()
    evolution = Evolution.objects.create(
        mesure=troupe.mesure, genre="aggravation", date=date(2023, 3, 3), par=troupe.gens["mandataire"],
        changements={"nature": ["curatelle_renforcee", "tutelle"]},
    )  # fmt: skip
    url = f"/admin/mesures/mesure/{troupe.mesure.pk}/change/"
    page = troupe.clients["support"].get(url).content.decode()
    assert "Nature : Curatelle renforcée → Tutelle" in page
    assert "3 mars 2023" in page
    assert "12400" in page
    assert "evolutions-0-DELETE" not in page
    envoi = {"evolutions-TOTAL_FORMS": 1, "evolutions-INITIAL_FORMS": 1, "evolutions-0-id": evolution.pk,
             "evolutions-0-mesure": troupe.mesure.pk, "evolutions-0-DELETE": "on"}  # fmt: skip
    assert troupe.clients["support"].post(url, envoi).status_code == 403
    assert Evolution.objects.filter(pk=evolution.pk).exists()
