"""How a mandataire practises, and what a court notes of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from emjpm.comptes.models import Role
from mandataires.enums import ATOUTS
from mandataires.querysets import ObservationQuerySet
from tribunaux.models import Tribunal

from .mandataire import Mandataire


class Atout(models.Model):
    """A language spoken, or a skill: what a court may search by (enums.ATOUTS)."""

    mandataire = models.ForeignKey(Mandataire, on_delete=models.CASCADE, related_name="atouts")
    cle = models.CharField("langue ou compétence", max_length=16, choices=ATOUTS)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandataire", "cle"],
                name="atout_une_fois",
                violation_error_message="Cette langue ou compétence est déjà indiquée.",
            ),
            models.CheckConstraint(
                name="atout_connu",
                condition=Q(cle__in=list(ATOUTS)),
                violation_error_message="Cette langue ou compétence n’existe pas.",
            ),
        ]
        indexes = [models.Index(fields=["cle", "mandataire"], name="atout_par_cle")]

    def __str__(self) -> str:
        return self.get_cle_display()


class Observation(models.Model):
    """What a court notes on a mandataire, read by that court alone (domain.md §1). Never on an adult."""

    mandataire = models.ForeignKey(Mandataire, on_delete=models.CASCADE, related_name="observations")
    tribunal = models.ForeignKey(Tribunal, on_delete=models.CASCADE, related_name="observations")
    texte = models.CharField(max_length=500)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    le = models.DateTimeField(default=timezone.now)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["-le", "-pk"]
        indexes = [models.Index(fields=["mandataire", "tribunal"], name="observation_du_tribunal")]

    def __str__(self) -> str:
        return f"Observation du {self.tribunal} sur {self.mandataire}"

    @property
    def auteur(self) -> str:
        """« Agathe Rivemorte », « Le greffe »: how the court signs it."""
        if self.par is None:
            return "Un ancien membre du tribunal"
        return "Le greffe" if self.par.role == Role.GREFFIER else str(self.par)

    @property
    def auteur_parti(self) -> bool:
        """Did its author leave the court (or e-MJPM)?"""
        membre = getattr(self.par, "membre_tribunal", None)
        return membre is None or membre.tribunal_id != self.tribunal_id
