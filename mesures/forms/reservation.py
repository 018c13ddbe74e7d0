"""The reservation: its form, and the reason of a cancellation."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.texte import nom_possible, propre
from emjpm.comptes.models import Civilite
from emjpm.geographie.lieux import resoudre_lieu
from emjpm.geographie.models import Commune
from mandataires.models import Lieu, Mandataire
from mesures.enums import Champ, Nature
from mesures.models import ANNEE_NAISSANCE_MIN, Mesure
from mesures.numero_rg import forme_normale
from mesures.services.renouvellement import renouvelables
from mesures.services.reservation import CHAMPS
from tribunaux.models import Tribunal

from .champs import ChampSansNom, DateFrancaise, TexteSansNom

ANNEE_ATTENDUE = "Écrivez l’année sur 4 chiffres, ou cochez « Inconnue »."


class MessageField(forms.CharField):
    """A free text to the mandataire, where nobody may be named."""

    def clean(self, value):
        message = super().clean(propre(value))
        trouve = nom_possible(message)
        if trouve:
            debut = trouve[:5].rstrip()
            raise ValidationError(
                f"Ce message semble nommer une personne : « {debut}… ». Écrivez « la personne ».", code="nom"
            )
        return message


class ReservationForm(FormulaireDsfr, forms.Form):
    """What a court says of a mesure to come. `places` gives each antenne its words (« Thionville, 48 places »)."""

    numero_rg = ChampSansNom(
        label="Numéro RG",
        sujet="Le numéro RG",
        max_length=40,
        error_messages={"required": "Écrivez le numéro RG."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    cabinet = TexteSansNom(max_length=40, required=False)
    date_previsionnelle = DateFrancaise(label="Jugement prévu le", required=False)
    urgence = forms.BooleanField(
        label="Urgent", required=False, help_text="Le mandataire reçoit un message marqué « urgent »."
    )
    civilite = forms.ChoiceField(
        label="Civilité",
        choices=Civilite,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la civilité."},
    )
    annee_naissance = forms.CharField(
        label="Année de naissance",
        error_messages={"required": ANNEE_ATTENDUE},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "em-court", "maxlength": 4}),
    )
    annee_inconnue = forms.BooleanField(label="Inconnue", required=False)
    commune = forms.CharField(
        label="Commune où elle vit",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-communes": True}),
    )
    lieu = forms.ModelChoiceField(label="Antenne", queryset=Lieu.objects.none(), required=False)
    nature = forms.ChoiceField(
        choices=[("", "Choisir"), *Nature.choices], error_messages={"required": "Choisissez la nature de la mesure."}
    )
    champ = forms.ChoiceField(choices=[("", "Non précisé"), *Champ.choices], required=False)
    message = MessageField(
        label="Message pour le mandataire",
        required=False,
        max_length=500,
        help_text="Ce qui aide à décider. Aucun nom de personne.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, mandataire: Mandataire, antennes: list[tuple[int, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.mandataire = mandataire
        if antennes:
            self.fields["lieu"].queryset = mandataire.lieux.all()
            self.fields["lieu"].label = mandataire.mots_du_lieu.titre
            rien = "Le service, sans préciser" if mandataire.est_service else "Sans préciser"
            self.fields["lieu"].choices = [("", rien), *antennes]
        else:
            del self.fields["lieu"]

    def clean_annee_naissance(self) -> int:
        texte = propre(self.cleaned_data["annee_naissance"])
        if not texte.isdecimal() or len(texte) != 4:
            raise ValidationError(ANNEE_ATTENDUE)
        annee = int(texte)
        if annee > timezone.localdate().year:
            raise ValidationError(f"{annee} est dans l’avenir.")
        if annee < ANNEE_NAISSANCE_MIN:
            raise ValidationError(f"Écrivez une année à partir de {ANNEE_NAISSANCE_MIN}.")
        return annee

    def clean_commune(self) -> Commune | None:
        texte = propre(self.cleaned_data["commune"])
        self.code_postal = ""
        if not texte:
            return None
        trouve = resoudre_lieu(texte)
        if trouve.lieu:
            code = next((c for c in trouve.lieu.codes_postaux if c in texte), "")
            self.code_postal = code or (trouve.lieu.codes_postaux[0] if trouve.lieu.codes_postaux else "")
            return Commune.objects.get(pk=trouve.lieu.insee)
        proches = ", ".join(lieu.libelle for lieu in (trouve.choix or trouve.suggestions)[:3])
        if trouve.choix:
            raise ValidationError(f"Plusieurs communes : {proches}… Ajoutez le code postal. Exemple : 57000 Metz")
        suite = f"Vouliez-vous dire : {proches} ?" if proches else "Exemple : 57000 Metz"
        raise ValidationError(f"Aucune commune ne ressemble à « {texte} ». {suite}")

    def clean(self) -> dict:
        donnees = super().clean()
        if donnees.get("annee_inconnue"):
            donnees["annee_naissance"] = None
            self._errors.pop("annee_naissance", None)
        return donnees

    def donnees(self) -> dict:
        """For the services: the fields of Mesure."""
        propres = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom in CHAMPS}
        return propres | {"lieu": propres.get("lieu"), "code_postal": getattr(self, "code_postal", "")}


class ChoixMesure(forms.ModelChoiceField):
    """A mesure as it is named everywhere: « 21B00167 : Femme, 79 ans, Metz (57) »."""

    def label_from_instance(self, mesure: Mesure) -> str:
        return f"{mesure.numero_rg or 'Sans numéro RG'} : {mesure.personne}"


class NouvelleReservationForm(ReservationForm):
    """With what makes a double click one reservation, and what the person had before their eyes: the figure (`vue`),
    the habilitation. And the renewal of a mesure of the court, which takes no place.
    """

    renouvellement = forms.BooleanField(
        label="Renouvellement d’une mesure de ce mandataire", required=False, help_text="Il ne prend pas de place."
    )
    renouvelle = ChoixMesure(
        label="Mesure renouvelée", queryset=Mesure.objects.none(), required=False, empty_label="Choisir"
    )
    cle = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    vue = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)
    habilite = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, tribunal: Tribunal, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["renouvelle"].queryset = renouvelables(self.mandataire, tribunal)
        self.fields["renouvelle"].sans_mention = True
        if "lieu" in self.fields:
            self.fields["renouvellement"].help_text += f" Il va à {self.mandataire.mots_du_lieu.le} qui suit la mesure."

    def clean(self) -> dict:
        donnees = super().clean()
        if not donnees.get("renouvellement"):
            donnees["renouvelle"] = None
            self._errors.pop("renouvelle", None)
        elif not donnees.get("renouvelle") and "renouvelle" not in self.errors:
            donnees["renouvelle"] = self.du_numero(donnees.get("numero_rg", ""))
            if donnees["renouvelle"] is None:
                self.add_error("renouvelle", "Choisissez la mesure renouvelée.")
        return donnees

    def du_numero(self, numero: str) -> Mesure | None:
        """The mesure to renew that bears this number: a renewal keeps it, so nothing more is to be asked."""
        rg = forme_normale(numero)
        return self.fields["renouvelle"].queryset.filter(rg_normal=rg).first() if rg else None

    def donnees(self) -> dict:
        return super().donnees() | {"renouvelle": self.cleaned_data["renouvelle"]}


class ModifierReservationForm(ReservationForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class AnnulationForm(FormulaireDsfr, forms.Form):
    raison = TexteSansNom(
        label="Raison",
        max_length=500,
        help_text="Elle est envoyée au mandataire. Aucun nom de personne.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez la raison."},
    )


def donnees_initiales(mesure: Mesure) -> dict:
    """What a form shows of a reservation."""
    commune = " ".join(p for p in (mesure.code_postal, mesure.commune.nom) if p) if mesure.commune else ""
    return {
        "numero_rg": mesure.numero_rg,
        "cabinet": mesure.cabinet,
        "date_previsionnelle": mesure.date_previsionnelle,
        "urgence": mesure.urgence,
        "civilite": mesure.civilite,
        "annee_naissance": mesure.annee_naissance or "",
        "annee_inconnue": mesure.annee_naissance is None,
        "commune": commune,
        "lieu": mesure.lieu_id,
        "nature": mesure.nature,
        "champ": mesure.champ,
        "message": mesure.message,
        "version": mesure.version,
    }
