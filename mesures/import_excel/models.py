"""The preview, kept between the upload and the confirmation: normalised rows only, for 24 hours."""

import uuid
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils import timezone

from mandataires.models import Mandataire

from .apercu import Apercu, composer
from .colonnes import Consignes
from .releve import Releve
from .reperes import mesures_presentes

DUREE = timedelta(hours=24)
VERSION = 2
"""Of the shape of `ApercuImport.donnees`: a preview of another version asks for the file again, as an expired one."""


class ApercuImportQuerySet(models.QuerySet):
    def vivants(self):
        return self.filter(cree_le__gt=timezone.now() - DUREE)

    def perimes(self):
        return self.filter(cree_le__lte=timezone.now() - DUREE)

    def pour(self, utilisateur):
        """A preview belongs to the person who sent the file, for the mandataire they work for."""
        membre = getattr(utilisateur, "membre", None)
        if membre is None or not utilisateur.est_mandataire:
            return self.none()
        return self.vivants().filter(par=utilisateur, mandataire=membre.mandataire_id, donnees__version=VERSION)


class ApercuImport(models.Model):
    """What a workbook was found to hold. Never the file, its name, or a cell that was not understood whole.

    One per person and mandataire: a new upload replaces it, the confirmation deletes it, 24 hours too.
    `donnees`: {version, releve, reponses: question → answer, consignes: what the user said of the sheet, the columns}.
    """

    cle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mandataire = models.ForeignKey(Mandataire, on_delete=models.CASCADE, related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    cree_le = models.DateTimeField(default=timezone.now)
    noms_acceptes = models.BooleanField("continuer sans les cellules de noms", default=False)
    donnees = models.JSONField()

    objects = ApercuImportQuerySet.as_manager()

    class Meta:
        app_label = "mesures"
        verbose_name = "aperçu d’import"
        verbose_name_plural = "aperçus d’import"
        constraints = [
            models.UniqueConstraint(
                fields=["mandataire", "par"],
                name="apercu_un_par_personne",
                violation_error_message="Un aperçu existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"Aperçu du {self.cree_le:%d/%m/%Y} pour {self.mandataire}"

    @cached_property
    def releve(self) -> Releve:
        return Releve.depuis_json(self.donnees["releve"])

    @property
    def reponses(self) -> dict[str, str]:
        return self.donnees["reponses"]

    @property
    def consignes(self) -> Consignes:
        dites = self.donnees["consignes"]
        return Consignes(dites["feuille"], {lettre: tuple(dit) for lettre, dit in dites["colonnes"].items()})

    @cached_property
    def apercu(self) -> Apercu:
        """Where each row ends now: the answers given and the mesures of the account are taken into account."""
        return composer(self.releve, mesures_presentes(self.mandataire), self.reponses)

    @property
    def noms_a_accepter(self) -> bool:
        """The page must first say what names are set aside."""
        return bool(self.donnees["releve"]["noms"]) and not self.noms_acceptes
