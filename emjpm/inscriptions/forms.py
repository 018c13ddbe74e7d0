"""One form per role, made of blocks of fields, on allauth's sign-up form.

From allauth: the address never told to be known, the verification mail, the rules of passwords, the rate limit.
"""

from allauth.account.forms import SignupForm
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.comptes.adaptateur import Adaptateur
from emjpm.comptes.forms import AIDE_MOT_DE_PASSE, accorder, accorder_adresse
from emjpm.comptes.models import Civilite, Perimetre, Role, Utilisateur
from emjpm.geographie.models import Departement, Region
from mandataires.forms.champs import EN_TOUT, champ_capacite
from mandataires.models import Mandataire
from tribunaux.models import Tribunal

from . import services
from .champs import (
    ChampChoixVerifieApres,
    ChampFiness,
    ChampPlusieurs,
    ChampSiret,
    ChampTelephone,
    ChampTexte,
    ChampVerifieApres,
    communes_du_code,
    resoudre_commune,
)

ETABLISSEMENTS_MAX = 5


class BlocTelephones(forms.Form):
    telephone = ChampTelephone(label="Téléphone")
    telephone_portable = ChampTelephone(label="Téléphone portable", required=False)


class BlocAdresse(forms.Form):
    adresse = ChampTexte(
        label="Adresse professionnelle", help_text="Numéro et voie", max_length=200, vide="Écrivez votre adresse."
    )
    complement = ChampTexte(label="Complément d’adresse", max_length=200, required=False)
    code_postal = ChampTexte(label="Code postal", vide="Écrivez un code postal. Exemple : 57000")
    commune = ChampVerifieApres(label="Commune")

    adresse.widget.attrs["autocomplete"] = "address-line1"
    complement.widget.attrs["autocomplete"] = "address-line2"
    code_postal.widget.attrs |= {"inputmode": "numeric", "autocomplete": "postal-code"}
    commune.widget.attrs["autocomplete"] = "address-level2"

    def clean(self):
        donnees = super().clean()
        resoudre_commune(self)
        return donnees


class BlocTribunaux(forms.Form):
    tribunaux = ChampPlusieurs(
        label="Tribunaux",
        queryset=Tribunal.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins un tribunal.",
            "invalid_choice": "Un des tribunaux choisis n’existe plus : choisissez de nouveau.",
            "invalid_pk_value": "Un des tribunaux choisis n’existe pas : choisissez de nouveau.",
        },
    )


class BlocCapacite(forms.Form):
    capacite = champ_capacite(aide=f"{EN_TOUT}. Vous pourrez le changer à tout moment.")


class DemandeForm(FormulaireDsfr, SignupForm):
    """What every request has: who, and the access (address and password last)."""

    role: Role
    blocs: tuple[str, ...] = ("vous", "acces")
    ordre: tuple[str, ...] = ()
    propres: tuple[str, ...] = ()
    """Fields copied as they are into the request."""

    civilite = forms.ChoiceField(
        label="Civilité",
        choices=Civilite.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une civilité."},
    )
    prenom = ChampTexte(label="Prénom", max_length=80, vide="Écrivez votre prénom.")
    nom = ChampTexte(label="Nom", max_length=80, vide="Écrivez votre nom.")
    prenom.widget.attrs["autocomplete"] = "given-name"
    nom.widget.attrs["autocomplete"] = "family-name"

    def __init__(self, *args, reprise: Utilisateur | None = None, **kwargs):
        """`reprise`: a refused person recognised at the gate, who asks again with the same address."""
        self.reprise = reprise
        self.communes_proposees: dict[str, list] = {}
        self.empreinte: str | None = None
        super().__init__(*args, **kwargs)
        accorder_adresse(
            self.fields["email"],
            aide="Elle servira d’identifiant. Un message de confirmation y sera envoyé.",
        )
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        aide = f"{AIDE_MOT_DE_PASSE}{' À écrire de nouveau : il n’est jamais gardé.' if self.is_bound else ''}"
        accorder(self.fields["password1"], "Mot de passe", "Écrivez un mot de passe.", aide)
        if "tribunaux" in self.fields:
            self.fields["tribunaux"].queryset = Tribunal.objects.ouverts()
        self.preparer()
        self.order_fields(["civilite", "prenom", "nom", *self.ordre, "email", "password1"])

    def preparer(self) -> None:
        """Hook: fields that depend on what was sent."""

    def validate_unique_email(self, value) -> str:
        if self.reprise is not None and value == self.reprise.email:
            return value
        return super().validate_unique_email(value)

    def clean(self):
        donnees = super().clean()
        mot_de_passe = donnees.get("password1")
        if mot_de_passe and "password1" not in self.errors:
            # allauth compared it with the address alone: the name counts too.
            personne = Utilisateur(
                email=donnees.get("email", ""), prenom=donnees.get("prenom", ""), nom=donnees.get("nom", "")
            )
            try:
                Adaptateur().clean_password(mot_de_passe, personne)
            except ValidationError as erreur:
                self.add_error("password1", erreur)
        return donnees

    def calculer_empreinte(self) -> None:
        """Hash the password before the transaction, and whether or not the address is known: same delay for all."""
        self.empreinte = make_password(self.cleaned_data["password1"])

    def donnees(self) -> dict:
        """What `services.deposer` needs."""
        return {champ: self.cleaned_data.get(champ) for champ in self.propres}

    def save(self, request) -> Utilisateur:
        """The account and its request. Called by allauth when the address is free (or is the person's own)."""
        if self.empreinte is None:
            self.calculer_empreinte()
        email = self.cleaned_data["email"]
        reprend = self.reprise is not None and self.reprise.email == email
        utilisateur = self.reprise if reprend else Utilisateur(email=email)
        utilisateur.civilite = self.cleaned_data["civilite"]
        utilisateur.prenom, utilisateur.nom = self.cleaned_data["prenom"], self.cleaned_data["nom"]
        utilisateur.password = self.empreinte
        services.deposer(utilisateur=utilisateur, role=self.role, donnees=self.donnees())
        if not reprend:
            setup_user_email(request, utilisateur, [EmailAddress(email=email)])
        return utilisateur

    def communes(self, prefixe: str = "") -> list:
        """Communes to choose from by radio buttons: after a doubt, or when one had been chosen that way."""
        if prefixe in self.communes_proposees or not self.is_bound:
            return self.communes_proposees.get(prefixe, [])
        communes = communes_du_code(self.data.get(f"{prefixe}code_postal", ""))
        return communes if self.data.get(f"{prefixe}commune") in {c.insee for c in communes} else []


class IndividuelForm(DemandeForm, BlocTelephones, BlocAdresse, BlocCapacite, BlocTribunaux):
    role = Role.INDIVIDUEL
    blocs = ("vous", "activite", "tribunaux", "acces")
    propres = (
        *("siret", "telephone", "telephone_portable", "adresse", "complement", "code_postal", "commune"),
        *("capacite", "tribunaux"),
    )
    ordre = propres

    siret = ChampSiret()


class PreposeForm(DemandeForm, BlocTelephones, BlocCapacite, BlocTribunaux):
    role = Role.PREPOSE
    blocs = ("vous", "etablissements", "activite", "tribunaux", "acces")
    propres = ("telephone", "telephone_portable", "capacite", "tribunaux")

    def preparer(self) -> None:
        envoyes = str(self.data.get("nb_etablissements", "1")) if self.is_bound else "1"
        self.nombre = min(max(int(envoyes), 1), ETABLISSEMENTS_MAX) if envoyes.isdecimal() and len(envoyes) < 3 else 1
        for rang in range(1, self.nombre + 1):
            suffixe = f" {rang}" if self.nombre > 1 else ""
            prefixe = f"etablissement_{rang}_"
            self.fields[f"{prefixe}nom"] = ChampVerifieApres(label=f"Nom de l’établissement{suffixe}", max_length=120)
            self.fields[f"{prefixe}finess"] = ChampFiness(
                label=f"Numéro FINESS{suffixe}", help_text="9 caractères. Exemple : 570000646", required=False
            )
            code = ChampVerifieApres(label=f"Code postal{suffixe}")
            code.widget.attrs["inputmode"] = "numeric"
            self.fields[f"{prefixe}code_postal"] = code
            self.fields[f"{prefixe}commune"] = ChampVerifieApres(label=f"Commune{suffixe}")
        self.ordre = (*(c for c in self.fields if c.startswith("etablissement_")), *self.propres)

    def etablissements(self) -> list[dict]:
        """For the template: one entry per establishment, with its bound fields."""
        return [
            {
                "rang": rang,
                "nom": self[f"etablissement_{rang}_nom"],
                "finess": self[f"etablissement_{rang}_finess"],
                "code_postal": self[f"etablissement_{rang}_code_postal"],
                "commune": self[f"etablissement_{rang}_commune"],
                "communes": self.communes(f"etablissement_{rang}_"),
            }
            for rang in range(1, self.nombre + 1)
        ]

    def clean(self):
        donnees = super().clean()
        for rang in range(1, self.nombre + 1):
            prefixe = f"etablissement_{rang}_"
            champs = [f"{prefixe}{c}" for c in ("nom", "finess", "code_postal", "commune")]
            if rang > 1 and not any(donnees.get(c) or c in self.errors for c in champs):
                continue  # an establishment added, then left empty
            if not donnees.get(f"{prefixe}nom") and f"{prefixe}nom" not in self.errors:
                self.add_error(f"{prefixe}nom", "Écrivez le nom de l’établissement.")
            if not donnees.get(f"{prefixe}code_postal"):
                self.add_error(f"{prefixe}code_postal", "Écrivez un code postal. Exemple : 57000")
            resoudre_commune(self, prefixe)
        return donnees

    def donnees(self) -> dict:
        declares = []
        for rang in range(1, self.nombre + 1):
            valeurs = {
                champ: self.cleaned_data.get(f"etablissement_{rang}_{champ}")
                for champ in ("nom", "finess", "code_postal", "commune")
            }
            if valeurs["nom"]:
                declares.append(valeurs)
        return {**super().donnees(), "etablissements": declares}


class ServiceForm(DemandeForm, BlocTelephones, BlocAdresse, BlocCapacite, BlocTribunaux):
    role = Role.SERVICE
    blocs = ("vous", "service", "acces")
    nouveau = (
        *("nom_service", "siret", "telephone", "telephone_portable", "adresse", "complement"),
        *("code_postal", "commune", "capacite", "tribunaux"),
    )
    propres = ("service", *nouveau)
    ordre = propres

    service = ChampChoixVerifieApres(
        label="Votre service",
        queryset=Mandataire.objects.none(),
        empty_label="Mon service n’est pas dans la liste",
        error_messages={"invalid_choice": "Ce service n’est plus dans la liste : choisissez de nouveau."},
    )
    nom_service = ChampTexte(label="Nom du service", max_length=160, vide="Écrivez le nom du service.")
    siret = ChampSiret(label="SIRET du service")

    def preparer(self) -> None:
        self.fields["service"].queryset = Mandataire.objects.filter(categorie="service").visibles()
        self.existant = bool(self.is_bound and self.data.get("service"))
        self.fields["siret"].error_messages["required"] = "Écrivez le SIRET du service."

    @property
    def nouveau_ouvert(self) -> bool:
        """Is the description of a new service unfolded? As soon as it was begun, or is due."""
        if not self.is_bound or self.existant:
            return False
        return bool(self.errors) or any(self.data.get(c) for c in (*self.nouveau, "chercher_tribunal"))

    def clean(self):
        donnees = super().clean()
        if self.existant:  # an existing service has its own profile: what was typed for a new one is left aside
            for champ in self.nouveau:
                self._errors.pop(champ, None)
                donnees[champ] = None
        return donnees

    def donnees(self) -> dict:
        return {c: v for c, v in super().donnees().items() if v is not None}


class _TribunalForm(DemandeForm):
    blocs = ("vous", "tribunal", "acces")
    propres = ("tribunal", "cabinet")
    ordre = propres

    tribunal = forms.ModelChoiceField(
        label="Votre tribunal",
        queryset=Tribunal.objects.none(),
        empty_label="Choisir un tribunal",
        error_messages={
            "required": "Choisissez votre tribunal.",
            "invalid_choice": "Ce tribunal n’est plus dans la liste : choisissez de nouveau.",
        },
    )
    cabinet = ChampTexte(label="Cabinet", max_length=40, required=False)
    cabinet.widget.attrs["class"] = "em-court"

    def preparer(self) -> None:
        self.fields["tribunal"].queryset = Tribunal.objects.ouverts()


class MagistratForm(_TribunalForm):
    role = Role.MAGISTRAT


class GreffierForm(_TribunalForm):
    role = Role.GREFFIER


class DirectionNationaleForm(DemandeForm):
    role = Role.DIRECTION
    niveau = Perimetre.Niveau.NATIONAL

    def donnees(self) -> dict:
        return {**super().donnees(), "niveau": self.niveau}


class DirectionRegionaleForm(DirectionNationaleForm):
    niveau = Perimetre.Niveau.REGIONAL
    blocs = ("vous", "territoire", "acces")
    propres = ("region",)
    ordre = propres

    region = forms.ModelChoiceField(
        label="Votre région",
        queryset=Region.objects.all(),
        empty_label="Choisir une région",
        error_messages={"required": "Choisissez votre région."},
    )


class DirectionDepartementaleForm(DirectionNationaleForm):
    niveau = Perimetre.Niveau.DEPARTEMENTAL
    blocs = ("vous", "territoire", "acces")
    propres = ("departement",)
    ordre = propres

    departement = forms.ModelChoiceField(
        label="Votre département",
        queryset=Departement.objects.all(),
        empty_label="Choisir un département",
        error_messages={"required": "Choisissez votre département."},
    )
