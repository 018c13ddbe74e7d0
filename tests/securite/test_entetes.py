"""The headers that tell browsers what to refuse: on every page, every redirection, every error."""

import pytest
from django.db import OperationalError, connections
from django.test import Client
from django.urls import NoReverseMatch, reverse

from emjpm.settings import base
from tests.test_acces import MANDATAIRE, MESURES, PAGES, PUBLIQUES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _comme_en_production(settings):
    for nom in dir(base):
        if nom.startswith(("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_")):
            setattr(settings, nom, getattr(base, nom))


def exiger(reponse, quoi=""):
    entetes = reponse.headers
    politique = entetes["Content-Security-Policy"]
    for directive in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in politique, quoi
    assert "form-action 'self'" in politique
    assert "unsafe" not in politique
    assert entetes["X-Content-Type-Options"] == "nosniff", quoi
    assert entetes["Referrer-Policy"] == "same-origin", quoi
    assert entetes["Cross-Origin-Opener-Policy"] == "same-origin", quoi
    assert entetes["X-Frame-Options"] == "DENY", quoi
    for droit in ("camera=()", "geolocation=()", "microphone=()"):
        assert droit in entetes["Permissions-Policy"], quoi
    if reponse.wsgi_request.is_secure():
        assert entetes["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload", quoi
    for temoin in reponse.cookies.values():
        if not temoin.value:
            continue  # taken back
        assert temoin["secure"], quoi
        assert temoin["httponly"], quoi
        assert temoin["samesite"] == "Lax", quoi


def test_every_page_of_everybody(troupe):
    adresses = ["/admin/", "/admin/inscriptions/demandeinscription/", "/jamais-vue/"]
    for nom in sorted(PUBLIQUES | set(PAGES)):
        try:
            adresses.append(reverse(nom))
        except NoReverseMatch:
            continue
    adresses += [reverse(nom, args=[troupe.mesure.pk]) for nom in MESURES]
    adresses += [reverse(nom, args=[troupe.mandataire.pk]) for nom in MANDATAIRE]
    vus = set()
    for acteur in ("mandataire", "magistrat", "agent", "support", None):
        client = troupe.clients[acteur] if acteur else Client()
        for adresse in adresses:
            if acteur and "deconnexion" in adresse:
                continue
            reponse = client.get(adresse, secure=True)
            exiger(reponse, (acteur, adresse))
            vus.add(reponse.status_code)
    assert vus >= {200, 302, 403, 404}


def test_static_files(client):
    reponse = client.get("/static/css/page.css", secure=True)
    assert b"".join(reponse.streaming_content)
    reponse.close()
    exiger(reponse)


def test_plain_http_is_sent_to_https(client):
    reponse = client.get("/connexion/")
    assert (reponse.status_code, reponse["Location"]) == (301, "https://testserver/connexion/")
    exiger(reponse)


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize("hote", ["pirate.example", "a b", "testserver:abc"])
def test_unknown_host(settings, hote, secure):
    settings.ALLOWED_HOSTS = ["testserver"]
    reponse = Client().get("/connexion/", headers={"host": hote}, secure=secure)
    assert reponse.status_code == 400
    assert "pirate" not in reponse.content.decode()
    exiger(reponse)


def test_refused_requests(troupe, settings):
    support = troupe.clients["support"]
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    trop = support.post("/contact/", {f"c{n}": "x" for n in range(9)}, secure=True)
    assert trop.status_code == 400
    exiger(trop)
    sans_jeton = Client(enforce_csrf_checks=True).post("/connexion/", {"login": "a"}, secure=True)
    assert sans_jeton.status_code == 403
    exiger(sans_jeton)
    methode = troupe.clients["mandataire"].put("/mesures/creer/", secure=True)
    assert methode.status_code == 405
    exiger(methode)


def test_too_many_tries(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client()
    for _ in range(3):
        reponse = client.post("/connexion/", {"login": "a@exemple.fr", "password": "x"}, secure=True)
    assert reponse.status_code == 429
    exiger(reponse)


def test_error_of_ours(monkeypatch):
    def tomber():
        raise RuntimeError("valeur secrète")

    monkeypatch.setattr("emjpm.support.views.parcours", tomber)
    reponse = Client(raise_request_exception=False).get("/pas-a-pas/", secure=True)
    assert reponse.status_code == 500
    assert "secrète" not in reponse.content.decode()
    exiger(reponse)


@pytest.mark.parametrize("adresse", ["/recherche/", "/sante/pret/", "/admin/"])
def test_the_base_is_away(adresse):
    def refuser(*args, **kwargs):
        raise OperationalError("connexion refusée")

    navigateur = Client(raise_request_exception=False)
    navigateur.cookies["sessionid"] = "x" * 32
    with pytest.MonkeyPatch.context() as remplacement:
        remplacement.setattr(connections["default"], "cursor", refuser)
        reponse = navigateur.get(adresse, secure=True)
    assert reponse.status_code == 503
    exiger(reponse)
