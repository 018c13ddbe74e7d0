"""Several mesures at once: what can be done is, the rest is told and left as it was; nothing is done twice."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from mandataires.models import Mandataire
from mesures.enums import Statut
from mesures.models import Mesure
from mesures.services import groupes, mandat
from tests import factories
from tests.conftest import ouvrir
from tests.factories import MesureFactory

from .test_mandat_vues import texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
URL, LISTE = "/mesures/groupe/", "/mesures/en-cours/"


@pytest.fixture
def trois(troupe):
    """Three mesures of the mandataire at Metz, and nothing else of theirs."""
    Mesure.objects.filter(mandataire=troupe.mandataire).delete()
    tous = {"mandataire": troupe.mandataire, "tribunal": troupe.metz, "cabinet": "2"}
    return [
        MesureFactory(numero_rg="25C00364", date_jugement=date(2020, 1, 6), **tous),
        MesureFactory(numero_rg="26A00433", date_jugement=date(2020, 1, 6), **tous),
        MesureFactory(numero_rg="25A00728", date_jugement=date(2026, 7, 2), **tous),
    ]


def cles(mesures) -> str:
    return ",".join(str(m.pk) for m in mesures)


def fins(mesures, **lignes) -> dict:
    return {"acte": "eteindre", "faire": "1", "mesures": cles(mesures), **lignes}


class TestFin:
    def test_une_ligne_par_mesure_cochee(self, troupe, trois):
        page = troupe.clients["mandataire"].post(
            f"{URL}?nature=tutelle", {"acte": "eteindre", "mesure": [m.pk for m in trois[:2]]}
        )
        dit = texte(page)
        assert "Mettre fin à plusieurs mandats" in dit
        assert "Même motif et même date pour toutes" in dit
        assert dit.count("Jugement du 6 janvier 2020") == 2
        assert "25A00728" not in dit
        assert f'href="{LISTE}?nature=tutelle"' in page.content.decode()
        assert Mesure.objects.eteintes().count() == 0

    def test_meme_motif_et_meme_date_pour_toutes(self, troupe, trois):
        donnees = fins(trois, **{"toutes-motif": "deces", "toutes-date_fin": "2026-08-01"})
        reponse = troupe.clients["mandataire"].post(f"{URL}?tri=rg", donnees, follow=True)
        assert reponse.redirect_chain[-1][0] == f"{LISTE}?tri=rg"
        assert "3 mandats terminés. Votre disponibilité passe de 7 à 10." in texte(reponse)
        for mesure in trois:
            mesure.refresh_from_db()
            assert (mesure.statut, mesure.motif_fin, mesure.date_fin) == ("eteinte", "deces", date(2026, 8, 1))
            assert Evenement.objects.sur(mesure).filter(acte="mesure.eteindre").count() == 1

    def test_les_bonnes_sont_faites_les_autres_restent_avec_leur_raison(self, troupe, trois):
        tard = trois[2]
        donnees = fins(
            trois,
            **{
                "toutes-motif": "deces",
                "toutes-date_fin": "12/06/2026",
                f"m{trois[1].pk}-motif": "mainlevee",
                f"m{trois[1].pk}-date_fin": "2026-08-03",
            },
        )
        page = troupe.clients["mandataire"].post(URL, donnees)
        dit = texte(page)
        assert "2 mandats terminés" in dit
        assert "Votre disponibilité passe de 7 à 9." in dit
        assert "1 mandat reste à corriger" in dit
        assert "RG 25A00728 : le 12 juin 2026 précède le jugement du 2 juillet 2026." in dit
        assert "Mettre fin à ce mandat" in dit
        assert "Laisser ce mandat en cours" in dit
        trois[1].refresh_from_db()
        assert (trois[1].motif_fin, trois[1].date_fin) == ("mainlevee", date(2026, 8, 3))
        tard.refresh_from_db()
        assert tard.statut == Statut.EN_COURS
        # What stays is asked again, alone, and can be mended.
        html = page.content.decode()
        assert f'name="mesures" value="{tard.pk}"' in html
        assert '<option value="deces" selected' in html  # said for all: not asked a second time
        assert 'value="12/06/2026"' in html
        suite = fins([tard], **{f"m{tard.pk}-motif": "deces", f"m{tard.pk}-date_fin": "2026-07-12"})
        assert "1 mandat terminé." in texte(troupe.clients["mandataire"].post(URL, suite, follow=True))

    def test_la_derniere_porte_la_faute_de_la_date_commune(self, troupe, trois):
        """The fields « pour toutes » leave the page when one mandate is left: so does the link to them."""
        a, b = trois[:2]
        donnees = fins([a, b], **{"toutes-motif": "deces", "toutes-date_fin": "2026-02-31"})
        donnees[f"m{a.pk}-date_fin"] = "2026-08-01"
        page = troupe.clients["mandataire"].post(URL, donnees)
        html, dit = page.content.decode(), texte(page)
        assert "1 mandat terminé" in dit
        assert "RG 26A00433 : écrivez une date qui existe." in dit
        assert "Pour toutes" not in dit
        assert f'href="#id_m{b.pk}-date_fin"' in html
        assert 'value="2026-02-31"' in html

    def test_rien_de_ce_qui_est_saisi_n_est_perdu(self, troupe, trois):
        a, b = trois[:2]
        demain = (timezone.localdate().replace(year=timezone.localdate().year + 1)).isoformat()
        donnees = fins(
            [a, b],
            **{f"m{a.pk}-motif": "caducite", f"m{a.pk}-date_fin": demain, f"m{b.pk}-date_fin": "2026-02-31"},
        )
        page = troupe.clients["mandataire"].post(URL, donnees)
        html, dit = page.content.decode(), texte(page)
        assert '<option value="caducite" selected' in html
        assert f'value="{demain}"' in html
        assert 'value="2026-02-31"' in html
        assert "2 mandats restent à corriger" in dit
        assert "est dans le futur" in dit
        assert "Choisissez un motif." in dit
        assert "Écrivez une date qui existe." in dit
        assert Mesure.objects.eteintes().count() == 0

    def test_une_date_commune_illisible_est_dite_une_fois(self, troupe, trois):
        page = texte(
            troupe.clients["mandataire"].post(URL, fins(trois, **{"toutes-motif": "deces", "toutes-date_fin": "hier"}))
        )
        assert page.count("Pour toutes : écrivez une date qui existe.") == 1
        assert "Écrivez la date de fin." not in page
        assert Mesure.objects.eteintes().count() == 0

    def test_envoye_deux_fois_ne_fait_rien_deux_fois(self, troupe, trois):
        Mesure.objects.update(reserve_par=troupe.gens["magistrat"])
        donnees = fins(trois, **{"toutes-motif": "deces", "toutes-date_fin": "2026-08-01"})
        client = troupe.clients["mandataire"]
        client.post(URL, donnees)
        lignes, courriels = Evenement.objects.count(), Courriel.objects.count()
        assert courriels == 3
        assert "Ces 3 mandats sont déjà terminés. Rien n’a changé." in texte(client.post(URL, donnees, follow=True))
        assert (Evenement.objects.count(), Courriel.objects.count()) == (lignes, courriels)

    def test_terminee_autrement_entre_temps(self, troupe, trois):
        mandat.eteindre(par=troupe.gens["mandataire"], mesure=trois[0], motif="mainlevee", date_fin=date(2026, 1, 5))
        page = texte(
            troupe.clients["mandataire"].post(
                URL, fins(trois[:2], **{"toutes-motif": "deces", "toutes-date_fin": "2026-08-01"})
            )
        )
        assert "1 mandat terminé" in page
        assert "25C00364 : ce mandat est déjà terminé depuis le 5 janvier 2026." in page
        trois[0].refresh_from_db()
        assert trois[0].motif_fin == "mainlevee"


class TestTribunal:
    def test_trois_mesures_passent(self, troupe, trois):
        client = troupe.clients["mandataire"]
        question = client.post(URL, {"acte": "tribunal", "mesure": [m.pk for m in trois]})
        assert "3 mesures cochées" in texte(question)
        donnees = {"acte": "tribunal", "faire": "1", "mesures": cles(trois), "tribunal": troupe.thionville.pk}
        page = texte(client.post(URL, donnees, follow=True))
        assert "3 mesures passent au TJ de Thionville." in page
        assert set(Mesure.objects.filter(mandataire=troupe.mandataire).values_list("tribunal", "cabinet")) == {
            (troupe.thionville.pk, "")
        }
        assert Evenement.objects.filter(acte="mesure.modifier").count() == 3
        assert "Rien n’a changé" in texte(client.post(URL, donnees, follow=True))
        assert Evenement.objects.filter(acte="mesure.modifier").count() == 3

    def test_le_numero_deja_pris_est_laisse(self, troupe, trois):
        MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.thionville, numero_rg="25A00728")
        donnees = {"acte": "tribunal", "faire": "1", "mesures": cles(trois), "tribunal": troupe.thionville.pk}
        page = texte(troupe.clients["mandataire"].post(URL, donnees))
        assert "2 mesures passent au TJ de Thionville." in page
        assert "1 mesure reste comme avant" in page
        dit = "RG 25A00728 : ce numéro existe déjà au TJ de Thionville : mesure laissée au TJ de Metz."
        assert dit in page
        trois[2].refresh_from_db()
        assert (trois[2].tribunal, trois[2].cabinet) == (troupe.metz, "2")

    def test_sans_reponse_rien_n_est_perdu(self, troupe, trois):
        donnees = {"acte": "tribunal", "faire": "1", "mesures": cles(trois), "tribunal": "", "cabinet": "4"}
        page = troupe.clients["mandataire"].post(URL, donnees)
        assert "Choisissez le tribunal." in texte(page)
        assert 'value="4"' in page.content.decode()
        assert {m.pk for m in page.context["mesures"]} == {m.pk for m in trois}
        assert f'name="mesures" value="{page.context["cles"]}"' in page.content.decode()

    def test_modifiee_pendant_l_acte(self, troupe, trois):
        """Somebody saved the mesure between the reading and the lock: it is theirs that stays."""
        perimee = Mesure.objects.get(pk=trois[0].pk)
        Mesure.objects.filter(pk=trois[0].pk).update(cabinet="9", version=5)
        bilan = groupes.changer_tribunal(
            par=troupe.gens["mandataire"], mesures=[perimee, trois[1]], tribunal=troupe.thionville
        )
        assert [m.pk for m in bilan.faites] == [trois[1].pk]
        assert [(r.mesure.pk, r.pourquoi) for r in bilan.refus] == [(trois[0].pk, groupes.ENTRE_TEMPS)]
        trois[0].refresh_from_db()
        assert (trois[0].cabinet, trois[0].tribunal) == ("9", troupe.metz)


class TestAntenne:
    @pytest.fixture
    def antenne(self, troupe):
        return factories.LieuFactory(mandataire=troupe.service, nom="Antenne nord")

    def test_les_mesures_du_service_changent_d_antenne(self, troupe, antenne):
        mesures = MesureFactory.create_batch(2, mandataire=troupe.service)
        client = troupe.clients["service"]
        assert "Changer d’antenne" in texte(client.get(LISTE))
        assert "Antenne nord" in texte(client.post(URL, {"acte": "antenne", "mesure": [m.pk for m in mesures]}))
        donnees = {"acte": "antenne", "faire": "1", "mesures": cles(mesures), "antenne": antenne.pk}
        assert "2 mesures passent à « Antenne nord »." in texte(client.post(URL, donnees, follow=True))
        assert antenne.mesures.count() == 2
        donnees["antenne"] = "0"
        assert "2 mesures passent en « Sans antenne »." in texte(client.post(URL, donnees, follow=True))
        assert antenne.mesures.count() == 0

    def test_l_antenne_d_un_autre_est_refusee(self, troupe, antenne):
        mesure = MesureFactory(mandataire=troupe.service)
        etrangere = factories.LieuFactory(mandataire=troupe.voisin)
        donnees = {"acte": "antenne", "faire": "1", "mesures": str(mesure.pk), "antenne": etrangere.pk}
        assert "Choisissez une antenne de la liste." in texte(troupe.clients["service"].post(URL, donnees))
        mesure.refresh_from_db()
        assert mesure.lieu is None

    def test_qui_est_limite_a_une_antenne_n_agit_que_sur_les_siennes(self, troupe, antenne):
        sienne = MesureFactory(mandataire=troupe.service, lieu=antenne)
        autre = MesureFactory(mandataire=troupe.service)
        troupe.service.membres.update(lieu=antenne, administrateur=False)
        client = troupe.clients["service"]
        donnees = {"acte": "antenne", "faire": "1", "mesures": cles([sienne, autre]), "antenne": "0"}
        assert client.post(URL, donnees).status_code == 403
        client.post(URL, fins([sienne, autre], **{"toutes-motif": "deces", "toutes-date_fin": "2026-08-01"}))
        sienne.refresh_from_db()
        autre.refresh_from_db()
        assert (sienne.statut, autre.statut) == (Statut.ETEINTE, Statut.EN_COURS)

    def test_ni_pour_un_individuel(self, troupe, trois):
        assert "Changer d’antenne" not in texte(troupe.clients["mandataire"].get(LISTE))
        donnees = {"acte": "antenne", "mesure": [trois[0].pk]}
        assert troupe.clients["mandataire"].post(URL, donnees).status_code == 403


class TestSelection:
    def test_rien_de_coche(self, troupe, trois):
        reponse = troupe.clients["mandataire"].post(f"{URL}?tri=rg", {"acte": "eteindre"}, follow=True)
        assert "Cochez au moins une mesure." in texte(reponse)
        assert reponse.redirect_chain[-1][0] == f"{LISTE}?tri=rg"

    @pytest.mark.parametrize("acte", ["eteindre", "tribunal", "exporter"])
    def test_la_mesure_d_un_autre_est_ignoree(self, troupe, trois, acte):
        """The same words whether it is somebody else's or never was."""
        donnees = {"acte": acte, "mesure": [troupe.mesure_voisine.pk, 99_999_999, "²", ""]}
        reponse = troupe.clients["mandataire"].post(URL, donnees, follow=True)
        assert "2 mesures cochées ne sont plus dans vos mesures en cours : elles sont laissées de côté." in texte(
            reponse
        )

    def test_la_fin_de_celle_d_un_autre_n_est_pas_ecrite(self, troupe, trois):
        donnees = fins([trois[0], troupe.mesure_voisine], **{"toutes-motif": "deces", "toutes-date_fin": "2026-08-01"})
        assert "1 mandat terminé." in texte(troupe.clients["mandataire"].post(URL, donnees, follow=True))
        troupe.mesure_voisine.refresh_from_db()
        assert troupe.mesure_voisine.statut == Statut.EN_COURS

    def test_cocher_toute_la_liste_au_dela_de_la_page(self, troupe, trois):
        """A link checks all of the filtered list, without a script; what is then unchecked is left out."""
        MesureFactory.create_batch(60, mandataire=troupe.mandataire, tribunal=troupe.metz, nature="curatelle_simple")
        client = troupe.clients["mandataire"]
        adresse = f"{LISTE}?nature=curatelle_simple"
        assert "Cocher les 60" in texte(client.get(adresse))
        html = client.get(f"{adresse}&cochees=toutes").content.decode()
        assert "Les 60 mesures de la liste sont cochées." in html
        vues = re.findall(r'name="vue" value="(\d+)"', html)
        assert len(vues) == 50 == html.count(" checked autocomplete")
        donnees = {"acte": "tribunal", "toutes": "1", "vue": vues, "mesure": vues[2:]}
        page = client.post(f"{URL}?nature=curatelle_simple", donnees)
        assert "58 mesures cochées" in texte(page)
        envoyees = re.search(r'name="mesures" value="([\d,]+)"', page.content.decode())[1].split(",")
        assert len(envoyees) == 58
        assert not set(vues[:2]) & set(envoyees)
        assert not {str(m.pk) for m in trois} & set(envoyees)

    def test_pas_trop_a_la_fois(self, troupe, monkeypatch, trois):
        monkeypatch.setattr(groupes, "MAXIMUM", 2)
        donnees = {"acte": "eteindre", "mesure": [m.pk for m in trois]}
        page = texte(troupe.clients["mandataire"].post(URL, donnees, follow=True))
        assert "Vous avez coché 3 mesures. Agissez sur 2 au plus à la fois" in page

    def test_exporter_les_cochees(self, troupe, trois):
        reponse = troupe.clients["mandataire"].post(URL, {"acte": "exporter", "mesure": [m.pk for m in trois[:2]]})
        lignes = list(openpyxl.load_workbook(io.BytesIO(reponse.content)).active.values)
        assert {ligne[8] for ligne in lignes[1:]} == {"25C00364", "26A00433"}
        assert Evenement.objects.filter(acte="mesures.exporter").get().changements["lignes"] == 2

    def test_acte_inconnu_ou_lien_simple(self, troupe, trois):
        client = troupe.clients["mandataire"]
        assert client.get(f"{URL}?tri=rg")["Location"] == f"{LISTE}?tri=rg"
        assert client.post(URL, {"acte": "supprimer", "mesure": [trois[0].pk]})["Location"] == LISTE
        assert Mesure.objects.filter(pk=trois[0].pk).exists()


def test_la_disponibilite_reste_sa_definition(troupe, trois):
    client = troupe.clients["mandataire"]
    client.post(URL, fins(trois[:2], **{"toutes-motif": "deces", "toutes-date_fin": "2026-08-01"}))
    Mandataire.objects.update(verifie_le=timezone.now())
    assert "9 mesures peuvent encore vous être confiées" in texte(client.get("/tableau-de-bord/"))


class TestEntreTemps:
    def test_ce_qui_n_est_plus_dans_la_liste_se_dit(self, troupe, trois):
        """Ended by a colleague while the page was open: neither forgotten, nor « tick at least one »."""
        client, par = troupe.clients["mandataire"], troupe.gens["mandataire"]
        mandat.eteindre(par=par, mesure=trois[0], motif="deces", date_fin=timezone.localdate())
        page = texte(client.post(URL, {"acte": "eteindre", "mesure": [m.pk for m in trois[:2]]}))
        assert "1 mesure cochée n’est plus dans vos mesures en cours : elle est laissée de côté." in page
        assert "26A00433" in page
        dit = texte(client.post(URL, {"acte": "eteindre", "mesure": [trois[0].pk]}, follow=True))
        assert "1 mesure cochée n’est plus dans vos mesures en cours" in dit
        assert "Cochez au moins une mesure." not in dit

    def test_supprimee_entre_les_deux_pages(self, troupe, trois):
        donnees = fins(trois, **{"toutes-motif": "deces", "toutes-date_fin": "2026-08-01"})
        trois[2].delete()
        dit = texte(troupe.clients["mandataire"].post(URL, donnees, follow=True))
        assert "2 mandats terminés." in dit
        assert "1 mesure cochée n’est plus dans vos mesures en cours : elle est laissée de côté." in dit

    def test_passee_a_une_autre_antenne_pendant_l_acte(self, troupe, monkeypatch):
        """The others are done and told; that one is explained, not a page 403."""
        nord, sud = (factories.LieuFactory(mandataire=troupe.service, nom=nom) for nom in ("Nord", "Sud"))
        personne = troupe.gens["service"]
        troupe.service.membres.update(lieu=nord, administrateur=False)
        miennes = [MesureFactory(mandataire=troupe.service, lieu=nord, tribunal=troupe.metz) for _ in range(2)]
        eteindre = mandat.eteindre

        def ailleurs(*, par, mesure, **plus):
            if mesure.pk == miennes[1].pk:
                Mesure.objects.filter(pk=mesure.pk).update(lieu=sud)
            return eteindre(par=par, mesure=mesure, **plus)

        monkeypatch.setattr(mandat, "eteindre", ailleurs)
        donnees = fins(miennes, **{"toutes-motif": "deces", "toutes-date_fin": "2026-08-01"})
        dit = texte(ouvrir(personne).post(URL, donnees))
        assert "1 mandat terminé" in dit
        assert groupes.PLUS_LA_VOTRE.replace("\u00a0", " ") in dit
