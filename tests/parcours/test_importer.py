"""The import as a mandataire lives it in a browser: a list full of surprises, questions, the file mended, once; undone."""

import datetime
import io
import itertools
import re
import time

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.mesures.import_excel.fabrique import xlsx

from .accessibilite import fautes
from .gestes import sans_script

pytestmark = pytest.mark.navigateur

TITRES = ["NOM Prénom", "Réf", "Date nomination", "Civ.", "Né(e) en", "Type", "Résidence", "CP", "Commune", "N° RG",
          "Juridiction", "Ch.", "Obs."]  # fmt: skip
NOM = "CANARINI Zébulon"
_RANG = itertools.count(int(time.time()))


def ligne(n: int, **changements) -> list:
    valeurs = {
        "nom": NOM, "dossier": f"2021-{n:03}", "date": datetime.datetime(2021, 6, 9), "civilite": "Mme", "annee": 1947,
        "type": "TUTELLE biens + pers.", "residence": "EHPAD", "code": "57 000", "ville": "METZ",
        "rg": f"RG 21/B/{n:05}", "tribunal": "TJ Metz", "cabinet": "2", "obs": "vu au greffe" if n % 5 == 0 else None,
    }  # fmt: skip
    return list((valeurs | changements).values())


def liste() -> bytes:
    """A title that nobody could guess, another at each call: what an earlier story said of it does not hold."""
    titres = [t if t != "Ch." else f"Ch{next(_RANG)}" for t in TITRES]
    lignes = [ligne(n) for n in range(1, 41)]
    lignes += [ligne(50 + n, tribunal="TJ St Avold") for n in range(7)]
    lignes += [ligne(60 + n, code="57950", ville="Montigny") for n in range(2)]
    lignes += [
        ligne(70, annee="46"),
        ligne(71, date="31/02/2020", type="habilitation familiale"),
        ligne(72, civilite="X"),
    ]
    return xlsx([*lignes, ["TOTAL", 52]], titres, avant=[["Mes mesures"], []])


def fichier(octets: bytes) -> dict:
    return {"name": f"{NOM}.xlsx", "mimeType": "application/octet-stream", "buffer": octets}


def verifier_axe(page) -> None:
    trouvees = fautes(page, page.url)
    assert not trouvees, trouvees


def telecharger(page, geste):
    with page.expect_download() as attendu:
        geste()
    with open(attendu.value.path(), "rb") as flux:
        return openpyxl.load_workbook(io.BytesIO(flux.read()))


def jusqu_a_l_apercu(page, octets: bytes) -> None:
    """Send the file; the names are told before anything else, and never shown (accepted once for the same columns)."""
    page.goto("/importer/")
    page.set_input_files("#id_classeur", files=[fichier(octets)])
    page.get_by_role("button", name="Voir l’aperçu").click()
    noms = page.get_by_role("heading", name="e-MJPM ne doit contenir aucun nom")
    expect(noms.or_(page.locator("#compteurs"))).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("CANARINI")
    if noms.count():
        page.get_by_role("button", name=re.compile("^Continuer sans ces 52 cellules")).click()
    expect(page.locator("#compteurs")).to_be_visible()
    if page.locator("button[name=reposer]").count():  # a story lived before this one
        page.locator("button[name=reposer]").click()
        expect(page.locator("button[name=reposer]")).to_have_count(0)


def test_a_list_full_of_surprises_goes_in_and_can_be_undone(personne):
    camille, equipe = personne(), personne()
    page = camille.se_connecte("nouveau")
    page.goto("/importer/")
    modele = telecharger(page, lambda: page.get_by_role("link", name=re.compile("modèle")).click())
    assert modele.sheetnames[0] == "Mesures"

    # 1. What was understood, before anything is written.
    jusqu_a_l_apercu(page, liste())
    expect(page.locator(".em-compteurs--pretes")).to_contain_text("40")
    expect(page.locator(".em-compteurs--corriger")).to_contain_text("dont 10 en 3 réponses")
    expect(page.locator("#problemes")).to_contain_text("2 lignes à corriger")
    expect(page.locator("main")).to_contain_text("Le 31 février n’existe pas")
    verifier_axe(page)

    # 2. The user's own workbook, marked: the page still holds the file.
    annote = telecharger(page, lambda: page.get_by_role("button", name="Télécharger le classeur annoté").click()).active
    fautive = next(r for r in annote.iter_rows(min_row=4) if r[2].value == "31/02/2020")
    assert fautive[0].value == NOM
    assert "Le 31 février n’existe pas" in fautive[13].value

    # 3. Three answers settle ten rows; the likely ones were ticked.
    page.locator("label", has_text="Oui, 1946").click()
    page.get_by_role("button", name="Enregistrer mes réponses").click()
    expect(page.locator("#messages")).to_contain_text("10 lignes de plus sont prêtes.")
    expect(page.locator(".em-compteurs--pretes")).to_contain_text("50")

    # 4. A column nobody could guess, named on the page: no second choice of the file.
    page.select_option("select[name=colonne-L]", label="Cabinet")
    page.get_by_role("button", name="Appliquer ces choix").click()
    expect(page.locator("select[name=colonne-L] option[selected]")).to_have_text("Cabinet")  # as the server says
    expect(page.locator(".em-compteurs--pretes")).to_contain_text("50")  # the answers held

    # 5. Confirmed once; the page, then, tells it.
    page.locator(".em-pile a", has_text="Importer 50 mesures").click()
    expect(page.locator("main")).to_contain_text("L’import ne pourra pas être refait")
    verifier_axe(page)
    page.get_by_role("button", name="Importer 50 mesures").click()
    expect(page.get_by_role("heading", name="50 mesures importées")).to_be_visible()
    expect(page.locator("main")).to_contain_text("2 lignes à saisir à la main")
    verifier_axe(page)
    restes = telecharger(page, lambda: page.get_by_role("link", name=re.compile("^Télécharger les")).click()).active
    assert restes.max_row == 1 + 2 + 1  # titles, two to type in, the total

    # 6. A row left aside is typed in with what was understood.
    page.get_by_role("link", name=re.compile("Saisir la mesure de la ligne 55")).click()
    expect(page.locator("[name=numero_rg]")).to_have_value("RG 21/B/00072")
    page.locator("label", has_text=re.compile(r"^\s*(Homme|Monsieur)")).first.click()
    page.get_by_role("button", name="Créer la mesure").click()
    expect(page.locator("main")).to_contain_text("Saisie le")

    # 7. The team undoes it: what was not touched goes, what was typed since stays, and it can be done again.
    bureau = equipe.se_connecte("support")
    equipe.va("/admin/mesures/importmesures/")
    bureau.locator("#result_list a", has_text="Étienne Largeombre").first.click()
    bureau.get_by_role("link", name=re.compile("^Annuler cet import")).click()
    bureau.get_by_role("button", name="Annuler l’import").click()
    expect(bureau.locator(".messagelist")).to_contain_text("50")
    page.goto("/importer/")
    expect(page.locator("main")).to_contain_text("50 mesures retirées")
    expect(page.get_by_role("button", name="Voir l’aperçu")).to_be_visible()
    page.goto("/mesures/en-cours/")
    expect(page.locator("main")).to_contain_text("RG 21/B/00072")
    page.get_by_role("link", name=re.compile("00072")).first.click()
    page.get_by_role("link", name="Supprimer").click()
    page.get_by_role("button", name=re.compile("^Supprimer")).click()


def test_without_javascript_the_file_is_asked_again(personne):
    camille = personne(java_script_enabled=False)
    sans_script(camille.contexte)
    page = camille.se_connecte("nouveau")
    octets = liste()
    jusqu_a_l_apercu(page, octets)
    page.locator("label", has_text="Oui, 1946").click()
    page.get_by_role("button", name="Enregistrer mes réponses").click()
    expect(page.locator("#messages")).to_contain_text("10 lignes de plus sont prêtes.")
    page.select_option("select[name=colonne-L]", label="Cabinet")
    page.set_input_files("#classeur-colonnes", files=[fichier(octets)])
    page.get_by_role("button", name="Appliquer ces choix").click()
    expect(page.locator("select[name=colonne-L] option[selected]")).to_have_text("Cabinet")  # as the server says
    page.set_input_files("#id_classeur", files=[fichier(octets)])
    annote = telecharger(page, lambda: page.get_by_role("button", name="Recevoir ce fichier annoté").click()).active
    assert annote["N3"].value == "À corriger"
    expect(page.locator(".em-compteurs--pretes")).to_contain_text("50")


def test_a_refused_file_says_why_and_takes_the_focus(personne):
    page = personne().se_connecte("nouveau")
    page.goto("/importer/")
    page.set_input_files("#id_classeur", files=[{"name": "x.xlsx", "mimeType": "x/y", "buffer": b"%PDF-1.7 abc"}])
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.locator("#erreurs")).to_contain_text("C’est un PDF.")
    expect(page.locator("#erreurs")).to_be_focused()
    expect(page.locator("main")).to_contain_text("votre import reste disponible")
    verifier_axe(page)
