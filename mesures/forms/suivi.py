"""The filters of « Mesures du tribunal »: a GET form that never refuses."""

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr
from mesures.enums import Nature


class SuiviForm(FormulaireDsfr, forms.Form):
    """Filters of « Mesures du tribunal »."""

    marquer_optionnels = False

    rg = forms.CharField(label="Numéro RG", required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    nature = forms.ChoiceField(choices=[("", "Toutes"), *Nature.choices], required=False)
    cabinet = forms.ChoiceField(required=False)
    mandataire = forms.ChoiceField(required=False)

    def __init__(self, *args, cabinets: list[str], mandataires: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cabinet"].choices = [("", "Tous"), *((c, c) for c in cabinets)]
        self.fields["mandataire"].choices = [("", "Tous"), *mandataires]

    def filtres(self) -> dict:
        """What is asked and makes sense."""
        self.is_valid()
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if valeur}
