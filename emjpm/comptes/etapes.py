"""The gate: after the e-mail address is verified, only a validated account gets a session (domain.md §5)."""

from allauth.account.stages import LoginStage
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from emjpm.commun.templatetags.emjpm import date_longue

from .models import Utilisateur

CLE_SESSION = "compte_reconnu"
_SEL = "emjpm.comptes.porte"
DUREE = 30 * 60
"""Seconds during which someone recognised at the gate, but kept out, may see where their request stands."""


def reconnaitre(request: HttpRequest, utilisateur: Utilisateur) -> None:
    """Remember, for a short time and without any session of theirs, who has just proved to be this person."""
    request.session[CLE_SESSION] = signing.dumps(utilisateur.pk, salt=_SEL)


def reconnu(request: HttpRequest) -> Utilisateur | None:
    """Who was recognised at the gate less than `DUREE` ago, else None. It opens nothing but their own status."""
    try:
        pk = signing.loads(request.session.get(CLE_SESSION, ""), salt=_SEL, max_age=DUREE)
    except signing.BadSignature:
        return None
    return Utilisateur.objects.filter(pk=pk, is_active=True).first()


def oublier(request: HttpRequest) -> None:
    request.session.pop(CLE_SESSION, None)


def mots_du_refus(utilisateur: Utilisateur) -> str:
    motif = utilisateur.motif_statut.strip().rstrip(".") or "sans motif indiqué"
    return (
        f"Votre demande a été refusée le {date_longue(utilisateur.statut_le)} : {motif}. "
        "Vous pouvez déposer une nouvelle demande ou contacter l’équipe."
    )


def arreter(request: HttpRequest, utilisateur: Utilisateur) -> HttpResponse:
    """The answer to a person who is known, but whom the gate keeps out: where they stand, in plain words."""
    if utilisateur.statut == Utilisateur.Statut.EN_ATTENTE:
        reconnaitre(request, utilisateur)
        return redirect("compte_en_attente")
    if utilisateur.statut == Utilisateur.Statut.REFUSE:
        reconnaitre(request, utilisateur)
        messages.error(request, mots_du_refus(utilisateur))
    elif utilisateur.statut == Utilisateur.Statut.FERME:
        oublier(request)
        jour = date_longue(utilisateur.statut_le)
        messages.error(request, f"Votre compte est fermé depuis le {jour}. Pour le rouvrir, contactez l’équipe.")
    else:
        oublier(request)
        messages.error(request, "Votre accès est suspendu. Contactez l’équipe.")
    return redirect("account_login")


class Porte(LoginStage):
    """Login stage of allauth: every way in (password, reset, confirmation) goes through it."""

    key = "porte"

    def handle(self):
        utilisateur = self.login.user
        if utilisateur is None:
            return redirect("account_login"), False
        # What the gate reads is the database's, not a copy made when the login began.
        utilisateur.refresh_from_db(fields=["statut", "statut_le", "motif_statut"])
        if not utilisateur.est_valide:
            return arreter(self.request, utilisateur), False
        oublier(self.request)
        return None, True
