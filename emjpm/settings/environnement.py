"""Readers of the environment: a value that means nothing stops the start with a sentence naming its variable.

The value itself is never repeated: it may hold a password.
"""

import re
from collections.abc import Callable
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
OUI = {"1", "true", "t", "yes", "y", "on", "oui", "vrai"}
NON = {"0", "false", "f", "no", "n", "off", "non", "faux"}
TUILES = re.compile(r"(https://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?|http://127\.0\.0\.1:[0-9]{1,5})/[^\s{}#]*", re.I)


def refuser(nom: str, attendu: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"La variable {nom} est illisible : attendu {attendu} (voir docs/exploitation.md).")


def lire(nom: str, attendu: str, lecture: Callable[[], Any]) -> Any:
    """What `lecture` returns; whatever it raises becomes a sentence."""
    try:
        return lecture()
    except Exception:  # each kind of value fails in its own way
        raise refuser(nom, attendu) from None


def exiger(nom: str) -> str:
    """Value of a compulsory variable; a missing one stops the start with a sentence."""
    valeur = env.str(nom, default="").strip()
    if not valeur:
        raise ImproperlyConfigured(f"La variable {nom} est obligatoire (voir docs/exploitation.md).")
    return valeur


def entier(nom: str, *, defaut: int, minimum: int = 0) -> int:
    texte = env.str(nom, default="").strip()
    if not texte:
        return defaut
    attendu = f"un nombre entier, {minimum} au moins"
    nombre = lire(nom, attendu, lambda: int(texte))
    if nombre < minimum:
        raise refuser(nom, attendu)
    return nombre


def booleen(nom: str, *, defaut: bool) -> bool:
    """Not env.bool: there, « oui » or a slip of the keyboard would quietly mean no."""
    texte = env.str(nom, default="").strip().lower()
    if not texte:
        return defaut
    if texte not in OUI | NON:
        raise refuser(nom, "true ou false")
    return texte in OUI


def site(nom: str, *, defaut: str) -> str:
    adresse = env.str(nom, default="").strip().rstrip("/") or defaut
    if not adresse.startswith(("https://", "http://")):
        raise refuser(nom, "une adresse complète, par exemple https://emjpm.exemple.fr")
    return adresse


def tuiles(nom: str) -> str:
    """The template of a tiled map, or nothing. Its host goes into the CSP as it is written: a plain name, no {s}."""
    modele = env.str(nom, default="").strip()
    sans_reperes = modele.replace("{z}", "").replace("{x}", "").replace("{y}", "")
    complet = all(repere in modele for repere in ("{z}", "{x}", "{y}"))
    if modele and not (complet and TUILES.fullmatch(sans_reperes)):
        raise refuser(nom, "une adresse https avec {z}, {x} et {y}")
    return modele


def courrier(nom: str, *, defaut: str) -> dict[str, Any]:
    """Django's EMAIL_* settings for the URL of a mail server."""
    return lire(
        nom,
        "smtp+tls://compte:motdepasse@serveur:587 ou smtp://serveur:25",
        lambda: env.email_url(nom, default=defaut),
    )
