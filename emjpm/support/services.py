"""Writing to the team."""

import time

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from emjpm.commun.courriels import deposer

from .forms import Sujet

MESSAGES_PAR_HEURE = 5
HEURE = 3600  # seconds


@transaction.atomic
def ecrire_a_l_equipe(*, par, sujet: str, courriel: str, message: str) -> None:
    """Put the message in the outbox, to the support address; « Répondre » answers the person who wrote."""
    connu = par if par.is_authenticated else None
    contexte = {"sujet": Sujet(sujet).label, "courriel": courriel, "message": message, "auteur": connu}
    deposer("contact", settings.COURRIEL_SUPPORT, contexte, repondre_a=courriel)


def trop_de_messages(qui: str) -> bool:
    """Has this person or address already written 5 times within the hour? Counts this time."""
    cle, maintenant = f"contact:{qui}", time.time()
    # Instants, not a counter: the database cache forgets the delay of what it increments.
    instants = [i for i in cache.get(cle, []) if i > maintenant - HEURE]
    cache.set(cle, [*instants, maintenant][-MESSAGES_PAR_HEURE - 1 :], timeout=HEURE)
    return len(instants) >= MESSAGES_PAR_HEURE
