"""A list of mesures: several at once, taken away, in two windows, by the keys, without scripts.

Of Nadine's list (conftest), each story takes mesures of its own.
"""

import csv
import datetime
import io
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from .gestes import aller, message, ouvrir_mesure, sans_script, tabuler, telecharger

pytestmark = pytest.mark.navigateur

AUJOURDHUI = datetime.date.today()


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
    premiere = ouvrir_mesure(elle.page, "17C00002")
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
    page.get_by_role("link", name="Rouvrir la mesure").click()
    expect(page.locator("main")).to_contain_text("sans date ni motif de fin")
    page.get_by_role("button", name="Rouvrir la mesure").click()
    expect(message(page)).to_contain_text("Mesure rouverte.")
    page.get_by_role("link", name="Supprimer cette mesure").click()
    page.get_by_role("button", name="Supprimer la mesure").click()
    expect(message(page)).to_contain_text("Mesure supprimée.")
