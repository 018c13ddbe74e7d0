"""What a judge may ask beside the place: languages, establishments, words; the same page by htmx; Excel; no street."""

import io
import re

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from emjpm.commun.models import Evenement
from emjpm.geographie.distance import KM_PAR_DEGRE
from mandataires.models import Atout, Lieu
from mesures.origine import Origine, depuis_tribunal, resoudre
from mesures.presentation_recherche import titre
from mesures.recherche import chercher, issue
from tests.factories import LieuFactory, MandataireFactory, MesureFactory, commune

from .chercher import criteres, page_de

HTMX = {"HX-Request": "true"}


def noms(resultats) -> list[str]:
    return [c.nom for c in resultats.candidats]


def parlant(nom: str, *cles: str, **autres):
    mandataire = MandataireFactory(nom=nom, **autres)
    Atout.objects.bulk_create(Atout(mandataire=mandataire, cle=cle) for cle in cles)
    return mandataire


def prepose(nom: str, etablissement: str, **autres):
    mandataire = MandataireFactory(prepose=True, nom=nom, **autres)
    mandataire.lieux.all().delete()
    LieuFactory(mandataire=mandataire, nom=etablissement, principal=True)
    return mandataire


# --- Languages, skills, establishments --------------------------------------------------------------------


def test_by_language_or_skill(metz, juge):
    parlant("Anna Deux", "deu", "fsl")
    parlant("Bruno Signes", "fsl")
    parlant("Claire Successions", "succession")
    assert noms(chercher(criteres(metz, atout="fsl"))) == ["Anna Deux", "Bruno Signes"]
    assert noms(chercher(criteres(metz, atout="succession"))) == ["Claire Successions"]
    page = page_de(juge.get("/recherche/?atout=fsl"))
    assert "2 mandataires habilités au tribunal judiciaire de Metz (langue : langue des signes française)" in page
    assert '<option value="fsl" selected>' in page
    assert 'Plus de critères <span id="nombre-criteres">(1)</span>' in page


def test_an_unknown_skill_counts_for_nothing(metz, juge):
    parlant("Anna Deux", "deu")
    assert "1 mandataire habilité au tribunal judiciaire de Metz<" in page_de(juge.get("/recherche/?atout=klingon"))


@pytest.mark.parametrize("texte", ["glycines", "EHPAD Les Glycines", "les glicynes", "Glycines Metz"])
def test_by_establishment_of_a_prepose(metz, texte):
    prepose("Agnès Rivage", "EHPAD Les Glycines")
    prepose("Benoît Plaine", "Hôpital de Bon-Secours")
    MandataireFactory(nom="Les Glycines")  # an individuel who bears the name is not an establishment
    assert noms(chercher(criteres(metz, etablissement=texte))) == ["Agnès Rivage"]


def test_an_empty_page_lifts_the_skill_or_the_establishment(metz):
    prepose("Agnès Rivage", "EHPAD Les Glycines", capacite=3)
    parlant("Anna Deux", "deu", capacite=3)
    voies = {v.libelle for v in issue(criteres(metz, atout="deu", etablissement="glycines")).voies}
    assert voies == {"Sans « allemand »", "Sans l’établissement « glycines »"}


def test_all_the_criteria_are_in_the_sentence(metz):
    demande = criteres(metz, type="prepose", places=2, atout="memoire", etablissement="glycines", actifs=True)
    assert titre(demande, 2) == (
        "2 préposés habilités au tribunal judiciaire de Metz avec au moins 2 places "
        "(compétence : maladies de la mémoire) exerçant à « glycines », hors activités en pause"
    )


def test_an_establishment_that_only_looks_alike_is_said(metz, juge):
    prepose("Agnès Rivage", "EHPAD Les Glycines")
    page = page_de(juge.get("/recherche/?etablissement=glicynes"))
    assert "Agnès Rivage" in page
    assert "Aucun nom n’est exactement « glicynes » : voici les plus ressemblants." in page
    assert "Aucun nom n’est exactement" not in page_de(juge.get("/recherche/?etablissement=glycines"))


def test_a_number_that_is_none_takes_no_page_away(metz, juge):
    m = MandataireFactory(nom="Camille Bellerive")
    type(m).objects.filter(pk=m.pk).update(telephone="poste 12")
    assert "poste 12" in page_de(juge.get("/recherche/"))


# --- Words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texte", "trouves"),
    [
        ("ATMP", ["ATMP de Moselle"]),
        ("atmp thionville", ["ATMP de Moselle"]),  # the name and the town of an antenne
        ("st avold", ["Doriane Sentefleur"]),
        ("saint-avold", ["Doriane Sentefleur"]),
        ("accueil@atmp.exemple.fr", ["ATMP de Moselle"]),
        ("ACCUEIL", ["ATMP de Moselle"]),  # what comes before the @
        ("exemple", []),  # what comes after it is nobody's name
        ("sentefleur doriane", ["Doriane Sentefleur"]),
        ("santefleur", ["Doriane Sentefleur"]),
        ("50%", []),
        ("a_b", []),
        ("…", []),
    ],
)
def test_words_are_looked_for_where_people_read_them(metz, texte, trouves):
    service = MandataireFactory(service=True, nom="ATMP de Moselle", courriel="accueil@atmp.exemple.fr")
    LieuFactory(mandataire=service, nom="Antenne de Thionville", commune=commune("Thionville"))
    MandataireFactory(nom="Doriane Sentefleur", ville="Saint-Avold", courriel="ds@exemple.fr")
    MandataireFactory(nom="Noé Rochebleue", courriel="nr@exemple.fr")
    assert noms(chercher(criteres(metz, texte=texte))) == trouves


def test_a_name_written_st_is_found_as_saint(metz):
    MandataireFactory(nom="Association St Martin")
    assert noms(chercher(criteres(metz, texte="saint martin"))) == ["Association St Martin"]


def test_a_renamed_place_is_found_by_its_new_name(metz):
    prepose("Agnès Rivage", "EHPAD Les Glycines")
    lieu = Lieu.objects.get()
    assert lieu.nom_normalise == "ehpad les glycines"
    assert noms(chercher(criteres(metz, texte="glycines"))) == ["Agnès Rivage"]


# --- Where from -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("saisi", ["57000", "Metz", "metz 57", "METZ", " metz (57) ", "57000 Metz"])
def test_one_place_however_it_is_typed(metz, saisi):
    origine = resoudre(saisi, metz)
    assert isinstance(origine, Origine)
    assert (origine.nom.partition(" (")[0], origine.departement) in {("Metz", "57"), ("57000 Metz", "57")}


@pytest.mark.parametrize("saisi", ["St Avold", "Saint-Avold", "saint avold", "ST AVOLD 57", "st-avold"])
def test_saint_is_written_as_one_likes(metz, saisi):
    commune("Saint-Avold")
    assert resoudre(saisi, metz).requete == "57500 Saint-Avold"


@pytest.mark.parametrize(
    "adresse", ["12 rue des Tilleuls, 57000 Metz", "3bis place du Moulin 57000 Metz", "Rue Haute, Metz"]
)
def test_of_an_address_only_the_commune_stays(metz, juge, adresse):
    MandataireFactory(nom="Camille Bellerive")
    reponse = juge.get("/recherche/", {"lieu": adresse, "places": "1"})
    assert reponse.status_code == 302
    assert "illeul" not in reponse.url
    assert "oulin" not in reponse.url
    suite = juge.get(reponse.url)
    assert suite.status_code == 200
    page = page_de(suite)
    assert "l’adresse n’est pas gardée" in page
    assert 'value="57000 Metz"' in page
    assert "places=1" in reponse.url


@pytest.mark.parametrize("saisi", ["57000 Metz", "Metz", "Tribunal judiciaire de Metz", "57 metz"])
def test_a_commune_is_no_address(metz, juge, saisi):
    assert juge.get("/recherche/", {"lieu": saisi}).status_code == 200


# --- htmx: the results alone ------------------------------------------------------------------------------


def test_htmx_gets_the_results_alone_and_what_moved(metz, juge):
    MandataireFactory(nom="Camille Bellerive")
    reponse = juge.get("/recherche/?rayon=25&ordre=nom&rg=26A00001", headers=HTMX)
    page = page_de(reponse)
    assert "<html" not in page
    assert 'role="search"' not in page
    assert "Camille Bellerive" in page
    phrase = "1 mandataire habilité au tribunal judiciaire de Metz, à moins de 25 km du tribunal judiciaire de Metz"
    assert f"<title>{phrase} — e-MJPM</title>" in page
    assert f'id="annonce" role="status" hx-swap-oob="innerHTML">{phrase}</p>' in page
    caches = page[page.index('id="recherche-caches"') :]
    assert 'name="ordre" value="nom"' in caches
    assert 'name="rg" value="26A00001"' in caches
    assert "HX-Request" in reponse["Vary"]


def test_back_gets_the_whole_page(metz, juge):
    MandataireFactory(nom="Camille Bellerive")
    page = page_de(juge.get("/recherche/?rayon=25", headers=HTMX | {"HX-History-Restore-Request": "true"}))
    assert page.startswith("<!DOCTYPE html>")
    assert 'role="search"' in page


@pytest.mark.parametrize("adresse", ["?lieu=zzzzzz", "?type=prepose&places=10"])
def test_every_answer_has_its_fragment(metz, juge, adresse):
    MandataireFactory(nom="Camille Bellerive")
    entiere, seule = (
        page_de(juge.get(f"/recherche/{adresse}")),
        page_de(juge.get(f"/recherche/{adresse}", headers=HTMX)),
    )
    debut = seule[seule.index('<h2 class="em-bilan__titre">') :].partition("</h2>")[0]
    assert debut in entiere
    assert "<html" not in seule


# --- Excel ------------------------------------------------------------------------------------------------


def test_excel_holds_every_result_in_order(metz, juge):
    for rang in range(25):
        m = MandataireFactory(nom=f"Mandataire {rang:02d}", capacite=3)
        MesureFactory(mandataire=m)
    MandataireFactory(nom="=cmd|calc", capacite=None, ville="Thionville")
    MandataireFactory(nom="En Pause", pause_debut=timezone.localdate())
    reponse = juge.post("/recherche/resultats.xlsx")
    feuille = openpyxl.load_workbook(io.BytesIO(reponse.content)).active
    lignes = [[cellule.value for cellule in ligne] for ligne in feuille.iter_rows()]
    assert lignes[0][0] == "27 mandataires habilités au tribunal judiciaire de Metz"
    entetes = next(i for i, ligne in enumerate(lignes) if ligne[0] == "N°")
    corps = lignes[entetes + 1 :]
    assert [ligne[0] for ligne in corps] == list(range(1, 28))
    assert corps[0][1:11] == ["Mandataire 00", "Individuel", "Metz (57)", 0, "approximative", "2 places", 2, 1, 0, 3]
    par_nom = {ligne[1]: ligne for ligne in corps}
    assert par_nom["'=cmd|calc"][6:11] == ["Capacité non renseignée", None, 0, 0, None]
    assert par_nom["En Pause"][6:8] == ["Activité en pause", 0]
    ligne = Evenement.objects.get(acte="recherche.exporter")
    assert ligne.changements == {"lignes": 27}


def test_excel_of_a_place_to_choose_leads_back_to_the_question(metz, juge):
    reponse = juge.post("/recherche/resultats.xlsx?lieu=12 rue Haute, 57000 Metz")
    assert reponse["Content-Type"].startswith("application/vnd.openxmlformats")
    autre = commune("Thionville")
    autre.pk, autre.nom, autre.nom_normalise = "01999", "Metz", "metz"
    autre.departement = commune("Bourg-en-Bresse").departement
    autre.save(force_insert=True)
    reponse = juge.post("/recherche/resultats.xlsx?lieu=metz")
    assert (reponse.status_code, reponse.url) == (302, "/recherche/?lieu=metz")


def test_many_words_ask_no_more_than_a_few(metz, django_assert_max_num_queries):
    """One request must not hold a worker: repeated words count once, lone letters for nothing beside others."""
    MandataireFactory(nom="Camille Bellerive")
    assert noms(chercher(criteres(metz, texte="a " * 60 + "bellerive " * 3))) == ["Camille Bellerive"]
    with django_assert_max_num_queries(8) as requetes:
        chercher(criteres(metz, texte=" ".join(f"mot{n}" for n in range(40))))
    assert max(r["sql"].count("EXISTS") for r in requetes) <= 12


def test_excel_is_a_form_that_works_without_javascript(metz, juge):
    MandataireFactory(nom="Camille Bellerive")
    navigateur = Client(enforce_csrf_checks=True)
    navigateur.cookies = juge.cookies
    page = navigateur.get("/recherche/?type=individuel").content.decode()
    formulaire = re.search(
        r'<form method="post" action="(/recherche/resultats.xlsx[^"]*)">(.*?)</form>', page, re.DOTALL
    )
    jeton = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', formulaire.group(2)).group(1)
    adresse = formulaire.group(1).replace("&amp;", "&")
    assert navigateur.post(adresse).status_code == 403
    assert navigateur.get(adresse).status_code == 405
    assert not Evenement.objects.filter(acte="recherche.exporter").exists()
    assert navigateur.post(adresse, {"csrfmiddlewaretoken": jeton}).status_code == 200
    assert Evenement.objects.filter(acte="recherche.exporter").count() == 1


def test_excel_says_the_kilometres_of_the_page(metz, juge):
    depart = depuis_tribunal(metz)
    for nom, km in (("Proche", 0.7), ("Demie", 2.5)):
        m = MandataireFactory(nom=nom)
        m.lieux.update(latitude=depart.latitude + (km + 1e-9) / KM_PAR_DEGRE, longitude=depart.longitude)
    feuille = openpyxl.load_workbook(io.BytesIO(juge.post("/recherche/resultats.xlsx").content)).active
    par_nom = {ligne[1]: ligne[4] for ligne in feuille.iter_rows(values_only=True)}
    assert (par_nom["Proche"], par_nom["Demie"]) == (0, 3)


@pytest.mark.parametrize(
    ("adresse", "limite"),
    [
        ("?texte=zzzzzz", 12),
        ("?type=prepose&places=10&rayon=10", 12),
        ("?atout=deu", 12),
        ("?atout=deu&etablissement=zzz", 13),  # two rare criteria, each tried lifted
    ],
)
def test_an_empty_page_asks_few_queries(metz, juge, adresse, limite, django_assert_max_num_queries):
    MandataireFactory(nom="Camille Bellerive")
    juge.get(f"/recherche/{adresse}")
    with django_assert_max_num_queries(limite):
        assert "Aucun " in page_de(juge.get(f"/recherche/{adresse}"))
