"""What several stories do on their way: register and be validated, reserve, import, read a mail, do without scripts."""

import datetime
import io
import itertools
import re
import time
from dataclasses import dataclass

import openpyxl
from playwright.sync_api import Error, Locator, Page, expect
from stdnum import luhn

SECRET = "trois-mots-bien-choisis"
NATURES = ["Tutelle", "Curatelle renforcée aux biens et à la personne", "CURATELLE SIMPLE", "sauvegarde de justice"]
METZ = ("TJ Metz", [("57000", "Metz"), ("57100", "Thionville"), ("57500", "Saint-Avold"), ("54000", "Nancy"),
                    ("01000", "Bourg-en-Bresse")])  # fmt: skip
BREST = ("TJ Brest", [("29200", "Brest"), ("29600", "Morlaix"), ("29800", "Landerneau")])
"""Far from the demo's court: whoever registers there moves nobody in its results."""
_RANGS = itertools.count(int(time.time()) % 80_000 + 10_000)
"""A demo kept from one run to the next has met the others."""


def siret(rang: int) -> str:
    debut = f"91{rang:06d}"
    siren = debut + luhn.calc_check_digit(debut)
    return siren + "0001" + luhn.calc_check_digit(siren + "0001")


def classeur(lignes: int, fautes: bool = False, lieu=METZ) -> dict:
    """A workbook with the nine kinds of information and everyday titles; `fautes` spoils two rows."""
    tribunal, communes = lieu
    document = openpyxl.Workbook()
    feuille = document.active
    feuille.append(["Date du jugement", "Type de mesure", "CP", "Commune", "Civilité", "Année de naissance",
                    "Lieu de résidence", "N° dossier", "N° RG", "Tribunal", "Cabinet"])  # fmt: skip
    for i in range(lignes):
        code, ville = communes[i % len(communes)]
        feuille.append([
            datetime.date(2015 + i % 10, 1 + i % 12, 1 + i % 28), NATURES[i % len(NATURES)], code, ville,
            ("M.", "Mme")[i % 2], 1930 + i % 70, ("À domicile", "EHPAD", "domicile")[i % 3], f"D-{i:04d}",
            f"{15 + i % 10}C{i:05d}", tribunal, str(1 + i % 4),
        ])  # fmt: skip
    if fautes:
        feuille["A3"], feuille["B5"] = "31/02/2020", "mesure de confiance"
    octets = io.BytesIO()
    document.save(octets)
    return {
        "name": "mes mesures.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": octets.getvalue(),
    }


def importer(page: Page, fichier: dict, combien: int) -> None:
    aller(page, "/importer/")
    page.set_input_files("input[type=file]", files=[fichier])
    page.get_by_role("button", name="Voir l’aperçu").click()
    page.get_by_role("link", name=f"Importer {combien} mesures").first.click()
    page.get_by_role("button", name=f"Importer {combien} mesures").click()
    expect(page.get_by_role("heading", name=f"{combien} mesures importées")).to_be_visible()


def aller(page: Page, adresse: str) -> Page:
    """Firefox, busy, may take its own reload for another navigation: it is asked again."""
    try:
        page.goto(adresse)
    except Error:
        page.goto(adresse)
    return page


def lien_du_courriel(page: Page, adresse: str, motif: str) -> str:
    """The link a mail to this address holds, read where the demo shows its mails; the latest one first."""
    aller(page, "/demo/courriels/")
    message = page.locator("article", has_text=adresse).filter(has=page.locator(f"a[href*='{motif}']"))
    lien = message.locator(f"a[href*='{motif}']").first.get_attribute("href")
    return re.sub(r"^https?://[^/]+", "", lien)


def telecharger(page: Page, geste) -> bytes:
    with page.expect_download() as attendu:
        geste()
    with open(attendu.value.path(), "rb") as flux:
        return flux.read()


def sans_script(contexte) -> None:
    """Firefox, driven this way, runs scripts whatever it is told: it is given empty ones."""
    contexte.route("**/*.js", lambda demande: demande.fulfill(status=200, content_type="text/javascript", body=""))


def tabuler(page: Page, vers, pas: int = 40) -> None:
    """Walk with the Tab key until `vers` has the focus."""
    for _ in range(pas):
        page.keyboard.press("Tab")
        if vers.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError("la touche Tab n’y mène pas")


def ecrire_nombre(champ: Locator, valeur: str) -> None:
    """Over what is there: driven this way, Firefox writes after what a number field already holds."""
    champ.press("ControlOrMeta+A")
    champ.press_sequentially(valeur)


# --- Becoming someone ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compte:
    """Somebody registered and validated while the stories run."""

    adresse: str
    nom: str
    rang: int


def nouveau_compte(prenom: str) -> Compte:
    rang = next(_RANGS)
    return Compte(f"{prenom.lower()}{rang}@exemple.fr", f"Semaine{''.join(chr(97 + int(c)) for c in str(rang))}", rang)


def remplir_identite(page: Page, compte: Compte, prenom: str) -> None:
    page.locator("label", has_text=re.compile(r"^\s*Madame")).click()
    page.fill("[name=prenom]", prenom)
    page.fill("[name=nom]", compte.nom)
    page.fill("[name=email]", compte.adresse)
    page.fill("[name=password1]", SECRET)


def remplir_adresse(page: Page, rue: str = "12 rue de Siam", code: str = "29200", ville: str = "Brest") -> None:
    page.fill("[name=adresse]", rue)
    page.fill("[name=code_postal]", code)
    page.fill("[name=commune]", ville)


def choisir_tribunal(page: Page, ville: str) -> None:
    page.fill("[name=chercher_tribunal]", ville)
    page.locator("#tribunaux-choix label", has_text=f"Tribunal judiciaire de {ville}").first.click()


def confirmer_identite(page: Page, mot_de_passe: str) -> None:
    """What touches the safety of an account asks for the password again."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer que c’est vous")
    page.fill("main [name=password]", mot_de_passe)
    page.get_by_role("button", name="Continuer").click()


def envoyer_et_confirmer(page: Page, compte: Compte) -> None:
    """Send the request, then follow the link of the mail."""
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.locator("main")).to_contain_text("Confirmez votre adresse")
    aller(page, lien_du_courriel(page, compte.adresse, "/inscription/confirmer/"))
    page.locator("main form button[type=submit]").click()


def valider_la_demande(bureau: Page, nom: str) -> None:
    """The team, signed in, validates the request of `nom`."""
    aller(bureau, "/admin/inscriptions/demandeinscription/")
    bureau.locator("tr", has_text=nom).locator("input[type=checkbox]").check()
    bureau.select_option("select[name=action]", label="Valider les demandes sélectionnées")
    bureau.locator("button[name=index]").click()
    expect(bureau.locator(".messagelist")).to_contain_text("1 demande validée")


def devenir_individuel(page: Page, bureau: Page, compte: Compte, prenom: str, capacite: str) -> None:
    """Register as a mandataire individuel at Brest, and be validated by the team."""
    aller(page, "/inscription/individuel/")
    remplir_identite(page, compte, prenom)
    page.fill("[name=siret]", siret(compte.rang))
    page.fill("[name=telephone]", "02 98 00 41 27")
    remplir_adresse(page)
    page.fill("[name=capacite]", capacite)
    choisir_tribunal(page, "Brest")
    envoyer_et_confirmer(page, compte)
    valider_la_demande(bureau, compte.nom)


# --- What a court does --------------------------------------------------------------------------------


def reserver(juge: Page, nom: str, rg: str, *, message: str = "", urgence: bool = False, commune: str = "29200 Brest"):
    """A judge reserves with `nom`, wherever in France they work."""
    aller(juge, f"/recherche/?habilites=france&texte={nom.replace(' ', '+')}")
    juge.locator(".em-resultat", has_text=nom).get_by_role("link", name=re.compile("^Réserver")).click()
    juge.fill("[name=numero_rg]", rg)
    juge.select_option("[name=nature]", label="Tutelle")
    juge.locator("label", has_text=re.compile(r"^\s*Madame")).first.click()
    juge.fill("[name=annee_naissance]", "1950")
    if message:
        juge.fill("[name=message]", message)
    if urgence:
        juge.locator("label[for=id_urgence]").click()
    juge.locator("main form.em-formulaire button[type=submit]").last.click()
    expect(juge.get_by_role("heading", level=1)).to_contain_text("Mesure réservée")


# --- What a mandataire does ---------------------------------------------------------------------------


def ouvrir_mesure(page: Page, rg: str) -> Page:
    """A mesure en cours, found by its number as its mandataire would."""
    aller(page, "/mesures/en-cours/")
    page.get_by_label("Rechercher", exact=True).fill(rg)
    page.get_by_label("Rechercher", exact=True).press("Enter")
    page.get_by_role("link", name=rg, exact=True).click()
    expect(page.locator(".em-tete")).to_contain_text(f"RG {rg}")
    return page


def message(page: Page) -> Locator:
    return page.locator("#messages")
