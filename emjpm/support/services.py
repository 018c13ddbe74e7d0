"""Writing to the team."""

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from emjpm.commun.courriels import deposer

from .forms import Sujet

MESSAGES_PAR_HEURE = 5


@transaction.atomic
def ecrire_a_l_equipe(*, par, sujet: str, courriel: str, message: str) -> None:
    """Put the message in the outbox, to the support address; « Répondre » answers the person who wrote."""
    connu = par if par.is_authenticated else None
    contexte = {"sujet": Sujet(sujet).label, "courriel": courriel, "message": message, "auteur": connu}
    deposer("contact", settings.COURRIEL_SUPPORT, contexte, repondre_a=courriel)


def trop_de_messages(qui: str) -> bool:
    """Has this person or address already written 5 times within the hour? Counts this time."""
    cle = f"contact:{qui}"
    cache.add(cle, 0, timeout=3600)
    try:
        return cache.incr(cle) > MESSAGES_PAR_HEURE
    except ValueError:  # it expired in between
        return False
