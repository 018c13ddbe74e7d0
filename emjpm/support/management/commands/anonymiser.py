"""`manage.py anonymiser`: says which mesures it would anonymise; `--ecrire` does it."""

from django.core.management.base import BaseCommand

from emjpm.support import anonymisation


class Command(BaseCommand):
    help = "Anonymise les mesures éteintes, déclinées ou annulées depuis plus de 5 ans. Sans --ecrire, dit lesquelles."

    def add_arguments(self, parser):
        parser.add_argument("--ecrire", action="store_true", help="efface vraiment ; sans retour possible")

    def handle(self, *, ecrire: bool, **options):
        if ecrire:
            self.stdout.write(f"{anonymisation.anonymiser()} mesure(s) anonymisée(s).")
            return
        prevues = anonymisation.prevision()
        for annee, nombre in prevues.items():
            self.stdout.write(f"finies en {annee} : {nombre}")
        self.stdout.write(f"{sum(prevues.values())} mesure(s) à anonymiser. Rien n’est écrit : ajoutez --ecrire.")
