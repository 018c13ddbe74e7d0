"""{% load pilotage %}: the figures of the agents' pages, as emjpm.pilotage.mots writes them."""

from django import template

from emjpm.pilotage import mots

register = template.Library()
register.filter("signe", mots.signe)
register.filter("pourcent", mots.pourcent)
register.filter("pourcent_signe", mots.pourcent_signe)
