"""What keeps a profile true, and how one leaves: the mail that asks once a month, sessions, one's data, the door."""

import io
import re
import time

import openpyxl
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from .gestes import (
    BREST,
    SECRET,
    Compte,
    aller,
    classeur,
    confirmer_identite,
    devenir_individuel,
    importer,
    lien_du_courriel,
    nouveau_compte,
    telecharger,
)

pytestmark = pytest.mark.navigateur

AUTRE_SECRET = "quatre-mots-plus-longs-encore"

SILENCE = """
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from mandataires.models import Mandataire
hier = timezone.now() - timedelta(days=31)
siens = Mandataire.objects.filter(membres__utilisateur__email={adresse!r})
siens.update(actualise_le=hier, verifie_le=hier, cree_le=hier)
call_command("rappeler")
"""


@pytest.fixture(scope="module")
def gaelle(personne_durable, bureau) -> Compte:
    """Gaëlle registers and is validated; each story leaves her password and her address as they are."""
    compte = nouveau_compte("Gaelle")
    devenir_individuel(personne_durable().page, bureau, compte, "Gaëlle", "30")
    return compte


def test_a_mail_after_a_month_then_the_door(gaelle, personne, gerer, regard):
    compte, elle, juge = gaelle, personne(), personne()
    page = elle.se_connecte(compte.adresse, SECRET)
    importer(page, classeur(3, lieu=BREST), 3)

    # 1. A month without news: one mail, whose link, opened by whoever reads mails first, changes nothing.
    gerer("shell", "-c", SILENCE.format(adresse=compte.adresse))
    lien = lien_du_courriel(page, compte.adresse, "/tout-est-a-jour/")
    boite = personne()  # without a session, as a gateway or a telephone
    for _ in range(2):
        telephone = aller(boite.page, lien)
        expect(telephone.get_by_role("heading", level=1)).to_have_text("Vos informations sont-elles à jour ?")
        expect(telephone.locator("main")).to_contain_text("il y a 4 semaines")
    regard(telephone, "tout est-il à jour ?")
    telephone.get_by_role("button", name="Tout est à jour").click()
    expect(telephone.get_by_role("heading", level=1)).to_have_text("Vos informations sont à jour")
    regard(telephone, "tout est à jour")
    aller(telephone, lien)
    expect(telephone.get_by_role("button", name="Tout est à jour")).to_have_count(0)
    elle.va("/tableau-de-bord/")
    expect(page.locator("main")).to_contain_text("aujourd’hui")
    gerer("rappeler")
    aller(page, "/demo/courriels/")
    siens = page.locator("article", has_text=compte.adresse).filter(has=page.locator("a[href*='/tout-est-a-jour/']"))
    expect(siens).to_have_count(1)

    # 2. No more of these: said in one click too.
    aller(page, lien_du_courriel(page, compte.adresse, "/ne-plus-recevoir/"))
    regard(page, "ne plus recevoir ?")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est noté")
    regard(page, "ne plus recevoir")
    elle.va("/mon-compte/")
    expect(page.locator("[name=avis_mise_a_jour]")).not_to_be_checked()

    # 3. Sessions: the one of another computer is seen, and closed.
    ailleurs = personne()
    ailleurs.se_connecte(compte.adresse, SECRET)
    elle.va("/mon-compte/sessions/")
    expect(page.locator(".em-taches li", has_text="Cette session")).to_have_count(1)
    expect(page.locator(".em-taches li").filter(has_not_text="Cette session").first).to_be_visible()
    regard(page, "plusieurs sessions")
    page.get_by_role("button", name=re.compile("^Fermer l(’autre|es autres) session")).click()
    expect(page.locator("main")).to_contain_text("Aucune autre session n’est ouverte.")
    expect(ailleurs.va("/tableau-de-bord/")).to_have_url(re.compile("/connexion/"))

    # 4. One's data, in one workbook: the password is asked again, once for what follows.
    elle.va("/mon-compte/mes-donnees/")
    confirmer_identite(page, "mauvais mot de passe")
    expect(page.locator("main")).to_contain_text("Mot de passe incorrect.")
    confirmer_identite(page, SECRET)
    octets = telecharger(page, lambda: page.get_by_role("button", name="Télécharger mes données").click())
    document = openpyxl.load_workbook(io.BytesIO(octets))
    assert document["Mesures"].max_row == 1 + 3
    assert compte.adresse in {r[1] for r in document["Compte"].iter_rows(values_only=True)}

    # 5. Leaving with mesures en cours: what it does is said first; out of the searches at once, access kept.
    cour = juge.se_connecte("magistrat")
    recherche = f"/recherche/?habilites=france&texte={compte.nom}"
    juge.va(recherche)
    resultat = cour.locator(".em-resultat", has_text=compte.nom)  # others look alike
    expect(resultat).to_have_count(1)
    fiche = resultat.locator(".em-resultat__nom a").get_attribute("href")
    elle.va("/mon-compte/")
    page.get_by_role("link", name="Fermer mon compte").click()
    expect(page.locator("main")).to_contain_text("Il vous reste 3 mesures en cours.")
    page.get_by_role("button", name="Demander la fermeture").click()
    expect(page.locator("#messages")).to_contain_text("vous disparaissez des recherches dès maintenant")
    regard(page, "fermeture demandée")
    juge.va(recherche)
    expect(resultat).to_have_count(0)
    aller(cour, fiche)
    expect(cour.locator("main")).not_to_contain_text("Réserver une mesure")
    elle.va("/mesures/en-cours/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 mesures en cours")

    # 6. She changes her mind, from any page.
    page.get_by_role("link", name="Changer d’avis").click()
    page.get_by_role("button", name="Reprendre mon activité").click()
    expect(page.locator("#messages")).to_contain_text("Les tribunaux vous voient à nouveau.")
    juge.va(recherche)
    expect(resultat).to_have_count(1)


def code_a_usage_unique(cle: str) -> str:
    """What the application of her telephone shows."""
    return format_hotp_value(hotp_value(cle, int(time.time()) // 30))


def changer_de_mot_de_passe(elle, ancien: str, nouveau: str, encore: str | None = None) -> None:
    page = elle.va("/mon-compte/mot-de-passe/")
    page.fill("[name=oldpassword]", ancien)
    page.fill("[name=password1]", nouveau)
    page.fill("[name=password2]", encore or nouveau)
    page.get_by_role("button", name="Changer de mot de passe").click()


def test_a_second_factor_and_another_password(gaelle, personne, regard):
    elle, adresse = personne(), gaelle.adresse
    elle.se_connecte(adresse, SECRET)
    page = elle.va("/mon-compte/")

    # 1. A second factor: the password again, the key typed into an application, a wrong code, the right one.
    page.get_by_role("link", name="Activer le second facteur").click()
    regard(page, "second facteur inactif")
    page.get_by_role("link", name="Activer le second facteur").click()
    confirmer_identite(page, SECRET)
    page.fill("[name=code]", "000000")
    page.get_by_role("button", name="Activer le second facteur").click()
    expect(page.locator("#erreurs")).to_be_focused()
    cle = page.locator(".em-code").inner_text()
    page.fill("[name=code]", code_a_usage_unique(cle))
    page.get_by_role("button", name="Activer le second facteur").click()
    expect(page.locator("main")).to_contain_text("codes")
    elle.va("/mon-compte/double-authentification/recovery-codes/")
    secours = page.locator("ul.em-code li")
    expect(secours).to_have_count(10)
    regard(page, "codes de secours")
    un_code = secours.first.inner_text()
    elle.va("/mon-compte/double-authentification/recovery-codes/generate/")
    regard(page, "nouveaux codes de secours ?")
    elle.va("/mon-compte/double-authentification/")
    expect(page.locator("main")).to_contain_text("Actif.")
    regard(page, "second facteur actif")

    # 2. It is asked at the next sign-in; a code of rescue replaces the telephone.
    ailleurs = personne()
    autre = ailleurs.se_connecte(adresse, SECRET)
    expect(autre.get_by_role("heading", level=1)).to_have_text("Second facteur")
    autre.fill("[name=code]", "000000")
    autre.get_by_role("button", name="Se connecter").click()
    expect(autre.locator("#erreurs")).to_be_visible()
    regard(autre, "second facteur refusé")
    autre.fill("[name=code]", un_code)
    autre.get_by_role("button", name="Se connecter").click()
    expect(autre).to_have_url(re.compile("/tableau-de-bord/"))

    # 3. Taken off, then another password: the old one opens nothing any more.
    elle.va("/mon-compte/double-authentification/totp/deactivate/")
    regard(page, "retirer le second facteur ?")
    page.get_by_role("button", name="Retirer le second facteur").click()
    changer_de_mot_de_passe(elle, SECRET, AUTRE_SECRET, "autre chose encore")
    expect(page.locator("#erreurs")).to_be_visible()
    changer_de_mot_de_passe(elle, SECRET, AUTRE_SECRET)
    expect(page.locator("#messages")).to_contain_text("mot de passe")
    tard = personne()
    tard.se_connecte(adresse, SECRET)
    expect(tard.page.locator("#erreurs")).to_contain_text("incorrect")
    tard.se_connecte(adresse, AUTRE_SECRET)
    expect(tard.page).to_have_url(re.compile("/tableau-de-bord/"))
    changer_de_mot_de_passe(elle, AUTRE_SECRET, SECRET)
    expect(page.locator("#messages")).to_contain_text("mot de passe")

    # 4. Another address waits for its confirmation; she keeps the first.
    nouvelle = f"neuve.{adresse}"
    elle.va("/mon-compte/adresse/")
    page.fill("[name=email]", nouvelle)
    page.get_by_role("button", name="Changer d’adresse").click()
    expect(page.locator("main")).to_contain_text(f"{nouvelle} attend sa confirmation")
    regard(page, "adresse à confirmer")
    aller(page, lien_du_courriel(page, nouvelle, "/inscription/confirmer/"))
    regard(page, "confirmer l’adresse")
    elle.va("/mon-compte/adresse/")
    page.get_by_role("button", name="Garder l’adresse actuelle").click()
    expect(page.locator("main")).not_to_contain_text(nouvelle)
    elle.va("/mon-compte/")
    expect(page.locator("main")).to_contain_text(adresse)
