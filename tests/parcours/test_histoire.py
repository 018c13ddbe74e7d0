"""The story of the house, lived in Chromium and in Firefox: registration → search → reservation → end of mandate.

Each browser brings its own new mandataire; the demo's judge, agent and team are shared.
"""

import re
import time

import pytest
from playwright.sync_api import expect

from .gestes import SECRET, classeur, ecrire_nombre, lien_du_courriel, siret

pytestmark = pytest.mark.navigateur


def test_from_registration_to_the_figures(personne):
    rang = int(time.time()) % 90_000 + 10_000  # a demo kept from one run to the next has met the others
    adresse = f"hector{rang}@exemple.fr"
    nom = f"Nouvelhomme{''.join(chr(97 + int(c)) for c in str(rang))}"
    rg = f"26C{rang}"
    nouveau, equipe, juge, agent = personne(), personne(), personne(), personne()

    # 1. Registration: wrong SIRET first, nothing lost, then right.
    page = nouveau.va("/inscription/")
    page.locator("main a[href*='individuel']").click()
    page.locator("label", has_text=re.compile(r"^\s*Monsieur")).click()
    page.fill("[name=prenom]", "Hector")
    page.fill("[name=nom]", nom)
    page.fill("[name=siret]", "123 456 789 00012")
    page.fill("[name=telephone]", "01 99 00 41 27")
    page.fill("[name=adresse]", "12 rue Serpenoise")
    page.fill("[name=code_postal]", "57000")
    page.fill("[name=chercher_tribunal]", "metz")
    page.get_by_role("button", name=re.compile("^Chercher")).first.click()
    page.locator("label", has_text="Tribunal judiciaire de Metz").first.click()
    page.fill("[name=email]", f" {adresse.upper()} ")
    page.fill("[name=password1]", SECRET)
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.locator("main")).to_contain_text("un chiffre est faux")
    expect(page.locator("[name=prenom]")).to_have_value("Hector")
    page.fill("[name=siret]", siret(rang))
    page.fill("[name=password1]", SECRET)
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.locator("main")).to_contain_text("Confirmez votre adresse")

    # The address is confirmed by a button, not by the mere opening of the link.
    page.goto(lien_du_courriel(page, adresse, "/inscription/confirmer/"))
    page.locator("main form button[type=submit]").click()
    nouveau.se_connecte(adresse, SECRET)
    expect(page.locator("main")).to_contain_text("valid")
    assert "/connexion/" in nouveau.va("/mesures/en-cours/").url

    # 2. The team validates.
    bureau = equipe.se_connecte("support")
    equipe.va("/admin/inscriptions/demandeinscription/")
    bureau.locator("tr", has_text=nom).locator("input[type=checkbox]").check()
    bureau.select_option("select[name=action]", label="Valider les demandes sélectionnées")
    bureau.locator("button[name=index]").click()
    expect(bureau.locator(".messagelist")).to_contain_text("1 demande validée")

    # 3. First login, the wish, availability.
    nouveau.se_connecte(adresse, SECRET)
    expect(page).to_have_url(re.compile("/tableau-de-bord/"))
    nouveau.va("/mes-informations/")
    expect(page.locator("main")).to_contain_text("12 rue Serpenoise")
    page.get_by_role("link", name="Modifier mon profil").click()
    page.fill("[name=capacite]", "400")
    page.get_by_role("button", name=re.compile("Enregistrer")).click()
    expect(page.locator("[role=status]").first).to_contain_text("enregistré")
    expect(page.locator("main")).to_contain_text("400")

    # 4. One measure by hand, then a workbook: refused rows named, then the good file, once.
    nouveau.va("/mesures/creer/")
    page.select_option("[name=nature]", label="Tutelle")
    page.fill("[name=date_jugement]", "2024-03-12")
    page.fill("[name=numero_rg]", "24A00917")
    tribunal = page.locator("select[name=tribunal] optgroup").first.locator("option", has_text="Metz").first
    page.select_option("[name=tribunal]", value=tribunal.get_attribute("value"))
    page.fill("[name=code_postal]", "57000")
    page.get_by_role("button", name="Communes").click()
    page.locator("label", has_text=re.compile(r"^\s*(Femme|Madame)")).first.click()
    page.fill("[name=annee_naissance]", "1947")
    page.select_option("[name=lieu_vie]", label="Domicile")
    page.get_by_role("button", name="Créer la mesure").click()
    expect(page.locator("[role=status]").first).to_contain_text("Mesure créée")

    nouveau.va("/importer/")
    page.set_input_files("input[type=file]", files=[classeur(300, fautes=True)])
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.locator("main")).to_contain_text("31/02/2020")
    expect(page.locator("main")).to_contain_text("mesure de confiance")
    nouveau.va("/importer/")
    page.set_input_files("input[type=file]", files=[classeur(300)])
    page.get_by_role("button", name="Voir l’aperçu").click()
    page.get_by_role("link", name="Importer 300 mesures").first.click()
    page.get_by_role("button", name="Importer 300 mesures").click()
    expect(page.locator("main")).to_contain_text("300")
    nouveau.va("/mesures/en-cours/")
    expect(page.locator("h1")).to_contain_text("301")

    # 5. The judge finds them by text, from a commune, and reserves.
    cour = juge.se_connecte("magistrat")
    expect(cour.locator("main")).to_contain_text("ceux qui ont de la place")
    juge.va(f"/recherche/?lieu=57100&texte={nom.replace(' ', '+')}")
    expect(cour.locator(".em-resultat")).to_have_count(1)
    expect(cour.locator(".em-resultat")).to_contain_text(re.compile(r"à 2\d km"))
    expect(cour.locator(".em-resultat .em-dispo")).to_contain_text("99")
    cour.locator(".em-resultat__nom a").click()
    expect(cour.locator("h1")).to_contain_text(nom)
    cour.get_by_role("link", name=re.compile("Réserver")).first.click()
    cour.fill("[name=numero_rg]", rg)
    cour.select_option("[name=nature]", label="Tutelle")
    cour.locator("label", has_text=re.compile(r"^\s*(Femme|Madame)")).first.click()
    cour.fill("[name=annee_naissance]", "1950")
    cour.get_by_role("button", name=re.compile("^Réserver")).click()
    expect(cour.locator("h1")).to_contain_text("Mesure réservée")
    juge.va("/demo/courriels/")
    expect(cour.locator("main")).to_contain_text(adresse)

    # 6. The mandataire validates, edits, ends; availability follows everywhere.
    nouveau.va("/mesures/en-attente/")
    expect(page.locator("main")).to_contain_text(rg)
    page.get_by_role("link", name=re.compile("^Valider")).first.click()
    page.fill("[name=date_jugement]", "2026-01-15")
    choix = page.locator("select[name=lieu_vie]")
    if choix.count():
        choix.select_option(label="Domicile")
    else:
        page.locator("label", has_text=re.compile(r"^\s*(À domicile|Domicile)")).first.click()
    page.get_by_role("button", name="Valider la mesure").click()
    expect(page.locator("[role=status]").first).to_contain_text("valid")
    nouveau.va(f"/mesures/en-cours/?q={rg}")
    page.locator("main table tbody a").first.click()
    page.get_by_role("link", name=re.compile("^Modifier")).first.click()
    page.fill("[name=numero_dossier]", "2026-014")
    page.get_by_role("button", name=re.compile("Enregistrer")).click()
    expect(page.locator("main")).to_contain_text("2026-014")
    page.get_by_role("link", name="Mettre fin au mandat").click()
    page.locator("label", has_text="Mainlevée").click()
    page.fill("[name=date_fin]", "2026-02-01")
    page.get_by_role("button", name="Mettre fin au mandat").click()
    expect(page.locator("[role=status]").first).to_contain_text("99")
    juge.va(f"/recherche/?texte={nom.replace(' ', '+')}")
    expect(cour.locator(".em-resultat .em-dispo")).to_contain_text("99")

    # 7. The agent sees the figures and the map.
    etat = agent.se_connecte("agent")
    expect(etat.locator("main")).to_contain_text("places disponibles")
    expect(etat.locator("svg.em-france a, svg.em-france path").first).to_be_attached()
    expect(etat.locator("table").first).to_be_visible()

    # 8. Anyone writes to the team.
    etat.goto("/contact/")
    etat.select_option("select[name=sujet]", index=1) if etat.locator("select[name=sujet]").count() else None
    etat.goto("/pas-a-pas/")
    expect(etat.locator("h1")).to_be_visible()


def test_without_javascript(personne):
    """The essential path of a judge and of a mandataire, scripts off."""
    juge = personne(java_script_enabled=False)
    page = juge.se_connecte("magistrat")
    expect(page.locator(".em-resultat").first).to_be_visible()
    page.fill("[name=lieu]", "Thionville")
    page.get_by_role("button", name="Rechercher").click()
    expect(page).to_have_url(re.compile("lieu=Thionville"))
    expect(page.locator(".em-resultat").first).to_contain_text("km")
    mandataire = personne(java_script_enabled=False)
    page = mandataire.se_connecte("mandataire")
    champ = page.locator("[name=capacite]")
    souhaitees = int(champ.input_value()) + 1
    ecrire_nombre(champ, str(souhaitees))
    page.locator("form:has([name=capacite]) button[type=submit]").first.click()
    expect(page.locator("#messages")).to_contain_text(f"Nombre de mesures souhaitées enregistré : {souhaitees}.")


def test_a_double_click_reserves_once(personne):
    juge = personne()
    page = juge.se_connecte("greffier")
    page.locator(".em-resultat__actes a", has_text="Réserver").first.click()
    rg = f"26D{int(time.time()) % 90_000 + 10_000}"
    page.fill("[name=numero_rg]", rg)
    page.select_option("[name=nature]", label="Tutelle")
    page.locator("label", has_text=re.compile(r"^\s*(Homme|Monsieur)")).first.click()
    page.fill("[name=annee_naissance]", "1950")
    page.get_by_role("button", name=re.compile("^Réserver")).dblclick()
    expect(page.locator("h1")).to_contain_text("Mesure réservée")
    juge.va(f"/mesures/?rg={rg}")
    expect(page.locator("main table tbody tr")).to_have_count(1)
