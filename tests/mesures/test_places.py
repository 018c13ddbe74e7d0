"""Whatever happens, in whatever order: availability = capacity − what takes a place, and a renewal takes none."""

import uuid
from datetime import date, timedelta

from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mandataires.models import Mandataire
from mesures.disponibilite import Disponibilite, avec_disponibilite, charges, disponibilite_de
from mesures.enums import MotifDeclin, MotifFin, Statut
from mesures.models import Mesure
from mesures.services import mandat
from mesures.services import reservation as services
from mesures.services.commun import ActeImpossible
from tests.factories import MandataireFactory, MesureFactory, tribunal, utilisateur_du_tribunal

CAPACITE = 4
ACTES = ["reserver", "renouveler", "valider", "decliner", "annuler", "eteindre", "rouvrir", "supprimer"]
# What each act adds to the places taken; a renewal is looked at apart.
EFFETS = {"reserver": 1, "valider": 0, "decliner": -1, "annuler": -1, "eteindre": -1, "rouvrir": 1, "supprimer": -1}


class Histoire:
    """A mandataire, a court, and what they do to each other's mesures."""

    def __init__(self):
        metz = tribunal("Metz")
        self.mandataire = MandataireFactory(capacite=CAPACITE)
        self.lui, self.juge = self.mandataire.membres.get().utilisateur, utilisateur_du_tribunal(metz)
        self.numero = 0
        for _ in range(2):
            MesureFactory(mandataire=self.mandataire, tribunal=metz)

    def choisir(self, rang: int, *statuts: Statut) -> Mesure | None:
        mesures = list(self.mandataire.mesures.filter(statut__in=statuts).order_by("pk"))
        return mesures[rang % len(mesures)] if mesures else None

    def dispo(self) -> Disponibilite:
        return disponibilite_de(Mandataire.objects.get(pk=self.mandataire.pk))

    def reserver(self, renouvelle: Mesure | None = None) -> None:
        self.numero += 1
        rg = renouvelle.numero_rg if renouvelle and self.numero % 2 else f"26B{self.numero:05d}"
        donnees = {"numero_rg": rg, "civilite": "madame", "nature": "tutelle", "renouvelle": renouvelle}
        figure = None if renouvelle else services.figure(self.dispo())
        services.reserver(
            par=self.juge, mandataire=self.mandataire, donnees=donnees, cle=uuid.uuid4(), confirme_pour=figure
        )

    def faire(self, acte: str, rang: int) -> int | None:
        """Do it to one of the mesures it suits; the places it should take, or None when it had no sense."""
        if acte == "reserver":
            self.reserver()
            return 1
        depart = {"renouveler": [Statut.EN_COURS], "eteindre": [Statut.EN_COURS], "rouvrir": [Statut.ETEINTE]}
        depart["supprimer"] = [Statut.EN_COURS, Statut.ETEINTE]
        mesure = self.choisir(rang, *depart.get(acte, [Statut.EN_ATTENTE]))
        if mesure is None:
            return None
        attendu = self.effet(acte, mesure)
        try:
            self.agir(acte, mesure)
        except ActeImpossible:
            return None
        return attendu

    def effet(self, acte: str, mesure: Mesure) -> int | None:
        relie = mesure.renouvelle_id is not None or mesure.renouvellements.en_attente().exists()
        if acte == "renouveler" or relie:
            return 0  # the renewal, or the mesure it renews, keeps the only place
        if acte == "supprimer" and mesure.statut == Statut.ETEINTE:
            return 0
        if acte == "rouvrir":
            return 1 - int(mandat.renouvellement.a_rattacher(mesure) is not None)
        return EFFETS[acte]

    def agir(self, acte: str, mesure: Mesure) -> None:
        jour = timezone.localdate()
        if acte == "renouveler":
            self.reserver(mesure)
        elif acte == "valider":
            jugement = max(date(2026, 1, 10), (mesure.renouvelle or mesure).date_jugement or date(2026, 1, 10))
            mandat.valider(par=self.lui, mesure=mesure, date_jugement=jugement, lieu_vie="domicile")
        elif acte == "decliner":
            mandat.decliner(par=self.lui, mesure=mesure, motif=MotifDeclin.PLUS_DE_PLACE)
        elif acte == "annuler":
            services.annuler(par=self.juge, mesure=mesure, raison="Erreur.")
        elif acte == "eteindre":
            mandat.eteindre(par=self.lui, mesure=mesure, motif=MotifFin.MAINLEVEE, date_fin=jour)
        elif acte == "rouvrir":
            mandat.rouvrir(par=self.lui, mesure=mesure)
        else:
            mandat.supprimer(par=self.lui, mesure=mesure)


class TestPlaces(TestCase):
    @settings(max_examples=30, deadline=timedelta(seconds=10), suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(ACTES), st.integers(0, 5)), min_size=4, max_size=14))
    def test_aucune_suite_d_actes_ne_fausse_les_places(self, actes):
        histoire = Histoire()
        for acte, rang in actes:
            prises, total = CAPACITE - histoire.dispo().valeur, Mesure.objects.en_cours().count()
            attendu = histoire.faire(acte, rang)
            dispo = histoire.dispo()
            comptees = Mesure.objects.comptees().filter(mandataire=histoire.mandataire)
            assert dispo.valeur == CAPACITE - comptees.count()
            assert CAPACITE - dispo.valeur - prises == (attendu or 0), (acte, rang)
            (annote,) = avec_disponibilite(Mandataire.objects.filter(pk=histoire.mandataire.pk))
            assert annote.disponibilite == dispo.valeur
            assert charges(Mandataire.objects.filter(pk=annote.pk)).get(annote.pk, (0, 0)) == (
                dispo.en_cours,
                dispo.en_attente,
            )
            if acte == "valider" and Mesure.objects.filter(statut=Statut.RENOUVELEE).exists():
                assert Mesure.objects.en_cours().count() <= total + 1
        renouvelees = Mesure.objects.filter(statut=Statut.RENOUVELEE)
        assert not renouvelees.filter(renouvelle=None, valide_le=None).exists()
        numeros = [m.rg_normal for m in Mesure.objects.comptees().filter(mandataire=histoire.mandataire)]
        assert len(numeros) == len(set(numeros))
