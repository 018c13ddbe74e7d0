"""Fields several forms share, with their sentences."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from emjpm.commun.texte import nom_possible, propre
from mandataires.models import Mandataire
from mesures.anonymat import ressemble_a_un_nom
from mesures.enums import LieuVie, MotifFin, Prestation, TypeEtablissement
from mesures.models import ANNEE_NAISSANCE_MIN
from mesures.services.mandat import faute_date_jugement
from tribunaux.models import Tribunal

ANNEE_RESSOURCES_MIN = 1990
MONTANT_MAX = 1_000_000
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


class Annee(forms.IntegerField):
    """An optional year, from `depuis` to this one, which is read when the form is, not when the server started."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "em-court"})

    def __init__(self, *, depuis: int, **options):
        self.depuis = depuis
        super().__init__(help_text="4 chiffres", required=False, **options)

    def clean(self, value):
        aujourdhui = timezone.localdate().year
        phrase = f"Écrivez une année de {self.depuis} à {aujourdhui}."
        try:
            annee = super().clean(value)
        except ValidationError as erreur:
            raise ValidationError(phrase, code="annee") from erreur
        if annee is not None and not self.depuis <= annee <= aujourdhui:
            raise ValidationError(phrase, code="annee")
        return annee


def champ_annee() -> Annee:
    return Annee(label="Année de naissance", depuis=ANNEE_NAISSANCE_MIN)


def champ_annee_ressources() -> Annee:
    return Annee(label="Année des ressources", depuis=ANNEE_RESSOURCES_MIN)


class MontantAnnuel(forms.IntegerField):
    """An amount as people write it: « 12 500 », « 12.500 € », « 12500,40 » (cents are rounded)."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "em-court"})

    def clean(self, value):
        phrase = "Écrivez un montant en euros, de 0 à 1 000 000. Exemple : 12 500"
        brut = re.sub(r"[\s€]|euros?$", "", str(value or "").lower())
        if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d{1,2})?", brut):  # French thousands
            brut = brut.replace(".", "")
        if not re.fullmatch(r"(\d{1,7}([.,]\d{1,2})?)?", brut):
            raise ValidationError(phrase, code="montant")
        montant = super().clean(str(round(float(brut.replace(",", ".")))) if brut else "")
        if montant is not None and montant > MONTANT_MAX:
            raise ValidationError(phrase, code="montant")
        return montant


class Prestations(forms.MultipleChoiceField):
    """Boxes to tick, kept in one order: the same boxes are the same fact."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value):
        return sorted(v for v in super().to_python(value) if v)


def champ_prestations() -> Prestations:
    return Prestations(label="Prestations perçues", choices=Prestation, required=False)


def en_phrase(choix) -> list[tuple[str, str]]:
    """Labels that begin a line: « Aux biens »."""
    return [(cle, libelle[:1].upper() + libelle[1:]) for cle, libelle in choix]


def choix_motif_fin() -> list[tuple[str, str]]:
    """The most frequent first."""
    return sorted(MotifFin.choices, key=lambda choix: choix[0] != MotifFin.DECES)


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
