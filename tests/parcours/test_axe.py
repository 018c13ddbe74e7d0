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
    "magistrat": ["/recherche/?lieu=st+denis", "/recherche/?texte=zzzqqq",
                  "/recherche/?habilites=france&page=2", "/mesures/?etat=en_attente", "/mesures/?etat=en_cours",
                  "/mesures/?etat=closes&du=zut", "/mesures/imprimer/", "/mon-compte/",
                  "premier:/recherche/"],
    "agent": ["/pilotage/"],
    "support": ["/admin/", "/admin/inscriptions/demandeinscription/"],
}  # fmt: skip


def _violations(page) -> list[str]:
    resultat = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    return [f"{v['id']} : {[n['html'][:160] for n in v['nodes'][:3]]}" for v in resultat.response["violations"]]


def test_what_a_court_opens_on_a_page_is_accessible_too(personne, browser_name):
    """A form unfolded, a renewal asked, a refused form, the question when there is no room, the proof."""
    if browser_name != "chromium":
        pytest.skip("une fois suffit : ces états ne diffèrent pas d’un navigateur à l’autre")
    quelquun = personne()
    page = quelquun.se_connecte("magistrat")
    fautes = []

    def regarder(quoi: str):
        for largeur in (1280, 390):
            page.set_viewport_size({"width": largeur, "height": 900})
            fautes.extend(f"{quoi} à {largeur} px, {v}" for v in _violations(page))
            trop = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if trop > 0:
                fautes.append(f"{quoi} déborde de {trop} px à {largeur} px")

    page.locator("summary", has_text="Plus de critères").click()
    regarder("plus de critères")
    page.locator(".em-resultat__nom a", has_text="Camille Bellerive").click()
    page.locator("summary", has_text="Ajouter une observation").click()
    regarder("observation")
    page.get_by_role("link", name="Réserver une mesure").click()
    page.locator("label[for=id_renouvellement]").click()
    page.locator("[name=renouvelle]").wait_for()
    regarder("renouvellement")
    page.locator("main form.em-formulaire button[type=submit]").last.click()
    page.locator("[data-erreurs]").wait_for()
    regarder("réservation refusée")

    quelquun.va("/recherche/?texte=Douxruisseau")  # full, in the demo
    page.locator(".em-resultat").get_by_role("link", name=re.compile("^Réserver")).click()
    page.fill("[name=numero_rg]", "26X00009")
    page.select_option("[name=nature]", label="Tutelle")
    page.locator("label", has_text=re.compile(r"^\s*Madame")).click()
    page.fill("[name=annee_naissance]", "1950")
    page.locator("main form.em-formulaire button[type=submit]").last.click()
    page.get_by_role("button", name="Réserver quand même").wait_for()
    regarder("au-delà de la capacité")

    quelquun.va("/mesures/?etat=en_attente")
    mesure = page.locator("main table tbody a").first.get_attribute("href")
    quelquun.va(f"{mesure}reservation/?imprimer")
    regarder("preuve imprimée")
    quelquun.va(f"{mesure}annuler/")
    regarder("annulation")
    assert not fautes, "\n".join(fautes)


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
