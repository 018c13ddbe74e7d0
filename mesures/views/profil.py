"""Acts on the profile told with their effect on availability, which only this room can compute."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from emjpm.commun.templatetags.emjpm import date_longue, nombre
from emjpm.comptes.droits import pour_mandataires
from mandataires import services
from mandataires.forms import CapaciteForm
from mandataires.views import le_mien

from .outils import disponibilite_actuelle
from .tableau_de_bord import afficher


def _suite(request: HttpRequest) -> str:
    """Where to go after the act: `?next=` when it is a page of this site (a path: a bare word would be reversed)."""
    suite = request.POST.get("next") or request.GET.get("next") or ""
    if suite.startswith("/") and url_has_allowed_host_and_scheme(
        suite, {request.get_host()}, require_https=request.is_secure()
    ):
        return suite
    return reverse("tableau_de_bord")


@require_POST
@pour_mandataires
def capacite(request: HttpRequest) -> HttpResponse:
    """The nombre de mesures souhaitées, from the dashboard's one field."""
    mandataire = le_mien(request)
    form = CapaciteForm(request.POST)
    if not form.is_valid():
        return afficher(request, mandataire, form)
    if form.cleaned_data["capacite"] == mandataire.capacite:
        messages.info(request, "Rien n’a changé.")
    else:
        souhaitees = form.cleaned_data["capacite"]
        services.changer_capacite(mandataire=mandataire, par=request.user, capacite=souhaitees)
        disponible = disponibilite_actuelle(mandataire).valeur
        messages.success(
            request,
            f"Nombre de mesures souhaitées enregistré : {nombre(souhaitees)}. "
            f"Votre disponibilité est de {nombre(disponible)}.",
        )
    return redirect(_suite(request))


@require_POST
@pour_mandataires
def a_jour(request: HttpRequest) -> HttpResponse:
    """« Tout est à jour »: confirms the freshness without changing anything."""
    services.confirmer_a_jour(mandataire=le_mien(request), par=request.user)
    jour = date_longue(timezone.localdate())
    messages.success(request, f"Merci. Les tribunaux voient que vos informations sont à jour au {jour}.")
    return redirect(_suite(request))


@require_POST
@pour_mandataires
def reprendre(request: HttpRequest) -> HttpResponse:
    """« Reprendre l’activité »: the pause ends now, or is no longer announced. Sent twice, it acts once."""
    mandataire = le_mien(request)
    if mandataire.pause_debut is None:
        messages.info(request, "Votre activité n’est pas en pause.")
        return redirect(_suite(request))
    fait = "Activité reprise." if mandataire.en_pause() else "Pause annulée."
    services.reprendre(mandataire=mandataire, par=request.user)
    disponible = disponibilite_actuelle(mandataire).valeur
    effet = f" Votre disponibilité est de {nombre(disponible)}." if disponible is not None else ""
    messages.success(request, f"{fait}{effet}")
    return redirect(_suite(request))
