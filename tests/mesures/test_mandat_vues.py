"""The acts seen from the browser: words, refusals, and what no form can do."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from emjpm.commun.models import Evenement
from mesures.models import Mesure
from tests import factories
from tests.factories import MesureFactory

ACTES = [
    "mesure_modifier",
    "mesure_valider",
    "mesure_decliner",
    "mesure_terminer",
    "mesure_rouvrir",
    "mesure_supprimer",
]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


def texte(reponse) -> str:
    """What can be read: tags dropped, one kind of space."""
    html = unescape(re.sub(r"<[^>]+>", " ", reponse.content.decode()))
    return re.sub(r"\s+", " ", html).replace(" .", ".")


@pytest.fixture
def client(troupe):
    return troupe.clients["mandataire"]


class TestValiderDecliner:
    def test_valider(self, client, troupe):
        troupe.reservee.reserve_par = troupe.gens["magistrat"]
        troupe.reservee.save()
        url = reverse("mesure_valider", args=[troupe.reservee.pk])
        page = texte(client.get(url))
        assert "Saisi par le tribunal, conservé tel quel" in page
        assert "Votre disponibilité reste de 8." in page
        reponse = client.post(url, {"date_jugement": "2026-01-10", "lieu_vie": "domicile"}, follow=True)
        phrase = "Tutelle validée. Elle est dans vos mesures en cours et le TJ de Metz est prévenu."
        assert phrase in texte(reponse)

    @pytest.mark.parametrize(
        ("champs", "phrase"),
        [
            ({"date_jugement": ""}, "Écrivez la date du jugement."),
            ({"date_jugement": "2199-01-04"}, "Le 4 janvier 2199 est dans le futur."),
            ({"lieu_vie": ""}, "Choisissez un lieu de vie."),
            ({"lieu_vie": "etablissement"}, "Choisissez le type d’établissement."),
            ({"numero_dossier": "Martin Paul"}, "Le numéro de dossier ressemble à un nom."),
        ],
    )
    def test_fautes(self, client, troupe, champs, phrase):
        donnees = {"date_jugement": "2026-01-10", "lieu_vie": "domicile"} | champs
        assert phrase in texte(client.post(reverse("mesure_valider", args=[troupe.reservee.pk]), donnees))

    def test_la_commune_est_demandee_si_le_tribunal_ne_l_a_pas_donnee(self, client, troupe):
        Mesure.objects.filter(pk=troupe.reservee.pk).update(code_postal="", commune=None)
        url = reverse("mesure_valider", args=[troupe.reservee.pk])
        assert "Code postal (optionnel)" in texte(client.get(url))
        reponse = client.post(url, {"communes": "1", "code_postal": "57000", "date_jugement": "2026-01-10"})
        assert "Metz (57)" in texte(reponse)
        assert "Choisissez un lieu de vie" not in texte(reponse)
        client.post(url, {"date_jugement": "2026-01-10", "lieu_vie": "domicile", "code_postal": "57000", "pays": "FR"})
        troupe.reservee.refresh_from_db()
        assert (troupe.reservee.statut, troupe.reservee.commune_id) == ("en_cours", "57463")

    def test_vieille_page_apres_annulation(self, client, troupe):
        Mesure.objects.filter(pk=troupe.reservee.pk).update(statut="annulee", clos_le=timezone.now())
        url = reverse("mesure_valider", args=[troupe.reservee.pk])
        reponse = client.post(url, {"date_jugement": "2026-01-10", "lieu_vie": "domicile"}, follow=True)
        assert "Le tribunal a annulé cette réservation. Il n’y a rien à faire." in texte(reponse)

    def test_decliner(self, client, troupe):
        url = reverse("mesure_decliner", args=[troupe.reservee.pk])
        assert "Votre disponibilité passe de 8 à 9." in texte(client.get(url))
        assert "Choisissez une raison." in texte(client.post(url, {}))
        assert "Précisez la raison." in texte(client.post(url, {"motif": "autre"}))
        nomme = client.post(url, {"motif": "autre", "precision": "Je suis parent de Mme Durand"})
        assert "Ce texte semble contenir un nom. Retirez-le." in texte(nomme)
        reponse = client.post(url, {"motif": "absence"}, follow=True)
        # Its reservation bears no name any more: the greffe is told.
        assert "Mesure déclinée. Le TJ de Metz est prévenu. Votre disponibilité passe de 8 à 9." in texte(reponse)
        assert "Aucune mesure en attente" in texte(reponse)


class TestFinEtRetour:
    def test_fin_puis_rouvrir_en_un_clic(self, client, troupe):
        url = reverse("mesure_terminer", args=[troupe.mesure.pk])
        page = texte(client.get(url))
        assert "Entre le 9 juin 2021, date du jugement, et aujourd’hui" in page
        reponse = client.post(url, {"motif": "mainlevee", "date_fin": "2026-01-10"}, follow=True)
        assert "Mandat terminé. Votre disponibilité passe de 8 à 9." in texte(reponse)
        assert f'action="/mesures/{troupe.mesure.pk}/rouvrir/"' in reponse.content.decode()
        reponse = client.post(reverse("mesure_rouvrir", args=[troupe.mesure.pk]), follow=True)
        assert "Mesure rouverte. Votre disponibilité passe de 9 à 8." in texte(reponse)
        assert "Mandat terminé" in texte(reponse)  # the story keeps it

    @pytest.mark.parametrize(
        ("champs", "phrase"),
        [
            ({"motif": ""}, "Choisissez un motif."),
            ({"date_fin": ""}, "Écrivez la date de fin."),
            ({"date_fin": "2021-05-03"}, "Le 3 mai 2021 précède le jugement du 9 juin 2021."),
            ({"date_fin": "2199-01-04"}, "Le 4 janvier 2199 est dans le futur. Écrivez une date jusqu’au "),
        ],
    )
    def test_fautes(self, client, troupe, champs, phrase):
        donnees = {"motif": "deces", "date_fin": "2026-01-10"} | champs
        assert phrase in texte(client.post(reverse("mesure_terminer", args=[troupe.mesure.pk]), donnees))

    def test_deja_termine(self, client, troupe):
        eteinte = MesureFactory(mandataire=troupe.mandataire, eteinte=True)
        reponse = client.post(
            reverse("mesure_terminer", args=[eteinte.pk]), {"motif": "deces", "date_fin": "2026-01-10"}, follow=True
        )
        assert "Ce mandat est déjà terminé depuis le 3 mai 2025." in texte(reponse)

    def test_supprimer(self, client, troupe):
        url = reverse("mesure_supprimer", args=[troupe.mesure.pk])
        assert "mettez plutôt fin au mandat" in texte(client.get(url))
        assert "Mesure supprimée. Votre disponibilité passe de 8 à 9." in texte(client.post(url, follow=True))
        assert client.get(reverse("mesure", args=[troupe.mesure.pk])).status_code == 404

    def test_supprimer_ce_qu_un_tribunal_a_reserve(self, client, troupe):
        Mesure.objects.filter(pk=troupe.mesure.pk).update(reserve_le=timezone.now() - timedelta(days=900))
        url = reverse("mesure_supprimer", args=[troupe.mesure.pk])
        assert "elle ne peut pas être supprimée" in texte(client.post(url, follow=True))
        assert Mesure.objects.filter(pk=troupe.mesure.pk).exists()


class TestQui:
    @pytest.mark.parametrize("methode", ["get", "post"])
    @pytest.mark.parametrize("nom", [*ACTES, "mesure"])
    def test_la_mesure_du_voisin_n_existe_pas(self, client, troupe, nom, methode):
        for pk in (troupe.mesure_voisine.pk, 999999):
            reponse = getattr(client, methode)(reverse(nom, args=[pk]), {"motif": "deces", "date_fin": "2026-01-10"})
            assert reponse.status_code == (405 if nom == "mesure" and methode == "post" else 404)
        troupe.mesure_voisine.refresh_from_db()
        assert troupe.mesure_voisine.version == 1

    @pytest.mark.parametrize("nom", ACTES)
    @pytest.mark.parametrize("qui", ["magistrat", "greffier", "agent", "support"])
    def test_les_autres_roles_n_agissent_pas(self, troupe, qui, nom):
        assert troupe.clients[qui].post(reverse(nom, args=[troupe.mesure.pk])).status_code == 403

    def test_un_membre_limite_ne_voit_pas_les_autres_antennes(self, troupe, ouvrir_session):
        ici, ailleurs = (factories.LieuFactory(mandataire=troupe.service) for _ in range(2))
        limite = factories.UtilisateurFactory(role="service")
        troupe.service.membres.create(utilisateur=limite, lieu=ici)
        vue = MesureFactory(mandataire=troupe.service, lieu=ici)
        cachee = MesureFactory(mandataire=troupe.service, lieu=ailleurs)
        client = ouvrir_session(limite)
        assert client.get(reverse("mesure", args=[vue.pk])).status_code == 200
        assert client.get(reverse("mesure", args=[cachee.pk])).status_code == 404
        assert client.post(reverse("mesure_supprimer", args=[cachee.pk])).status_code == 404

    def test_le_tribunal_lit_sans_agir(self, troupe):
        MesureFactory(mandataire=troupe.mandataire, numero_dossier="2020-777")
        mesure = Mesure.objects.get(numero_dossier="2020-777")
        reponse = troupe.clients["magistrat"].get(reverse("mesure", args=[mesure.pk]))
        assert "Camille Bellerive" in texte(reponse)
        assert "2020-777" not in texte(reponse)
        assert "/terminer/" not in reponse.content.decode()
        attente = troupe.clients["greffier"].get(reverse("mesure", args=[troupe.reservee.pk])).content.decode()
        assert f"/mesures/{troupe.reservee.pk}/reservation/modifier/" in attente
        assert f"/mesures/{troupe.reservee.pk}/annuler/" in attente
        ailleurs = troupe.clients["magistrat_voisin"].get(reverse("mesure", args=[mesure.pk]))
        assert ailleurs.status_code == 404

    def test_lire_n_ecrit_rien(self, client, troupe):
        for nom in ACTES:
            client.get(reverse(nom, args=[troupe.mesure.pk]))
        assert not Evenement.objects.exists()
        troupe.mesure.refresh_from_db()
        assert troupe.mesure.version == 1
