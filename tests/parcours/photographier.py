"""`make images`: pictures of the demo for « Pas à pas » and the README, in WebP.

Runs its own small demo; needs chromium. The pages are the real ones: run it again when they change.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

RACINE = Path(__file__).resolve().parent.parent.parent
MOT_DE_PASSE = "demo-emjpm-2026"

# file → (account, address, height in px or the part of the page to show)
# An empty address: the page the account lands on. « premier:/page/:Lien »: the first such link of that page.
PAS_A_PAS = {
    "inscription": (None, "/inscription/individuel/", 900),
    "inscription-tribunal": (None, "/inscription/magistrat/", 900),
    "inscription-agent": (None, "/inscription/", 800),
    "attente": ("attente", "", 700),
    "mes-informations": ("nouveau", "/mes-informations/modifier/", 900),
    "importer": ("nouveau", "/importer/", 900),
    "mesures-en-attente": ("mandataire", "/mesures/en-attente/", 800),
    "mesures-en-cours": ("mandataire", "/mesures/en-cours/", 800),
    "recherche": ("magistrat", "/recherche/", 900),
    "fiche": ("magistrat", "premier:/recherche/:Voir la fiche", 900),
    "reserver": ("magistrat", "premier:/recherche/:Réserver", 900),
    "mesures-tribunal": ("magistrat", "/mesures/", 900),
    "pilotage": ("agent", "/pilotage/", 900),
    "pilotage-carte": ("agent", "/pilotage/", ".em-carte-tableau"),
    "support-demandes": ("support", "/admin/inscriptions/demandeinscription/", 700),
    "support-demande": ("support", "premier:/admin/inscriptions/demandeinscription/:", 800),
    "support-journal": ("support", "/admin/commun/evenement/", 600),
}
README = {
    "recherche": ("magistrat", "/recherche/", 900),
    "tableau-de-bord": ("mandataire", "/tableau-de-bord/", 900),
    "pilotage": ("agent", "/pilotage/", 1100),
}


def demarrer(dossier: str):
    """A demo on its own base; returns (process, address)."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    environnement = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "emjpm.settings.dev",
        "DATABASE_URL": f"sqlite:///{dossier}/demo.sqlite3",
        "PORT": str(port),
    }
    subprocess.run([sys.executable, "manage.py", "preparer_demo"], cwd=RACINE, env=environnement, check=True)
    processus = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "emjpm/gunicorn_conf.py", "emjpm.wsgi:application"],
        cwd=RACINE,
        env=environnement,
    )
    adresse = f"http://127.0.0.1:{port}"
    for _ in range(60):
        try:
            urllib.request.urlopen(f"{adresse}/sante/pret/", timeout=2)
            break
        except OSError:
            time.sleep(0.5)
    return processus, adresse


def prendre(navigateur, adresse: str, images: dict, vers: Path) -> None:
    vers.mkdir(parents=True, exist_ok=True)
    pages = {}
    for nom, (compte, chemin, hauteur) in images.items():
        if compte not in pages:
            contexte = navigateur.new_context(base_url=adresse, locale="fr-FR", viewport={"width": 1280, "height": 900})
            pages[compte] = contexte.new_page()
            if compte:
                page = pages[compte]
                page.goto("/connexion/")
                page.fill("main input[name=login]", f"{compte}@exemple.fr")
                page.fill("main input[name=password]", MOT_DE_PASSE)
                page.click("main form:has(input[name=password]) button[type=submit]")
        page = pages[compte]
        page.set_viewport_size({"width": 1280, "height": hauteur if isinstance(hauteur, int) else 900})
        if chemin.startswith("premier:"):
            _, depart, lien = chemin.split(":", 2)
            page.goto(depart)
            liens = (
                page.locator("main").get_by_role("link", name=lien)
                if lien
                else page.locator("#result_list tbody a[href*=change]")
            )
            liens.first.click()
        elif chemin:
            page.goto(chemin)
        page.wait_for_load_state("networkidle")
        # The mails of the demo exist nowhere else: their link is not in the pictures.
        page.evaluate("document.querySelectorAll('header a[href*=\"/demo/\"]').forEach(a => a.parentElement.remove())")
        image = page.screenshot() if isinstance(hauteur, int) else page.locator(hauteur).first.screenshot()
        Image.open(BytesIO(image)).save(vers / f"{nom}.webp", quality=70, method=6)
        print(f"{vers.name}/{nom}.webp")


def main() -> None:
    chromium = shutil.which("chromium") or sys.exit("chromium n’est pas installé : apt install chromium")
    with tempfile.TemporaryDirectory() as dossier, sync_playwright() as playwright:
        processus, adresse = demarrer(dossier)
        try:
            navigateur = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--lang=fr-FR"], env={**os.environ, "LANGUAGE": "fr"}
            )
            prendre(navigateur, adresse, PAS_A_PAS, RACINE / "static" / "img" / "pas-a-pas")
            prendre(navigateur, adresse, README, RACINE / "docs" / "images")
            navigateur.close()
        finally:
            processus.terminate()
            processus.wait(20)


if __name__ == "__main__":
    main()
