"""What the admin's home page says of the queue."""

from django import template

from emjpm.inscriptions.verification import FileDAttente
from emjpm.inscriptions.verification import file_d_attente as lire_file

register = template.Library()


@register.simple_tag
def file_d_attente() -> FileDAttente:
    return lire_file()
