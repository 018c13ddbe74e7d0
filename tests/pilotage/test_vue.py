"""What an agent sees of their territory, and what they may not ask for."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
URL = "/pilotage/"


@pytest.fixture
def france(distribution, ouvrir_session):
    factories.departement("75")  # nobody there
    return ouvrir_session(factories.agent("national"))


@pytest.fixture
def grand_est(distribution, ouvrir_session):
    return ouvrir_session(factories.agent("regional", "57"))


@pytest.fixture
def moselle(distribution, ouvrir_session):
    return ouvrir_session(factories.agent("departemental", "57"))


def page(client, **params):
    reponse = client.get(URL, params)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def lignes(html, entete):
    """The first table headed so: {name: cells}."""
    tableau = next(
        t for t in re.findall(r"<table.*?</table>", html, re.S) if re.search(rf"<th[^>]*>(<a[^>]*>)?{entete}", t)
    )
    rangees = re.findall(r"<tr>(.*?)</tr>", tableau.split("<tbody>")[1], re.S)
    sorties = {}
    for rangee in rangees:
        nom, *cellules = [re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<t[hd].*?</t[hd]>", rangee, re.S)]
        sorties[nom] = cellules
    return sorties


def test_la_soustraction_et_ses_definitions(france):
    html = page(france)
    for attendu in (
        "<dt>places disponibles</dt><dd>109</dd>",
        "chez les 3 mandataires qui en ont",
        "<dt>en surcapacité</dt><dd>3</dd>",
        "<dt>disponibilité totale</dt><dd>+106</dd>",
        "<dt>mesures éteintes</dt><dd>2</dd>",
        "une seule fois dans le total",
        "1 mandataire sans tribunal d’habilitation : compté dans le total, dans aucun département.",
    ):
        assert attendu in html


def test_le_pays_par_region_puis_par_departement(france):
    html = page(france)
    assert lignes(html, "Région") == {
        "Auvergne-Rhône-Alpes": ["0,0 %", "0", "0", "0"],
        "Grand Est": ["+92,0 %", "106", "3", "+103"],
        "Île-de-France": ["–", "0", "0", "0"],
        "France entière": ["+91,4 %", "109", "3", "+106"],
    }
    assert lignes(html, "Département")["Moselle (57)"] == [
        *("+25,0 %", "6", "3", "+3", "12"),  # part libre, places, en trop, total, souhaitées
        *("3", "2", "1", "0"),  # mandataires, by type
        *("0", "1"),  # capacité non renseignée, en pause
        *("12", "1", "0"),  # en cours, en attente, éteintes
    ]


def test_la_region_montre_ses_departements_et_le_departement_ses_tribunaux(france):
    region = page(france, region="44")
    assert set(lignes(region, "Département")) == {"Moselle (57)", "Meurthe-et-Moselle (54)", "Grand Est"}
    assert lignes(region, "Département")["Grand Est"] == ["+92,0 %", "106", "3", "+103"]
    departement = page(france, departement="57")
    assert lignes(departement, "Tribunal") == {
        "TJ Thionville": ["−150,0 %", "0", "3", "−3"],
        "TJ Metz": ["+25,0 %", "6", "3", "+3"],
        "Moselle (57)": ["+25,0 %", "6", "3", "+3"],
    }


def test_par_residence_la_definition_change_avec_les_chiffres(france):
    html = page(france, base="residence")
    assert "département de résidence, celui du lieu d’exercice principal" in html
    assert lignes(html, "Département")["Moselle (57)"][5] == "4"
    assert "sans lieu d’exercice" not in html
    html = page(france, departement="57", base="residence")
    assert "1 mandataire sans habilitation à un tribunal de ce département" in html
    assert (
        "base=residence" in page(france, base="residence").split("<svg")[1]
    )  # drilling down keeps the way of counting


def test_chacun_son_territoire(grand_est, moselle):
    assert '<h1 class="fr-h3">Grand Est</h1>' in page(grand_est)
    html = page(moselle)
    assert '<h1 class="fr-h3">Moselle (57)</h1>' in html
    assert "Meurthe" not in html
    assert "France entière" not in html
    assert "Moselle (57)</h1>" in page(grand_est, departement="57")
    assert '?region=44">Grand Est</a>' in page(grand_est, territoire="departement-57").replace("/pilotage/", "")


@pytest.mark.parametrize(
    "params",
    [
        {"departement": "54"},
        {"departement": "01"},
        {"region": "44"},
        {"region": "84"},
        {"territoire": "departement-54"},
        {"territoire": "region-44"},
        {"territoire": "france"},
        {"departement": "999"},
        {"departement": "57'"},
        {"departement": "54", "format": "xlsx"},
        {"departement": "54", "base": "residence", "format": "csv"},
    ],
)
def test_un_territoire_hors_de_ses_droits_n_existe_pas(moselle, params):
    assert moselle.get(URL, params).status_code == 404


def test_une_region_ne_voit_pas_ses_voisines(grand_est):
    assert grand_est.get(URL, {"departement": "01"}).status_code == 404
    assert grand_est.get(URL, {"region": "84"}).status_code == 404
    html = page(grand_est)
    assert "Ain (01)" not in html
    assert "Auvergne" not in html


def test_reserve_aux_agents(troupe, client, ouvrir_session):
    for qui in ("mandataire", "prepose", "service", "magistrat", "greffier", "support"):
        assert troupe.clients[qui].get(URL).status_code == 403, qui
    assert client.get(URL).status_code == 302
    sans_perimetre = factories.UtilisateurFactory(role="direction")
    assert ouvrir_session(sans_perimetre).get(URL).status_code == 403


def test_des_parametres_de_travers_ne_cassent_rien(france):
    page(france, base="autre", tri="mot", tri_departements="-", format="pdf")


def test_aucune_mesure_ni_personne_protegee_n_apparait(moselle, distribution):
    mesure = factories.MesureFactory(mandataire=distribution.alix, numero_rg="21B77777", numero_dossier="DOSSIER-9")
    html = page(moselle)
    for secret in (mesure.numero_rg, mesure.numero_dossier, "1947", "Femme", distribution.alix.nom):
        assert secret not in html


def classes(html):
    """{name: class} on the map and in the table beside it."""
    carte = {}
    for lettre, titre in re.findall(r'em-classe--(\w+)" d="[^"]*"[^>]*><title>(.*?) : ', html):
        carte.setdefault(titre, lettre)
    pave = r'em-pave--petit".*?em-classe--(\w+)".*?</svg>\s*(?:<a[^>]*>)?([^<]+)'
    return carte, {nom: lettre for lettre, nom in re.findall(pave, html)}


def test_la_carte_dit_comme_le_tableau(grand_est, distribution):
    distribution.alix.capacite = 4  # Moselle: 0 − 3 over 6
    distribution.alix.save()
    carte, table = classes(page(grand_est))
    assert carte == table == {"Moselle (57)": "a", "Meurthe-et-Moselle (54)": "e"}
    html = page(grand_est)
    legende = re.findall(r"</svg>\s*([^<]*?) <span class=\"em-note\">(.*?)</span>", html)
    assert legende == [
        ("moins de −5 %", "1 département"),
        ("de −5 % à 0", "0 département"),
        ("de 0 à +5 %", "0 département"),
        ("de +5 % à +10 %", "0 département"),
        ("plus de +10 %", "1 département"),
    ]


def test_la_carte_nationale_dessine_chaque_departement_et_dit_les_vides(france):
    html = page(france)
    carte, _ = classes(html)
    assert carte["Moselle (57)"] == "e"
    assert carte["Ain (01)"] == "c"
    assert carte["Paris (75)"] == "vide"
    assert "Pas de donnée (1)" in html
    assert html.count('tabindex="-1"><path') == html.count("<title>") - 1  # each shape a link; one title is the page's
    assert 'href="/pilotage/?departement=57" tabindex="-1"' in html


def test_trier_par_une_colonne(grand_est):
    def noms(**params):
        return list(lignes(page(grand_est, **params), "Département"))[:-1]

    assert noms() == ["Moselle (57)", "Meurthe-et-Moselle (54)"]  # least room first
    assert noms(tri="-part") == ["Meurthe-et-Moselle (54)", "Moselle (57)"]
    assert noms(tri="nom") == ["Meurthe-et-Moselle (54)", "Moselle (57)"]
    assert noms(tri="-trop") == ["Moselle (57)", "Meurthe-et-Moselle (54)"]
    html = page(grand_est, tri="-part")
    assert 'aria-sort="descending"><a class="em-tri" href="/pilotage/?region=44&amp;tri=part#ou">Part libre' in html
    assert '<details class="em-repli fr-mt-2w" id="departements">' in html
    assert 'id="departements" open' in page(grand_est, tri_departements="-mandataires")


def test_sans_donnee_en_dernier_quel_que_soit_le_sens(france):
    for tri in ("part", "-part"):
        noms = list(lignes(page(france, tri=tri), "Région"))[:-1]
        assert noms[-1] == "Île-de-France"


def test_le_classeur_dit_comme_l_ecran(grand_est):
    reponse = grand_est.get(URL, {"format": "xlsx", "tri_departements": "-mandataires"})
    assert reponse["Content-Disposition"].startswith('attachment; filename="pilotage-grand-est-habilitation-')
    classeur = load_workbook(io.BytesIO(reponse.content))
    assert classeur.sheetnames == ["Ensemble", "Par type", "Par département"]
    ensemble = {ligne[0]: ligne[1] for ligne in classeur["Ensemble"].iter_rows(values_only=True)}
    assert ensemble["Places disponibles"] == 106
    assert ensemble["En surcapacité"] == 3
    feuille = list(classeur["Par département"].iter_rows(values_only=True))
    rang = next(i for i, ligne in enumerate(feuille) if ligne[0] == "Département")
    moselle = dict(zip(feuille[rang], next(x for x in feuille if x[0] == "Moselle (57)"), strict=True))
    assert moselle["Places"] == 6
    assert moselle["Part libre (%)"] == 25
    assert feuille[-1][0] == "Grand Est"


def test_le_csv_tient_toutes_les_lignes(grand_est):
    texte = grand_est.get(URL, {"format": "csv"}).content.decode("utf-8-sig")
    assert [ligne.split(";")[:2] for ligne in texte.splitlines()] == [
        ["Niveau", "Nom"],
        ["Ensemble", "Grand Est"],
        ["Type", "Individuels"],
        ["Type", "Préposés"],
        ["Type", "Services"],
        ["Département", "Meurthe-et-Moselle (54)"],
        ["Département", "Moselle (57)"],
    ]


@pytest.mark.parametrize(("niveau", "code"), [("national", None), ("regional", "57"), ("departemental", "57")])
def test_nombre_de_requetes_constant(distribution, ouvrir_session, niveau, code):
    client = ouvrir_session(factories.agent(niveau, code))

    def requetes():
        with CaptureQueriesContext(connection) as faites:
            page(client)
        return len(faites)

    avant = requetes()
    for rang in range(5):
        mandataire = factories.MandataireFactory(habilite=[distribution.metz, distribution.nancy])
        factories.MesureFactory(mandataire=mandataire)
        factories.tribunal(["Metz", "Thionville", "Saint-Avold", "Nancy", "Paris"][rang], "TPRX")
    assert requetes() == avant <= 12
