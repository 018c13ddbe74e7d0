"""What a cell may say of somebody: a name, an address, a number that tells who they are. Never kept, never shown.

A guard, not a proof (mesures.anonymat): the rule of the forms, made to see names typed without any capital.
"""

import re
from datetime import date, datetime
from typing import Any

from emjpm.commun.texte import nom_possible, normaliser
from mesures.anonymat import ressemble_a_un_nom
from mesures.numero_rg import factice

from .cellule import texte
from .synonymes import CHAMPS, CIVILITES, NATURES, RESIDENCES

MASQUE = "contenu masqué"
MONTRE_MAX = 40
"""Characters of a found value shown on a page."""
_MOT_MINUSCULE = re.compile(r"(?<![^\W_])[a-zà-ÿ]{5,}(?![^\W_])")  # whole words, typed without a capital


def semble_un_nom(valeur: Any) -> bool:
    """Does a reference read like a person's name? « DURAND Paul », « durand », « Mme D. », « 2021-034 Durand ».

    The rule of the forms (mesures.anonymat), which looks at capitals, made to see names typed without any.
    """
    if isinstance(valeur, int | float | datetime | date | bool) or valeur is None:
        return False
    brut = texte(valeur)
    return ressemble_a_un_nom(brut.title() if brut.islower() else _MOT_MINUSCULE.sub(lambda m: m[0].title(), brut))


ERREUR_EXCEL = re.compile(
    r"#(?:REF|DIV/0|NAME|NOM|VALUE|VALEUR|NUM|NOMBRE|NULL|NUL|GETTING_DATA|SPILL|CALC)[!?]?", re.IGNORECASE
)
"""An error that Excel shows in a cell. « #N/A » is read as « nothing »."""
ADRESSE = re.compile(
    r"\b(?:rue|avenue|av\.|boulevard|bd|chemin|impasse|all[ée]e|quai|square|lotissement|r[ée]sidence\s+\w)\b",
    re.IGNORECASE,
)
_PERSONNELS = re.compile(
    r"\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)?\d{2}"  # a full date
    r"|[12]\s?\d{2}\s?\d{2}\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d{2})?"  # a social security number
    r"|(?:\+33|0)\s?[1-9](?:[\s.\-]?\d{2}){4}"  # a telephone
)
_REFERENCE_NUE = re.compile(r"\d{1,4}[\s/.\-]?[A-Z]?[\s/.\-]?\d{0,6}")


def personnel(champ: str, valeur: Any) -> bool:
    """Does a reference (dossier, RG, cabinet) hold a name, an address, or a number that tells who someone is?

    A date is a number that Excel changed: it is a fault, said by its reader, unless it could be a birth date.
    """
    lu = texte(valeur)
    if isinstance(valeur, datetime | date) or ERREUR_EXCEL.fullmatch(lu) or (champ == "numero_rg" and factice(lu)):
        return False
    if champ == "numero_rg" and not any(c.isdigit() for c in lu):
        return False  # no number at all: its reader says so
    if _PERSONNELS.fullmatch(lu):
        return True
    if _REFERENCE_NUE.fullmatch(lu):  # « 21B00167 », « 2021-034 »: most of them, spared what follows
        return False
    return bool(ADRESSE.search(lu) or semble_un_nom(valeur))


def annee_seule(valeur: Any) -> str:
    """What may be shown of a year of birth: its digits, never the day nor the month; « contenu masqué » otherwise."""
    if isinstance(valeur, datetime | date):
        return str(valeur.year)
    lu = texte(valeur)
    if not lu or re.fullmatch(r"\d{1,4}([.,]\d{1,2})?", lu):
        return lu
    fin = re.search(r"(?<!\d)(\d{4}|\d{2})$", lu)
    return f"…{fin[1]}" if fin else MASQUE


def masquer(valeur: Any) -> str:
    """A found value for the page: 40 characters at most, nothing of what reads like a name."""
    lu = texte(valeur)
    if not lu:
        return ""
    if nom_possible(lu):
        return MASQUE
    return lu if len(lu) <= MONTRE_MAX else f"{lu[: MONTRE_MAX - 1]}…"


# --- What the pages show ------------------------------------------------------------------------------
_VOCABULAIRE = {
    champ: {mot for forme in formes for mot in forme.split() if len(mot) > 1}
    for champ, formes in {
        "nature": [*NATURES, "habilitation familiale masp curatelle subroge"],
        "champ": CHAMPS,
        "civilite": CIVILITES,
        "lieu_vie": RESIDENCES,
    }.items()
}
_LIBRES = {"ville", "tribunal", "antenne", "pays", "cabinet"}
"""Informations whose words are nobody's."""


def montrer(champ: str, valeur: Any) -> str:
    """A found value, fit to be shown and kept 24 h: what could be someone's name is masked."""
    if champ == "annee_naissance":  # a full birth date is never kept: its year alone is shown
        return annee_seule(valeur)
    if champ in {"numero_dossier", "numero_rg", "cabinet"} and personnel(champ, valeur):
        return MASQUE
    lu = masquer(valeur)
    if ADRESSE.search(lu):
        return MASQUE
    if not any(c.isalpha() for c in lu) or lu == MASQUE or champ in _LIBRES:
        return lu
    vocabulaire = _VOCABULAIRE.get(champ)
    if vocabulaire is not None and set(normaliser(lu).split()) & vocabulaire:
        return lu
    return MASQUE if semble_un_nom(valeur) else lu
