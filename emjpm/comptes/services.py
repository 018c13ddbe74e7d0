"""Writes on accounts: suspending, closing, reinstating, preferences. Each is one transaction, one line of journal."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from emjpm.commun import courriels
from emjpm.commun.journal import noter

from .models import Utilisateur

Statut = Utilisateur.Statut


class ActeImpossible(Exception):
    """The act does not apply to this account now; the message is a French sentence."""


def fermer_les_sessions(utilisateur: Utilisateur) -> int:
    """Sign the person out everywhere; returns how many sessions were closed."""
    fermees = 0
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(utilisateur.pk):
            session.delete()
            fermees += 1
    UserSession.objects.filter(user=utilisateur).delete()
    return fermees


def changer_statut(*, utilisateur: Utilisateur, statut: str, motif: str = "") -> list:
    """Set the gate of a row already locked; returns [before, after] for the journal."""
    avant = utilisateur.statut
    utilisateur.statut, utilisateur.motif_statut, utilisateur.statut_le = statut, motif, timezone.now()
    utilisateur.save(update_fields=["statut", "motif_statut", "statut_le", "modifie_le"])
    return [avant, str(statut)]


def _proteger_equipe(cible: Utilisateur, par: Utilisateur) -> None:
    if (cible.is_staff or cible.is_superuser) and not par.is_superuser:
        raise ActeImpossible(f"{cible} est de l’équipe : seul un administrateur du site change son accès.")


@transaction.atomic
def suspendre(*, utilisateur: Utilisateur, par: Utilisateur, motif: str = "") -> Utilisateur:
    """Close the gate on a validated account and its live sessions. Raises ActeImpossible."""
    cible = Utilisateur.objects.select_for_update().get(pk=utilisateur.pk)
    if cible.pk == par.pk:
        raise ActeImpossible("Vous ne pouvez pas suspendre votre propre accès.")
    _proteger_equipe(cible, par)
    if cible.statut != Statut.VALIDE:
        raise ActeImpossible(f"{cible} n’a pas d’accès ouvert : rien à suspendre.")
    changement = changer_statut(utilisateur=cible, statut=Statut.SUSPENDU, motif=motif.strip())
    fermer_les_sessions(cible)
    noter(par=par, acte="compte.suspendre", objet=cible, changements={"statut": changement})
    courriels.deposer("compte_suspendu", cible.email, {"utilisateur": cible, "motif": cible.motif_statut})
    return cible


@transaction.atomic
def partager_courriel(*, par: Utilisateur, partage: bool) -> bool:
    """Someone of a court shows their address to the mandataires they reserve with, or no longer; True if it changed."""
    return _preferer(par, "partage_courriel", partage, "compte.partager_courriel")


@transaction.atomic
def choisir_avis_de_fin(*, par: Utilisateur, avis: bool) -> bool:
    """Someone of a court is told when a mesure they reserved ends, or no longer; True if it changed."""
    return _preferer(par, "avis_fin_mandat", avis, "compte.choisir_avis_de_fin")


AVIS = {
    "avis_mise_a_jour": "le rappel mensuel de mise à jour",
    "avis_attente": "les rappels des mesures qui attendent une réponse",
}
"""The mails a mandataire may stop: field of Utilisateur → its words."""


@transaction.atomic
def choisir_avis(*, par: Utilisateur, avis: str, voulu: bool) -> bool:
    """A mandataire wants these reminders (a key of AVIS), or no longer; True if it changed."""
    return _preferer(par, avis, voulu, f"compte.choisir_{avis}") if avis in AVIS else False


def _preferer(par: Utilisateur, champ: str, voulu: bool, acte: str) -> bool:
    moi = Utilisateur.objects.select_for_update().get(pk=par.pk)
    avant = getattr(moi, champ)
    if avant == voulu:
        return False
    setattr(moi, champ, voulu)
    moi.save(update_fields=[champ, "modifie_le"])
    noter(par=par, acte=acte, objet=moi, changements={champ: [avant, voulu]})
    return True


@transaction.atomic
def fermer(*, utilisateur: Utilisateur, par: Utilisateur) -> Utilisateur:
    """The team finishes the closing a person asked for: no way in any more, sessions ended, a last mail.

    What is kept, and until when: docs/exploitation.md. Raises ActeImpossible.
    """
    cible = Utilisateur.objects.select_for_update().get(pk=utilisateur.pk)
    _proteger_equipe(cible, par)
    if cible.statut == Statut.FERME:
        raise ActeImpossible(f"Le compte de {cible} est déjà fermé.")
    if cible.fermeture_demandee_le is None:
        raise ActeImpossible(f"{cible} n’a pas demandé la fermeture de son compte.")
    changement = changer_statut(utilisateur=cible, statut=Statut.FERME)
    fermer_les_sessions(cible)
    noter(par=par, acte="compte.fermer", objet=cible, changements={"statut": changement})
    courriels.deposer("compte_ferme", cible.email, {"utilisateur": cible})
    return cible


OUBLIABLES = (Statut.FERME, Statut.REFUSE)
EFFACEE = "@compte-ferme.invalid"
"""What ends the address of an account whose person was forgotten (RFC 2606: never a real one)."""


@transaction.atomic
def oublier(utilisateur: Utilisateur) -> None:
    """Erase who held an account closed, or refused, long ago; its row stays, for the journal that points to it.

    Nothing is journalised: the line would say nothing that the erased row does not.
    """
    cible = Utilisateur.objects.select_for_update().get(pk=utilisateur.pk)
    if cible.statut not in OUBLIABLES:
        raise ActeImpossible(f"Le compte de {cible} n’est ni fermé ni refusé.")
    EmailAddress.objects.filter(user=cible).delete()
    Authenticator.objects.filter(user=cible).delete()
    cible.email, cible.prenom, cible.nom, cible.civilite = f"compte-{cible.pk}{EFFACEE}", "", "Compte fermé", ""
    cible.set_unusable_password()
    cible.save(update_fields=["email", "prenom", "nom", "civilite", "password", "modifie_le"])


@transaction.atomic
def retablir(*, utilisateur: Utilisateur, par: Utilisateur) -> Utilisateur:
    """Open again the gate of a suspended or closed account. Raises ActeImpossible.

    Of a closed one, the request stays: the person takes it back from « Mon compte », and is visible again then.
    """
    cible = Utilisateur.objects.select_for_update().get(pk=utilisateur.pk)
    if cible.statut not in {Statut.SUSPENDU, Statut.FERME}:
        raise ActeImpossible(f"{cible} n’est ni suspendu ni fermé.")
    if cible.email.endswith(EFFACEE):
        raise ActeImpossible("La personne de ce compte a été effacée : elle dépose une nouvelle demande.")
    _proteger_equipe(cible, par)
    changement = changer_statut(utilisateur=cible, statut=Statut.VALIDE)
    noter(par=par, acte="compte.retablir", objet=cible, changements={"statut": changement})
    courriels.deposer("compte_retabli", cible.email, {"utilisateur": cible})
    return cible
