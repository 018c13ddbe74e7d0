"""allauth, bent to our rules: mails through the outbox, our words, our gate."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from emjpm.commun import courriels
from emjpm.commun.journal import noter

from . import etapes
from .droits import page_d_accueil
from .models import Utilisateur, adresse_normale

_MOTS_DE_PASSE = {
    "password_too_common": "Ce mot de passe est trop courant.",
    "password_entirely_numeric": "Ce mot de passe ne contient que des chiffres.",
    "password_too_similar": "Ce mot de passe ressemble trop à votre nom ou à votre adresse.",
}


def _sur_le_site(adresse: str) -> str:
    """The same path on settings.URL_SITE: a mail never repeats the Host a request came with."""
    parties = urlsplit(adresse)
    return f"{settings.URL_SITE}{parties.path}{'?' + parties.query if parties.query else ''}"


class Adaptateur(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "Adresse ou mot de passe incorrect. Après 5 essais, il faudra patienter quelques minutes."
        ),
        "too_many_login_attempts": ("Trop d’essais. Réessayez dans 5 minutes, ou choisissez « Mot de passe oublié »."),
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_password": "Mot de passe incorrect.",
        "duplicate_email": "C’est déjà votre adresse.",
        "max_email_addresses": "Vous ne pouvez pas ajouter plus de %d adresses.",
        "rate_limited": "Trop de demandes en peu de temps. Réessayez dans quelques minutes.",
        "invalid_password_reset": "Ce lien n’est plus valable.",
    }

    # --- mails ------------------------------------------------------------------------------------
    def send_mail(self, template_prefix: str, email, context: dict) -> None:
        """A row of the outbox, in the transaction of what it tells; nothing here depends on a mail server."""
        contexte = {c: _sur_le_site(v) if c.endswith("_url") and isinstance(v, str) else v for c, v in context.items()}
        contexte.pop("request", None)
        message = self.render_mail(template_prefix, email, {"email": email, "url_site": settings.URL_SITE, **contexte})
        courriels.deposer_texte(message.subject, message.body, message.to)

    def format_email_subject(self, subject) -> str:
        return str(subject)

    # --- words ------------------------------------------------------------------------------------
    def add_message(self, request, level, message_template=None, *args, **kwargs) -> None:
        """After a reset, the view says more (comptes.views.NouveauMotDePasse)."""
        ici = getattr(request.resolver_match, "url_name", "")
        if message_template == "account/messages/password_changed.txt" and ici == "account_reset_password_from_key":
            return
        super().add_message(request, level, message_template, *args, **kwargs)

    def clean_password(self, password: str, user=None) -> str:
        """The password itself, or ValidationError in our words. Length first: it is what can be mended."""
        try:
            validate_password(password, user)
        except ValidationError as erreur:
            courts = [e for e in erreur.error_list if e.code == "password_too_short"]
            if courts:
                minimum = courts[0].params["min_length"]
                s = "s" if len(password) > 1 else ""
                mots = f"{len(password)} caractère{s} : il en faut au moins {minimum}."
                raise ValidationError(mots, code="password_too_short") from erreur
            raise ValidationError(
                [ValidationError(_MOTS_DE_PASSE.get(e.code, e.messages[0]), code=e.code) for e in erreur.error_list]
            ) from erreur
        return password

    def clean_email(self, email: str) -> str:
        return adresse_normale(email)

    # --- journal ----------------------------------------------------------------------------------
    def set_password(self, user, password) -> None:
        super().set_password(user, password)
        noter(par=user, acte="compte.mot_de_passe", objet=user)

    def confirm_email(self, request, email_address) -> bool:
        confirmee = super().confirm_email(request, email_address)
        if confirmee:
            noter(par=email_address.user, acte="compte.confirmer_adresse", objet=email_address.user)
        return confirmee

    # --- the gate ---------------------------------------------------------------------------------
    def get_login_stages(self) -> list[str]:
        """Verified address, then our gate, then the second factor."""
        passages = super().get_login_stages()
        apres = passages.index("allauth.account.stages.EmailVerificationStage") + 1
        return [*passages[:apres], "emjpm.comptes.etapes.Porte", *passages[apres:]]

    def get_login_redirect_url(self, request) -> str:
        return page_d_accueil(request.user)

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("mon_compte")

    def get_email_verification_redirect_url(self, email_address) -> str:
        """Someone who waits is told so at once; anybody else signs in."""
        if self.request.user.is_authenticated:
            return reverse("mon_compte")
        utilisateur = email_address.user
        if utilisateur.statut == Utilisateur.Statut.EN_ATTENTE:
            etapes.reconnaitre(self.request, utilisateur)
            return reverse("compte_en_attente")
        return reverse("account_login")

    # --- brute force ------------------------------------------------------------------------------
    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """allauth adds the Host, which a caller may vary: the count of failures is the address's alone."""
        return adresse_normale(credentials.get("email", ""))
