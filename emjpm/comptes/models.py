"""Who you are: the user, the role, and the gate that only the team opens."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from emjpm.commun.models import Horodate
from emjpm.geographie.models import Departement, Region


class Civilite(models.TextChoices):
    MADAME = "madame", "Madame"
    MONSIEUR = "monsieur", "Monsieur"


class Role(models.TextChoices):
    INDIVIDUEL = "individuel", "Mandataire individuel"
    PREPOSE = "prepose", "Mandataire préposé d’établissement"
    SERVICE = "service", "Service mandataire"
    MAGISTRAT = "magistrat", "Magistrat"
    GREFFIER = "greffier", "Greffier"
    DIRECTION = "direction", "Agent de l’État"
    SUPPORT = "support", "Équipe e-MJPM"


ROLES_MANDATAIRES = (Role.INDIVIDUEL, Role.PREPOSE, Role.SERVICE)
ROLES_TRIBUNAL = (Role.MAGISTRAT, Role.GREFFIER)


def adresse_normale(email: str) -> str:
    """The identifier: the address trimmed and in lower case (domain.md §5)."""
    return (email or "").strip().lower()


class UtilisateurManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **champs):
        utilisateur = self.model(email=adresse_normale(email), **champs)
        utilisateur.set_password(password)
        utilisateur.save(using=self._db)
        return utilisateur

    def create_superuser(self, email: str, password: str | None = None, **champs):
        champs |= {
            "is_staff": True,
            "is_superuser": True,
            "role": Role.SUPPORT,
            "statut": Utilisateur.Statut.VALIDE,
        }
        return self.create_user(email, password, **champs)

    def get_by_natural_key(self, email: str):
        return self.get(email=adresse_normale(email))


class Utilisateur(AbstractBaseUser, PermissionsMixin, Horodate):
    """A person with a login. Nothing opens while `statut` is not « validé » (see emjpm.comptes.etapes)."""

    class Statut(models.TextChoices):
        EN_ATTENTE = "en_attente", "En attente de validation"
        VALIDE = "valide", "Validé"
        REFUSE = "refuse", "Refusé"
        SUSPENDU = "suspendu", "Suspendu"
        FERME = "ferme", "Fermé à sa demande"

    email = models.EmailField("adresse électronique", unique=True)
    civilite = models.CharField("civilité", max_length=8, choices=Civilite, blank=True)
    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField(max_length=80)
    role = models.CharField("rôle", max_length=12, choices=Role)
    statut = models.CharField(max_length=12, choices=Statut, default=Statut.EN_ATTENTE)
    statut_le = models.DateTimeField("statut depuis", default=timezone.now, editable=False)
    motif_statut = models.CharField("motif du refus ou de la suspension", max_length=500, blank=True)
    partage_courriel = models.BooleanField("montrer mon adresse aux mandataires", default=False)
    avis_fin_mandat = models.BooleanField("m’écrire à la fin d’une mesure que j’ai réservée", default=True)
    # Mandataires: the monthly « est-ce à jour ? », and the reminders of what waits for an answer.
    avis_mise_a_jour = models.BooleanField("me rappeler de mettre mes informations à jour", default=True)
    avis_attente = models.BooleanField("me rappeler les mesures qui attendent ma réponse", default=True)
    fermeture_demandee_le = models.DateTimeField("fermeture demandée le", null=True, blank=True, editable=False)
    is_staff = models.BooleanField("accède à l’administration", default=False)
    is_active = models.BooleanField("actif", default=True)
    # What the site calls an inscription's date; allauth and the admin read this name.
    date_joined = models.DateTimeField("inscrit le", default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["prenom", "nom"]

    objects = UtilisateurManager()

    class Meta:
        verbose_name = "utilisateur"
        ordering = ["nom", "prenom", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="utilisateur_adresse_unique",
                violation_error_message="Un compte existe déjà pour cette adresse.",
            ),
            models.CheckConstraint(
                name="utilisateur_role_connu",
                condition=models.Q(role__in=Role.values),
                violation_error_message="Ce rôle n’existe pas.",
            ),
            models.CheckConstraint(
                name="utilisateur_equipe_seule_dans_admin",
                condition=models.Q(is_staff=False) | models.Q(role=Role.SUPPORT),
                violation_error_message="Seule l’équipe e-MJPM accède à l’administration.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def clean(self) -> None:
        super().clean()
        self.email = adresse_normale(self.email)

    def get_full_name(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    def get_short_name(self) -> str:
        return self.prenom

    def get_session_auth_hash(self) -> str:
        """Sessions die with a change of password, and of statut: suspending someone signs them out at once."""
        return f"{super().get_session_auth_hash()}{self.statut}"

    def get_session_auth_fallback_hash(self):
        for ancien in super().get_session_auth_fallback_hash():
            yield f"{ancien}{self.statut}"

    @property
    def est_valide(self) -> bool:
        return self.statut == self.Statut.VALIDE

    @property
    def est_mandataire(self) -> bool:
        return self.role in ROLES_MANDATAIRES

    @property
    def est_du_tribunal(self) -> bool:
        return self.role in ROLES_TRIBUNAL


class Perimetre(models.Model):
    """The territory of an agent of the State: the country, a région or a département."""

    class Niveau(models.TextChoices):
        NATIONAL = "national", "National"
        REGIONAL = "regional", "Régional"
        DEPARTEMENTAL = "departemental", "Départemental"

    utilisateur = models.OneToOneField(Utilisateur, on_delete=models.CASCADE, related_name="perimetre")
    niveau = models.CharField(max_length=14, choices=Niveau)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, verbose_name="région")
    departement = models.ForeignKey(
        Departement, null=True, blank=True, on_delete=models.PROTECT, verbose_name="département"
    )

    class Meta:
        verbose_name = "périmètre"
        constraints = [
            models.CheckConstraint(
                name="perimetre_selon_niveau",
                condition=models.Q(niveau="national", region=None, departement=None)
                | models.Q(niveau="regional", region__isnull=False, departement=None)
                | models.Q(niveau="departemental", region=None, departement__isnull=False),
                violation_error_message="Choisissez la région ou le département qui va avec le niveau.",
            )
        ]

    def __str__(self) -> str:
        return str(self.departement or self.region or "France")
