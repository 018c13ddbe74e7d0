"""The agents' pages."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from emjpm.comptes.droits import pour_agents
from emjpm.comptes.models import Perimetre

from . import export
from .ensemble import vue_d_ensemble as vue_de
from .forms import PerimetreForm
from .indicateurs import Base
from .territoires import Atlas

TRIS = ("regions", "departements", "tribunaux")


def _atlas(request: HttpRequest) -> Atlas:
    perimetre = Perimetre.objects.filter(utilisateur=request.user).first()
    if perimetre is None:
        raise PermissionDenied
    return Atlas(perimetre)


@pour_agents
def vue_d_ensemble(request: HttpRequest) -> HttpResponse:
    """Is there room, and where is it missing? `?region=`, `?departement=`, `?base=`, `?tri…=`, `?format=`."""
    atlas = _atlas(request)
    territoire = atlas.demande(request.GET)
    base = Base.RESIDENCE if request.GET.get("base") == Base.RESIDENCE else Base.HABILITATION
    vue = vue_de(atlas, territoire, base)
    court = vue.tableau_court(request.GET.get("tri", ""))
    complets = vue.tableaux_complets({nom: request.GET.get(f"tri_{nom}", "") for nom in TRIS})
    if request.GET.get("format") in export.FORMATS:
        return export.exporter(vue, complets, request.GET["format"])
    parent = atlas.parent(territoire)
    contexte = {
        "vue": vue,
        "territoire": territoire,
        "parent": parent,
        "url_parent": parent and parent.url(base=vue.suite_base),
        "form": PerimetreForm(atlas=atlas, territoire=territoire, base=base),
        "maintenant": timezone.localtime(),
        "carte": vue.carte(),
        "court": court,
        "complets": complets,
        "types": vue.tableau_types(),
        "fichiers": export.urls(vue, request.GET),
    }
    return render(request, "pilotage/vue_d_ensemble.html", contexte)
