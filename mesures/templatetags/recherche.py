"""{% resultat ligne suite plan %}, {% carte_des_resultats plan %}: what a page of results repeats the most.

A row and a map depend on what they show alone: drawn once, they are kept and given again as long as the same thing is
to be shown. A court opens the same page many times a day; a place taken changes the row, and so draws it again.
"""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString

from mesures.carte_resultats import PlanResultats
from mesures.presentation_recherche import Ligne

register = template.Library()


@register.simple_tag
def resultat(ligne: Ligne, suite: str, plan: PlanResultats | None) -> SafeString:
    """One row; `suite` is the query string to carry, `plan` the map where it may have a pin."""
    return _ligne(ligne, suite, plan is not None and ligne.numero in plan.numeros)


@lru_cache(maxsize=4000)
def _ligne(ligne: Ligne, suite: str, sur_la_carte: bool) -> SafeString:
    contexte = {"ligne": ligne, "suite": suite, "sur_la_carte": sur_la_carte}
    return get_template("recherche/_ligne.html").render(contexte)


@register.simple_tag
@lru_cache(maxsize=128)
def carte_des_resultats(plan: PlanResultats) -> SafeString:
    return get_template("recherche/_carte.html").render({"plan": plan, "tuiles": settings.FOND_DE_PLAN})
