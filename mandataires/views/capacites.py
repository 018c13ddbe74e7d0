"""The detail of the one capacity, by département of one's courts."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from emjpm.comptes.droits import pour_mandataires
from emjpm.geographie.models import Departement

from .. import services
from ..forms import CapacitesForm
from .outils import le_mien


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def departements(request: HttpRequest) -> HttpResponse:
    """Without a whole there is no detail: the page then leads to the one number."""
    mandataire = le_mien(request)
    ou = Q(communes__tribunaux__habilitations__mandataire=mandataire)
    dits = Q(pk__in=mandataire.capacites.values("departement"))  # a court was left by other ways: still to be erased
    siens = Departement.objects.filter(ou | dits).distinct()
    form = CapacitesForm(request.POST or None, mandataire=mandataire, departements=list(siens))
    if request.method == "POST" and mandataire.capacite is not None and form.is_valid():
        if services.detailler_capacite(mandataire=mandataire, par=request.user, capacites=form.capacites):
            messages.success(request, "Détail par département enregistré.")
        else:
            messages.info(request, "Rien n’a changé.")
        return redirect("mes_informations")
    somme = sum(mandataire.capacites.values_list("capacite", flat=True))
    contexte = {"form": form, "mandataire": mandataire, "somme": somme}
    return render(request, "mandataires/departements.html", contexte)
