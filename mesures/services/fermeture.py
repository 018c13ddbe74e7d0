"""Leaving: a person asks for their account to be closed, may take it back, until the team finishes (comptes.services).

A mandataire leaves every search at once (`visibles()`), keeps their access and their mesures until the team finishes,
and the courts that wait for an answer are told. A member of a service leaves it alone, the service goes on; the last
open account of a service takes it out of the searches; the last administrator among several names another one first.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.courriels import deposer
from emjpm.comptes.models import Utilisateur
from mandataires.models import Mandataire, Membre
from mesures.disponibilite import disponibilite_de
from mesures.models import Mesure

from .commun import ActeImpossible, qui_suit, reservees_par, verrouiller

DERNIER_ADMINISTRATEUR = (
    "Vous êtes le seul administrateur de {service}. Nommez-en d’abord un autre parmi ses membres, "
    "ou écrivez à l’équipe si le service entier ferme."
)


@dataclass(frozen=True)
class Situation:
    """What closing this account would do, for the page and for the acts."""

    mandataire: Mandataire | None = None
    retire: bool = False
    """Does the mandataire leave the searches with this person?"""
    refus: str = ""
    en_cours: int = 0
    en_attente: int = 0
    reservees: list[Mesure] = field(default_factory=list)
    """The reservations whose court is told."""

    @property
    def quitte_un_service(self) -> bool:
        return self.mandataire is not None and self.mandataire.est_service and not self.retire

    @property
    def vivantes(self) -> int:
        return self.en_cours + self.en_attente


def situation(utilisateur: Utilisateur) -> Situation:
    """Read where this person stands. A constant number of queries."""
    membre = Membre.objects.select_related("mandataire").filter(utilisateur=utilisateur).first()
    if membre is None or not utilisateur.est_mandataire:
        return Situation()
    mandataire = membre.mandataire
    # Those who stay: an open account, and no request to leave.
    restent = list(
        mandataire.membres.filter(
            utilisateur__statut=Utilisateur.Statut.VALIDE,
            utilisateur__is_active=True,
            utilisateur__fermeture_demandee_le=None,
        ).exclude(utilisateur=utilisateur)
    )
    if restent:
        seul = membre.administrateur and not any(m.administrateur for m in restent)
        refus = DERNIER_ADMINISTRATEUR.format(service=mandataire.nom) if mandataire.est_service and seul else ""
        return Situation(mandataire, refus=refus)
    dispo = disponibilite_de(Mandataire.objects.get(pk=mandataire.pk))
    attendent = mandataire.mesures.en_attente().select_related("tribunal", "commune", "reserve_par__membre_tribunal")
    reservees = list(attendent.order_by("reserve_le", "pk"))
    return Situation(mandataire, True, "", dispo.en_cours, len(reservees), reservees)


@transaction.atomic
def demander(*, par: Utilisateur) -> Situation:
    """Ask for the account to be closed; what it did. Again, it does nothing more. ActeImpossible for the team, and for
    the last administrator of a service that goes on.
    """
    if par.is_staff or par.is_superuser:
        raise ActeImpossible("Un compte de l’équipe se ferme dans l’administration.")
    membre = Membre.objects.filter(utilisateur=par).first()
    if membre is not None:
        verrouiller(membre.mandataire_id)  # two administrators who leave at once take turns
    moi = Utilisateur.objects.select_for_update().get(pk=par.pk)
    ici = situation(moi)
    if moi.fermeture_demandee_le is not None:
        return ici
    if ici.refus:
        raise ActeImpossible(ici.refus)
    maintenant = timezone.now()
    _dater(moi, maintenant, par=par, acte="compte.demander_fermeture")
    if ici.retire:
        _retirer(ici.mandataire, maintenant, par=par, acte="mandataire.retirer")
        _ecrire_aux_tribunaux(ici)
    contexte = {"utilisateur": moi, "situation": ici}
    deposer("fermeture_demandee", settings.COURRIEL_SUPPORT, contexte, repondre_a=moi.email)
    deposer("fermeture_accusee", moi.email, contexte)
    if ici.quitte_un_service:
        deposer("fermeture_membre", _administrateurs(ici.mandataire, moi), contexte)
    return ici


@transaction.atomic
def reprendre(*, par: Utilisateur) -> bool:
    """Take the request back, as long as the team has not finished; True if there was one."""
    membre = Membre.objects.filter(utilisateur=par).first()
    mandataire = verrouiller(membre.mandataire_id) if membre else None
    moi = Utilisateur.objects.select_for_update().get(pk=par.pk)
    if moi.fermeture_demandee_le is None:
        return False
    _dater(moi, None, par=par, acte="compte.reprendre")
    ici = situation(moi)
    if mandataire is not None and mandataire.retire_le is not None:
        _retirer(mandataire, None, par=par, acte="mandataire.revenir")
        _ecrire_aux_tribunaux(ici, reprise=True)
    deposer("fermeture_demandee", settings.COURRIEL_SUPPORT, {"utilisateur": moi, "situation": ici, "reprise": True})
    return True


def _dater(utilisateur: Utilisateur, quand, *, par: Utilisateur, acte: str) -> None:
    avant = utilisateur.fermeture_demandee_le
    utilisateur.fermeture_demandee_le = quand
    utilisateur.save(update_fields=["fermeture_demandee_le", "modifie_le"])
    journal.noter(par=par, acte=acte, objet=utilisateur, changements={"fermeture_demandee_le": [avant, quand]})


def _retirer(mandataire: Mandataire, quand, *, par: Utilisateur, acte: str) -> None:
    avant = mandataire.retire_le
    if (avant is None) == (quand is None):
        return
    mandataire.retire_le = quand
    mandataire.save(update_fields=["retire_le", "modifie_le"])
    journal.noter(par=par, acte=acte, objet=mandataire, changements={"retire_le": [avant, quand]})


def _administrateurs(mandataire: Mandataire, sauf: Utilisateur) -> list[str]:
    gens = Utilisateur.objects.filter(
        membre__mandataire=mandataire,
        membre__administrateur=True,
        statut=Utilisateur.Statut.VALIDE,
        is_active=True,
    ).exclude(pk=sauf.pk)
    return list(gens.order_by("pk").values_list("email", flat=True))


def _ecrire_aux_tribunaux(ici: Situation, *, reprise: bool = False) -> int:
    """One mail to each person who follows some at their court."""
    contexte = {"mandataire": ici.mandataire, "reprise": reprise}
    return sum(
        deposer("fermeture_tribunal", q.email, contexte | {"mesures": siennes, "vous": reservees_par(q, siennes)})
        for q, siennes in qui_suit(ici.reservees).items()
    )
