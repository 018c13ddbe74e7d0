"""What the forms of a profile and of a place share: words of errors, telephone, address and its commune."""

import re
from typing import Any

from django import forms
from django.conf import settings

from emjpm.geographie.models import Commune
from emjpm.geographie.telephones import numero_francais

from ..models import CAPACITE_MAX
from ..validateurs import chiffres

ENTIER = "Écrivez un nombre entier, de 0 à 10 000."
TELEPHONE = "Ce numéro de téléphone n’est pas valide. Exemple : 01 99 00 57 27"
ADRESSE = ("adresse", "complement", "code_postal")
ADRESSE_INCOMPLETE = "Écrivez une adresse complète. Exemple : nom@exemple.fr"

# With JavaScript: the list follows the postal code, the point of the map follows the commune. The very page that
# « Communes » draws, of which a fragment is kept.
_REDESSINER = {
    "hx-post": "",
    "hx-vals": '{"acte": "communes"}',
    "hx-swap": "outerHTML",
    "hx-sync": "closest form:replace",
}
VOIR_COMMUNES = _REDESSINER | {
    "hx-trigger": "input changed delay:400ms",
    "hx-target": "#choix-commune",
    "hx-select": "#choix-commune",
    "hx-select-oob": "#carte-adresse",
}
VOIR_ADRESSES = _REDESSINER | {
    "hx-vals": '{"acte": "adresses"}',
    "hx-trigger": "input changed delay:500ms",
    "hx-target": "#adresses",
    "hx-select": "#adresses",
}
VOIR_POINT = _REDESSINER | {
    "hx-trigger": "change",
    "hx-target": "#carte-adresse",
    "hx-select": "#carte-adresse",
}


def numero(saisi: str) -> str:
    """The telephone number as it is kept, empty when nothing was typed."""
    saisi = saisi.strip()
    lu = numero_francais(saisi) if saisi else ""
    if lu is None:
        raise forms.ValidationError(TELEPHONE)
    return lu


def champ_capacite(libelle: str = "Nombre de mesures souhaitées", aide: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=libelle,
        help_text=aide,
        required=False,
        min_value=0,
        max_value=CAPACITE_MAX,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), ENTIER),
        widget=forms.NumberInput(attrs={"class": "em-court", "inputmode": "numeric"}),
    )


class ChampsAdresse(forms.Form):
    """An address whose commune is chosen among those of the postal code: « Communes » lists them, no script needed."""

    adresse = forms.CharField(
        label="Numéro et voie",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": "Écrivez le numéro et la voie."},
    )
    complement = forms.CharField(label="Complément d’adresse", max_length=200, required=False)
    code_postal = forms.CharField(
        label="Code postal",
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"class": "em-court", "inputmode": "numeric", "autocomplete": "postal-code"}),
        error_messages={"required": "Écrivez le code postal."},
    )
    commune = forms.ChoiceField(
        label="Commune",
        required=False,
        error_messages={"required": "Choisissez la commune.", "invalid_choice": "Choisissez la commune."},
    )

    def preparer_communes(self) -> None:
        """Offer every commune of the postal code; a single one is chosen."""
        code = chiffres(str(self["code_postal"].value() or ""))
        self.communes = list(Commune.objects.du_code_postal(code)) if re.fullmatch(r"\d{5}", code) else []
        champ = self.fields["commune"]
        champ.choices = [("", "Choisir"), *((c.pk, str(c)) for c in self.communes)]
        champ.help_text = f"Toutes celles du {code}" if len(self.communes) > 1 else ""
        if settings.GEOCODEUR_ACTIF:
            self.fields["adresse"].widget.attrs |= VOIR_ADRESSES
        if "adresse_proposee" in self.initial:  # the button that was pressed is gone: one is still at the address
            self.fields["adresse"].widget.attrs["autofocus"] = True
        self.fields["code_postal"].widget.attrs |= VOIR_COMMUNES
        champ.widget.attrs |= VOIR_POINT
        connues = {c.pk for c in self.communes}
        if self.is_bound and self.data.get("commune") not in connues:
            self.data["commune"] = self.communes[0].pk if len(self.communes) == 1 else ""
        elif not self.is_bound and self.initial.get("commune") not in connues:
            self.initial["commune"] = self.communes[0].pk if len(self.communes) == 1 else ""

    @property
    def commune_choisie(self) -> Commune | None:
        """The one the page shows: chosen, kept or the only one."""
        return next((c for c in self.communes if c.pk == self["commune"].value()), None)

    def clean_code_postal(self) -> str:
        code = chiffres(self.cleaned_data["code_postal"])
        if code and not self.communes:
            raise forms.ValidationError(f"Aucune commune pour {code[:10]}. Vérifiez le code postal.")
        return code

    def verifier_adresse(self, donnees: dict[str, Any]) -> None:
        """To be called by `clean`: what goes together."""
        if donnees.get("code_postal") and not donnees.get("commune") and "commune" not in self.errors:
            self.add_error("commune", "Choisissez la commune.")
        if donnees.get("adresse") and not donnees.get("code_postal") and "code_postal" not in self.errors:
            self.add_error("code_postal", "Écrivez le code postal.")

    @property
    def adresse_saisie(self) -> dict[str, Any]:
        commune = next((c for c in self.communes if c.pk == self.cleaned_data["commune"]), None)
        return {c: self.cleaned_data[c] for c in ADRESSE} | {"commune": commune}
