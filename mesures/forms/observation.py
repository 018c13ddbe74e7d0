"""What a court notes on a mandataire."""

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr

from .champs import TexteSansNom


class ObservationForm(FormulaireDsfr, forms.Form):
    """One short text, where nobody is named."""

    texte = TexteSansNom(
        label="Observation",
        help_text="Aucun nom de personne protégée. 500 caractères au plus.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez l’observation.", "max_length": "Écrivez 500 caractères au plus."},
    )
