"""What is handed back: the annotated workbook, the rows left aside, the creation form filled with what was understood."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from emjpm.commun.tableur import TYPE_XLSX
from mandataires.models import Membre
from mesures.import_excel.analyse import analyser
from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures, Mesure
from tests import factories

from .fabrique import TITRES, rangee, xlsx
from .gestes import confirmer, envoyer, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


@pytest.fixture(autouse=True)
def metz(db):
    factories.tribunal("Metz")
    factories.commune("Metz")


def annoter(client, octets, **autres):
    reponse = client.post(
        reverse("importer_annoter"), {"classeur": SimpleUploadedFile("DURAND-Paul.xlsx", octets), **autres}
    )
    assert reponse["Content-Type"] == TYPE_XLSX
    assert reponse["Content-Disposition"] == 'attachment; filename="classeur-annote.xlsx"'
    assert "no-store" in reponse["Cache-Control"]
    return openpyxl.load_workbook(io.BytesIO(reponse.content)).active


CLASSEUR = xlsx(
    [
        ["DURAND Paul", *rangee(1)],
        ["MARTIN Anne", *rangee(2, date_jugement="31/02/2020", nature="habilitation familiale")],
        [None] * 12,
        ["PETIT Luc", *rangee(3, date_jugement=datetime.datetime(2031, 1, 1))],
        ["ROUX Zoé", *rangee(4, nature=None, code_postal="01000", tribunal=17570111200018)],
        ["FAURE Max", *rangee(5)],
    ],
    ["Nom", *TITRES],
    avant=[["Ma liste"], []],
)


def test_the_users_own_rows_come_back_marked(client_nouveau):
    feuille = annoter(client_nouveau, CLASSEUR)
    assert feuille["A1"].value == "Ma liste"
    assert [c.value for c in feuille[3]] == ["Nom", *TITRES, "À corriger"]
    # Same rows under the same numbers, their own cells with their types.
    assert [c.value for c in feuille[4]][:6] == [
        "DURAND Paul", datetime.datetime(2021, 3, 12), "Curatelle renforcée", "57000", "Metz", "Madame",
    ]  # fmt: skip
    assert feuille["G4"].value == 1947
    assert feuille["M4"].value is None
    assert all(c.value is None for c in feuille[6])
    assert feuille["D8"].value == "01000"
    assert (feuille["K8"].value, feuille["K8"].number_format) == (17570111200018, "0")


def test_each_fault_is_written_coloured_and_commented(client_nouveau):
    feuille = annoter(client_nouveau, CLASSEUR)
    dit = feuille["M5"].value
    assert "Le 31 février n’existe pas. À écrire : La date du jugement" in dit
    assert "Ce n’est pas une mesure confiée à un mandataire judiciaire" in dit
    colorees = {c.coordinate for rangee in feuille.iter_rows() for c in rangee if c.fill.fgColor.rgb == "FFFFE9E9"}
    commentees = {c.coordinate: c.comment.text for rangee in feuille.iter_rows() for c in rangee if c.comment}
    assert {"B5", "C5", "B7", "C8"} <= colorees == set(commentees)
    assert "Cette date est dans le futur" in commentees["B7"]
    assert feuille["B7"].value == datetime.datetime(2031, 1, 1)
    assert feuille["C8"].value is None  # empty, and coloured all the same
    assert "Le type de la mesure manque" in commentees["C8"]
    assert "B4" not in colorees


def test_nothing_in_it_computes(client_nouveau):
    lignes = [[*TITRES, "Obs"], [*map(str, rangee(1, date_jugement="=TODAY()")), "=cmd|' /C calc'!A0"]]
    feuille = annoter(client_nouveau, "\n".join(";".join(ligne) for ligne in lignes).encode())
    assert (feuille["L2"].data_type, feuille["L2"].value) == ("s", "'=cmd|' /C calc'!A0")
    assert (feuille["A2"].data_type, feuille["A2"].value) == ("s", "'=TODAY()")


def test_it_can_be_mended_and_sent_again_as_often_as_needed(client_nouveau):
    octets = CLASSEUR
    for _ in range(2):
        feuille = annoter(client_nouveau, octets)
        sortie = io.BytesIO()
        feuille.parent.save(sortie)
        octets = sortie.getvalue()
    assert [c.value for c in feuille[3]] == ["Nom", *TITRES, "À corriger"]  # no second column
    feuille["B5"], feuille["C5"], feuille["B7"] = "28/02/2020", "Tutelle", "01/01/2021"
    feuille["C8"], feuille["D8"], feuille["K8"] = "MAJ", "57000", "TJ Metz"
    sortie = io.BytesIO()
    feuille.parent.save(sortie)
    apercu = analyser(sortie.getvalue())
    assert [p["ligne"] for p in apercu.pretes] == [4, 5, 7, 8, 9]
    assert next(c for c in apercu.releve.colonnes if c.titre == "À corriger").remarque == "Nos remarques : non relues"


def test_a_csv_comes_back_as_a_workbook(client_nouveau):
    texte = ";".join(TITRES) + "\n" + ";".join(str(c) for c in rangee(1, date_jugement="2020"))
    feuille = annoter(client_nouveau, texte.encode())
    assert "Une année seule ne suffit pas" in feuille["L2"].value
    assert feuille["C2"].value == "57000"


def test_annotating_keeps_and_writes_nothing(client_nouveau, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        annoter(client_nouveau, CLASSEUR)
    assert not ApercuImport.objects.exists()
    assert not Mesure.objects.exists()


def test_a_file_that_cannot_be_read_says_why(client_nouveau):
    texte = page(client_nouveau.post(reverse("importer_annoter"), {"classeur": SimpleUploadedFile("a.pdf", b"%PDF-1")}))
    assert "C’est un PDF" in texte
    texte = page(client_nouveau.post(reverse("importer_annoter"), {}))
    assert "Choisissez un fichier." in texte


def test_a_present_row_is_told_in_it(troupe):
    feuille = annoter(troupe.clients["mandataire"], xlsx([rangee(1, numero_rg="21B00167")]))
    assert feuille["L2"].value == "Déjà présente dans e-MJPM : laissée de côté"


# --- The rows left aside -----------------------------------------------------------------------------
LIGNES = [
    rangee(1),
    rangee(2, date_jugement="31/02/2020"),
    rangee(3, civilite="X", numero_rg=None),
    ["TOTAL", 3],
]


@pytest.fixture
def fait(nouveau, client_nouveau):
    factories.MesureFactory(mandataire=nouveau, numero_rg="22B00077")
    envoyer(client_nouveau, xlsx([*LIGNES, rangee(77)]))
    confirmer(client_nouveau)
    return ImportMesures.objects.get()


def test_every_row_left_aside_is_in_the_download(fait, client_nouveau):
    texte = page(client_nouveau.get(reverse("importer")))
    assert "2 lignes à saisir à la main" in texte
    assert "Télécharger les 4 lignes laissées de côté" in texte
    reponse = client_nouveau.get(reverse("importer_laissees"))
    feuille = openpyxl.load_workbook(io.BytesIO(reponse.content)).active
    entetes, *lignes = [[c.value for c in rang] for rang in feuille.iter_rows()]
    assert entetes[:3] == ["Ligne du classeur", "Ce qu’elle est devenue", "Pourquoi"]
    assert [(li[0], li[1]) for li in lignes] == [
        (3, "À saisir à la main"), (4, "À saisir à la main"), (5, "Ignorée"), (6, "Déjà présente"),
    ]  # fmt: skip
    tard = dict(zip(entetes, lignes[0], strict=True))
    assert tard["Pourquoi"] == "Le 31 février n’existe pas"
    assert tard["Date du jugement"] is None  # what was not understood is not kept
    assert tard["Type de la mesure"] == "Curatelle renforcée"
    assert tard["Tribunal"] == "Tribunal judiciaire de Metz"
    assert (tard["Code postal"], tard["Ville"], tard["Année de naissance"]) == ("57000", "Metz", 1947)


def test_typing_a_row_in_begins_with_what_was_understood(fait, nouveau, client_nouveau):
    texte = page(client_nouveau.get(reverse("importer")))
    assert f"{reverse('mesure_creer')}?ligne=3" in texte
    form = client_nouveau.get(reverse("mesure_creer"), {"ligne": 3}).context["form"]
    assert form["nature"].value() == "curatelle_renforcee"
    assert form["numero_rg"].value() == "22B00002"
    assert form["code_postal"].value() == "57000"
    assert form["commune"].value() == "57463"
    assert form["date_jugement"].value() in {None, ""}
    donnees = {nom: form[nom].value() for nom in form.fields if form[nom].value()}  # a box left unticked sends nothing
    donnees["date_jugement"] = "28/02/2020"
    reponse = client_nouveau.post(reverse("mesure_creer"), donnees, follow=True)
    texte = page(reponse)
    assert reponse.redirect_chain[-1][0].startswith(reverse("importer"))
    assert "Saisie le" in texte
    assert "?ligne=3" not in texte
    assert "?ligne=4" in texte
    assert Mesure.objects.get(rg_normal="22B00002").mandataire == nouveau
    fait.refresh_from_db()
    assert [r.get("mesure") for r in fait.restes if r["ligne"] == 3] == [Mesure.objects.get(rg_normal="22B00002").pk]
    # A row typed in is not offered a second time.
    assert not client_nouveau.get(reverse("mesure_creer"), {"ligne": 3}).context["form"]["numero_rg"].value()


def test_only_the_row_of_the_present_import_is_marked(fait, nouveau, client_nouveau):
    """The number of a row travels in the form: that of a cancelled import, or an invented one, marks nothing."""
    form = client_nouveau.get(reverse("mesure_creer"), {"ligne": 3}).context["form"]
    donnees = {nom: form[nom].value() for nom in form.fields if form[nom].value()} | {"date_jugement": "28/02/2020"}
    for rang, reste in enumerate((f"{fait.pk + 1}-3", f"{fait.pk}-999", "3", "n’importe quoi")):
        envoi = donnees | {"reste": reste, "numero_rg": f"22B0001{rang}", "cle": ""}
        assert client_nouveau.post(reverse("mesure_creer"), envoi).status_code == 302
    fait.refresh_from_db()
    assert not any(r.get("saisie_le") for r in fait.restes)
    assert Mesure.objects.filter(mandataire=nouveau, rg_normal__startswith="22B0001").count() == 4


def test_a_row_a_colleague_typed_in_meanwhile_is_not_typed_twice(fait, nouveau, client_nouveau):
    """Without a number, nothing else would tell the two mesures are one."""
    pages = [client_nouveau.get(reverse("mesure_creer"), {"ligne": 3}).context["form"] for _ in range(2)]
    envois = [
        {nom: form[nom].value() for nom in form.fields if form[nom].value()}
        | {"date_jugement": "28/02/2020", "numero_rg": ""}
        for form in pages
    ]
    avant = Mesure.objects.count()
    for envoi in (envois[0], envois[0]):  # a double click is one mesure, said as such
        assert client_nouveau.post(reverse("mesure_creer"), envoi).status_code == 302
    texte = page(client_nouveau.post(reverse("mesure_creer"), envois[1]))
    assert "La ligne 3 de votre classeur est déjà saisie, le " in texte
    assert Mesure.objects.count() == avant + 1


def test_the_list_goes_after_thirty_days(fait, client_nouveau):
    fait.le -= datetime.timedelta(days=31)
    fait.save()
    assert client_nouveau.get(reverse("importer_laissees")).status_code == 404
    assert "à saisir à la main" not in page(client_nouveau.get(reverse("importer")))


def test_a_neighbour_gets_nothing_of_it(fait, troupe):
    for nom in ("mandataire", "voisin", "service"):
        assert troupe.clients[nom].get(reverse("importer_laissees")).status_code == 404
        form = troupe.clients[nom].get(reverse("mesure_creer"), {"ligne": 3}).context["form"]
        assert not form["numero_rg"].value()


def test_a_member_limited_to_an_antenne_sees_no_row_of_the_service(ouvrir_session):
    service = factories.MandataireFactory(service=True, nom="Les Trois Ponts", capacite=100)
    limite = factories.UtilisateurFactory(role="service")
    Membre.objects.create(utilisateur=limite, mandataire=service, lieu=service.lieux.first())
    client = ouvrir_session(service.membres.exclude(utilisateur=limite).get().utilisateur)
    envoyer(client, xlsx(LIGNES))
    confirmer(client)
    autre = ouvrir_session(limite)
    assert "à saisir à la main" not in page(autre.get(reverse("importer")))
    assert autre.get(reverse("importer_laissees")).status_code == 403
    assert not autre.get(reverse("mesure_creer"), {"ligne": 3}).context["form"]["numero_rg"].value()


@pytest.mark.parametrize("ligne", ["0", "999", "-3", "x", "3 ", "9" * 40, "٣"])
def test_an_odd_row_number_gives_an_empty_form(fait, client_nouveau, ligne):
    form = client_nouveau.get(reverse("mesure_creer"), {"ligne": ligne}).context["form"]
    assert not form["numero_rg"].value()
