"""The mesures, and the one import that may bring them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from emjpm.commun.models import Horodate
from emjpm.commun.templatetags.emjpm import nombre
from emjpm.comptes.models import Civilite
from emjpm.geographie.models import Commune
from mandataires.models import Lieu, Mandataire
from tribunaux.models import Tribunal

from .enums import (
    EN_ETABLISSEMENT,
    VIVANTES,
    Champ,
    GenreEvolution,
    LieuVie,
    MotifDeclin,
    MotifFin,
    Nature,
    Pays,
    Statut,
    TypeEtablissement,
)
from .querysets import MesureQuerySet

ANNEE_NAISSANCE_MIN = 1900


class ImportMesures(models.Model):
    """A confirmed import. One living row per mandataire: the constraint is what makes the import unique.

    Cancelled by the team (import_excel.annulation), it stays as history and another one may be made.
    """

    mandataire = models.ForeignKey(Mandataire, on_delete=models.CASCADE, related_name="imports")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    le = models.DateTimeField(default=timezone.now)
    nombre = models.PositiveIntegerField("mesures importées")
    # What the page and the e-mail tell: counts of rows (import_excel.apercu.Apercu.bilan).
    bilan = models.JSONField(default=dict, blank=True)
    # Rows left to type in by hand: number, what was understood, why. Emptied 30 days after the import, or with it.
    restes = models.JSONField("lignes à saisir à la main", default=list, blank=True)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    annule_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="annulé par",
    )
    # What the cancellation did on that day, as the page and the e-mail tell it: mesures deleted because nobody had
    # touched them, mesures left because somebody had. None as long as the import stands.
    retirees = models.PositiveIntegerField("mesures retirées", null=True, blank=True)
    gardees = models.PositiveIntegerField("mesures gardées", null=True, blank=True)

    class Meta:
        verbose_name = "import"
        permissions = [("annuler_importmesures", "Peut annuler un import")]
        constraints = [
            models.UniqueConstraint(
                fields=["mandataire"],
                condition=Q(annule_le=None),
                name="import_une_seule_fois",
                violation_error_message="L’import a déjà été fait : il ne se fait qu’une fois.",
            ),
            models.CheckConstraint(
                name="import_annule_par_un_acte",
                condition=Q(annule_le__isnull=False) | Q(annule_par=None, retirees=None, gardees=None),
                violation_error_message="Seul un import annulé a des mesures retirées ou gardées.",
            ),
        ]

    def __str__(self) -> str:
        return f"Import de {nombre(self.nombre)} mesure{'s' if self.nombre > 1 else ''} pour {self.mandataire}"

    @property
    def effet_annulation(self) -> str:
        """« 69 mesures retirées, 2 que vous aviez modifiées sont gardées »: said to the mandataire."""
        if self.retirees is None:
            return ""
        s = "s" if self.retirees > 1 else ""
        mots = f"{nombre(self.retirees)} mesure{s} retirée{s}" if self.retirees else "aucune mesure retirée"
        if not self.gardees:
            return mots
        accord = "modifiées sont gardées" if self.gardees > 1 else "modifiée est gardée"
        return f"{mots}, {nombre(self.gardees)} que vous aviez {accord}"

    def gardees_non_reconnues(self) -> int:
        """How many of the mesures still there would be doubled by the same file sent again.

        A row is recognised by the court and the numéro RG of a mesure (reperes.mesures_presentes): one without a
        number is not.
        """
        return self.mesures.filter(rg_normal="").count()


class Mesure(Horodate):
    """A protection measure followed, or reserved, by a mandataire. It never holds a name (domain.md §1).

    `statut` moves along mesures.enums.TRANSITIONS, by the functions of mesures.services only.
    """

    mandataire = models.ForeignKey(Mandataire, on_delete=models.PROTECT, related_name="mesures")
    lieu = models.ForeignKey(
        Lieu, null=True, blank=True, on_delete=models.SET_NULL, related_name="mesures", verbose_name="antenne"
    )
    tribunal = models.ForeignKey(Tribunal, on_delete=models.PROTECT, related_name="mesures")
    cabinet = models.CharField(max_length=40, blank=True)
    statut = models.CharField(max_length=10, choices=Statut)
    # Optimistic lock: a form carries the version it was drawn from (services.modifier).
    version = models.PositiveIntegerField(default=1, editable=False)

    # The file
    numero_rg = models.CharField("numéro RG", max_length=40, blank=True)
    rg_normal = models.CharField(max_length=40, blank=True, editable=False)
    numero_dossier = models.CharField("numéro de dossier", max_length=40, blank=True)
    nature = models.CharField("nature de la mesure", max_length=40, choices=Nature)
    champ = models.CharField(max_length=30, choices=Champ, blank=True)
    date_jugement = models.DateField("date du jugement", null=True, blank=True)

    # The adult: never a name, never a street
    civilite = models.CharField("civilité", max_length=8, choices=Civilite, blank=True)
    annee_naissance = models.PositiveSmallIntegerField("année de naissance", null=True, blank=True)
    lieu_vie = models.CharField("lieu de vie", max_length=40, choices=LieuVie, blank=True)
    type_etablissement = models.CharField("type d’établissement", max_length=30, choices=TypeEtablissement, blank=True)
    pays = models.CharField(max_length=2, choices=Pays, default=Pays.FRANCE, blank=True)
    code_postal = models.CharField(max_length=5, blank=True)
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ville = models.CharField(max_length=80, blank=True, help_text="hors de France, ou commune inconnue du référentiel")
    prestations = models.JSONField(default=list, blank=True)
    ressources_annee = models.PositiveSmallIntegerField("année des ressources", null=True, blank=True)
    ressources_niveau = models.PositiveIntegerField("ressources annuelles, en euros", null=True, blank=True)

    # The reservation
    urgence = models.BooleanField("urgente", default=False)
    date_previsionnelle = models.DateField("date prévisionnelle du jugement", null=True, blank=True)
    message = models.CharField("message au mandataire", max_length=500, blank=True)
    reserve_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="mesures_reservees",
    )
    reserve_le = models.DateTimeField("réservée le", null=True, blank=True)
    # Drawn with the form: a double click, Back and resend all find the same reservation.
    cle_reservation = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # A reservation that renews a mesure of the same mandataire: it takes no place of its own (disponibilite.py).
    renouvelle = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="renouvellements",
        verbose_name="renouvelle la mesure",
    )
    # When the mandataire was reminded that the court waits for an answer (services.rappels).
    rappel_15_le = models.DateTimeField("rappel des 15 jours", null=True, blank=True, editable=False)
    rappel_30_le = models.DateTimeField("rappel des 30 jours", null=True, blank=True, editable=False)
    valide_le = models.DateTimeField("validée le", null=True, blank=True)

    # How it ended, or why it did not begin
    date_fin = models.DateField("date de fin", null=True, blank=True)
    motif_fin = models.CharField("motif de fin", max_length=30, choices=MotifFin, blank=True)
    clos_le = models.DateTimeField("déclinée ou annulée le", null=True, blank=True)
    motif_declin = models.CharField("motif", max_length=20, choices=MotifDeclin, blank=True)
    precision_cloture = models.CharField("précision", max_length=500, blank=True)

    # The court took note of a declined reservation: it no longer asks for a decision.
    classee_le = models.DateTimeField("classée par le tribunal le", null=True, blank=True)

    importee_par = models.ForeignKey(
        ImportMesures, null=True, blank=True, on_delete=models.SET_NULL, related_name="mesures"
    )

    objects = MesureQuerySet.as_manager()

    class Meta:
        ordering = ["-date_jugement", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandataire", "tribunal", "rg_normal"],
                # A renewal bears the number of the mesure it renews.
                condition=Q(statut__in=VIVANTES, renouvelle=None) & ~Q(rg_normal=""),
                name="mesure_rg_unique_par_mandataire",
                violation_error_message="Ce numéro RG est déjà celui d’une de vos mesures à ce tribunal.",
            ),
            models.UniqueConstraint(
                fields=["renouvelle"],
                condition=Q(statut=Statut.EN_ATTENTE),
                name="mesure_un_renouvellement_a_la_fois",
                violation_error_message="Un renouvellement de cette mesure attend déjà une réponse.",
            ),
            models.CheckConstraint(
                name="mesure_renouvellement_jamais_en_cours",
                condition=Q(renouvelle=None) | ~Q(statut__in=[Statut.EN_COURS, Statut.ETEINTE]),
                violation_error_message="Un renouvellement validé continue la mesure renouvelée.",
            ),
            models.CheckConstraint(
                name="mesure_statut_connu",
                condition=Q(statut__in=Statut.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="mesure_nature_connue",
                condition=Q(nature__in=Nature.values),
                violation_error_message="Cette nature de mesure n’existe pas.",
            ),
            models.CheckConstraint(
                name="mesure_en_cours_jugee",
                condition=~Q(statut__in=[Statut.EN_COURS, Statut.ETEINTE]) | Q(date_jugement__isnull=False),
                violation_error_message="Écrivez la date du jugement.",
            ),
            models.CheckConstraint(
                name="mesure_fin_entiere",
                condition=(Q(statut=Statut.ETEINTE, date_fin__isnull=False) & Q(motif_fin__in=MotifFin.values))
                | (~Q(statut=Statut.ETEINTE) & Q(date_fin=None, motif_fin="")),
                violation_error_message="La fin d’un mandat a une date et un motif.",
            ),
            models.CheckConstraint(
                name="mesure_fin_apres_jugement",
                condition=Q(date_fin=None) | Q(date_fin__gte=F("date_jugement")),
                violation_error_message="La fin du mandat ne peut pas précéder le jugement.",
            ),
            models.CheckConstraint(
                name="mesure_annee_plausible",
                condition=Q(annee_naissance=None) | Q(annee_naissance__range=(ANNEE_NAISSANCE_MIN, 2100)),
                violation_error_message="Écrivez une année de naissance sur 4 chiffres.",
            ),
            models.CheckConstraint(
                name="mesure_ressources_annee_plausible",
                condition=Q(ressources_annee=None) | Q(ressources_annee__range=(1990, 2100)),
                violation_error_message="Écrivez une année sur 4 chiffres.",
            ),
            models.CheckConstraint(
                name="mesure_sdf_sans_adresse",
                condition=~Q(lieu_vie=LieuVie.SDF) | Q(code_postal="", commune=None, ville=""),
                violation_error_message="Une personne sans domicile fixe n’a pas d’adresse.",
            ),
            models.CheckConstraint(
                name="mesure_type_si_etablissement",
                condition=Q(type_etablissement="") | Q(lieu_vie__in=EN_ETABLISSEMENT),
                violation_error_message="Un type d’établissement ne vaut que pour une personne en établissement.",
            ),
        ]
        indexes = [
            # What takes a place, counted from the index alone (querysets.comptees).
            models.Index(
                fields=["mandataire", "statut", "renouvelle"], name="mesure_comptee", condition=Q(statut__in=VIVANTES)
            ),
            models.Index(fields=["mandataire", "statut", "-date_jugement"], name="mesure_liste"),
            models.Index(fields=["tribunal", "statut", "-reserve_le"], name="mesure_du_tribunal"),
            models.Index(
                fields=["date_fin", "mandataire"], name="mesure_eteinte_le", condition=Q(statut=Statut.ETEINTE)
            ),
            models.Index(fields=["tribunal", "rg_normal"], name="mesure_par_rg", condition=~Q(rg_normal="")),
            # What a court has, counted and named from the index alone (suivi.registre); what was validated lately.
            models.Index(fields=["tribunal", "statut", "mandataire", "cabinet"], name="mesure_registre"),
            models.Index(
                fields=["tribunal", "valide_le"], name="mesure_validee_le", condition=Q(valide_le__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} {self.numero_rg}".strip()

    @property
    def nom_commune(self) -> str:
        """« Metz (57) », « Virton (Belgique) », or empty."""
        if self.commune_id:
            return str(self.commune)
        if self.ville and self.pays == Pays.BELGIQUE:
            return f"{self.ville} (Belgique)"
        return self.ville

    @property
    def code_et_commune(self) -> str:
        """« 57000 Metz »; « Metz (57) » without its code, « 6760 Virton (Belgique) »."""
        nom = self.commune.nom if self.commune_id and self.code_postal else self.nom_commune
        return f"{self.code_postal} {nom}".strip()

    @property
    def personne(self) -> str:
        """The only way an adult is ever named: « Femme, 79 ans, Metz (57) » (domain.md §1)."""
        return ", ".join(p for p in (self.personne_courte, self.nom_commune) if p)

    @property
    def personne_courte(self) -> str:
        """« Femme, 79 ans », « Homme, année inconnue ». Age = current year − birth year."""
        qui = {"madame": "Femme", "monsieur": "Homme"}.get(self.civilite, "Personne")
        if self.annee_naissance is None:
            return f"{qui}, année inconnue"
        age = timezone.localdate().year - self.annee_naissance
        return f"{qui}, {age} an{'s' if age > 1 else ''}"

    @property
    def nature_et_champ(self) -> str:
        """« Curatelle renforcée aux biens et à la personne »."""
        return " ".join(p for p in (self.get_nature_display(), self.get_champ_display()) if p)

    @property
    def vivante(self) -> bool:
        return self.statut in VIVANTES


class Evolution(models.Model):
    """What happened to a running mesure on a date, and what it changed: the history of the mandate itself.

    The facts of the mesure are those of today; `changements` says what each was before ({field: [before, after]}).
    The date of the judgment stays that of the first one.
    """

    mesure = models.ForeignKey(Mesure, on_delete=models.CASCADE, related_name="evolutions")
    genre = models.CharField(max_length=12, choices=GenreEvolution)
    date = models.DateField("date de la décision ou du changement")
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True)
    changements = models.JSONField(default=dict, blank=True)
    # The reservation by which a court asked for this renewal, if any.
    reservation = models.ForeignKey(Mesure, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    cree_le = models.DateTimeField("notée le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "évolution"
        ordering = ["date", "pk"]
        constraints = [
            models.CheckConstraint(
                name="evolution_genre_connu",
                condition=Q(genre__in=GenreEvolution.values),
                violation_error_message="Cette évolution n’existe pas.",
            ),
            models.CheckConstraint(
                name="evolution_dans_l_ordre",
                condition=Q(jusqu_au=None) | Q(jusqu_au__gt=F("date")),
                violation_error_message="La fin prévue doit suivre la décision.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} du {self.date:%d/%m/%Y}"


class Consultation(models.Model):
    """Who opened the page of a mesure, on which day: one line a day, however often (docs/adr/0015-consultations.md).

    `mesure` is its number, not a link: the line outlives a mesure deleted, and deleting one reads nothing here.
    """

    mesure = models.BigIntegerField("mesure")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consultations", verbose_name="lue par"
    )
    jour = models.DateField("le", default=timezone.localdate, editable=False)

    class Meta:
        verbose_name = "consultation"
        ordering = ["-jour", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["mesure", "utilisateur", "jour"], name="consultation_une_par_jour")
        ]
        indexes = [models.Index(fields=["jour"], name="consultation_jour")]

    def __str__(self) -> str:
        return f"Mesure {self.mesure}, le {self.jour:%d/%m/%Y}"


from .import_excel.models import ApercuImport  # noqa: E402, F401  (Django finds the models of an app here)
