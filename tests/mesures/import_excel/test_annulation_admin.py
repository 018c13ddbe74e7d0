"""Cancelling an import, as the team does it in the admin: read the figures, confirm, be told what stays."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from emjpm.commun.models import Evenement
from emjpm.comptes.models import Role
from emjpm.support import groupes
from mesures.import_excel import annulation
from mesures.services import mandat
from tests import factories
from tests.conftest import ouvrir

from .fabrique import rangee
from .test_annulation import importer, mesure_de, modifier, texte

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


def adresse(import_, acte="annuler") -> str:
    return reverse(f"admin:mesures_importmesures_{acte}", args=[import_.pk])


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
    assert 'Import annulé : 2 mesures retirées, 2 gardées : <span class="em-admin-fil"><a' in page
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
