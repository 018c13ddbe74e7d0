"""The people of a service: inviting a colleague, roles, leaving. At least one administrator stays.

Every act first locks the service's row: two administrators who remove each other wait for one another, and the second
is told that they no longer administrate.
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from emjpm.commun import courriels, journal
from emjpm.comptes.models import Role, Utilisateur, adresse_normale
from emjpm.comptes.services import fermer_les_sessions

from ..models import Invitation, Lieu, Mandataire, Membre
from .commun import ActeImpossible, actualiser, administrateurs, verrouiller
from .profil import revenir

VALIDITE = timedelta(days=7)
REPOS = timedelta(minutes=1)
"""Sent again less than that ago: a double click, nothing more leaves."""
INVITATIONS_PAR_JOUR = 40
"""A service invites its people, it does not write to the world."""
DERNIER = "Gardez au moins un administrateur."


def empreinte_de(cle: str) -> str:
    """What is kept of the key of a link: enough to recognise it, nothing to make it again."""
    return hashlib.sha256(cle.encode()).hexdigest()


def invitation_de(cle: str) -> Invitation | None:
    """The invitation this key opens today, if any."""
    invitation = (
        Invitation.objects.select_related("mandataire", "lieu", "par").filter(empreinte=empreinte_de(cle)).first()
    )
    return invitation if invitation is not None and _vaut(invitation) else None


def _vaut(invitation: Invitation) -> bool:
    """Open, and whoever vouches for the person still administrates the service with an open account."""
    return invitation.ouverte and invitation.par in administrateurs(invitation.mandataire)


def _service(mandataire: Mandataire, par: Utilisateur) -> Mandataire:
    """The service, locked. Raises PermissionDenied when `par` administrates it no more."""
    mandataire = verrouiller(mandataire)
    if not mandataire.est_service or not mandataire.membres.filter(utilisateur=par, administrateur=True).exists():
        raise PermissionDenied
    return mandataire


def _verifier_lieu(mandataire: Mandataire, administrateur: bool, lieu: Lieu | None) -> None:
    if lieu is not None and lieu.mandataire_id != mandataire.pk:
        raise ActeImpossible("Cette antenne n’est pas celle de ce service.")
    if administrateur and lieu is not None:
        raise ActeImpossible("Un administrateur agit pour tout le service : choisissez « Tout le service ».")


@transaction.atomic
def inviter(
    *, mandataire: Mandataire, par: Utilisateur, courriel: str, administrateur: bool = False, lieu: Lieu | None = None
) -> Invitation:
    """Invite somebody by e-mail. Raises ActeImpossible.

    Whether the address has an account elsewhere is not told: only the person who receives the link learns it.
    """
    mandataire = _service(mandataire, par)
    _verifier_lieu(mandataire, administrateur, lieu)
    courriel = adresse_normale(courriel)
    if mandataire.membres.filter(utilisateur__email=courriel).exists():
        raise ActeImpossible("Cette personne est déjà membre.")
    if mandataire.invitations.filter(courriel__iexact=courriel, acceptee_le=None, annulee_le=None).exists():
        raise ActeImpossible("Une invitation attend déjà sa réponse. Renvoyez-la.")
    _compter(mandataire)
    invitation = Invitation(mandataire=mandataire, courriel=courriel, administrateur=administrateur, lieu=lieu, par=par)
    _envoyer(invitation)
    changements = {"invitation": [None, invitation.pk], "administrateur": [None, administrateur], "lieu": [None, lieu]}
    journal.noter(par=par, acte="mandataire.inviter", objet=mandataire, changements=changements)
    return invitation


def _compter(mandataire: Mandataire) -> None:
    hier = timezone.now() - timedelta(days=1)
    if mandataire.invitations.filter(le__gte=hier).count() >= INVITATIONS_PAR_JOUR:
        raise ActeImpossible(f"{INVITATIONS_PAR_JOUR} invitations sont parties depuis hier. Reprenez demain.")


def _envoyer(invitation: Invitation) -> None:
    """A new key, which alone is valid from now on, and its e-mail."""
    cle = secrets.token_urlsafe(32)
    invitation.empreinte = empreinte_de(cle)
    invitation.le = timezone.now()
    invitation.expire_le = invitation.le + VALIDITE
    invitation.save()
    lien = f"{settings.URL_SITE}{reverse('invitation', args=[cle])}"
    courriels.deposer("invitation", invitation.courriel, {"invitation": invitation, "lien": lien})


def _en_suspens(invitation: Invitation) -> Invitation:
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.acceptee_le is not None:
        raise ActeImpossible("Cette invitation vient d’être acceptée.")
    if invitation.annulee_le is not None:
        raise ActeImpossible("Cette invitation est annulée.")
    return invitation


@transaction.atomic
def renvoyer_invitation(*, invitation: Invitation, par: Utilisateur) -> Invitation:
    """A new link for seven days; the former one no longer opens anything. Raises ActeImpossible."""
    mandataire = _service(invitation.mandataire, par)
    invitation = _en_suspens(invitation)
    if timezone.now() - invitation.le < REPOS:
        return invitation
    _compter(mandataire)
    invitation.par = par
    _envoyer(invitation)
    changements = {"invitation": [invitation.pk, invitation.pk]}
    journal.noter(par=par, acte="mandataire.renvoyer_invitation", objet=mandataire, changements=changements)
    return invitation


@transaction.atomic
def annuler_invitation(*, invitation: Invitation, par: Utilisateur) -> None:
    """Its link no longer opens anything. Raises ActeImpossible."""
    mandataire = _service(invitation.mandataire, par)
    invitation = _en_suspens(invitation)
    invitation.annulee_le = timezone.now()
    invitation.save(update_fields=["annulee_le"])
    changements = {"invitation": [invitation.pk, None]}
    journal.noter(par=par, acte="mandataire.annuler_invitation", objet=mandataire, changements=changements)


def _annuler_celles_de(mandataire: Mandataire, utilisateur: Utilisateur) -> int:
    """Who no longer administrates leaves no open link behind them."""
    siennes = mandataire.invitations.filter(par=utilisateur, acceptee_le=None, annulee_le=None)
    return siennes.update(annulee_le=timezone.now())


@transaction.atomic
def changer_membre(*, membre: Membre, par: Utilisateur, administrateur: bool, lieu: Lieu | None) -> Membre:
    """Make them an administrator, a member, or limit them to an antenne. Raises ActeImpossible."""
    mandataire = _service(membre.mandataire, par)
    membre = mandataire.membres.select_related("utilisateur").get(pk=membre.pk)
    _verifier_lieu(mandataire, administrateur, lieu)
    if membre.administrateur and not administrateur:
        _refuser_dernier(mandataire, membre)
    avant = journal.photo(membre, ["administrateur", "lieu"])
    membre.administrateur, membre.lieu = administrateur, lieu
    changements = journal.difference(avant, journal.photo(membre, ["administrateur", "lieu"]))
    if changements:
        membre.save(update_fields=["administrateur", "lieu"])
        if not administrateur:
            annulees = _annuler_celles_de(mandataire, membre.utilisateur)
            if annulees:
                changements["invitations"] = [annulees, 0]
        qui = {"membre": [membre.utilisateur_id, membre.utilisateur_id]}
        journal.noter(par=par, acte="mandataire.changer_membre", objet=mandataire, changements=qui | changements)
    return membre


def _refuser_dernier(mandataire: Mandataire, membre: Membre) -> None:
    if not [u for u in administrateurs(mandataire) if u.pk != membre.utilisateur_id]:
        raise ActeImpossible(DERNIER)


@transaction.atomic
def retirer_membre(*, membre: Membre, par: Utilisateur) -> None:
    """They leave the service: their sessions end, their invitations too, their acts stay in the journal.

    Raises ActeImpossible for the last administrator, Membre.DoesNotExist when somebody was faster.
    """
    mandataire = _service(membre.mandataire, par)
    membre = mandataire.membres.select_related("utilisateur").get(pk=membre.pk)
    _refuser_dernier(mandataire, membre)
    utilisateur = membre.utilisateur
    annulees = _annuler_celles_de(mandataire, utilisateur)
    membre.delete()
    fermer_les_sessions(utilisateur)
    changements = {"membre": [utilisateur.pk, None], "invitations": [annulees, 0]}
    journal.noter(par=par, acte="mandataire.retirer_membre", objet=mandataire, changements=changements)
    courriels.deposer("membre_retire", utilisateur.email, {"utilisateur": utilisateur, "mandataire": mandataire})


@transaction.atomic
def rejoindre(*, invitation: Invitation, utilisateur: Utilisateur) -> Membre:
    """The invited person takes their seat: once, and with the very address the link was sent to.

    Raises ActeImpossible: the link was used, cancelled or replaced, the account is not that of a service, or it is
    already somebody's.
    """
    mandataire = verrouiller(invitation.mandataire)
    relations = Invitation.objects.select_for_update(of=("self",)).select_related("mandataire", "lieu", "par")
    invitation = relations.get(pk=invitation.pk)
    if not _vaut(invitation):
        raise ActeImpossible("Ce lien n’est plus valable.")
    refus = refus_de_rejoindre(invitation, utilisateur)
    if refus:
        raise ActeImpossible(refus)
    chefs = administrateurs(mandataire)
    membre = Membre.objects.create(
        mandataire=mandataire,
        utilisateur=utilisateur,
        administrateur=invitation.administrateur,
        lieu=invitation.lieu,
    )
    invitation.acceptee_le = timezone.now()
    invitation.save(update_fields=["acceptee_le"])
    if mandataire.retire_le:  # its last administrator was leaving: somebody answers for it again
        revenir(mandataire=mandataire, par=utilisateur)
    actualiser(mandataire)
    changements = {"membre": [None, utilisateur.pk], "invitation": [invitation.pk, invitation.pk]}
    journal.noter(par=utilisateur, acte="mandataire.rejoindre", objet=mandataire, changements=changements)
    contexte = {"utilisateur": utilisateur, "mandataire": mandataire, "invitation": invitation}
    courriels.deposer("invitation_acceptee", [u.email for u in chefs], contexte)
    return membre


def refus_de_rejoindre(invitation: Invitation, utilisateur: Utilisateur) -> str:
    """Why this account cannot take this seat, in a French sentence; empty when it can."""
    if utilisateur.email != adresse_normale(invitation.courriel):
        return f"L’invitation est pour {invitation.courriel}. Vous êtes connecté avec {utilisateur.email}."
    if not utilisateur.est_valide or not utilisateur.is_active:
        return "Ce compte n’est pas ouvert. Écrivez à l’équipe."
    if utilisateur.role != Role.SERVICE:
        return "Votre compte n’est pas celui d’un membre de service. Écrivez à l’équipe."
    deja = Membre.objects.filter(utilisateur=utilisateur).select_related("mandataire").first()
    if deja is not None and deja.mandataire_id == invitation.mandataire_id:
        return f"Vous êtes déjà membre de {deja.mandataire}."
    if deja is not None:
        return f"Vous êtes membre de {deja.mandataire} : un compte ne sert qu’à un service. Écrivez à l’équipe."
    return ""
