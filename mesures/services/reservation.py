"""The court's acts on a mesure: reserve it, edit or cancel the reservation, file away a declined one.

A reservation beyond what the mandataire wishes is the judge's right: it is asked, with the figure of the moment,
never refused (domain.md §6).
"""

from copy import copy
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.courriels import deposer
from emjpm.comptes.models import Utilisateur
from mandataires.models import Lieu, Mandataire
from mesures import droits
from mesures.disponibilite import Disponibilite, disponibilite_de
from mesures.enums import Statut
from mesures.models import Mesure
from mesures.numero_rg import forme_normale
from mesures.recit import changements_lus
from tribunaux.models import Tribunal

from .commun import (
    PAGE_DEJA_SERVIE,
    ActeImpossible,
    enregistrer,
    noter,
    passer,
    refus,
    refuser_doublon,
    relire,
    sigle_et_ville,
    verrouiller,
)
from .renouvellement import exiger_renouvelable

CHAMPS = (
    "numero_rg",
    "cabinet",
    "date_previsionnelle",
    "urgence",
    "civilite",
    "annee_naissance",
    "code_postal",
    "commune",
    "nature",
    "champ",
    "lieu",
    "message",
)
"""What a court writes in a reservation: the keys of `donnees`."""

PAUSE = "pause"


class ConfirmationRequise(Exception):
    """No room, or a pause: nothing was written. `dispo` is the availability read inside the lock."""

    def __init__(self, dispo: Disponibilite):
        self.dispo = dispo
        super().__init__(f"Confirmation requise : {figure(dispo)}")


class PersonneAPrevenir(ActeImpossible):
    """Nobody there would read it: nothing was written, as `rien` says."""

    def __init__(self, mesure: Mesure, rien: str):
        mots = mesure.mandataire.mots_du_lieu
        ou = mots.ce if mesure.lieu_id else "ce mandataire"
        remede = "appelez ce mandataire, ou cherchez-en un autre."
        if mesure.mandataire.est_service and not mesure.renouvelle_id:
            remede = f"choisissez une {'autre ' if mesure.lieu_id else ''}antenne, {remede}"
        remede = f"{remede[:1].upper()}{remede[1:]}"
        super().__init__(f"Personne ne reçoit les réservations de {ou} en ce moment : {rien} {remede}")


class MandataireParti(ActeImpossible):
    """The mandataire left the searches since the page was opened."""

    def __init__(self):
        super().__init__("Ce mandataire ne reçoit plus de réservations : rien n’est réservé. Cherchez-en un autre.")


class ReservationModifiee(ActeImpossible):
    """Somebody of the court edited it meanwhile; `mesure` is as it is now."""

    def __init__(self, mesure: Mesure):
        self.mesure = mesure
        super().__init__(
            "Cette réservation a été modifiée pendant que vous l’aviez sous les yeux. "
            "Votre saisie est gardée : relisez-la, puis enregistrez à nouveau."
        )


def figure(dispo: Disponibilite) -> str:
    """What a confirmation is about: « pause », or the places left (0, −3). When it changes, so must the consent."""
    return PAUSE if dispo.pause else str(dispo.valeur)


def a_confirmer(dispo: Disponibilite) -> bool:
    """An unknown capacity needs no confirmation."""
    return dispo.etat in {"pause", "complet", "audela"}


@transaction.atomic
def reserver(
    *,
    par: Utilisateur,
    mandataire: Mandataire,
    donnees: dict,
    cle: UUID,
    confirme_pour: str | None = None,
) -> Mesure:
    """Reserve a mesure with a mandataire; the same key again returns the same mesure.

    With donnees["renouvelle"], it renews that mesure of the court: no place is taken, nothing is to be confirmed, and
    it goes to the antenne that follows it. Raises ConfirmationRequise when there is no room and `confirme_pour` is not
    the present `figure`, NumeroDejaPris when the mandataire already has this number at this court, MandataireParti and
    PersonneAPrevenir when nobody would answer.
    """
    if not par.est_du_tribunal:
        raise PermissionDenied
    mandataire = verrouiller(mandataire.pk)
    deja = Mesure.objects.filter(cle_reservation=cle).first()
    if deja is not None:
        if deja.reserve_par_id != par.pk:
            raise ActeImpossible(PAGE_DEJA_SERVIE)
        return deja
    if not Mandataire.objects.pour(par).filter(pk=mandataire.pk).exists():
        raise MandataireParti
    tribunal = par.membre_tribunal.tribunal
    mesure = Mesure(
        mandataire=mandataire,
        tribunal=tribunal,
        reserve_par=par,
        reserve_le=timezone.now(),
        cle_reservation=cle,
        **_retenues(mandataire, donnees),
    )
    passer(mesure, "reserver")
    renouvelee = donnees.get("renouvelle")
    dispo, au_dela = disponibilite_de(mandataire), False
    if renouvelee is not None:
        mesure.renouvelle = exiger_renouvelable(mandataire, tribunal, renouvelee)
        mesure.lieu = mesure.renouvelle.lieu
    _exiger_quelqu_un(mesure, "rien n’est réservé.")
    if renouvelee is None:
        mesure.rg_normal = forme_normale(mesure.numero_rg)
        refuser_doublon(mesure)  # before the question: nobody confirms what will be refused
        au_dela = a_confirmer(dispo)
        if au_dela and confirme_pour != figure(dispo):
            raise ConfirmationRequise(dispo)
    enregistrer(mesure)
    noter(
        mesure,
        par=par,
        acte="reserver",
        mandataire=mandataire.pk,
        nature=mesure.nature,
        urgence=mesure.urgence,
        au_dela=figure(dispo) if au_dela else "",
        **({"renouvelle": mesure.renouvelle_id} if mesure.renouvelle_id else {}),
    )
    _avertir(mesure, "reservation_nouvelle")
    return mesure


def differe(mesure: Mesure, donnees: dict) -> bool:
    """Does the reservation say something else than this? Of a renewal, the antenne is not the court's to say."""
    essai = copy(mesure)
    for champ in CHAMPS:
        if champ in donnees and not (champ == "lieu" and mesure.renouvelle_id):
            setattr(essai, champ, donnees[champ])
    renouvelee = donnees.get("renouvelle")
    return journal.photo(essai, CHAMPS) != journal.photo(mesure, CHAMPS) or mesure.renouvelle_id != (
        renouvelee.pk if renouvelee else None
    )


@transaction.atomic
def modifier_reservation(*, par: Utilisateur, mesure: Mesure, donnees: dict, version: int) -> Mesure:
    """Edit a reservation nobody answered. ReservationModifiee when `version` is not the present one.

    Nothing is written, and the version stays, when it says so already: nothing was changed, or a double click.
    """
    mesure = _reprendre(par, mesure)
    if mesure.statut != Statut.EN_ATTENTE:
        raise ActeImpossible(refus(mesure))
    avant, ancienne = journal.photo(mesure, CHAMPS), copy(mesure)
    retenues = _retenues(mesure.mandataire, donnees)
    if mesure.renouvelle_id:
        retenues.pop("lieu", None)  # that of the mesure it renews
    for champ, valeur in retenues.items():
        setattr(mesure, champ, valeur)
    if journal.photo(mesure, CHAMPS) == avant:
        return mesure
    if mesure.version != version:
        raise ReservationModifiee(ancienne)
    if mesure.lieu_id != ancienne.lieu_id:
        _exiger_quelqu_un(mesure, "rien n’est modifié.")
    enregistrer(mesure)
    trace = noter(mesure, par=par, acte="modifier_reservation", avant=avant)
    _avertir(mesure, "reservation_modifiee", changements=changements_lus(trace.changements, ancienne, mesure))
    if mesure.lieu_id != ancienne.lieu_id:
        _avertir_qui_ne_la_voit_plus(ancienne, mesure)
    return mesure


@transaction.atomic
def annuler(*, par: Utilisateur, mesure: Mesure, raison: str) -> Mesure:
    """Cancel a reservation nobody answered; the mandataire reads the reason. ActeImpossible once answered."""
    mesure = _reprendre(par, mesure)
    passer(mesure, "annuler")
    mesure.clos_le, mesure.precision_cloture = timezone.now(), raison
    enregistrer(mesure)
    noter(mesure, par=par, acte="annuler")
    _avertir(mesure, "reservation_annulee")
    return mesure


@transaction.atomic
def classer(*, par: Utilisateur, mesure: Mesure) -> Mesure:
    """The court took note of a declined reservation: it no longer asks for a decision, and stays in the lists."""
    mesure = _reprendre(par, mesure)
    if mesure.statut != Statut.DECLINEE:
        raise ActeImpossible("Seule une réservation déclinée se classe.")
    if mesure.classee_le is None:
        mesure.classee_le = timezone.now()
        mesure.save(update_fields=["classee_le", "modifie_le"])
        noter(mesure, par=par, acte="classer")
    return mesure


def meme_numero_au_tribunal(tribunal: Tribunal, numero: str, sauf: Mesure | None = None) -> QuerySet[Mesure]:
    """The mesures of the court under this number, living or ended: to be said, never to block.

    `sauf` and what it renews are left out.
    """
    rg = forme_normale(numero)
    if not rg:
        return Mesure.objects.none()
    suivies = [Statut.EN_ATTENTE, Statut.EN_COURS, Statut.ETEINTE]
    autres = Mesure.objects.filter(tribunal=tribunal, rg_normal=rg, statut__in=suivies)
    if sauf is not None:
        autres = autres.exclude(pk__in=[pk for pk in (sauf.pk, sauf.renouvelle_id) if pk])
    return autres.select_related("mandataire").order_by("statut", "-pk")


def destinataires(mandataire: Mandataire, lieu: Lieu | None) -> QuerySet[Utilisateur]:
    """Who is told: the validated members who may open it (MesureQuerySet.pour), and nobody else.

    Those of the whole service; for an antenne, those of this antenne too. A service keeps at least one administrator,
    who sees all of it.
    """
    concernes = Q(membre__lieu=None) | Q(membre__lieu=lieu) if lieu else Q(membre__lieu=None)
    gens = Utilisateur.objects.filter(concernes, membre__mandataire=mandataire)
    return gens.filter(statut=Utilisateur.Statut.VALIDE, is_active=True).order_by("pk")


def _exiger_quelqu_un(mesure: Mesure, rien: str) -> None:
    if not destinataires(mesure.mandataire, mesure.lieu).exists():
        raise PersonneAPrevenir(mesure, rien)


def _reprendre(par: Utilisateur, mesure: Mesure) -> Mesure:
    verrouiller(mesure.mandataire_id)
    actuelle = relire(mesure)
    if not droits.est_de_son_tribunal(par, actuelle):
        raise PermissionDenied
    return actuelle


def _retenues(mandataire: Mandataire, donnees: dict) -> dict:
    """The known fields alone; an antenne of somebody else is a fault of the caller."""
    retenues = {champ: donnees[champ] for champ in CHAMPS if champ in donnees}
    lieu = retenues.get("lieu")
    if lieu is not None and lieu.mandataire_id != mandataire.pk:
        raise ActeImpossible("Cette antenne n’est pas celle de ce mandataire.")
    return retenues


def _avertir(mesure: Mesure, modele: str, **autres) -> None:
    juge = mesure.reserve_par
    contact = juge.email if juge is not None and juge.partage_courriel else ""
    contexte = {"mesure": mesure, "tribunal": sigle_et_ville(mesure.tribunal), "contact": contact}
    deposer(modele, _adresses(mesure), contexte | autres)


def _avertir_qui_ne_la_voit_plus(avant: Mesure, apres: Mesure) -> None:
    """The members limited to the antenne it left: it goes from their list, they are told why."""
    perdent = sorted(set(_adresses(avant)) - set(_adresses(apres)))
    contexte = {"mesure": avant, "tribunal": sigle_et_ville(avant.tribunal)}
    deposer("reservation_ailleurs", perdent, contexte)


def _adresses(mesure: Mesure) -> list[str]:
    return list(destinataires(mesure.mandataire, mesure.lieu).values_list("email", flat=True))
