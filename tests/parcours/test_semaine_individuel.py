"""A week of a mandataire individuel: what waits, the mesures one by one and several at once, in two windows, by the keys.

One person registers for all these stories, and imports her list; each story takes mesures of its own. She works far
from the demo's court: the results of its stories do not move.
"""

import csv
import datetime
import io
import re

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from .gestes import (
    BREST,
    SECRET,
    Compte,
    aller,
    choisir_tribunal,
    classeur,
    ecrire_nombre,
    envoyer_et_confirmer,
    importer,
    nouveau_compte,
    remplir_adresse,
    remplir_identite,
    reserver,
    sans_script,
    siret,
    tabuler,
    telecharger,
    valider_la_demande,
)

pytestmark = pytest.mark.navigateur

AUJOURDHUI = datetime.date.today()
MESURES = 60


@pytest.fixture(scope="module")
def nadine(personne_du_module) -> tuple[Compte, dict]:
    """Nadine registers, is validated, wishes 80 mesures and imports 60. Her account and her open session."""
    compte = nouveau_compte("Nadine")
    elle, equipe = personne_du_module(), personne_du_module()
    page = elle.va("/inscription/individuel/")
    remplir_identite(page, compte, "Nadine")
    page.fill("[name=siret]", siret(compte.rang))
    page.fill("[name=telephone]", "02 98 00 41 27")
    remplir_adresse(page)
    page.fill("[name=capacite]", "80")
    choisir_tribunal(page, "Brest")
    envoyer_et_confirmer(page, compte)
    valider_la_demande(equipe.se_connecte("support"), compte.nom)
    elle.se_connecte(compte.adresse, SECRET)
    importer(page, classeur(MESURES, lieu=BREST), MESURES)
    return compte, elle.contexte.storage_state()


@pytest.fixture
def chez_nadine(personne, nadine):
    """`chez_nadine()`: a browser where she is signed in."""
    return lambda **contexte: personne(storage_state=nadine[1], **contexte)


def ouvrir(page: Page, rg: str) -> Page:
    """Her mesure, found by its number as she would."""
    aller(page, "/mesures/en-cours/")
    page.get_by_label("Rechercher", exact=True).fill(rg)
    page.get_by_label("Rechercher", exact=True).press("Enter")
    page.get_by_role("link", name=rg, exact=True).click()
    expect(page.locator(".em-tete")).to_contain_text(f"RG {rg}")
    return page


def message(page: Page):
    return page.locator("#messages")


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
    expect(page.locator("#erreurs")).to_contain_text("choisissez une raison.")
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
    ouvrir(page, urgent)
    expect(page.locator("main")).to_contain_text("elle ne peut pas être supprimée")
    expect(page.get_by_role("link", name="Supprimer cette mesure")).to_have_count(0)
    aller(page, page.url + "supprimer/")
    expect(message(page)).to_contain_text("Cette mesure a été réservée par un tribunal")


def test_the_life_of_a_mesure(chez_nadine):
    page = ouvrir(chez_nadine().page, "16C00001")

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


def test_several_at_once_and_the_list_taken_away(chez_nadine, regard):
    elle = chez_nadine()
    page = elle.va("/mesures/en-cours/?q=D-001")

    # 1. Four checked: one date for all, and the mesure judged later is told, with its field.
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"10 mesures en cours sur \d+"))
    for dossier in ("D-0010", "D-0011", "D-0012", "D-0013"):
        page.get_by_label(re.compile(f"^Cocher la mesure .*{dossier}")).check()
    expect(page.locator("[data-compte]")).to_have_text("4 mesures cochées")
    page.get_by_role("button", name="Mettre fin aux mandats").click()
    page.select_option("[name=toutes-motif]", label="Mainlevée")
    page.fill("[name=toutes-date_fin]", "2017-06-30")
    page.get_by_role("button", name="Mettre fin à ces 4 mandats").click()
    expect(page.locator("main")).to_contain_text("3 mandats terminés")
    expect(page.locator("#erreurs")).to_be_focused()
    expect(page.locator("#erreurs")).to_contain_text("précède le jugement du 14 février 2018")
    regard(page, "3 mandats terminés, 1 à corriger")
    page.locator("#erreurs a").first.press("Enter")
    expect(page.get_by_label("Motif de fin").locator("option:checked")).to_have_text("Mainlevée")
    page.locator(":focus").fill("2018-06-30")
    page.get_by_role("button", name="Mettre fin à ce mandat").click()
    expect(message(page)).to_contain_text("1 mandat terminé")
    elle.va("/mesures/eteintes/?q=D-001")
    expect(page.locator("main table tbody tr")).to_have_count(4)

    # 2. Another court for two of them; the cabinet is of the new one.
    elle.va("/mesures/en-cours/?q=D-001&tri=rg")
    for dossier in ("D-0014", "D-0015"):
        page.get_by_label(re.compile(f"^Cocher la mesure .*{dossier}")).check()
    page.get_by_role("button", name="Changer de tribunal").click()
    page.select_option("[name=tribunal]", label="Tribunal judiciaire de Quimper")
    page.fill("[name=cabinet]", "B")
    page.get_by_role("button", name="Changer ces 2 mesures").click()
    expect(message(page)).to_contain_text("2 mesures passent au TJ de Quimper.")
    expect(page.locator("main table tbody tr", has_text="Quimper, cab. B")).to_have_count(2)

    # 3. The list taken away: in French, in the columns of the model, on paper.
    octets = telecharger(page, lambda: page.get_by_role("button", name="Excel (.xlsx)").click())
    lignes = [list(r) for r in openpyxl.load_workbook(io.BytesIO(octets)).active.iter_rows(values_only=True)]
    titres, contenu = lignes[0], {r[lignes[0].index("Numéro de dossier")]: r for r in lignes[1:]}
    assert sorted(contenu) == [f"D-001{i}" for i in range(4, 10)]
    voulue = dict(zip(titres, contenu["D-0014"], strict=True))
    assert voulue["Tribunal"] == "Tribunal judiciaire de Quimper"
    texte = telecharger(page, lambda: page.get_by_role("button", name="CSV").click()).decode("utf-8-sig")
    en_csv = list(csv.reader(io.StringIO(texte), delimiter=";"))
    assert en_csv[0] == [str(t) for t in titres]
    assert len(en_csv) == len(lignes)
    page.get_by_role("link", name="Imprimer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("6 mesures en cours sur")
    expect(page.locator("main input[type=checkbox]")).to_have_count(0)


def test_two_windows_on_the_same_mesure(chez_nadine):
    elle = chez_nadine()
    premiere = ouvrir(elle.page, "17C00002")
    adresse = premiere.url + "modifier/"
    seconde = elle.contexte.new_page()
    premiere.goto(adresse)
    seconde.goto(adresse)
    premiere.fill("[name=numero_dossier]", "A-2026")
    premiere.fill("[name=cabinet]", "7")
    premiere.get_by_role("button", name="Enregistrer").last.click()
    expect(message(premiere)).to_contain_text("Mesure enregistrée.")

    seconde.fill("[name=numero_dossier]", "B-2026")
    seconde.fill("[name=annee_naissance]", "1944")
    seconde.get_by_role("button", name="Enregistrer").last.click()
    alerte = seconde.locator("#erreurs")
    expect(alerte).to_be_focused()
    expect(alerte).to_contain_text("Vous avez modifié cette mesure dans une autre fenêtre")
    tableau = seconde.get_by_role("table", name="Différences à trancher")
    expect(tableau.locator("tbody tr")).to_have_count(3)
    expect(tableau).to_contain_text("A-2026")
    expect(tableau).to_contain_text("B-2026")
    tableau.locator("tr", has_text="Cabinet").locator("label").last.click()
    seconde.get_by_role("button", name="Enregistrer ces choix").click()
    expect(message(seconde)).to_contain_text("Mesure enregistrée.")
    faits = seconde.locator(".em-faits")
    expect(faits.first).to_contain_text("cabinet 7")
    expect(faits.first).to_contain_text("B-2026")
    expect(faits.last).to_contain_text("1944")


def test_with_the_keyboard_alone(chez_nadine):
    page = chez_nadine().va("/mesures/en-cours/")
    tabuler(page, page.get_by_role("link", name="Contenu"), 2)
    page.keyboard.press("Enter")
    tabuler(page, page.get_by_label("Rechercher", exact=True), 6)
    page.keyboard.type("18C00003")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 mesure en cours sur")

    # The box of the row, then its page and an act; refused, the summary leads to the field.
    tabuler(page, page.get_by_label(re.compile("^Cocher la mesure 18C00003")), 60)
    page.keyboard.press("Space")
    expect(page.locator("[data-compte]")).to_have_text("1 mesure cochée")
    tabuler(page, page.get_by_role("link", name="18C00003", exact=True), 3)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sauvegarde de justice")
    tabuler(page, page.get_by_role("link", name="Mettre fin au mandat"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mettre fin au mandat")
    tabuler(page, page.get_by_role("button", name="Mettre fin au mandat"))
    page.keyboard.press("Enter")
    expect(page.locator("#erreurs")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=motif]").first).to_be_focused()
    page.keyboard.press("Space")
    tabuler(page, page.locator("[name=date_fin]"), 8)
    page.locator("[name=date_fin]").fill(AUJOURDHUI.isoformat())  # each browser has its own keys in a date
    tabuler(page, page.get_by_role("button", name="Mettre fin au mandat"), 8)
    page.keyboard.press("Enter")
    expect(message(page)).to_contain_text("Mandat terminé.")
    tabuler(page, message(page).get_by_role("button", name="Rouvrir"))
    page.keyboard.press("Enter")
    expect(message(page)).to_contain_text("Mesure rouverte.")


def test_without_javascript(chez_nadine):
    elle = chez_nadine(java_script_enabled=False)
    sans_script(elle.contexte)
    page = elle.va("/mesures/creer/")

    # The button of the form finds the communes of the code; the type of establishment is open, and checked.
    page.select_option("[name=nature]", label="Curatelle renforcée")
    page.fill("[name=date_jugement]", "2024-03-12")
    page.select_option("[name=tribunal]", label="Tribunal judiciaire de Brest")
    page.fill("[name=numero_rg]", "24Z00777")
    page.locator("label", has_text=re.compile(r"^\s*Monsieur")).first.click()
    page.select_option("[name=lieu_vie]", label="Établissement")
    page.fill("[name=code_postal]", "29800")
    page.get_by_role("button", name="Communes").click()
    expect(page.locator("[name=numero_rg]")).to_have_value("24Z00777")
    page.select_option("[name=commune]", label="Landerneau (29)")
    page.get_by_role("button", name="Créer la mesure").last.click()
    expect(page.locator("#erreurs")).to_contain_text("choisissez le type d’établissement.")
    page.select_option("[name=type_etablissement]", index=1)
    page.get_by_role("button", name="Créer la mesure").last.click()
    expect(message(page)).to_contain_text("Mesure créée.")

    # An evolution, then the end of several, then of the list: every act is a page.
    page.get_by_role("link", name="Noter une évolution").click()
    page.get_by_role("link", name="Reconduction").click()
    page.fill("[name=jour]", "2025-03-12")
    page.fill("[name=jusqu_au]", "2030-03-12")
    page.get_by_role("button", name="Enregistrer la reconduction").last.click()
    expect(message(page)).to_contain_text("Reconduction notée : décision du 12 mars 2025, jusqu’au 12 mars 2030.")
    aller(page, "/mesures/en-cours/?q=24Z00777")
    page.get_by_label(re.compile("^Cocher la mesure 24Z00777")).check()
    page.get_by_role("button", name="Mettre fin aux mandats").click()
    page.locator("select[name$=motif]").select_option(label="Caducité")
    page.locator("[name$=date_fin]").fill("2025-06-01")
    page.get_by_role("button", name="Mettre fin à ce mandat").click()
    expect(message(page)).to_contain_text("1 mandat terminé")
    aller(page, "/mesures/eteintes/?q=24Z00777")
    page.get_by_role("link", name="24Z00777", exact=True).click()
    page.get_by_role("button", name="Rouvrir la mesure").click()
    expect(message(page)).to_contain_text("Mesure rouverte.")
    page.get_by_role("link", name="Supprimer cette mesure").click()
    page.get_by_role("button", name="Supprimer la mesure").click()
    expect(message(page)).to_contain_text("Mesure supprimée.")
