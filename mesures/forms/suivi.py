"""The filters of « Mesures du tribunal »: a GET form; a filter that makes no sense is told and left aside."""

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.texte import propre
from mesures.enums import Nature
from mesures.suivi_listes import Onglet, Registre

from .champs import DateFrancaise


class ListeLegere(forms.Select):
    """A select whose options are written in one go: a template for each costs more than the whole page, from a
    hundred on."""

    option_inherits_attrs = False
    template_name = "recherche/_liste_legere.html"

    def get_context(self, name, value, attrs):
        contexte = forms.Widget.get_context(self, name, value, attrs)
        choisi = "" if value is None else str(value)
        contexte["options"] = [(str(cle), nom, str(cle) == choisi) for cle, nom in self.choices]
        return contexte


class SuiviForm(FormulaireDsfr, forms.Form):
    """Filters of a tab. The dates are those of the tab: reserved, judged, ended, closed, validated."""

    marquer_optionnels = False

    rg = forms.CharField(
        label="Numéro RG", required=False, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    nature = forms.ChoiceField(choices=[("", "Toutes"), *Nature.choices], required=False)
    cabinet = forms.ChoiceField(required=False, widget=ListeLegere)
    mandataire = forms.ChoiceField(required=False, widget=ListeLegere)
    du = DateFrancaise(required=False)
    au = DateFrancaise(label="au", required=False)

    def __init__(self, *args, onglet: Onglet, registre: Registre, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cabinet"].choices = [("", "Tous"), *((c, c) for c in registre.cabinets)]
        self.fields["mandataire"].choices = [("", "Tous"), *registre.mandataires]
        self.fields["du"].label = onglet.periode[0]
        for champ in ("nature", "cabinet", "mandataire"):
            self.fields[champ].error_messages["invalid_choice"] = "Choisissez dans la liste."

    def clean_rg(self) -> str:
        return propre(self.cleaned_data["rg"])

    def clean(self):
        donnees = super().clean()
        du, au = donnees.get("du"), donnees.get("au")
        if du and au and au < du:
            self.add_error("au", "Écrivez une date après la première.")
        return donnees

    def filtres(self) -> dict:
        """What is asked and makes sense."""
        self.is_valid()
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if valeur}
