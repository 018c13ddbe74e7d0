"""Stories lived in real browsers, against the demo itself: gunicorn, its own SQLite base, its seeded France."""

import base64
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from . import accessibilite
from .gestes import BREST, SECRET, Compte, aller, classeur, devenir_individuel, importer, nouveau_compte

RACINE = Path(__file__).resolve().parent.parent.parent
MOT_DE_PASSE = "demo-emjpm-2026"
NAVIGATEURS = {
    "chromium": {"commandes": ("chromium", "chromium-browser", "google-chrome"), "args": ["--no-sandbox"]},
    # WebDriver BiDi: the Firefox people have, not a patched build.
    "firefox": {"commandes": ("firefox-esr", "firefox"), "channel": "moz-firefox"},
}


def _premier(config) -> str:
    return (config.getoption("--browser") or ["chromium"])[0]


def pytest_collection_modifyitems(config, items):
    """`une_fois`: left out of the other browsers, rather than skipped there."""
    ailleurs = [
        item
        for item in items
        if item.get_closest_marker("une_fois") and item.callspec.params["browser_name"] != _premier(config)
    ]
    if ailleurs:
        config.hook.pytest_deselected(items=ailleurs)
        items[:] = [item for item in items if item not in ailleurs]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, browser_name):
    choix = dict(NAVIGATEURS[browser_name])
    chemins = [c for c in map(shutil.which, choix.pop("commandes")) if c]
    if not chemins:
        pytest.skip(f"{browser_name} n’est pas installé : apt install {NAVIGATEURS[browser_name]['commandes'][0]}")
    return {**browser_type_launch_args, **choix, "executable_path": chemins[0]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


class Tuiles(ThreadingHTTPServer):
    """A server of tiles of our own: `mode` is « image », « refus », « bord » (the first is refused) or « silence »; `demandes` what was asked."""

    def __init__(self):
        self.mode, self.demandes = "image", []
        super().__init__(("127.0.0.1", 0), _Tuile)

    @property
    def modele(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{{z}}/{{x}}/{{y}}.png"


class _Tuile(BaseHTTPRequestHandler):
    # One grey pixel, stretched by the browser.
    IMAGE = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )

    def do_GET(self):
        self.server.demandes.append(self.path)
        if self.server.mode == "silence":
            time.sleep(6)
        if self.server.mode == "image" or (self.server.mode == "bord" and len(self.server.demandes) > 1):
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(self.IMAGE)
        else:
            self.send_error(503)

    def log_message(self, *args):
        """Silent."""


@pytest.fixture(scope="session")
def tuiles():
    serveur = Tuiles()
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    yield serveur
    serveur.shutdown()
    serveur.server_close()


@pytest.fixture(scope="session")
def environnement(tmp_path_factory, tuiles) -> dict | None:
    """Environment of the demo of this session; None when EMJPM_ADRESSE names one that runs already (`make run`)."""
    if os.environ.get("EMJPM_ADRESSE"):
        return None
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "emjpm.settings.dev",
        "DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.sqlite3'}",
        "URL_SITE": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "FOND_DE_PLAN": tuiles.modele,
        "PYTHONWARNINGS": "default",
    }


@pytest.fixture(scope="session")
def gerer(environnement):
    """`gerer("rappeler")`: what cron or the team runs, on the base of the demo."""

    def lancer(*commande: str) -> None:
        milieu = environnement
        if milieu is None:  # as `make run`: pytest's own key would sign nothing that demo reads
            milieu = {k: v for k, v in os.environ.items() if k != "SECRET_KEY"}
            milieu |= {"DJANGO_SETTINGS_MODULE": "emjpm.settings.dev", "URL_SITE": os.environ["EMJPM_ADRESSE"]}
        subprocess.run(
            [sys.executable, "manage.py", *commande], cwd=RACINE, env=milieu, check=True, stdout=subprocess.DEVNULL
        )

    return lancer


@pytest.fixture(scope="session")
def serveur(environnement, gerer, tmp_path_factory):
    """Address of a running demo, seeded smaller than `make run` (same code, same accounts).

    EMJPM_ADRESSE names one that runs already: handy while writing a story.
    """
    if environnement is None:
        yield os.environ["EMJPM_ADRESSE"]
        return
    for commande in (
        ["migrate", "-v0"],
        ["createcachetable"],
        ["charger_referentiel"],
        ["peupler_demo", "--mandataires", "150", "--mesures", "4000"],
    ):
        gerer(*commande)
    dossier = tmp_path_factory.mktemp("journal")
    journal = (dossier / "journal").open("w+")
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "emjpm/gunicorn_conf.py", "emjpm.wsgi:application"]
    processus = subprocess.Popen(gunicorn, cwd=RACINE, env=environnement, stdout=journal, stderr=journal)
    adresse = environnement["URL_SITE"]
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{adresse}/sante/pret/", timeout=2)
                break
            except OSError:
                if processus.poll() is not None:
                    raise RuntimeError((dossier / "journal").read_text()[-2000:]) from None
                time.sleep(0.25)
        yield adresse
    finally:
        processus.terminate()
        processus.wait(20)
        journal.close()
    texte = (dossier / "journal").read_text()
    assert "Traceback" not in texte, texte[-3000:]
    assert " ERROR " not in texte, texte[-3000:]


@pytest.fixture(scope="session")
def base_url(serveur):
    """pytest-playwright resolves relative addresses against it."""
    return serveur


class Personne:
    """Someone at a browser of their own."""

    def __init__(self, browser, adresse: str, **contexte):
        self.contexte = browser.new_context(
            base_url=adresse, locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900},
            **contexte,
        )  # fmt: skip
        self.contexte.set_default_timeout(15_000)
        self.page = self.contexte.new_page()
        self.ennuis: list[str] = []
        self.page.on("console", lambda m: self.ennuis.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.ennuis.append(str(e)))

    def va(self, chemin: str):
        return aller(self.page, chemin)

    def se_connecte(self, compte: str, mot_de_passe: str = MOT_DE_PASSE):
        adresse = compte if "@" in compte else f"{compte}@exemple.fr"
        self.va("/connexion/")
        self.page.fill("main input[name=login]", adresse)
        self.page.fill("main input[name=password]", mot_de_passe)
        with self.page.expect_navigation():
            self.page.click("main form:has(input[name=password]) button[type=submit]")
        return self.page


@contextlib.contextmanager
def _des_gens(browser, serveur: str):
    """`ouvrir()` opens a fresh browser context; all are closed at the end, and must have met no console error."""
    gens: list[Personne] = []

    def ouvrir(**contexte) -> Personne:
        gens.append(Personne(browser, serveur, **contexte))
        return gens[-1]

    yield ouvrir
    for quelquun in gens:
        quelquun.contexte.close()
    # A font or an answer of htmx cut short by leaving the page is no fault of the page.
    passes = ("403", "404", "410", "download failed", "htmx:sendAbort", "htmx:afterRequest")
    ennuis = [e for quelquun in gens for e in quelquun.ennuis if not any(mot in e for mot in passes)]
    assert not ennuis, ennuis


@pytest.fixture
def personne(browser, serveur):
    """`personne()`: somebody at a browser of their own, for one story."""
    with _des_gens(browser, serveur) as ouvrir:
        yield ouvrir


@pytest.fixture(scope="session")
def personne_durable(browser, serveur):
    """The same, for somebody several files of stories meet in one browser."""
    with _des_gens(browser, serveur) as ouvrir:
        yield ouvrir


@pytest.fixture(scope="session")
def bureau(personne_durable):
    """The page of somebody of the team, signed in."""
    return personne_durable().se_connecte("support")


@pytest.fixture(scope="session")
def nadine(personne_durable, bureau) -> tuple[Compte, dict]:
    """Nadine registers, is validated, wishes 80 mesures and imports 60. Her account and her open session.

    She works far from the demo's court: the results of its stories do not move.
    """
    compte = nouveau_compte("Nadine")
    elle = personne_durable()
    devenir_individuel(elle.page, bureau, compte, "Nadine", "80")
    page = elle.se_connecte(compte.adresse, SECRET)
    importer(page, classeur(60, lieu=BREST), 60)
    return compte, elle.contexte.storage_state()


@pytest.fixture
def chez_nadine(personne, nadine):
    """`chez_nadine()`: a browser where she is signed in."""
    return lambda **contexte: personne(storage_state=nadine[1], **contexte)


@pytest.fixture
def regard(browser_name, request):
    """`regard(page, "ce que c’est")`: axe, and the width of a telephone; told at the end of the story.

    In the first browser of the run only, axe on a screen alone: a state differs little from the page it is a state of.
    """
    fautes: list[str] = []

    def regarder(page, quoi: str) -> None:
        if browser_name == _premier(request.config):
            fautes.extend(accessibilite.fautes(page, quoi, (accessibilite.ECRAN,)))

    yield regarder
    assert not fautes, "\n".join(fautes)
