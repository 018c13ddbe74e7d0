"""Every page a role opens: no violation of axe, nothing wider than a 390 px screen, no script or style inline."""

import re

import pytest

from .accessibilite import ECRAN, fautes
from .gestes import aller, confirmer_identite

# Names, roles and contrasts are the same in every browser; a story is lived in each.
pytestmark = [pytest.mark.navigateur, pytest.mark.une_fois]

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

# The same templates as others above, or short ones: looked at in one browser.
AUSSI = {
    None: ["/inscription/greffier/", "/inscription/agent-national/", "/inscription/agent-regional/",
           "/inscription/confirmer/", "/mot-de-passe/oublie/envoye/", "/mot-de-passe/nouveau/1-faux/",
           "/mot-de-passe/nouveau/fait/", "/compte-inactif/", "/invitation/perimee/", "/tout-est-a-jour/faux/",
           "/ne-plus-recevoir/faux/", "/demo/courriels/"],
    "mandataire": ["/mon-compte/confirmer-identite/", "/deconnexion/", "/mesures/eteintes/carte/",
                   "/mesures/eteintes/imprimer/", "premier:/mesures/eteintes/", "/mesures/en-cours/?q=zzz"],
    "prepose": ["/tableau-de-bord/", "/mesures/en-cours/", "/mesures/creer/"],
    "service": ["/mesures/en-cours/", "/mesures/creer/", "/mes-informations/modifier/", "/importer/"],
    "nouveau": ["/mesures/en-attente/", "/mesures/eteintes/", "/mes-informations/"],
    "attente": ["/en-attente/"],
    "greffier": ["/mon-compte/", "/mesures/"],
}  # fmt: skip


def ouvrir(quelquun, chemin: str):
    """The page, or the sheet of its first row."""
    page = quelquun.va(chemin.removeprefix("premier:"))
    if chemin.startswith("premier:"):
        page.locator("main table tbody a, main .em-resultat__nom a").first.click()
        page.wait_for_load_state()
    return page


def envoyer(page) -> None:
    """Send the form as it is, and wait for what is to be mended."""
    page.locator("main form button[type=submit]:visible:not([name=communes]):not([name=acte])").last.click()
    page.locator("[data-erreurs]").wait_for()


def test_what_a_court_opens_on_a_page_is_accessible_too(personne, regard):
    """A form unfolded, a renewal asked, a refused form, the question when there is no room, the proof."""
    quelquun = personne()
    page = quelquun.se_connecte("magistrat")
    page.locator("summary", has_text="Plus de critères").click()
    regard(page, "plus de critères")
    page.locator(".em-resultat__nom a", has_text="Camille Bellerive").click()
    page.locator("summary", has_text="Ajouter une observation").click()
    regard(page, "observation")
    page.get_by_role("link", name="Réserver une mesure").click()
    page.locator("label[for=id_renouvellement]").click()
    page.locator("[name=renouvelle]").wait_for()
    regard(page, "renouvellement")
    page.locator("main form.em-formulaire button[type=submit]").last.click()
    page.locator("[data-erreurs]").wait_for()
    regard(page, "réservation refusée")

    quelquun.va("/recherche/?texte=Douxruisseau")  # full, in the demo
    page.locator(".em-resultat").get_by_role("link", name=re.compile("^Réserver")).click()
    page.fill("[name=numero_rg]", "26X00009")
    page.select_option("[name=nature]", label="Tutelle")
    page.locator("label", has_text=re.compile(r"^\s*Madame")).click()
    page.fill("[name=annee_naissance]", "1950")
    page.locator("main form.em-formulaire button[type=submit]").last.click()
    page.get_by_role("button", name="Réserver quand même").wait_for()
    regard(page, "au-delà de la capacité")

    quelquun.va("/mesures/?etat=en_attente")
    mesure = page.locator("main table tbody a").first.get_attribute("href")
    for quoi in ("reservation/?imprimer", "reservation/modifier/", "annuler/"):
        quelquun.va(f"{mesure}{quoi}")
        regard(page, quoi)


def test_the_acts_of_a_mandataire_are_accessible_too(personne, regard):
    """Each act, asked for and refused; an evolution of each kind; two windows; several at once."""
    page = personne().se_connecte("mandataire")
    aller(page, "/mesures/en-attente/")
    attente = page.locator(".em-reservation h2 a").first.get_attribute("href")
    aller(page, attente)
    regard(page, "mesure en attente")
    for acte in ("valider", "decliner"):
        aller(page, f"{attente}{acte}/")
        envoyer(page)
        regard(page, f"{acte}, refusé")
    aller(page, "/mesures/eteintes/?tri=jugement")
    eteinte = page.locator("main table tbody a").first.get_attribute("href")
    aller(page, f"{eteinte}rouvrir/")
    regard(page, "rouvrir")

    aller(page, "/mesures/en-cours/?tri=jugement")
    mesure = page.locator("main table tbody a").first.get_attribute("href")
    aller(page, f"{mesure}supprimer/")
    regard(page, "supprimer")
    aller(page, f"{mesure}terminer/")
    envoyer(page)
    regard(page, "terminer, refusé")
    aller(page, f"{mesure}modifier/")
    page.fill("[name=date_jugement]", "")
    if not page.locator("#ressources[open]").count():  # unfolded where some are known
        page.locator("summary", has_text="Les ressources").click()
    page.fill("[name=ressources_annee]", "12")
    envoyer(page)
    regard(page, "modifier, refusé")
    for genre in ("reconduction", "aggravation", "allegement", "lieu_vie", "champ"):
        aller(page, f"{mesure}evolutions/noter/?type={genre}")
        regard(page, f"évolution, {genre}")
    envoyer(page)
    regard(page, "évolution refusée")

    # An evolution noted, then taken out: a form opened before it meets two versions of the mesure.
    autre = page.context.new_page()
    aller(autre, f"{mesure}modifier/")
    aller(page, f"{mesure}evolutions/noter/?type=reconduction")
    page.fill("[name=jour]", "2026-01-15")
    page.get_by_role("button", name="Enregistrer la reconduction").last.click()
    page.get_by_role("link", name="Corriger la reconduction du 15 janvier 2026").click()
    regard(page, "évolution, corriger")
    page.get_by_role("link", name="Retirer la reconduction").click()
    regard(page, "évolution, retirer")
    page.get_by_role("button", name="Retirer la reconduction").click()
    page.locator("#messages").wait_for()
    autre.fill("[name=numero_dossier]", "2026-999")
    envoyer(autre)
    regard(autre, "deux versions")

    aller(page, "/mesures/en-cours/?tri=jugement")
    for rang in range(2):
        page.locator("main table tbody input[name=mesure]").nth(rang).check()
    regard(page, "mesures cochées")
    page.get_by_role("button", name="Mettre fin aux mandats").click()
    envoyer(page)
    regard(page, "fin de plusieurs, refusée")
    aller(page, "/mesures/en-cours/?tri=jugement")
    page.locator("main table tbody input[name=mesure]").first.check()
    page.get_by_role("button", name="Changer de tribunal").click()
    envoyer(page)
    regard(page, "changer de tribunal, refusé")


def test_profile_and_account_are_accessible_too(personne, regard):
    """Refused forms of the profile, places, courts, and what asks for the password again."""
    elle = personne()
    page = elle.se_connecte("mandataire")
    page.fill("[name=capacite]", "")
    page.locator("form:has([name=capacite]) button[type=submit]").first.click()
    page.locator("#capacite_erreur").wait_for()
    regard(page, "nombre souhaité refusé")
    elle.va("/mes-informations/modifier/")
    page.fill("[name=telephone]", "12")
    envoyer(page)
    regard(page, "profil refusé")
    elle.va("/mes-informations/departements/")
    page.locator("main form input[type=number]").first.fill("99999")
    envoyer(page)
    regard(page, "départements refusés")
    elle.va("/mes-informations/tribunaux/demander/")
    envoyer(page)
    regard(page, "tribunal refusé")
    elle.va("/mes-informations/")
    page.get_by_role("link", name=re.compile("^Quitter")).first.click()
    regard(page, "quitter un tribunal")

    elle.va("/mon-compte/fermer/")
    confirmer_identite(page, "faux")
    page.locator("[data-erreurs]").wait_for()
    regard(page, "identité refusée")
    confirmer_identite(page, "demo-emjpm-2026")
    regard(page, "fermer son compte")
    elle.va("/mon-compte/mes-donnees/")
    regard(page, "ses données")
    for chemin in ("mot-de-passe/", "adresse/", "double-authentification/totp/activate/"):
        elle.va(f"/mon-compte/{chemin}")
        envoyer(page)
        regard(page, f"{chemin} refusé")

    elle = personne()
    page = elle.se_connecte("prepose")
    elle.va("/mes-informations/etablissements/")
    page.get_by_role("link", name=re.compile("^Modifier")).first.click()
    page.fill("[name=finess]", "1")
    envoyer(page)
    regard(page, "établissement refusé")
    page.get_by_role("link", name="Retirer l’établissement").click()
    regard(page, "retirer un établissement")

    elle = personne()
    page = elle.se_connecte("service")
    elle.va("/mes-informations/antennes/")
    page.get_by_role("link", name=re.compile("^Modifier")).last.click()
    page.fill("[name=nom]", "")
    envoyer(page)
    regard(page, "antenne refusée")
    page.get_by_role("link", name="Retirer l’antenne").click()
    regard(page, "retirer une antenne")
    elle.va("/mes-informations/membres/")
    envoyer(page)
    regard(page, "invitation refusée")
    elle.va("/mesures/en-cours/")
    page.locator("main table tbody input[name=mesure]").first.check()
    page.get_by_role("button", name="Changer d’antenne").click()
    envoyer(page)
    regard(page, "changer d’antenne, refusé")


@pytest.mark.parametrize("compte", AUSSI, ids=lambda c: c or "anonyme")
def test_less_common_pages_are_accessible_too(personne, regard, compte):
    quelquun = personne()
    if compte:
        quelquun.se_connecte(compte)
    for chemin in AUSSI[compte]:
        regard(ouvrir(quelquun, chemin), chemin)


@pytest.mark.parametrize("compte", PAGES, ids=lambda c: c or "anonyme")
def test_every_page_is_accessible_and_fits(personne, compte):
    quelquun = personne()
    if compte:
        quelquun.se_connecte(compte)
    trouvees = []
    for chemin in PAGES[compte]:
        page = ouvrir(quelquun, chemin)
        if "/admin/" in page.url:  # Django's own pages: wide tables, on a screen
            trouvees += [f for f in fautes(page, chemin, (ECRAN,)) if "déborde" not in f]
            continue
        trouvees += fautes(page, chemin)
        # The answer itself: DSFR's script sets styles afterwards.
        reponse = quelquun.contexte.request.get(page.url).text()
        trouvees += [
            f"{chemin} : {m}" for m in re.findall(r"<[^>]* style=[^>]*>|<style.*|<script(?![^>]*src=)[^>]*>", reponse)
        ]
    assert not trouvees, "\n".join(trouvees)
