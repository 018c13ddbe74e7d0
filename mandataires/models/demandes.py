"""What a mandataire declares or asks beside the profile: capacity by département, one more court, a new colleague."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from emjpm.geographie.models import Departement
from tribunaux.models import Tribunal

from .mandataire import CAPACITE_MAX, Lieu, Mandataire


class CapaciteDepartement(models.Model):
    """How many mesures are wished in one département, when the mandataire tells it: a detail of the one capacity."""

    mandataire = models.ForeignKey(Mandataire, on_delete=models.CASCADE, related_name="capacites")
    departement = models.ForeignKey(Departement, on_delete=models.PROTECT, related_name="+", verbose_name="département")
    capacite = models.PositiveIntegerField("nombre de mesures souhaitées", validators=[MaxValueValidator(CAPACITE_MAX)])

    class Meta:
        verbose_name = "capacité par département"
        verbose_name_plural = "capacités par département"
        ordering = ["departement"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandataire", "departement"],
                name="capacite_une_par_departement",
                violation_error_message="Ce département est déjà dans la liste.",
            ),
            models.CheckConstraint(
                name="capacite_departement_bornee",
                condition=Q(capacite__lte=CAPACITE_MAX),
                violation_error_message="Écrivez un nombre entier, de 0 à 10 000.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.departement} : {self.capacite}"


class DemandeTribunal(models.Model):
    """A mandataire asks for one more court: the team answers in the admin."""

    mandataire = models.ForeignKey(Mandataire, on_delete=models.CASCADE, related_name="demandes_tribunaux")
    tribunal = models.ForeignKey(Tribunal, on_delete=models.PROTECT, related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    le = models.DateTimeField(default=timezone.now)
    traitee_le = models.DateTimeField("traitée le", null=True, blank=True)
    acceptee = models.BooleanField("acceptée", null=True, blank=True)
    motif = models.CharField("motif du refus", max_length=300, blank=True)

    class Meta:
        verbose_name = "demande de tribunal"
        verbose_name_plural = "demandes de tribunaux"
        ordering = ["le"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandataire", "tribunal"],
                condition=Q(traitee_le=None),
                name="demande_tribunal_une_a_la_fois",
                violation_error_message="Ce tribunal est déjà demandé.",
            ),
            models.CheckConstraint(
                name="demande_tribunal_traitee_entiere",
                condition=Q(traitee_le=None, acceptee=None) | Q(traitee_le__isnull=False, acceptee__isnull=False),
                violation_error_message="Une demande traitée est acceptée ou refusée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mandataire} demande {self.tribunal}"


class Invitation(models.Model):
    """An administrator of a service invites a colleague. Only a digest of the link's key is kept."""

    mandataire = models.ForeignKey(Mandataire, on_delete=models.CASCADE, related_name="invitations")
    courriel = models.EmailField("adresse électronique")
    administrateur = models.BooleanField(default=False)
    lieu = models.ForeignKey(
        Lieu, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name="limité à l’antenne"
    )
    empreinte = models.CharField(max_length=64, unique=True, editable=False)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    le = models.DateTimeField(default=timezone.now)
    expire_le = models.DateTimeField("expire le")
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        ordering = ["-le"]
        constraints = [
            models.UniqueConstraint(
                "mandataire",
                Lower("courriel"),
                condition=Q(acceptee_le=None, annulee_le=None),
                name="invitation_une_a_la_fois",
                violation_error_message="Une invitation attend déjà sa réponse. Renvoyez-la.",
            )
        ]

    def __str__(self) -> str:
        return f"Invitation de {self.courriel}"

    @property
    def expiree(self) -> bool:
        return self.expire_le <= timezone.now()

    @property
    def ouverte(self) -> bool:
        """May its link still be used?"""
        return self.acceptee_le is None and self.annulee_le is None and not self.expiree
