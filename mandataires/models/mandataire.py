"""Who takes the measures: one table for the three categories, their places of practice, their courts."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField
from stdnum.fr import siret as siret_stdnum

from emjpm.commun.models import Horodate
from emjpm.geographie.models import Commune
from mandataires.enums import Tendance
from mandataires.mots import ANTENNE, ETABLISSEMENT, MotsDuLieu
from mandataires.querysets import MandataireQuerySet
from mandataires.validateurs import valider_finess, valider_siret
from tribunaux.models import Tribunal

CAPACITE_MAX = 10_000
"""Largest number of measures anyone may wish: the biggest services of France follow about 6,000."""


class Mandataire(Horodate):
    """A mandataire judiciaire: individuel, préposé or service (CASF, art. L. 471-2).

    Availability is not here: it is computed from the measures (mesures.disponibilite).
    """

    class Categorie(models.TextChoices):
        INDIVIDUEL = "individuel", "Individuel"
        PREPOSE = "prepose", "Préposé"
        SERVICE = "service", "Service"

    categorie = models.CharField("catégorie", max_length=10, choices=Categorie)
    nom = models.CharField("nom affiché", max_length=160, help_text="« Camille Bellerive », « ATMP de Moselle »")
    nom_normalise = models.CharField(max_length=160, db_index=True, editable=False)
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[valider_siret])
    telephone = PhoneNumberField("téléphone", blank=True)
    telephone_portable = PhoneNumberField("téléphone portable", blank=True)
    courriel = models.EmailField("adresse électronique de contact", blank=True)
    partage_courriel = models.BooleanField("montrer cette adresse aux tribunaux", default=True)
    capacite = models.PositiveIntegerField(
        "nombre de mesures souhaitées", null=True, blank=True, validators=[MaxValueValidator(CAPACITE_MAX)]
    )
    pause_debut = models.DateField("en pause à partir du", null=True, blank=True)
    pause_fin = models.DateField("jusqu’au", null=True, blank=True)
    pause_motif = models.CharField("motif affiché aux tribunaux", max_length=80, blank=True)
    # The structured profile: what a court reads under « Pratique » (with the rows of Atout).
    secteur = models.CharField("secteur d’intervention", max_length=200, blank=True)
    preferences = models.CharField("préférences", max_length=300, blank=True)
    tendance = models.CharField("évolution de l’activité", max_length=10, choices=Tendance, blank=True)
    # Closing down: out of every search at once, until the team finishes (services.retirer).
    retire_le = models.DateTimeField("retiré des recherches le", null=True, blank=True, editable=False)
    # The last « vos informations sont-elles à jour ? » (never more than monthly).
    rappele_le = models.DateTimeField("dernier rappel de mise à jour", null=True, blank=True, editable=False)
    verifie_le = models.DateTimeField("informations vérifiées le", null=True, blank=True, editable=False)
    actualise_le = models.DateTimeField(
        "dernière mise à jour par le mandataire",
        null=True,
        blank=True,
        editable=False,
        help_text="profil, capacité ou mesures : la fraîcheur montrée aux tribunaux",
    )

    tribunaux = models.ManyToManyField(Tribunal, through="Habilitation", related_name="mandataires")

    objects = MandataireQuerySet.as_manager()

    class Meta:
        ordering = ["nom_normalise", "pk"]
        constraints = [
            models.CheckConstraint(
                name="mandataire_categorie_connue",
                condition=Q(categorie__in=["individuel", "prepose", "service"]),
                violation_error_message="Cette catégorie n’existe pas.",
            ),
            models.CheckConstraint(
                name="mandataire_capacite_bornee",
                condition=Q(capacite=None) | Q(capacite__gte=0, capacite__lte=CAPACITE_MAX),
                violation_error_message="Écrivez un nombre entier, de 0 à 10 000.",
            ),
            models.CheckConstraint(
                name="mandataire_pause_dans_l_ordre",
                condition=Q(pause_debut=None, pause_fin=None)
                | Q(pause_debut__isnull=False, pause_fin=None)
                # A comparison with NULL is neither true nor false, and a constraint lets it through.
                | Q(pause_debut__isnull=False, pause_fin__gte=models.F("pause_debut")),
                violation_error_message="La pause finit avant de commencer.",
            ),
            models.CheckConstraint(
                name="mandataire_tendance_connue",
                condition=Q(tendance__in=["", *Tendance.values]),
                violation_error_message="Cette évolution n’existe pas.",
            ),
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret=""),
                name="mandataire_siret_unique",
                violation_error_message="Ce SIRET est déjà celui d’un autre compte. Écrivez à l’équipe.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def est_service(self) -> bool:
        return self.categorie == self.Categorie.SERVICE

    @property
    def est_prepose(self) -> bool:
        return self.categorie == self.Categorie.PREPOSE

    @property
    def mots_du_lieu(self) -> MotsDuLieu:
        """How its places are called. An individuel has some too, where no mesure is told apart."""
        return ETABLISSEMENT if self.est_prepose else ANTENNE

    def lieux_de_suivi(self) -> list["Lieu"]:
        """Where a mesure may be said to be followed: the antennes of a service, the establishments of a préposé who has
        several. The main one first; one query, none for an individuel.
        """
        if self.categorie == self.Categorie.INDIVIDUEL:
            return []
        lieux = list(self.lieux.select_related("commune"))
        return lieux if self.est_service or len(lieux) > 1 else []

    @property
    def courriel_montre(self) -> str:
        """The contact address as the courts and the agents read it: nothing when it is kept hidden."""
        return self.courriel if self.partage_courriel else ""

    @property
    def siret_lisible(self) -> str:
        return siret_stdnum.format(self.siret) if self.siret else ""

    def en_pause(self, jour=None) -> bool:
        """Is the activity paused on this day (today by default)? Bounds included."""
        jour = jour or timezone.localdate()
        return bool(
            self.pause_debut and self.pause_debut <= jour and (self.pause_fin is None or jour <= self.pause_fin)
        )


class Lieu(Horodate):
    """A place of practice: office, establishment of a préposé, antenne of a service."""

    class Precision(models.TextChoices):
        ADRESSE = "adresse", "à l’adresse"
        COMMUNE = "commune", "point de la commune"

    class Affichage(models.TextChoices):
        """What the courts read of the address; the distance is counted from the true one."""

        ADRESSE = "adresse", "l’adresse ci-dessus"
        COMMUNE = "commune", "la commune seule"
        AUTRE = "autre", "une autre adresse"

    mandataire = models.ForeignKey(Mandataire, on_delete=models.CASCADE, related_name="lieux")
    nom = models.CharField(max_length=120, blank=True, help_text="« Antenne de Thionville », « EHPAD Les Glycines »")
    # The search reads it (as geographie.querysets.nom_de_commune writes names): the same on both databases.
    nom_normalise = models.CharField(max_length=130, blank=True, editable=False)
    principal = models.BooleanField("lieu principal", default=False)
    adresse = models.CharField(max_length=200, blank=True)
    complement = models.CharField("complément d’adresse", max_length=200, blank=True)
    code_postal = models.CharField(max_length=5, blank=True)
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    precision = models.CharField("précision", max_length=8, choices=Precision, blank=True)
    affichage = models.CharField("adresse montrée", max_length=8, choices=Affichage, default=Affichage.ADRESSE)
    adresse_affichee = models.CharField("autre adresse montrée", max_length=200, blank=True)
    finess = models.CharField("numéro FINESS", max_length=9, blank=True, validators=[valider_finess])
    telephone = PhoneNumberField("téléphone", blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    capacite = models.PositiveIntegerField(
        "nombre de mesures souhaitées", null=True, blank=True, validators=[MaxValueValidator(CAPACITE_MAX)]
    )

    class Meta:
        verbose_name = "lieu d’exercice"
        verbose_name_plural = "lieux d’exercice"
        ordering = ["-principal", "nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandataire"],
                condition=Q(principal=True),
                name="lieu_un_principal",
                violation_error_message="Un seul lieu est le principal.",
            ),
            models.CheckConstraint(
                name="lieu_position_entiere",
                condition=Q(latitude=None, longitude=None, precision="")
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                    precision__in=["adresse", "commune"],
                ),
                violation_error_message="Une position a une latitude, une longitude et une précision.",
            ),
            models.CheckConstraint(
                name="lieu_capacite_bornee",
                condition=Q(capacite=None) | Q(capacite__gte=0, capacite__lte=CAPACITE_MAX),
                violation_error_message="Écrivez un nombre entier, de 0 à 10 000.",
            ),
        ]
        indexes = [models.Index(fields=["latitude", "longitude"], name="lieu_position")]

    def __str__(self) -> str:
        """A hidden address is in no name: courts read it too."""
        adresse = self.adresse if self.affichage == self.Affichage.ADRESSE else ""
        return self.nom or adresse or str(self.commune or "Lieu sans adresse")

    @property
    def approximatif(self) -> bool:
        return self.precision == self.Precision.COMMUNE

    @property
    def adresse_montree(self) -> str:
        """The whole line the courts read: « 12 rue X, 57000 Metz », « 57000 Metz », or another one as written."""
        if self.affichage == self.Affichage.AUTRE:
            return self.adresse_affichee
        ville = f"{self.code_postal} {self.commune.nom if self.commune else ''}".strip()
        rue = self.adresse if self.affichage == self.Affichage.ADRESSE else ""
        return ", ".join(filter(None, (rue, ville)))


class Membre(models.Model):
    """Links a person to the mandataire they work for: one for individuels and préposés, several for services."""

    utilisateur = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membre")
    mandataire = models.ForeignKey(Mandataire, on_delete=models.CASCADE, related_name="membres")
    administrateur = models.BooleanField(default=False)
    lieu = models.ForeignKey(
        Lieu,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="membres",
        verbose_name="limité à l’antenne",
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.utilisateur} ({self.mandataire})"


class Habilitation(models.Model):
    """The mandataire is on the list of the préfet for this court (CASF, art. L. 471-2)."""

    mandataire = models.ForeignKey(Mandataire, on_delete=models.CASCADE, related_name="habilitations")
    tribunal = models.ForeignKey(Tribunal, on_delete=models.PROTECT, related_name="habilitations")
    depuis = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ["tribunal__nom_normalise"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandataire", "tribunal"],
                name="habilitation_une_par_tribunal",
                violation_error_message="Ce mandataire est déjà habilité pour ce tribunal.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mandataire} · {self.tribunal}"
