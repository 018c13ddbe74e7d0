"""{% demandes_de_tribunaux as n %}: how many requests of a court wait for the team."""

from django import template

from mandataires.models import DemandeTribunal

register = template.Library()


@register.simple_tag
def demandes_de_tribunaux() -> int:
    return DemandeTribunal.objects.filter(traitee_le=None).count()
