"""What a person may do with a mandataire's profile."""

from emjpm.comptes.models import Utilisateur

from .models import Mandataire, Membre, Observation


def membre_de(utilisateur: Utilisateur, mandataire: Mandataire) -> Membre | None:
    """The link between this person and this mandataire, if there is one."""
    membre = getattr(utilisateur, "membre", None)
    return membre if membre and membre.mandataire_id == mandataire.pk else None


def peut_modifier_profil(utilisateur: Utilisateur, mandataire: Mandataire) -> bool:
    """The mandataire themself; for a service, its administrators only."""
    membre = membre_de(utilisateur, mandataire)
    return membre is not None and (membre.administrateur or not mandataire.est_service)


def peut_retirer_observation(utilisateur: Utilisateur, observation: Observation) -> bool:
    """Its author, on an observation they can read (`Observation.objects.pour`).

    Once the author left the court, anyone of that court: else nobody could ever mend what it wrote.
    """
    return observation.par_id == utilisateur.pk or observation.auteur_parti
