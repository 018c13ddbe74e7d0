"""Pages that belong to no room: errors, health, and small helpers of views."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from psycopg_pool import PoolTimeout

BASE_ABSENTE = (OperationalError, InterfaceError, PoolTimeout)


@login_not_required
@never_cache
def sante(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"etat": "ok"})


@login_not_required
@never_cache
def sante_prete(request: HttpRequest) -> HttpResponse:
    """The database answers too; 503 when it is away."""
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
            curseur.fetchone()
    except Exception:  # whatever the driver or the pool raises, the answer is « not ready »
        return JsonResponse({"etat": "base indisponible"}, status=503)
    return JsonResponse({"etat": "ok"})


def page_introuvable(request: HttpRequest, exception=None) -> HttpResponse:
    return render(request, "404.html", status=404)


def acte_interdit(request: HttpRequest, exception=None) -> HttpResponse:
    return render(request, "403.html", status=403)


def jeton_refuse(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent without a valid token: an old page, or cookies refused."""
    return render(request, "403_jeton.html", status=403)


def requete_refusee(request: HttpRequest, exception=None) -> HttpResponse:
    return render(request, "400.html", status=400)


def erreur(request: HttpRequest) -> HttpResponse:
    """Plain page without a query: what failed may be the database itself (restart, failover): then it is a 503."""
    if isinstance(sys.exc_info()[1], BASE_ABSENTE):
        reponse = render(None, "503.html", status=503)
        reponse["Retry-After"] = "10"
        return reponse
    return render(None, "500.html", status=500)


def paginer(request: HttpRequest, lignes, par_page: int = 50) -> Page:
    """The page asked for by `?page=`; an odd number gives the nearest page rather than an error."""
    return Paginator(lignes, par_page).get_page(request.GET.get("page"))
