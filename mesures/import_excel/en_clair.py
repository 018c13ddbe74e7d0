"""A normalised value in the words of a workbook: « Tutelle aux biens », 12/03/2021, « Tribunal judiciaire de Metz »."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mesures.enums import Champ, LieuVie, Nature, Pays, TypeEtablissement


def en_clair(champ: str, valeurs: Mapping[str, Any], tribunaux: Mapping[int, str]) -> Any:
    """What was understood of an information, to be written in a cell; None when nothing was. Dates stay dates."""
    valeur = valeurs.get(champ)
    if not valeur:
        return None
    match champ:
        case "nature":
            complement = f" {Champ(valeurs['champ']).label}" if valeurs.get("champ") else ""
            return f"{Nature(valeur).label}{complement}"
        case "champ":
            return Champ(valeur).label
        case "date_jugement":
            return date.fromisoformat(valeur)
        case "lieu_vie":
            return LieuVie(valeur).label
        case "civilite":
            return valeur.capitalize()
        case "tribunal":
            return tribunaux.get(valeur)
        case "ville" if valeurs.get("pays") == Pays.BELGIQUE:
            return f"{valeur} (Belgique)"
    return valeur


def lu(champ: str, valeurs: Mapping[str, Any], tribunaux: Mapping[int, str]) -> str:
    """The same, as the page says how a cell was read: « établissement, personnes âgées »."""
    valeur = en_clair(champ, valeurs, tribunaux)
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    if champ == "lieu_vie" and valeurs.get("type_etablissement"):
        return f"{valeur}, {TypeEtablissement(valeurs['type_etablissement']).label.lower()}"
    return "" if valeur is None else str(valeur)
