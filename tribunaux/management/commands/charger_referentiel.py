"""`manage.py charger_referentiel`: régions, départements, communes, postal codes and courts, in seconds."""

import time

from django.core.management.base import BaseCommand
from django.db import transaction

from emjpm.geographie import chargement as geographie
from tribunaux import chargement as tribunaux


class Command(BaseCommand):
    help = "Charge les régions, départements, communes, codes postaux et tribunaux. Peut être relancée sans risque."

    def handle(self, *args, **options):
        debut = time.monotonic()
        with transaction.atomic():
            lieux = geographie.charger()
            cours = tribunaux.charger()
        self.stdout.write(
            f"{lieux.regions} régions, {lieux.departements} départements et collectivités, "
            f"{lieux.communes} communes ({lieux.communes_nouvelles} nouvelles), {lieux.codes_postaux} codes postaux."
        )
        self.stdout.write(
            f"{cours.ouverts} tribunaux et {cours.anciens} anciens noms de tribunaux ({cours.nouveaux} nouveaux)."
        )
        self.stdout.write(f"Référentiel chargé en {time.monotonic() - debut:.1f} s.")
