"""The journal: one line for each write, in the same transaction as the write."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from .models import Evenement


def _lisible(valeur: Any) -> Any:
    """A JSON value for the journal: keys and dates as text, objects by their identifier."""
    if valeur is None or isinstance(valeur, bool | int | float | str):
        return valeur
    if isinstance(valeur, models.Model):
        return valeur.pk
    if isinstance(valeur, list | tuple | set):
        return [_lisible(v) for v in valeur]
    return valeur.isoformat() if hasattr(valeur, "isoformat") else str(valeur)


def photo(objet: models.Model, champs: Iterable[str]) -> dict[str, Any]:
    """The present values of some fields, to be compared after the write (see `difference`)."""
    return {champ: getattr(objet, objet._meta.get_field(champ).attname) for champ in champs}


def difference(avant: dict[str, Any], apres: dict[str, Any]) -> dict[str, list]:
    """{champ: [before, after]} for what differs between two `photo`s."""
    return {c: [_lisible(avant[c]), _lisible(apres[c])] for c in avant if avant[c] != apres[c]}


def evenement(*, par, acte: str, objet: models.Model, changements: dict | None = None) -> Evenement:
    """The line, not saved: for bulk_create. `acte` reads « mesure.valider »."""
    connu = par is not None and par.pk is not None
    return Evenement(
        par=par if connu else None,
        role=par.role if connu else "",
        acte=acte,
        objet_type=objet._meta.label_lower,
        objet_id=str(objet.pk),
        changements={c: _lisible(v) for c, v in (changements or {}).items()},
    )


def noter(*, par, acte: str, objet: models.Model, changements: dict | None = None) -> Evenement:
    """Write one line. Call it inside the transaction of the act."""
    ligne = evenement(par=par, acte=acte, objet=objet, changements=changements)
    ligne.save()
    return ligne
