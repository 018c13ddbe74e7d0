"""Requests to become someone: what the person declared, until the team decides."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from phonenumber_field.modelfields import PhoneNumberField

from emjpm.commun.models import Horodate
from emjpm.comptes.models import Perimetre, Role
from emjpm.geographie.models import Commune, Departement, Region
from mandataires.models import CAPACITE_MAX, Mandataire
from mandataires.validateurs import valider_finess
from tribunaux.models import Tribunal

ROLES_OUVERTS = [r for r in Role if r != Role.SUPPORT]
"""Whoever may ask for an account; the team's own are created by the team."""


class DemandeInscription(Horodate):
    """A registration request. Deciding it is `services.valider` or `services.refuser`."""

    class Etat(models.TextChoices):
        EN_ATTENTE = "en_attente", "En attente"
        VALIDEE = "validee", "Validée"
        REFUSEE = "refusee", "Refusée"

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="demandes")
    role = models.CharField("rôle", max_length=12, choices=[(r.value, r.label) for r in ROLES_OUVERTS])
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.EN_ATTENTE)
    motif_refus = models.CharField("motif du refus", max_length=500, blank=True)
    note_interne = models.TextField("note interne", blank=True)
    decide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decide_le = models.DateTimeField("décidée le", null=True, blank=True)

    # Mandataires
    siret = models.CharField("SIRET", max_length=14, blank=True)
    telephone = PhoneNumberField("téléphone", blank=True)
    telephone_portable = PhoneNumberField("téléphone portable", blank=True)
    adresse = models.CharField(max_length=200, blank=True)
    complement = models.CharField("complément d’adresse", max_length=200, blank=True)
    code_postal = models.CharField(max_length=5, blank=True)
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    capacite = models.PositiveIntegerField(
        "nombre de mesures souhaitées", null=True, blank=True, validators=[MaxValueValidator(CAPACITE_MAX)]
    )
    tribunaux = models.ManyToManyField(Tribunal, blank=True, related_name="+", verbose_name="tribunaux d’agrément")
    service = models.ForeignKey(
        Mandataire,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"categorie": "service"},
        verbose_name="service existant",
    )
    nom_service = models.CharField("nom du nouveau service", max_length=160, blank=True)

    # Courts
    tribunal = models.ForeignKey(Tribunal, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cabinet = models.CharField(max_length=40, blank=True)

    # Agents of the State
    niveau = models.CharField(max_length=14, choices=Perimetre.Niveau, blank=True)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    departement = models.ForeignKey(Departement, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "demande d’inscription"
        verbose_name_plural = "demandes d’inscription"
        ordering = ["cree_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur"],
                condition=Q(etat="en_attente"),
                name="demande_une_en_attente",
                violation_error_message="Une demande attend déjà une réponse.",
            ),
            models.CheckConstraint(
                name="demande_refus_motive",
                condition=~Q(etat="refusee") | ~Q(motif_refus=""),
                violation_error_message="Indiquez le motif du refus.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur}, {self.get_role_display()}"


class EtablissementDeclare(models.Model):
    """An establishment a préposé declares; it becomes a Lieu when the request is validated."""

    demande = models.ForeignKey(DemandeInscription, on_delete=models.CASCADE, related_name="etablissements")
    nom = models.CharField(max_length=120)
    finess = models.CharField("numéro FINESS", max_length=9, blank=True, validators=[valider_finess])
    code_postal = models.CharField(max_length=5, blank=True)
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "établissement déclaré"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.nom
