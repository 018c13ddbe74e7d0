"""`manage.py situer_adresses`: asks the national geocoder for the places still at their commune's point.

For what no profile form located: accounts just validated, antennes entered in the admin, an outage of the geocoder.
Outside any transaction; each better point is written as it comes.
"""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from emjpm.geographie import geocodage
from mandataires import services
from mandataires.models import Lieu

# An address the geocoder does not know is not asked for ever.
RECENT = timedelta(days=7)


class Command(BaseCommand):
    help = "Situe à l’adresse les lieux d’exercice enregistrés depuis 7 jours qui sont encore au point de leur commune."

    def add_arguments(self, parser):
        parser.add_argument("--maximum", type=int, default=500, help="nombre d’adresses demandées par passage")

    def handle(self, *, maximum: int, **options):
        if not settings.GEOCODEUR_ACTIF:
            self.stdout.write("Le géocodeur est éteint (GEOCODEUR_ACTIF) : rien n’est demandé.")
            return
        a_situer = (
            Lieu.objects.filter(
                precision=Lieu.Precision.COMMUNE, commune__isnull=False, modifie_le__gte=timezone.now() - RECENT
            )
            .exclude(adresse="")
            .select_related("commune")
            .order_by("-modifie_le")[:maximum]
        )
        demandees = situees = 0
        for lieu in a_situer:
            demandees += 1
            position = geocodage.situer(lieu.adresse, lieu.code_postal, lieu.commune)
            if position.precision == Lieu.Precision.ADRESSE:
                situees += services.preciser_position(lieu=lieu, par=None, position=position)
        self.stdout.write(f"{situees} lieu(x) situé(s) sur {demandees} adresse(s) demandée(s).")
