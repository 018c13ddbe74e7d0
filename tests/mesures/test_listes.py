"""The lists and the page of one mesure: what is found, in which order, at what cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emjpm.commun.models import Evenement
from mandataires.models import Mandataire
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


def peupler(mandataire, combien, juge=None, depuis=0):
    """So many mesures of each state, written at once: three courts, four communes, two antennes, two cabinets.
    `depuis`: the rank of the first, when some are there already.
    """
    villes = ("Metz", "Nancy", "Thionville", "Bourg-en-Bresse")
    ou = [(factories.tribunal(ville), factories.commune(ville)) for ville in villes[:3]]
    ou.append((ou[0][0], factories.commune(villes[3])))
    lieux = [None, *mandataire.lieux.all()]
    mesures = []
    for n in range(depuis, depuis + combien):
        tribunal, commune = ou[n % 4]
        commun = {
            "mandataire": mandataire,
            "tribunal": tribunal,
            "commune": commune,
            "code_postal": "57000",
            "nature": "tutelle",
            "civilite": "madame",
            "cabinet": str(n % 2),
            "lieu": lieux[n % len(lieux)],
            "annee_naissance": 1930 + n % 60,
        }
        jugee = {"date_jugement": date(2021, 6, 9), "lieu_vie": "domicile"}
        finie = {"date_fin": date(2025, 5, 3), "motif_fin": "deces"}
        reservee = {"reserve_par": juge, "reserve_le": timezone.now()}
        for sorte, faits in (("en_cours", jugee), ("eteinte", jugee | finie), ("en_attente", reservee)):
            numero = f"P{n}"
            mesures.append(Mesure(statut=sorte, numero_rg=numero, rg_normal=f"{numero}{sorte[:4]}", **commun, **faits))
    Mesure.objects.bulk_create(mesures, batch_size=500)


CHAQUE_PAGE = [
    EN_COURS,
    f"{EN_COURS}?q=metz+1934&tri=-antenne&par=250&commune=57463",
    f"{EN_COURS}?nature=tutelle&departement=57&cabinet=1&manque=dossier",
    f"{EN_COURS}?cochees=toutes",
    f"{EN_COURS}imprimer/",
    f"{EN_COURS}carte/",
    "/mesures/en-attente/",
    "/mesures/eteintes/?tri=fin",
    "/tableau-de-bord/",
]


@pytest.mark.parametrize("qui", ["mandataire", "service"])
def test_douze_requetes_au_plus_de_cinq_a_des_milliers_de_mesures(client, troupe, qui):
    """The whole page, sign-in and tabs included. A service has the more to name: its antennes."""
    mandataire = getattr(troupe, qui)
    factories.LieuFactory(mandataire=mandataire, nom="Antenne nord")
    peupler(mandataire, 5, troupe.gens["magistrat"])
    peu = {url: requetes(troupe.clients[qui], url) for url in CHAQUE_PAGE}
    Mesure.objects.filter(numero_rg__startswith="P").delete()
    peupler(mandataire, 1500, troupe.gens["magistrat"])
    assert {url: requetes(troupe.clients[qui], url) for url in CHAQUE_PAGE} == peu
    assert max(peu.values()) <= 12, peu


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
        assert "Recherche : 17A00775" in page
        rien = texte(client.get(f"{EN_COURS}?q=introuvable"))
        assert "0 mesure en cours sur 5" in rien
        assert "Aucune mesure ne correspond. Effacer la recherche et les filtres" in rien

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

    def test_cent_ou_deux_cent_cinquante_par_page(self, client, troupe):
        MesureFactory.create_batch(130, mandataire=troupe.mandataire)
        assert len(client.get(f"{EN_COURS}?par=100").context["page"]) == 100
        assert len(client.get(f"{EN_COURS}?par=250").context["page"]) == 135
        assert len(client.get(f"{EN_COURS}?par=7").context["page"]) == 50
        page = client.get(f"{EN_COURS}?par=100&tri=rg")
        assert "1 à 100 sur 135, par numéro RG" in texte(page)
        assert 'href="?par=250&amp;tri=rg"' in page.content.decode()

    @pytest.mark.parametrize(
        ("requete", "dossiers"),
        [
            ("departement=BE", {"D-4"}),
            ("departement=57&nature=curatelle_simple", {"D-2"}),
            ("departement=75", {"D-1", "D-2", "D-3", "D-4", ""}),  # nobody lives there: left aside
            ("manque=champ&q=d-3", {"D-3"}),
            ("manque=naissance", set()),
            ("manque=inventee", {"D-1", "D-2", "D-3", "D-4", ""}),
            ("commune=57606", {"D-3"}),
            ("commune=' OR 1", {"D-1", "D-2", "D-3", "D-4", ""}),
            ("cabinet=7", {"D-1"}),
            ("q=VIRTÔN", {"D-4"}),
        ],
    )
    def test_plus_de_filtres(self, client, troupe, requete, dossiers):
        Mesure.objects.filter(numero_dossier="D-1").update(cabinet="7")
        reponse = client.get(f"{EN_COURS}?{requete}")
        assert {m.numero_dossier for m in reponse.context["page"]} == dossiers

    def test_les_etiquettes_se_retirent_une_a_une(self, client):
        adresse = f"{EN_COURS}?nature=tutelle&departement=57&commune=57606&tri=rg&page=1"
        reponse = client.get(adresse)
        page = texte(reponse)
        for mots in ("Nature : Tutelle", "Département : Moselle (57)", "Commune : Saint-Avold (57)", "Tout effacer"):
            assert mots in page
        sans = {tag["mots"]: tag["sans"] for tag in reponse.context["tags"]}
        assert sans["Nature : Tutelle"] == "?departement=57&commune=57606&tri=rg"
        assert client.get(EN_COURS + sans["Nature : Tutelle"]).context["page"].paginator.count == 1
        assert client.get(EN_COURS + sans["Commune : Saint-Avold (57)"]).context["page"].paginator.count == 3

    def test_chaque_colonne_se_trie_dans_les_deux_sens(self, client):
        for colonne in client.get(EN_COURS).context["entetes"]:
            aller = client.get(f"{EN_COURS}?tri={colonne['tri']}")
            ici = [c for c in aller.context["entetes"] if c["sens"]]
            assert [c["titre"] for c in ici] == [colonne["titre"]]
            retour = client.get(f"{EN_COURS}?tri={ici[0]['tri']}")
            assert {c["sens"] for c in retour.context["entetes"] if c["sens"]} != {ici[0]["sens"]}
            html = aller.content.decode()
            assert html.count("aria-sort=") == 1
            # The same order is chosen in the select, for whoever has no headers to click (under 768 px).
            assert f'<option value="{colonne["tri"]}" selected' in html

    def test_la_liste_du_service_dit_l_antenne(self, client, troupe):
        antenne = factories.LieuFactory(mandataire=troupe.service, nom="Antenne nord")
        MesureFactory(mandataire=troupe.service, lieu=antenne)
        MesureFactory(mandataire=troupe.service, numero_dossier="sans")
        client = troupe.clients["service"]
        assert "Antenne nord" in texte(client.get(EN_COURS))
        for filtre, combien in ((f"antenne={antenne.pk}", 1), ("antenne=0", 1), ("antenne=999", 2)):
            assert client.get(f"{EN_COURS}?{filtre}").context["page"].paginator.count == combien
        assert "Antenne : Sans antenne" in texte(client.get(f"{EN_COURS}?antenne=0"))

    def test_limite_a_une_antenne(self, troupe):
        antenne = factories.LieuFactory(mandataire=troupe.service, nom="Antenne nord")
        MesureFactory(mandataire=troupe.service, lieu=antenne, numero_rg="26A00001")
        MesureFactory.create_batch(3, mandataire=troupe.service)
        troupe.service.membres.update(lieu=antenne)
        page = texte(troupe.clients["service"].get(EN_COURS))
        assert "1 mesure en cours" in page
        assert "Changer d’antenne" not in page
        for url in ("carte/", "imprimer/"):
            assert "1 mesure en cours" in texte(troupe.clients["service"].get(EN_COURS + url))


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
