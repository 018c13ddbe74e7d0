"""The home of a mandataire: what waits, how many more, and what is put away for good."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from mandataires import services
from mandataires.models import Mandataire
from tests.factories import MesureFactory

from .test_listes import EN_COURS
from .test_mandat_vues import texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


@pytest.fixture
def client(troupe):
    Mandataire.objects.update(verifie_le=timezone.now())
    return troupe.clients["mandataire"]


class TestTableauDeBord:
    URL = "/tableau-de-bord/"

    def test_page_ordinaire(self, client, troupe):
        page = texte(client.get(self.URL))
        assert "1 mesure réservée par un tribunal" in page
        assert "Tutelle, femme de" in page
        assert "Votre mesure en cours" in page
        assert "8 mesures peuvent encore vous être confiées" in page
        assert "Dernière mise à jour le" in page

    def test_rien_n_attend(self, client, troupe):
        troupe.reservee.delete()
        Mandataire.objects.filter(pk=troupe.mandataire.pk).update(
            telephone_portable="+33639980000", siret="73282932000074"
        )
        assert "Rien ne vous attend." in texte(client.get(self.URL))

    def test_informations_a_completer(self, client, troupe):
        MesureFactory.create_batch(4, mandataire=troupe.mandataire, numero_rg="")
        page = texte(client.get(self.URL))
        assert "3 informations à compléter" in page
        assert "Votre SIRET manque." in page
        assert "les tribunaux vous joignent au fixe seulement" in page
        assert "4 mesures en cours n’ont pas de numéro RG." in page

    def test_a_confirmer_apres_trente_jours(self, client, troupe):
        Mandataire.objects.update(actualise_le=timezone.now() - timedelta(days=31))
        assert "À confirmer" in texte(client.get(self.URL))

    def test_premiere_connexion_jusqu_au_bout(self, troupe):
        Mandataire.objects.filter(pk=troupe.prepose.pk).update(capacite=None)
        client = troupe.clients["prepose"]
        page = texte(client.get(self.URL))
        assert "Bienvenue, Colombe Douxruisseau" in page
        assert "Encore trois étapes" in page
        assert "Capacité non renseignée" in page
        assert "C’est noté : aucune mesure en cours." in texte(client.post(self.URL, follow=True))
        assert "Encore deux étapes" in texte(client.get(self.URL))
        Mandataire.objects.filter(pk=troupe.prepose.pk).update(capacite=12, verifie_le=timezone.now())
        page = texte(client.get(self.URL))
        assert "Bienvenue" not in page
        assert "12 mesures peuvent encore vous être confiées" in page
        assert "Aucune mesure pour l’instant" in page

    @pytest.mark.parametrize("derniere", ["aucune", "capacite", "a_jour", "profil", "creer"])
    def test_la_derniere_etape_dit_ce_que_voient_les_tribunaux(self, troupe, derniere):
        """Whichever it is, and wherever it is done: once, on the first page without the steps."""
        client, m = troupe.clients["prepose"], troupe.prepose
        faites = {"capacite": 80, "verifie_le": timezone.now()}
        if derniere in {"capacite", "profil", "a_jour"}:
            faites["verifie_le" if derniere == "a_jour" else "capacite"] = None
            journal.noter(par=troupe.gens["prepose"], acte="mandataire.aucune_mesure", objet=m)
        Mandataire.objects.filter(pk=m.pk).update(**faites)
        assert "Encore une étape" in texte(client.get(self.URL))
        if derniere == "aucune":
            client.post(self.URL)
        elif derniere == "capacite":
            client.post(reverse("mes_informations_capacite"), {"capacite": "80"})
        elif derniere == "a_jour":
            client.post(reverse("mes_informations_a_jour"))
        elif derniere == "creer":
            MesureFactory(mandataire=m)
        else:
            services.changer_capacite(mandataire=m, par=troupe.gens["prepose"], capacite=80)  # as « Profil » does
        reste = 79 if derniere == "creer" else 80
        page = texte(client.get(self.URL))
        assert f"Tout est prêt. Les tribunaux voient votre disponibilité : {reste}." in page
        assert "Tout est prêt" not in texte(client.get(self.URL))

    def test_rien_n_est_dit_a_qui_n_avait_plus_d_etape(self, troupe):
        assert "Tout est prêt" not in texte(troupe.clients["mandataire"].get(self.URL))

    def test_les_etapes_se_passent(self, troupe):
        Mandataire.objects.filter(pk=troupe.prepose.pk).update(capacite=None)
        client = troupe.clients["prepose"]
        for _ in range(2):
            page = texte(client.post(self.URL, {"passer": "1"}, follow=True))
            assert "Bienvenue" not in page
        assert "Non renseignée" in page
        assert "Le nombre de mesures souhaitées manque." in page
        assert Evenement.objects.filter(acte="mandataire.passer_etapes").count() == 1

    def test_une_reservation_se_voit_des_la_premiere_connexion(self, troupe):
        MesureFactory(mandataire=troupe.prepose, en_attente=True)
        assert "1 mesure réservée par un tribunal" in texte(troupe.clients["prepose"].get(self.URL))

    @pytest.mark.parametrize("qui", ["magistrat", "agent", "support"])
    def test_reserve_aux_mandataires(self, troupe, qui):
        for url in (self.URL, EN_COURS, "/mesures/en-attente/", "/mesures/eteintes/", "/mesures/creer/"):
            assert troupe.clients[qui].get(url).status_code == 403
