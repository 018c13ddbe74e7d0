"""Reading mesures."""

from django.db import models

from emjpm.comptes.models import Role

from .enums import VIVANTES, Statut


class MesureQuerySet(models.QuerySet):
    def en_attente(self):
        return self.filter(statut=Statut.EN_ATTENTE)

    def en_cours(self):
        return self.filter(statut=Statut.EN_COURS)

    def eteintes(self):
        return self.filter(statut=Statut.ETEINTE)

    def vivantes(self):
        """En attente and en cours."""
        return self.filter(statut__in=VIVANTES)

    def comptees(self):
        """What takes a place (domain.md §4): the living ones, less the renewals of a mesure already counted."""
        return self.filter(statut__in=VIVANTES, renouvelle=None)

    def pour(self, utilisateur):
        """The mesures this person may see: their own (mandataire) or their tribunal's; nobody else any."""
        if utilisateur.est_mandataire:
            membre = getattr(utilisateur, "membre", None)
            if membre is None:
                return self.none()
            visibles = self.filter(mandataire=membre.mandataire_id)
            return visibles.filter(lieu=membre.lieu_id) if membre.lieu_id else visibles
        if utilisateur.role in {Role.MAGISTRAT, Role.GREFFIER}:
            membre = getattr(utilisateur, "membre_tribunal", None)
            return self.filter(tribunal=membre.tribunal_id) if membre else self.none()
        return self.none()
