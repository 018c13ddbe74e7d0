"""Traps found by trying to fool the import: each one was a wrong mesure, a lost row, a name kept or an error page."""

import datetime

import pytest
from django.urls import reverse

from mesures.import_excel import lecture, services
from mesures.import_excel.analyse import analyser
from mesures.import_excel.cellule import Illisible
from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures, Mesure
from tests import factories

from .fabrique import TITRES, phrases, rangee, xlsx
from .gestes import confirmer, envoyer, page
from .test_reponses import depot, question, repondre

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


@pytest.fixture(autouse=True)
def lieux(db):
    for ville in ("Metz", "Thionville"):
        factories.tribunal(ville)
    factories.commune("Metz")


# --- Answers -----------------------------------------------------------------------------------------
def test_an_answer_that_says_no_home_drops_the_address(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1), rangee(2, lieu_vie="hébergé chez un ami")]))
    repondre(client_nouveau, {"Quel lieu": "Sans domicile fixe"})
    texte = page(confirmer(client_nouveau))
    assert "2 mesures importées" in texte
    sdf = Mesure.objects.get(rg_normal="22B00002")
    assert (sdf.lieu_vie, sdf.code_postal, sdf.commune) == ("sdf", "", None)


@pytest.mark.parametrize("reponse", ["t²", "t" + "9" * 30, "t" + "1" * 5000, "t", "t-1", "t1.5"])
def test_a_forged_court_is_no_answer(client_nouveau, reponse):
    envoyer(client_nouveau, xlsx([rangee(1, tribunal="TJ Metzz")]))
    q = question("Quel tribunal")
    for donnees in ({f"question-{q.cle}": reponse}, {f"question-{q.cle}": "autre", f"autre-{q.cle}": reponse[1:]}):
        reponse_http = client_nouveau.post(reverse("importer_apercu"), {"cle": depot().cle, **donnees}, follow=True)
        assert reponse_http.status_code == 200
        assert not depot().apercu.pretes


def test_two_tabs_that_answer_both_count(nouveau):
    par = nouveau.membres.get().utilisateur
    apercu = analyser(xlsx([rangee(1, annee_naissance="46"), rangee(2, annee_naissance="51")]), nouveau)
    services.deposer(apercu=apercu, mandataire=nouveau, par=par)
    onglets = [ApercuImport.objects.get(), ApercuImport.objects.get()]
    for onglet, q in zip(onglets, apercu.questions, strict=True):
        services.repondre(apercu=onglet, reponses={q.cle: q.choix[0].cle})
    assert len(depot().apercu.pretes) == 2


def test_a_preview_replaced_meanwhile_takes_no_answer(nouveau, client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1, annee_naissance="46")]))
    ancien = depot()
    q = ancien.apercu.questions[0]
    envoyer(client_nouveau, xlsx([rangee(2)]))
    with pytest.raises(services.ApercuChange):
        services.repondre(apercu=ancien, reponses={q.cle: q.choix[0].cle})
    with pytest.raises(services.ApercuChange):
        services.reposer(apercu=ancien)


def test_a_preview_of_another_shape_asks_for_the_file(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1)]))
    ApercuImport.objects.update(donnees={"pretes": []})
    assert "Cet aperçu a expiré" in page(client_nouveau.get(reverse("importer_apercu"), follow=True))
    assert "1 prête" in page(envoyer(client_nouveau, xlsx([rangee(1)])))


# --- Rows and sheets -----------------------------------------------------------------------------------
def test_rows_under_the_first_titles_are_not_lost_to_richer_ones_below():
    lignes = [rangee(n)[:10] for n in range(3)] + [[], TITRES, rangee(10), rangee(11)]
    apercu = analyser(xlsx(lignes, TITRES[:10]))
    assert [p["ligne"] for p in apercu.pretes] == [2, 3, 4, 7, 8]


def test_filled_rows_above_the_titles_are_told():
    apercu = analyser(xlsx([rangee(2)], avant=[rangee(1)]))
    assert [p["ligne"] for p in apercu.pretes] == [3]
    assert any("au-dessus des titres (ligne 1)" in phrase for phrase in phrases(apercu))


def test_a_sheet_without_titles_is_told_until_the_confirmation(client_nouveau):
    def suite(livre, _):
        feuille = livre.create_sheet("Suite")
        for n in range(10, 40):
            feuille.append(rangee(n))

    texte = page(envoyer(client_nouveau, xlsx([rangee(1)], preparer=suite)))
    assert "La feuille 2 (30 lignes) n’a pas de titres reconnus" in texte
    assert "(30 lignes) ne sera pas importée" in page(client_nouveau.get(reverse("importer_confirmer")))


def test_titles_that_come_back_in_another_order_stop_what_follows():
    autre = [*TITRES[:7], TITRES[8], TITRES[7], *TITRES[9:]]
    apercu = analyser(xlsx([rangee(1), TITRES, rangee(2), autre, rangee(3), TITRES, rangee(4)]))
    assert [p["ligne"] for p in apercu.pretes] == [2, 4, 8]
    assert [li.ligne for li in apercu.a_corriger] == [6]
    assert "autre ordre" in apercu.a_corriger[0].problemes[0].pourquoi
    # Nothing of it is offered to be typed in: its RG was read where its dossier stands.
    assert not any(apercu.a_corriger[0].valeurs.values())


def test_a_hidden_sheet_is_not_preferred():
    def cachee(livre, _):
        feuille = livre.create_sheet("Archives")
        feuille.append(TITRES)
        for n in range(10, 40):
            feuille.append(rangee(n))
        feuille.sheet_state = "hidden"

    apercu = analyser(xlsx([rangee(1)], preparer=cachee))
    assert (apercu.releve.feuille, len(apercu.pretes)) == (1, 1)


# --- Names ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("numero_rg", "DURAND Paul 21B"),
        ("numero_rg", "21B00167 Durand"),
        ("numero_rg", "12 rue des Lilas"),
        ("numero_rg", "12/03/1950"),
        ("cabinet", "DURAND Paul"),
        ("cabinet", "durand paul"),
        ("cabinet", "12 rue des Lilas"),
        ("numero_dossier", "durand 21B00345"),
        ("numero_dossier", "12/03/1947"),
        ("numero_dossier", "1500357123456"),
        ("numero_dossier", "06 12 34 56 78"),
    ],
)
def test_what_tells_who_someone_is_never_goes_in(nouveau, champ, valeur):
    apercu = analyser(xlsx([rangee(1, **{champ: valeur})]), nouveau)
    assert [p[champ] for p in apercu.pretes] == [""]
    assert apercu.releve.cellules_de_noms == 1
    assert valeur not in str(apercu.releve.en_json())


def test_what_was_not_understood_does_not_outlive_the_preview(client_nouveau):
    lignes = [rangee(1), rangee(2, ville="CANARI Paul", tribunal="Canari Marie", date_jugement="12/03/2947")]
    envoyer(client_nouveau, xlsx(lignes))
    confirmer(client_nouveau)
    restes = str(ImportMesures.objects.get().restes)
    assert "CANARI" not in restes.upper()
    assert "2947" not in restes


# --- What must be asked, or told ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    "ecrit", ["EHPAD ou domicile", "prison (sorti)", "non établissement", "Ch. du Moulin", "Mas des Oliviers", "Ch 12"]
)
def test_a_place_that_says_two_things_is_not_read(ecrit):
    with pytest.raises(Illisible):
        lecture.lire_residence(ecrit)


@pytest.mark.parametrize("ecrit", ["ex curatelle renforcée", "curatelle aménagée", "curatelle ou tutelle"])
def test_a_type_that_is_not_one_is_not_read(ecrit):
    with pytest.raises(Illisible):
        lecture.lire_nature(ecrit)


def test_a_place_read_by_its_first_words_is_told():
    apercu = analyser(xlsx([rangee(1, lieu_vie="EHPAD Les Glycines")]))
    assert apercu.pretes[0]["lieu_vie"] == "etablissement"
    assert any("lu « Établissement »" in phrase for phrase in phrases(apercu))


@pytest.mark.parametrize("champ", ["numero_rg", "numero_dossier", "cabinet"])
def test_a_number_that_excel_made_a_date_is_a_fault(champ):
    apercu = analyser(xlsx([rangee(1, **{champ: datetime.datetime(2021, 3, 1)})]))
    assert [(p.champ, p.pourquoi) for p in apercu.a_corriger[0].problemes] == [
        (champ, "Excel a changé cette référence en date")
    ]


def test_a_year_that_excel_made_a_date_is_a_fault():
    apercu = analyser(xlsx([rangee(1, annee_naissance=datetime.datetime(1905, 5, 3))]))
    assert apercu.a_corriger[0].problemes[0].pourquoi == "Excel a changé cette année en date"


@pytest.mark.parametrize("erreur", ["#DIV/0!", "#REF!", "#NOM?", "#VALEUR!"])
def test_an_error_of_excel_is_never_a_value(erreur):
    apercu = analyser(xlsx([rangee(1, numero_rg=erreur), rangee(2, numero_dossier=erreur), rangee(3, cabinet=erreur)]))
    assert not apercu.pretes


def test_a_belgian_town_needs_its_own_code():
    apercu = analyser(xlsx([rangee(1, code_postal=1000, ville="Liège"), rangee(2, code_postal=4000, ville="Liège")]))
    assert [(p["ligne"], p["pays"]) for p in apercu.pretes] == [(3, "BE")]


def test_a_court_among_other_words_is_asked_and_not_ticked(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1, tribunal="EHPAD de Metz")]))
    assert question("Quel tribunal").defaut == ""


# --- Between the preview and the confirmation ---------------------------------------------------------------
def test_an_antenne_gone_meanwhile_is_told(ouvrir_session):
    service = factories.MandataireFactory(service=True, nom="Les Trois Ponts", capacite=100)
    service.lieux.update(nom="Antenne de Metz")
    client = ouvrir_session(service.membres.get().utilisateur)
    envoyer(client, xlsx([[*rangee(1), "Metz"]], [*TITRES, "Antenne"]))
    service.lieux.all().delete()
    texte = page(confirmer(client))
    assert "a changé entre-temps, rien n’a été enregistré" in texte
    assert not Mesure.objects.exists()


def test_a_court_closed_meanwhile_is_told(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1, tribunal="TJ Thionville")]))
    thionville = factories.tribunal("Thionville")
    thionville.ferme_le, thionville.successeur = datetime.date(2026, 1, 1), factories.tribunal("Metz")
    thionville.save()
    assert "rien n’a été enregistré" in page(confirmer(client_nouveau))
    assert not Mesure.objects.exists()


def test_no_row_ready_any_more_is_no_error(nouveau, client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1)]))
    factories.MesureFactory(mandataire=nouveau, numero_rg="22B00001")
    texte = page(client_nouveau.post(reverse("importer_confirmer"), {"cle": depot().cle}, follow=True))
    assert "1 déjà présente" in texte
    assert "Aucune ligne n’est à importer." in texte
    assert not ImportMesures.objects.exists()


def test_a_change_that_is_no_new_mesure_is_not_called_one(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1), rangee(2, annee_naissance="46")]))
    repondre(client_nouveau, {"« 46 »": "Oui, 1946"})
    texte = page(confirmer(client_nouveau, nombre=1))  # what another tab had said
    assert "Cet aperçu a changé entre-temps : 2 seront importées" in texte
    assert not ImportMesures.objects.exists()


def test_kept_mesures_without_number_are_recognised_when_done_again(nouveau, client_nouveau, ouvrir_session):
    from mesures.import_excel import annulation
    from mesures.services import mandat

    octets = xlsx([rangee(1, numero_rg=None), rangee(2, numero_rg=None)])
    envoyer(client_nouveau, octets)
    confirmer(client_nouveau)
    gardee = Mesure.objects.first()
    par = nouveau.membres.get().utilisateur
    mandat.modifier(par=par, mesure=gardee, version=1, faits={"cabinet": "7"})
    equipe = factories.UtilisateurFactory(equipe=True)
    annulation.annuler(import_=ImportMesures.objects.get(), par=equipe)
    texte = page(envoyer(client_nouveau, octets))
    assert "1 déjà présente" in texte
    confirmer(client_nouveau)
    assert Mesure.objects.count() == 2


def test_the_thirty_days_hold_for_the_form_too(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1), rangee(2, civilite="X")]))
    confirmer(client_nouveau)
    fait = ImportMesures.objects.get()
    assert client_nouveau.get(reverse("mesure_creer"), {"ligne": 3}).context["form"]["numero_rg"].value()
    fait.le -= datetime.timedelta(days=31)
    fait.save()
    assert not client_nouveau.get(reverse("mesure_creer"), {"ligne": 3}).context["form"]["numero_rg"].value()


def test_pages_of_a_signed_in_person_stay_in_no_browser(client_nouveau):
    for nom in ("importer", "importer_avancement", "importer_modele"):
        assert "no-store" in client_nouveau.get(reverse(nom))["Cache-Control"]


def test_the_progress_of_a_reading_is_told_to_its_reader_alone(troupe, monkeypatch):
    from mesures.import_excel import avancement

    monkeypatch.setattr(avancement, "PAS", -1)
    avancement.suivre(troupe.gens["mandataire"])(500, 1000)
    adresse = reverse("importer_avancement")
    assert troupe.clients["mandataire"].get(adresse).json() == {"lues": 500, "total": 1000}
    assert troupe.clients["voisin"].get(adresse).json() == {}
    envoyer(troupe.clients["mandataire"], xlsx([rangee(1)]))
    assert troupe.clients["mandataire"].get(adresse).json() == {}
