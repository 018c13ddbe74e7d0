"""The search form: a GET form that never refuses, odd values count for nothing."""

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.texte import propre
from mandataires.enums import Competence, Langue
from mandataires.models import Mandataire
from mesures.origine import Origine
from mesures.recherche import PLACES, RAYONS, Criteres, Habilites, Ordre
from tribunaux.models import Tribunal

TYPES = [
    ("", "Tous"),
    (Mandataire.Categorie.INDIVIDUEL.value, "Individuels"),
    (Mandataire.Categorie.PREPOSE.value, "Préposés"),
    (Mandataire.Categorie.SERVICE.value, "Services"),
]


def _lieu(texte) -> str:
    return propre(texte)[:120]


class RechercheForm(FormulaireDsfr, forms.Form):
    """From a query string to Criteres. Build it with `depuis_url`."""

    marquer_optionnels = False

    lieu = forms.CharField(
        label="Autour de",
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "aria-describedby": "id_lieu_aide", "data-communes": True, "maxlength": 120}
        ),
    )
    rayon = forms.TypedChoiceField(
        choices=[("", "Sans limite"), *((r, f"{r} km") for r in RAYONS)], coerce=int, empty_value=None, required=False
    )
    habilites = forms.ChoiceField(label="Habilités", required=False)
    type = forms.ChoiceField(choices=TYPES, required=False)
    places = forms.TypedChoiceField(
        choices=[("", "Peu importe"), *((p, f"Au moins {p}") for p in PLACES)],
        coerce=int,
        empty_value=0,
        required=False,
    )
    texte = forms.CharField(
        label="Nom, service, ville ou adresse électronique",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 120}),
    )
    etablissement = forms.CharField(
        label="Établissement d’un préposé",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 120}),
    )
    atout = forms.ChoiceField(
        label="Langue ou compétence",
        choices=[("", "Peu importe"), ("Langues", Langue.choices), ("Compétences", Competence.choices)],
        required=False,
    )
    actifs = forms.BooleanField(label="Masquer les activités en pause", required=False)
    ordre = forms.ChoiceField(choices=Ordre.choices, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, tribunal: Tribunal, **kwargs):
        super().__init__(*args, **kwargs)
        self.tribunal = tribunal
        self.fields["habilites"].choices = [
            (Habilites.TRIBUNAL.value, Habilites.TRIBUNAL.label),
            (Habilites.DEPARTEMENT.value, tribunal.commune.departement.locatif),
            (Habilites.FRANCE.value, Habilites.FRANCE.label),
        ]

    @classmethod
    def depuis_url(cls, donnees, tribunal: Tribunal) -> "RechercheForm":
        """The form of a query string, its odd values forgotten, its place filled with the court when absent."""
        form = cls(donnees, tribunal=tribunal)
        form.is_valid()
        propres = {nom: donnees.get(nom, "") for nom in form.fields if nom not in form.errors}
        propres["lieu"] = _lieu(propres.get("lieu")) or tribunal.nom
        for nom in ("texte", "etablissement"):
            propres[nom] = propre(propres.get(nom))[:120]
        if not form.cleaned_data.get("actifs"):
            propres.pop("actifs", None)
        form = cls({nom: v for nom, v in propres.items() if v}, tribunal=tribunal)
        form.is_valid()
        return form

    def criteres(self, origine: Origine) -> Criteres:
        donnees = self.cleaned_data
        return Criteres(
            tribunal=self.tribunal,
            origine=origine,
            rayon=donnees["rayon"],
            habilites=donnees["habilites"] or Habilites.TRIBUNAL,
            type=donnees["type"],
            places=donnees["places"],
            texte=donnees["texte"],
            etablissement=donnees["etablissement"],
            atout=donnees["atout"],
            actifs=donnees["actifs"],
            ordre=donnees["ordre"] or Ordre.DEFAUT,
        )

    @property
    def autres_criteres(self) -> int:
        """How many of the folded criteria are set: the fold is then open."""
        return sum(bool(self.cleaned_data.get(nom)) for nom in ("texte", "etablissement", "atout", "actifs"))
