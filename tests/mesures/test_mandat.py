"""The acts of a mandataire: each statut × each act, what is written beside, what courts are told."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from mesures import droits
from mesures.disponibilite import disponibilite_de
from mesures.enums import TRANSITIONS, MotifDeclin, MotifFin, Nature, Statut
from mesures.models import Mesure
from mesures.services import mandat
from mesures.services.commun import ActeImpossible, NumeroDejaPris, passer
from tests import factories
from tests.factories import MesureFactory, tribunal

HIER = date(2026, 1, 10)
pytestmark = pytest.mark.django_db


def mesure_en(statut: str, **champs) -> Mesure:
    """A mesure in any statut."""
    plus = {
        Statut.EN_ATTENTE: {"en_attente": True},
        Statut.EN_COURS: {},
        Statut.ETEINTE: {"eteinte": True},
        Statut.DECLINEE: {"en_attente": True, "statut": Statut.DECLINEE, "clos_le": timezone.now()},
        Statut.ANNULEE: {"en_attente": True, "statut": Statut.ANNULEE, "clos_le": timezone.now()},
        Statut.RENOUVELEE: {"en_attente": True, "statut": Statut.RENOUVELEE, "clos_le": timezone.now()},
    }[Statut(statut)]
    return MesureFactory(**(plus | champs))


def faire(acte: str, mesure: Mesure, par):
    """The mandataire's act with plain good answers."""
    if acte == "valider":
        return mandat.valider(par=par, mesure=mesure, date_jugement=HIER, lieu_vie="domicile")
    if acte == "decliner":
        return mandat.decliner(par=par, mesure=mesure, motif=MotifDeclin.TROP_ELOIGNE)
    if acte == "eteindre":
        return mandat.eteindre(par=par, mesure=mesure, motif=MotifFin.DECES, date_fin=timezone.localdate())
    if acte == "rouvrir":
        return mandat.rouvrir(par=par, mesure=mesure)
    raise AssertionError(acte)


def disponible(mandataire) -> int | None:
    return disponibilite_de(type(mandataire).objects.get(pk=mandataire.pk)).valeur


@pytest.mark.parametrize("acte", ["valider", "decliner", "eteindre", "rouvrir"])
@pytest.mark.parametrize("statut", Statut.values)
def test_chaque_acte_depuis_chaque_etat(troupe, acte, statut):
    mesure = mesure_en(statut, mandataire=troupe.mandataire, tribunal=troupe.metz)
    par = troupe.gens["mandataire"]
    depart, arrivee = TRANSITIONS[acte]
    if statut != depart:
        with pytest.raises(ActeImpossible) as refus:
            faire(acte, mesure, par)
        assert str(refus.value).endswith(".")
        mesure.refresh_from_db()
        assert (mesure.statut, mesure.version) == (statut, 1)
        assert not Evenement.objects.sur(mesure).exists()
        return
    faire(acte, mesure, par)
    mesure.refresh_from_db()
    assert (mesure.statut, mesure.version) == (arrivee, 2)
    ligne = Evenement.objects.sur(mesure).get()
    assert (ligne.acte, ligne.par, ligne.role) == (f"mesure.{acte}", par, "individuel")
    assert ligne.changements["statut"] == [depart, arrivee]


@pytest.mark.parametrize("acte", sorted(TRANSITIONS))
@pytest.mark.parametrize("statut", Statut.values)
def test_la_table_seule_fait_passer(troupe, acte, statut):
    mesure = mesure_en(statut, mandataire=troupe.mandataire)
    depart, arrivee = TRANSITIONS[acte]
    if statut == depart:
        passer(mesure, acte)
        assert mesure.statut == arrivee
    else:
        with pytest.raises(ActeImpossible):
            passer(mesure, acte)


@pytest.mark.parametrize(("acte", "ecart"), [("valider", 0), ("decliner", 1), ("eteindre", 1), ("rouvrir", -1)])
def test_la_disponibilite_suit_sa_definition(troupe, acte, ecart):
    mesure = mesure_en(TRANSITIONS[acte][0], mandataire=troupe.mandataire)
    avant = disponible(troupe.mandataire)
    faire(acte, mesure, troupe.gens["mandataire"])
    vivantes = Mesure.objects.filter(mandataire=troupe.mandataire, statut__in=["en_attente", "en_cours"]).count()
    assert disponible(troupe.mandataire) == avant + ecart == troupe.mandataire.capacite - vivantes


def test_ce_qui_s_est_passe_entre_temps_est_dit(troupe):
    collegue = factories.UtilisateurFactory(role="service", prenom="Odile", nom="Montfiction")
    troupe.service.membres.create(utilisateur=collegue)
    mesure = mesure_en(Statut.EN_ATTENTE, mandataire=troupe.service)
    faire("valider", mesure, collegue)
    with pytest.raises(ActeImpossible, match=r"^Odile Montfiction a validé cette mesure à \d+\sh\s\d\d\.$"):
        faire("valider", mesure, troupe.gens["service"])
    faire("eteindre", mesure, collegue)
    with pytest.raises(ActeImpossible, match="Ce mandat est déjà terminé depuis le"):
        faire("eteindre", mesure, troupe.gens["service"])


class TestCreer:
    FAITS = {"nature": Nature.TUTELLE, "date_jugement": HIER, "civilite": "madame", "lieu_vie": "domicile"}

    def creer(self, troupe, cle=None, **faits):
        faits = {"tribunal": troupe.metz, **self.FAITS, **faits}
        mandataire = troupe.mandataire
        return mandat.creer(par=troupe.gens["mandataire"], mandataire=mandataire, faits=faits, cle=cle)

    def test_prend_une_place_et_rafraichit(self, troupe):
        type(troupe.mandataire).objects.update(actualise_le=timezone.now() - timedelta(days=40))
        avant = disponible(troupe.mandataire)
        mesure = self.creer(troupe, numero_rg="RG 21/B/00999").mesure
        assert disponible(troupe.mandataire) == avant - 1
        assert (mesure.statut, mesure.rg_normal, mesure.numero_rg) == ("en_cours", "21B00999", "RG 21/B/00999")
        troupe.mandataire.refresh_from_db()
        assert timezone.now() - troupe.mandataire.actualise_le < timedelta(minutes=1)
        assert Evenement.objects.sur(mesure).get().changements["numero_rg"] == ["", "RG 21/B/00999"]

    def test_deux_fois_la_meme_cle_n_en_cree_qu_une(self, troupe):
        cle = uuid.uuid4()
        premiere, seconde = self.creer(troupe, cle=cle), self.creer(troupe, cle=cle)
        assert premiere.nouvelle
        assert not seconde.nouvelle
        assert premiere.mesure == seconde.mesure

    def test_la_cle_d_un_voisin_ne_donne_rien_de_lui(self, troupe):
        cle = uuid.uuid4()
        MesureFactory(mandataire=troupe.voisin, cle_reservation=cle)
        creation = self.creer(troupe, cle=cle)
        assert creation.nouvelle
        assert creation.mesure.mandataire == troupe.mandataire

    def test_numero_deja_pris(self, troupe):
        with pytest.raises(NumeroDejaPris) as refus:
            self.creer(troupe, numero_rg="21 b 00167")
        assert str(refus.value) == (
            "Ce numéro RG est déjà celui d’une mesure en cours au TJ de Metz. "
            "Vérifiez le numéro, ou ouvrez la mesure 21B00167."
        )
        assert refus.value.mesure == troupe.mesure

    def test_le_meme_numero_ailleurs_ou_eteint_ne_gene_pas(self, troupe):
        assert self.creer(troupe, tribunal=troupe.thionville, numero_rg="21B00167").nouvelle
        faire("eteindre", troupe.mesure, troupe.gens["mandataire"])
        assert self.creer(troupe, numero_rg="21B00167").nouvelle

    def test_la_course_de_deux_creations_finit_par_la_meme_phrase(self, troupe, monkeypatch):
        """The check passes, then the database refuses: what two requests at once would see."""
        monkeypatch.setattr("mesures.services.commun.refuser_doublon", lambda mesure: None)
        with pytest.raises(NumeroDejaPris, match="ouvrez la mesure 21B00167"), transaction.atomic():
            self.creer(troupe, numero_rg="21B00167")
        assert Mesure.objects.filter(mandataire=troupe.mandataire, rg_normal="21B00167").count() == 1

    @pytest.mark.parametrize("champ", ["statut", "mandataire", "reserve_par", "reserve_le", "importee_par"])
    def test_rien_d_autre_que_des_faits(self, troupe, champ):
        with pytest.raises(ValueError, match=champ):
            self.creer(troupe, **{champ: "x"})

    def test_l_antenne_d_un_autre_est_refusee(self, troupe):
        with pytest.raises(ActeImpossible, match="antenne"):
            self.creer(troupe, lieu=troupe.voisin.lieux.get())

    @pytest.mark.parametrize("faits", [{"lieu_vie": "sdf"}, {"nature": Nature.AD_HOC}])
    def test_sans_adresse(self, troupe, faits):
        mesure = self.creer(troupe, code_postal="57000", commune=factories.commune("Metz"), **faits).mesure
        assert (mesure.code_postal, mesure.commune, mesure.pays) == ("", None, "")


class TestModifier:
    def test_ecrit_avant_et_apres(self, troupe):
        par = troupe.gens["mandataire"]
        apres = mandat.modifier(par=par, mesure=troupe.mesure, version=1, faits={"annee_naissance": 1950})
        assert (apres.annee_naissance, apres.version) == (1950, 2)
        assert Evenement.objects.sur(apres).get().changements == {"annee_naissance": [1947, 1950]}

    def test_rien_a_changer_n_ecrit_rien(self, troupe):
        par = troupe.gens["mandataire"]
        apres = mandat.modifier(par=par, mesure=troupe.mesure, version=1, faits={"annee_naissance": 1947})
        assert apres.version == 1
        assert not Evenement.objects.sur(apres).exists()

    def test_deux_personnes_a_la_fois(self, troupe):
        par = troupe.gens["mandataire"]
        mandat.modifier(par=par, mesure=troupe.mesure, version=1, faits={"cabinet": "2"})
        with pytest.raises(mandat.ConflitDeVersion) as conflit:
            mandat.modifier(par=par, mesure=troupe.mesure, version=1, faits={"cabinet": "3"})
        assert conflit.value.actuelle.cabinet == "2"
        assert conflit.value.saisie == {"cabinet": "3"}
        assert mandat.modifier(par=par, mesure=troupe.mesure, version=1, faits={"cabinet": "2"}).version == 2

    def test_le_numero_d_une_autre(self, troupe):
        autre = MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.metz, numero_rg="22A00001")
        with pytest.raises(NumeroDejaPris):
            mandat.modifier(
                par=troupe.gens["mandataire"], mesure=autre, version=1, faits={"numero_rg": "RG 21/B/00167"}
            )

    @pytest.mark.parametrize("statut", ["en_attente", "declinee", "annulee"])
    def test_une_reservation_ne_se_corrige_pas(self, troupe, statut):
        mesure = mesure_en(statut, mandataire=troupe.mandataire)
        with pytest.raises(ActeImpossible):
            mandat.modifier(par=troupe.gens["mandataire"], mesure=mesure, version=1, faits={"cabinet": "9"})


class TestValider:
    def test_garde_tout_ce_que_le_tribunal_a_saisi(self, troupe):
        juge = troupe.gens["magistrat"]
        mesure = mesure_en(
            Statut.EN_ATTENTE,
            mandataire=troupe.mandataire,
            reserve_par=juge,
            cabinet="4",
            message="Loyer à régler",
            urgence=True,
        )
        gardes = ("numero_rg", "cabinet", "message", "urgence", "nature", "civilite", "annee_naissance", "code_postal")
        avant = {c: getattr(mesure, c) for c in gardes}
        faire("valider", mesure, troupe.gens["mandataire"])
        mesure.refresh_from_db()
        assert {c: getattr(mesure, c) for c in gardes} == avant
        assert (mesure.reserve_par, mesure.date_jugement, mesure.lieu_vie) == (juge, HIER, "domicile")
        assert mesure.valide_le is not None
        courriel = Courriel.objects.get()
        assert courriel.destinataire == juge.email
        assert f"/mesures/{mesure.pk}/" in courriel.texte

    def test_date_future(self, troupe):
        demain = timezone.localdate() + timedelta(days=1)
        with pytest.raises(ActeImpossible, match="est dans le futur"):
            mandat.valider(
                par=troupe.gens["mandataire"], mesure=troupe.reservee, date_jugement=demain, lieu_vie="domicile"
            )


class TestDecliner:
    def test_le_juge_lit_la_raison(self, troupe):
        juge = troupe.gens["greffier"]
        mesure = mesure_en(Statut.EN_ATTENTE, mandataire=troupe.mandataire, reserve_par=juge)
        mandat.decliner(par=troupe.gens["mandataire"], mesure=mesure, motif=MotifDeclin.AUTRE, precision="Déménagement")
        courriel = Courriel.objects.get(destinataire=juge.email)
        assert "autre raison" in courriel.texte
        assert "Déménagement" in courriel.texte

    @pytest.mark.parametrize(
        ("motif", "precision", "phrase"),
        [
            (MotifDeclin.AUTRE, " ", "Précisez la raison"),
            (MotifDeclin.ABSENCE, "Je connais Mme Durand", "contenir un nom"),
            ("inventé", "", "Choisissez une raison"),
        ],
    )
    def test_refus(self, troupe, motif, precision, phrase):
        with pytest.raises(ActeImpossible, match=phrase):
            mandat.decliner(par=troupe.gens["mandataire"], mesure=troupe.reservee, motif=motif, precision=precision)
        assert not Courriel.objects.exists()

    def test_un_juge_suspendu_n_est_plus_prevenu_le_greffe_l_est(self, troupe):
        juge = troupe.gens["magistrat"]
        mesure = mesure_en(Statut.EN_ATTENTE, mandataire=troupe.mandataire, reserve_par=juge)
        type(juge).objects.filter(pk=juge.pk).update(statut="suspendu")
        faire("decliner", mesure, troupe.gens["mandataire"])
        assert list(Courriel.objects.values_list("destinataire", flat=True)) == [troupe.gens["greffier"].email]

    def test_un_juge_parti_d_un_autre_cote_ne_lit_plus_rien_de_ce_tribunal(self, troupe):
        juge = troupe.gens["magistrat"]
        mesure = mesure_en(Statut.EN_ATTENTE, mandataire=troupe.mandataire, reserve_par=juge)
        juge.membre_tribunal.tribunal = tribunal("Thionville")
        juge.membre_tribunal.save()
        faire("valider", mesure, troupe.gens["mandataire"])
        assert list(Courriel.objects.values_list("destinataire", flat=True)) == [troupe.gens["greffier"].email]


class TestEteindreRouvrir:
    @pytest.mark.parametrize(
        ("jour", "phrase"),
        [
            (date(2021, 5, 3), "Le 3 mai 2021 précède le jugement du 9 juin 2021."),
            (date(2199, 1, 4), "Le 4 janvier 2199 est dans le futur. Écrivez une date jusqu’au"),
        ],
    )
    def test_date_de_fin(self, troupe, jour, phrase):
        with pytest.raises(ActeImpossible) as refus:
            mandat.eteindre(par=troupe.gens["mandataire"], mesure=troupe.mesure, motif=MotifFin.DECES, date_fin=jour)
        assert str(refus.value).replace("\xa0", " ").startswith(phrase)

    def test_rouvrir_rend_la_place_et_oublie_la_fin(self, troupe):
        par = troupe.gens["mandataire"]
        faire("eteindre", troupe.mesure, par)
        mesure = mandat.rouvrir(par=par, mesure=troupe.mesure)
        assert (mesure.date_fin, mesure.motif_fin) == (None, "")

    def test_rouvrir_quand_le_numero_a_ete_repris(self, troupe):
        par = troupe.gens["mandataire"]
        faire("eteindre", troupe.mesure, par)
        MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.metz, numero_rg="21B00167")
        with pytest.raises(NumeroDejaPris):
            mandat.rouvrir(par=par, mesure=troupe.mesure)
        troupe.mesure.refresh_from_db()
        assert troupe.mesure.statut == "eteinte"


class TestSupprimer:
    def test_la_ligne_part_le_journal_la_garde(self, troupe):
        pk = troupe.mesure.pk
        mandat.supprimer(par=troupe.gens["mandataire"], mesure=troupe.mesure)
        assert not Mesure.objects.filter(pk=pk).exists()
        ligne = Evenement.objects.get(objet_id=str(pk), acte="mesure.supprimer")
        assert ligne.changements["numero_rg"] == ["21B00167", None]

    @pytest.mark.parametrize("statut", Statut.values)
    def test_jamais_ce_qu_un_tribunal_a_reserve(self, troupe, statut):
        mesure = mesure_en(statut, mandataire=troupe.mandataire, reserve_le=timezone.now())
        with pytest.raises(ActeImpossible, match="réservée par un tribunal"):
            mandat.supprimer(par=troupe.gens["mandataire"], mesure=mesure)
        assert Mesure.objects.filter(pk=mesure.pk).exists()
        assert not droits.peut_supprimer(troupe.gens["mandataire"], mesure)


def test_un_membre_limite_a_une_antenne_y_reste(troupe):
    antenne = factories.LieuFactory(mandataire=troupe.service, nom="Thionville")
    limite = factories.UtilisateurFactory(role="service")
    troupe.service.membres.create(utilisateur=limite, lieu=antenne)
    faits = {**TestCreer.FAITS, "tribunal": troupe.metz, "lieu": troupe.service.lieux.first()}
    mesure = mandat.creer(par=limite, mandataire=troupe.service, faits=faits).mesure
    assert mesure.lieu == antenne


def test_un_echec_n_ecrit_rien_a_moitie(troupe, monkeypatch):
    """The mail cannot be written: the act, the journal and the freshness go back with it."""
    mesure = mesure_en(Statut.EN_ATTENTE, mandataire=troupe.mandataire, reserve_par=troupe.gens["magistrat"])
    monkeypatch.setattr("mesures.services.commun.deposer", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        faire("valider", mesure, troupe.gens["mandataire"])
    mesure.refresh_from_db()
    assert mesure.statut == "en_attente"
    assert not Evenement.objects.sur(mesure).exists()
