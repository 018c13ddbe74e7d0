"""First start and every upgrade of a real site: `manage.py installer`. Safe to run again."""

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migre la base, crée la table du cache, charge le référentiel et installe les droits du support."

    def handle(self, **options):
        for commande in ("migrate", "createcachetable", "charger_referentiel", "installer_groupes"):
            self.stdout.write(f"— {commande}")
            call_command(commande, stdout=self.stdout)
