"""The profile of a mandataire, as they edit it."""

from typing import Any

from django import forms

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.texte import propre
from emjpm.comptes.models import Utilisateur

from .. import services
from ..enums import Competence, Langue, Tendance
from ..models import Lieu, Mandataire
from ..pratique import enumerer
from ..validateurs import chiffres, sans_nom, valider_siret
from .champs import ADRESSE, ADRESSE_INCOMPLETE, EN_TOUT, ChampsAdresse, champ_capacite, champ_telephone, numero

MOTIFS_PAUSE = ("Congé", "Formation", "Effectif complet", "Fin d’activité")


class CapaciteForm(FormulaireDsfr, forms.Form):
    """The one figure asked on the dashboard: nombre de mesures souhaitées."""

    capacite = champ_capacite(aide=EN_TOUT, du=True)


class PratiqueForm(FormulaireDsfr, forms.Form):
    """What a court reads under « Pratique »: sector, preferences, trend, languages, skills. Nothing is due."""

    secteur = forms.CharField(
        label="Secteur d’intervention",
        help_text="Exemple : Metz, Thionville et la vallée de l’Orne",
        max_length=200,
        required=False,
        error_messages={"max_length": "Écrivez 200 caractères au plus."},
    )
    preferences = forms.CharField(
        label="Préférences",
        help_text="Natures de mesures, lieux de vie. Aucun nom de personne",
        max_length=300,
        required=False,
        error_messages={"max_length": "Écrivez 300 caractères au plus."},
    )
    tendance = forms.ChoiceField(
        label="Évolution de l’activité",
        choices=[("", "Non précisée"), *Tendance.choices],
        required=False,
    )
    langues = forms.MultipleChoiceField(
        label="Langues parlées avec les personnes, en plus du français",
        choices=Langue,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cochez des langues de la liste."},
    )
    competences = forms.MultipleChoiceField(
        label="Compétences particulières",
        choices=Competence,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cochez des compétences de la liste."},
    )

    def cocher_d_abord(self) -> None:
        """The ticked ones first: a long list is read from its beginning. `coches` tells them in the folded line."""
        for nom, choix in (("langues", Langue), ("competences", Competence)):
            valeurs = self[nom].value() or []
            champ = self.fields[nom]
            champ.choices = sorted(choix.choices, key=lambda c: c[0] not in valeurs)
            coches = enumerer(choix, valeurs)
            champ.coches = coches[:1].lower() + coches[1:]

    def clean_secteur(self) -> str:
        return sans_nom(self.cleaned_data["secteur"])

    def clean_preferences(self) -> str:
        return sans_nom(self.cleaned_data["preferences"])

    @property
    def atouts(self) -> list[str]:
        """For services.enregistrer_profil."""
        return [*self.cleaned_data["langues"], *self.cleaned_data["competences"]]


class ProfilForm(PratiqueForm, ChampsAdresse):
    """Capacity, pause, practice, identity, contact and address of the main place.

    What was given cannot be emptied; what was never given does not block.
    """

    capacite = champ_capacite(aide=EN_TOUT)
    pause_debut = forms.DateField(
        label="Pause, premier jour", help_text="Laissez vide sans pause", required=False, widget=forms.DateInput
    )
    pause_fin = forms.DateField(
        label="Pause, dernier jour", help_text="Vide : sans date de fin", required=False, widget=forms.DateInput
    )
    pause_motif = forms.ChoiceField(label="Raison de la pause", help_text="Montrée aux tribunaux", required=False)
    prenom = forms.CharField(
        label="Prénom", max_length=80, error_messages={"required": "Écrivez votre prénom."}, required=True
    )
    nom = forms.CharField(label="Nom", max_length=80, error_messages={"required": "Écrivez votre nom."})
    siret = forms.CharField(
        label="SIRET",
        max_length=30,
        required=False,
        help_text="14 chiffres, sur votre avis de situation Insee",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Écrivez votre SIRET.",
            "max_length": "Ce SIRET n’est pas valide : vérifiez les 14 chiffres.",
        },
    )
    telephone = champ_telephone("Téléphone fixe")
    telephone_portable = champ_telephone("Téléphone portable")
    courriel = forms.EmailField(
        label="Adresse électronique de contact",
        max_length=254,
        error_messages={
            "required": "Écrivez une adresse électronique.",
            "invalid": ADRESSE_INCOMPLETE,
        },
    )
    partage_courriel = forms.BooleanField(
        label="Montrer cette adresse aux tribunaux",
        required=False,
        help_text="Sinon, ils vous joignent par téléphone.",
    )
    affichage = forms.ChoiceField(
        label="Adresse montrée aux tribunaux",
        choices=Lieu.Affichage,
        widget=forms.RadioSelect,
        help_text="Les distances restent comptées depuis l’adresse ci-dessus.",
        error_messages={"invalid_choice": "Choisissez une de ces réponses."},
    )
    adresse_affichee = forms.CharField(
        label="Autre adresse, telle qu’elle sera lue",
        help_text="Exemple : 3 place de Chambre, 57000 Metz",
        max_length=200,
        required=False,
        error_messages={"max_length": "Écrivez 200 caractères au plus."},
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, data=None, *, mandataire: Mandataire, utilisateur: Utilisateur, lieu: Lieu | None, **kwargs):
        self.mandataire, self.utilisateur, self.lieu = mandataire, utilisateur, lieu
        self.version_actuelle = services.empreinte(mandataire, lieu)
        if data is not None:
            data = data.copy()
        super().__init__(data, **kwargs)
        self.initial = self._valeurs() | self.initial
        self._adapter_a_la_categorie()
        self._adapter_au_deja_dit()
        self.fields["pause_motif"].choices = self._motifs()
        self.fields["affichage"].required = self.fields["adresse_affichee"].sans_mention = True
        self.preparer_communes()
        derniers = [*ADRESSE, "commune", "affichage", "adresse_affichee"]  # the order of the page, and of its errors
        self.order_fields([*(nom for nom in self.fields if nom not in derniers), *derniers])
        self.cocher_d_abord()
        if self.is_bound:
            self.version_recue = self.data.get("version", "")
            self.data["version"] = self.version_actuelle  # a page shown again carries the present version

    def _valeurs(self) -> dict[str, Any]:
        m, lieu = self.mandataire, self.lieu
        copies = (
            "capacite",
            "pause_debut",
            "pause_fin",
            "pause_motif",
            "courriel",
            "partage_courriel",
            "secteur",
            "preferences",
            "tendance",
        )
        atouts = services.atouts_de(m)
        return {
            **{c: getattr(m, c) for c in copies},
            "langues": [cle for cle in atouts if cle in Langue.values],
            "competences": [cle for cle in atouts if cle in Competence.values],
            "siret": m.siret_lisible,
            "telephone": m.telephone.as_national if m.telephone else "",
            "telephone_portable": m.telephone_portable.as_national if m.telephone_portable else "",
            "prenom": self.utilisateur.prenom,
            "nom": m.nom if m.est_service else self.utilisateur.nom,
            **({c: getattr(lieu, c) for c in (*ADRESSE, "adresse_affichee")} if lieu else {}),
            "affichage": lieu.affichage if lieu else Lieu.Affichage.ADRESSE,
            "commune": lieu.commune_id if lieu else "",
            "version": self.version_actuelle,
        }

    def _adapter_a_la_categorie(self) -> None:
        if self.mandataire.est_service:
            del self.fields["prenom"]
            self.fields["nom"].label, self.fields["nom"].max_length = "Nom du service", 160
            self.fields["nom"].error_messages["required"] = "Écrivez le nom du service."
        if self.mandataire.est_prepose:
            del self.fields["siret"]
        for nom in ("pause_debut", "pause_fin"):
            champ = self.fields[nom]
            champ.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            champ.input_formats = ["%Y-%m-%d", "%d/%m/%Y"]
            champ.error_messages["invalid"] = "Écrivez une date. Exemple : 05/01/2027"

    def _adapter_au_deja_dit(self) -> None:
        for nom, deja in (
            ("capacite", self.mandataire.capacite is not None),
            ("siret", bool(self.mandataire.siret)),
            ("code_postal", bool(self.lieu and self.lieu.code_postal)),
            ("commune", bool(self.lieu and self.lieu.commune_id)),
            ("adresse", bool(self.lieu and self.lieu.adresse)),
        ):
            if nom in self.fields:
                self.fields[nom].required = deja

    def _motifs(self) -> list[tuple[str, str]]:
        motifs = list(MOTIFS_PAUSE)
        if self.mandataire.pause_motif and self.mandataire.pause_motif not in motifs:  # written by the team
            motifs.append(self.mandataire.pause_motif)
        return [("", "Sans raison indiquée"), *((m, m) for m in motifs)]

    def clean_prenom(self) -> str:
        return propre(self.cleaned_data["prenom"])

    def clean_nom(self) -> str:
        return propre(self.cleaned_data["nom"])

    def clean_siret(self) -> str:
        numero = chiffres(self.cleaned_data["siret"])
        if not numero:
            return ""
        valider_siret(numero)
        if Mandataire.objects.filter(siret=numero).exclude(pk=self.mandataire.pk).exists():
            raise forms.ValidationError("Ce SIRET est déjà celui d’un autre compte. Écrivez à l’équipe.")
        return numero

    def clean_telephone(self) -> str:
        return numero(self.cleaned_data["telephone"])

    def clean_telephone_portable(self) -> str:
        return numero(self.cleaned_data["telephone_portable"])

    def clean_adresse_affichee(self) -> str:
        return propre(self.cleaned_data["adresse_affichee"])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        if self.version_recue and self.version_recue != self.version_actuelle:
            self.add_error(None, services.CHANGE_ENTRE_TEMPS)
        debut, fin = donnees.get("pause_debut"), donnees.get("pause_fin")
        if fin and not debut and "pause_debut" not in self.errors:
            self.add_error("pause_debut", "Écrivez le premier jour de la pause.")
        elif debut and fin and fin < debut:
            self.add_error("pause_fin", "La pause finit avant de commencer.")
        if not debut:
            donnees["pause_motif"] = ""
        self.verifier_adresse(donnees)
        if donnees.get("affichage") == Lieu.Affichage.AUTRE and not donnees.get("adresse_affichee"):
            if "adresse_affichee" not in self.errors:
                self.add_error("adresse_affichee", "Écrivez l’adresse à montrer, ou choisissez « la commune seule ».")
        elif donnees.get("affichage") != Lieu.Affichage.AUTRE:
            donnees["adresse_affichee"] = ""
        return donnees

    @property
    def profil(self) -> dict[str, Any]:
        """For services.enregistrer_profil."""
        profil = {c: self.cleaned_data[c] for c in services.CHAMPS_PROFIL if c != "nom" and c in self.cleaned_data}
        return profil | ({"nom": self.cleaned_data["nom"]} if self.mandataire.est_service else {})

    @property
    def adresse_saisie(self) -> dict[str, Any]:
        return super().adresse_saisie | {c: self.cleaned_data[c] for c in services.CHAMPS_MONTRES}

    @property
    def personne(self) -> dict[str, str] | None:
        if self.mandataire.est_service:
            return None
        return {nom: self.cleaned_data[nom] for nom in ("prenom", "nom")}
