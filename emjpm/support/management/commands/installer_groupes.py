from django.core.management.base import BaseCommand

from emjpm.support.groupes import installer


class Command(BaseCommand):
    help = "Installe les droits du groupe « Support » (emjpm/support/groupes.py)."

    def handle(self, **options):
        groupe = installer()
        self.stdout.write(f"Groupe « {groupe} » : {groupe.permissions.count()} permissions.")
