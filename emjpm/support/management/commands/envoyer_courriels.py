"""Sends the mails of the outbox: `envoyer_courriels`, or `--boucle 10` to keep looking every 10 seconds."""

import signal
import threading

from django.core.mail import get_connection
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from emjpm.commun.courriels import envoyer_prochain
from emjpm.commun.vues import BASE_ABSENTE


class Command(BaseCommand):
    help = "Envoie les courriels en attente, et réessaie plus tard ceux que le serveur a refusés."

    def add_arguments(self, parser):
        parser.add_argument("--boucle", type=int, metavar="SECONDES", help="recommence sans fin, à cet intervalle")
        parser.add_argument("--maximum", type=int, default=500, help="nombre de courriels par passage")

    def handle(self, *, boucle=None, maximum=500, **options):
        fin = threading.Event()
        if boucle:
            for numero in (signal.SIGTERM, signal.SIGINT):
                signal.signal(numero, lambda *_: fin.set())
        while True:
            self.un_passage(maximum, fin)
            if not boucle or fin.wait(boucle):
                return

    def un_passage(self, maximum: int, fin: threading.Event) -> None:
        envoyes = remis = 0
        transport = get_connection()
        try:
            while envoyes + remis < maximum and not fin.is_set():
                resultat = envoyer_prochain(transport)
                if resultat is None:
                    break
                envoyes, remis = envoyes + bool(resultat), remis + (not resultat)
        except BASE_ABSENTE:
            self.stderr.write("Base de données injoignable : nouvel essai au prochain passage.")
        finally:
            transport.close()
            close_old_connections()
        if envoyes or remis:
            self.stdout.write(f"{envoyes} courriel(s) envoyé(s), {remis} remis à plus tard.")
