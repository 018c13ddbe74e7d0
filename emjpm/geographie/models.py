"""The map of France: régions, départements, communes and their postal codes (COG of INSEE, La Poste)."""

from django.db import models

from .querysets import CommuneQuerySet


class Region(models.Model):
    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    nom = models.CharField(max_length=60)

    class Meta:
        verbose_name = "région"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Departement(models.Model):
    """A département (2A and 2B for Corsica, 971… overseas) or a collectivité d'outre-mer."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    nom = models.CharField(max_length=60)
    nom_normalise = models.CharField(max_length=60, editable=False)
    locatif = models.CharField("dans une phrase", max_length=80, help_text="« en Moselle », « dans l’Ain »")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departements", verbose_name="région")

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"


class CodePostal(models.Model):
    code = models.CharField(max_length=5, primary_key=True)

    class Meta:
        verbose_name = "code postal"
        verbose_name_plural = "codes postaux"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Commune(models.Model):
    """A commune, or an arrondissement of Paris, Lyon or Marseille, with a point that can be trusted."""

    class Source(models.TextChoices):
        MAIRIE = "mairie", "mairie"
        CENTROIDE = "centroide", "centre du territoire"
        CHEF_LIEU = "chef-lieu", "chef-lieu de la collectivité"
        APPROCHE = "approche", "communes voisines"

    insee = models.CharField("code INSEE", max_length=5, primary_key=True)
    nom = models.CharField(max_length=80)
    nom_normalise = models.CharField(max_length=80, db_index=True, editable=False)
    est_arrondissement = models.BooleanField("arrondissement municipal", default=False)
    departement = models.ForeignKey(
        Departement, on_delete=models.PROTECT, related_name="communes", verbose_name="département"
    )
    population = models.PositiveIntegerField(default=0)
    latitude = models.FloatField(help_text="degrés, WGS 84")
    longitude = models.FloatField(help_text="degrés, WGS 84")
    source_point = models.CharField(max_length=10, choices=Source, default=Source.MAIRIE)
    codes_postaux = models.ManyToManyField(CodePostal, related_name="communes", verbose_name="codes postaux")

    objects = CommuneQuerySet.as_manager()

    class Meta:
        ordering = ["nom_normalise", "insee"]
        constraints = [
            models.CheckConstraint(
                name="commune_sur_terre",
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message="La position d’une commune est en degrés.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.departement_id})"

    @property
    def point_approximatif(self) -> bool:
        """The point is not in the commune itself: distances are then « approximatives »."""
        return self.source_point in {self.Source.CHEF_LIEU, self.Source.APPROCHE}
