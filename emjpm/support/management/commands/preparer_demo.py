"""Everything `make run` needs before the first page, and nothing twice."""

import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from mandataires.models import Mandataire
from tribunaux.models import Tribunal


class Command(BaseCommand):
    help = "Migre la base, charge les communes et les tribunaux, et peuple la démonstration si elle est vide."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("preparer_demo ne s’exécute qu’avec les réglages de démonstration.")
        debut = time.monotonic()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if not Tribunal.objects.exists():
            self.stdout.write("Chargement des communes et des tribunaux…")
            call_command("charger_referentiel", stdout=self.stdout)
        if not Mandataire.objects.exists():
            self.stdout.write("Création des mandataires et des mesures de démonstration…")
            call_command("peupler_demo", stdout=self.stdout)
        self.stdout.write(f"Base prête en {time.monotonic() - debut:.0f} s.")
