"""The pages of the evolutions: words, refusals, what is kept, what a court reads."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mesures.enums import GenreEvolution
from mesures.models import Evolution, Mesure
from mesures.services import evolutions, mandat
from tests import factories

from .test_evolutions import AN, DOMICILE, nature
from .test_mandat_vues import texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


@pytest.fixture
def lui(troupe):
    return troupe.gens["mandataire"]


@pytest.fixture
def client(troupe):
    return troupe.clients["mandataire"]


@pytest.fixture
def mesure(troupe):
    """A curatelle simple aux biens of 2021, at home in Metz."""
    return factories.MesureFactory(
        mandataire=troupe.mandataire, tribunal=troupe.metz, nature="curatelle_simple", champ="protection_bien"
    )


@pytest.fixture
def noter(lui, mesure):
    def _noter(genre, jour, **faits):
        mesure.refresh_from_db()
        return evolutions.noter(
            par=lui, mesure=mesure, version=mesure.version, genre=genre, jour=jour, faits=faits
        ).evolution

    return _noter


class TestPages:
    def url(self, mesure, genre="aggravation"):
        return f"{reverse('evolution_noter', args=[mesure.pk])}?type={genre}"

    def test_de_la_fiche_a_l_histoire(self, client, mesure):
        fiche = client.get(reverse("mesure", args=[mesure.pk])).content.decode()
        assert f'class="fr-btn" href="/mesures/{mesure.pk}/evolutions/noter/">Noter une évolution' in fiche
        page = client.get(self.url(mesure))
        assert 'aria-current="page">Aggravation' in page.content.decode()
        assert "Aujourd’hui : curatelle simple" in texte(page)
        assert "Après le jugement du 9 juin 2021" in texte(page)
        assert "Curatelle renforcée" in texte(page)
        envoi = {"version": "1", "jour": "2024-03-03", "nature": "tutelle", "champ": "protection_bien"}
        page = client.post(self.url(mesure), envoi, follow=True)
        assert "Aggravation notée : tutelle depuis le 3 mars 2024." in texte(page)
        assert "Tutelle, depuis le 3 mars 2024" in texte(page)
        assert "Évolutions Aggravation du 3 mars 2024 Nature : Curatelle simple → devient Tutelle" in texte(page)
        assert "Noté e par vous" not in texte(page)
        assert "Notée par vous le" in texte(page)
        assert "Aggravation notée Au 3 mars 2024 Nature :" in texte(page)  # the journal's story, apart
        assert "Elle l’était déjà." in texte(client.post(self.url(mesure), envoi, follow=True))

    @pytest.mark.parametrize("genre", GenreEvolution.values)
    def test_chaque_page_s_ouvre(self, client, mesure, genre):
        page = texte(client.get(self.url(mesure, genre)))
        assert "C’est la même mesure" in page
        assert f"Enregistrer {GenreEvolution(genre).nom}" in page
        assert "à corriger" not in page

    def test_type_inconnu(self, client, mesure):
        assert 'aria-current="page">Reconduction' in client.get(self.url(mesure, "<x>")).content.decode()

    @pytest.mark.parametrize(
        ("genre", "champs", "phrase"),
        [
            ("aggravation", {"jour": ""}, "Écrivez la date de la décision."),
            ("aggravation", {"jour": "2021-05-03"}, "La décision ne peut pas précéder le jugement du 9 juin 2021."),
            ("aggravation", {"jour": "2199-05-03"}, "Le 3 mai 2199 est dans le futur."),
            ("aggravation", {"nature": "curatelle_simple"}, "Choisissez une nature différente."),
            ("allegement", {"nature": ""}, "Choisissez une nature différente."),
            ("reconduction", {"jusqu_au": "2024-03-03"}, "La nouvelle fin doit suivre la décision du 3 mars 2024."),
            ("champ", {"champ": "protection_bien"}, "Choisissez un champ différent."),
            ("lieu_vie", {"lieu_vie": ""}, "Choisissez un lieu de vie."),
            ("lieu_vie", {"lieu_vie": "etablissement"}, "Choisissez le type d’établissement."),
            ("lieu_vie", {"lieu_vie": "domicile", "code_postal": "6760"}, "6760 n’a que 4 chiffres."),
            ("lieu_vie", {"lieu_vie": "domicile", "code_postal": "57000", "pays": "FR"}, "Rien ne change"),
        ],
    )
    def test_fautes(self, client, mesure, genre, champs, phrase):
        envoi = {"version": "1", "jour": "2024-03-03", "nature": "tutelle", "champ": "protection_personne"} | champs
        page = client.post(self.url(mesure, genre), envoi)
        assert phrase in texte(page)
        assert genre == "reconduction" or "Aujourd’hui : " in texte(page)
        assert "<title>Erreur" in page.content.decode()
        assert not Evolution.objects.exists()

    def test_la_tutelle_ne_s_aggrave_pas(self, client, troupe):
        page = client.get(self.url(troupe.mesure))
        assert "La tutelle est déjà la mesure la plus protectrice." in texte(page)
        assert "Enregistrer l’aggravation" not in texte(page)
        client.post(self.url(troupe.mesure), {"version": "1", "jour": "2024-03-03", "nature": "tutelle"})
        assert not Evolution.objects.exists()

    def test_une_aggravation_plus_ancienne_reste_possible(self, client, mesure, noter):
        noter("aggravation", AN[2024], nature="tutelle")
        page = client.get(self.url(mesure))
        assert "Date d’une décision plus ancienne" in texte(page)
        page = client.get(self.url(mesure) + "&date=2022-03-03")
        assert "Au 3 mars 2022 : curatelle simple" in texte(page)
        envoi = {"version": "2", "jour": "2022-03-03", "nature": "curatelle_renforcee"}
        page = client.post(self.url(mesure), envoi, follow=True)
        assert "Aujourd’hui, l’aggravation du 3 mars 2024 l’emporte." in texte(page)
        assert nature(mesure) == "tutelle"

    def test_lieu_de_vie_avec_ses_communes(self, client, mesure):
        factories.commune("Thionville").codes_postaux.add("57000")
        envoi = {"version": "1", "jour": "2024-03-03", "lieu_vie": "domicile", "pays": "FR", "code_postal": "57000"}
        page = client.post(self.url(mesure, "lieu_vie"), envoi | {"communes": "1"})
        assert '<option value="57672">Thionville (57)' in page.content.decode()
        assert not Evolution.objects.exists()
        page = client.post(self.url(mesure, "lieu_vie"), envoi | {"commune": "57672"}, follow=True)
        assert "Changement de lieu de vie noté : domicile depuis le 3 mars 2024." in texte(page)
        assert "Commune : Metz (57) → devient Thionville (57)" in texte(page)

    def test_une_autre_fenetre_garde_la_saisie(self, client, lui, mesure):
        mandat.modifier(par=lui, mesure=mesure, version=1, faits={"cabinet": "9"})
        envoi = {"version": "1", "jour": "2024-03-03", "nature": "tutelle", "champ": "protection_bien"}
        page = client.post(self.url(mesure), envoi)
        assert "Vous avez modifié cette mesure dans une autre fenêtre à" in texte(page)
        html = page.content.decode()
        assert re.search(r'value="tutelle"[^>]* checked', html)
        version = re.search(r'name="version" value="(\d+)"', html).group(1)
        page = client.post(self.url(mesure), envoi | {"version": version}, follow=True)
        assert "Aggravation notée" in texte(page)

    def test_corriger_puis_retirer(self, client, mesure, noter):
        evolution = noter("aggravation", AN[2024], nature="tutelle")
        url = reverse("evolution_corriger", args=[mesure.pk, evolution.pk])
        page = client.get(url)
        assert "Corriger l’aggravation" in texte(page)
        assert 'value="2024-03-03"' in page.content.decode()
        assert re.search(r'value="tutelle"[^>]* checked', page.content.decode())
        assert "Aujourd’hui : curatelle simple" in texte(page)
        envoi = {"version": "2", "jour": "2023-03-03", "nature": "tutelle", "champ": "protection_bien"}
        assert "Aggravation corrigée." in texte(client.post(url, envoi, follow=True))
        url = reverse("evolution_retirer", args=[mesure.pk, evolution.pk])
        page = client.get(url)
        assert "La mesure revient à ce qu’elle était avant." in texte(page)
        assert "à nouveau" in texte(client.post(url, {"version": "1"}))  # somebody changed it since
        page = client.post(url, {"version": "3"}, follow=True)
        assert "Aggravation retirée." in texte(page)
        assert nature(mesure) == "curatelle_simple"
        assert "Cette évolution a déjà été retirée." in texte(client.post(url, {"version": "3"}, follow=True))

    def test_le_tribunal_lit_l_histoire_sans_la_toucher(self, troupe, mesure, noter):
        Mesure.objects.filter(pk=mesure.pk).update(numero_dossier="2024-777")
        noter("aggravation", AN[2024], nature="tutelle")
        page = troupe.clients["greffier"].get(reverse("mesure", args=[mesure.pk]))
        assert "Aggravation du 3 mars 2024" in texte(page)
        assert "2024-777" not in texte(page)
        assert "/corriger/" not in page.content.decode()
        assert "/evolutions/" not in page.content.decode()

    def test_la_fiche_ne_coute_pas_plus_avec_l_histoire(self, client, mesure, noter, django_assert_num_queries):
        villes = ["Thionville", "Metz", "Nancy", "Saint-Avold"]

        def demenager(jour, ville):
            commune = factories.commune(ville)
            code = commune.codes_postaux.first().code
            noter("lieu_vie", jour, **DOMICILE, code_postal=code, commune=commune)

        demenager(datetime.date(2022, 1, 1), "Thionville")
        url = reverse("mesure", args=[mesure.pk])
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as une:
            client.get(url)
        for mois in range(2, 10):
            demenager(
                datetime.date(2022, mois, 1), villes[mois % 4 if villes[mois % 4] != villes[(mois - 1) % 4] else 0]
            )
        with django_assert_num_queries(len(une)):
            client.get(url)
