"""What a court notes on a mandataire, read by that court alone."""

from django.db import transaction

from emjpm.commun import journal
from emjpm.comptes.models import Utilisateur
from tribunaux.models import MembreTribunal

from ..models import Mandataire, Observation


@transaction.atomic
def observer(*, mandataire: Mandataire, par: Utilisateur, texte: str) -> Observation:
    """A note of the author's court on a mandataire, read by that court alone. The same text twice is one observation.

    The journal says that one was written, not what: support reads the journal. Its line is about the observation, so
    that the history of the mandataire does not tell that a court wrote something.
    Raises MembreTribunal.DoesNotExist for somebody of no court.
    """
    membre = MembreTribunal.objects.select_for_update().get(utilisateur=par)  # a double click waits for the first
    deja = Observation.objects.filter(mandataire=mandataire, tribunal=membre.tribunal_id, par=par, texte=texte).first()
    if deja:
        return deja
    observation = Observation.objects.create(
        mandataire=mandataire, tribunal_id=membre.tribunal_id, par=par, texte=texte
    )
    journal.noter(
        par=par,
        acte="observation.ajouter",
        objet=observation,
        changements={"mandataire": [None, mandataire.pk], "tribunal": [None, membre.tribunal_id]},
    )
    return observation


@transaction.atomic
def retirer_observation(*, observation: Observation, par: Utilisateur) -> None:
    """Delete it: nothing of its text is kept anywhere."""
    journal.noter(
        par=par,
        acte="observation.retirer",
        objet=observation,
        changements={"mandataire": [observation.mandataire_id, None], "tribunal": [observation.tribunal_id, None]},
    )
    observation.delete()
