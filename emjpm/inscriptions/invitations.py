"""Accepting a service's invitation: the link is opened, the button acts (docs/adr/0013-invitations.md).

The key of the link proves that the person reads the mailbox of that very address, and an administrator of a validated
service vouches for them: the account opens without the team. It opens nothing else: the role, the service and the
limits are those of the invitation, never of what is posted.
"""

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from emjpm.commun.formulaires import FormulaireDsfr
from emjpm.commun.journal import noter
from emjpm.comptes.adaptateur import Adaptateur
from emjpm.comptes.forms import AIDE_MOT_DE_PASSE
from emjpm.comptes.models import Civilite, Role, Utilisateur, adresse_normale
from mandataires import services
from mandataires.models import Invitation

from .champs import ChampTexte


class AccepterForm(FormulaireDsfr, forms.Form):
    """Who the invited person is, and their password. The address is the invitation's."""

    civilite = forms.ChoiceField(
        label="Civilité",
        choices=Civilite.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une civilité."},
    )
    prenom = ChampTexte(label="Prénom", max_length=80, vide="Écrivez votre prénom.")
    nom = ChampTexte(label="Nom", max_length=80, vide="Écrivez votre nom.")
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        help_text=AIDE_MOT_DE_PASSE,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Écrivez un mot de passe."},
    )
    prenom.widget.attrs["autocomplete"] = "given-name"
    nom.widget.attrs["autocomplete"] = "family-name"

    def __init__(self, *args, courriel: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.courriel = courriel

    def clean(self):
        donnees = super().clean()
        mot_de_passe = donnees.get("mot_de_passe")
        if mot_de_passe:
            personne = Utilisateur(email=self.courriel, prenom=donnees.get("prenom", ""), nom=donnees.get("nom", ""))
            try:
                Adaptateur().clean_password(mot_de_passe, personne)
            except ValidationError as erreur:
                self.add_error("mot_de_passe", erreur)
        return donnees


def compte_existant(courriel: str) -> bool:
    """Is this address somebody's? Told to its owner alone, who holds the key sent to it."""
    courriel = adresse_normale(courriel)
    return (
        Utilisateur.objects.filter(email=courriel).exists()
        or EmailAddress.objects.filter(email__iexact=courriel, verified=True).exists()
    )


@transaction.atomic
def ouvrir_compte(*, invitation: Invitation, civilite: str, prenom: str, nom: str, empreinte: str) -> Utilisateur:
    """The account of the invited person, its verified address and its seat: all or nothing.

    `empreinte`: the password already hashed. Raises IntegrityError when the address was taken meanwhile,
    services.ActeImpossible when the link no longer opens anything.
    """
    utilisateur = Utilisateur.objects.create(
        email=adresse_normale(invitation.courriel),
        civilite=civilite,
        prenom=prenom,
        nom=nom,
        role=Role.SERVICE,
        statut=Utilisateur.Statut.VALIDE,
        password=empreinte,
    )
    EmailAddress.objects.create(user=utilisateur, email=utilisateur.email, verified=True, primary=True)
    noter(
        par=utilisateur,
        acte="compte.ouvrir_sur_invitation",
        objet=utilisateur,
        changements={"invitation": [None, invitation.pk], "invite_par": [None, invitation.par_id]},
    )
    services.rejoindre(invitation=invitation, utilisateur=utilisateur)
    return utilisateur


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, cle: str) -> HttpResponse:
    """GET shows, whoever opens it (a mail gateway does); POST acts, once."""
    trouvee = services.invitation_de(cle)
    if trouvee is None:
        return render(request, "inscriptions/invitation_perimee.html", status=404)
    if request.user.is_authenticated:
        return _connecte(request, trouvee)
    contexte = {"invitation": trouvee, "mandataire": trouvee.mandataire, "form": None, "refus": ""}
    if not compte_existant(trouvee.courriel):
        form = AccepterForm(request.POST or None, courriel=trouvee.courriel)
        if request.method == "POST" and form.is_valid():
            return _ouvrir(request, trouvee, form)
        contexte["form"] = form
    return render(request, "inscriptions/invitation.html", contexte)


def _ouvrir(request: HttpRequest, trouvee: Invitation, form: AccepterForm) -> HttpResponse:
    donnees = {champ: form.cleaned_data[champ] for champ in ("civilite", "prenom", "nom")}
    empreinte = make_password(form.cleaned_data["mot_de_passe"])  # before the transaction: it is slow on purpose
    try:
        ouvrir_compte(invitation=trouvee, empreinte=empreinte, **donnees)
    except (IntegrityError, services.ActeImpossible):  # a second click, or somebody was faster: the page says which
        return redirect(request.path)
    messages.success(request, f"Votre compte est ouvert, vous faites partie de {trouvee.mandataire}. Connectez-vous.")
    return redirect("account_login")


def _connecte(request: HttpRequest, trouvee: Invitation) -> HttpResponse:
    """Somebody signed in: only the account of that very address may take the seat."""
    refus = services.refus_de_rejoindre(trouvee, request.user)
    if request.method == "POST" and not refus:
        try:
            services.rejoindre(invitation=trouvee, utilisateur=request.user)
        except (IntegrityError, services.ActeImpossible):
            return redirect(request.path)
        messages.success(request, f"Vous faites partie de {trouvee.mandataire}.")
        return redirect("accueil")
    contexte = {"invitation": trouvee, "mandataire": trouvee.mandataire, "form": None, "refus": refus}
    return render(request, "inscriptions/invitation.html", contexte)
