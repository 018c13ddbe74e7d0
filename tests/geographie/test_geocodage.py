"""The geocoder may be late, away, mad or off: the place then stands at its commune's point."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeocoderTimedOut
from geopy.geocoders import BANFrance

from emjpm.geographie import geocodage
from tests import factories


def reponse(latitude=49.1202, longitude=6.1751, score=0.93):
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
                "properties": {"label": "12 Rue des Exemples 57000 Metz", "score": score, "postcode": "57000"},
            }
        ],
    }


def faux(contenu, appels=None):
    """A geocoder that answers `contenu` (raised when it is an exception), without a socket."""

    class Adaptateur(BaseSyncAdapter):
        def __init__(self, *, proxies, ssl_context):
            super().__init__(proxies=proxies, ssl_context=ssl_context)

        def get_json(self, url, *, timeout, headers):
            if appels is not None:
                appels.append((url, timeout))
            if isinstance(contenu, Exception):
                raise contenu
            return contenu

        def get_text(self, url, *, timeout, headers):
            return json.dumps(self.get_json(url, timeout=timeout, headers=headers))

    return BANFrance(adapter_factory=Adaptateur, domain="data.geopf.fr/geocodage", timeout=3)


@pytest.fixture
def metz(db, settings):
    settings.GEOCODEUR_ACTIF = True
    return factories.commune("Metz")


def situer(metz, geocodeur):
    return geocodage.situer("12 rue des Exemples", "57000", metz, geocodeur=geocodeur)


def test_a_good_answer_is_the_address(metz):
    appels = []
    assert situer(metz, faux(reponse(), appels)) == geocodage.Position(49.1202, 6.1751, "adresse")
    assert len(appels) == 1
    assert appels[0][0].startswith("https://data.geopf.fr/geocodage/search")
    assert "57000" in appels[0][0]


@pytest.mark.parametrize(
    "contenu",
    [
        reponse(score=0.3),
        reponse(score=float("nan")),
        reponse(latitude=0.0, longitude=0.0),
        reponse(latitude=48.85, longitude=2.35),
        reponse(latitude=float("nan")),
        {"features": []},
        {},
        [],
        {"features": [{"geometry": None, "properties": {}}]},
        {"features": [{"geometry": {"coordinates": ["x", "y"]}, "properties": {"score": 1, "label": "x"}}]},
        TimeoutError("trop long"),
        ValueError("pas du JSON"),
        ConnectionRefusedError(),
    ],
)
def test_anything_else_is_the_communes_point(metz, contenu):
    assert situer(metz, faux(contenu)) == geocodage.point_de_la_commune(metz)


def test_off_nobody_is_called(metz, settings):
    settings.GEOCODEUR_ACTIF = False
    appels = []
    assert situer(metz, faux(reponse(), appels)).precision == "commune"
    assert appels == []


def test_without_a_street_nobody_is_called(metz):
    appels = []
    assert geocodage.situer("  ", "57000", metz, geocodeur=faux(reponse(), appels)).precision == "commune"
    assert appels == []


@pytest.fixture
def serveur():
    """A local server that does what `serveur.acte` says."""

    class Poignee(BaseHTTPRequestHandler):
        def do_GET(self):
            acte = self.server.acte
            if acte == "lent":
                time.sleep(1.5)
            corps = b"<html>" if acte == "html" else json.dumps(reponse()).encode()
            try:
                self.send_response(500 if acte == "500" else 200)
                self.send_header("Content-Length", str(len(corps)))
                self.end_headers()
                self.wfile.write(corps)
            except OSError:
                pass  # the client is gone

        def log_message(self, *args):
            pass

    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Poignee)
    serveur.daemon_threads = True
    fil = threading.Thread(target=serveur.serve_forever, daemon=True)
    fil.start()
    yield serveur
    serveur.shutdown()
    serveur.server_close()
    fil.join()


@pytest.mark.parametrize(
    ("acte", "precision"), [("bon", "adresse"), ("500", "commune"), ("html", "commune"), ("lent", "commune")]
)
def test_over_a_real_socket(metz, serveur, acte, precision):
    serveur.acte = acte
    geocodeur = BANFrance(domain=f"127.0.0.1:{serveur.server_port}", scheme="http", timeout=0.5, proxies={})
    debut = time.monotonic()
    assert situer(metz, geocodeur).precision == precision
    assert time.monotonic() - debut < 1.4


def proposee(genre="housenumber", **autres) -> dict:
    faits = {"name": "12 Rue des Exemples", "postcode": "57000", "city": "Metz", "citycode": "57463", "type": genre}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [6.1, 49.1]},
        "properties": {"label": "12 Rue des Exemples 57000 Metz", "score": 0.9, **faits, **autres},
    }


def test_addresses_are_proposed_whole_towns_are_not(settings):
    settings.GEOCODEUR_ACTIF = True
    appels = []
    service = faux(
        {"features": [proposee(), proposee("municipality"), proposee("street", name="Rue des Exemples")]}, appels
    )
    trouvees = geocodage.proposer("12 rue des exempl 57000", geocodeur=service)
    assert [str(a) for a in trouvees] == ["12 Rue des Exemples, 57000 Metz", "Rue des Exemples, 57000 Metz"]
    assert trouvees[0].insee == "57463"
    assert "limit=5" in appels[0][0]
    assert geocodage.proposer("zzz", geocodeur=faux({"features": []})) == []


@pytest.mark.parametrize(
    "contenu",
    [
        GeocoderTimedOut("trop long"),
        OSError("coupé"),
        {"features": [{"type": "Feature"}]},
        {"features": [{**proposee(), "properties": {"label": "?", "type": "street"}}]},
    ],
)
def test_a_geocoder_that_fails_proposes_nothing(settings, contenu, caplog):
    settings.GEOCODEUR_ACTIF = True
    assert geocodage.proposer("12 rue des Exemples", geocodeur=faux(contenu)) is None
    assert "12 rue" not in caplog.text
