"""Addresses proposed while one is typed: those of the mandataire's own places, never that of an adult.

A page with an address (`mandataires/_adresse.html`) may be posted without being sent: « Communes », « Proposer des
adresses », then the one chosen. It is drawn again with all that was typed; nothing is checked nor written.
"""

from dataclasses import dataclass, field

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest

from emjpm.geographie import geocodage
from emjpm.geographie.geocodage import Adresse

_A_REDESSINER = {"communes", "adresses"}
_CHOISIE = "adresse_proposee"


@dataclass(frozen=True)
class Propositions:
    """What the page shows under the address; `dit` when there is nothing to choose from."""

    adresses: list[Adresse] = field(default_factory=list)
    dit: str = ""


def saisie_a_reprendre(request: HttpRequest) -> dict | None:
    """What was typed, and the address chosen, when the page is only drawn again; None when the form is sent."""
    choisie = request.POST.get(_CHOISIE)
    if choisie is None and request.POST.get("acte") not in _A_REDESSINER:
        return None
    saisie = request.POST.dict()
    if choisie is not None:
        champs = choisie.split("|")[:3]
        saisie |= dict(zip(("adresse", "code_postal", "commune"), champs, strict=False))
    return saisie


def propositions(request: HttpRequest) -> Propositions | None:
    """None when the geocoder is off: nothing is offered then."""
    if not settings.GEOCODEUR_ACTIF:
        return None
    if request.POST.get("acte") != "adresses":
        return Propositions()
    texte = " ".join(request.POST.get("adresse", "").split())[:200]
    if len(texte) < geocodage.CARACTERES_MIN:
        return Propositions(dit="Écrivez d’abord le numéro et la voie.")
    if not ratelimit.consume(request, action="adresses", user=request.user):
        return Propositions(dit="Trop de demandes en une minute. Écrivez l’adresse : elle sera gardée telle quelle.")
    code = request.POST.get("code_postal", "").strip()
    trouvees = geocodage.proposer(f"{texte} {code}" if code.isdecimal() and len(code) == 5 else texte)
    if trouvees is None:
        return Propositions(
            dit="La base des adresses ne répond pas. Écrivez l’adresse : elle sera gardée telle quelle."
        )
    aucune = "Aucune adresse ne ressemble à celle-ci. Gardez-la si elle est juste."
    return Propositions(trouvees, "" if trouvees else aucune)
