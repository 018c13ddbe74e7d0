"""A base of national size: `peupler --mandataires 10000 --mesures-vivantes 1000000 --mesures-eteintes 500000`."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from emjpm.support.demo import volume
from mandataires.models import Mandataire
from tribunaux.models import Tribunal


class Command(BaseCommand):
    help = "Peuple une base de taille nationale, pour la mesurer : mandataires, mesures et comptes @exemple.fr."

    def add_arguments(self, parser):
        parser.add_argument("--mandataires", type=int, default=10_000, help="en tout, les quatre nommés compris")
        parser.add_argument("--mesures-vivantes", type=int, default=1_000_000, help="en cours et en attente")
        parser.add_argument("--mesures-eteintes", type=int, default=500_000)
        parser.add_argument("--graine", type=int, default=1, help="la même graine donne la même base")

    def handle(self, *, mandataires: int, mesures_vivantes: int, mesures_eteintes: int, graine: int, **options):
        if not settings.DEMO:
            raise CommandError("peupler ne s’exécute qu’avec les réglages de démonstration.")
        if mandataires <= volume.NOMMES or min(mesures_vivantes, mesures_eteintes) < 0:
            raise CommandError(f"Demandez plus de {volume.NOMMES} mandataires, et des nombres de mesures positifs.")
        if not Tribunal.objects.exists():
            raise CommandError("Aucun tribunal : lancez d’abord « manage.py charger_referentiel ».")
        if Mandataire.objects.exists():
            raise CommandError("Cette base a déjà des mandataires : rien n’est changé. Prenez une base vide.")
        debut = time.monotonic()
        bilan = volume.peupler(
            mandataires=mandataires,
            vivantes=mesures_vivantes,
            eteintes=mesures_eteintes,
            graine=graine,
            dire=lambda phrase: self.stdout.write(f"  {time.monotonic() - debut:5.0f} s  {phrase}"),
        )
        self.stdout.write(
            f"{bilan.mandataires} mandataires, {bilan.vivantes} mesures vivantes et {bilan.eteintes} éteintes"
            f" en {time.monotonic() - debut:.0f} s."
        )
