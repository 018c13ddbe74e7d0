"""The team cancels an import: the untouched mesures go, the others stay and are named, the import can be done again."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Role
from emjpm.support import groupes
from mandataires.models import Membre
from mesures.disponibilite import disponibilite_de
from mesures.enums import MotifFin, Statut
from mesures.import_excel import annulation, services
from mesures.import_excel.analyse import analyser
from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures, Mesure
from mesures.services import mandat
from mesures.services.commun import ActeImpossible
from tests import factories
from tests.conftest import ouvrir

from .fabrique import rangee, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


@pytest.fixture
def nouveau(db):
    return factories.MandataireFactory(nom="Odile Montfiction", capacite=80)


@pytest.fixture
def membre(nouveau):
    return nouveau.membres.get().utilisateur


@pytest.fixture
def equipe(db):
    """Somebody of the team with the rights of the group, no more."""
    utilisateur = factories.UtilisateurFactory(role=Role.SUPPORT, is_staff=True, prenom="Basile", nom="Clairsentier")
    utilisateur.groups.add(groupes.installer())
    return utilisateur


def importer(mandataire, nombre=5, lignes=None) -> ImportMesures:
    """A real import, by the first member of the mandataire."""
    par = mandataire.membres.order_by("pk").first().utilisateur
    octets = xlsx([rangee(n) for n in range(nombre)] if lignes is None else lignes)
    depot = services.deposer(apercu=analyser(octets, mandataire), mandataire=mandataire, par=par)
    return services.appliquer(apercu=depot, par=par)


def mesure_de(import_, n: int) -> Mesure:
    return import_.mesures.get(rg_normal=f"22B{n:05}")


def modifier(mesure, par, **faits) -> Mesure:
    return mandat.modifier(par=par, mesure=mesure, version=mesure.version, faits=faits)


def eteindre(mesure, par) -> Mesure:
    return mandat.eteindre(par=par, mesure=mesure, motif=MotifFin.MAINLEVEE, date_fin=datetime.date(2025, 5, 3))


def texte(reponse) -> str:
    return " ".join(
        reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ").split()
    )


def adresse(import_, acte="annuler") -> str:
    return reverse(f"admin:mesures_importmesures_{acte}", args=[import_.pk])


# --- the act ------------------------------------------------------------------------------------------


def test_untouched_ones_go_touched_ones_stay(nouveau, membre, equipe):
    import_ = importer(nouveau, 6)
    modifier(mesure_de(import_, 1), membre, cabinet="7")
    eteindre(mesure_de(import_, 2), membre)
    mandat.rouvrir(par=membre, mesure=eteindre(mesure_de(import_, 3), membre))
    avant = {
        m["rg_normal"]: m for m in import_.mesures.exclude(rg_normal__in=["22B00000", "22B00004", "22B00005"]).values()
    }
    effet = annulation.annuler(import_=import_, par=equipe)
    assert effet.retirees == 3
    assert [m.rg_normal for m in effet.gardees] == ["22B00001", "22B00002", "22B00003"]
    # As they were, to the last field, and still linked to their import.
    assert {m["rg_normal"]: m for m in Mesure.objects.filter(mandataire=nouveau).values()} == avant
    import_.refresh_from_db()
    assert (import_.retirees, import_.gardees, import_.annule_par) == (3, 3, equipe)
    assert import_.mesures.count() == 3
    assert disponibilite_de(nouveau).en_cours == 2


def test_a_mesure_put_back_as_it_was_has_still_been_touched(nouveau, membre, equipe):
    import_ = importer(nouveau, 2)
    modifier(modifier(mesure_de(import_, 1), membre, cabinet="7"), membre, cabinet="2")
    assert [m.rg_normal for m in annulation.annuler(import_=import_, par=equipe).gardees] == ["22B00001"]


def test_a_line_of_journal_alone_keeps_a_mesure(nouveau, membre, equipe):
    """An act that would not bump the version must not let its mesure be deleted."""
    import_ = importer(nouveau, 2)
    journal.noter(par=membre, acte="mesure.classer", objet=mesure_de(import_, 1))
    assert annulation.annuler(import_=import_, par=equipe).retirees == 1
    assert import_.mesures.get().rg_normal == "22B00001"


def test_a_version_alone_keeps_a_mesure(nouveau, equipe):
    import_ = importer(nouveau, 2)
    import_.mesures.filter(rg_normal="22B00001").update(version=2)
    assert annulation.annuler(import_=import_, par=equipe).retirees == 1
    assert import_.mesures.get().rg_normal == "22B00001"


def test_nothing_else_goes(troupe, equipe):
    """Neither the neighbour's import, nor what was typed by hand, nor a reservation."""
    voisine = importer(troupe.voisin, 4)
    import_ = importer(troupe.mandataire, 4)
    annulation.annuler(import_=import_, par=equipe)
    voisine.refresh_from_db()
    assert voisine.annule_le is None
    assert voisine.mesures.count() == 4
    restent = set(troupe.mandataire.mesures.values_list("numero_rg", flat=True))
    assert restent == {"21B00167", "26C00001"}


def test_each_write_leaves_its_line(nouveau, membre, equipe):
    import_ = importer(nouveau, 3)
    modifier(mesure_de(import_, 2), membre, cabinet="7")
    perdues = {str(m.pk): m for m in import_.mesures.exclude(rg_normal="22B00002")}
    annulation.annuler(import_=import_, par=equipe)
    lignes = Evenement.objects.filter(acte="mesure.retirer")
    assert {ligne.objet_id for ligne in lignes} == set(perdues)
    for ligne in lignes:
        assert (ligne.par, ligne.role, ligne.objet_type) == (equipe, Role.SUPPORT, "mesures.mesure")
        assert ligne.changements["numero_rg"] == [perdues[ligne.objet_id].numero_rg, None]
        assert ligne.changements["import"] == [import_.pk, None]
    acte = Evenement.objects.sur(import_).first()
    assert (acte.acte, acte.par) == ("import.annuler", equipe)
    assert acte.changements == {"retirees": [None, 2], "gardees": [None, 1]}


def test_freshness_is_the_mandataire_s_alone(nouveau, equipe):
    import_ = importer(nouveau, 2)
    nouveau.refresh_from_db()
    avant = nouveau.actualise_le
    annulation.annuler(import_=import_, par=equipe)
    nouveau.refresh_from_db()
    assert nouveau.actualise_le == avant


def test_rows_left_aside_are_forgotten(nouveau, equipe):
    import_ = importer(nouveau, lignes=[rangee(1), rangee(2, date_jugement="31/02/2020")])
    assert import_.restes
    annulation.annuler(import_=import_, par=equipe)
    import_.refresh_from_db()
    assert import_.restes == []


def test_a_second_cancellation_is_told_by_whom_and_when(nouveau, equipe):
    import_ = importer(nouveau, 3)
    vieux = ImportMesures.objects.get(pk=import_.pk)  # the page a colleague opened before
    annulation.annuler(import_=import_, par=equipe)
    with pytest.raises(
        ActeImpossible, match=r"déjà été annulé par Basile Clairsentier, le .* 3 mesures retirées, 0 gardée\."
    ):
        annulation.annuler(import_=vieux, par=factories.UtilisateurFactory(equipe=True))
    assert Evenement.objects.filter(acte="import.annuler").count() == 1
    assert Courriel.objects.filter(sujet__contains="annulé").count() == 1


def test_all_or_nothing(nouveau, equipe, monkeypatch):
    import_ = importer(nouveau, 3)
    courriels, lignes = Courriel.objects.count(), Evenement.objects.count()
    monkeypatch.setattr(annulation.courriels, "deposer", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        annulation.annuler(import_=import_, par=equipe)
    import_.refresh_from_db()
    assert import_.annule_le is None
    assert import_.mesures.count() == 3
    assert (Courriel.objects.count(), Evenement.objects.count()) == (courriels, lignes)


def test_the_counts_belong_to_a_cancelled_import(nouveau, equipe):
    for champs in ({"retirees": 3}, {"gardees": 0}, {"annule_par": equipe}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportMesures.objects.create(mandataire=nouveau, nombre=3, **champs)


def test_the_number_of_queries_does_not_grow_with_mesures(equipe):
    def compter(nombre):
        import_ = importer(factories.MandataireFactory(), nombre)
        with CaptureQueriesContext(connection) as prevision:
            annulation.prevoir(import_)
        with CaptureQueriesContext(connection) as requetes:
            assert annulation.annuler(import_=import_, par=equipe).retirees == nombre
        return len(prevision), len(requetes)

    petite, grande = compter(10), compter(200)
    assert grande[0] == petite[0] == 2
    # SQLite writes 142 lines of journal at a time: its limit of parameters, per thousand rows and not per row.
    assert grande[1] - petite[1] <= (connection.vendor == "sqlite")


# --- what the mandataire reads ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("retirees", "gardees", "mots"),
    [
        (69, 2, "69 mesures retirées, 2 que vous aviez modifiées sont gardées"),
        (1, 1, "1 mesure retirée, 1 que vous aviez modifiée est gardée"),
        (1, 0, "1 mesure retirée"),
        (0, 3, "aucune mesure retirée, 3 que vous aviez modifiées sont gardées"),
        (10_000, 0, "10\u202f000 mesures retirées"),
        (None, None, ""),
    ],
)
def test_words(retirees, gardees, mots):
    assert ImportMesures(retirees=retirees, gardees=gardees).effet_annulation == mots


def test_every_member_who_may_sign_in_gets_the_mail(equipe):
    service = factories.MandataireFactory(service=True, nom="Les Trois Ponts")
    premier = service.membres.get().utilisateur
    second = factories.UtilisateurFactory(role="service")
    parti = factories.UtilisateurFactory(role="service", statut="suspendu")
    for utilisateur in (second, parti):
        Membre.objects.create(utilisateur=utilisateur, mandataire=service)
    import_ = importer(service, 3)
    modifier(mesure_de(import_, 0), premier, cabinet="9")
    ImportMesures.objects.filter(pk=import_.pk).update(le=datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC))
    Courriel.objects.all().delete()
    annulation.annuler(import_=import_, par=equipe)
    assert {c.destinataire for c in Courriel.objects.all()} == {premier.email, second.email}
    courriel = Courriel.objects.first()
    assert courriel.sujet == "Votre import du 2 novembre 2026 a été annulé"
    assert (
        "L’import du 2 novembre 2026 a été annulé : 2 mesures retirées, 1 que vous aviez modifiée est gardée. "
        "Vous pouvez le refaire :"
    ) in courriel.texte
    assert reverse("importer") in courriel.texte
    assert "une seconde fois" not in courriel.texte
    assert "\n\n\n" not in courriel.texte


def test_kept_ones_a_file_would_double_are_told(nouveau, membre, equipe, ouvrir_session):
    """An ended mesure, or one without a number, is not recognised in a workbook."""
    import_ = importer(nouveau, lignes=[rangee(1), rangee(2, numero_rg=""), rangee(3)])
    modifier(import_.mesures.get(rg_normal=""), membre, cabinet="7")
    Courriel.objects.all().delete()
    annulation.annuler(import_=import_, par=equipe)
    phrase = "les mesures terminées ou sans numéro RG que vous gardez : elles seraient importées une seconde fois"
    assert phrase in Courriel.objects.get().texte
    client = ouvrir_session(membre)
    assert phrase in texte(client.get(reverse("importer")))
    Mesure.objects.all().delete()  # nothing left to double
    assert "une seconde fois" not in texte(client.get(reverse("importer")))


def test_the_page_says_it_until_it_is_done_again(nouveau, membre, equipe, ouvrir_session):
    client = ouvrir_session(membre)
    assert "a annulé" not in texte(client.get(reverse("importer")))
    import_ = importer(nouveau, 3)
    eteindre(mesure_de(import_, 1), membre)
    assert "a annulé" not in texte(client.get(reverse("importer")))
    annulation.annuler(import_=import_, par=equipe)
    ImportMesures.objects.update(le=datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC))
    page = texte(client.get(reverse("importer")))
    assert (
        "L’équipe a annulé l’import du 2 novembre 2026 : 2 mesures retirées, 1 que vous aviez modifiée est gardée."
    ) in page
    assert "Sélectionnez votre fichier" in page
    importer(nouveau, 1)
    assert "a annulé" not in texte(client.get(reverse("importer")))


def test_the_last_of_several_cancellations_is_the_one_told(nouveau, equipe):
    assert annulation.dernier_annule(nouveau) is None
    for nombre in (3, 2):
        annulation.annuler(import_=importer(nouveau, nombre), par=equipe)
    assert annulation.dernier_annule(nouveau).retirees == 2
    importer(nouveau, 1)
    assert annulation.dernier_annule(nouveau) is None


def test_it_can_be_done_again_whole(nouveau, membre, equipe, ouvrir_session):
    """Through the pages: the kept ones with a number are « déjà présentes », the others come in."""
    client = ouvrir_session(membre)
    import_ = importer(nouveau, 5)
    modifier(mesure_de(import_, 2), membre, cabinet="7")
    annulation.annuler(import_=import_, par=equipe)
    fichier = SimpleUploadedFile("liste.xlsx", xlsx([rangee(n) for n in range(6)]))
    client.post(reverse("importer"), {"classeur": fichier})
    apercu = ApercuImport.objects.get().apercu
    assert (len(apercu.pretes), len(apercu.deja_presentes)) == (5, 1)
    client.post(reverse("importer_confirmer"), {"cle": ApercuImport.objects.get().cle})
    assert "5 mesures importées" in texte(client.get(reverse("importer")))
    assert nouveau.mesures.count() == 6
    assert nouveau.mesures.get(rg_normal="22B00002").cabinet == "7"
    assert ImportMesures.objects.filter(mandataire=nouveau).count() == 2


# --- the admin ----------------------------------------------------------------------------------------


def test_support_reads_the_figures_confirms_and_is_told_what_stays(nouveau, membre, equipe):
    import_ = importer(nouveau, 5)
    modifier(mesure_de(import_, 1), membre, cabinet="7")
    modifier(mesure_de(import_, 2), membre, cabinet="7")
    mandat.supprimer(par=membre, mesure=mesure_de(import_, 3))
    client = ouvrir(equipe)
    for page in (texte(client.get(adresse(import_, "change"))), texte(client.get(adresse(import_)))):
        assert "2 mesures jamais modifiées seront retirées." in page
        assert "2 modifiées depuis seront gardées" in page
        for n in (1, 2):
            lien = reverse("admin:mesures_mesure_change", args=[mesure_de(import_, n).pk])
            assert f'<a href="{lien}">22B0000{n}</a> (TJ Metz)' in page
        assert "1 a déjà été supprimée par le mandataire" in page
    assert import_.mesures.count() == 4  # looking wrote nothing
    page = texte(client.post(adresse(import_), follow=True))
    assert "Import annulé : 2 mesures retirées, 2 gardées : <a" in page
    assert "peut refaire son import" in page
    assert "par Basile Clairsentier" in page
    assert "Annuler cet import" not in page
    assert set(import_.mesures.values_list("rg_normal", flat=True)) == {"22B00001", "22B00002"}


def test_two_clicks_or_two_people(nouveau, equipe):
    import_ = importer(nouveau, 2)
    client = ouvrir(equipe)
    client.post(adresse(import_))
    for reponse in (client.post(adresse(import_), follow=True), client.get(adresse(import_), follow=True)):
        assert "Cet import a déjà été annulé par Basile Clairsentier" in texte(reponse)
    assert Evenement.objects.filter(acte="import.annuler").count() == 1


def test_many_kept_ones_are_counted_and_behind_a_link(nouveau, equipe):
    import_ = importer(nouveau, 25)
    import_.mesures.update(version=2)
    client = ouvrir(equipe)
    page = texte(client.get(adresse(import_, "change")))
    assert "Aucune mesure ne sera retirée" in page
    assert page.count("(TJ Metz)") == 20
    assert "et 5 autres" in page
    page = texte(client.post(adresse(import_), follow=True))
    liste = f"{reverse('admin:mesures_mesure_changelist')}?importee_par__id__exact={import_.pk}"
    assert f'<a href="{liste}">5 autres</a>' in page
    factories.MesureFactory(numero_rg="26Z99999")
    page = texte(client.get(liste))
    assert "22B00024" in page
    assert "26Z99999" not in page


def test_only_who_may(nouveau, troupe, equipe):
    import_ = importer(nouveau, 2)
    lecteur = factories.UtilisateurFactory(role=Role.SUPPORT, is_staff=True)
    lecteur.user_permissions.add(Permission.objects.get(codename="view_importmesures"))
    autre = factories.UtilisateurFactory(role=Role.SUPPORT, is_staff=True)
    client = ouvrir(lecteur)
    page = texte(client.get(adresse(import_, "change")))
    assert "Odile Montfiction" in page
    assert "Annuler cet import" not in page
    for client in (ouvrir(lecteur), ouvrir(autre)):
        assert client.get(adresse(import_)).status_code == 403
        assert client.post(adresse(import_)).status_code == 403
    for nom, client in {**troupe.clients, "anonyme": Client()}.items():
        if nom != "support":
            assert client.post(adresse(import_)).status_code in {302, 403}, nom
    import_.refresh_from_db()
    assert import_.annule_le is None
    assert import_.mesures.count() == 2
    assert ouvrir(equipe).get(adresse(import_)).status_code == 200


def test_a_form_of_another_site_does_nothing(nouveau, equipe):
    import_ = importer(nouveau, 2)
    client = Client(enforce_csrf_checks=True)
    client.force_login(equipe)
    assert client.post(adresse(import_)).status_code == 403
    assert import_.mesures.count() == 2


def test_an_absent_import(equipe):
    client = ouvrir(equipe)
    for url in ("/admin/mesures/importmesures/999999/annuler/", "/admin/mesures/importmesures/abc/annuler/"):
        for methode in (client.get, client.post):
            assert methode(url).status_code == 302


def test_the_list_tells_and_filters(nouveau, troupe, equipe):
    annulation.annuler(import_=importer(nouveau, 2), par=equipe)
    importer(troupe.service, 3)
    client, liste = ouvrir(equipe), reverse("admin:mesures_importmesures_changelist")
    assert client.get(liste).status_code == 200
    for etat, present, absent in (
        ("annule", "Odile Montfiction", "Trois Ponts"),
        ("valable", "Trois Ponts", "Odile M"),
    ):
        page = texte(client.get(liste, {"etat": etat}))
        assert present in page
        assert absent not in page
    assert "Odile Montfiction" in texte(client.get(liste, {"q": "MONTFICTION odile"}))


def test_figures_are_read_not_raw_json(nouveau, equipe):
    import_ = importer(nouveau, lignes=[rangee(1), rangee(2), rangee(3, date_jugement="31/02/2020")])
    page = texte(ouvrir(equipe).get(adresse(import_, "change")))
    assert "3 lues, 1 à corriger, 0 déjà présente, 0 ignorée" in page
    assert "1, montrée au mandataire jusqu’au" in page
    for brut in ("a_corriger", "pourquoi", "[{", "{&"):
        assert brut not in page
    assert ouvrir(equipe).post(adresse(import_, "change"), {"nombre": 12}).status_code == 403


def test_an_import_cancelled_before_the_counts_existed(nouveau, equipe, membre, ouvrir_session):
    import_ = nouveau.imports.create(nombre=3, annule_le=timezone.now())
    assert "Import annulé" in texte(ouvrir(equipe).get(adresse(import_, "change")))
    assert "L’équipe a annulé l’import du" in texte(ouvrir_session(membre).get(reverse("importer")))


def test_statut_is_watched_too(nouveau, equipe):
    """Whatever wrote it: only a mesure en cours may go."""
    import_ = importer(nouveau, 2)
    import_.mesures.filter(rg_normal="22B00001").update(
        statut=Statut.ETEINTE, date_fin=datetime.date(2025, 5, 3), motif_fin=MotifFin.DECES
    )
    assert annulation.annuler(import_=import_, par=equipe).retirees == 1
