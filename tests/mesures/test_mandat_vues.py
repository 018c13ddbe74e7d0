"""The acts seen from the browser: words, refusals, and what no form can do."""

import logging
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


@pytest.fixture
def saisie(troupe):
    """A good answer to « Créer une mesure »."""
    return {
        "nature": "tutelle",
        "champ": "protection_bien",
        "date_jugement": "2026-01-10",
        "tribunal": str(troupe.metz.pk),
        "cabinet": "2",
        "numero_rg": "26B00042",
        "numero_dossier": "2026-001",
        "civilite": "madame",
        "annee_naissance": "1950",
        "lieu_vie": "domicile",
        "type_etablissement": "",
        "pays": "FR",
        "code_postal": "57000",
        "commune": "57463",
    }


class TestCreer:
    URL = "/mesures/creer/"

    def test_la_page_vide_n_a_rien_de_rouge(self, client):
        reponse = client.get(self.URL)
        page = texte(reponse)
        assert "Créer une mesure" in page
        assert "Vos tribunaux" in reponse.content.decode()
        assert "à corriger" not in page
        assert "Votre numéro de dossier (optionnel)" in page

    def test_cree_et_dit_l_effet(self, client, saisie, troupe):
        reponse = client.post(self.URL, saisie, follow=True)
        assert "Mesure créée. Votre disponibilité passe de 8 à 7." in texte(reponse)
        mesure = Mesure.objects.get(rg_normal="26B00042")
        assert (mesure.mandataire, mesure.statut, str(mesure.commune)) == (troupe.mandataire, "en_cours", "Metz (57)")
        assert "Femme, " in texte(reponse)

    def test_et_la_suivante_garde_le_tribunal(self, client, saisie, troupe):
        reponse = client.post(self.URL, saisie | {"suivante": "1"})
        assert reponse.url == f"/mesures/creer/?tribunal={troupe.metz.pk}&cabinet=2"
        assert f'<option value="{troupe.metz.pk}" selected>' in client.get(reponse.url).content.decode()

    def test_double_clic(self, client, saisie):
        cle = re.search(r'name="cle" value="([^"]+)"', client.get(self.URL).content.decode()).group(1)
        donnees = saisie | {"cle": cle, "numero_rg": ""}
        client.post(self.URL, donnees)
        reponse = client.post(self.URL, donnees, follow=True)
        assert "déjà créée" in texte(reponse)
        assert Mesure.objects.filter(numero_dossier="2026-001").count() == 1

    def test_retour_puis_une_autre_mesure(self, client, saisie):
        """The browser gives the form back, its key with it: what is typed then is another mesure, never dropped."""
        cle = re.search(r'name="cle" value="([^"]+)"', client.get(self.URL).content.decode()).group(1)
        client.post(self.URL, saisie | {"cle": cle})
        autre = saisie | {"cle": cle, "numero_rg": "26B00043", "annee_naissance": "1931"}
        reponse = client.post(self.URL, autre)
        assert "La mesure 26B00042 est déjà créée depuis cette page." in texte(reponse)
        assert 'value="26B00043"' in reponse.content.decode()
        assert not Mesure.objects.filter(rg_normal="26B00043").exists()
        neuve = re.search(r'name="cle" value="([^"]+)"', reponse.content.decode()).group(1)
        client.post(self.URL, autre | {"cle": neuve})
        assert Mesure.objects.get(rg_normal="26B00043").annee_naissance == 1931

    @pytest.mark.parametrize(
        ("champs", "phrase"),
        [
            ({"nature": ""}, "Choisissez la nature de la mesure."),
            ({"nature": "inventée"}, "Sélectionnez un choix valide"),
            ({"date_jugement": ""}, "Écrivez la date du jugement."),
            ({"date_jugement": "32/13/2026"}, "Écrivez une date qui existe."),
            ({"date_jugement": "2199-08-31"}, "Le 31 août 2199 est dans le futur. Écrivez la date du jugement reçu."),
            ({"tribunal": ""}, "Choisissez le tribunal."),
            ({"civilite": ""}, "Choisissez la civilité."),
            ({"lieu_vie": ""}, "Choisissez un lieu de vie."),
            ({"lieu_vie": "etablissement"}, "Choisissez le type d’établissement."),
            ({"annee_naissance": "1899"}, "Écrivez une année de 1900 à "),
            ({"annee_naissance": "vieux"}, "Écrivez une année de 1900 à "),
            ({"annee_naissance": "2199"}, "Écrivez une année de 1900 à "),
            ({"numero_dossier": "Dupont Marie"}, "Le numéro de dossier ressemble à un nom. e-MJPM ne doit contenir"),
            ({"numero_dossier": "Dupont"}, "Le numéro de dossier ressemble à un nom."),
            ({"numero_rg": "Madame Durand"}, "Le numéro RG ressemble à un nom."),
            ({"numero_rg": "1" * 41}, "40 caractères"),
            (
                {"code_postal": "6760"},
                "6760 n’a que 4 chiffres. Si la personne vit en Belgique, choisissez « Belgique ».",
            ),
            ({"code_postal": "57999"}, "Aucune commune pour 57999. Vérifiez le code postal."),
            ({"code_postal": "57"}, "Un code postal a 5 chiffres."),
            ({"pays": "BE", "code_postal": "57000"}, "Un code postal belge a 4 chiffres."),
            ({"pays": "BE", "code_postal": "6760"}, "Écrivez la ville."),
        ],
    )
    def test_phrases_des_fautes(self, client, saisie, champs, phrase):
        avant = Mesure.objects.count()
        reponse = client.post(self.URL, saisie | champs)
        assert phrase in texte(reponse)
        assert "1 champ à corriger. Rien n’est perdu." in texte(reponse)
        assert Mesure.objects.count() == avant
        if "numero_dossier" not in champs:
            assert 'value="2026-001"' in reponse.content.decode()

    def test_numero_deja_pris_mene_a_la_mesure(self, client, saisie, troupe):
        reponse = client.post(self.URL, saisie | {"numero_rg": "21 B 00167"})
        phrase = (
            "Ce numéro RG est déjà celui d’une mesure en cours au TJ de Metz. Vérifiez le numéro, ou ouvrez la mesure"
        )
        assert phrase in texte(reponse)
        assert f'href="/mesures/{troupe.mesure.pk}/"' in reponse.content.decode()

    def test_communes_remplit_sans_rien_verifier_d_autre(self, client, saisie):
        reponse = client.post(self.URL, {"communes": "1", "code_postal": "57000", "cabinet": "7"})
        assert '<option value="57463" selected>Metz (57)' in reponse.content.decode()
        assert "Choisissez la nature" not in texte(reponse)
        assert 'value="7"' in reponse.content.decode()

    def test_plusieurs_communes_se_choisissent(self, client, saisie):
        factories.commune("Thionville").codes_postaux.add("57000")
        reponse = client.post(self.URL, saisie | {"commune": ""})
        assert "Choisissez la commune." in texte(reponse)
        reponse = client.post(self.URL, saisie | {"commune": "57672"}, follow=True)
        assert "Thionville (57)" in texte(reponse)

    def test_belgique(self, client, saisie):
        reponse = client.post(self.URL, saisie | {"pays": "BE", "code_postal": "6760", "ville": "Virton"}, follow=True)
        assert "Virton (Belgique)" in texte(reponse)

    @pytest.mark.parametrize("champs", [{"lieu_vie": "sdf"}, {"nature": "mesure_ad_hoc"}])
    def test_sans_adresse_elle_est_ignoree(self, client, saisie, champs):
        client.post(self.URL, saisie | champs | {"code_postal": "99"})
        mesure = Mesure.objects.get(rg_normal="26B00042")
        assert (mesure.code_postal, mesure.commune) == ("", None)

    def test_rien_d_obligatoire_de_trop(self, client, saisie):
        vides = dict.fromkeys(
            ("numero_rg", "numero_dossier", "annee_naissance", "cabinet", "code_postal", "commune"), ""
        )
        client.post(self.URL, saisie | vides)
        assert Mesure.objects.filter(date_jugement="2026-01-10", numero_rg="").count() == 1

    def test_champs_en_trop_sans_effet(self, client, saisie, troupe):
        """No escalation: posting columns of the table changes nothing."""
        troupe_autres = {
            "statut": "eteinte",
            "mandataire": str(troupe.voisin.pk),
            "reserve_par": str(troupe.gens["magistrat"].pk),
            "version": "99",
            "importee_par": "1",
            "urgence": "on",
        }
        client.post(self.URL, saisie | troupe_autres)
        mesure = Mesure.objects.get(rg_normal="26B00042")
        assert (mesure.statut, mesure.mandataire, mesure.reserve_par) == ("en_cours", troupe.mandataire, None)
        assert (mesure.version, mesure.urgence) == (1, False)

    def test_rien_de_saisi_dans_les_traces(self, client, saisie, caplog):
        caplog.set_level(logging.DEBUG)
        client.post(self.URL, saisie | {"numero_rg": "CANARI-77", "annee_naissance": "Canarine"})
        client.post(self.URL, saisie | {"numero_rg": "99Z99999", "numero_dossier": "canari-dossier-5"})
        lignes = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))
        assert "canari" not in lignes.lower()
        assert "99Z99999" not in lignes

    def test_service_choisit_son_antenne(self, troupe, saisie):
        antenne = factories.LieuFactory(mandataire=troupe.service, nom="Antenne de Thionville")
        client = troupe.clients["service"]
        assert "Antenne de Thionville" in texte(client.get(self.URL))
        client.post(self.URL, saisie | {"lieu": str(antenne.pk)})
        assert Mesure.objects.get(rg_normal="26B00042").lieu == antenne
        reponse = client.post(self.URL, saisie | {"numero_rg": "", "lieu": str(troupe.voisin.lieux.get().pk)})
        assert "à corriger" in texte(reponse)


class TestModifier:
    def page(self, client, mesure):
        return client.get(reverse("mesure_modifier", args=[mesure.pk]))

    def test_enregistre(self, client, saisie, troupe):
        url = reverse("mesure_modifier", args=[troupe.mesure.pk])
        assert 'value="21B00167"' in client.get(url).content.decode()
        reponse = client.post(url, saisie | {"version": "1", "annee_naissance": "1950"}, follow=True)
        assert "Mesure enregistrée." in texte(reponse)
        assert "Année de naissance : 1947 → devient 1950" in texte(reponse)

    def test_rien_n_a_change(self, client, saisie, troupe):
        url = reverse("mesure_modifier", args=[troupe.mesure.pk])
        client.post(url, saisie | {"version": "1"})
        assert "Rien n’a changé." in texte(client.post(url, saisie | {"version": "2"}, follow=True))

    def test_conflit_garde_les_deux_versions(self, client, saisie, troupe):
        url = reverse("mesure_modifier", args=[troupe.mesure.pk])
        client.post(url, saisie | {"version": "1", "cabinet": "2"})
        ma_saisie = saisie | {"version": "1", "cabinet": "3", "lieu_vie": "sdf"}
        reponse = client.post(url, ma_saisie)
        page = texte(reponse)
        assert "Vous avez modifié cette mesure dans une autre fenêtre à " in page
        assert "Votre saisie" in page
        assert "Les autres champs sont identiques." in page
        html = reponse.content.decode()
        rangs = re.findall(r'name="choix-(\d+)" value="saisie" checked', html)
        assert len(rangs) == 3  # cabinet, lieu de vie, adresse
        caches = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
        caches.pop("csrfmiddlewaretoken", None)
        choix = {f"choix-{r}": "saisie" for r in rangs} | {"choix-4": "enregistre"}
        reponse = client.post(url, caches | choix, follow=True)
        assert "Mesure enregistrée." in texte(reponse)
        troupe.mesure.refresh_from_db()
        assert (troupe.mesure.cabinet, troupe.mesure.lieu_vie, troupe.mesure.version) == ("2", "sdf", 3)

    def test_ni_l_etat_ni_le_proprietaire(self, client, saisie, troupe):
        url = reverse("mesure_modifier", args=[troupe.mesure.pk])
        client.post(
            url,
            saisie
            | {"version": "1", "statut": "eteinte", "mandataire": str(troupe.voisin.pk), "date_fin": "2026-02-01"},
        )
        troupe.mesure.refresh_from_db()
        assert (troupe.mesure.statut, troupe.mesure.mandataire, troupe.mesure.date_fin) == (
            "en_cours",
            troupe.mandataire,
            None,
        )

    def test_version_absente_ou_folle(self, client, saisie, troupe):
        url = reverse("mesure_modifier", args=[troupe.mesure.pk])
        for version in ("", "x", "-1"):
            assert client.post(url, saisie | {"version": version}).status_code == 200
        troupe.mesure.refresh_from_db()
        assert troupe.mesure.version == 1


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
