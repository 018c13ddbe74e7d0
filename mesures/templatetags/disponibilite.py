"""{% disponibilite_de mandataire as dispo %}: the live availability, for any page that shows a mandataire."""

from django import template

from mesures.disponibilite import disponibilite_de

register = template.Library()
register.simple_tag(disponibilite_de, name="disponibilite_de")
