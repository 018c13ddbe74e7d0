"""allauth's forms in our words and in the State's design system."""

from allauth.account import forms as allauth
from django import forms

from emjpm.commun.formulaires import FormulaireDsfr

ADRESSE_INCOMPLETE = "Écrivez une adresse complète. Exemple : nom@exemple.fr"
AIDE_MOT_DE_PASSE = "Au moins 12 caractères. Une phrase convient bien."


def accorder(champ: forms.Field, libelle: str, vide: str = "", aide: str = "") -> None:
    """Give one of allauth's fields our label, hint and words for « empty », and no placeholder."""
    champ.label, champ.help_text = libelle, aide
    champ.widget.attrs.pop("placeholder", None)
    if vide:
        champ.error_messages["required"] = vide


def accorder_adresse(champ: forms.Field, libelle: str = "Adresse électronique", aide: str = "") -> None:
    accorder(champ, libelle, "Écrivez votre adresse électronique.", aide)
    for validateur in champ.validators:
        if hasattr(validateur, "message"):
            validateur.message = ADRESSE_INCOMPLETE
    champ.error_messages["invalid"] = ADRESSE_INCOMPLETE


class PartageForm(FormulaireDsfr, forms.Form):
    """What a judge or a clerk shows of themselves to the mandataires, and what they want to be told."""

    partage_courriel = forms.BooleanField(
        label="Montrer mon adresse aux mandataires",
        required=False,
        help_text="Elle paraît dans les courriels de vos réservations et sur la mesure. Sinon, elle reste cachée.",
    )
    avis_fin_mandat = forms.BooleanField(
        label="M’écrire à la fin d’une mesure que j’ai réservée",
        required=False,
        help_text="Sinon, elle se lit dans « Mesures du tribunal ». "
        "Une réponse à vos réservations vous est toujours annoncée.",
    )


class AvisForm(FormulaireDsfr, forms.Form):
    """The reminders a mandataire receives: the keys of services.AVIS."""

    avis_mise_a_jour = forms.BooleanField(
        label="Me rappeler de mettre mes informations à jour",
        required=False,
        help_text="Un message par mois au plus, quand rien n’a changé depuis 30 jours.",
    )
    avis_attente = forms.BooleanField(
        label="Me rappeler les mesures qui attendent ma réponse",
        required=False,
        help_text="À 15 puis 30 jours. Décochée, le rappel des 30 jours vous parvient quand même si personne d’autre "
        "ne le reçoit : le tribunal attend une réponse.",
    )


class ConnexionForm(FormulaireDsfr, allauth.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        accorder_adresse(self.fields["login"])
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        accorder(self.fields["password"], "Mot de passe", "Écrivez votre mot de passe.")

    def clean(self):
        """A wrong pair: the address stays, the password is emptied and takes the focus."""
        try:
            return super().clean()
        except forms.ValidationError:
            self.fields["password"].widget.attrs["autofocus"] = True
            raise


class MotDePasseOublieForm(FormulaireDsfr, allauth.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        accorder_adresse(self.fields["email"], aide="Celle de votre compte.")


class _DeuxFois:
    """The new password, typed twice."""

    def _accorder_deux_fois(self):
        accorder(self.fields["password1"], "Nouveau mot de passe", "Écrivez un mot de passe.", AIDE_MOT_DE_PASSE)
        accorder(self.fields["password2"], "Le même, une seconde fois", "Écrivez-le une seconde fois.")

    def clean(self):
        donnees = forms.Form.clean(self)
        un, deux = donnees.get("password1"), donnees.get("password2")
        if un and deux and un != deux:
            self.add_error("password2", "Les deux mots de passe sont différents.")
        return donnees


class NouveauMotDePasseForm(_DeuxFois, FormulaireDsfr, allauth.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._accorder_deux_fois()


class ChangerMotDePasseForm(_DeuxFois, FormulaireDsfr, allauth.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._accorder_deux_fois()
        accorder(self.fields["oldpassword"], "Mot de passe actuel", "Écrivez votre mot de passe actuel.")


class AdresseForm(FormulaireDsfr, allauth.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        accorder_adresse(
            self.fields["email"], "Nouvelle adresse", "Un message de confirmation y sera envoyé : elle compte après."
        )


class ConfirmerIdentiteForm(FormulaireDsfr, allauth.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        accorder(self.fields["password"], "Mot de passe", "Écrivez votre mot de passe.")
