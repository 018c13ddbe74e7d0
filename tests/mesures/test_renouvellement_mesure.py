"""A renewal follows the mesure it renews: when that one ends, is reopened or deleted, changes antenne or court."""

import datetime

import pytest
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from mesures.enums import MotifDeclin, MotifFin, Statut
from mesures.import_excel import annulation
from mesures.models import ImportMesures, Mesure
from mesures.services import mandat, renouvellement
from mesures.services import reservation as services
from mesures.services.commun import ActeImpossible, NumeroDejaPris
from tests.factories import LieuFactory, MesureFactory, commune, tribunal

from .test_renouvellement import disponible, lire, renouveler, valider

pytestmark = pytest.mark.django_db


class TestFin:
    def eteindre(self, troupe, mesure):
        return mandat.eteindre(
            par=troupe.gens["mandataire"], mesure=mesure, motif=MotifFin.MAINLEVEE, date_fin=timezone.localdate()
        )

    def test_la_reservation_prend_la_place(self, troupe):
        avant = disponible(troupe.mandataire)
        reservation = renouveler(troupe)
        self.eteindre(troupe, troupe.mesure)
        reservation.refresh_from_db()
        assert (reservation.renouvelle, reservation.statut) == (None, Statut.EN_ATTENTE)
        assert disponible(troupe.mandataire) == avant
        assert Evenement.objects.sur(reservation).first().acte == "mesure.detacher"
        fin = Courriel.objects.get(sujet__startswith="Mandat terminé")
        assert fin.destinataire == troupe.gens["magistrat"].email
        assert "Son renouvellement, réservé le" in fin.texte
        valider(troupe, reservation)
        assert Mesure.objects.filter(mandataire=troupe.mandataire).en_cours().get(rg_normal="21B00167") == reservation

    def test_rouvrir_defait_tout(self, troupe):
        avant = disponible(troupe.mandataire)
        reservation = renouveler(troupe)
        self.eteindre(troupe, troupe.mesure)
        page = lire(troupe.clients["mandataire"].get(f"/mesures/{troupe.mesure.pk}/rouvrir/"))
        assert f"Votre disponibilité reste de {avant}." in page
        mandat.rouvrir(par=troupe.gens["mandataire"], mesure=troupe.mesure)
        reservation.refresh_from_db()
        assert reservation.renouvelle == troupe.mesure
        assert disponible(troupe.mandataire) == avant
        assert valider(troupe, reservation).statut == Statut.RENOUVELEE

    def test_rouvrir_trop_tard_se_dit(self, troupe):
        reservation = renouveler(troupe)
        self.eteindre(troupe, troupe.mesure)
        valider(troupe, reservation)
        with pytest.raises(NumeroDejaPris, match="déjà celui d’une mesure en cours"):
            mandat.rouvrir(par=troupe.gens["mandataire"], mesure=troupe.mesure)
        troupe.mesure.refresh_from_db()
        assert troupe.mesure.statut == Statut.ETEINTE

    def test_supprimer(self, troupe):
        avant = disponible(troupe.mandataire)
        reservation = renouveler(troupe)
        page = lire(troupe.clients["mandataire"].get(f"/mesures/{troupe.mesure.pk}/supprimer/"))
        assert f"Votre disponibilité reste de {avant}." in page
        mandat.supprimer(par=troupe.gens["mandataire"], mesure=troupe.mesure)
        reservation.refresh_from_db()
        assert (reservation.renouvelle, reservation.rg_normal) == (None, "21B00167")
        assert disponible(troupe.mandataire) == avant
        assert Evenement.objects.sur(reservation).first().acte == "mesure.detacher"

    def test_decliner_et_annuler_ne_rendent_aucune_place(self, troupe):
        avant = disponible(troupe.mandataire)
        reservation = renouveler(troupe)
        page = lire(troupe.clients["mandataire"].get(f"/mesures/{reservation.pk}/decliner/"))
        assert f"Votre disponibilité reste de {avant}." in page
        mandat.decliner(par=troupe.gens["mandataire"], mesure=reservation, motif=MotifDeclin.CONFLIT)
        encore = renouveler(troupe)
        services.annuler(par=troupe.gens["magistrat"], mesure=encore, raison="Erreur.")
        assert disponible(troupe.mandataire) == avant
        assert renouveler(troupe).renouvelle == troupe.mesure

    def test_annuler_un_import_garde_ce_qu_un_tribunal_renouvelle(self, troupe):
        fait = ImportMesures.objects.create(mandataire=troupe.mandataire, nombre=2)
        Mesure.objects.filter(pk=troupe.mesure.pk).update(importee_par=fait)
        intacte = MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.metz, importee_par=fait)
        renouveler(troupe)
        effet = annulation.annuler(import_=fait, par=troupe.gens["support"])
        assert (effet.retirees, [m.pk for m in effet.gardees]) == (1, [troupe.mesure.pk])
        assert not Mesure.objects.filter(pk=intacte.pk).exists()


class TestSuitSaMesure:
    def modifier(self, troupe, **faits):
        actuelle = Mesure.objects.get(pk=troupe.mesure.pk)
        return mandat.modifier(par=troupe.gens["mandataire"], mesure=actuelle, version=actuelle.version, faits=faits)

    def test_la_mesure_ne_change_pas_de_tribunal_tant_qu_il_attend(self, troupe):
        renouveler(troupe)
        with pytest.raises(ActeImpossible, match="elle ne peut pas changer de tribunal avant"):
            self.modifier(troupe, tribunal=tribunal("Thionville"))
        assert Mesure.objects.get(pk=troupe.mesure.pk).tribunal == troupe.metz

    def test_il_passe_avec_elle_dans_une_autre_antenne(self, troupe):
        reservation = renouveler(troupe)
        antenne = LieuFactory(mandataire=troupe.mandataire, nom="Antenne de Thionville", commune=commune("Thionville"))
        self.modifier(troupe, lieu=antenne)
        reservation.refresh_from_db()
        assert reservation.lieu == antenne

    def test_rouvrir_la_rend_a_qui_suit_la_mesure(self, troupe):
        """The antenne changed while the mandate was ended."""
        reservation = renouveler(troupe)
        antenne = LieuFactory(mandataire=troupe.mandataire, nom="Antenne de Thionville", commune=commune("Thionville"))
        par = troupe.gens["mandataire"]
        mandat.eteindre(par=par, mesure=troupe.mesure, motif=MotifFin.MAINLEVEE, date_fin=timezone.localdate())
        self.modifier(troupe, lieu=antenne)
        mandat.rouvrir(par=par, mesure=troupe.mesure)
        reservation.refresh_from_db()
        assert (reservation.renouvelle, reservation.lieu) == (troupe.mesure, antenne)

    def test_rouvrir_coute_autant_de_requetes(self, troupe, django_assert_num_queries):
        """Whatever waits at the same court."""
        renouveler(troupe)
        par = troupe.gens["mandataire"]
        mandat.eteindre(par=par, mesure=troupe.mesure, motif=MotifFin.MAINLEVEE, date_fin=timezone.localdate())
        MesureFactory.create_batch(20, mandataire=troupe.mandataire, tribunal=troupe.metz, en_attente=True)
        terminee = Mesure.objects.eteintes().get(pk=troupe.mesure.pk)
        with django_assert_num_queries(2):
            assert renouvellement.a_rattacher(terminee) is not None

    def test_ce_qu_un_tribunal_a_renouvele_ne_se_supprime_pas(self, troupe):
        valider(troupe, renouveler(troupe))
        client, page = troupe.clients["mandataire"], f"/mesures/{troupe.mesure.pk}/"
        assert "Cette mesure a été renouvelée par un tribunal" in lire(client.get(page))
        assert "Supprimer cette mesure" not in lire(client.get(page))
        dit = "Cette mesure a été renouvelée par un tribunal : elle ne peut pas être supprimée."
        assert dit in lire(client.post(f"{page}supprimer/", follow=True))
        with pytest.raises(ActeImpossible, match="a été renouvelée par un tribunal"):
            mandat.supprimer(par=troupe.gens["mandataire"], mesure=troupe.mesure)
        assert Mesure.objects.filter(pk=troupe.mesure.pk).exists()

    def test_juge_apres_le_renouvellement_precedent(self, troupe):
        valider(troupe, renouveler(troupe))
        with pytest.raises(ActeImpossible, match="précède le jugement renouvelé, du 3 février 2026"):
            valider(troupe, renouveler(troupe, numero_rg="26B00777"), date_jugement=datetime.date(2022, 5, 1))

    def test_qui_a_reserve_le_renouvellement_apprend_la_fin(self, troupe):
        valider(troupe, renouveler(troupe))
        Courriel.objects.all().delete()
        mandat.eteindre(
            par=troupe.gens["mandataire"],
            mesure=troupe.mesure,
            motif=MotifFin.MAINLEVEE,
            date_fin=timezone.localdate(),
        )
        assert Courriel.objects.get().destinataire == troupe.gens["magistrat"].email
