"""Addresses proposed while one is typed: chosen without script, never asked by a GET, never in the way."""

import re
from html import unescape

import pytest
from django.core.cache import cache

from emjpm.geographie import geocodage
from emjpm.geographie.geocodage import Adresse
from mandataires.models import Lieu
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
FORMULAIRE = "/mes-informations/modifier/"


@pytest.fixture
def client(troupe):
    return troupe.clients["mandataire"]


@pytest.fixture
def demandes(settings, monkeypatch):
    """What the geocoder was asked; it knows two streets. `demandes.reponse = None`: it is away."""
    settings.GEOCODEUR_ACTIF = True
    cache.clear()

    class Demandes(list):
        reponse = [
            Adresse("12 Rue des Exemples", "57100", "Thionville", "57672"),
            Adresse("12 Rue des Exemples", "57000", "Metz", "57463"),
        ]

    liste = Demandes()

    def proposer(texte):
        liste.append(texte)
        return liste.reponse

    monkeypatch.setattr(geocodage, "proposer", proposer)
    return liste


def donnees(client, url=FORMULAIRE, **autres) -> dict:
    form = client.get(url).context["form"]
    valeurs = {nom: form[nom].value() for nom in form.fields}
    return {nom: "" if v is None else v for nom, v in valeurs.items() if v is not False} | autres


def test_addresses_are_proposed_then_chosen_and_nothing_typed_is_lost(troupe, client, demandes):
    factories.commune("Thionville")
    # Without script one comes back to the list, not to the top of the page.
    bouton = 'value="adresses" formaction="#adresses" formnovalidate>Proposer des adresses'
    assert bouton in client.get(FORMULAIRE).content.decode()
    assert demandes == []
    saisie = donnees(client, adresse="12 rue  des exemple", code_postal="57100", complement="bât. B", capacite="77")
    page = client.post(FORMULAIRE, saisie | {"acte": "adresses"})
    assert demandes == ["12 rue des exemple 57100"]
    html = page.content.decode()
    assert "2 adresses proposées" in html
    valeurs = [unescape(v) for v in re.findall(r'name="adresse_proposee" value="([^"]+)"', html)]
    assert valeurs == ["12 Rue des Exemples|57100|57672", "12 Rue des Exemples|57000|57463"]
    form = client.post(FORMULAIRE, saisie | {"adresse_proposee": valeurs[0]}).context["form"]
    lues = {nom: form[nom].value() for nom in ("adresse", "complement", "code_postal", "commune", "capacite")}
    assert lues == {
        "adresse": "12 Rue des Exemples",
        "complement": "bât. B",
        "code_postal": "57100",
        "commune": "57672",
        "capacite": "77",
    }
    assert form.errors == {}
    lieu = Lieu.objects.get(mandataire=troupe.mandataire)
    assert (lieu.commune.nom, lieu.adresse) != ("Thionville", "12 Rue des Exemples")


@pytest.mark.parametrize(
    ("saisie", "reponse", "dit", "demandees"),
    [
        ("12", [], "Écrivez d’abord le numéro et la voie.", 0),
        ("12 rue introuvable", [], "Aucune adresse ne ressemble à celle-ci.", 1),
        ("12 rue des Exemples", None, "La base des adresses ne répond pas.", 1),
    ],
)
def test_nothing_to_choose_is_said(client, demandes, saisie, reponse, dit, demandees):
    demandes.reponse = reponse
    page = client.post(FORMULAIRE, donnees(client, adresse=saisie, acte="adresses"))
    assert dit in page.content.decode()
    assert page.context["form"]["adresse"].value() == saisie
    assert len(demandes) == demandees


def test_off_nothing_is_offered_nor_asked(client, monkeypatch):
    monkeypatch.setattr(geocodage, "_service", lambda: pytest.fail("the geocoder is off"))
    assert "Proposer des adresses" not in client.get(FORMULAIRE).content.decode()
    assert geocodage.proposer("12 rue des Exemples") is None
    page = client.post(FORMULAIRE, donnees(client, adresse="12 rue des Exemples", acte="adresses"))
    assert page.context["form"]["adresse"].value() == "12 rue des Exemples"


@pytest.mark.parametrize("choisie", ["", "|", "a|b|c|d", "12 rue|99999|57463", "x" * 5000])
def test_a_made_up_choice_is_only_typed_for_you(client, demandes, choisie):
    page = client.post(FORMULAIRE, donnees(client, adresse="1 rue Réelle", adresse_proposee=choisie))
    assert page.status_code == 200
    assert page.context["form"]["adresse"].value() == choisie.split("|")[0]


def test_so_many_a_minute(client, demandes, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "adresses": "2/m/user"}
    saisie = donnees(client, adresse="12 rue des Exemples", acte="adresses")
    pages = [client.post(FORMULAIRE, saisie).content.decode() for _ in range(3)]
    assert ["Trop de demandes" in page for page in pages] == [False, False, True]
    assert len(demandes) == 2


def test_for_an_antenne_too(troupe, demandes):
    client, url = troupe.clients["service"], "/mes-informations/antennes/ajouter/"
    saisie = donnees(client, url, nom="Antenne nord", adresse="12 rue des Exemples", capacite="30")
    assert "2 adresses proposées" in client.post(url, saisie | {"acte": "adresses"}).content.decode()
    form = client.post(url, saisie | {"adresse_proposee": "12 Rue des Exemples|57000|57463"}).context["form"]
    assert [form[n].value() for n in ("nom", "adresse", "commune", "capacite")] == [
        "Antenne nord", "12 Rue des Exemples", "57463", "30"
    ]  # fmt: skip
