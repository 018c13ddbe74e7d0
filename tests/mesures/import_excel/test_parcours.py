"""The import as its user lives it: choose, check, confirm, done once."""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse

from emjpm.commun.models import Courriel, Evenement
from emjpm.geographie.models import CodePostal
from mandataires.models import Membre
from mesures.enums import LieuVie, Nature, Statut
from mesures.import_excel import services
from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures, Mesure
from tests import factories

from .fabrique import TITRES, rangee, xlsx
from .gestes import confirmer, envoyer, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
ECHANTILLON = Path(__file__).resolve().parents[4] / "shared" / "samples" / "modele-premier-emjpm.xlsx"


def test_page_says_what_is_asked(client_nouveau):
    texte = page(client_nouveau.get(reverse("importer")))
    for mots in (
        "Sélectionnez votre fichier",
        'name="classeur"',
        "Voir l’aperçu",
        "Neuf informations",
        "Aucun nom",
        "Un seul import",
    ):
        assert mots in texte


def test_a_few_hundred_rows_go_in_whole(nouveau, client_nouveau):
    octets = xlsx([rangee(n) for n in range(400)])
    texte = page(envoyer(client_nouveau, octets))
    assert "400 lignes lues, 400 prêtes" in texte
    assert "Rien n’est encore enregistré" in texte
    assert not Mesure.objects.exists()
    texte = page(client_nouveau.get(reverse("importer_confirmer")))
    assert '0 <span aria-hidden="true">→</span><span class="fr-sr-only">devient</span> <strong>400</strong>' in texte
    assert "−320" in texte
    texte = page(confirmer(client_nouveau))
    assert "400 mesures importées" in texte
    assert "par vous" in texte
    assert Mesure.objects.filter(mandataire=nouveau, statut=Statut.EN_COURS).count() == 400
    mesure = Mesure.objects.get(rg_normal="22B00007")
    assert mesure.nature == Nature.CURATELLE_RENFORCEE
    assert (mesure.code_postal, mesure.commune.nom, mesure.ville) == ("57000", "Metz", "")
    assert mesure.lieu_vie == LieuVie.DOMICILE
    assert mesure.annee_naissance == 1947
    assert str(mesure.date_jugement) == "2021-03-12"
    assert mesure.importee_par.nombre == 400


def test_page_mail_journal_and_database_agree(nouveau, client_nouveau):
    lignes = [rangee(n) for n in range(6)] + [[None] * 11, rangee(7, date_jugement="31/02/2020"), ["TOTAL", 7]]
    envoyer(client_nouveau, xlsx(lignes))
    texte = page(confirmer(client_nouveau))
    assert "6 mesures importées" in texte
    assert "1 ligne à saisir à la main" in texte
    assert "Le 31 février n’existe pas" in texte
    courriel = Courriel.objects.get()
    assert courriel.destinataire == nouveau.membres.get().utilisateur.email
    assert "6 mesures importées" in courriel.sujet
    for figure in ("Lignes lues : 9", "Mesures importées : 6", "côté : 1", "inchangées : 0", "total) : 2"):
        assert figure in courriel.texte.replace("\u00a0", " ")
    assert Mesure.objects.count() == 6
    assert Evenement.objects.filter(acte="mesure.importer").count() == 6
    fin = Evenement.objects.get(acte="import.confirmer")
    assert fin.changements["pretes"] == [None, 6]
    assert fin.par == nouveau.membres.get().utilisateur
    assert not ApercuImport.objects.exists()


def test_freshness_follows(nouveau, client_nouveau):
    avant = nouveau.actualise_le
    envoyer(client_nouveau, xlsx())
    confirmer(client_nouveau)
    nouveau.refresh_from_db()
    assert nouveau.actualise_le > avant


def test_an_error_names_row_column_value_reason_and_remedy(client_nouveau):
    lignes = [
        rangee(1),
        rangee(2, date_jugement="31/02/2020", nature="habilitation familiale"),
        rangee(3, civilite="X"),
    ]
    texte = page(envoyer(client_nouveau, xlsx(lignes, avant=[["Ma liste"], []])))
    for mots in (
        "2 lignes à corriger dans votre classeur",
        "</span>5</th>",
        "Ligne 5, suite",
        "A « Date du jugement »",
        "31/02/2020",
        "Le 31 février n’existe pas",
        "B « Type de la mesure »",
        "habilitation familiale",
        "Ce n’est pas une mesure confiée à un mandataire judiciaire",
        "E « Civilité »",
        "Civilité non reconnue",
        "« Madame » ou « Monsieur »",
    ):
        assert mots in texte, mots
    assert not Mesure.objects.exists()


def test_no_ready_row_no_import_button(client_nouveau):
    texte = page(envoyer(client_nouveau, xlsx([rangee(1, tribunal="")])))
    assert "Aucune ligne n’est prête" in texte
    assert reverse("importer_confirmer") not in texte
    reponse = confirmer(client_nouveau)
    assert reponse.redirect_chain[-1][0] == reverse("importer_apercu")
    assert not ImportMesures.objects.exists()


def test_every_row_ends_in_exactly_one_place(troupe):
    lignes = [
        rangee(1),
        rangee(0, numero_rg="21B00167"),  # already there
        [None] * 11,
        rangee(2, nature="???"),
        rangee(1),  # twice
        ["-"] * 11,
        TITRES,
        ["Total", None, None, 4],
        rangee(3),
        [None] * 8 + ["23A00001"],
    ]
    envoyer(troupe.clients["mandataire"], xlsx(lignes))
    apercu = ApercuImport.objects.get().apercu
    places = [
        *(li["ligne"] for li in apercu.pretes),
        *(li.ligne for li in apercu.a_corriger),
        *(li["ligne"] for li in apercu.ignorees),
        *(li["ligne"] for li in apercu.deja_presentes),
    ]
    assert sorted(places) == list(range(2, 12))
    assert [li["ligne"] for li in apercu.pretes] == [2, 10]
    assert [li["ligne"] for li in apercu.deja_presentes] == [3]
    assert all(p.pourquoi and p.a_ecrire for li in apercu.a_corriger for p in li.problemes)


def test_present_mesures_are_left_alone_reservations_included(troupe):
    client = troupe.clients["mandataire"]
    lignes = [
        rangee(1, numero_rg="RG 21/B/00167", nature="Tutelle"),
        rangee(2, numero_rg="26c00001"),
        rangee(3),
    ]
    texte = page(envoyer(client, xlsx(lignes)))
    assert "2 déjà présentes" in texte
    assert "en attente" in texte
    confirmer(client)
    troupe.mesure.refresh_from_db()
    troupe.reservee.refresh_from_db()
    assert (troupe.mesure.version, troupe.reservee.statut) == (1, Statut.EN_ATTENTE)
    assert Mesure.objects.filter(mandataire=troupe.mandataire).count() == 3


def test_once_only_whatever_is_pressed(nouveau, client_nouveau):
    envoyer(client_nouveau, xlsx())
    cle = ApercuImport.objects.get().cle
    for _ in range(3):
        texte = page(client_nouveau.post(reverse("importer_confirmer"), {"cle": cle}, follow=True))
    assert "1 mesure importée" in texte
    assert "Vous avez importé 1 mesure" in texte
    texte = page(envoyer(client_nouveau, xlsx([rangee(9)])))
    assert "L’import ne se fait qu’une fois" in texte
    assert (ImportMesures.objects.count(), Mesure.objects.count()) == (1, 1)


def test_two_members_two_previews_one_import(ouvrir_session):
    service = factories.MandataireFactory(service=True, nom="Les Trois Ponts", capacite=100)
    premier = service.membres.get().utilisateur
    second = factories.UtilisateurFactory(role="service", prenom="Odile", nom="Montfiction")
    Membre.objects.create(utilisateur=second, mandataire=service)
    clients = [ouvrir_session(premier), ouvrir_session(second)]
    for rang, client in enumerate(clients):
        envoyer(client, xlsx([rangee(n) for n in range(10 * rang, 10 * rang + 5)]))
    cles = {a.par_id: a.cle for a in ApercuImport.objects.all()}
    clients[1].post(reverse("importer_confirmer"), {"cle": cles[second.pk]})
    texte = page(clients[0].post(reverse("importer_confirmer"), {"cle": cles[premier.pk]}, follow=True))
    assert "Odile Montfiction a importé 5 mesures" in texte
    assert Mesure.objects.filter(mandataire=service).count() == 5
    assert {c.destinataire for c in Courriel.objects.all()} == {premier.email, second.email}


def test_the_constraint_itself_stops_a_second_import(nouveau, monkeypatch):
    """Even when the check before it sees nothing (two requests at the same instant)."""
    par = nouveau.membres.get().utilisateur
    from mesures.import_excel.analyse import analyser

    depot = services.deposer(apercu=analyser(xlsx(), nouveau), mandataire=nouveau, par=par)
    ImportMesures.objects.create(mandataire=nouveau, par=par, nombre=3)
    vraie, vues = services.import_fait, []

    def aveugle(mandataire):
        vues.append(1)
        return None if len(vues) == 1 else vraie(mandataire)

    monkeypatch.setattr(services, "import_fait", aveugle)
    with pytest.raises(services.DejaImporte) as deja:
        services.appliquer(apercu=depot, par=par)
    assert deja.value.fait.nombre == 3
    assert not Mesure.objects.exists()
    assert ApercuImport.objects.filter(pk=depot.pk).exists()


def test_a_failure_in_the_middle_leaves_nothing(nouveau, client_nouveau, monkeypatch):
    envoyer(client_nouveau, xlsx([rangee(n) for n in range(30)]))
    monkeypatch.setattr(services.courriels, "deposer", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        confirmer(client_nouveau)
    assert (Mesure.objects.count(), ImportMesures.objects.count(), Evenement.objects.count()) == (0, 0, 0)
    assert ApercuImport.objects.count() == 1


def test_a_mesure_created_meanwhile_is_told_and_left_out(nouveau, client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(n) for n in range(3)]))
    factories.MesureFactory(mandataire=nouveau, numero_rg="22B00001")
    texte = page(confirmer(client_nouveau, nombre=3))  # what the page had said
    assert "1 mesure a été créée entre-temps : 2 seront importées, 1 ligne restera de côté" in texte
    assert not ImportMesures.objects.exists()
    confirmer(client_nouveau)
    assert ImportMesures.objects.get().nombre == 2
    assert Mesure.objects.filter(mandataire=nouveau).count() == 3


def test_a_replaced_preview_is_not_confirmed_blindly(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1)]))
    ancienne = ApercuImport.objects.get().cle
    envoyer(client_nouveau, xlsx([rangee(1), rangee(2)]))
    assert ApercuImport.objects.count() == 1
    texte = page(client_nouveau.post(reverse("importer_confirmer"), {"cle": ancienne}, follow=True))
    assert "Un autre fichier a remplacé cet aperçu" in texte
    assert not Mesure.objects.exists()


def test_a_preview_expires(client_nouveau):
    envoyer(client_nouveau, xlsx())
    depot = ApercuImport.objects.get()
    ApercuImport.objects.update(cree_le=depot.cree_le - datetime.timedelta(hours=25))
    for nom in ("importer_apercu", "importer_confirmer"):
        assert "Cet aperçu a expiré" in page(client_nouveau.get(reverse(nom), follow=True))
    assert "Cet aperçu a expiré" in page(confirmer(client_nouveau))
    assert services.oublier_restes() == 1
    assert not Mesure.objects.exists()


def test_a_neighbour_never_reaches_a_preview(troupe):
    envoyer(troupe.clients["service"], xlsx([rangee(5, numero_dossier="SECRET-77")]))
    depot = ApercuImport.objects.get()
    for nom in ("mandataire", "voisin", "prepose"):
        client = troupe.clients[nom]
        reponse = client.get(reverse("importer_apercu"), follow=True)
        assert "SECRET-77" not in page(reponse)
        client.post(reverse("importer_confirmer"), {"cle": depot.cle})
    for nom in ("magistrat", "agent", "support"):
        for vue in ("importer", "importer_apercu", "importer_confirmer", "importer_modele"):
            assert troupe.clients[nom].get(reverse(vue)).status_code == 403
    assert not ImportMesures.objects.exists()


def test_a_member_limited_to_an_antenne_does_not_spend_the_import(troupe):
    antenne = factories.LieuFactory(mandataire=troupe.service, nom="Antenne de Thionville")
    troupe.service.membres.update(lieu=antenne)
    client = troupe.clients["service"]
    assert "pour tout le service" in page(client.get(reverse("importer")))
    assert client.get(reverse("importer_apercu")).status_code == 403
    envoyer(client, xlsx())
    assert not ApercuImport.objects.exists()


def test_names_stop_before_the_preview_and_never_enter(nouveau, client_nouveau):
    titres = ["NOM Prénom", *TITRES]
    lignes = [["CANARITO Paulette", *rangee(n)] for n in range(4)]
    lignes[2] = ["CANARITO Paulette", *rangee(2, numero_dossier="Canarito P.")]
    texte = page(envoyer(client_nouveau, xlsx(lignes, titres)))
    assert "e-MJPM ne doit contenir aucun nom" in texte
    assert "Colonne A « NOM Prénom »" in texte
    assert "Continuer sans ces 5 cellules" in texte
    assert "anarito" not in texte.lower()
    depot = ApercuImport.objects.get()
    assert "canarito" not in str(depot.donnees).lower()
    assert client_nouveau.get(reverse("importer_confirmer")).status_code == 302
    client_nouveau.post(reverse("importer_confirmer"), {"cle": depot.cle})
    assert not Mesure.objects.exists()
    texte = page(client_nouveau.post(reverse("importer_apercu"), {"cle": depot.cle}, follow=True))
    assert "4 prêtes" in texte
    assert "Écartée" in texte
    confirmer(client_nouveau)
    assert Mesure.objects.count() == 4
    assert Mesure.objects.get(rg_normal="22B00002").numero_dossier == ""


def test_names_in_other_columns_are_masked(client_nouveau):
    texte = page(envoyer(client_nouveau, xlsx([rangee(1, civilite="CANARITO Paulette", date_jugement="Mme Canarito")])))
    assert "contenu masqué" in texte
    assert "canarito" not in texte.lower()
    assert "canarito" not in str(ApercuImport.objects.get().donnees).lower()


def test_the_first_e_mjpm_model_finds_its_court_by_siret(client_nouveau, nouveau):
    if not ECHANTILLON.exists():
        pytest.skip("l’échantillon du premier e-MJPM n’est pas à côté du dépôt")
    cour = factories.tribunal("Paris", siret="17750111101383")
    factories.commune("Paris").codes_postaux.add(CodePostal.objects.create(code="75002"))
    texte = page(envoyer(client_nouveau, ECHANTILLON.read_bytes()))
    assert "1 ligne lue" in texte
    confirmer(client_nouveau)
    mesure = Mesure.objects.get(mandataire=nouveau)
    assert mesure.tribunal == cour
    assert (mesure.numero_rg, mesure.annee_naissance, mesure.civilite) == ("21B00167", 1982, "monsieur")
    assert str(mesure.date_jugement) == "2019-12-21"


def test_the_model_to_download_imports_once_filled(nouveau, client_nouveau):
    reponse = client_nouveau.get(reverse("importer_modele"))
    assert reponse.status_code == 200
    livre = openpyxl.load_workbook(io.BytesIO(reponse.content))
    assert livre.sheetnames == ["Mesures", "Exemple", "Mode d’emploi", "Listes"]
    feuille = livre["Mesures"]
    assert [c.value for c in feuille[1]] == TITRES
    for n in range(3):
        feuille.append(rangee(n))
    listes = livre["Listes"]
    for n, libelle in enumerate([c.value for c in listes["A"] if c.value], 10):
        feuille.append(rangee(n, nature=libelle))
    for n, libelle in enumerate([c.value for c in listes["C"] if c.value], 50):
        feuille.append(rangee(n, lieu_vie=libelle))
    sortie = io.BytesIO()
    livre.save(sortie)
    envoyer(client_nouveau, sortie.getvalue())
    apercu = ApercuImport.objects.get().apercu
    assert not apercu.a_corriger
    assert len(apercu.pretes) == apercu.lues == 3 + 18 + 4


def test_the_number_of_queries_does_not_grow_with_rows(nouveau, client_nouveau):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def compter(nombre):
        octets = xlsx([rangee(n) for n in range(nombre)])
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            envoyer(client_nouveau, octets)
        return len(requetes)

    petite = compter(5)
    assert compter(300) == petite
    with CaptureQueriesContext(connection) as requetes:
        confirmer(client_nouveau)
    assert len(requetes) < 70


def test_cell_text_is_in_no_log(nouveau, client_nouveau, caplog):
    caplog.set_level("DEBUG")
    lignes = [rangee(1, ville="CANARI-VILLE", numero_rg="CANARI 1"), rangee(2, tribunal="TJ CANARI"), rangee(3)]
    envoyer(client_nouveau, xlsx(lignes))
    confirmer(client_nouveau)
    envoyer(client_nouveau, b"CANARI;CANARI\n" * 5)
    assert "CANARI" not in "".join(
        r.getMessage() + str(r.exc_text) for r in caplog.records if r.name != "django.db.backends"
    )
    assert "DURAND" not in caplog.text
