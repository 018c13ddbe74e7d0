"""Inviting a colleague, and changing what one may do."""

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr

from ..models import Lieu, Mandataire
from .champs import ADRESSE_INCOMPLETE

MEMBRE, ADMINISTRATEUR = "membre", "administrateur"


class MembreForm(FormulaireDsfr, forms.Form):
    """Role, and the antenne somebody is limited to. Only the service's own antennes are known here."""

    role = forms.ChoiceField(
        label="Rôle",
        choices=[(MEMBRE, "Membre"), (ADMINISTRATEUR, "Administrateur")],
        error_messages={"required": "Choisissez un rôle.", "invalid_choice": "Choisissez un rôle."},
    )
    antenne = forms.ModelChoiceField(
        label="Antenne",
        queryset=Lieu.objects.none(),
        required=False,
        empty_label="Tout le service",
        error_messages={"invalid_choice": "Choisissez une antenne du service."},
    )

    def __init__(self, *args, mandataire: Mandataire, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["antenne"].queryset = mandataire.lieux.select_related("commune")
        self.fields["antenne"].sans_mention = True

    def clean(self):
        donnees = super().clean()
        if donnees.get("role") == ADMINISTRATEUR and donnees.get("antenne"):
            self.add_error("antenne", "Un administrateur agit pour tout le service : choisissez « Tout le service ».")
        return donnees

    @property
    def acces(self) -> dict:
        """For services.inviter and changer_membre."""
        return {"administrateur": self.cleaned_data["role"] == ADMINISTRATEUR, "lieu": self.cleaned_data["antenne"]}


class InvitationForm(MembreForm):
    courriel = forms.EmailField(
        label="E-mail professionnel",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Écrivez l’adresse électronique de la personne.",
            "invalid": ADRESSE_INCOMPLETE,
        },
    )
    field_order = ["courriel", "role", "antenne"]
