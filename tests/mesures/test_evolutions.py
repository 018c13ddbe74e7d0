"""Evolutions: what happened to a mandate, told in the order of the dates, whatever the order of typing."""

import datetime
import itertools
import json

import pytest
from django.utils import timezone

from emjpm.commun.models import Evenement
from mesures.disponibilite import disponibilite_de
from mesures.enums import ECHELLES, MotifFin, Nature
from mesures.models import Evolution, Mesure
from mesures.services import evolutions, mandat
from mesures.services.chaine import plus_legeres, plus_lourdes
from mesures.services.commun import ActeImpossible
from tests import factories
from tests.factories import MesureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
AN = {n: datetime.date(n, 3, 3) for n in (2022, 2023, 2024, 2025)}
DOMICILE = {"lieu_vie": "domicile", "type_etablissement": "", "pays": "FR", "ville": ""}


@pytest.fixture
def lui(troupe):
    return troupe.gens["mandataire"]


@pytest.fixture
def mesure(troupe):
    """A curatelle simple aux biens of 2021, at home in Metz."""
    return MesureFactory(
        mandataire=troupe.mandataire, tribunal=troupe.metz, nature="curatelle_simple", champ="protection_bien"
    )


@pytest.fixture
def noter(lui, mesure):
    def _noter(genre, jour, *, jusqu_au=None, version=None, **faits):
        mesure.refresh_from_db()
        return evolutions.noter(
            par=lui, mesure=mesure, version=version or mesure.version, genre=genre, jour=jour, faits=faits,
            jusqu_au=jusqu_au,
        ).evolution  # fmt: skip

    return _noter


def nature(mesure) -> str:
    mesure.refresh_from_db()
    return mesure.nature


class TestNoter:
    def test_la_mesure_devient_ce_que_dit_l_evolution(self, troupe, mesure, noter):
        type(troupe.mandataire).objects.update(actualise_le=timezone.now() - datetime.timedelta(days=40))
        avant = disponibilite_de(troupe.mandataire).valeur
        evolution = noter("aggravation", AN[2024], nature="tutelle", champ="protection_bien_personne")
        mesure.refresh_from_db()
        assert (mesure.nature, mesure.champ, mesure.version) == ("tutelle", "protection_bien_personne", 2)
        assert mesure.date_jugement == datetime.date(2021, 6, 9)
        assert evolution.changements == {
            "nature": ["curatelle_simple", "tutelle"],
            "champ": ["protection_bien", "protection_bien_personne"],
        }
        (ligne,) = Evenement.objects.sur(mesure)
        assert (ligne.acte, ligne.changements["nature"]) == ("mesure.evoluer", ["curatelle_simple", "tutelle"])
        mandataire = type(troupe.mandataire).objects.get(pk=troupe.mandataire.pk)
        assert disponibilite_de(mandataire).valeur == avant
        assert mandataire.actualise_le > timezone.now() - datetime.timedelta(minutes=1)

    def test_le_champ_laisse_en_blanc_n_efface_rien(self, mesure, noter):
        noter("aggravation", AN[2024], nature="tutelle", champ="")
        mesure.refresh_from_db()
        assert mesure.champ == "protection_bien"

    def test_reconduction(self, mesure, noter):
        fin = datetime.date(2029, 3, 3)
        evolution = noter("reconduction", AN[2024], jusqu_au=fin)
        assert (evolution.jusqu_au, evolution.changements) == (fin, {})

    def test_lieu_de_vie_et_sans_domicile(self, mesure, noter):
        noter("lieu_vie", AN[2024], **DOMICILE | {"lieu_vie": "sdf"}, code_postal="57000", commune=factories.commune())
        mesure.refresh_from_db()
        assert (mesure.lieu_vie, mesure.code_postal, mesure.commune) == ("sdf", "", None)

    @pytest.mark.parametrize(
        ("genre", "jour", "faits", "phrase"),
        [
            ("aggravation", datetime.date(2199, 1, 1), {"nature": "tutelle"}, "est dans le futur"),
            ("aggravation", datetime.date(2021, 6, 8), {"nature": "tutelle"}, "ne peut pas précéder le jugement du 9 juin"),
            ("aggravation", AN[2024], {"nature": "curatelle_simple"}, "Choisissez une nature différente."),
            ("aggravation", AN[2024], {"nature": ""}, "Choisissez une nature différente."),
            ("aggravation", AN[2024], {"nature": "sauvegarde_justice"}, "n’est pas plus protectrice"),
            ("allegement", AN[2024], {"nature": "tutelle"}, "n’est pas plus légère"),
            ("champ", AN[2024], {"champ": "protection_bien"}, "Choisissez un champ différent."),
            ("champ", AN[2024], {"champ": ""}, "Choisissez un champ différent."),
        ],
    )  # fmt: skip
    def test_refus(self, mesure, noter, genre, jour, faits, phrase):
        with pytest.raises(ActeImpossible, match=phrase):
            noter(genre, jour, **faits)
        mesure.refresh_from_db()
        assert (mesure.version, Evolution.objects.count(), Evenement.objects.count()) == (1, 0, 0)

    def test_un_lieu_de_vie_pareil_n_est_pas_une_evolution(self, mesure, noter):
        with pytest.raises(ActeImpossible, match="Rien ne change"):
            noter("lieu_vie", AN[2024], **DOMICILE, code_postal="57000", commune=factories.commune())

    def test_la_nouvelle_fin_suit_la_decision(self, noter):
        for fin, phrase in ((AN[2024], "doit suivre"), (datetime.date(2099, 1, 1), "trop loin")):
            with pytest.raises(ActeImpossible, match=phrase):
                noter("reconduction", AN[2024], jusqu_au=fin)

    def test_seulement_en_cours(self, lui, troupe):
        for etat in ("en_attente", "eteinte"):
            mesure = MesureFactory(mandataire=troupe.mandataire, **{etat: True})
            with pytest.raises(ActeImpossible):
                evolutions.noter(
                    par=lui, mesure=mesure, version=1, genre="reconduction", jour=AN[2024], faits={}
                )  # fmt: skip
        assert not Evolution.objects.exists()

    def test_deux_fois_le_meme_bouton(self, lui, mesure, noter):
        noter("aggravation", AN[2024], nature="tutelle", champ="")
        encore = evolutions.noter(
            par=lui, mesure=mesure, version=1, genre="aggravation", jour=AN[2024], faits={"nature": "tutelle", "champ": ""}
        )  # fmt: skip
        assert not encore.faite
        assert (Evolution.objects.count(), Evenement.objects.count()) == (1, 1)

    def test_une_page_depassee_n_ecrit_rien(self, lui, mesure, noter):
        mandat.modifier(par=lui, mesure=mesure, version=1, faits={"cabinet": "9"})
        with pytest.raises(evolutions.MesureChangee, match="Vous avez modifié cette mesure dans une autre fenêtre à"):
            noter("aggravation", AN[2024], nature="tutelle", version=1)
        assert not Evolution.objects.exists()

    def test_les_echelles(self):
        assert plus_lourdes(Nature.CURATELLE_SIMPLE) == [Nature.CURATELLE_RENFORCEE, Nature.TUTELLE]
        assert plus_legeres(Nature.TUTELLE)[0] == Nature.CURATELLE_RENFORCEE
        assert plus_lourdes(Nature.AD_HOC) == plus_legeres(Nature.AD_HOC) == []
        connues = [n for echelle in ECHELLES for n in echelle]
        assert len(connues) == len(set(connues))


class TestOrdreDesDates:
    """A fact is what the latest evolution by date made it."""

    def test_notee_apres_coup_elle_ne_defait_rien(self, mesure, noter):
        recente = noter("aggravation", AN[2024], nature="tutelle")
        ancienne = noter("aggravation", AN[2022], nature="curatelle_renforcee")
        assert nature(mesure) == "tutelle"
        recente.refresh_from_db()
        assert ancienne.changements["nature"] == ["curatelle_simple", "curatelle_renforcee"]
        assert recente.changements["nature"] == ["curatelle_renforcee", "tutelle"]

    def test_les_faits_que_rien_n_a_change_depuis_suivent(self, mesure, noter):
        noter("aggravation", AN[2024], nature="tutelle")
        noter("champ", AN[2022], champ="protection_personne")
        mesure.refresh_from_db()
        assert (mesure.nature, mesure.champ) == ("tutelle", "protection_personne")

    def test_le_lieu_de_vie_est_un_tout(self, mesure, noter):
        """A type d’établissement of 2022 does not land on somebody without a home since 2024."""
        noter("lieu_vie", AN[2024], **DOMICILE | {"lieu_vie": "sdf"}, code_postal="", commune=None)
        noter(
            "lieu_vie", AN[2022], lieu_vie="etablissement", type_etablissement="hospitalier", pays="FR", ville="",
            code_postal="57100", commune=factories.commune("Thionville"),
        )  # fmt: skip
        mesure.refresh_from_db()
        assert (mesure.lieu_vie, mesure.type_etablissement, mesure.commune) == ("sdf", "", None)
        sdf = mesure.evolutions.get(date=AN[2024])
        assert sdf.changements["commune"] == ["57672", None]

    def test_elle_ne_rend_pas_fausse_la_suivante(self, mesure, noter):
        noter("aggravation", AN[2024], nature="curatelle_renforcee")
        with pytest.raises(ActeImpossible, match="L’aggravation du 3 mars 2024 ne tiendrait plus"):
            noter("aggravation", AN[2022], nature="tutelle")
        assert Evolution.objects.count() == 1
        assert nature(mesure) == "curatelle_renforcee"

    def test_toutes_les_saisies_menent_au_meme_present(self, troupe, lui):
        """Three evolutions, six orders of typing: the same mesure, the same history."""
        suite = [
            ("aggravation", AN[2022], {"nature": "curatelle_renforcee"}),
            ("champ", AN[2023], {"champ": "protection_personne"}),
            ("lieu_vie", AN[2024], {**DOMICILE, "code_postal": "57100", "commune": factories.commune("Thionville")}),
        ]
        issues = set()
        for ordre in itertools.permutations(suite):
            m = MesureFactory(mandataire=troupe.mandataire, nature="curatelle_simple", champ="protection_bien")
            for genre, jour, faits in ordre:
                m.refresh_from_db()
                evolutions.noter(par=lui, mesure=m, version=m.version, genre=genre, jour=jour, faits=faits)
            m.refresh_from_db()
            histoire = json.dumps([e.changements for e in m.evolutions.all()], sort_keys=True)
            issues.add((m.nature, m.champ, m.commune_id, histoire))
        assert len(issues) == 1


class TestCorriger:
    def corriger(self, lui, evolution, jour=None, jusqu_au=None, **faits):
        evolution.refresh_from_db()
        version = Mesure.objects.get(pk=evolution.mesure_id).version
        return evolutions.corriger(
            par=lui, evolution=evolution, version=version, jour=jour or evolution.date, jusqu_au=jusqu_au, faits=faits
        )

    def test_la_valeur(self, lui, mesure, noter):
        evolution = noter("aggravation", AN[2024], nature="tutelle")
        self.corriger(lui, evolution, nature="curatelle_renforcee")
        assert nature(mesure) == "curatelle_renforcee"
        evolution.refresh_from_db()
        assert evolution.changements["nature"] == ["curatelle_simple", "curatelle_renforcee"]
        assert Evenement.objects.filter(acte="mesure.corriger_evolution").get().changements["nature"] == [
            "tutelle",
            "curatelle_renforcee",
        ]

    def test_la_date_change_l_ordre(self, lui, mesure, noter):
        noter("aggravation", AN[2023], nature="tutelle")
        allegement = noter("allegement", AN[2024], nature="curatelle_renforcee")
        assert nature(mesure) == "curatelle_renforcee"
        with pytest.raises(ActeImpossible):  # before the aggravation there is nothing to make lighter
            self.corriger(lui, allegement, jour=AN[2022], nature="curatelle_renforcee")
        self.corriger(lui, allegement, jour=AN[2025], nature="curatelle_renforcee")
        assert nature(mesure) == "curatelle_renforcee"
        assert mesure.evolutions.last() == allegement

    def test_champ_deplace_avant_un_autre(self, lui, mesure, noter):
        noter("champ", AN[2023], champ="protection_personne")
        second = noter("champ", AN[2024], champ="protection_bien_personne")
        self.corriger(lui, second, jour=AN[2022], champ="protection_bien_personne")
        mesure.refresh_from_db()
        assert mesure.champ == "protection_personne"
        assert [e.changements["champ"] for e in mesure.evolutions.all()] == [
            ["protection_bien", "protection_bien_personne"],
            ["protection_bien_personne", "protection_personne"],
        ]

    def test_ce_qui_fut_corrige_a_la_main_reste_et_se_dit(self, lui, mesure, noter):
        evolution = noter("champ", AN[2023], champ="protection_personne")
        mesure.refresh_from_db()
        mandat.modifier(par=lui, mesure=mesure, version=2, faits={"champ": "protection_bien_personne"})
        note = self.corriger(lui, evolution, jour=AN[2024], champ="protection_personne")
        mesure.refresh_from_db()
        assert mesure.champ == "protection_bien_personne"
        assert note.restes == ["Le champ reste : il a été corrigé depuis."]

    def test_rien_n_a_change_n_ecrit_rien(self, lui, mesure, noter):
        evolution = noter("aggravation", AN[2024], nature="tutelle")
        assert not self.corriger(lui, evolution, nature="tutelle").faite
        mesure.refresh_from_db()
        assert (mesure.version, Evenement.objects.count()) == (2, 1)

    def test_apres_la_fin_aussi_jusqu_a_elle(self, lui, mesure, noter):
        evolution = noter("aggravation", AN[2024], nature="tutelle")
        mandat.eteindre(par=lui, mesure=mesure, motif=MotifFin.DECES, date_fin=AN[2025])
        self.corriger(lui, evolution, jour=AN[2023], nature="tutelle")
        with pytest.raises(ActeImpossible, match="Le mandat a pris fin le 3 mars 2025"):
            self.corriger(lui, evolution, jour=datetime.date(2025, 3, 4), nature="tutelle")


class TestRetirer:
    def retirer(self, lui, evolution):
        version = Mesure.objects.get(pk=evolution.mesure_id).version
        return evolutions.retirer(par=lui, evolution=evolution, version=version)

    def test_les_faits_reviennent(self, lui, mesure, noter):
        evolution = noter("aggravation", AN[2024], nature="tutelle", champ="protection_bien_personne")
        assert self.retirer(lui, evolution).restes == []
        mesure.refresh_from_db()
        assert (mesure.nature, mesure.champ) == ("curatelle_simple", "protection_bien")
        assert not Evolution.objects.exists()

    def test_pas_si_une_autre_les_a_changes_depuis(self, lui, mesure, noter):
        premiere = noter("aggravation", AN[2022], nature="curatelle_renforcee")
        seconde = noter("aggravation", AN[2024], nature="tutelle")
        assert self.retirer(lui, premiere).restes == [
            "La nature reste : l’aggravation du 3 mars 2024 l’a changée depuis."
        ]
        assert nature(mesure) == "tutelle"
        seconde.refresh_from_db()
        assert seconde.changements["nature"] == ["curatelle_simple", "tutelle"]

    def test_pas_si_on_les_a_corriges_depuis(self, lui, mesure, noter):
        evolution = noter("aggravation", AN[2022], nature="curatelle_renforcee")
        mandat.modifier(par=lui, mesure=mesure, version=2, faits={"nature": "tutelle"})
        assert self.retirer(lui, evolution).restes == ["La nature reste : elle a été corrigée depuis."]
        assert nature(mesure) == "tutelle"

    def test_pas_celle_dont_part_une_autre(self, lui, mesure, noter):
        aggravation = noter("aggravation", AN[2022], nature="tutelle")
        noter("allegement", AN[2024], nature="curatelle_renforcee")
        with pytest.raises(ActeImpossible, match="L’allègement du 3 mars 2024 ne tiendrait plus"):
            self.retirer(lui, aggravation)
        assert nature(mesure) == "curatelle_renforcee"
        assert Evolution.objects.count() == 2

    def test_jamais_le_renouvellement_d_un_tribunal(self, troupe, lui, mesure):
        reservation = MesureFactory(
            mandataire=troupe.mandataire, en_attente=True, numero_rg=mesure.numero_rg, renouvelle=mesure
        )
        mandat.valider(par=lui, mesure=reservation, date_jugement=AN[2024])
        evolution = mesure.evolutions.get()
        with pytest.raises(ActeImpossible, match="il ne se retire pas"):
            self.retirer(lui, evolution)
        evolutions.corriger(
            par=lui, evolution=evolution, version=2, jour=AN[2025], faits={}, jusqu_au=datetime.date(2030, 1, 1)
        )
        reservation.refresh_from_db()
        mesure.refresh_from_db()
        assert (reservation.date_jugement, mesure.nature) == (AN[2025], "tutelle")


def test_un_renouvellement_date_avant_une_evolution_ne_la_defait_pas(troupe, lui, mesure, noter):
    noter("aggravation", AN[2025], nature="tutelle")
    reservation = MesureFactory(
        mandataire=troupe.mandataire, en_attente=True, nature="curatelle_renforcee", numero_rg=mesure.numero_rg,
        renouvelle=mesure,
    )  # fmt: skip
    mandat.valider(par=lui, mesure=reservation, date_jugement=AN[2024])
    assert nature(mesure) == "tutelle"
    assert [e.changements["nature"] for e in mesure.evolutions.all()] == [
        ["curatelle_simple", "curatelle_renforcee"],
        ["curatelle_renforcee", "tutelle"],
    ]


def test_ni_fin_ni_jugement_ne_contredisent_une_evolution(lui, mesure, noter):
    noter("aggravation", AN[2024], nature="tutelle")
    with pytest.raises(ActeImpossible, match="Le 3 mars 2023 précède l’aggravation du 3 mars 2024"):
        mandat.eteindre(par=lui, mesure=mesure, motif=MotifFin.DECES, date_fin=AN[2023])
    with pytest.raises(ActeImpossible, match="Le 3 mars 2025 suit l’aggravation du 3 mars 2024"):
        mandat.modifier(par=lui, mesure=mesure, version=2, faits={"date_jugement": AN[2025]})
