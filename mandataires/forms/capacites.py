"""At most how many mesures in each département of one's courts."""

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.templatetags.emjpm import nombre
from emjpm.geographie.models import Departement

from ..models import Mandataire
from .champs import champ_capacite


class CapacitesForm(FormulaireDsfr, forms.Form):
    """One field per département, all optional. None may pass the one capacity, which it details."""

    def __init__(self, data=None, *, mandataire: Mandataire, departements: list[Departement], **kwargs):
        self.mandataire = mandataire
        deja = dict(mandataire.capacites.values_list("departement", "capacite"))
        super().__init__(data, initial={f"departement_{code}": n for code, n in deja.items()}, **kwargs)
        for departement in departements:
            champ = champ_capacite(str(departement))
            champ.widget.is_required = False
            self.fields[f"departement_{departement.pk}"] = champ

    def clean(self):
        donnees = super().clean()
        limite = self.mandataire.capacite
        for nom, valeur in list(donnees.items()):  # add_error takes one out
            if valeur is not None and limite is not None and valeur > limite:
                self.add_error(nom, f"C’est plus que les {nombre(limite)} mesures souhaitées en tout.")
        return donnees

    @property
    def capacites(self) -> dict[str, int | None]:
        """For services.detailler_capacite."""
        return {nom.removeprefix("departement_"): valeur for nom, valeur in self.cleaned_data.items()}
