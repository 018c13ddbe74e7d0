"""The form by which anyone writes to the team."""

from django import forms
from django.db import models

from emjpm.commun.formulaires import FormulaireDsfr


class Sujet(models.TextChoices):
    TECHNIQUE = "technique", "Une difficulté technique"
    QUESTION = "question", "Une question"
    IDEE = "idee", "Une idée"
    DEPLOIEMENT = "deploiement", "Le déploiement en France"
    DONNEES = "donnees", "La protection des données"


class ContactForm(FormulaireDsfr, forms.Form):
    sujet = forms.ChoiceField(
        label="Sujet",
        choices=[("", "Choisir un sujet"), *Sujet.choices],
        error_messages={"required": "Choisissez un sujet."},
    )
    courriel = forms.EmailField(
        label="Votre adresse électronique",
        help_text="L’équipe vous y répond. Exemple\u00a0: prenom.nom@exemple.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Indiquez votre adresse pour recevoir la réponse.",
            "invalid": "Cette adresse n’est pas complète. Exemple\u00a0: prenom.nom@exemple.fr",
        },
    )
    message = forms.CharField(
        label="Message",
        max_length=5000,
        help_text="N’écrivez jamais le nom d’une personne protégée\u00a0: le numéro RG suffit.",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": "Écrivez votre message.",
            "max_length": "Ce message est trop long\u00a0: 5\u202f000 caractères au plus.",
        },
    )
    # A trap for robots: people never see it (composants/piege.html).
    site = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))

    @property
    def vient_d_un_robot(self) -> bool:
        """Did something fill in the field nobody sees?"""
        return bool(self.cleaned_data.get("site"))
