"""A week of a préposé: no SIRET but establishments, a mesure in one of them, addresses that are none, or in Belgium."""

import re

import pytest
from playwright.sync_api import Page, expect

from emjpm.support.demo import numeros

from .gestes import (
    SECRET,
    aller,
    choisir_tribunal,
    envoyer_et_confirmer,
    nouveau_compte,
    remplir_identite,
    valider_la_demande,
)

pytestmark = pytest.mark.navigateur


def etablissement(page: Page, nom: str):
    return page.get_by_role("table", name="Établissements où vous exercez").locator("tbody tr", has_text=nom)


def creer(page: Page, rg: str, lieu_vie: str) -> None:
    """The form of a new mesure, all but where the person lives."""
    aller(page, "/mesures/creer/")
    page.select_option("[name=nature]", label="Tutelle")
    page.fill("[name=date_jugement]", "2024-03-12")
    page.select_option("[name=tribunal]", label="Tribunal judiciaire de Brest")
    page.fill("[name=numero_rg]", rg)
    page.locator("label", has_text=re.compile(r"^\s*Madame")).first.click()
    page.fill("[name=annee_naissance]", "1940")
    page.select_option("[name=lieu_vie]", label=lieu_vie)


def enregistrer(page: Page) -> None:
    page.get_by_role("button", name="Créer la mesure").last.click()


def test_a_prepose_registers_and_keeps_her_establishments(personne, bureau):
    compte = nouveau_compte("Pauline")
    elle = personne()

    # 1. Registration: establishments, never a SIRET; a second one added without losing the first.
    page = elle.va("/inscription/prepose/")
    expect(page.locator("[name=siret]")).to_have_count(0)
    remplir_identite(page, compte, "Pauline")
    page.fill("[name=etablissement_1_nom]", "EHPAD Ker Ar Mor")
    page.fill("[name=etablissement_1_finess]", numeros.finess("29", compte.rang))
    page.fill("[name=etablissement_1_code_postal]", "29200")
    page.fill("[name=etablissement_1_commune]", "Brest")
    page.get_by_role("button", name="Ajouter un établissement").click()
    expect(page.locator("[name=etablissement_1_nom]")).to_have_value("EHPAD Ker Ar Mor")
    page.fill("[name=etablissement_2_nom]", "Hôpital de la Rade")
    page.fill("[name=etablissement_2_code_postal]", "29600")
    page.fill("[name=etablissement_2_commune]", "Morlaix")
    page.fill("[name=telephone]", "02 98 00 41 28")
    page.fill("[name=capacite]", "35")
    choisir_tribunal(page, "Brest")
    page.fill("[name=password1]", SECRET)  # never kept by a page that comes back
    envoyer_et_confirmer(page, compte)
    valider_la_demande(bureau, compte.nom)
    elle.se_connecte(compte.adresse, SECRET)

    # 2. « Mes informations »: what is missing is a list of links, and no SIRET is.
    page.get_by_role("link", name="Vérifier mes informations").click()
    expect(page.locator("main")).to_contain_text("Préposée d’établissement")
    expect(page.locator("main")).not_to_contain_text("SIRET")
    page.locator(".fr-notice__link", has_text="téléphone portable").click()
    expect(page.locator("[name=siret]")).to_have_count(0)
    page.fill("[name=telephone_portable]", "06 39 98 41 2")
    page.get_by_role("button", name=re.compile("^Enregistrer")).last.click()
    expect(page.locator("#erreurs")).to_be_focused()
    expect(page.locator("[name=telephone_portable]")).to_have_value("06 39 98 41 2")
    page.fill("[name=telephone_portable]", "06 39 98 41 28")
    page.get_by_role("button", name=re.compile("^Enregistrer")).last.click()
    expect(page.locator("#messages")).to_contain_text("enregistré")

    # 3. Establishments: a wrong FINESS says its sentence and keeps the rest, a good one goes in.
    page.get_by_role("link", name="Établissements (2)").click()
    expect(etablissement(page, "Ker Ar Mor")).to_contain_text("Rattachement")
    page.get_by_role("link", name="Ajouter un établissement").click()
    bon = numeros.finess("29", compte.rang + 100_000)
    page.fill("[name=nom]", "Résidence des Abers")
    page.fill("[name=finess]", bon[:-1] + str((int(bon[-1]) + 1) % 10))
    page.fill("[name=capacite]", "12")
    page.locator("[name=code_postal]").press_sequentially("29800")
    page.keyboard.press("Tab")
    expect(page.locator("#choix-commune select")).to_contain_text("Landerneau")
    page.select_option("[name=commune]", label="Landerneau (29)")
    page.get_by_role("button", name="Ajouter l’établissement").click()
    expect(page.locator("#erreurs")).to_contain_text("ce numéro FINESS n’est pas valide : vérifiez le dernier chiffre.")
    expect(page.locator("[name=nom]")).to_have_value("Résidence des Abers")
    page.fill("[name=finess]", bon)
    page.get_by_role("button", name="Ajouter l’établissement").click()
    expect(page.locator("#messages")).to_contain_text("Établissement ajouté : Résidence des Abers.")

    # 4. The attachment moves; capacities are added up beside the one number.
    etablissement(page, "Abers").get_by_role("link", name=re.compile("^Modifier")).click()
    page.locator("label", has_text="Établissement de rattachement").click()
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    expect(etablissement(page, "Abers")).to_contain_text("Rattachement")
    expect(etablissement(page, "Ker Ar Mor")).not_to_contain_text("Rattachement")
    for nom, capacite in (("Ker Ar Mor", "20"), ("Rade", "8")):
        etablissement(page, nom).get_by_role("link", name=re.compile("^Modifier")).click()
        page.fill("[name=capacite]", capacite)
        page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    expect(page.locator("tfoot")).to_contain_text(re.compile(r"Somme des établissements\s*40"))
    expect(page.locator("main")).to_contain_text("Vos établissements en souhaitent 40 : c’est 35 qui compte.")
    page.get_by_role("button", name="Prendre la somme, 40, comme nombre en tout").click()
    expect(page.locator("#messages")).to_contain_text("Nombre de mesures souhaitées enregistré : 40.")
    expect(page.locator("main")).not_to_contain_text("c’est 35 qui compte")

    # 5. One is left: the sum follows, the number in all stays.
    etablissement(page, "Rade").get_by_role("link", name=re.compile("^Modifier")).click()
    page.get_by_role("link", name="Retirer l’établissement").click()
    expect(page.locator("main")).to_contain_text("Aucune mesure n’y est suivie.")
    page.get_by_role("button", name="Retirer l’établissement").click()
    expect(page.locator("tfoot")).to_contain_text(re.compile(r"Somme des établissements\s*32"))

    # 6. A mesure in one of her establishments; the type is asked, and closed for somebody at home.
    creer(page, "24P00001", "Domicile")
    expect(page.locator("[name=type_etablissement]")).to_be_disabled()
    page.select_option("[name=lieu_vie]", label="Établissement")
    page.select_option("[name=type_etablissement]", label="Personnes âgées")
    page.select_option("[name=lieu]", label="Résidence des Abers")
    page.locator("[name=code_postal]").press_sequentially("29800")
    page.keyboard.press("Tab")
    expect(page.locator("select[name=commune]")).to_contain_text("Landerneau")
    page.select_option("[name=commune]", label="Landerneau (29)")
    enregistrer(page)
    expect(page.locator("#messages")).to_contain_text("Votre disponibilité passe de 40 à 39.")
    expect(page.locator("main")).to_contain_text("Établissement (personnes âgées)")
    aller(page, "/mes-informations/etablissements/")
    expect(etablissement(page, "Abers")).to_contain_text(re.compile(r"12\s*1\s*0\s*11"))

    # 7. Nowhere to live: nothing is asked. In Belgium: four figures, and the town in full.
    creer(page, "24P00002", "Sans domicile fixe")
    enregistrer(page)
    expect(page.locator("#messages")).to_contain_text("Mesure créée.")
    expect(page.locator(".em-faits").last).to_contain_text("Sans domicile fixe")
    expect(page.locator(".em-faits").last).not_to_contain_text("Commune")
    creer(page, "24P00003", "Domicile")
    page.fill("[name=code_postal]", "6760")
    enregistrer(page)
    expect(page.locator("#erreurs")).to_contain_text("Si la personne vit en Belgique, choisissez « Belgique ».")
    page.locator("label", has_text=re.compile(r"^\s*Belgique")).click()
    expect(page.locator("[name=ville]")).to_be_visible()
    page.fill("[name=ville]", "Virton")
    enregistrer(page)
    expect(page.locator("#messages")).to_contain_text("Mesure créée.")
    expect(page.locator(".em-faits").last).to_contain_text("6760 Virton")
