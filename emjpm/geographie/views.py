"""Suggestions of communes: public facts, the same for everyone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .models import Commune

SUGGESTIONS_MAX = 10
SAISIE_MAX = 80


@login_not_required
@require_safe
@cache_control(public=True, max_age=86400)
def communes_json(request: HttpRequest) -> JsonResponse:
    """`?q=metz 57` → the ten communes most likely meant; nothing below two characters."""
    saisie = request.GET.get("q", "")[:SAISIE_MAX].strip()
    communes = []
    if len(saisie) >= 2:
        communes = Commune.objects.ressemblant(saisie).prefetch_related("codes_postaux")[:SUGGESTIONS_MAX]
    return JsonResponse({"communes": [_ligne(commune) for commune in communes]})


def _ligne(commune: Commune) -> dict:
    return {
        "insee": commune.insee,
        "nom": commune.nom,
        "departement": commune.departement_id,
        "codes_postaux": sorted(c.code for c in commune.codes_postaux.all()),
        "libelle": str(commune),
    }
