"""{% disponibilite_de mandataire as dispo %}: the live availability, for any page that shows a mandataire.
{% jauge dispo %}: its bar, drawn here and not by a template because a page of results holds twenty of them.
"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mesures.disponibilite import Disponibilite, disponibilite_de

register = template.Library()
register.simple_tag(disponibilite_de, name="disponibilite_de")


@register.simple_tag
def jauge(dispo: Disponibilite, *, fine: bool = False) -> SafeString:
    """En cours solid, en attente hatched, room white; what passes the wish hatched again. Said in words beside it."""
    j = dispo.jauge
    rects = [(0, 1000, "libre"), (0, j["cours"], "cours")]
    if j["attente"]:
        rects.append((j["cours"], j["attente"], "hachures"))
    svg = "".join(f'<rect class="em-jauge__{nom}" x="{x}" width="{large}" height="40"/>' for x, large, nom in rects)
    cadre = j["souhait"] if j["dela"] and j["souhait"] > 2 else 998
    svg += f'<rect class="em-jauge__cadre" x="1" y="1" width="{cadre}" height="38"/>'
    if j["dela"]:
        svg += f'<rect class="em-jauge__dela" x="{j["souhait"]}" width="{j["dela"]}" height="40"/>'
    return format_html(
        '<svg class="em-jauge{}" viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false">{}</svg>',
        " em-jauge--fine" if fine else "",
        SafeString(svg),  # whole numbers and names written here
    )
