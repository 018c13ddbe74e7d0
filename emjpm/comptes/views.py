"""Pages of the account that are ours; the rest is allauth's."""

from allauth.account import views as allauth
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from . import demo, etapes, services
from .forms import AvisForm, PartageForm
from .liens import lire_desabonnement
from .models import Role, Utilisateur

PREMIERE_CONNEXION = {
    Role.MAGISTRAT: "Vous chercherez un mandataire depuis votre tribunal.",
    Role.GREFFIER: "Vous chercherez un mandataire depuis votre tribunal.",
    Role.DIRECTION: "Vous verrez les chiffres de votre territoire.",
}
PREMIERE_CONNEXION_MANDATAIRE = "Vous vérifierez « Mes informations », puis indiquerez le nombre de mesures souhaitées."


class Connexion(allauth.LoginView):
    """Sign in. The demo's accounts are shown in demo settings only."""

    def get_context_data(self, **kwargs) -> dict:
        contexte = super().get_context_data(**kwargs)
        if settings.DEMO:
            contexte |= {"comptes_demo": demo.COMPTES, "mot_de_passe_demo": demo.MOT_DE_PASSE_DEMO}
        return contexte


class NouveauMotDePasse(allauth.PasswordResetFromKeyView):
    """The end of a reset: never a session. Someone who waits is told so."""

    def form_valid(self, form) -> HttpResponse:
        super().form_valid(form)
        if self.reset_user.statut == Utilisateur.Statut.EN_ATTENTE:
            mots = "Votre mot de passe est changé. Votre demande reste en attente de validation."
            messages.success(self.request, mots)
            etapes.reconnaitre(self.request, self.reset_user)
            return redirect("compte_en_attente")
        messages.success(self.request, "Votre mot de passe est changé. Connectez-vous.")
        return redirect("account_login")


class ConfirmerAdresse(allauth.ConfirmEmailView):
    """The link shows a button; only the button confirms, or signs out another account of this browser."""

    def logout_other_user(self, confirmation) -> None:
        if self.request.method == "POST":
            super().logout_other_user(confirmation)


connexion = login_not_required(Connexion.as_view())
confirmer_adresse = login_not_required(ConfirmerAdresse.as_view())
nouveau_mot_de_passe = login_not_required(NouveauMotDePasse.as_view())


@login_not_required
@never_cache
def en_attente(request: HttpRequest) -> HttpResponse:
    """Where one's request stands. Who it is comes from the gate, never from the address of the page."""
    if request.user.is_authenticated:
        return redirect("accueil")
    utilisateur = etapes.reconnu(request)
    if utilisateur is not None and utilisateur.est_valide:
        messages.success(request, "Votre demande est validée : connectez-vous.")
    if utilisateur is None or utilisateur.statut != Utilisateur.Statut.EN_ATTENTE:
        return redirect("account_login")
    contexte = {
        "utilisateur": utilisateur,
        "demande": utilisateur.demandes.order_by("-cree_le").first(),
        "adresse_confirmee": utilisateur.emailaddress_set.filter(email=utilisateur.email, verified=True).exists(),
        "premiere_connexion": PREMIERE_CONNEXION.get(utilisateur.role, PREMIERE_CONNEXION_MANDATAIRE),
    }
    return render(request, "account/en_attente.html", contexte)


def mon_compte(request: HttpRequest) -> HttpResponse:
    """Identity, role, where one works; security; for a court or a mandataire, what they show and are told."""
    utilisateur = request.user
    if request.method == "POST" and utilisateur.est_du_tribunal:
        return _preferer(request)
    if request.method == "POST" and utilisateur.est_mandataire:
        return _choisir_avis(request)
    membre = getattr(utilisateur, "membre", None)
    contexte = {
        "mandataire": membre.mandataire if membre else None,
        "membre_tribunal": getattr(utilisateur, "membre_tribunal", None),
        "perimetre": getattr(utilisateur, "perimetre", None),
        "second_facteur": utilisateur.authenticator_set.exists(),
        "retour": reverse("accueil"),
        "fermable": utilisateur.role != Role.SUPPORT,
        "partage": _tel_quel(PartageForm, utilisateur) if utilisateur.est_du_tribunal else None,
        "avis": _tel_quel(AvisForm, utilisateur) if utilisateur.est_mandataire else None,
    }
    return render(request, "account/mon_compte.html", contexte)


def _tel_quel(formulaire, utilisateur: Utilisateur):
    """The preferences as they are: the fields are the account's."""
    return formulaire(initial={champ: getattr(utilisateur, champ) for champ in formulaire.base_fields})


def _choisir_avis(request: HttpRequest) -> HttpResponse:
    form = AvisForm(request.POST)
    form.is_valid()
    dits = []
    with transaction.atomic():
        for avis, mots in services.AVIS.items():
            voulu = form.cleaned_data[avis]
            if services.choisir_avis(par=request.user, avis=avis, voulu=voulu):
                dits.append(f"Vous {'recevrez' if voulu else 'ne recevrez plus'} {mots}.")
    if dits:
        messages.success(request, " ".join(dits))
    else:
        messages.info(request, "Rien n’a changé.")
    return redirect("mon_compte")


@csrf_exempt  # the mail program that posts has no token of ours: the signature of the address is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ne_plus_recevoir(request: HttpRequest, jeton: str) -> HttpResponse:
    """The link of a mail: it shows a button, only the POST acts. Again, or late, it says where things stand."""
    trouve = lire_desabonnement(jeton)
    if trouve is None:
        return render(request, "account/lien_inutile.html", status=410)
    utilisateur, avis = trouve
    if request.method == "POST":
        services.choisir_avis(par=utilisateur, avis=avis, voulu=False)
        utilisateur.refresh_from_db(fields=[avis])
    contexte = {"quoi": services.AVIS[avis], "recu": getattr(utilisateur, avis), "attente": avis == "avis_attente"}
    return render(request, "account/ne_plus_recevoir.html", contexte)


def _preferer(request: HttpRequest) -> HttpResponse:
    """Each preference that changed is told; a form sent as it was says so."""
    form = PartageForm(request.POST)
    form.is_valid()
    partage, avis = form.cleaned_data["partage_courriel"], form.cleaned_data["avis_fin_mandat"]
    dits = []
    with transaction.atomic():
        if services.partager_courriel(par=request.user, partage=partage):
            dits.append(
                "Votre adresse est montrée aux mandataires chez qui vous réservez."
                if partage
                else "Votre adresse n’est plus montrée aux mandataires."
            )
        if services.choisir_avis_de_fin(par=request.user, avis=avis):
            dits.append(
                "La fin d’une mesure que vous avez réservée vous sera écrite."
                if avis
                else "La fin d’une mesure que vous avez réservée ne vous sera plus écrite."
            )
    if dits:
        messages.success(request, " ".join(dits))
    else:
        messages.info(request, "Rien n’a changé.")
    return redirect("mon_compte")
