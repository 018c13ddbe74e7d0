"""What is optional on a mesure (resources), and the comforts around its acts: undo in the message, communes as one types."""

import re

import pytest
from django.urls import reverse

from mesures.models import Mesure
from tests import factories
from tests.factories import MesureFactory

from .test_mandat_vues import texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
RESSOURCES = {"ressources_annee": "2025", "ressources_niveau": "12 500", "prestations": ["APL", "AAH"]}


@pytest.fixture
def client(troupe):
    return troupe.clients["mandataire"]


@pytest.fixture
def saisie(troupe):
    return {
        "nature": "tutelle", "date_jugement": "2026-01-10", "tribunal": str(troupe.metz.pk), "civilite": "madame",
        "lieu_vie": "domicile", "numero_rg": "26B00042", "version": "1",
    }  # fmt: skip


class TestRessources:
    def test_repliees_et_jamais_demandees(self, client, saisie):
        html = client.get("/mesures/creer/").content.decode()
        assert '<details class="em-repli" id="ressources">' in html
        client.post("/mesures/creer/", saisie)
        mesure = Mesure.objects.get(rg_normal="26B00042")
        assert (mesure.ressources_annee, mesure.ressources_niveau, mesure.prestations) == (None, None, [])
        assert "Ressources Non renseigné. Compléter les ressources" in texte(client.get(f"/mesures/{mesure.pk}/"))

    def test_saisies_elles_se_lisent_sur_la_fiche_et_se_corrigent(self, client, saisie):
        page = client.post("/mesures/creer/", saisie | RESSOURCES, follow=True)
        assert "Ressources 2025 : 12 500 €, AAH, APL" in texte(page)
        mesure = Mesure.objects.get(rg_normal="26B00042")
        url = reverse("mesure_modifier", args=[mesure.pk])
        html = client.get(url).content.decode()
        assert '<details class="em-repli" id="ressources" open>' in html
        assert re.search(r'value="AAH"[^>]* checked', html)
        page = client.post(
            url, saisie | RESSOURCES | {"ressources_niveau": "13000,60 €", "prestations": ["AAH"]}, follow=True
        )
        assert "Ressources de l’année : 12 500 € → devient 13 001 €" in texte(page)
        assert "Prestations perçues : AAH, APL → devient AAH" in texte(page)

    @pytest.mark.parametrize(
        ("champs", "phrase"),
        [
            ({"ressources_annee": "1989"}, "Écrivez une année de 1990 à "),
            ({"ressources_annee": "2199"}, "Écrivez une année de 1990 à "),
            ({"ressources_niveau": "beaucoup"}, "Écrivez un montant en euros, de 0 à 1 000 000. Exemple : 12 500"),
            ({"ressources_niveau": "-5"}, "Écrivez un montant en euros"),
            ({"ressources_niveau": "2000000"}, "Écrivez un montant en euros"),
            ({"prestations": ["RMI"]}, "Sélectionnez un choix valide"),
        ],
    )
    def test_fautes(self, client, saisie, champs, phrase):
        page = client.post("/mesures/creer/", saisie | champs)
        assert phrase in texte(page)
        assert 'id="ressources" open' in page.content.decode()  # the link of the summary must lead somewhere
        assert not Mesure.objects.filter(rg_normal="26B00042").exists()

    @pytest.mark.parametrize(
        ("ecrit", "lu"), [("12.500", 12500), ("12 500,40", 12500), ("0", 0), ("9500.5 euros", 9500)]
    )
    def test_un_montant_comme_on_l_ecrit(self, client, saisie, ecrit, lu):
        client.post("/mesures/creer/", saisie | {"ressources_niveau": ecrit})
        assert Mesure.objects.get(rg_normal="26B00042").ressources_niveau == lu

    def test_deux_personnes_a_la_fois(self, client, saisie, troupe):
        """Several boxes travel through the page that asks which version to keep."""
        mesure = troupe.mesure
        url = reverse("mesure_modifier", args=[mesure.pk])
        client.post(url, saisie | {"prestations": ["RSA"]})
        page = client.post(url, saisie | RESSOURCES | {"version": "1"})
        assert "2025, 12 500 €, AAH, APL" in texte(page)
        html = page.content.decode()
        assert re.findall(r'type="hidden" name="prestations" value="(\w+)"', html) == ["APL", "AAH"]
        caches = [
            c for c in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html) if "csrf" not in c[0]
        ]
        envoi = {}
        for nom, valeur in caches:
            envoi.setdefault(nom, []).append(valeur)
        rang = re.search(r'name="choix-(\d+)" value="saisie" checked[^>]*><label[^>]*>2025', html).group(1)
        client.post(url, envoi | {f"choix-{rang}": "saisie"})
        mesure.refresh_from_db()
        assert (mesure.prestations, mesure.ressources_niveau) == (["AAH", "APL"], 12500)
        client.post(url, saisie | {"version": str(mesure.version), "prestations": ["RSA"]})
        page = client.post(url, envoi | {"version": "1"})
        rang = re.search(
            r'name="choix-(\d+)" value="saisie" checked[^>]*><label[^>]*>2025', page.content.decode()
        ).group(1)
        client.post(url, envoi | {"version": "4", f"choix-{rang}": "enregistre"})
        mesure.refresh_from_db()
        assert (mesure.prestations, mesure.ressources_niveau) == (["RSA"], None)

    def test_le_tribunal_ne_voit_pas_de_vide(self, troupe):
        page = texte(troupe.clients["magistrat"].get(reverse("mesure", args=[troupe.mesure.pk])))
        assert "Ressources" not in page


class TestDansLeMessage:
    def test_rouvrir_apres_une_fin(self, client, troupe):
        url = reverse("mesure_terminer", args=[troupe.mesure.pk])
        page = client.post(url, {"motif": "deces", "date_fin": "2026-01-10"}, follow=True).content.decode()
        message = page.split('id="messages"')[1].split("<main")[0]
        assert f'action="/mesures/{troupe.mesure.pk}/rouvrir/"' in message
        assert ">Rouvrir</button>" in message
        page = client.post(f"/mesures/{troupe.mesure.pk}/rouvrir/", follow=True)
        assert "Mesure rouverte. Votre disponibilité passe de 9 à 8." in texte(page)
        assert "Rouvrir</button>" not in page.content.decode()

    def test_aucun_bouton_sur_les_autres(self, client, troupe):
        page = client.post(reverse("mesure_supprimer", args=[troupe.mesure.pk]), follow=True).content.decode()
        assert "Rouvrir" not in page.split('id="messages"')[1].split("<main")[0]


class TestCommunes:
    def test_la_reponse_porte_ce_que_htmx_remplace(self, client, saisie):
        """The same answer as the button: every commune of the code, and nothing else checked."""
        for ville in ("Thionville", "Nancy"):
            factories.commune(ville).codes_postaux.add("57000")
        html = client.get("/mesures/creer/").content.decode()
        assert 'hx-select="#adresse"' in html
        assert 'name="communes" value="1"' in html
        reponse = client.post(
            "/mesures/creer/", {"communes": "1", "code_postal": "57000"}, headers={"HX-Request": "true"}
        )
        adresse = reponse.content.decode().split('id="adresse"')[1].split("</fieldset>\n  <details")[0]
        assert [v in adresse for v in ("Metz (57)", "Thionville (57)", "Nancy (54)")] == [True] * 3
        inconnu = client.post("/mesures/creer/", {"communes": "1", "code_postal": "57999"})
        assert "Aucune commune pour 57999" in texte(inconnu)

    def test_belgique_sans_detour(self, client, saisie):
        reponse = client.post("/mesures/creer/", {"communes": "1", "pays": "BE", "code_postal": "6760"})
        assert 'name="ville"' in reponse.content.decode()
        assert 'name="commune"' not in reponse.content.decode()

    def test_numero_inhabituel_accepte_avec_sa_note(self, client, saisie):
        envoi = saisie | {"numero_rg": "12-2026-XX", "date_jugement": ""}
        page = client.post("/mesures/creer/", envoi)
        assert "Ce numéro n’a pas la forme habituelle, il sera gardé tel quel." in texte(page)
        client.post("/mesures/creer/", envoi | {"date_jugement": "2026-01-10"})
        assert Mesure.objects.filter(numero_rg="12-2026-XX").exists()


def test_le_renouvellement_se_lit_dans_l_histoire(client, troupe):
    reservation = MesureFactory(
        mandataire=troupe.mandataire, tribunal=troupe.metz, en_attente=True, nature="curatelle_renforcee",
        numero_rg="21B00167", renouvelle=troupe.mesure,
    )  # fmt: skip
    client.post(reverse("mesure_valider", args=[reservation.pk]), {"date_jugement": "2026-01-10"})
    page = client.get(reverse("mesure", args=[troupe.mesure.pk]))
    assert "Évolutions Renouvellement du 10 janvier 2026 Nature : Tutelle → devient Curatelle renforcée" in texte(page)
    evolution = troupe.mesure.evolutions.get()
    url = reverse("evolution_corriger", args=[troupe.mesure.pk, evolution.pk])
    correction = client.get(url)
    assert "Ce renouvellement a été réservé par le TJ de Metz : corrigez ici ses dates" in texte(correction)
    assert "/retirer/" not in correction.content.decode()
    page = client.post(url, {"version": "2", "jour": "2026-01-12", "jusqu_au": "2031-01-12"}, follow=True)
    assert "Reconduction corrigée." in texte(page)
    assert "Fin prévue 12 janvier 2031" in texte(page)
    retirer = client.post(
        reverse("evolution_retirer", args=[troupe.mesure.pk, evolution.pk]), {"version": "3"}, follow=True
    )
    assert "il ne se retire pas" in texte(retirer)


def test_completer_leads_to_the_very_field(troupe, client):
    mesure = MesureFactory(
        mandataire=troupe.mandataire,
        numero_rg="",
        numero_dossier="",
        annee_naissance=None,
        commune=None,
        code_postal="",
    )
    page = client.get(f"/mesures/{mesure.pk}/").content.decode()
    formulaire = client.get(f"/mesures/{mesure.pk}/modifier/").content.decode()
    champs = re.findall(rf'href="/mesures/{mesure.pk}/modifier/#([\w-]+)">Compléter', page)
    assert {"id_numero_rg", "id_numero_dossier", "id_annee_naissance", "id_code_postal"} <= set(champs)
    assert [champ for champ in champs if f'id="{champ}"' not in formulaire] == []
