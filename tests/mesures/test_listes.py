"""The lists, the page of one mesure and the home: what is found, in which order, at what cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emjpm.commun.models import Evenement
from mandataires.models import Mandataire
from mesures.activite import douze_mois
from mesures.models import Mesure
from tests import factories
from tests.factories import MesureFactory

from .test_mandat_vues import texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
EN_COURS = "/mesures/en-cours/"


@pytest.fixture
def client(troupe):
    Mandataire.objects.update(verifie_le=timezone.now())
    return troupe.clients["mandataire"]


def requetes(client, url) -> int:
    with CaptureQueriesContext(
        connection,
    ) as capture:
        assert client.get(url).status_code == 200
    return len(capture)


@pytest.mark.parametrize("url", [EN_COURS, "/mesures/en-attente/", "/mesures/eteintes/", "/tableau-de-bord/"])
def test_le_nombre_de_requetes_ne_depend_pas_des_lignes(client, troupe, url):
    def ajouter(combien):
        for n in range(combien):
            autres = {"mandataire": troupe.mandataire, "tribunal": factories.tribunal(("Metz", "Nancy")[n % 2])}
            MesureFactory(**autres)
            MesureFactory(eteinte=True, **autres)
            MesureFactory(en_attente=True, reserve_par=troupe.gens["magistrat"], **autres)

    ajouter(5)
    avant = requetes(client, url)
    ajouter(20)
    assert requetes(client, url) == avant <= 20


def test_la_fiche_ne_coute_pas_plus_avec_une_longue_histoire(client, troupe):
    url = f"/mesures/{troupe.mesure.pk}/"

    def corriger(n):
        for _ in range(n):
            Evenement.objects.create(
                acte="mesure.modifier",
                par=troupe.gens["mandataire"],
                role="individuel",
                objet_type="mesures.mesure",
                objet_id=str(troupe.mesure.pk),
                changements={"tribunal": [troupe.metz.pk, troupe.thionville.pk], "commune": ["57463", None]},
            )

    corriger(1)
    avant = requetes(client, url)
    corriger(10)
    assert requetes(client, url) == avant
    page = texte(client.get(url))
    assert "Tribunal : Tribunal judiciaire de Metz → devient Tribunal judiciaire de Thionville" in page
    assert "Commune : Metz (57) → devient non renseigné" in page
    assert "Par vous, le" in page


class TestRecherche:
    @pytest.fixture(autouse=True)
    def _mesures(self, troupe):
        tous = {"mandataire": troupe.mandataire, "annee_naissance": 1960}
        MesureFactory(numero_rg="RG 17/A/00775", numero_dossier="D-1", **tous)
        MesureFactory(numero_rg="17/A/00775-1", numero_dossier="D-2", nature="curatelle_simple", **tous)
        MesureFactory(
            numero_rg="", numero_dossier="D-3", commune=factories.commune("Saint-Avold"), code_postal="57500", **tous
        )
        MesureFactory(
            numero_rg="20C00003",
            numero_dossier="D-4",
            commune=None,
            code_postal="6760",
            pays="BE",
            ville="Virton",
            tribunal=factories.tribunal("Nancy"),
            **tous,
        )
        MesureFactory(numero_dossier="D-5", mandataire=troupe.voisin)

    @pytest.mark.parametrize(
        ("requete", "dossiers"),
        [
            ("q=17a00775", {"D-1", "D-2"}),
            ("q=RG+17/A/00775-1", {"D-2"}),
            ("q=17 A 00775", {"D-1", "D-2"}),
            ("q=d-3", {"D-3"}),
            ("q=st avôld", {"D-3"}),
            ("q=SAINT-AVOLD", {"D-3"}),
            ("q=57500", {"D-3"}),
            ("q=virton 1960", {"D-4"}),
            ("q=1960", {"D-1", "D-2", "D-3", "D-4"}),
            ("q=introuvable", set()),
            ("nature=curatelle_simple", {"D-2"}),
            ("nature=inventee", {"D-1", "D-2", "D-3", "D-4", ""}),
            ("lieu_vie=sdf", set()),
            ("manque=rg", {"D-3"}),
            ("tri=inconnu&page=abc", {"D-1", "D-2", "D-3", "D-4", ""}),
        ],
    )
    def test_trouve(self, client, requete, dossiers):
        reponse = client.get(f"{EN_COURS}?{requete}")
        assert {m.numero_dossier for m in reponse.context["page"]} == dossiers

    def test_dit_combien_sur_combien(self, client):
        page = texte(client.get(f"{EN_COURS}?q=17A00775"))
        assert "2 mesures en cours sur 5" in page
        assert "Effacer la recherche et les filtres" in page
        assert "Aucune mesure ne correspond." in texte(client.get(f"{EN_COURS}?q=introuvable"))

    def test_le_tribunal_d_un_autre_ne_filtre_rien_d_autre(self, client, troupe):
        page = client.get(f"{EN_COURS}?tribunal={factories.tribunal('Nancy').pk}")
        assert {m.numero_dossier for m in page.context["page"]} == {"D-4"}
        etranger = client.get(f"{EN_COURS}?tribunal={troupe.thionville.pk}")  # none of theirs is there: ignored
        assert etranger.context["page"].paginator.count == 5

    @pytest.mark.parametrize("tri", ["jugement", "rg", "dossier", "commune", "nature", "tribunal", "naissance", "lieu"])
    def test_chaque_ordre_et_son_contraire(self, client, tri):
        aller = [m.pk for m in client.get(f"{EN_COURS}?tri={tri}").context["page"]]
        retour = [m.pk for m in client.get(f"{EN_COURS}?tri=-{tri}").context["page"]]
        assert sorted(aller) == sorted(retour)
        assert len(aller) == 5
        if tri in {"jugement", "rg", "dossier", "nature", "tribunal", "lieu"}:
            assert aller != retour

    def test_cinquante_par_page(self, client, troupe):
        MesureFactory.create_batch(50, mandataire=troupe.mandataire)
        page = client.get(EN_COURS)
        assert "1 à 50 sur 55" in texte(page)
        assert "51 à 55 sur 55" in texte(client.get(f"{EN_COURS}?page=2"))

    def test_la_liste_du_service_dit_l_antenne(self, client, troupe):
        antenne = factories.LieuFactory(mandataire=troupe.service, nom="Antenne nord")
        MesureFactory(mandataire=troupe.service, lieu=antenne)
        assert "Antenne nord" in texte(troupe.clients["service"].get(EN_COURS))


class TestEnAttente:
    def test_urgentes_puis_anciennes(self, client, troupe):
        il_y_a = lambda jours: timezone.now() - timedelta(days=jours)  # noqa: E731
        Mesure.objects.filter(pk=troupe.reservee.pk).update(reserve_le=il_y_a(2), cabinet="3")
        tous = {"mandataire": troupe.mandataire, "tribunal": troupe.metz, "en_attente": True}
        MesureFactory(numero_rg="26A00518", reserve_le=il_y_a(34), date_previsionnelle=date(2026, 1, 2), **tous)
        MesureFactory(numero_rg="26B00731", reserve_le=il_y_a(5), urgence=True, message="Loyer à régler", **tous)
        reponse = client.get("/mesures/en-attente/")
        assert [m.numero_rg for m in reponse.context["mesures"]] == ["26B00731", "26A00518", "26C00001"]
        page = texte(reponse)
        assert "3 mesures en attente" in page
        assert "34 jours sans réponse" in page
        assert "2 janvier 2026, passé" in page
        assert "Loyer à régler" in page
        assert "Date non prévue" in page

    def test_l_adresse_du_juge_seulement_s_il_le_veut(self, client, troupe):
        juge = troupe.gens["magistrat"]
        Mesure.objects.filter(pk=troupe.reservee.pk).update(reserve_par=juge)
        page = texte(client.get("/mesures/en-attente/"))
        assert "Agathe Rivemorte, juge" in page.replace("Camille", "Agathe")
        assert juge.email not in page
        type(juge).objects.filter(pk=juge.pk).update(partage_courriel=True)
        assert juge.email in texte(client.get("/mesures/en-attente/"))

    def test_vide(self, troupe):
        page = texte(troupe.clients["prepose"].get("/mesures/en-attente/"))
        assert "Quand un tribunal vous réservera une mesure, vous recevrez un e-mail" in page

    def test_modifiee_par_le_tribunal(self, client, troupe):
        Evenement.objects.create(
            acte="mesure.modifier_reservation",
            role="greffier",
            objet_type="mesures.mesure",
            objet_id=str(troupe.reservee.pk),
        )
        assert "Modifiée le" in texte(client.get("/mesures/en-attente/"))


class TestVides:
    def test_en_cours(self, troupe):
        page = texte(troupe.clients["prepose"].get(EN_COURS))
        assert "Aucune mesure pour l’instant" in page
        assert "Importer un classeur" in page
        troupe.prepose.imports.create(nombre=0)
        assert "Importer un classeur" not in texte(troupe.clients["prepose"].get(EN_COURS))

    def test_eteintes(self, client):
        assert "Les mandats auxquels vous mettez fin restent consultables ici." in texte(
            client.get("/mesures/eteintes/")
        )


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
        Mandataire.objects.update(telephone_portable="+33639980000")
        assert "Rien ne vous attend." in texte(client.get(self.URL))

    def test_informations_a_completer(self, client, troupe):
        MesureFactory.create_batch(4, mandataire=troupe.mandataire, numero_rg="")
        page = texte(client.get(self.URL))
        assert "2 informations à compléter" in page
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

    def test_une_reservation_se_voit_des_la_premiere_connexion(self, troupe):
        MesureFactory(mandataire=troupe.prepose, en_attente=True)
        assert "1 mesure réservée par un tribunal" in texte(troupe.clients["prepose"].get(self.URL))

    @pytest.mark.parametrize("qui", ["magistrat", "agent", "support"])
    def test_reserve_aux_mandataires(self, troupe, qui):
        for url in (self.URL, EN_COURS, "/mesures/en-attente/", "/mesures/eteintes/", "/mesures/creer/"):
            assert troupe.clients[qui].get(url).status_code == 403


def test_douze_mois_suivent_les_dates(troupe):
    Mesure.objects.all().delete()
    tous = {"mandataire": troupe.mandataire}
    MesureFactory(date_jugement=date(2024, 1, 5), **tous)
    MesureFactory(date_jugement=date(2026, 2, 28), **tous)
    MesureFactory(date_jugement=date(2025, 1, 1), eteinte=True, date_fin=date(2026, 3, 1), **tous)
    MesureFactory(en_attente=True, **tous)
    mois, entier = douze_mois(Mesure.objects.all(), date(2026, 4, 15))
    assert entier
    assert [m.long for m in mois[-3:]] == ["février 2026", "mars 2026", "avril 2026"]
    assert [(m.en_cours, m.commencees, m.terminees) for m in mois[-4:]] == [(2, 0, 0), (3, 1, 0), (2, 0, 1), (2, 0, 0)]
    Mesure.objects.filter(date_jugement__lt=date(2026, 1, 1)).delete()
    mois, entier = douze_mois(Mesure.objects.all(), date(2026, 4, 15))
    assert ([m.long for m in mois], entier) == (["février 2026", "mars 2026", "avril 2026"], False)
