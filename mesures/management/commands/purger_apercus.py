"""`manage.py purger_apercus`: once a day, forgets expired previews and the lists of rows left aside by old imports."""

from django.core.management.base import BaseCommand

from mesures.import_excel.services import oublier_restes


class Command(BaseCommand):
    help = "Efface les aperçus d’import de plus de 24 heures et les lignes laissées de côté depuis 30 jours."

    def handle(self, *args, **options):
        self.stdout.write(f"{oublier_restes()} éléments effacés.")
