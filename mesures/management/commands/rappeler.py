"""Asks the mandataires who changed nothing for 30 days whether all is up to date: once a day (docs/exploitation.md)."""

import logging

from django.core.management.base import BaseCommand, CommandError

from mesures.services import fraicheur

journal = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Demande aux mandataires sans mise à jour depuis 30 jours si leurs informations sont à jour, une fois par mois "
        "au plus. À lancer une fois par jour ; une seconde fois le même jour n’envoie rien de plus."
    )

    def add_arguments(self, parser):
        parser.add_argument("--simuler", action="store_true", help="dit ce qui serait envoyé ; n’écrit rien")

    def handle(self, *, simuler=False, **options):
        mandataires = courriels = echecs = 0
        for pk in fraicheur.mandataires_a_rappeler():
            try:
                rappel = fraicheur.rappeler(mandataire_pk=pk, simuler=simuler)
            except Exception:  # the others are reminded all the same; this one is tried again tomorrow
                journal.exception("rappeler: mandataire %s", pk)
                echecs += 1
                continue
            if rappel is None:
                continue
            mandataires, courriels = mandataires + 1, courriels + rappel.courriels
            if simuler:
                self.stdout.write(f"Mandataire {pk} : {rappel.courriels} courriel(s)")
        suite = " Rien n’a été écrit." if simuler else ""
        self.stdout.write(f"{mandataires} mandataire(s) rappelé(s) : {courriels} courriel(s).{suite}")
        if echecs:
            raise CommandError(f"{echecs} mandataire(s) sans rappel : voir le journal du serveur.")
