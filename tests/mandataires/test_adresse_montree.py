"""What a mandataire keeps hidden is on no page, in no list, no e-mail of the courts and the agents."""

import pytest
from django.urls import reverse

from mandataires.models import Lieu, Mandataire
from tests.mandataires.test_profil import FORMULAIRE, PAGE, donnees, erreurs, poster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
RUE, VITRINE = "12 rue des Secrets", "3 place de Chambre, 57050 Longeville"


@pytest.fixture
def client(troupe):
    troupe.mandataire.lieux.update(adresse=RUE, nom="")
    return troupe.clients["mandataire"]


def pages_du_tribunal(troupe) -> str:
    m = troupe.mandataire
    adresses = [
        reverse("fiche", args=[m.pk]),
        reverse("recherche"),
        reverse("reserver", args=[m.pk]),
        reverse("mesures_tribunal"),
        reverse("reservation_confirmee", args=[troupe.reservee.pk]),
        reverse("mesure", args=[troupe.reservee.pk]),
    ]
    client, morceaux = troupe.clients["magistrat"], []
    for adresse in adresses:
        reponse = client.get(adresse)
        assert reponse.status_code == 200, adresse
        morceaux.append(reponse.content.decode(errors="replace"))
    morceaux.append(client.post(reverse("recherche_export")).content.decode(errors="replace"))
    morceaux.append(troupe.clients["agent"].get(adresses[0]).content.decode())
    return "\n".join(morceaux)


def test_the_whole_address_is_shown_by_default(troupe, client):
    assert RUE in pages_du_tribunal(troupe)


def test_the_commune_alone(troupe, client):
    poster(client, affichage="commune")
    pages = pages_du_tribunal(troupe)
    assert RUE not in pages
    assert "57000 Metz" in pages
    assert "Les tribunaux lisent la commune seule." in client.get(PAGE).content.decode()


def test_another_address_as_it_was_written(troupe, client):
    assert "adresse_affichee" in erreurs(poster(client, affichage="autre", adresse_affichee=""))
    poster(client, affichage="autre", adresse_affichee=VITRINE)
    pages = pages_du_tribunal(troupe)
    assert RUE not in pages
    assert VITRINE in pages
    lieu = troupe.mandataire.lieux.get()
    assert (lieu.adresse, lieu.adresse_montree) == (RUE, VITRINE)
    poster(client, affichage="adresse")  # what is no longer shown is not kept
    assert troupe.mandataire.lieux.get().adresse_affichee == ""


def test_changing_what_is_shown_moves_nothing_and_calls_nobody(troupe, client, settings, monkeypatch):
    settings.GEOCODEUR_ACTIF = True
    monkeypatch.setattr("emjpm.geographie.geocodage.situer", lambda *a: pytest.fail("appel inutile"))
    Lieu.objects.filter(mandataire=troupe.mandataire).update(latitude=49.1, longitude=6.1, precision="adresse")
    poster(client, affichage="commune")
    assert troupe.mandataire.lieux.get().precision == "adresse"


def test_a_hidden_e_mail_is_read_nor_found_by_the_courts(troupe, client):
    Mandataire.objects.filter(pk=troupe.mandataire.pk).update(courriel="cabinet-secret@exemple.fr")
    assert "cabinet-secret@exemple.fr" in pages_du_tribunal(troupe)
    valeurs = donnees(client)
    del valeurs["partage_courriel"]  # an unticked box is not sent
    client.post(FORMULAIRE, valeurs)
    assert Mandataire.objects.get(pk=troupe.mandataire.pk).courriel_montre == ""
    pages = pages_du_tribunal(troupe)
    assert "cabinet-secret" not in pages
    for texte in ("cabinet-secret@exemple.fr", "cabinet-secret"):
        trouves = troupe.clients["magistrat"].get(reverse("recherche"), {"texte": texte}).content.decode()
        assert "Camille Bellerive</a>" not in trouves
    assert "cabinet-secret@exemple.fr, caché aux tribunaux" in client.get(PAGE).content.decode()


def test_listing_the_communes_keeps_an_unticked_box(troupe, client):
    valeurs = donnees(client) | {"acte": "communes", "code_postal": "57100", "commune": ""}
    del valeurs["partage_courriel"]
    reponse = client.post(FORMULAIRE, valeurs)
    form = reponse.context["form"]
    assert not form["partage_courriel"].value()
    assert form["commune"].value() == "57672"
    assert "est à Thionville" in reponse.content.decode()  # the point follows the commune
    assert troupe.mandataire.lieux.get().commune_id == "57463"  # and nothing is written
