"""Writes on accounts: suspending and reinstating. Each is one transaction, one line of journal, one mail."""

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
def retablir(*, utilisateur: Utilisateur, par: Utilisateur) -> Utilisateur:
    """Open again the gate of a suspended account. Raises ActeImpossible."""
    cible = Utilisateur.objects.select_for_update().get(pk=utilisateur.pk)
    if cible.statut != Statut.SUSPENDU:
        raise ActeImpossible(f"{cible} n’est pas suspendu.")
    _proteger_equipe(cible, par)
    changement = changer_statut(utilisateur=cible, statut=Statut.VALIDE)
    noter(par=par, acte="compte.retablir", objet=cible, changements={"statut": changement})
    courriels.deposer("compte_retabli", cible.email, {"utilisateur": cible})
    return cible
