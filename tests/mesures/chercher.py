"""What the tests of the search ask, and read."""

from mesures.origine import depuis_tribunal
from mesures.recherche import Criteres


def criteres(cour, **autres) -> Criteres:
    return Criteres(cour, depuis_tribunal(cour), **autres)


def page_de(reponse) -> str:
    return reponse.content.decode().replace("\u00a0", " ")
