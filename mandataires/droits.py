"""What a person may do with a mandataire's profile."""

from emjpm.comptes.models import Utilisateur

from .models import Mandataire, Membre


def membre_de(utilisateur: Utilisateur, mandataire: Mandataire) -> Membre | None:
    """The link between this person and this mandataire, if there is one."""
    membre = getattr(utilisateur, "membre", None)
    return membre if membre and membre.mandataire_id == mandataire.pk else None


def peut_modifier_profil(utilisateur: Utilisateur, mandataire: Mandataire) -> bool:
    """The mandataire themself; for a service, its administrators only."""
    membre = membre_de(utilisateur, mandataire)
    return membre is not None and (membre.administrateur or not mandataire.est_service)
