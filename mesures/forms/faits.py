"""The facts of a mesure: the form that creates one and corrects one."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.templatetags.emjpm import date_longue
from emjpm.comptes.models import Civilite
from mandataires.models import Lieu, Mandataire
from mesures.enums import EN_ETABLISSEMENT, Champ, Nature
from mesures.models import Mesure
from mesures.numero_rg import forme_habituelle
from mesures.services.commun import sans_adresse
from mesures.services.mandat import FAITS, faute_jugement_et_suite
from tribunaux.models import Tribunal

from .adresse import AdresseMixin
from .champs import (
    ChampSansNom,
    MontantAnnuel,
    TexteSansNom,
    champ_annee,
    champ_annee_ressources,
    champ_date_jugement,
    champ_dossier,
    champ_prestations,
    choix_etablissement,
    choix_lieu_vie,
    en_phrase,
    tribunaux_par_groupe,
)

RESSOURCES = ("ressources_annee", "ressources_niveau", "prestations")


class FaitsForm(FormulaireDsfr, AdresseMixin):
    """Every fact a mandataire may write. `mesure` given: its facts are the initial values."""

    nature = forms.ChoiceField(
        label="Nature de la mesure",
        choices=[("", "Choisir"), *Nature.choices],
        error_messages={"required": "Choisissez la nature de la mesure."},
    )
    champ = forms.ChoiceField(choices=[("", "Non précisé"), *en_phrase(Champ.choices)], required=False)
    date_jugement = champ_date_jugement()
    tribunal = forms.ModelChoiceField(
        queryset=Tribunal.objects.none(),
        help_text="Les vôtres d’abord",
        error_messages={"required": "Choisissez le tribunal."},
    )
    cabinet = TexteSansNom(help_text="Un chiffre ou une lettre", max_length=40, required=False)
    numero_rg = ChampSansNom(
        label="Numéro RG", sujet="Le numéro RG", help_text="Exemple : 21B00167", max_length=40, required=False
    )
    numero_dossier = champ_dossier()
    civilite = forms.ChoiceField(
        label="Civilité",
        choices=Civilite,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la civilité."},
    )
    annee_naissance = champ_annee()
    lieu_vie = forms.ChoiceField(
        label="Lieu de vie",
        choices=choix_lieu_vie,
        help_text="Sans domicile fixe : pas d’adresse à saisir",
        error_messages={"required": "Choisissez un lieu de vie."},
    )
    type_etablissement = forms.ChoiceField(
        label="Type d’établissement",
        choices=choix_etablissement,
        required=False,
        help_text="Seulement en établissement",
        widget=forms.Select(attrs={"data-seulement-si": "lieu_vie etablissement"}),
    )
    ressources_annee = champ_annee_ressources()
    ressources_niveau = MontantAnnuel(
        label="Ressources de l’année", help_text="En euros. Exemple : 12 500", required=False
    )
    prestations = champ_prestations()
    lieu = forms.ModelChoiceField(queryset=Lieu.objects.none(), required=False)

    field_order = [*FAITS]

    def __init__(self, *args, mandataire: Mandataire, utilisateur, mesure: Mesure | None = None, **kwargs):
        self.mandataire, self.mesure, self.numero_pris = mandataire, mesure, None
        if mesure is not None:
            kwargs["initial"] = faits_de(mesure) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["tribunal"].queryset = Tribunal.objects.all()
        self.fields["tribunal"].choices = tribunaux_par_groupe(mandataire, mesure.tribunal if mesure else None)
        self.offerts = {pk for _, groupe in self.fields["tribunal"].choices[1:] for pk, _ in groupe}
        self.fields["type_etablissement"].sans_mention = True
        self._preparer_lieux(utilisateur)
        self._preparer_adresse()
        if mesure is not None:
            # What was never known does not stand in the way of another correction.
            for nom in ("civilite", "lieu_vie"):
                self.fields[nom].required = bool(getattr(mesure, nom))
        rg = self["numero_rg"].value()
        if rg and not forme_habituelle(rg):
            # The bound field, drawn already, keeps the hint it was made with.
            self["numero_rg"].help_text = "Ce numéro n’a pas la forme habituelle, il sera gardé tel quel."

    def _preparer_lieux(self, utilisateur) -> None:
        """Only where there are several places, and for members not limited to one: the antenne, the establishment."""
        membre = getattr(utilisateur, "membre", None)
        limite = membre is not None and membre.lieu_id is not None
        lieux = [] if limite else self.mandataire.lieux_de_suivi()
        if len(lieux) < 2:
            del self.fields["lieu"]
            return
        mots = self.mandataire.mots_du_lieu
        self.fields["lieu"].label = mots.titre
        self.fields["lieu"].queryset = self.mandataire.lieux.all()
        self.fields["lieu"].choices = [("", mots.sans), *((lieu.pk, str(lieu)) for lieu in lieux)]

    def clean_tribunal(self) -> Tribunal:
        tribunal = self.cleaned_data["tribunal"]
        if tribunal.pk not in self.offerts:
            raise ValidationError("Ce tribunal est fermé : choisissez celui qui l’a remplacé.", code="ferme")
        return tribunal

    def clean(self) -> dict:
        donnees = super().clean()
        lieu_vie, nature = donnees.get("lieu_vie", ""), donnees.get("nature", "")
        if lieu_vie not in EN_ETABLISSEMENT:
            donnees["type_etablissement"] = ""
        elif not donnees.get("type_etablissement") and self._etablissement_exige(lieu_vie):
            self.add_error("type_etablissement", "Choisissez le type d’établissement.")
        if sans_adresse(nature, lieu_vie):
            for nom in ("pays", "code_postal", "commune", "ville"):
                self._errors.pop(nom, None)
            donnees |= {"pays": "", "code_postal": "", "commune": None, "ville": ""}
        else:
            connue = self.mesure and self.mesure.code_postal == donnees.get("code_postal")
            self.nettoyer_adresse(donnees, ville_connue=self.mesure.ville if connue else "")
        jugement = donnees.get("date_jugement")
        if self.mesure and self.mesure.date_fin and jugement and jugement > self.mesure.date_fin:
            fin = date_longue(self.mesure.date_fin)
            self.add_error("date_jugement", f"Le jugement ne peut pas suivre la fin du mandat, le {fin}.")
        elif self.mesure and jugement:
            faute = faute_jugement_et_suite(self.mesure, jugement)
            if faute:
                self.add_error("date_jugement", faute)
        return donnees

    def _etablissement_exige(self, lieu_vie: str) -> bool:
        return self.mesure is None or self.mesure.lieu_vie != lieu_vie

    def faits(self) -> dict:
        """The facts, for the services: only those this form shows."""
        return {nom: self.cleaned_data[nom] for nom in FAITS if nom in self.fields}

    @property
    def ressources_ouvertes(self) -> bool:
        """Folded while nothing was ever written there."""
        return any(self[nom].value() or self[nom].errors for nom in RESSOURCES)

    def refuser_numero(self, erreur, visible: bool) -> None:
        """Say beside the field that the number is taken; `numero_pris` is the mesure to open, if it may be."""
        self.numero_pris = erreur.mesure if visible else None
        self.add_error("numero_rg", str(erreur) if visible else f"{erreur.debut} Vérifiez le numéro.")


class CreationForm(FaitsForm):
    cle = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
    reste = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the row of the import it comes from


class ModificationForm(FaitsForm):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


def faits_de(mesure: Mesure) -> dict:
    """Initial values of a form: the stored facts, objects by their key."""
    faits = {nom: getattr(mesure, Mesure._meta.get_field(nom).attname) for nom in FAITS}
    return faits | {"pays": mesure.pays or "FR", "version": mesure.version}
