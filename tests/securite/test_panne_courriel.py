"""The mail server is away: nobody notices, nothing is lost; the outbox keeps every message."""

import smtplib

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from emjpm.commun.models import Courriel
from emjpm.comptes.models import Utilisateur
from emjpm.inscriptions.models import DemandeInscription
from mesures.models import Mesure
from tests.comptes.test_connexion import connecter
from tests.inscriptions.test_inscrire import SUCCES, _lieux, donnees, texte  # noqa: F401 (a fixture)
from tests.mesures.test_reservation import ouvrir as formulaire
from tests.mesures.test_reservation import url

pytestmark = pytest.mark.django_db


class EnPanne(BaseEmailBackend):
    def open(self):
        raise smtplib.SMTPServerDisconnected("en panne")

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("en panne")


@pytest.fixture(autouse=True)
def _panne(settings, monkeypatch):
    def jamais(*args, **kwargs):
        raise AssertionError("a request spoke to the mail server")

    settings.EMAIL_BACKEND = "tests.securite.test_panne_courriel.EnPanne"
    for nom in ("SMTP", "SMTP_SSL"):
        monkeypatch.setattr(smtplib, nom, jamais)
    monkeypatch.setattr("emjpm.commun.courriels.get_connection", jamais)
    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", jamais)


def gardes(adresse: str) -> int:
    return Courriel.objects.filter(destinataire=adresse, envoye_le=None).count()


def test_signing_up_and_being_validated(client, troupe):
    assert SUCCES in texte(client.post("/inscription/individuel/", donnees(), follow=True))
    personne = Utilisateur.objects.get(email="eglantine.clairvoie@exemple.fr")
    assert gardes(personne.email) == 1
    personne.emailaddress_set.update(verified=True)
    demande = DemandeInscription.objects.get(utilisateur=personne)
    adresse = f"/admin/inscriptions/demandeinscription/{demande.pk}/change/"
    page = texte(troupe.clients["support"].post(adresse, {"_valider": "Valider"}, follow=True))
    assert "Demande validée" in page
    assert gardes(personne.email) == 2


def test_forgotten_password(client, troupe):
    adresse = troupe.gens["mandataire"].email
    reponses = [client.post("/mot-de-passe/oublie/", {"email": a}) for a in (adresse, "inconnue@exemple.fr")]
    assert [(r.status_code, r["Location"]) for r in reponses] == [(302, "/mot-de-passe/oublie/envoye/")] * 2
    assert gardes(adresse) == 1


def test_reserving_and_answering(troupe):
    juge, mandataire = troupe.clients["magistrat"], troupe.clients["mandataire"]
    assert juge.post(url(troupe.mandataire), formulaire(juge, troupe.mandataire)).status_code == 302
    assert gardes(troupe.gens["mandataire"].email) == 1
    mesure = Mesure.objects.get(numero_rg="26B00768")
    reponse = mandataire.post(f"/mesures/{mesure.pk}/decliner/", {"motif": "autre", "precision": "Trop loin"})
    assert reponse.status_code == 302
    assert gardes(troupe.gens["magistrat"].email) == 1


def test_changing_the_password_and_writing_to_the_team(client, troupe, settings):
    adresse = troupe.gens["mandataire"].email
    connecter(client, adresse)
    envoi = {"oldpassword": "mot-de-passe-2026", "password1": "une autre phrase", "password2": "une autre phrase"}
    assert client.post("/mon-compte/mot-de-passe/", envoi).status_code == 302
    assert gardes(adresse) == 1
    envoi = {"sujet": "question", "courriel": "a@exemple.fr", "message": "Bonjour"}
    assert client.post("/contact/", envoi).status_code == 302
    assert gardes(settings.COURRIEL_SUPPORT) == 1
