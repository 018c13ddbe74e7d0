"""`manage.py charger_referentiel`: régions, départements, communes, postal codes and courts, in seconds."""

import time

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from emjpm.geographie import chargement as geographie
from emjpm.geographie.models import Commune
from tribunaux import chargement as tribunaux
from tribunaux.models import Tribunal


class Command(BaseCommand):
    help = "Charge les régions, départements, communes, codes postaux et tribunaux. Peut être relancée sans risque."

    def handle(self, *args, **options):
        debut = time.monotonic()
        with transaction.atomic():
            lieux = geographie.charger()
            cours = tribunaux.charger()
            _denombrer()
        self.stdout.write(
            f"{lieux.regions} régions, {lieux.departements} départements et collectivités, "
            f"{lieux.communes} communes ({lieux.communes_nouvelles} nouvelles), {lieux.codes_postaux} codes postaux."
        )
        self.stdout.write(
            f"{cours.ouverts} tribunaux et {cours.anciens} anciens noms de tribunaux ({cours.nouveaux} nouveaux)."
        )
        self.stdout.write(f"Référentiel chargé en {time.monotonic() - debut:.1f} s.")


def _denombrer() -> None:
    """Tell the planner what was loaded: on PostgreSQL the first queries would else take seconds, until autovacuum."""
    with connection.cursor() as curseur:
        for table in (Commune._meta.db_table, Commune.codes_postaux.through._meta.db_table, Tribunal._meta.db_table):
            curseur.execute(f"ANALYZE {connection.ops.quote_name(table)}")
