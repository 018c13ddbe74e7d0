"""Depositing a request, validating it, refusing it: each is one transaction."""

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from emjpm.commun import courriels
from emjpm.commun.journal import noter
from emjpm.comptes.models import Perimetre, Role, Utilisateur
from emjpm.comptes.services import changer_statut
from mandataires.models import Mandataire, Membre
from mandataires.services import administrateurs, creer, revenir
from tribunaux.models import MembreTribunal

from .models import DemandeInscription, EtablissementDeclare

Etat = DemandeInscription.Etat
Statut = Utilisateur.Statut


class DecisionImpossible(Exception):
    """The request cannot be decided this way; the message is a French sentence for the team."""


class DejaDecidee(DecisionImpossible):
    """Somebody decided first: says who and when."""

    def __init__(self, demande: DemandeInscription):
        quand = timezone.localtime(demande.decide_le) if demande.decide_le else None
        heure = ""
        if quand is not None:
            le = "" if quand.date() == timezone.localdate() else f" le {quand:%d/%m/%Y}"
            heure = f"{le} à {quand.hour} h {quand:%M}"
        par = f" par {demande.decide_par}" if demande.decide_par else ""
        super().__init__(f"Demande déjà {demande.get_etat_display().lower()}{par}{heure}.")


class AdresseNonVerifiee(DecisionImpossible):
    court = "e-mail non vérifié"

    def __init__(self):
        super().__init__("E-mail non vérifié : la personne n’a pas encore confirmé son adresse.")


@transaction.atomic
def deposer(*, utilisateur: Utilisateur, role: str, donnees: Mapping[str, Any]) -> DemandeInscription:
    """Write the account (waiting) and its request, and tell the team.

    `donnees`: fields of DemandeInscription, plus `tribunaux` (courts) and `etablissements` (dicts of the fields of
    EtablissementDeclare). `utilisateur` may be new, or a refused one who asks again: the gate closes to « waiting ».
    """
    avant = utilisateur.statut if utilisateur.pk else None
    utilisateur.role = role
    utilisateur.statut, utilisateur.motif_statut, utilisateur.statut_le = Statut.EN_ATTENTE, "", timezone.now()
    utilisateur.save()
    champs = {c: v for c, v in donnees.items() if c not in {"tribunaux", "etablissements"}}
    demande = DemandeInscription.objects.create(utilisateur=utilisateur, role=role, **champs)
    demande.tribunaux.set(donnees.get("tribunaux") or [])
    EtablissementDeclare.objects.bulk_create(
        EtablissementDeclare(demande=demande, **e) for e in donnees.get("etablissements") or []
    )
    statuts = {"statut": [avant, Statut.EN_ATTENTE.value]}
    noter(par=utilisateur, acte="inscription.deposer", objet=demande, changements=statuts)
    contexte = {"demande": demande, "utilisateur": utilisateur}
    courriels.deposer("inscription_deposee", settings.COURRIEL_SUPPORT, contexte)
    return demande


@transaction.atomic
def valider(*, demande: DemandeInscription, par: Utilisateur) -> DemandeInscription:
    """Open the account: gate, profile, habilitations, journal and mail, or nothing. Raises DecisionImpossible."""
    demande, utilisateur = _verrouiller(demande)
    if not EmailAddress.objects.filter(user=utilisateur, email__iexact=utilisateur.email, verified=True).exists():
        raise AdresseNonVerifiee
    if demande.role in {Role.INDIVIDUEL, Role.PREPOSE, Role.SERVICE}:
        _installer_mandataire(demande, utilisateur, par)
    elif demande.role in {Role.MAGISTRAT, Role.GREFFIER}:
        MembreTribunal.objects.update_or_create(
            utilisateur=utilisateur, defaults={"tribunal": demande.tribunal.actuel, "cabinet": demande.cabinet}
        )
    else:
        territoire = {"niveau": demande.niveau, "region": demande.region, "departement": demande.departement}
        Perimetre.objects.update_or_create(utilisateur=utilisateur, defaults=territoire)
    _decider(demande, utilisateur, par, Etat.VALIDEE, Statut.VALIDE)
    if demande.service_id and demande.service.retire_le:
        revenir(mandataire=demande.service, par=par)  # everybody had left it: somebody answers for it again
    courriels.deposer("inscription_validee", utilisateur.email, {"utilisateur": utilisateur})
    return demande


@transaction.atomic
def refuser(*, demande: DemandeInscription, par: Utilisateur, motif: str) -> DemandeInscription:
    """Refuse, with the reason the person will read. Raises DecisionImpossible."""
    motif = motif.strip()
    if not motif:
        raise DecisionImpossible("Indiquez le motif du refus.")
    demande, utilisateur = _verrouiller(demande)
    demande.motif_refus = motif
    _decider(demande, utilisateur, par, Etat.REFUSEE, Statut.REFUSE, motif)
    courriels.deposer("inscription_refusee", utilisateur.email, {"utilisateur": utilisateur, "motif": motif})
    return demande


@transaction.atomic
def annoter(*, demande: DemandeInscription, par: Utilisateur, note: str) -> None:
    """Keep the team's own note; nobody else reads it. Nothing happens when it has not changed."""
    demande = DemandeInscription.objects.select_for_update().get(pk=demande.pk)
    if demande.note_interne == note.strip():
        return
    demande.note_interne = note.strip()
    demande.save(update_fields=["note_interne", "modifie_le"])
    noter(par=par, acte="inscription.annoter", objet=demande)


def _verrouiller(demande: DemandeInscription) -> tuple[DemandeInscription, Utilisateur]:
    """The rows, locked until the end of the transaction. Raises DejaDecidee."""
    demande = DemandeInscription.objects.select_for_update().get(pk=demande.pk)
    if demande.etat != Etat.EN_ATTENTE:
        raise DejaDecidee(demande)
    return demande, Utilisateur.objects.select_for_update().get(pk=demande.utilisateur_id)


def _decider(demande, utilisateur, par, etat: str, statut: str, motif: str = "") -> None:
    avant = demande.etat
    demande.etat, demande.decide_par, demande.decide_le = etat, par, timezone.now()
    demande.save(update_fields=["etat", "decide_par", "decide_le", "motif_refus", "modifie_le"])
    utilisateur.role = demande.role
    utilisateur.save(update_fields=["role"])
    changements = {
        "etat": [avant, str(etat)],
        "statut": changer_statut(utilisateur=utilisateur, statut=statut, motif=motif),
    }
    acte = "inscription.valider" if etat == Etat.VALIDEE else "inscription.refuser"
    noter(par=par, acte=acte, objet=demande, changements=changements)


def _installer_mandataire(demande: DemandeInscription, utilisateur: Utilisateur, par: Utilisateur) -> None:
    """The profile a mandataire needs to be found: places, member, courts; or a seat in an existing service."""
    if Membre.objects.filter(utilisateur=utilisateur).exists():
        raise DecisionImpossible("Déjà membre d’un mandataire : refusez la demande.")
    if demande.service_id:
        _rejoindre(demande.service, utilisateur, par)
        return
    deja = Mandataire.objects.filter(siret=demande.siret).first() if demande.siret else None
    if deja is not None:
        raise DecisionImpossible(f"SIRET déjà celui de {deja} : refusez la demande, ou corrigez d’abord cette fiche.")
    mandataire = creer(
        par=par,
        categorie=demande.role,
        nom=demande.nom_service if demande.role == Role.SERVICE else utilisateur.get_full_name(),
        siret=demande.siret,
        telephone=demande.telephone,
        telephone_portable=demande.telephone_portable,
        courriel=utilisateur.email,
        capacite=demande.capacite,
        lieux=_lieux(demande),
        tribunaux=[cour.actuel for cour in demande.tribunaux.select_related("successeur")],
    )
    Membre.objects.create(utilisateur=utilisateur, mandataire=mandataire, administrateur=True)


def _rejoindre(service: Mandataire, utilisateur: Utilisateur, par: Utilisateur) -> None:
    """A seat in an existing service; its administrators are told. The first member administrates."""
    chefs = administrateurs(service)
    membre = Membre.objects.create(utilisateur=utilisateur, mandataire=service, administrateur=not chefs)
    noter(par=par, acte="mandataire.rejoindre", objet=service, changements={"membre": [None, membre.utilisateur_id]})
    adresses = [chef.email for chef in chefs]
    courriels.deposer("inscription_service_rejoint", adresses, {"utilisateur": utilisateur, "mandataire": service})


def _lieux(demande: DemandeInscription) -> list[dict]:
    """Places of practice as declared, the first the main one (`mandataires.services.creer` locates them)."""
    if demande.role == Role.PREPOSE:
        return [
            {"nom": e.nom, "finess": e.finess, "code_postal": e.code_postal, "commune": e.commune}
            for e in demande.etablissements.select_related("commune")
        ]
    return [{c: getattr(demande, c) for c in ("adresse", "complement", "code_postal", "commune")}]
