"""Reminds the mandataires of the reservations they have not answered: once a day (docs/exploitation.md)."""

import logging

from django.core.management.base import BaseCommand, CommandError

from mesures.services import rappels

journal = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Rappelle aux mandataires les réservations sans réponse depuis 15 puis 30 jours, et prévient qui a réservé. "
        "À lancer une fois par jour ; une seconde fois le même jour n’envoie rien de plus."
    )

    def add_arguments(self, parser):
        parser.add_argument("--simuler", action="store_true", help="dit ce qui serait envoyé ; n’écrit rien")

    def handle(self, *, simuler=False, **options):
        mesures = courriels = avis = echecs = 0
        for pk in rappels.mandataires_a_relancer():
            try:
                faits = rappels.relancer(mandataire_pk=pk, simuler=simuler)
            except Exception:  # the others are reminded all the same; this one is tried again tomorrow
                journal.exception("relancer: mandataire %s", pk)
                echecs += 1
                continue
            for rappel in faits:
                mesures, courriels, avis = mesures + rappel.mesures, courriels + rappel.courriels, avis + rappel.avis
                if simuler:
                    self.stdout.write(
                        f"Mandataire {pk}, {rappel.jours} jours : {rappel.mesures} réservation(s), "
                        f"{rappel.courriels} courriel(s), {rappel.avis} avis au tribunal"
                    )
        suite = " Rien n’a été écrit." if simuler else ""
        self.stdout.write(
            f"{mesures} réservation(s) rappelée(s) : {courriels} courriel(s), {avis} avis aux tribunaux.{suite}"
        )
        if echecs:
            raise CommandError(f"{echecs} mandataire(s) sans rappel : voir le journal du serveur.")
