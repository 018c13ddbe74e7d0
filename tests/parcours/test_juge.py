"""A judge and a greffier at work: search, reservation, follow-up; with a mouse, without a script, with the keys alone.

Each story gives back what it took (places, answers, preferences): the demo is the same for the next one.
"""

import datetime
import re
import time

import pytest
from playwright.sync_api import Page, expect

from .gestes import aller, sans_script, tabuler

pytestmark = pytest.mark.navigateur

CAMILLE = "Camille Bellerive"
SERVICE = "Service mandataire Les Trois Ponts"


def numero(lettre: str) -> str:
    """A number of its own for each story: a demo kept from one run to the next has met the others."""
    return f"26{lettre}{int(time.time()) % 90_000 + 10_000}"


def ligne(page: Page, nom: str):
    return page.locator(".em-resultat").filter(has=page.get_by_role("link", name=nom, exact=True))


def vers_la_reservation(page: Page, nom: str):
    ligne(page, nom).get_by_role("link", name=re.compile("^Réserver")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Réserver une mesure")


def envoyer(page: Page):
    page.locator("main form.em-formulaire button[type=submit]").last.click()


def dire_la_personne(page: Page, civilite: str = "Madame", annee: str = "1947"):
    page.locator("label", has_text=re.compile(rf"^\s*{civilite}")).click()
    page.fill("[name=annee_naissance]", annee)


def reservee(page: Page, nom: str = ""):
    """The reservation is done; when a story before this one took the last place, it is confirmed first."""
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Mesure réservée|au-delà de la capacité"))
    if page.get_by_role("button", name="Réserver quand même").count():
        page.get_by_role("button", name="Réserver quand même").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mesure réservée")
    if nom:
        expect(page.locator(".em-preuve")).to_contain_text(nom)


def courriels(page: Page, adresse: str, rg: str):
    aller(page, "/demo/courriels/")
    return page.locator("article", has_text=adresse).filter(has_text=rg)


def annuler(page: Page, rg: str):
    page.goto(f"/mesures/?rg={rg}")
    page.locator("main table tbody tr", has_text=rg).get_by_role("link", name=re.compile("^Annuler")).click()
    page.fill("[name=raison]", "Une autre personne est désignée.")
    page.get_by_role("button", name="Annuler la réservation").click()
    expect(page.locator("#messages, main").first).to_contain_text(f"Réservation {rg} annulée")


def test_a_judge_finds_reserves_is_declined_and_finds_again(personne, browser_name):
    juge = personne()
    rg = numero("J")
    page = juge.se_connecte("magistrat")

    # 1. From a commune: the results alone are replaced, the address and the focus follow.
    page.evaluate("window.memePage = true")
    page.fill("[name=lieu]", "thionville 57")
    page.press("[name=lieu]", "Enter")
    titre = page.locator("#resultats h2").first
    expect(titre).to_contain_text("autour de Thionville (57)")
    expect(page).to_have_url(re.compile(r"/recherche/\?lieu=thionville%2057"))
    expect(page.locator("#resultats")).to_be_focused()
    expect(page.locator("#annonce")).to_contain_text("autour de Thionville (57)")
    tous = page.locator(".em-resultat").count()
    page.select_option("[name=rayon]", "10")
    expect(titre).to_contain_text("à moins de 10 km de Thionville (57)")
    expect(page).to_have_url(re.compile("rayon=10"))
    assert page.locator(".em-resultat").count() < tous
    page.get_by_role("link", name="A–Z").click()
    expect(page.locator(".em-ordre")).to_contain_text("Ordre : par nom.")
    expect(page.get_by_role("link", name="A–Z")).to_be_focused()
    assert page.evaluate("window.memePage") is True
    page.go_back()
    expect(page.locator(".em-ordre")).to_contain_text("ceux qui ont de la place")
    page.go_back()
    expect(titre).to_contain_text("autour de Thionville (57)")
    expect(page.locator(".em-resultat")).to_have_count(tous)
    expect(page.locator("[name=rayon]")).to_have_value("")

    # 2. The fiche, then the form: a number the court knows is said while it is typed.
    ligne(page, CAMILLE).get_by_role("link", name=CAMILLE, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CAMILLE)
    expect(page.locator(".em-sous").first).to_contain_text(re.compile(r"à 2\d km de Thionville"))
    fiche = page.url
    page.goto("/mesures/?etat=en_cours")
    connue = page.locator("main table tbody tr").filter(has_not_text=CAMILLE).first.locator("a").first.inner_text()
    page.goto(fiche)
    page.get_by_role("link", name="Réserver une mesure").click()
    expect(page.locator("[name=commune]")).to_have_value(re.compile("57100 Thionville"))
    page.locator("[name=numero_rg]").press_sequentially(connue)
    expect(page.locator("#remarques")).to_contain_text("Ce numéro RG est déjà connu de votre tribunal")
    expect(page.locator("[name=numero_rg]")).to_be_focused()
    page.fill("[name=numero_rg]", rg)
    expect(page.locator("#remarques")).to_have_text(re.compile(r"^\s*$"))

    # 3. Somebody is named: nothing is lost, the focus is on what is to be corrected.
    dire_la_personne(page)
    page.select_option("[name=nature]", label="Tutelle")
    page.fill("[name=message]", "Mme Dupont refuse toute visite.")
    envoyer(page)
    expect(page.locator("[data-erreurs]")).to_be_focused()
    expect(page.locator("[data-erreurs]")).to_contain_text("semble nommer une personne : « Mme D… »")
    expect(page.locator("[name=annee_naissance]")).to_have_value("1947")
    page.fill("[name=message]", "La personne refuse toute visite.")
    envoyer(page)
    reservee(page, CAMILLE)
    expect(page.locator(".em-preuve")).to_contain_text("Femme, 79 ans, Thionville (57)")

    # 4. The proof for the file.
    page.evaluate("window.print = () => { document.body.dataset.imprime = '1'; }")
    page.get_by_role("link", name="Imprimer pour le dossier").click()
    expect(page.locator("body[data-imprime]")).to_have_count(1)
    page.goto(f"{page.url}?imprimer")
    expect(page.get_by_role("heading", name="Ensuite")).to_have_count(0)
    if browser_name == "chromium":  # Firefox, driven this way, shows no page as it is printed
        page.emulate_media(media="print")
        expect(page.locator(".em-preuve dl")).to_be_visible()
        expect(page.get_by_role("link", name="Suivre les mesures du tribunal")).to_be_hidden()
        page.emulate_media(media="screen")
    expect(courriels(page, "mandataire@exemple.fr", rg)).to_have_count(1)

    # 5. The mandataire declines.
    camille = personne()  # not before: Firefox gives the focus to the last page opened
    autre = camille.se_connecte("mandataire")
    camille.va("/mesures/en-attente/")
    carte = autre.locator("main li, main article").filter(has_text=rg).last
    expect(carte).to_contain_text("La personne refuse toute visite.")
    carte.get_by_role("link", name=re.compile("^Décliner")).click()
    autre.locator("label", has_text="Trop éloigné").click()
    autre.get_by_role("button", name="Décliner la mesure").click()
    expect(autre.locator("[role=status]").first).to_contain_text("déclin")

    # 6. The judge is told, and searches again with what was said.
    courriel = courriels(page, "magistrat@exemple.fr", rg)
    expect(courriel).to_contain_text(CAMILLE)
    courriel.locator("a[href*='/']").first.click()
    juge.va("/mesures/")
    alerte = page.locator(".em-alerte", has_text=rg)
    expect(alerte).to_contain_text("ne peut pas la prendre : « Trop éloigné »")
    alerte.get_by_role("link", name=re.compile("^Relancer la recherche")).click()
    expect(page.locator("[name=lieu]")).to_have_value(re.compile("Thionville"))
    vers_la_reservation(page, SERVICE)
    expect(page.locator("[name=numero_rg]")).to_have_value(rg)
    expect(page.locator("[name=nature]")).to_have_value("tutelle")
    expect(page.locator("[name=lieu] option:checked")).to_contain_text("Thionville")
    dire_la_personne(page)
    envoyer(page)
    reservee(page, SERVICE)

    # 7. Nothing is to be decided any more, and the court may still change its mind.
    juge.va("/mesures/")
    expect(page.locator(".em-alerte", has_text=rg)).to_have_count(0)
    annuler(page, rg)


def test_a_greffier_renews_a_mesure_and_is_told_of_its_end_if_wanted(personne):
    greffe, camille = personne(), personne()
    page = greffe.se_connecte("greffier")
    jour = datetime.date.today()

    # 1. A renewal takes no place; the number says which mesure it continues.
    greffe.va("/recherche/?texte=Bellerive")
    figure = ligne(page, CAMILLE).locator(".em-dispo")
    avant = figure.inner_text()
    vers_la_reservation(page, CAMILLE)
    page.locator("label[for=id_renouvellement]").click()
    expect(page.locator("#apres-reservation")).to_contain_text("Un renouvellement ne prend pas de place")
    choix = page.locator("[name=renouvelle]")
    expect(choix).to_be_visible()
    option = choix.locator("option[value]:not([value=''])").first
    rg, mesure = option.inner_text().split()[0], option.get_attribute("value")
    page.fill("[name=numero_rg]", rg)
    expect(choix).to_have_value(mesure)
    civilite, age = re.search(r": (Femme|Homme), (\d+) ans", " ".join(option.inner_text().split())).groups()
    dire_la_personne(page, {"Femme": "Madame"}.get(civilite, "Monsieur"), str(jour.year - int(age)))
    page.select_option("[name=nature]", label="Curatelle simple")
    envoyer(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mesure réservée")
    expect(page.locator(".em-preuve")).not_to_contain_text("celle d’une autre personne")
    expect(page.locator(".em-preuve")).to_contain_text("Ne prend pas de place.")
    reservation = page.url
    greffe.va("/recherche/?texte=Bellerive")
    assert figure.inner_text() == avant

    # 2. Validated, it is the same mesure, judged again.
    autre = camille.se_connecte("mandataire")
    camille.va("/mesures/en-cours/")
    en_cours = autre.get_by_role("heading", level=1).inner_text()
    camille.va("/mesures/en-attente/")
    carte = autre.locator("main li, main article").filter(has_text=rg).filter(has_text="Renouvellement").last
    carte.get_by_role("link", name=re.compile("^Valider")).click()
    autre.fill("[name=date_jugement]", jour.isoformat())
    autre.get_by_role("button", name="Valider le renouvellement").last.click()
    expect(autre.locator("[role=status]").first).to_contain_text(f"La mesure {rg} continue")
    camille.va("/mesures/en-cours/")
    expect(autre.get_by_role("heading", level=1)).to_have_text(en_cours)
    camille.va(f"/mesures/{mesure}/")
    expect(autre.get_by_role("heading", level=1)).to_contain_text("Curatelle simple")
    greffe.va("/recherche/?texte=Bellerive")
    assert figure.locator(".em-dispo__parts").inner_text() in avant
    greffe.va(reservation)
    expect(page.locator(".em-preuve")).to_contain_text("renouvellement validé")
    expect(page.get_by_role("heading", name="Ensuite")).to_have_count(0)  # nothing is to be waited for any more

    # 3. Another one, reserved then validated: its end is written to who wants it, and only to them.
    rg = numero("G")
    greffe.va("/recherche/?texte=Bellerive")
    vers_la_reservation(page, CAMILLE)
    page.fill("[name=numero_rg]", rg)
    dire_la_personne(page)
    page.select_option("[name=nature]", label="Tutelle")
    envoyer(page)
    reservee(page, CAMILLE)
    mesure = re.search(r"/mesures/(\d+)/", page.url).group(1)
    camille.va(f"/mesures/{mesure}/valider/")
    autre.fill("[name=date_jugement]", jour.isoformat())
    autre.locator("label", has_text=re.compile(r"^\s*(À domicile|Domicile)")).first.click()
    autre.get_by_role("button", name="Valider la mesure").last.click()
    expect(autre.locator("#messages")).to_contain_text("validée")
    for veut in (False, True):
        greffe.va("/mon-compte/")
        if page.locator("[name=avis_fin_mandat]").is_checked() != veut:
            page.locator("label[for=id_avis_fin_mandat]").click()
        page.locator("form:has([name=avis_fin_mandat]) button").click()
        expect(page.locator("#messages")).to_contain_text(re.compile(r"\S"))
        deja = courriels(page, "greffier@exemple.fr", rg).count()
        camille.va(f"/mesures/{mesure}/")
        if veut:  # ended a moment ago
            autre.get_by_role("link", name="Rouvrir la mesure").click()
            autre.get_by_role("button", name="Rouvrir la mesure").click()
        autre.get_by_role("link", name="Mettre fin au mandat").click()
        expect(autre.get_by_text("qui l’avait réservée, est prévenu")).to_have_count(int(veut))
        autre.locator("label", has_text="Mainlevée").click()
        autre.fill("[name=date_fin]", jour.isoformat())
        autre.get_by_role("button", name="Mettre fin au mandat").click()
        expect(autre.locator("#messages")).to_contain_text("Mandat terminé")
        expect(courriels(page, "greffier@exemple.fr", rg)).to_have_count(deja + veut)


def test_the_same_without_javascript(personne):
    juge = personne(java_script_enabled=False)
    sans_script(juge.contexte)
    rg = numero("S")
    page = juge.se_connecte("magistrat")

    # Only the commune of an address is kept; an unknown place is said, a doubtful one is asked.
    page.fill("[name=lieu]", "12 rue des Tilleuls, 57000 Metz")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator("[name=lieu]")).to_have_value("57000 Metz")
    assert "Tilleuls" not in page.url
    page.fill("[name=lieu]", "mtez")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator("#resultats")).to_contain_text("Aucun lieu ne ressemble à « mtez »")
    page.fill("[name=lieu]", "st denis")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator("#resultats h2").first).to_have_text("« st denis » : de quel lieu s’agit-il ?")
    page.locator("#resultats li", has_text="Seine-Saint-Denis").get_by_role("link").first.click()
    expect(page.locator("#resultats h2").first).to_contain_text("autour de Saint-Denis (93)")

    # The country: its figures on demand, its second page, its map and its list tied by their addresses.
    page.select_option("[name=habilites]", "france")
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("link", name="Compter les places").click()
    expect(page.locator(".em-bilan__chiffres")).to_contain_text("places disponibles")
    page.get_by_role("link", name="Page suivante").click()
    expect(page.locator(".em-resultat").first).to_have_attribute("id", "r21")
    page.locator("#r21 .em-resultat__rang").click()
    expect(page.locator("#p21:target")).to_have_count(1)

    # Nobody: one criterion less.
    juge.va("/recherche/?lieu=Metz&texte=zzzqqq")
    page.get_by_role("link", name="Sans « zzzqqq »").click()
    expect(page.locator(".em-resultat").first).to_be_visible()

    # An observation, then a reservation refused, corrected, made, cancelled.
    ligne(page, CAMILLE).get_by_role("link", name=CAMILLE, exact=True).click()
    page.locator("summary", has_text="Ajouter une observation").click()
    page.fill("[name=texte]", f"À rappeler pour {rg}.")
    page.locator("#obs button[type=submit]").click()
    expect(page.locator("#obs")).to_contain_text(f"À rappeler pour {rg}.")
    page.get_by_role("link", name=f"Retirer l’observation « À rappeler pour {rg}. »").click()
    page.get_by_role("button", name="Retirer l’observation").click()
    expect(page.locator("#obs")).not_to_contain_text(rg)
    page.get_by_role("link", name="Réserver une mesure").click()
    expect(page.locator("[name=renouvelle]")).to_be_hidden()
    page.locator("label[for=id_renouvellement]").click()
    expect(page.locator("[name=renouvelle]")).to_be_visible()
    page.fill("[name=numero_rg]", rg)
    envoyer(page)
    expect(page.locator("#erreurs")).to_contain_text("Mesure renouvelée : choisissez la mesure renouvelée.")
    expect(page.locator("[name=numero_rg]")).to_have_value(rg)
    page.locator("label[for=id_renouvellement]").click()
    dire_la_personne(page, "Monsieur", "1960")
    page.select_option("[name=nature]", label="Tutelle")
    envoyer(page)
    reservee(page, CAMILLE)
    page.get_by_role("link", name="Imprimer pour le dossier").click()
    expect(page.locator("main")).to_contain_text("Utilisez « Imprimer » dans votre navigateur.")
    page.wait_for_load_state()  # Firefox would take the next address for the same visit
    annuler(page, rg)


def test_with_the_keyboard_alone(personne, browser_name):
    page = personne().se_connecte("magistrat")

    # The form, then its results: the first row is a few keys away, and lights its pin up.
    tabuler(page, page.locator("[name=lieu]"))
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Nancy")
    page.keyboard.press("Enter")
    expect(page.locator("#resultats h2").first).to_contain_text("autour de Nancy (54)")
    expect(page.locator("#resultats")).to_be_focused()
    tabuler(page, page.locator("#r1 .em-resultat__nom a"))
    expect(page.locator("#p1")).to_have_class(re.compile("em-montre"))
    nom = page.locator("#r1 .em-resultat__nom").inner_text()
    tabuler(page, page.locator("#r1").get_by_role("link", name=re.compile("^Réserver")), 5)
    page.keyboard.press("Enter")

    # Refused: the summary takes the focus, its first line leads to the field, which says what is wrong.
    expect(page.locator("main .em-sous").first).to_contain_text(nom)
    champ = page.locator("[name=numero_rg]")
    tabuler(page, champ)
    page.keyboard.press("Enter")
    expect(page.locator("#erreurs")).to_be_focused()
    tabuler(page, page.locator("#erreurs a").first, 2)
    page.keyboard.press("Enter")
    expect(champ).to_be_focused()
    expect(champ).to_have_attribute("aria-invalid", "true")
    expect(champ).to_have_accessible_description(re.compile("Écrivez le numéro RG."))
    page.keyboard.type("26K00001")
    tabuler(page, page.locator("[name=civilite]").first, 12)
    page.keyboard.press("Space")
    expect(page.locator("[name=civilite]").first).to_be_checked()

    # Back to the search as it was.
    tabuler(page, page.get_by_role("link", name="Revenir aux résultats"))
    page.keyboard.press("Enter")
    expect(page.locator("#resultats h2").first).to_contain_text("autour de Nancy (54)")
    expect(page.locator("#r1 .em-resultat__nom")).to_have_text(nom)

    # A page turned takes its link away: the focus goes to what came. Of an address, only the commune stays in the field.
    page.goto("/recherche/?habilites=france")
    page.get_by_role("link", name="Page suivante").press("Enter")
    expect(page.locator(".em-resultat").first).to_have_attribute("id", "r21")
    expect(page.locator("#resultats")).to_be_focused()
    page.fill("[name=lieu]", "12 rue des Tilleuls, 57000 Metz")
    page.press("[name=lieu]", "Enter")
    expect(page.locator("#resultats")).to_contain_text("Distances comptées depuis la commune")
    expect(page.locator("[name=lieu]")).to_have_value("57000 Metz")
    assert "Tilleuls" not in page.url
