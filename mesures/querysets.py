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
        """What takes a place: en attente and en cours."""
        return self.filter(statut__in=VIVANTES)

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
