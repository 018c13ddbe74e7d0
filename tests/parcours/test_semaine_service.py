"""A week of a service: its antennes and the explained figure, colleagues invited, limited, removed."""

import re

import pytest
from playwright.sync_api import Page, expect

from .gestes import (
    BREST,
    SECRET,
    Compte,
    aller,
    choisir_tribunal,
    classeur,
    confirmer_identite,
    envoyer_et_confirmer,
    importer,
    lien_du_courriel,
    nouveau_compte,
    remplir_adresse,
    remplir_identite,
    siret,
    valider_la_demande,
)

pytestmark = pytest.mark.navigateur


def antenne(page: Page, nom: str):
    return page.get_by_role("table", name="Antennes du service").locator("tr", has_text=nom)


def ajouter_antenne(page: Page, nom: str, code: str, ville: str, capacite: str = "") -> None:
    aller(page, "/mes-informations/antennes/ajouter/")
    page.fill("[name=nom]", nom)
    page.fill("[name=adresse]", "2 place de la Mairie")
    page.fill("[name=capacite]", capacite)
    page.fill("[name=code_postal]", code)
    page.get_by_role("button", name="Communes").click()
    page.select_option("[name=commune]", label=f"{ville} (29)")
    page.get_by_role("button", name="Ajouter l’antenne").click()
    expect(page.locator("#messages")).to_contain_text(f"Antenne ajoutée : {nom}.")


def inviter(page: Page, adresse: str, antenne: str | None = None, role: str = "Membre") -> None:
    aller(page, "/mes-informations/membres/")
    page.fill("[name=courriel]", adresse)
    page.select_option("[name=role]", label=role)
    if antenne:
        page.select_option("[name=antenne]", label=antenne)
    page.get_by_role("button", name="Envoyer l’invitation", exact=True).click()


def inscrire_un_service(page: Page, compte: Compte, nom_du_service: str) -> None:
    """The service is not in the list: it is described."""
    aller(page, "/inscription/service/")
    remplir_identite(page, compte, "Solène")
    page.locator("summary", has_text="Décrire un nouveau service").click()
    page.fill("[name=nom_service]", nom_du_service)
    page.fill("[name=siret]", siret(compte.rang))
    page.fill("[name=telephone]", "02 98 00 41 29")
    remplir_adresse(page)
    page.fill("[name=capacite]", "60")
    choisir_tribunal(page, "Brest")
    envoyer_et_confirmer(page, compte)


def test_a_service_and_its_people(personne, bureau, regard):
    compte, invite = nouveau_compte("Solene"), nouveau_compte("Maelle")
    service = f"Service {compte.nom}"
    elle, collegue = personne(), personne()

    # 1. A new service is described, validated; its list is imported.
    page = elle.page
    inscrire_un_service(page, compte, service)
    valider_la_demande(bureau, compte.nom)
    elle.se_connecte(compte.adresse, SECRET)
    importer(page, classeur(12, lieu=BREST), 12)

    # 2. Antennes; what the courts see and what the antennes say are told apart, in words.
    ajouter_antenne(page, "Antenne de Morlaix", "29600", "Morlaix", "20")
    ajouter_antenne(page, "Antenne de Landerneau", "29800", "Landerneau")
    elle.va("/mesures/en-cours/?q=Morlaix")
    expect(page.get_by_role("heading", level=1)).to_contain_text("4 mesures en cours sur 12")
    page.get_by_label("Cocher les 4 mesures de la page").check()
    page.get_by_role("button", name="Changer d’antenne").click()
    page.select_option("[name=antenne]", label="Antenne de Morlaix")
    page.get_by_role("button", name="Changer ces 4 mesures").click()
    expect(page.locator("#messages")).to_contain_text("4 mesures passent à « Antenne de Morlaix ».")
    elle.va("/mes-informations/antennes/")
    expect(antenne(page, "Antenne de Morlaix")).to_contain_text(re.compile(r"20\s*4\s*0\s*16"))
    expect(page.get_by_role("heading", name=re.compile(r"Pourquoi 48, et non 16"))).to_be_visible()
    expect(page.locator("main")).to_contain_text("Vos antennes annoncent 16 places.")
    expect(page.locator("main")).to_contain_text("16 + 40 − 8 = 48")

    # 3. A colleague is invited for one antenne: an administrator limited to one makes no sense, and is told so.
    inviter(page, invite.adresse, "Antenne de Morlaix", "Administrateur")
    expect(page.locator("#erreurs")).to_contain_text("un administrateur agit pour tout le service")
    expect(page.locator("[name=courriel]")).to_have_value(invite.adresse)
    inviter(page, invite.adresse, "Antenne de Morlaix")
    expect(page.locator("#messages")).to_contain_text(f"Invitation envoyée à {invite.adresse}, valable 7 jours.")
    regard(page, "membres, une invitation attend")
    inviter(page, invite.adresse)
    expect(page.locator("#erreurs")).to_contain_text("une invitation attend déjà sa réponse")

    # 4. She opens the link on her own computer, and is a member at once; the link serves once.
    autre = collegue.page
    lien = lien_du_courriel(autre, invite.adresse, "/invitation/")
    aller(autre, lien)
    expect(autre.get_by_role("heading", level=1)).to_have_text(f"Rejoindre {service}")
    expect(autre.locator("main")).to_contain_text(invite.adresse)
    regard(autre, "invitation")
    autre.locator("label", has_text=re.compile(r"^\s*Madame")).click()
    autre.fill("[name=prenom]", "Maëlle")
    autre.fill("[name=nom]", invite.nom)
    autre.fill("[name=mot_de_passe]", SECRET)
    autre.get_by_role("button", name="Ouvrir mon compte et rejoindre le service").click()
    expect(autre.locator("#messages")).to_contain_text(f"vous faites partie de {service}. Connectez-vous.")
    collegue.se_connecte(invite.adresse, SECRET)
    inconnu = personne().va(lien)
    expect(inconnu.get_by_role("heading", level=1)).not_to_contain_text("Rejoindre")

    # 5. She sees the rows of her antenne, and no other: not by the address either.
    aller(autre, "/mesures/en-cours/")
    expect(autre.get_by_role("heading", level=1)).to_contain_text("4 mesures en cours")
    expect(autre.locator("main table tbody tr")).to_have_count(4)
    elle.va("/mesures/en-cours/?q=Landerneau")
    ailleurs = page.locator("main table tbody a").first.get_attribute("href")
    assert autre.goto(ailleurs).status == 404
    aller(autre, "/mes-informations/membres/")
    expect(autre.locator("[name=courriel]")).to_have_count(0)

    # 6. The last administrator cannot leave the service without one; named, the colleague may stay alone.
    elle.va("/mon-compte/fermer/")
    confirmer_identite(page, SECRET)
    expect(page.locator("main")).to_contain_text(f"Vous êtes le seul administrateur de {service}.")
    expect(page.get_by_role("button", name="Demander la fermeture")).to_have_count(0)
    elle.va("/mes-informations/membres/")
    page.get_by_role("link", name=f"Modifier Maëlle {invite.nom}").click()
    regard(page, "modifier un membre")
    page.select_option("[name=antenne]", label="Tout le service")
    page.get_by_role("button", name="Enregistrer l’accès").click()
    expect(page.locator("#messages")).to_contain_text("Accès enregistré")
    aller(autre, "/mesures/en-cours/")
    expect(autre.get_by_role("heading", level=1)).to_contain_text("12 mesures en cours")

    # 7. Removed: signed out at once, told by a mail; the mesures stay.
    page.get_by_role("link", name=f"Modifier Maëlle {invite.nom}").click()
    page.get_by_role("link", name="Retirer du service").click()
    regard(page, "retirer un membre")
    page.get_by_role("button", name="Retirer du service").click()
    expect(page.locator("#messages")).to_contain_text("ne fait plus partie du service")
    aller(autre, "/mesures/en-cours/")
    expect(autre).to_have_url(re.compile("/connexion/"))
    aller(autre, "/demo/courriels/")
    expect(autre.locator("article", has_text=invite.adresse).first).to_contain_text(service)
    elle.va("/mesures/en-cours/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("12 mesures en cours")

    # 8. Somebody of the same service registers: it is in the list, and its administrator is told.
    nouvelle = nouveau_compte("Enora")
    candidate = personne()
    page_2 = candidate.va("/inscription/service/")
    remplir_identite(page_2, nouvelle, "Enora")
    page_2.select_option("[name=service]", label=service)
    envoyer_et_confirmer(page_2, nouvelle)
    valider_la_demande(bureau, nouvelle.nom)
    candidate.se_connecte(nouvelle.adresse, SECRET)
    candidate.va("/mes-informations/membres/")
    expect(page_2.locator("main")).to_contain_text("2 membres")
    aller(page, "/demo/courriels/")
    expect(page.locator("article", has_text=compte.adresse).filter(has_text=nouvelle.nom).first).to_be_visible()
