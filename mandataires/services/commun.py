"""What the acts on a mandataire share."""

from django.utils import timezone

from emjpm.comptes.models import Utilisateur

from ..models import Mandataire


class ActeImpossible(Exception):
    """The act does not apply now; the message is a French sentence, with the remedy."""


def verrouiller(mandataire: Mandataire) -> Mandataire:
    """The row, read again and held until the end of the transaction: acts of one mandataire wait for each other."""
    return Mandataire.objects.select_for_update().get(pk=mandataire.pk)


def actualiser(mandataire: Mandataire) -> None:
    """The mandataire has just touched their profile or their mesures: the freshness shown to the courts."""
    mandataire.actualise_le = timezone.now()
    Mandataire.objects.filter(pk=mandataire.pk).update(actualise_le=mandataire.actualise_le)


def administrateurs(mandataire: Mandataire) -> list[Utilisateur]:
    """Who decides for it, and whose account is open: the person alone, or the administrators of a service."""
    membres = mandataire.membres.filter(
        administrateur=True, utilisateur__statut=Utilisateur.Statut.VALIDE, utilisateur__is_active=True
    )
    return [membre.utilisateur for membre in membres.select_related("utilisateur").order_by("pk")]
