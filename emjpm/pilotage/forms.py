"""The territory bar."""

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr

from .indicateurs import Base
from .territoires import Atlas, Niveau, Territoire


class PerimetreForm(FormulaireDsfr, forms.Form):
    """What is shown: a territory among those of the agent, and how mandataires are counted in it."""

    marquer_optionnels = False
    territoire = forms.ChoiceField(label="Territoire", required=False)
    base = forms.ChoiceField(label="Compter par", choices=Base.choices, required=False)

    def __init__(self, *, atlas: Atlas, territoire: Territoire, base: Base) -> None:
        super().__init__(initial={"territoire": territoire.cle, "base": base}, auto_id="id_%s")
        propre, *dedans = atlas.permis.values()
        groupes = {"Régions": Niveau.REGIONAL, "Départements": Niveau.DEPARTEMENTAL}
        choix = [(nom, [(t.cle, t.nom) for t in dedans if t.niveau == niveau]) for nom, niveau in groupes.items()]
        self.fields["territoire"].choices = [(propre.cle, propre.nom), *(groupe for groupe in choix if groupe[1])]
