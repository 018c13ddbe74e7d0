from django.core.management.base import BaseCommand

from emjpm.support.menage import REGLES


class Command(BaseCommand):
    help = "Efface ce qui a passé sa durée de conservation : à lancer une fois par jour."

    def handle(self, **options):
        for quoi, regle in REGLES.items():
            self.stdout.write(f"{quoi} : {regle()}")
