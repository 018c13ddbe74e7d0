"""How far the reading of a file is, told between workers through the shared cache: figures only, for two minutes."""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache

from emjpm.comptes.models import Utilisateur

DUREE = 120  # seconds
PAS = 0.7  # seconds between two writes


def _cle(utilisateur: Utilisateur) -> str:
    return f"import-avancement-{utilisateur.pk}"


def suivre(utilisateur: Utilisateur) -> Callable[[int, int], None]:
    """What `analyser` calls as it reads; writes only when the reading lasts."""
    debut = dernier = time.monotonic()

    def avancer(lues: int, total: int) -> None:
        nonlocal dernier
        maintenant = time.monotonic()
        if maintenant - debut > PAS and maintenant - dernier > PAS:
            dernier = maintenant
            cache.set(_cle(utilisateur), {"lues": lues, "total": total}, DUREE)

    return avancer


def lire(utilisateur: Utilisateur) -> dict[str, Any]:
    """{lues, total}, empty when nothing is being read (or not for long enough to tell)."""
    return cache.get(_cle(utilisateur)) or {}


def oublier(utilisateur: Utilisateur) -> None:
    cache.delete(_cle(utilisateur))
