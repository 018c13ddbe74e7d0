"""Finding a commune from what people type."""

import re

from django.db import models
from django.db.models import Q

from emjpm.commun.texte import normaliser

_CODE_POSTAL = re.compile(r"^\d{2,5}$")
_LIEU = re.compile(r"\d{2,3}|2[ab]|\d{5}")
_ARTICLES = ("la", "le", "les", "l")
_ABREGES = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


def mots_de_commune(texte: object) -> list[str]:
    """The words of a text as names of communes write them: « St » is « saint »."""
    return [_ABREGES.get(mot, mot) for mot in normaliser(texte).split()]


def nom_de_commune(texte: object) -> str:
    """The form in which names of communes are compared: « St-Étienne » and « SAINT ETIENNE » are one.

    Cedex numbers are dropped (« Metz Cedex 1 » is Metz).
    """
    mots = mots_de_commune(texte)
    if "cedex" in mots:
        mots = mots[: mots.index("cedex")]
    return " ".join(mots)


class CommuneQuerySet(models.QuerySet):
    def du_code_postal(self, code: str):
        """All the communes of a postal code: the arrondissement it is made for, then the largest."""
        return self.filter(codes_postaux=code).order_by("-est_arrondissement", "-population", "insee")

    def ressemblant(self, texte: str):
        """Communes whose name or postal code begins as typed; « metz 57 », « 57 metz » narrow to a département.

        An article may be left out (« rochelle »). Exact names first, then the largest. Empty when nothing can be
        understood.
        """
        mots = nom_de_commune(texte).split()
        if not mots:
            return self.none()
        if len(mots) == 1 and _CODE_POSTAL.match(mots[0]):
            codes = Q(codes_postaux__code=mots[0]) if len(mots[0]) == 5 else Q(codes_postaux__code__startswith=mots[0])
            return self.filter(codes).distinct().order_by("-est_arrondissement", "-population", "insee")
        lieu = Q()
        rang = next((r for r in (-1, 0) if _LIEU.fullmatch(mots[r])), None) if len(mots) > 1 else None
        if rang is not None:
            code = mots.pop(rang)
            lieu = Q(codes_postaux=code) if len(code) == 5 else Q(departement=code.upper())
        nom = " ".join(mots)
        exact = models.Case(models.When(nom_normalise=nom, then=0), default=1)
        debut = Q(nom_normalise__startswith=nom)
        if len(nom) > 2:
            for article in _ARTICLES:
                debut |= Q(nom_normalise__startswith=f"{article} {nom}")
        return self.filter(lieu & debut).annotate(_exact=exact).order_by("_exact", "-population", "insee").distinct()
