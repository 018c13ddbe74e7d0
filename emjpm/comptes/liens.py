"""Links of mails that stop a kind of mail: signed, tied to one person, of no other use.

They never expire: a mail read late must still let its reader go. Opening one shows a button; only a POST acts, since
mail gateways open links before people do. The POST may come from the mail program itself (RFC 8058): it has neither
session nor CSRF token, the signature is the proof.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from .models import Utilisateur
from .services import AVIS

_SEL = "emjpm.comptes.desabonnement"


def desabonnement(utilisateur: Utilisateur, avis: str) -> str:
    """The address to write in a mail to this person; `avis`: a key of services.AVIS."""
    jeton = signing.dumps([utilisateur.pk, avis], salt=_SEL)
    return f"{settings.URL_SITE}{reverse('ne_plus_recevoir', args=[jeton])}"


def lire_desabonnement(jeton: str) -> tuple[Utilisateur, str] | None:
    """(whose, which mails), or None: forged, or the person has no open account any more."""
    try:
        pk, avis = signing.loads(jeton, salt=_SEL)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    utilisateur = Utilisateur.objects.filter(pk=pk, statut=Utilisateur.Statut.VALIDE, is_active=True).first()
    return (utilisateur, avis) if utilisateur is not None and avis in AVIS else None
