"""A renewal: from the judge's form to the mesure that goes on. It never takes a place, nor makes a second mesure."""

import datetime
import uuid

import pytest
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from mandataires.models import Membre
from mesures.disponibilite import disponibilite_de
from mesures.enums import MotifFin, Nature, Statut
from mesures.models import Mesure
from mesures.services import mandat
from mesures.services import reservation as services
from mesures.services.commun import ActeImpossible, NumeroDejaPris
from mesures.services.renouvellement import RenouvellementImpossible
from tests import factories
from tests.factories import LieuFactory, MandataireFactory, MesureFactory, commune

from .test_reservation import SAISIE, ouvrir, url

pytestmark = pytest.mark.django_db
JUGEMENT = datetime.date(2026, 2, 3)


def lire(reponse) -> str:
    return reponse.content.decode().replace("\u00a0", " ")


def disponible(mandataire) -> int | None:
    return disponibilite_de(type(mandataire).objects.get(pk=mandataire.pk)).valeur


def renouveler(troupe, mesure=None, **donnees) -> Mesure:
    """The service, with plain good answers."""
    mesure = mesure or troupe.mesure
    faits = {"numero_rg": mesure.numero_rg, "civilite": "madame", "nature": "tutelle", "renouvelle": mesure}
    return services.reserver(
        par=troupe.gens["magistrat"], mandataire=mesure.mandataire, donnees=faits | donnees, cle=uuid.uuid4()
    )


def valider(troupe, reservation, **plus) -> Mesure:
    return mandat.valider(
        par=troupe.gens["mandataire"],
        mesure=reservation,
        **{"date_jugement": JUGEMENT, "lieu_vie": "domicile", **plus},
    )


@pytest.fixture
def juge(troupe):
    return troupe.clients["magistrat"]


class TestFormulaire:
    def test_coche_et_choisie(self, troupe, juge):
        """No room, and nothing to confirm: nothing more is taken."""
        type(troupe.mandataire).objects.filter(pk=troupe.mandataire.pk).update(capacite=1)
        avant = disponible(troupe.mandataire)
        envoi = ouvrir(juge, troupe.mandataire) | {"renouvellement": "on", "renouvelle": troupe.mesure.pk}
        page = lire(juge.get(juge.post(url(troupe.mandataire), envoi)["Location"]))
        mesure = Mesure.objects.get(numero_rg="26B00768")
        assert (mesure.renouvelle, mesure.statut) == (troupe.mesure, Statut.EN_ATTENTE)
        assert disponible(troupe.mandataire) == avant == -1
        assert "Renouvellement" in page
        assert "Ne prend pas de place." in page
        assert f'href="/mesures/{troupe.mesure.pk}/"' in page
        courriel = Courriel.objects.get()
        assert courriel.sujet.replace("\u00a0", " ").startswith("Renouvellement réservé par le TJ de Metz :")
        assert "RG 21B00167. Ne prend pas de place." in courriel.texte

    def test_les_choix_sont_les_mesures_en_cours_de_ce_mandataire_a_ce_tribunal(self, troupe, juge):
        ailleurs = MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.thionville, numero_rg="20A00001")
        page = lire(juge.get(url(troupe.mandataire)))
        age = timezone.localdate().year - 1947
        assert f"21B00167 : Femme, {age} ans, Metz (57)</option>" in page
        for autre in (troupe.reservee, troupe.mesure_voisine, ailleurs):
            assert f'<option value="{autre.pk}"' not in page
            envoi = ouvrir(juge, troupe.mandataire) | {"renouvellement": "on", "renouvelle": autre.pk}
            assert juge.post(url(troupe.mandataire), envoi).status_code == 200
        assert Mesure.objects.exclude(renouvelle=None).count() == 0

    def test_sans_mesure_choisie_elle_est_demandee(self, troupe, juge):
        envoi = ouvrir(juge, troupe.mandataire) | {"renouvellement": "on"}
        page = lire(juge.post(url(troupe.mandataire), envoi))
        assert "Choisissez la mesure renouvelée." in page
        assert 'value="26B00768"' in page
        assert "Un renouvellement ne prend pas de place." in page

    def test_le_numero_designe_la_mesure(self, troupe, juge):
        envoi = ouvrir(juge, troupe.mandataire) | {"renouvellement": "on", "numero_rg": "RG 21/B/00167"}
        assert juge.post(url(troupe.mandataire), envoi).status_code == 302
        assert Mesure.objects.get(renouvelle=troupe.mesure).numero_rg == "RG 21/B/00167"
        page = lire(juge.get(url(troupe.mandataire) + "?rg=21B00167"))
        assert f'<option value="{troupe.mesure.pk}" selected>' in page

    def test_le_meme_numero_sans_la_case(self, troupe, juge):
        """Said before any question about the capacity."""
        type(troupe.mandataire).objects.filter(pk=troupe.mandataire.pk).update(capacite=1)
        page = lire(juge.post(url(troupe.mandataire), ouvrir(juge, troupe.mandataire) | {"numero_rg": "21B00167"}))
        assert ("Ce mandataire exerce déjà cette mesure. Cochez « renouvellement » ou corrigez le numéro.</p>") in page
        page = lire(juge.post(url(troupe.mandataire), ouvrir(juge, troupe.mandataire) | {"numero_rg": "26C00001"}))
        assert "Cette mesure est déjà réservée auprès de ce mandataire. Corrigez le numéro." in page

    def test_deux_renouvellements_de_la_meme(self, troupe, juge):
        renouveler(troupe)
        envoi = ouvrir(juge, troupe.mandataire) | {"renouvellement": "on", "renouvelle": troupe.mesure.pk}
        assert "Un renouvellement de cette mesure attend déjà une réponse." in lire(
            juge.post(url(troupe.mandataire), envoi)
        )

    def test_la_mesure_finit_pendant_la_saisie(self, troupe, juge):
        """Never silently an ordinary reservation, that would take a place."""
        envoi = ouvrir(juge, troupe.mandataire) | {"renouvellement": "on", "renouvelle": troupe.mesure.pk}
        mandat.eteindre(
            par=troupe.gens["mandataire"], mesure=troupe.mesure, motif=MotifFin.DECES, date_fin=timezone.localdate()
        )
        page = lire(juge.post(url(troupe.mandataire), envoi))
        assert "1 champ à corriger" in page
        assert not Mesure.objects.filter(numero_rg="26B00768").exists()
        with pytest.raises(RenouvellementImpossible, match="n’est plus en cours"):
            renouveler(troupe)

    def test_va_a_l_antenne_qui_suit_la_mesure(self, troupe, juge):
        thionville = LieuFactory(mandataire=troupe.service, nom="Antenne de Thionville", commune=commune("Thionville"))
        avold = LieuFactory(mandataire=troupe.service, nom="Antenne de Saint-Avold", commune=commune("Saint-Avold"))
        suivie = MesureFactory(mandataire=troupe.service, tribunal=troupe.metz, lieu=avold)
        gens = factories.UtilisateurFactory(role="service", email="avold@exemple.fr")
        Membre.objects.create(utilisateur=gens, mandataire=troupe.service, lieu=avold)
        envoi = ouvrir(juge, troupe.service) | {
            "renouvellement": "on",
            "renouvelle": suivie.pk,
            "lieu": thionville.pk,
        }
        juge.post(url(troupe.service), envoi)
        reservation = Mesure.objects.get(renouvelle=suivie)
        assert reservation.lieu == avold
        assert "avold@exemple.fr" in Courriel.objects.values_list("destinataire", flat=True)
        adresse = f"/mesures/{reservation.pk}/reservation/modifier/"
        page = juge.get(adresse)
        assert 'name="lieu"' not in lire(page)
        version = {"version": reservation.version}
        assert juge.post(adresse, SAISIE | version | {"lieu": thionville.pk}).status_code == 302
        reservation.refresh_from_db()
        assert (reservation.lieu, reservation.renouvelle) == (avold, suivie)


class TestValider:
    def test_continue_la_mesure(self, troupe):
        avant, total = disponible(troupe.mandataire), Mesure.objects.count()
        reservation = renouveler(
            troupe, numero_rg="26B00001", nature="curatelle_simple", champ="protection_bien", cabinet="4"
        )
        Courriel.objects.all().delete()
        assert valider(troupe, reservation).statut == Statut.RENOUVELEE
        mesure = Mesure.objects.get(pk=troupe.mesure.pk)
        premier = troupe.mesure.date_jugement
        assert (mesure.statut, mesure.date_jugement, mesure.nature) == ("en_cours", premier, Nature.CURATELLE_SIMPLE)
        evolution = mesure.evolutions.get()
        assert (evolution.genre, evolution.date, evolution.reservation) == ("reconduction", JUGEMENT, reservation)
        assert evolution.changements["nature"] == ["tutelle", "curatelle_simple"]
        assert (mesure.champ, mesure.cabinet, mesure.rg_normal) == ("protection_bien", "4", "26B00001")
        assert (mesure.lieu_vie, mesure.commune, mesure.annee_naissance) == ("domicile", commune("Metz"), 1947)
        assert (disponible(troupe.mandataire), Mesure.objects.count()) == (avant, total + 1)
        sienne = Evenement.objects.sur(mesure).get()
        assert sienne.acte == "mesure.renouveler"
        assert sienne.changements["jugement"] == "2026-02-03"
        assert sienne.changements["nature"] == ["tutelle", "curatelle_simple"]
        assert sienne.changements["numero_rg"] == ["21B00167", "26B00001"]
        assert Evenement.objects.sur(reservation).first().changements["statut"] == ["en_attente", "renouvelee"]
        courriel = Courriel.objects.get()
        assert courriel.destinataire == troupe.gens["magistrat"].email
        assert "a validé le renouvellement que vous avez réservé" in courriel.texte
        assert f"/mesures/{mesure.pk}/" in courriel.texte

    def test_ce_que_le_tribunal_n_a_pas_dit_reste(self, troupe):
        Mesure.objects.filter(pk=troupe.mesure.pk).update(champ="protection_bien", cabinet="7", urgence=True)
        valider(troupe, renouveler(troupe))
        mesure = Mesure.objects.get(pk=troupe.mesure.pk)
        assert (mesure.champ, mesure.cabinet, mesure.urgence) == ("protection_bien", "7", True)

    def test_le_numero_est_celui_d_une_autre(self, troupe):
        reservation = renouveler(troupe)
        MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.metz, numero_rg="26D00009")
        Mesure.objects.filter(pk=reservation.pk).update(numero_rg="26D00009", rg_normal="26D00009")
        with pytest.raises(NumeroDejaPris):
            valider(troupe, reservation)
        reservation.refresh_from_db()
        assert reservation.statut == Statut.EN_ATTENTE
        assert Mesure.objects.get(pk=troupe.mesure.pk).date_jugement == troupe.mesure.date_jugement

    def test_jugee_apres_ce_qu_elle_renouvelle(self, troupe):
        reservation = renouveler(troupe)
        page = lire(
            troupe.clients["mandataire"].post(f"/mesures/{reservation.pk}/valider/", {"date_jugement": "2020-01-01"})
        )
        assert "précède le jugement renouvelé, du 9 juin 2021" in page
        with pytest.raises(ActeImpossible, match="précède"):
            valider(troupe, reservation, date_jugement=datetime.date(2020, 1, 1))

    def test_la_page_ne_demande_que_la_date(self, troupe):
        reservation = renouveler(troupe)
        client, adresse = troupe.clients["mandataire"], f"/mesures/{reservation.pk}/valider/"
        page = lire(client.get(adresse))
        assert "Valider le renouvellement" in page
        assert 'name="lieu_vie"' not in page
        suite = lire(client.post(adresse, {"date_jugement": "2026-02-03"}, follow=True))
        assert "Renouvellement validé. La mesure 21B00167 continue et le TJ de Metz est prévenu." in suite
        assert troupe.mesure.evolutions.get().date == JUGEMENT

    def test_trop_tard(self, troupe, juge):
        reservation = renouveler(troupe)
        valider(troupe, reservation)
        with pytest.raises(ActeImpossible, match="a validé ce renouvellement"):
            valider(troupe, reservation)
        page = lire(juge.post(f"/mesures/{reservation.pk}/annuler/", {"raison": "Erreur."}, follow=True))
        assert "a validé ce renouvellement" in page
        assert "elle ne peut plus être annulée ici." in page

    def test_les_deux_pages_se_repondent(self, troupe, juge):
        reservation = renouveler(troupe)
        mesure = troupe.mesure
        assert f'Renouvellement en attente</dt><dd><a href="/mesures/{reservation.pk}/"' in lire(
            juge.get(f"/mesures/{mesure.pk}/")
        )
        valider(troupe, reservation)
        for client in (juge, troupe.clients["mandataire"]):
            page = lire(client.get(f"/mesures/{reservation.pk}/"))
            assert f'Renouvelle</dt><dd><a href="/mesures/{mesure.pk}/"' in page
            assert "Renouvellement validé" in page
            page = lire(client.get(f"/mesures/{mesure.pk}/"))
            assert f'<a href="/mesures/{reservation.pk}/">Réservation du' in page
            assert "Renouvellement (réservation du" in page
            assert "Jugement de renouvellement du 3 février 2026" in page
            assert "En cours depuis le 9 juin 2021" in page
            assert "Renouvelée</dt><dd>Jugement du 3 février 2026" in page
        assert lire(juge.get(f"/mesures/{reservation.pk}/reservation/")).count("Renouvelle</dt>") == 1


class TestNumeros:
    """One number is held by one living mesure, or by a mesure and its pending renewal."""

    def test_celui_d_un_renouvellement_n_est_pas_libre(self, troupe):
        renouveler(troupe, numero_rg="26B00001")
        with pytest.raises(NumeroDejaPris):
            services.reserver(
                par=troupe.gens["magistrat"],
                mandataire=troupe.mandataire,
                donnees={"numero_rg": "26B00001", "nature": "tutelle", "civilite": "madame"},
                cle=uuid.uuid4(),
            )

    def test_un_renouvellement_ne_prend_pas_celui_d_une_autre(self, troupe):
        with pytest.raises(NumeroDejaPris):
            renouveler(troupe, numero_rg=troupe.reservee.numero_rg)

    def test_la_mesure_peut_deja_porter_le_nouveau(self, troupe):
        reservation = renouveler(troupe, numero_rg="26B00001")
        mandat.modifier(par=troupe.gens["mandataire"], mesure=troupe.mesure, version=1, faits={"numero_rg": "26B00001"})
        assert valider(troupe, reservation).statut == Statut.RENOUVELEE


def test_ce_qui_attend_se_compte_et_se_dit(troupe):
    """The home says both numbers: what takes a place, and the renewal beside it."""
    renouveler(troupe)
    client = troupe.clients["mandataire"]
    Mesure.objects.filter(mandataire=troupe.mandataire).update(cree_le=timezone.now())
    type(troupe.mandataire).objects.filter(pk=troupe.mandataire.pk).update(verifie_le=timezone.now())
    page = lire(client.get("/tableau-de-bord/"))
    assert "2 mesures réservées par un tribunal" in page
    assert "<dt>en attente</dt><dd>1</dd>" in page
    assert "+ 1 renouvellement en attente, qui ne prend pas de place" in page
    assert "Renouvellement</span>" in page
    liste = lire(client.get("/mesures/en-attente/"))
    assert liste.count("Renouvellement</span>") == 1
    assert "RG 21B00167</a>. Ne prend pas de place." in liste


def test_la_liste_en_attente_coute_autant_de_requetes(troupe, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = troupe.clients["mandataire"]
    renouveler(troupe)
    with CaptureQueriesContext(connection) as avant:
        client.get("/mesures/en-attente/")
    for _ in range(5):
        renouveler(troupe, MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.metz))
    with CaptureQueriesContext(connection) as apres:
        client.get("/mesures/en-attente/")
    assert len(avant) == len(apres)


def test_une_capacite_inconnue(troupe):
    inconnu = MandataireFactory(capacite=None)
    suivie = MesureFactory(mandataire=inconnu, tribunal=troupe.metz)
    assert renouveler(troupe, suivie).renouvelle == suivie
