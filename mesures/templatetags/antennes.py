"""{% tableau_des_lieux mandataire lieux as t %}: the places, their mesures and the one figure (mesures.antennes).
{% mesures_de lieu as n %}: how many living mesures a place follows.
"""

from django import template

from mandataires.models import Lieu
from mesures.antennes import tableau
from mesures.models import Mesure

register = template.Library()
register.simple_tag(tableau, name="tableau_des_lieux")


@register.simple_tag
def mesures_de(lieu: Lieu) -> int:
    return Mesure.objects.vivantes().filter(lieu=lieu).count()
