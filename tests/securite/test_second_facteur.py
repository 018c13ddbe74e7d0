"""The team's second factor, where it is compulsory: from the first sign-in to the admin, and at each sign-in after."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from tests.comptes.test_compte import confirmer
from tests.comptes.test_connexion import connecter, ouverte, texte
from tests.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db
MFA = "/mon-compte/double-authentification/"


@pytest.fixture(autouse=True)
def _obligatoire(settings):
    settings.SECOND_FACTEUR_OBLIGATOIRE = True


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def membre():
    return UtilisateurFactory(equipe=True, email="equipe@exemple.fr")


def inscrire(client) -> str:
    """Follow where the admin leads, password typed again, and enrol; the secret of the application."""
    page = confirmer(client, client.get("/admin/", follow=True))
    secret = page.context["form"].secret
    assert secret in re.sub(r"\s", "", texte(page))
    faux = client.post(f"{MFA}totp/activate/", {"code": "000000"})
    assert faux.status_code == 200
    assert client.get("/admin/").status_code == 302
    assert client.post(f"{MFA}totp/activate/", {"code": code(secret)}).status_code == 302
    return secret


def test_from_the_first_sign_in_to_the_admin(client, membre):
    connecter(client, membre.email)
    for adresse in ("/admin/", "/admin/inscriptions/demandeinscription/", "/admin/login/", "/admin/jsi18n/"):
        assert client.get(adresse)["Location"].startswith(MFA), adresse
        assert client.post(adresse, {})["Location"].startswith(MFA), adresse
    inscrire(client)
    assert Authenticator.objects.filter(user=membre, type="totp").exists()
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/inscriptions/demandeinscription/").status_code == 200


def test_next_sign_in_asks_the_code(client, membre):
    connecter(client, membre.email)
    secret = inscrire(client)
    from django.core.cache import cache

    cache.clear()  # a code serves once; the same half-minute is used here
    autre = Client()
    assert "Second facteur" in texte(connecter(autre, membre.email))
    assert not ouverte(autre)
    assert autre.get("/admin/").status_code == 302
    autre.post(f"{MFA}authenticate/", {"code": "000000"})
    assert not ouverte(autre)
    autre.post(f"{MFA}authenticate/", {"code": code(secret)})
    assert autre.get("/admin/").status_code == 200


def test_without_it_the_admin_closes_again(client, membre):
    connecter(client, membre.email)
    inscrire(client)
    Authenticator.objects.all().delete()
    assert client.get("/admin/")["Location"].startswith(MFA)


def test_nobody_else_is_asked(troupe):
    assert troupe.clients["mandataire"].get("/tableau-de-bord/").status_code == 200
    assert troupe.clients["mandataire"].get("/admin/").status_code in {302, 403}


def test_the_password_is_changed_on_our_page(client, membre):
    connecter(client, membre.email)
    inscrire(client)
    for methode in ("get", "post"):
        reponse = getattr(client, methode)("/admin/password_change/")
        assert (reponse.status_code, reponse["Location"]) == (302, "/mon-compte/mot-de-passe/")
    anonyme = Client().get("/admin/password_change/")
    assert "/connexion/" in anonyme["Location"]
