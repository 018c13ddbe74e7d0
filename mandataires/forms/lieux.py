"""An antenne of a service, or an establishment of a préposé: one form, some fields of its own for each."""

from typing import Any

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.texte import propre

from .. import services
from ..models import Lieu, Mandataire
from ..validateurs import chiffres, valider_finess
from .champs import ADRESSE, ADRESSE_INCOMPLETE, ChampsAdresse, champ_capacite, champ_telephone, numero


class LieuForm(FormulaireDsfr, ChampsAdresse):
    nom = forms.CharField(max_length=120, error_messages={"max_length": "Écrivez 120 caractères au plus."})
    finess = forms.CharField(
        label="Numéro FINESS",
        help_text="9 caractères. Exemple : 570000646",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"class": "em-moyen", "autocomplete": "off"}),
        error_messages={"max_length": "Un numéro FINESS a 9 caractères."},
    )
    telephone = champ_telephone("Téléphone", autocomplete="off")
    courriel = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        required=False,
        error_messages={"invalid": ADRESSE_INCOMPLETE},
    )
    capacite = champ_capacite()
    principal = forms.BooleanField(required=False)

    def __init__(self, data=None, *, mandataire: Mandataire, lieu: Lieu | None = None, **kwargs):
        self.mandataire, self.lieu = mandataire, lieu
        data = data.copy() if data is not None else None
        super().__init__(data, **kwargs)
        self.initial = self._valeurs() | self.initial
        self._adapter_a_la_categorie()
        self.fields["code_postal"].required = self.fields["commune"].required = True
        self.fields["adresse"].required = False
        if lieu is not None and lieu.principal:
            del self.fields["principal"]  # another one takes it; it is not laid down
        self.preparer_communes()
        self.order_fields(["nom", "finess", *ADRESSE, "commune"])

    def _valeurs(self) -> dict[str, Any]:
        lieu = self.lieu
        if lieu is None:
            return {}
        copies = ("nom", "finess", "courriel", "capacite", *ADRESSE)
        return {
            **{champ: getattr(lieu, champ) for champ in copies},
            "telephone": lieu.telephone.as_national if lieu.telephone else "",
            "commune": lieu.commune_id or "",
        }

    def _adapter_a_la_categorie(self) -> None:
        champs = self.fields
        if self.mandataire.est_prepose:
            champs["nom"].label = "Nom de l’établissement"
            champs["nom"].error_messages["required"] = "Écrivez le nom de l’établissement."
            champs["capacite"].help_text = "Pour cet établissement. Votre nombre en tout se change dans « Profil »."
            champs["principal"].label = "Établissement de rattachement"
            champs["principal"].help_text = "Celui depuis lequel vous exercez : son adresse est la vôtre."
            del champs["courriel"]
        else:
            champs["nom"].label = "Nom de l’antenne"
            champs["nom"].error_messages["required"] = "Écrivez le nom de l’antenne."
            champs["capacite"].help_text = "Laissez vide : l’antenne partage le nombre du service."
            champs["principal"].label = "Siège du service"
            champs["principal"].help_text = "Son adresse est celle du service."
            del champs["finess"]

    def clean_nom(self) -> str:
        return propre(self.cleaned_data["nom"])

    def clean_finess(self) -> str:
        finess = chiffres(self.cleaned_data["finess"]).upper()
        if not finess:
            return ""
        try:
            valider_finess(finess)
        except forms.ValidationError as erreur:
            if erreur.code == "finess_longueur" and len(finess) < 9:
                manque = 9 - len(finess)
                mots = "un chiffre" if manque == 1 else f"{manque} chiffres"
                raise forms.ValidationError(f"Il manque {mots} : {finess} en a {len(finess)}.") from erreur
            raise
        return finess

    def clean_telephone(self) -> str:
        return numero(self.cleaned_data["telephone"])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        self.verifier_adresse(donnees)
        double = services.deja_la(self.mandataire, donnees, sauf=self.lieu)
        if double is not None:
            self.add_error(*double)
        return donnees

    @property
    def champs(self) -> dict[str, Any]:
        """For services.ajouter_lieu and modifier_lieu."""
        propres = ("nom", "finess", "telephone", "courriel", "capacite")
        return {c: self.cleaned_data[c] for c in propres if c in self.cleaned_data} | self.adresse_saisie

    @property
    def devient_principal(self) -> bool:
        return self.cleaned_data.get("principal", False)
