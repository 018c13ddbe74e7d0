"""The capacity by département: a detail, that never contradicts the one number."""

import pytest
from django.urls import reverse

from emjpm.commun.models import Evenement
from mandataires import services
from mandataires.models import Habilitation, Mandataire
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
PAGE = "/mes-informations/departements/"


@pytest.fixture
def client(troupe):
    Habilitation.objects.create(mandataire=troupe.mandataire, tribunal=factories.tribunal("Nancy"))
    return troupe.clients["mandataire"]


def fiche(troupe) -> str:
    return troupe.clients["magistrat"].get(reverse("fiche", args=[troupe.mandataire.pk])).content.decode()


def test_the_detail_is_told_to_the_courts_and_changes_no_figure(troupe, client):
    assert "Détailler par département" in client.get("/mes-informations/").content.decode()
    assert list(client.get(PAGE).context["form"].fields) == ["departement_54", "departement_57"]
    texte = client.post(PAGE, {"departement_57": "8", "departement_54": "5"}, follow=True).content.decode()
    assert "10, dont au plus 5 en Meurthe-et-Moselle, 8 en Moselle" in texte
    assert "Par département : au plus 5 en Meurthe-et-Moselle, 8 en Moselle." in fiche(troupe)
    assert Mandataire.objects.get(pk=troupe.mandataire.pk).capacite == 10
    assert "10 reste la limite" in client.get(PAGE).content.decode()  # 13 told, 10 wished
    ligne = Evenement.objects.sur(troupe.mandataire).get(acte="mandataire.capacite_departements")
    assert ligne.changements == {"54": [None, 5], "57": [None, 8]}
    assert (
        "Rien n’a changé."
        in client.post(PAGE, {"departement_57": "8", "departement_54": "5"}, follow=True).content.decode()
    )
    client.post(PAGE, {"departement_57": "", "departement_54": "5"})
    assert [c.departement_id for c in troupe.mandataire.capacites.all()] == ["54"]


@pytest.mark.parametrize(("valeur", "mots"), [("11", "plus que les 10"), ("-1", "de 0 à 10 000"), ("dix", "entier")])
def test_a_wrong_number_is_said_beside_its_field_and_kept(troupe, client, valeur, mots):
    reponse = client.post(PAGE, {"departement_57": valeur, "departement_54": "3"})
    assert mots in reponse.context["form"].errors["departement_57"][0]
    assert f'value="{valeur}"' in reponse.content.decode()
    assert not troupe.mandataire.capacites.exists()


def test_a_lower_whole_brings_the_detail_back(troupe, client):
    client.post(PAGE, {"departement_57": "8"})
    Mandataire.objects.filter(pk=troupe.mandataire.pk).update(capacite=4)
    assert "au plus 4 en Moselle" in fiche(troupe)


def test_somebody_else_s_departement_is_not_written(troupe, client):
    client.post(PAGE, {"departement_75": "3", "departement_57": "2"})
    assert [c.departement_id for c in troupe.mandataire.capacites.all()] == ["57"]


def test_without_the_one_number_the_page_leads_to_it(troupe, client):
    Mandataire.objects.filter(pk=troupe.mandataire.pk).update(capacite=None)
    assert "/mes-informations/modifier/#id_capacite" in client.get(PAGE).content.decode()
    client.post(PAGE, {"departement_57": "2"})
    assert not troupe.mandataire.capacites.exists()


def test_a_detail_left_behind_by_the_team_may_be_erased(troupe, client):
    """A court taken out in the admin leaves its département in the detail: the courts read it, the form offers it."""
    services.detailler_capacite(mandataire=troupe.mandataire, par=troupe.gens["mandataire"], capacites={"54": 5})
    Habilitation.objects.filter(tribunal__ville="Nancy").delete()
    assert list(client.get(PAGE).context["form"].fields) == ["departement_54", "departement_57"]
    client.post(PAGE, {"departement_54": "", "departement_57": ""})
    assert not troupe.mandataire.capacites.exists()
