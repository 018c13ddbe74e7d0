"""The figures on screen, as a workbook or as CSV: the same rows, in the same order."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpResponse, QueryDict

from emjpm.commun.tableur import Feuille, reponse_csv, reponse_xlsx
from emjpm.commun.templatetags.emjpm import date_longue

from .ensemble import VueDEnsemble
from .tableaux import A_JOUR, CHARGE, COMPLETES, Ligne, Tableau

FORMATS = ("xlsx", "csv")
COLONNES = (*COMPLETES, CHARGE, A_JOUR)
TITRES = [f"{c.titre} (%)" if c.cle in {"part", "a_jour"} else c.titre for c in COLONNES]
CHIFFRES = {  # the tiles, in their order on the page
    "places": "Places disponibles",
    "trop": "En surcapacité",
    "total": "Disponibilité totale",
    "souhaitees": "Capacité souhaitée",
    "mandataires": "Mandataires",
    "en_pause": "En pause",
    "non_renseignees": "Capacités non renseignées",
    "en_cours": "Mesures en cours",
    "en_attente": "Mesures en attente",
    "eteintes": "Mesures éteintes",
}


def urls(vue: VueDEnsemble, params: QueryDict) -> dict[str, str]:
    """Addresses of the files of this very screen: territory, way of counting, sort."""
    tris = {cle: valeur for cle, valeur in params.items() if cle.startswith("tri_")}
    return {nom: vue.url(**tris, format=nom) for nom in FORMATS}


def exporter(vue: VueDEnsemble, tableaux: Sequence[Tableau], format_: str) -> HttpResponse:
    """Excel: one sheet a table, with its definitions. CSV: all the rows in one table, with their level."""
    nom = f"pilotage {vue.territoire.nom} {vue.base.value} {vue.photo.jour:%Y-%m-%d}"
    if format_ == "csv":
        return reponse_csv(nom, Feuille("Pilotage", ["Niveau", "Nom", *TITRES], _a_plat(vue, tableaux)))
    notes = [f"{vue.territoire.nom}, {date_longue(vue.photo.jour)}. {vue.definition}", vue.a_part]
    notes = [note for note in notes if note]
    feuilles = [
        Feuille("Ensemble", ["Chiffre", "Valeur", "Définition"], _chiffres(vue), notes, (28, 12, 70)),
        Feuille("Par type", ["Type", *TITRES], [_ligne(ligne) for ligne in vue.types], notes),
    ]
    for tableau in tableaux:
        entete = tableau.entetes[0].titre
        lignes = [_ligne(ligne) for ligne in [*tableau.lignes, tableau.total]]
        feuilles.append(Feuille(f"Par {entete.lower()}", [entete, *TITRES], lignes, notes, (34,)))
    return reponse_xlsx(nom, feuilles)


def _chiffres(vue: VueDEnsemble) -> Iterator[list[Any]]:
    for cle, titre in CHIFFRES.items():
        chiffre = getattr(vue.bilan, cle)
        yield [titre, chiffre.valeur, chiffre.definition]


def _a_plat(vue: VueDEnsemble, tableaux: Sequence[Tableau]) -> Iterator[list[Any]]:
    yield ["Ensemble", *_ligne(vue.total)]
    for ligne in vue.types:
        yield ["Type", *_ligne(ligne)]
    for tableau in tableaux:
        for ligne in tableau.lignes:
            yield [tableau.entetes[0].titre, *_ligne(ligne)]


def _ligne(ligne: Ligne) -> list[Any]:
    valeurs = [colonne.valeur(ligne.bilan) for colonne in COLONNES]
    return [ligne.nom, *(round(v, 1) if isinstance(v, float) else v for v in valeurs)]
