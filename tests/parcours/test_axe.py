"""Every page a role opens: no violation of axe, nothing wider than a 390 px screen, no script or style inline."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.navigateur

PAGES = {
    None: ["/", "/connexion/", "/inscription/", "/inscription/individuel/", "/inscription/prepose/",
           "/inscription/service/", "/inscription/magistrat/", "/contact/", "/pas-a-pas/", "/mot-de-passe/oublie/",
           "/n-existe-pas/"],
    "mandataire": ["/tableau-de-bord/", "/mesures/en-cours/", "/mesures/en-cours/?cochees=toutes&nature=tutelle",
                   "/mesures/en-cours/carte/", "/mesures/en-cours/imprimer/", "/mesures/en-attente/", "/mesures/eteintes/",
                   "/mesures/creer/", "/importer/", "/mes-informations/", "/mes-informations/modifier/", "/mon-compte/",
                   "/mon-compte/sessions/", "/mon-compte/fermer/", "/mon-compte/mes-donnees/",
                   "/mes-informations/departements/", "/mes-informations/tribunaux/demander/",
                   "premier:/mesures/en-cours/"],
    "prepose": ["/mes-informations/", "/mes-informations/modifier/", "/mes-informations/etablissements/",
                "/mes-informations/etablissements/ajouter/"],
    "service": ["/tableau-de-bord/", "/mes-informations/", "/mes-informations/antennes/",
                "/mes-informations/antennes/ajouter/", "/mes-informations/membres/"],
    "nouveau": ["/tableau-de-bord/", "/importer/", "/mesures/en-cours/"],
    "magistrat": ["/recherche/", "/recherche/?lieu=st+denis", "/recherche/?places=900", "/mesures/",
                  "/mesures/?etat=en_cours", "/mesures/?etat=closes&du=zut", "/mesures/imprimer/", "/mon-compte/",
                  "premier:/recherche/"],
    "agent": ["/pilotage/"],
    "support": ["/admin/", "/admin/inscriptions/demandeinscription/"],
}  # fmt: skip


def _violations(page) -> list[str]:
    resultat = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    return [f"{v['id']} : {[n['html'][:160] for n in v['nodes'][:3]]}" for v in resultat.response["violations"]]


@pytest.mark.parametrize("compte", PAGES, ids=lambda c: c or "anonyme")
def test_every_page_is_accessible_and_fits(personne, compte, browser_name):
    quelquun = personne()
    if compte:
        quelquun.se_connecte(compte)
    fautes = []
    for chemin in PAGES[compte]:
        page = quelquun.va(chemin.removeprefix("premier:"))
        if chemin.startswith("premier:"):  # the sheet of the first row
            page.locator("main table tbody a, main .em-resultat__nom a").first.click()
            page.wait_for_load_state()
        est_admin = "/admin/" in page.url
        largeurs = (1280,) if est_admin else (1280, 390)
        for largeur in largeurs:
            page.set_viewport_size({"width": largeur, "height": 900})
            fautes += [f"{chemin} à {largeur} px, {v}" for v in _violations(page)]
            if not est_admin:
                trop = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if trop > 0:
                    fautes.append(f"{chemin} déborde de {trop} px à {largeur} px")
        if not est_admin:  # the answer itself: DSFR's script sets styles afterwards
            reponse = quelquun.contexte.request.get(page.url).text()
            fautes += [
                f"{chemin} : {m}"
                for m in re.findall(r"<[^>]* style=[^>]*>|<style.*|<script(?![^>]*src=)[^>]*>", reponse)
            ]
    assert not fautes, "\n".join(fautes)
