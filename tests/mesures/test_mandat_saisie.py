"""Typing a mesure in, correcting it: the form, its faults, two people at once, and nothing dropped in silence."""

import logging
import re

import pytest
from django.urls import reverse

from mesures.models import Mesure
from tests import factories

from .test_mandat_vues import texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


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
