"""Fields several forms share, with their sentences."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from emjpm.commun.texte import nom_possible, propre
from mandataires.models import Mandataire
from mesures.anonymat import ressemble_a_un_nom
from mesures.enums import LieuVie, TypeEtablissement
from mesures.models import ANNEE_NAISSANCE_MIN
from mesures.services.mandat import faute_date_jugement
from tribunaux.models import Tribunal

INTERDIT = "e-MJPM ne doit contenir aucun nom."


class DateFrancaise(forms.DateField):
    """A date, typed or picked; `aria` and browsers know it as type=date, and 20/11/2026 is read too."""

    widget = forms.DateInput(attrs={"type": "date", "class": "em-date"}, format="%Y-%m-%d")

    def __init__(self, **options):
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"], **options)
        self.error_messages["invalid"] = "Écrivez une date qui existe. Exemple : 20/11/2026"


class ChampSansNom(forms.CharField):
    """An identifier where a name of an adult could be typed by habit: refused then."""

    def __init__(self, *, sujet: str, **options):
        self.sujet = sujet
        super().__init__(**options)

    def clean(self, value):
        valeur = super().clean(propre(value))
        if ressemble_a_un_nom(valeur):
            raise ValidationError(f"{self.sujet} ressemble à un nom. {INTERDIT}", code="nom")
        return valeur


class TexteSansNom(forms.CharField):
    """A free text: « Mme Durand » or a full birth date is refused."""

    def clean(self, value):
        valeur = super().clean(propre(value))
        if nom_possible(valeur):
            raise ValidationError("Ce texte semble contenir un nom. Retirez-le.", code="nom")
        return valeur


def champ_date_jugement(**options) -> DateFrancaise:
    def valider(jour):
        faute = faute_date_jugement(jour)
        if faute:
            raise ValidationError(faute, code="date")

    return DateFrancaise(
        label="Date du jugement",
        validators=[valider],
        error_messages={"required": "Écrivez la date du jugement."},
        **options,
    )


def champ_dossier() -> ChampSansNom:
    return ChampSansNom(
        label="Votre numéro de dossier",
        sujet="Le numéro de dossier",
        help_text="Jamais un nom",
        max_length=40,
        required=False,
    )


class AnneeNaissance(forms.IntegerField):
    """A year from 1900 to this one; « this one » is read when the form is, not when the server started."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "em-court"})

    def clean(self, value):
        phrase = f"Écrivez une année de {ANNEE_NAISSANCE_MIN} à {timezone.localdate().year}."
        try:
            annee = super().clean(value)
        except ValidationError as erreur:
            raise ValidationError(phrase, code="annee") from erreur
        if annee is not None and not ANNEE_NAISSANCE_MIN <= annee <= timezone.localdate().year:
            raise ValidationError(phrase, code="annee")
        return annee


def champ_annee() -> AnneeNaissance:
    return AnneeNaissance(label="Année de naissance", help_text="4 chiffres", required=False)


def choix_lieu_vie() -> list[tuple[str, str]]:
    return [("", "Choisir"), *LieuVie.choices]


def choix_etablissement() -> list[tuple[str, str]]:
    return [("", "Sans objet"), *TypeEtablissement.choices]


def tribunaux_par_groupe(mandataire: Mandataire, aussi: Tribunal | None = None) -> list:
    """Choices of a native select: « Vos tribunaux », then « Tous les tribunaux », open ones (and `aussi`)."""
    miens = set(mandataire.habilitations.values_list("tribunal", flat=True))
    ouverts = [(t.pk, t.nom) for t in Tribunal.objects.ouverts().only("pk", "nom").order_by("nom_normalise", "code")]
    if aussi is not None and aussi.ferme_le:
        ouverts.append((aussi.pk, f"{aussi.nom} (fermé)"))
    vos = [choix for choix in ouverts if choix[0] in miens]
    autres = [choix for choix in ouverts if choix[0] not in miens]
    groupes = [("Vos tribunaux", vos)] if vos else []
    return [("", "Choisir"), *groupes, ("Tous les tribunaux", autres)]
