"""What every room needs: dated rows, the journal of acts, the outbox of e-mails."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone


class Horodate(models.Model):
    """Abstract: when the row was created and last saved (UTC)."""

    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        abstract = True


class EvenementQuerySet(models.QuerySet):
    def sur(self, objet: models.Model):
        """The events of one object, newest first."""
        return self.filter(objet_type=objet._meta.label_lower, objet_id=str(objet.pk)).order_by("-le", "-pk")


class Evenement(models.Model):
    """One act: who, in what role, did what to which object, before → after. Written by `journal.noter`.

    Rows are never edited by the application; `purger` removes those older than 12 months that do not belong to a
    mesure's own history.
    """

    le = models.DateTimeField(default=timezone.now, db_index=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    role = models.CharField("rôle", max_length=20, blank=True)
    acte = models.CharField(max_length=60)
    objet_type = models.CharField("objet", max_length=60)
    objet_id = models.CharField("identifiant", max_length=40)
    changements = models.JSONField(default=dict, blank=True)

    objects = EvenementQuerySet.as_manager()

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "journal"
        ordering = ["-le", "-pk"]
        indexes = [models.Index(fields=["objet_type", "objet_id", "le"], name="journal_par_objet")]

    def __str__(self) -> str:
        return f"{self.acte} {self.objet_type} {self.objet_id}"


class CourrielQuerySet(models.QuerySet):
    def a_envoyer(self, maintenant=None):
        """Mails due now, oldest first."""
        maintenant = maintenant or timezone.now()
        return self.filter(
            envoye_le__isnull=True, abandonne_le__isnull=True, prochain_essai_le__lte=maintenant
        ).order_by("prochain_essai_le", "pk")


class Courriel(models.Model):
    """A row of the outbox: one mail to one person, written in the transaction of what it tells."""

    # Minutes before each new try; after the last one the mail is given up and shown as such in the admin.
    DELAIS = (1, 5, 15, 60, 180, 360, 720, 1440)

    destinataire = models.EmailField()
    sujet = models.CharField(max_length=200)
    texte = models.TextField()
    html = models.TextField(blank=True)
    repondre_a = models.EmailField(blank=True)
    # Where its addressee stops this kind of mail, by one POST (RFC 8058); the sender makes the headers of it.
    desabonnement = models.CharField("adresse de désabonnement", max_length=300, blank=True)
    cree_le = models.DateTimeField(default=timezone.now, db_index=True)
    prochain_essai_le = models.DateTimeField(default=timezone.now)
    essais = models.PositiveSmallIntegerField(default=0)
    derniere_erreur = models.CharField(max_length=200, blank=True)
    envoye_le = models.DateTimeField(null=True, blank=True)
    abandonne_le = models.DateTimeField(null=True, blank=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(
                fields=["prochain_essai_le"],
                name="courriels_a_envoyer",
                condition=models.Q(envoye_le__isnull=True, abandonne_le__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sujet} → {self.destinataire}"

    def noter_echec(self, erreur: str) -> None:
        """Plan the next try, or give up after the last one. `erreur` is the kind of failure, never content."""
        self.derniere_erreur = erreur[:200]
        if self.essais < len(self.DELAIS):
            self.prochain_essai_le = timezone.now() + timedelta(minutes=self.DELAIS[self.essais])
        else:
            self.abandonne_le = timezone.now()
        self.essais += 1
        self.save(update_fields=["derniere_erreur", "prochain_essai_le", "abandonne_le", "essais"])
