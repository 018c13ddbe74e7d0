"""E-mails leave as rows of the outbox, in the transaction of what they tell; a command sends them.

A template `courriels/<modele>.txt` begins with its subject line (« Objet : … »), a blank line, then the text.
The HTML part is drawn from the same text: there is one truth per message.
"""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from .models import Courriel


def deposer(
    modele: str,
    destinataires: Iterable[str] | str,
    contexte: dict,
    *,
    repondre_a: str = "",
    desabonnement: str = "",
) -> int:
    """Put one mail per address in the outbox; returns how many. Raises ValueError without a subject line.

    `desabonnement`: the address, known to the template too, where a POST stops such mails: one addressee only.
    """
    gabarit = get_template(f"courriels/{modele}.txt").template
    # Plain text: nothing to escape here (the HTML part escapes the whole of it).
    contexte = {"url_site": settings.URL_SITE, "desabonnement": desabonnement, **contexte}
    texte = gabarit.render(Context(contexte, autoescape=False)).strip()
    entete, _, corps = texte.partition("\n")
    libelle, deux_points, sujet = entete.partition(":")
    if not deux_points or libelle.strip().lower() != "objet" or not sujet.strip():
        raise ValueError(f"courriels/{modele}.txt must begin with « Objet : … ».")
    options = {"repondre_a": repondre_a, "desabonnement": desabonnement}
    return deposer_texte(sujet.strip(), corps.strip(), destinataires, **options)


def deposer_texte(
    sujet: str,
    corps: str,
    destinataires: Iterable[str] | str,
    *,
    repondre_a: str = "",
    desabonnement: str = "",
) -> int:
    """As `deposer`, for a text already written."""
    adresses = [destinataires] if isinstance(destinataires, str) else list(destinataires)
    adresses = list(dict.fromkeys(a.strip() for a in adresses if a and a.strip()))
    sujet = " ".join(sujet.split())[:200]
    html = render_to_string("courriels/gabarit.html", {"sujet": sujet, "corps": corps, "url_site": settings.URL_SITE})
    Courriel.objects.bulk_create(
        Courriel(
            destinataire=a, sujet=sujet, texte=corps, html=html, repondre_a=repondre_a, desabonnement=desabonnement
        )
        for a in adresses
    )
    return len(adresses)


def _entetes(courriel: Courriel) -> dict[str, str]:
    """A stable Message-ID, and for the mails one may stop, the button of the mail program (RFC 2369 and 8058)."""
    entetes = {"Message-ID": f"<courriel-{courriel.pk}@e-mjpm>", "Auto-Submitted": "auto-generated"}
    if courriel.desabonnement:
        entetes["List-Unsubscribe"] = f"<{courriel.desabonnement}>"
        entetes["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return entetes


def envoyer_prochain(transport=None) -> bool | None:
    """Send the oldest due mail: True if sent, False if it failed and was put off, None if nothing is due.

    The row is locked while the server is spoken to, so two senders never send the same mail.
    """
    with transaction.atomic():
        dus = Courriel.objects.a_envoyer()
        if connection.features.has_select_for_update_skip_locked:
            dus = dus.select_for_update(skip_locked=True)
        courriel = dus.first()
        if courriel is None:
            return None
        message = EmailMultiAlternatives(
            subject=courriel.sujet,
            body=courriel.texte,
            to=[courriel.destinataire],
            reply_to=[courriel.repondre_a] if courriel.repondre_a else None,
            headers=_entetes(courriel),
            connection=transport or get_connection(),
        )
        if courriel.html:
            message.attach_alternative(courriel.html, "text/html")
        try:
            message.send()
        except Exception as erreur:  # whatever the transport raises, the mail is kept and tried again
            courriel.noter_echec(type(erreur).__name__)
            return False
        courriel.envoye_le = timezone.now()
        courriel.essais += 1
        courriel.save(update_fields=["envoye_le", "essais"])
        return True
