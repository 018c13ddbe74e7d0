"""What people type never reaches the logs, whatever happens to it: accepted, refused, or the cause of an error."""

import io
import logging

import pytest
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from emjpm.commun.journalisation import SansDonnees
from mesures.models import Mesure
from tests.comptes.test_connexion import connecter
from tests.inscriptions.test_inscrire import _lieux, donnees  # noqa: F401 (a fixture)
from tests.mesures.import_excel.fabrique import rangee, xlsx

pytestmark = pytest.mark.django_db
CANARIS = ("canari", "99Z77777", "serin")


@pytest.fixture
def journaux(monkeypatch):
    """Everything the handlers of production would write while the test runs."""
    sortie = io.StringIO()
    sorties = {
        gestion
        for nom in ("", "django.server", "django.request")
        for gestion in logging.getLogger(nom).handlers
        if any(isinstance(f, SansDonnees) for f in gestion.filters)
    }
    assert sorties, "the handlers of base.LOGGING are not in place"
    for gestion in sorties:
        monkeypatch.setattr(gestion, "stream", sortie)
    return sortie


def muet(journaux) -> str:
    texte = journaux.getvalue()
    for canari in CANARIS:
        assert canari.lower() not in texte.lower(), texte
    return texte


def test_accounts(journaux, client):
    envoi = donnees(email="canari@exemple.fr", nom="Canarie", password1="serin de passe 2026", adresse="1 rue Canari")
    client.post("/inscription/individuel/", envoi)
    client.post("/inscription/individuel/", envoi)
    client.post("/inscription/individuel/", envoi | {"siret": "canari"})
    connecter(client, "canari@exemple.fr", "serin de passe 2026")
    for _ in range(7):
        connecter(client, "canari@exemple.fr", "faux serin")
    client.post("/mot-de-passe/oublie/", {"email": "canari@exemple.fr"})
    client.post("/mot-de-passe/oublie/", {"email": "canari"})
    client.get("/mot-de-passe/nouveau/canari-serin/", follow=True)
    client.get("/inscription/confirmer/canari:serin/")
    envoi = {"sujet": "question", "courriel": "canari@exemple.fr", "message": "le serin"}
    assert client.post("/contact/", envoi).status_code == 302
    muet(journaux)


def test_mesures(journaux, troupe):
    faits = {
        "nature": "tutelle",
        "date_jugement": "2026-01-10",
        "tribunal": troupe.metz.pk,
        "numero_rg": "99Z77777",
        "numero_dossier": "canari-1",
        "cabinet": "serin",
        "civilite": "madame",
        "lieu_vie": "sdf",
    }
    mandataire, juge = troupe.clients["mandataire"], troupe.clients["magistrat"]
    assert mandataire.post("/mesures/creer/", faits).status_code == 302
    mandataire.post("/mesures/creer/", faits | {"date_jugement": "canari"})
    mandataire.get("/mesures/en-cours/", {"q": "canari 99Z77777"})
    reservation = {"numero_rg": "99Z77777", "message": "canari", "civilite": "madame", "annee_naissance": "serin"}
    juge.post(f"/mandataires/{troupe.mandataire.pk}/reserver/", reservation)
    juge.get("/recherche/", {"lieu": "canari", "texte": "serin", "rg": "99Z77777"})
    juge.post(f"/mesures/{troupe.reservee.pk}/annuler/", {"raison": "Mme Canari"})
    for octets in (xlsx([rangee(1, ville="CANARI", numero_rg="99Z77777")]), b"canari;serin\n" * 5, b"PK\x03\x04canari"):
        troupe.clients["prepose"].post("/importer/", {"classeur": SimpleUploadedFile("canari.xlsx", octets)})
    assert Mesure.objects.filter(numero_rg="99Z77777").exists()
    muet(journaux)


@pytest.mark.parametrize(
    ("erreur", "code"),
    [
        (IntegrityError("duplicate key (numero_rg)=(99Z77777) canari"), 500),
        (ValueError("invalid literal: 'canari'"), 500),
        (SuspiciousOperation("canari"), 400),
        (PermissionError("/home/canari"), 500),
    ],
)
def test_errors(journaux, monkeypatch, troupe, erreur, code):
    def tomber(*args, **kwargs):
        saisie = "canari serin"  # noqa: F841 (a local that a talkative traceback would show)
        raise erreur from RuntimeError("serin")

    monkeypatch.setattr("emjpm.support.views.parcours", tomber)
    navigateur = Client(raise_request_exception=False)
    reponse = navigateur.get("/pas-a-pas/?q=99Z77777", headers={"User-Agent": "canari", "Referer": "https://canari/"})
    assert reponse.status_code == code
    assert "canari" not in reponse.content.decode()
    texte = muet(journaux)
    if code == 500:
        assert type(erreur).__name__ in texte  # still enough to mend it
        assert "views.py" in texte


def test_refusals(journaux, troupe, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert Client().get("/canari/?q=serin", headers={"host": "canari.example"}).status_code == 400
    jeton = Client(enforce_csrf_checks=True)
    jeton.cookies["csrftoken"] = "canari"
    origine = {"Origin": "https://canari.example", "Referer": "https://canari.example/serin"}
    assert jeton.post("/connexion/", {"login": "canari@exemple.fr"}, headers=origine).status_code == 403
    assert troupe.clients["mandataire"].get("/recherche/?lieu=canari").status_code == 403
    assert troupe.clients["mandataire"].get("/canari-serin/").status_code == 404
    assert troupe.clients["support"].get("/admin/comptes/utilisateur/?password__contains=canari").status_code == 400
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    assert Client().post("/contact/", {"message": "canari", "courriel": "serin"}).status_code == 400
    muet(journaux)
