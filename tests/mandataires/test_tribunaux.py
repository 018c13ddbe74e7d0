"""Asking the team for a court, its answer, and leaving one."""

import pytest
from django.urls import reverse

from emjpm.commun.models import Courriel, Evenement
from mandataires import services
from mandataires.models import CapaciteDepartement, DemandeTribunal
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
PAGE, INFOS = "/mes-informations/tribunaux/demander/", "/mes-informations/"


@pytest.fixture
def client(troupe):
    return troupe.clients["mandataire"]


@pytest.fixture
def demande(troupe):
    return services.demander_tribunaux(
        mandataire=troupe.mandataire, par=troupe.gens["mandataire"], tribunaux=[troupe.thionville]
    )[0]


def test_searching_then_asking(troupe, client):
    texte = client.post(PAGE, {"chercher": "1", "chercher_tribunal": "thionville"}).content.decode()
    assert "Tribunal judiciaire de Thionville" in texte
    assert not DemandeTribunal.objects.exists()
    avec_htmx = client.get(PAGE, {"chercher_tribunal": "metz"}, headers={"HX-Request": "true"}).content.decode()
    assert "Tribunal judiciaire de Metz" not in avec_htmx  # already theirs: not offered
    texte = client.post(PAGE, {"tribunaux": troupe.thionville.pk}, follow=True).content.decode()
    assert "Votre demande est partie." in texte
    assert "En cours d’examen" in texte
    courriel = Courriel.objects.get()
    assert courriel.sujet == "Camille Bellerive demande le TJ Thionville"
    assert "/admin/mandataires/demandetribunal/" in courriel.texte
    client.post(PAGE, {"tribunaux": troupe.thionville.pk})  # a second click asks nothing more
    assert DemandeTribunal.objects.count() == 1
    assert troupe.mandataire.tribunaux.count() == 1


def test_nothing_ticked_keeps_the_search(client):
    texte = client.post(PAGE, {"chercher_tribunal": "thionv"}).content.decode()
    assert "Choisissez un tribunal." in texte
    assert "<title>Erreur :" in texte
    assert 'value="thionv"' in texte


@pytest.mark.parametrize("cle", ["abc", "99999999999999999999", "-1", ""])
def test_an_odd_key_is_no_court(client, cle):
    assert client.post(PAGE, {"tribunaux": cle}).status_code == 200
    assert not DemandeTribunal.objects.exists()


def test_taking_back_a_request(troupe, client, demande):
    texte = client.post(reverse("demande_tribunal_annuler", args=[demande.pk]), follow=True).content.decode()
    assert "Demande annulée : Tribunal judiciaire de Thionville." in texte
    assert not DemandeTribunal.objects.exists()


def test_leaving_is_immediate_and_keeps_the_mesures(troupe, client):
    CapaciteDepartement.objects.create(
        mandataire=troupe.mandataire, departement=factories.departement("57"), capacite=5
    )
    habilitation = troupe.mandataire.habilitations.get()
    url = reverse("tribunal_quitter", args=[habilitation.pk])
    texte = client.get(url).content.decode()
    assert "Vous n’apparaîtrez plus pour ce tribunal, dès maintenant. Vos mesures restent." in texte
    assert troupe.mandataire.tribunaux.exists()  # a GET leaves nothing
    mesures = troupe.mandataire.mesures.count()
    assert "Vos mesures restent." in client.post(url, follow=True).content.decode()
    assert not troupe.mandataire.tribunaux.exists()
    assert not troupe.mandataire.capacites.exists()  # no court is left in that département
    assert troupe.mandataire.mesures.count() == mesures
    assert "Camille Bellerive" not in troupe.clients["magistrat"].get(reverse("recherche")).content.decode()
    assert Evenement.objects.sur(troupe.mandataire).filter(acte="mandataire.quitter_tribunal").count() == 1


class TestEquipe:
    @pytest.fixture
    def support(self, troupe):
        return troupe.clients["support"]

    def test_accepting_habilitates_tells_and_is_done_once(self, troupe, support, demande):
        assert "1 demande de tribunal en attente" in support.get("/admin/").content.decode()
        page = reverse("admin:mandataires_demandetribunal_change", args=[demande.pk])
        assert "Tribunal judiciaire de Metz" in support.get(page).content.decode()
        Courriel.objects.all().delete()
        support.post(page, {"_accepter": "1", "motif": ""})
        assert set(troupe.mandataire.tribunaux.all()) == {troupe.metz, troupe.thionville}
        courriel = Courriel.objects.get()
        assert courriel.destinataire == troupe.gens["mandataire"].email
        assert courriel.sujet == "TJ Thionville : votre demande est acceptée"
        reponse = support.post(page, {"_refuser": "1", "motif": "Trop tard"})
        assert "Demande déjà acceptée" in reponse.content.decode()
        assert Courriel.objects.count() == 1
        assert Evenement.objects.filter(acte="mandataire.accepter_tribunal").count() == 1

    def test_refusing_needs_a_reason_which_is_sent(self, troupe, support, demande):
        page = reverse("admin:mandataires_demandetribunal_change", args=[demande.pk])
        assert "Indiquez le motif du refus." in support.post(page, {"_refuser": "1"}).content.decode()
        Courriel.objects.all().delete()
        support.post(page, {"_refuser": "1", "motif": "Absent de la liste du préfet."})
        assert troupe.mandataire.tribunaux.count() == 1
        assert "Absent de la liste du préfet." in Courriel.objects.get().texte
        # refused once, it may be asked again
        assert services.demander_tribunaux(
            mandataire=troupe.mandataire, par=troupe.gens["mandataire"], tribunaux=[troupe.thionville]
        )

    def test_several_at_once(self, troupe, support, demande):
        autre = services.demander_tribunaux(
            mandataire=troupe.prepose, par=troupe.gens["prepose"], tribunaux=[troupe.thionville]
        )[0]
        liste = reverse("admin:mandataires_demandetribunal_changelist")
        assert "Colombe Douxruisseau" in support.get(liste).content.decode()
        choix = {"_selected_action": [demande.pk, autre.pk]}
        texte = support.post(liste, {"action": "refuser", **choix}).content.decode()
        assert "Le même motif sera envoyé pour 2 demandes" in texte
        services.refuser_tribunal(demande=autre, par=troupe.gens["support"], motif="Doublon")
        texte = support.post(liste, {"action": "accepter", **choix}, follow=True).content.decode()
        assert "1 demande acceptée : Camille Bellerive, TJ Thionville." in texte
        assert "1 demande non acceptée : Colombe Douxruisseau, TJ Thionville" in texte
        assert not DemandeTribunal.objects.filter(traitee_le=None).exists()

    def test_a_closed_court_gives_its_successor(self, troupe, support):
        ancien = factories.tribunal("Saint-Avold", "TI", ferme_le="2019-12-31", successeur=troupe.thionville)
        vieille = DemandeTribunal.objects.create(mandataire=troupe.mandataire, tribunal=ancien)
        services.accepter_tribunal(demande=vieille, par=troupe.gens["support"])
        assert troupe.thionville in troupe.mandataire.tribunaux.all()
