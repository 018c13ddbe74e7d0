"""A week of a mandataire individuel: what waits, how many she wishes, one mesure from its judgment to its end.

Of Nadine's list (conftest), each story takes mesures of its own.
"""

import datetime
import re

import pytest
from playwright.sync_api import expect

from .gestes import aller, ecrire_nombre, message, ouvrir_mesure, reserver

pytestmark = pytest.mark.navigateur

AUJOURDHUI = datetime.date.today()


def test_what_waits_and_how_many_she_wishes(chez_nadine, personne, nadine, regard):
    compte = nadine[0]
    juge = personne()
    tribunal = juge.se_connecte("magistrat")
    calme, urgent = f"26W{compte.rang}", f"26V{compte.rang}"
    reserver(tribunal, compte.nom, calme, message="Le logement est à vider.")
    reserver(tribunal, compte.nom, urgent, urgence=True)

    elle = chez_nadine()  # not before: Firefox gives the focus to the last page opened

    # 1. The steps of the first login also say what waits; the last one done, the home page is there.
    page = elle.va("/tableau-de-bord/")
    expect(page.locator("main")).to_contain_text("2 mesures réservées par un tribunal")
    regard(page, "première connexion")
    page.get_by_role("link", name="Vérifier mes informations").click()
    page.get_by_role("button", name="Tout est à jour").click()
    expect(message(page)).to_contain_text("Les tribunaux voient que vos informations sont à jour")
    aller(page, "/tableau-de-bord/")
    attente = page.locator("section", has=page.get_by_role("heading", name="Ce qui vous attend")).locator("li")
    expect(attente.first).to_contain_text("Urgent")
    expect(page.locator("main")).to_contain_text("aujourd’hui")
    expect(page.locator("table.em-histo")).to_be_visible()

    # 2. A wish refused is kept and says what is expected; a good one changes the availability at once.
    disponible = page.locator("section", has=page.get_by_role("heading", name="Votre disponibilité"))
    ecrire_nombre(page.locator("[name=capacite]"), "99999")
    disponible.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("[name=capacite]")).to_have_value("99999")
    expect(page.locator("[name=capacite]")).to_be_focused()
    expect(page.locator("[name=capacite]")).to_have_accessible_description(re.compile("nombre entier"))
    ecrire_nombre(page.locator("[name=capacite]"), "90")
    disponible.get_by_role("button", name="Enregistrer").click()
    expect(message(page)).to_contain_text("Nombre de mesures souhaitées enregistré : 90.")
    page.get_by_role("button", name="Tout est à jour").click()
    expect(message(page)).to_contain_text("à jour au")

    # 3. The urgent one is taken: what the court gave is kept, the rest is asked.
    page.get_by_role("link", name="Voir les mesures en attente").click()
    cartes = page.locator(".em-reservation")
    expect(cartes.first).to_contain_text(urgent)
    expect(cartes.filter(has_text=calme)).to_contain_text("Le logement est à vider.")
    cartes.first.get_by_role("link", name=re.compile("^Valider")).click()
    page.get_by_role("button", name="Valider la mesure").last.click()
    expect(page.locator("#erreurs")).to_be_focused()
    expect(page.locator("#erreurs")).to_contain_text("Date du jugement : écrivez la date du jugement.")
    page.fill("[name=date_jugement]", AUJOURDHUI.isoformat())
    page.locator("label", has_text=re.compile(r"^\s*À domicile")).click()
    page.get_by_role("button", name="Valider la mesure").last.click()
    expect(message(page)).to_contain_text("Tutelle validée. Elle est dans vos mesures en cours")

    # 4. The other one is declined with a reason, which the court reads; it puts it away.
    page.locator(".em-reservation", has_text=calme).get_by_role("link", name=re.compile("^Décliner")).click()
    page.get_by_role("button", name="Décliner la mesure").click()
    expect(page.locator("#erreurs")).to_contain_text("Choisissez une raison.")
    page.locator("label", has_text="Trop éloigné").click()
    page.fill("[name=precision]", "À deux heures de route.")
    page.get_by_role("button", name="Décliner la mesure").click()
    expect(message(page)).to_contain_text(re.compile(r"Mesure déclinée\..*Votre disponibilité passe de \d+ à \d+\."))
    juge.va("/mesures/")
    alerte = tribunal.locator(".em-alerte", has_text=calme)
    expect(alerte).to_contain_text("« À deux heures de route. »")
    alerte.get_by_role("button", name=re.compile("^Classer")).click()
    expect(tribunal.locator(".em-alerte", has_text=calme)).to_have_count(0)

    # 5. What a court reserved is never deleted.
    ouvrir_mesure(page, urgent)
    expect(page.locator("main")).to_contain_text("elle ne peut pas être supprimée")
    expect(page.get_by_role("link", name="Supprimer cette mesure")).to_have_count(0)
    aller(page, page.url + "supprimer/")
    expect(message(page)).to_contain_text("Cette mesure a été réservée par un tribunal")


def test_the_life_of_a_mesure(chez_nadine):
    page = ouvrir_mesure(chez_nadine().page, "16C00001")

    # 1. Corrected: what is refused is told, beside the field and on top; nothing typed is lost.
    page.get_by_role("link", name="Modifier", exact=True).click()
    page.fill("[name=numero_dossier]", "Mme Dupont")
    page.fill("[name=annee_naissance]", "31")
    page.get_by_role("button", name="Enregistrer").last.click()
    erreurs = page.locator("#erreurs")
    expect(erreurs).to_be_focused()
    expect(erreurs).to_contain_text("2 champs à corriger. Rien n’est perdu.")
    expect(page.locator("[name=numero_dossier]")).to_have_value("Mme Dupont")
    erreurs.get_by_role("link", name=re.compile("^Année de naissance")).click()
    expect(page.locator("[name=annee_naissance]")).to_be_focused()
    page.fill("[name=annee_naissance]", "1931")
    page.fill("[name=numero_dossier]", "2026-0001")
    page.locator("summary", has_text="Les ressources de la personne").click()
    page.fill("[name=ressources_annee]", "2025")
    page.fill("[name=ressources_niveau]", "12 500 €")
    page.locator("label", has_text="ASPA").click()
    page.get_by_role("button", name="Enregistrer").last.click()
    expect(message(page)).to_contain_text("Mesure enregistrée.")
    expect(page.locator("main")).to_contain_text("dossier 2026-0001")
    expect(page.locator("main")).to_contain_text(re.compile(r"2025 : 12\s500\s€, ASPA"))

    # 2. It lightens: noted at its date, corrected, then withdrawn; the mesure follows each time.
    page.get_by_role("link", name="Noter une évolution").click()
    page.get_by_role("link", name="Allègement").click()
    page.fill("[name=jour]", "2016-01-01")
    page.locator("label", has_text="Curatelle simple").click()
    page.get_by_role("button", name="Enregistrer l’allègement").click()
    expect(page.locator("#erreurs")).to_contain_text("ne peut pas précéder le jugement du 2 février 2016")
    expect(page.get_by_label("Curatelle simple")).to_be_checked()
    page.fill("[name=jour]", "2021-05-04")
    page.get_by_role("button", name="Enregistrer l’allègement").click()
    expect(message(page)).to_contain_text("Allègement noté : curatelle simple depuis le 4 mai 2021.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Curatelle simple")
    page.get_by_role("link", name="Corriger l’allègement du 4 mai 2021").click()
    page.fill("[name=jour]", "2021-06-04")
    page.get_by_role("button", name="Enregistrer la correction").click()
    expect(page.locator("#evolutions + ol")).to_contain_text("Allègement du 4 juin 2021")
    page.get_by_role("link", name="Corriger l’allègement du 4 juin 2021").click()
    page.get_by_role("link", name="Retirer l’allègement").click()
    expect(page.locator("main")).to_contain_text("La mesure revient à ce qu’elle était avant.")
    page.get_by_role("button", name="Retirer l’allègement").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Curatelle renforcée")
    expect(page.locator("#evolutions")).to_have_count(0)

    # 3. The person moves: the communes of the code are offered as it is typed.
    page.get_by_role("link", name="Noter une évolution").click()
    page.get_by_role("link", name="Lieu de vie", exact=True).click()
    page.fill("[name=jour]", "2022-03-01")
    page.locator("label", has_text=re.compile(r"^\s*Domicile")).click()
    page.locator("[name=code_postal]").press_sequentially("29800")
    page.keyboard.press("Tab")
    expect(page.locator("select[name=commune]")).to_contain_text("Landerneau")
    page.select_option("[name=commune]", label="Landerneau (29)")
    page.get_by_role("button", name="Enregistrer le changement de lieu de vie").click()
    expect(page.locator("main")).to_contain_text("Domicile, depuis le 1er mars 2022")
    expect(page.locator("main")).to_contain_text("29800 Landerneau")

    # 4. It ends: not in the future; undone in the message, done again.
    page.get_by_role("link", name="Mettre fin au mandat").click()
    page.locator("label", has_text="Décès").click()
    page.fill("[name=date_fin]", (AUJOURDHUI + datetime.timedelta(days=3)).isoformat())
    page.get_by_role("button", name="Mettre fin au mandat").click()
    expect(page.locator("#erreurs")).to_contain_text("est dans le futur")
    expect(page.get_by_label("Décès")).to_be_checked()
    page.fill("[name=date_fin]", AUJOURDHUI.isoformat())
    page.get_by_role("button", name="Mettre fin au mandat").click()
    expect(message(page)).to_contain_text("Mandat terminé.")
    libres = [int(n) for n in re.findall(r"\d+", message(page).inner_text())]
    assert libres[1] == libres[0] + 1
    message(page).get_by_role("button", name="Rouvrir").click()
    expect(message(page)).to_contain_text(f"Votre disponibilité passe de {libres[1]} à {libres[0]}.")
    expect(page.locator(".em-faits").first).to_contain_text("En cours depuis le 2 février 2016")
    expect(page.locator(".em-faits").first).not_to_contain_text("décès")
    expect(page.locator("#fil + ol li").first).to_contain_text("Mesure rouverte")


def test_a_typing_error_is_deleted(chez_nadine):
    elle = chez_nadine()
    page = elle.va("/mesures/creer/")
    page.get_by_role("button", name="Créer la mesure").last.click()
    expect(page.locator("#erreurs")).to_be_focused()
    expect(page.locator("#erreurs")).to_contain_text("Nature de la mesure : choisissez la nature de la mesure.")
    page.select_option("[name=nature]", label="Tutelle")
    page.fill("[name=date_jugement]", "2024-03-12")
    page.select_option("[name=tribunal]", label="Tribunal judiciaire de Brest")
    page.fill("[name=numero_rg]", "16C00001")  # the number of another mesure of hers
    page.locator("label", has_text=re.compile(r"^\s*Madame")).first.click()
    page.select_option("[name=lieu_vie]", label="Sans domicile fixe")
    page.get_by_role("button", name="Créer la mesure").last.click()
    expect(page.get_by_role("link", name="Ouvrir la mesure 16C00001")).to_be_visible()
    page.fill("[name=numero_rg]", "24Z09999")
    page.get_by_role("button", name="Créer la mesure").last.click()
    expect(message(page)).to_contain_text("Mesure créée.")

    page.get_by_role("link", name="Supprimer cette mesure").click()
    expect(page.locator("main")).to_contain_text("elle disparaît de vos listes, pour toujours")
    page.get_by_role("button", name="Supprimer la mesure").click()
    expect(message(page)).to_contain_text("Mesure supprimée.")
    elle.va("/mesures/en-cours/?q=24Z09999")
    expect(page.locator("main")).to_contain_text("Aucune mesure ne correspond.")
