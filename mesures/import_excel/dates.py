"""Cell → day, or year, in any of the forms people write them. Two digits of a year never fall in the future."""

import math
import re
from datetime import date, datetime, time, timedelta
from typing import Any

from emjpm.commun.texte import normaliser

from .cellule import Illisible, Proposition, texte

ANNEE_MIN = 1900
JUGEMENT_MIN = date(1950, 1, 1)
_MOIS = {
    nom: rang
    for rang, noms in enumerate(
        "janvier janv jan|fevrier fevr fev|mars mar|avril avr|mai|juin jun|juillet juil jul|aout aou|"
        "septembre sept sep|octobre oct|novembre nov|decembre dec".split("|"),
        1,
    )
    for nom in noms.split()
}
NOMS_MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_JOURS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
_EXEMPLE_DATE = "La date du jugement, par exemple 12/03/2021"
_NUMERIQUE = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})(?:[ T]\d{1,2}[:h].*)?")
_ISO = re.compile(r"(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:[ T]\d{1,2}[:h].*)?")
_COMPACTE = re.compile(r"(19|20)(\d{2})(0[1-9]|1[0-2])([0-3]\d)")
_EN_LETTRES = re.compile(r"(\d{1,2})(?:er)? ([a-z]+) (\d{4}|\d{2})")


def _annee_complete(annee: str, aujourdhui: date) -> int:
    """« 10 » → 2010; a year that would be in the future belongs to the last century."""
    if len(annee) == 4:
        return int(annee)
    siecle = 2000 if int(annee) <= aujourdhui.year % 100 else 1900
    return siecle + int(annee)


def _jour(annee: int, mois: int, jour: int, exemple: str) -> date:
    try:
        return date(annee, mois, jour)
    except ValueError:
        if not 1 <= mois <= 12:
            raison = f"Le mois {mois} n’existe pas : le jour s’écrit avant le mois"
        elif not 1 <= jour <= 31:
            raison = f"Le jour {jour} n’existe pas"
        else:
            premier = "1er" if jour == 1 else jour
            raison = f"Le {premier} {NOMS_MOIS[mois - 1]}{f' {annee}' if (mois, jour) == (2, 29) else ''} n’existe pas"
        raise Illisible(raison, exemple) from None


def _numero_excel(nombre: float, exemple: str) -> date:
    """A date left as Excel's serial number: days since 30 December 1899."""
    if 1800 <= nombre <= 2200 and int(nombre) == nombre:
        raise Illisible("Une année seule ne suffit pas", exemple)
    if not 3_654 <= nombre < 109_575:  # 1910 to 2199; neither an infinite number nor an endless one passes
        raise Illisible("Ce nombre n’est pas une date", exemple)
    return date(1899, 12, 30) + timedelta(days=int(nombre))


def lire_date(valeur: Any, aujourdhui: date, exemple: str = _EXEMPLE_DATE) -> date:
    """A day, in any of the forms people write it. Two-digit years never fall in the future."""
    if isinstance(valeur, datetime):
        return valeur.date()
    if isinstance(valeur, date):
        return valeur
    if isinstance(valeur, bool | time | timedelta) or (isinstance(valeur, float) and not math.isfinite(valeur)):
        return _refuser_date(exemple)
    if isinstance(valeur, int | float):
        return _numero_excel(valeur, exemple)
    brut = texte(valeur)
    if trouve := _NUMERIQUE.fullmatch(brut):
        jour, mois, annee = trouve.groups()
        return _jour(_annee_complete(annee, aujourdhui), int(mois), int(jour), exemple)
    if (trouve := _ISO.fullmatch(brut)) or (trouve := _COMPACTE.fullmatch(brut)):
        groupes = trouve.groups()
        annee, mois, jour = (groupes[0] + groupes[1], *groupes[2:]) if len(groupes) == 4 else groupes
        return _jour(int(annee), int(mois), int(jour), exemple)
    mots = [m for m in normaliser(brut).split() if m not in _JOURS and m not in {"le", "du"}]
    if (trouve := _EN_LETTRES.fullmatch(" ".join(mots))) and trouve[2] in _MOIS:
        return _jour(_annee_complete(trouve[3], aujourdhui), _MOIS[trouve[2]], int(trouve[1]), exemple)
    if re.fullmatch(r"\d{5}([.,]\d+)?", brut) and brut.isascii():
        return _numero_excel(float(brut.replace(",", ".")), exemple)
    if re.fullmatch(r"(19|20)\d{2}", brut):
        raise Illisible("Une année seule ne suffit pas", exemple)
    return _refuser_date(exemple)


def _refuser_date(exemple: str) -> date:
    raise Illisible("Ce n’est pas une date", exemple)


def lire_date_jugement(valeur: Any, aujourdhui: date) -> date:
    """The date of a judgment already given."""
    jour = lire_date(valeur, aujourdhui)
    if jour > aujourdhui:
        raise Illisible("Cette date est dans le futur", "La date d’un jugement déjà rendu")
    if jour < JUGEMENT_MIN:
        raise Illisible("Cette date est trop ancienne pour une mesure en cours", _EXEMPLE_DATE)
    return jour


# --- Birth years ------------------------------------------------------------------------------------
_ECRIRE_ANNEE = "L’année de naissance sur 4 chiffres, par exemple 1947, ou rien"


def lire_annee(valeur: Any, aujourdhui: date) -> int:
    """A year of birth; of a full date only the year is kept. Two digits are a question, never a guess."""
    if isinstance(valeur, datetime | date):
        annee = valeur.year
        if annee == 1905:  # 1947 in a cell of dates is Excel's 30 April 1905
            raise Illisible("Excel a changé cette année en date", _ECRIRE_ANNEE)
    else:
        brut = texte(valeur)
        if trouve := re.fullmatch(r"(\d{4})([.,]0+)?", brut):
            annee = int(trouve[1])
        elif trouve := re.fullmatch(r"(?:\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*|')?(\d{1,2})", brut):
            raise Illisible("L’année n’a que 2 chiffres", _ECRIRE_ANNEE, _quelle_annee(int(trouve[1]), aujourdhui))
        elif re.fullmatch(r"-?\d+([.,]\d+)?", brut):
            raise Illisible("Ce nombre n’est pas une année", _ECRIRE_ANNEE)
        else:
            try:
                annee = lire_date(valeur, aujourdhui, _ECRIRE_ANNEE).year
            except Illisible as erreur:
                raise Illisible("Ce n’est pas une année de naissance", _ECRIRE_ANNEE) from erreur
    if annee < ANNEE_MIN:
        raise Illisible("Cette année est trop ancienne", _ECRIRE_ANNEE)
    if annee > aujourdhui.year:
        raise Illisible("Cette année est dans le futur", _ECRIRE_ANNEE)
    return annee


def _quelle_annee(deux_chiffres: int, aujourdhui: date) -> Proposition:
    """Of a date, only the two digits of the year are ever shown. Nobody is proposed a year still to come."""
    annees = [a for a in (1900 + deux_chiffres, 2000 + deux_chiffres) if a <= aujourdhui.year]
    if len(annees) == 1:
        enonce, oui, non = f"« {deux_chiffres:02} », est-ce {annees[0]} ?", "Oui, {}", "Non, année inconnue"
    else:
        enonce, oui, non = f"« {deux_chiffres:02} », est-ce {annees[0]} ou {annees[1]} ?", "{}", "Année inconnue"
    choix = [(oui.format(a), {"annee_naissance": a}) for a in annees]
    return Proposition(f"{deux_chiffres:02}", enonce, (*choix, (non, {"annee_naissance": None})))
