"""The people of a service. Everybody of the service reads; administrators invite, change and withdraw."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from emjpm.comptes.droits import pour_mandataires

from .. import services
from ..droits import peut_modifier_profil
from ..forms import InvitationForm, MembreForm
from ..forms.membres import ADMINISTRATEUR, MEMBRE
from ..models import Mandataire, Membre
from .outils import le_mien, onglets

SERVICE = Mandataire.Categorie.SERVICE


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def lister(request: HttpRequest) -> HttpResponse:
    """POST invites."""
    mandataire = le_mien(request, modifier=request.method == "POST", categorie=SERVICE)
    form = InvitationForm(request.POST or None, mandataire=mandataire)
    if request.method == "POST" and form.is_valid() and _inviter(request, mandataire, form):
        return redirect("membres")
    administre = peut_modifier_profil(request.user, mandataire)
    invitations = mandataire.invitations.filter(acceptee_le=None, annulee_le=None).select_related("lieu", "par")
    contexte = {
        **onglets(request, mandataire),
        "membres": mandataire.membres.select_related("utilisateur", "lieu__commune"),
        "invitations": invitations if administre else [],
        "form": form if administre else None,
    }
    return render(request, "mandataires/membres.html", contexte)


def _inviter(request: HttpRequest, mandataire: Mandataire, form: InvitationForm) -> bool:
    courriel = form.cleaned_data["courriel"]
    try:
        invitation = services.inviter(mandataire=mandataire, par=request.user, courriel=courriel, **form.acces)
    except services.ActeImpossible as refus:
        form.add_error("courriel", str(refus))
        return False
    messages.success(request, f"Invitation envoyée à {invitation.courriel}, valable 7 jours.")
    return True


def _invitation(request: HttpRequest, pk: int):
    mandataire = le_mien(request, categorie=SERVICE)
    return get_object_or_404(mandataire.invitations.filter(acceptee_le=None, annulee_le=None), pk=pk)


@require_POST
@pour_mandataires
def renvoyer(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    try:
        services.renvoyer_invitation(invitation=invitation, par=request.user)
    except services.ActeImpossible as refus:
        messages.warning(request, str(refus))
    else:
        mots = f"Invitation envoyée de nouveau à {invitation.courriel}, valable 7 jours. Le lien précédent est annulé."
        messages.success(request, mots)
    return redirect("membres")


@require_POST
@pour_mandataires
def annuler(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    try:
        services.annuler_invitation(invitation=invitation, par=request.user)
    except services.ActeImpossible as refus:
        messages.warning(request, str(refus))
    else:
        messages.success(request, f"Invitation annulée : {invitation.courriel}.")
    return redirect("membres")


def _autre(request: HttpRequest, pk: int) -> Membre:
    """A colleague; one's own seat is not changed here: another administrator does it."""
    mandataire = le_mien(request, categorie=SERVICE)
    relations = mandataire.membres.select_related("utilisateur", "lieu", "mandataire")
    membre = get_object_or_404(relations, pk=pk)
    if membre.utilisateur_id == request.user.pk:
        raise PermissionDenied
    return membre


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    membre = _autre(request, pk)
    actuel = {"role": ADMINISTRATEUR if membre.administrateur else MEMBRE, "antenne": membre.lieu_id}
    form = MembreForm(request.POST or None, mandataire=membre.mandataire, initial=actuel)
    if request.method == "POST" and form.is_valid():
        try:
            services.changer_membre(membre=membre, par=request.user, **form.acces)
        except services.ActeImpossible as refus:
            form.add_error("role", str(refus))
        except Membre.DoesNotExist:
            messages.warning(request, f"{membre.utilisateur} n’est plus membre du service.")
            return redirect("membres")
        else:
            messages.success(request, f"Accès enregistré : {membre.utilisateur}.")
            return redirect("membres")
    return render(request, "mandataires/membre_modifier.html", {"form": form, "membre": membre})


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def retirer(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what happens; POST withdraws."""
    membre = _autre(request, pk)
    if request.method == "POST":
        nom = str(membre.utilisateur)
        try:
            services.retirer_membre(membre=membre, par=request.user)
        except services.ActeImpossible as refus:
            messages.warning(request, str(refus))
        except Membre.DoesNotExist:
            messages.warning(request, f"{nom} n’est plus membre du service.")
        else:
            messages.success(request, f"{nom} ne fait plus partie du service. Ses actes restent dans l’historique.")
        return redirect("membres")
    return render(request, "mandataires/membre_retirer.html", {"membre": membre})
