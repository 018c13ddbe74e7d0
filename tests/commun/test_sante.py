"""Health: the process, the database, and plain French pages when something is wrong."""

import pytest
from django.db import OperationalError, connections
from django.test import Client


@pytest.mark.django_db
def test_both_answer(client):
    assert client.get("/sante/").json() == {"etat": "ok"}
    assert client.get("/sante/pret/").status_code == 200


@pytest.fixture
def base_absente(db):
    def refuser(*args, **kwargs):
        raise OperationalError("connexion refusée à mot-de-passe-secret")

    with pytest.MonkeyPatch.context() as remplacement:  # undone before the database fixture tidies up
        remplacement.setattr(connections["default"], "cursor", refuser)
        yield


def test_not_ready_without_its_database(client, base_absente):
    assert client.get("/sante/").status_code == 200
    assert client.get("/sante/pret/").status_code == 503


def test_503_page_in_french_while_the_database_is_away(base_absente):
    navigateur = Client(raise_request_exception=False)
    navigateur.cookies["sessionid"] = "x" * 32
    reponse = navigateur.get("/recherche/")
    assert reponse.status_code == 503
    assert reponse["Retry-After"] == "10"
    assert "secret" not in reponse.content.decode()
