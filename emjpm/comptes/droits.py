"""Who may open what: roles on views, and the home of each role."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from .models import ROLES_MANDATAIRES, ROLES_TRIBUNAL, Role, Utilisateur

_ACCUEILS = {
    Role.INDIVIDUEL: "tableau_de_bord",
    Role.PREPOSE: "tableau_de_bord",
    Role.SERVICE: "tableau_de_bord",
    Role.MAGISTRAT: "recherche",
    Role.GREFFIER: "recherche",
    Role.DIRECTION: "pilotage",
    Role.SUPPORT: "admin:index",
}


def page_d_accueil(utilisateur: Utilisateur) -> str:
    """URL of the page where this person's work begins."""
    return reverse(_ACCUEILS[Role(utilisateur.role)])


def reserve_a(*roles: Role):
    """Decorator: only these roles may open the view; the others get 403 (a plain French page)."""

    def decorateur(vue):
        @wraps(vue)
        def garde(request, *args, **kwargs):
            if request.user.role not in roles:
                raise PermissionDenied
            return vue(request, *args, **kwargs)

        garde.roles = roles
        return garde

    return decorateur


pour_mandataires = reserve_a(*ROLES_MANDATAIRES)
pour_tribunaux = reserve_a(*ROLES_TRIBUNAL)
pour_agents = reserve_a(Role.DIRECTION)
