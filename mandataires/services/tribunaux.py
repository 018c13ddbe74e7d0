"""The courts of a mandataire: asking for one more, the team's answer, leaving one."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from emjpm.commun import courriels, journal
from emjpm.comptes.models import Utilisateur
from tribunaux.models import Tribunal

from ..models import DemandeTribunal, Habilitation, Mandataire
from .commun import ActeImpossible, actualiser, administrateurs, verrouiller


@transaction.atomic
def demander_tribunaux(
    *, mandataire: Mandataire, par: Utilisateur, tribunaux: Iterable[Tribunal]
) -> list[DemandeTribunal]:
    """Ask the team for more courts; those already held or already asked for are left aside. The new requests."""
    mandataire = verrouiller(mandataire)
    deja = set(mandataire.habilitations.values_list("tribunal", flat=True))
    deja |= set(mandataire.demandes_tribunaux.filter(traitee_le=None).values_list("tribunal", flat=True))
    nouvelles = []
    for tribunal in tribunaux:
        if tribunal.pk not in deja:
            deja.add(tribunal.pk)
            nouvelles.append(DemandeTribunal.objects.create(mandataire=mandataire, tribunal=tribunal, par=par))
    if nouvelles:
        codes = [demande.tribunal.code for demande in nouvelles]
        journal.noter(
            par=par, acte="mandataire.demander_tribunal", objet=mandataire, changements={"tribunaux": [None, codes]}
        )
        contexte = {"mandataire": mandataire, "demandes": nouvelles, "utilisateur": par}
        courriels.deposer("tribunal_demande", settings.COURRIEL_SUPPORT, contexte)
    return nouvelles


@transaction.atomic
def reprendre_demande(*, demande: DemandeTribunal, par: Utilisateur) -> None:
    """The mandataire no longer asks. Raises ActeImpossible when the team has just answered."""
    verrouiller(demande.mandataire)
    demande = DemandeTribunal.objects.select_related("mandataire", "tribunal").get(pk=demande.pk)
    if demande.traitee_le is not None:
        raise ActeImpossible("L’équipe a répondu à cette demande.")
    journal.noter(
        par=par,
        acte="mandataire.reprendre_demande",
        objet=demande.mandataire,
        changements={"tribunal": [demande.tribunal.code, None]},
    )
    demande.delete()


@transaction.atomic
def quitter_tribunal(*, habilitation: Habilitation, par: Utilisateur) -> None:
    """No longer on the list of this court, at once. The mesures stay. The detail by département follows the courts."""
    mandataire = verrouiller(habilitation.mandataire)
    tribunal = habilitation.tribunal
    if not mandataire.habilitations.filter(pk=habilitation.pk).delete()[0]:
        return  # a double click: it is done
    departement = tribunal.commune.departement_id
    changements = {"tribunal": [tribunal.code, None]}
    if not mandataire.habilitations.filter(tribunal__commune__departement=departement).exists():
        ligne = mandataire.capacites.filter(departement=departement).first()
        if ligne is not None:
            changements[f"capacite.{departement}"] = [ligne.capacite, None]
            ligne.delete()
    actualiser(mandataire)
    journal.noter(par=par, acte="mandataire.quitter_tribunal", objet=mandataire, changements=changements)


@transaction.atomic
def accepter_tribunal(*, demande: DemandeTribunal, par: Utilisateur) -> DemandeTribunal:
    """The team says yes: habilitation, journal and e-mail, or nothing. Raises ActeImpossible."""
    demande = _a_traiter(demande)
    tribunal = demande.tribunal.actuel
    if tribunal.ferme_le:
        raise ActeImpossible(f"{tribunal} est fermé, sans tribunal qui l’ait repris : refusez la demande.")
    Habilitation.objects.get_or_create(mandataire=demande.mandataire, tribunal=tribunal)
    return _repondre(demande, par, acceptee=True)


@transaction.atomic
def refuser_tribunal(*, demande: DemandeTribunal, par: Utilisateur, motif: str) -> DemandeTribunal:
    """The team says no, with the reason the mandataire will read. Raises ActeImpossible."""
    if not motif.strip():
        raise ActeImpossible("Indiquez le motif du refus.")
    demande = _a_traiter(demande)
    demande.motif = motif.strip()
    return _repondre(demande, par, acceptee=False)


def _a_traiter(demande: DemandeTribunal) -> DemandeTribunal:
    verrouiller(demande.mandataire)
    demande = DemandeTribunal.objects.select_related("mandataire", "tribunal__successeur", "par").get(pk=demande.pk)
    if demande.traitee_le is not None:
        reponse = "acceptée" if demande.acceptee else "refusée"
        raise ActeImpossible(f"Demande déjà {reponse} le {timezone.localtime(demande.traitee_le):%d/%m/%Y}.")
    return demande


def _repondre(demande: DemandeTribunal, par: Utilisateur, *, acceptee: bool) -> DemandeTribunal:
    demande.traitee_le, demande.acceptee = timezone.now(), acceptee
    demande.save(update_fields=["traitee_le", "acceptee", "motif"])
    journal.noter(
        par=par,
        acte="mandataire.accepter_tribunal" if acceptee else "mandataire.refuser_tribunal",
        objet=demande.mandataire,
        changements={"tribunal": [None, demande.tribunal.code], "demande": [demande.pk, demande.pk]},
    )
    adresses = [utilisateur.email for utilisateur in administrateurs(demande.mandataire)]
    modele = "tribunal_accepte" if acceptee else "tribunal_refuse"
    contexte = {"demande": demande, "tribunal": demande.tribunal, "mandataire": demande.mandataire}
    courriels.deposer(modele, adresses, contexte)
    return demande
