"""The demo's people: `peupler_demo`. Deterministic; refused outside the demo settings."""

import random

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from emjpm.support.demo import evolutions
from emjpm.support.demo import mandataires as demo_mandataires
from emjpm.support.demo import mesures as demo_mesures
from emjpm.support.demo.comptes import (
    Comptes,
    lieux_par_mandataire,
    observations_du_tribunal,
    reservations_du_magistrat,
)
from emjpm.support.groupes import installer
from mandataires.models import Mandataire
from mesures.enums import Statut
from mesures.models import Mesure
from tribunaux.models import Tribunal

ETATS = {Statut.EN_COURS: 88, Statut.EN_ATTENTE: 3, Statut.ETEINTE: 9}


class Command(BaseCommand):
    help = "Peuple la démonstration : environ 600 mandataires, 20 000 mesures et les comptes @exemple.fr."

    def add_arguments(self, parser):
        parser.add_argument("--mandataires", type=int, default=600)
        parser.add_argument("--mesures", type=int, default=20_000)
        parser.add_argument("--graine", type=int, default=2026)

    def handle(self, *, mandataires: int, mesures: int, graine: int, **options):
        if not settings.DEMO:
            raise CommandError("peupler_demo ne s’exécute qu’avec les réglages de démonstration.")
        if not Tribunal.objects.exists():
            raise CommandError("Aucun tribunal : lancez d’abord « manage.py charger_referentiel ».")
        if Mandataire.objects.exists():
            self.stdout.write("La démonstration est déjà peuplée : rien n’est changé.")
            return
        with transaction.atomic():
            self.peupler(random.Random(graine), mandataires, mesures)  # noqa: S311

    def peupler(self, hasard: random.Random, nombre: int, nombre_de_mesures: int) -> None:
        installer()
        territoire = demo_mandataires.Territoire.lire()
        comptes = Comptes(hasard)
        nommes = comptes.mandataires()
        fiches = nommes + demo_mandataires.fiches(hasard, nombre, territoire)
        demo_mandataires.ecrire(fiches)
        gens = comptes.tribunal_et_etat()
        lignes = self.mesures(hasard, fiches, territoire, nombre_de_mesures)
        Mesure.objects.bulk_create(lignes, batch_size=2000)
        mandataire = nommes[0].mandataire
        voisins = [f.mandataire for f in fiches[4:] if comptes.metz in f.tribunaux][:2] or [nommes[1].mandataire] * 2
        reservations_du_magistrat(gens["magistrat"], mandataire, voisins)
        observations_du_tribunal(gens["magistrat"], gens["greffier"], [nommes[0].mandataire, nommes[2].mandataire])
        self.historique(nommes)
        self.arrondir(nommes)
        comptes.demandes()
        self.stdout.write(f"{len(fiches)} mandataires, {len(lignes)} mesures, comptes …@exemple.fr créés.")

    def mesures(self, hasard, fiches, territoire, nombre: int) -> list[Mesure]:
        """`nombre` mesures shared out by load; nouveau@ (the fourth) has none."""
        antennes = lieux_par_mandataire([f.mandataire for f in fiches])
        servis = [f for i, f in enumerate(fiches) if i != 3]
        charges = [
            demo_mesures.charge(
                hasard, f.mandataire.capacite, f.mandataire.categorie, f.lieux[0].commune.departement_id
            )
            for f in servis
        ]
        vivante = 1 - ETATS[Statut.ETEINTE] / sum(ETATS.values())
        echelle = nombre * vivante / max(1, sum(charges))
        lignes, rang, maintenant = [], 0, timezone.now()
        for f, charge in zip(servis, charges, strict=True):
            if f.mandataire.capacite:
                f.mandataire.capacite = max(3, round(f.mandataire.capacite * echelle))
            communes = demo_mesures.codes(self.autour(hasard, territoire.par_departement, f))
            for _ in range(round(charge * echelle / vivante)):
                rang += 1
                lignes.append(
                    demo_mesures.mesure(
                        hasard, rang, f.mandataire, statut=demo_mesures.tirer(hasard, ETATS),
                        tribunaux=[t.pk for t in f.tribunaux], communes=communes,
                        lieux=[a.pk for a in antennes.get(f.mandataire.pk, [])], maintenant=maintenant,
                    )
                )  # fmt: skip
        Mandataire.objects.bulk_update([f.mandataire for f in servis], ["capacite"], batch_size=500)
        return lignes

    @staticmethod
    def autour(hasard, par_departement, f):
        """A dozen communes of the département, the mandataire's own four times."""
        siens = par_departement.get(f.lieux[0].commune.departement_id) or [f.lieux[0].commune]
        poids = [c.population for c in siens]
        return [f.lieux[0].commune] * 4 + hasard.choices(siens, poids, k=10)

    @staticmethod
    def arrondir(nommes) -> None:
        """mandataire@ and service@ have a little room, prepose@ is full: the first screens show both."""
        for f, places in zip(nommes[:3], (3, 0, 12), strict=True):
            f.mandataire.capacite = f.mandataire.mesures.vivantes().count() + places
            f.mandataire.save(update_fields=["capacite"])

    @staticmethod
    def historique(nommes) -> None:
        """The named accounts' mesures were typed in a few days after their judgment; what happened since, resources."""
        siens = list(Mesure.objects.filter(mandataire__in=[f.mandataire for f in nommes], statut=Statut.EN_COURS))
        auteurs = {f.mandataire.pk: f.utilisateur for f in nommes}
        lignes = []
        for mesure in siens:
            ligne = journal.evenement(par=auteurs[mesure.mandataire_id], acte="mesure.creer", objet=mesure)
            ligne.le = evolutions.quelques_jours_apres(mesure.date_jugement)
            lignes.append(ligne)
        Evenement.objects.bulk_create(lignes, 2000)
        evolutions.histoires(siens, auteurs)
        evolutions.ressources(siens)
