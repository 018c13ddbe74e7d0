"""Searching and ordering a mandataire's list: what the words typed may match, and in which order rows come."""

from django.db.models import F, Q, QuerySet

from emjpm.geographie.querysets import nom_de_commune
from mesures.numero_rg import forme_normale

ORDRES = {
    "jugement": ("date_jugement", "pk"),
    "rg": ("rg_normal", "pk"),
    "dossier": ("numero_dossier", "pk"),
    "commune": (F("commune__nom_normalise").asc(nulls_last=True), "ville", "pk"),
    "nature": ("nature", "-date_jugement", "pk"),
    "tribunal": ("tribunal__nom_normalise", "cabinet", "pk"),
    "naissance": (F("annee_naissance").asc(nulls_last=True), "pk"),
    "lieu": ("lieu_vie", "pk"),
    "fin": ("date_fin", "pk"),
}
"""Key of `?tri=` → order; « -key » is the reverse."""


def ordonner(mesures: QuerySet, tri: str) -> QuerySet:
    """In this order; an unknown one gives the latest judgment first."""
    inverse, cle = tri.startswith("-"), tri.removeprefix("-")
    if cle not in ORDRES:
        return mesures.order_by("-date_jugement", "-pk")
    if not inverse:
        return mesures.order_by(*ORDRES[cle])
    return mesures.order_by(*(_renverser(terme) for terme in ORDRES[cle]))


def _renverser(terme):
    if isinstance(terme, str):
        return terme[1:] if terme.startswith("-") else f"-{terme}"
    return terme.expression.desc(nulls_last=True)


def rechercher(mesures: QuerySet, texte: str) -> QuerySet:
    """Mesures where every word is found: RG (normal form), dossier, commune (accents forgiven), birth year."""
    entier = forme_normale(texte)
    if not entier:
        return mesures
    tous = Q()
    for mot in texte.split():
        tous &= _un_mot(mot)
    return mesures.filter(tous | Q(rg_normal__contains=entier))


def _un_mot(mot: str) -> Q:
    trouve = Q(numero_dossier__icontains=mot) | Q(ville__icontains=mot)
    if normal := forme_normale(mot):
        trouve |= Q(rg_normal__contains=normal)
    if nom := nom_de_commune(mot):
        trouve |= Q(commune__nom_normalise__contains=nom)
    if mot.isdecimal():
        trouve |= Q(code_postal__startswith=mot)
        if len(mot) == 4:
            trouve |= Q(annee_naissance=int(mot))
    return trouve


def filtrer(mesures: QuerySet, valeurs: dict) -> QuerySet:
    """Apply the values of FiltresForm (absent ones change nothing)."""
    for champ in ("nature", "lieu_vie", "tribunal"):
        if valeurs.get(champ):
            mesures = mesures.filter(**{champ: valeurs[champ]})
    if valeurs.get("sans_rg"):
        mesures = mesures.filter(rg_normal="")
    return rechercher(mesures, valeurs.get("q", ""))
