"""The courts and their people."""

from django.conf import settings
from django.db import models

from emjpm.commun.models import Horodate
from emjpm.geographie.models import Commune

from .querysets import TribunalQuerySet


class Tribunal(Horodate):
    """A court that appoints mandataires. A closed one stays, as the alias of its successor."""

    class Type(models.TextChoices):
        TJ = "TJ", "Tribunal judiciaire"
        TPRX = "TPRX", "Tribunal de proximité"
        TPI = "TPI", "Tribunal de première instance"
        TI = "TI", "Tribunal d’instance"
        TGI = "TGI", "Tribunal de grande instance"

    code = models.SlugField(max_length=60, unique=True)
    nom = models.CharField(max_length=120)
    nom_normalise = models.CharField(max_length=120, db_index=True, editable=False)
    type = models.CharField(max_length=4, choices=Type)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="tribunaux")
    ville = models.CharField(max_length=80, help_text="le nom usuel du siège : « Metz », « Paris »")
    siret = models.CharField("SIRET", max_length=14, unique=True, null=True, blank=True)
    adresse = models.CharField(max_length=200, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField(blank=True)
    ferme_le = models.DateField("fermé le", null=True, blank=True)
    successeur = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecesseurs"
    )

    objects = TribunalQuerySet.as_manager()

    class Meta:
        verbose_name = "tribunal"
        verbose_name_plural = "tribunaux"
        ordering = ["nom_normalise", "code"]
        constraints = [
            models.CheckConstraint(
                name="tribunal_successeur_si_ferme",
                condition=models.Q(successeur=None) | models.Q(ferme_le__isnull=False),
                violation_error_message="Un tribunal qui a un successeur est fermé : indiquez la date.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def nom_court(self) -> str:
        """« TJ Metz »: for lists and headers."""
        return f"{'TP' if self.type == self.Type.TPRX else self.type} {self.ville}"

    @property
    def actuel(self) -> "Tribunal":
        """The court that answers today: itself, or the one that took over."""
        tribunal, vus = self, set()
        while tribunal.successeur_id and tribunal.pk not in vus:
            vus.add(tribunal.pk)
            tribunal = tribunal.successeur
        return tribunal


class MembreTribunal(models.Model):
    """A magistrat or a greffier of a court."""

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membre_tribunal"
    )
    tribunal = models.ForeignKey(Tribunal, on_delete=models.PROTECT, related_name="membres")
    cabinet = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "membre d’un tribunal"
        verbose_name_plural = "membres des tribunaux"

    def __str__(self) -> str:
        return f"{self.utilisateur}, {self.tribunal.nom_court}"
