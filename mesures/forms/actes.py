"""The short forms: valider, décliner, mettre fin."""

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.templatetags.emjpm import date_longue
from mesures.enums import EN_ETABLISSEMENT, LieuVie, MotifDeclin
from mesures.models import Mesure
from mesures.services.commun import sans_adresse
from mesures.services.mandat import adresse_connue, faute_date_fin
from mesures.services.renouvellement import faute_date

from .adresse import CHAMPS_ADRESSE, AdresseMixin
from .champs import (
    DateFrancaise,
    TexteSansNom,
    champ_date_jugement,
    champ_dossier,
    choix_etablissement,
    choix_motif_fin,
)


class ValiderForm(FormulaireDsfr, AdresseMixin):
    """What the court could not know; the address too, where the court gave none.

    Of a renewal (`renouvelee`, the mesure it continues) the date alone: the rest is known.
    """

    date_jugement = champ_date_jugement(help_text="Celle du jugement que vous avez reçu. Exemple : 20/11/2026")
    lieu_vie = forms.ChoiceField(
        label="Où vit la personne ?",
        widget=forms.RadioSelect,
        choices=[
            (LieuVie.DOMICILE, "À domicile"),
            (LieuVie.ETABLISSEMENT, "En établissement"),
            (LieuVie.ETABLISSEMENT_DOMICILE, "En établissement, domicile conservé"),
            (LieuVie.SDF, "Sans domicile fixe"),
        ],
        error_messages={"required": "Choisissez un lieu de vie."},
    )
    type_etablissement = forms.ChoiceField(
        label="Type d’établissement",
        choices=choix_etablissement,
        required=False,
        help_text="Seulement si la personne vit en établissement",
        widget=forms.Select(attrs={"class": "em-moyen", "data-seulement-si": "lieu_vie etablissement"}),
    )
    numero_dossier = champ_dossier()
    field_order = ["date_jugement", "lieu_vie", "type_etablissement", *CHAMPS_ADRESSE, "numero_dossier"]

    def __init__(self, *args, mesure: Mesure, renouvelee: Mesure | None = None, **kwargs):
        self.mesure, self.renouvelee = mesure, renouvelee
        initial = {c: getattr(mesure, c) for c in ("lieu_vie", "type_etablissement", "numero_dossier")}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["type_etablissement"].sans_mention = True
        if renouvelee is not None:
            for nom in self.fields.keys() - {"date_jugement"}:
                del self.fields[nom]
            self.avec_adresse = False
            return
        self.avec_adresse = not adresse_connue(mesure) and not sans_adresse(mesure.nature, "")
        if self.avec_adresse:
            self._preparer_adresse()
        else:
            for nom in CHAMPS_ADRESSE:
                del self.fields[nom]

    def clean_date_jugement(self):
        jour = self.cleaned_data["date_jugement"]
        faute = faute_date(self.renouvelee, jour) if self.renouvelee else ""
        if faute:
            raise forms.ValidationError(faute, code="date")
        return jour

    def clean(self) -> dict:
        donnees = super().clean()
        if self.renouvelee is not None:
            return donnees
        lieu_vie = donnees.get("lieu_vie", "")
        if lieu_vie not in EN_ETABLISSEMENT:
            donnees["type_etablissement"] = ""
        elif not donnees.get("type_etablissement"):
            self.add_error("type_etablissement", "Choisissez le type d’établissement.")
        if self.avec_adresse:
            if lieu_vie == LieuVie.SDF:
                for nom in CHAMPS_ADRESSE:
                    self._errors.pop(nom, None)
                donnees |= {"pays": "", "code_postal": "", "commune": None, "ville": ""}
            else:
                self.nettoyer_adresse(donnees)
        return donnees

    def reponses(self) -> dict:
        """Arguments of services.mandat.valider."""
        donnees = {c: v for c, v in self.cleaned_data.items() if c not in CHAMPS_ADRESSE}
        if self.avec_adresse:
            donnees["adresse"] = {c: self.cleaned_data[c] for c in CHAMPS_ADRESSE}
        return donnees


class DeclinerForm(FormulaireDsfr, forms.Form):
    motif = forms.ChoiceField(
        label="Pourquoi ne pouvez-vous pas la prendre ?",
        help_text="Le tribunal lira votre réponse.",
        choices=MotifDeclin,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une raison."},
    )
    precision = TexteSansNom(
        label="Précision",
        help_text="N’écrivez aucun nom. 500 caractères au plus",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict:
        donnees = super().clean()
        if (
            donnees.get("motif") == MotifDeclin.AUTRE
            and not donnees.get("precision")
            and "precision" not in self.errors
        ):
            self.add_error("precision", "Précisez la raison.")
        return donnees


class TerminerForm(FormulaireDsfr, forms.Form):
    motif = forms.ChoiceField(
        label="Motif de fin",
        widget=forms.RadioSelect,
        choices=choix_motif_fin,
        error_messages={"required": "Choisissez un motif."},
    )
    date_fin = DateFrancaise(label="Date de fin", error_messages={"required": "Écrivez la date de fin."})

    def __init__(self, *args, mesure: Mesure, **kwargs):
        self.mesure = mesure
        super().__init__(*args, **kwargs)
        if mesure.date_jugement:
            jugement = date_longue(mesure.date_jugement)
            self.fields["date_fin"].help_text = f"Entre le {jugement}, date du jugement, et aujourd’hui"

    def clean_date_fin(self):
        jour = self.cleaned_data["date_fin"]
        faute = faute_date_fin(self.mesure, jour)
        if faute:
            raise forms.ValidationError(faute, code="date")
        return jour
