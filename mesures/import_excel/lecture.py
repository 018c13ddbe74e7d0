"""Cell → value, one information at a time. Pure functions: no database, no date of today but the one given.

Each raises `Illisible` with why and what to write instead. What depends on other cells or on the database (commune,
tribunal) is in `lieux` and `reperes`.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from rapidfuzz import fuzz, process

from emjpm.commun.texte import nom_possible, normaliser, propre
from mesures.anonymat import ressemble_a_un_nom
from mesures.enums import Champ, LieuVie, Nature
from mesures.numero_rg import factice, forme_normale

from .synonymes import (
    CHAMPS,
    CIVILITES,
    MOTS_D_HEBERGEMENT,
    MOTS_QUI_NIENT,
    NATURES,
    NATURES_CONNUES,
    NATURES_IMPRECISES,
    NATURES_REFUSEES,
    RESIDENCES,
    VIDES,
)

ANNEE_MIN = 1900
JUGEMENT_MIN = date(1950, 1, 1)
NUMERO_MAX = 40
_MOT_MINUSCULE = re.compile(r"(?<![^\W_])[a-zà-ÿ]{5,}(?![^\W_])")  # whole words, typed without a capital
_ENTIER_MAX = 10**40  # no information is that long, and Python writes longer ones slowly or not at all
_APOSTROPHE = re.compile(r"^['’](?=[\d=+@-])")  # Excel's mark of a text, seen by nobody
_LETTRES_SEULES = re.compile(r"[a-z](?: [a-z])+")
_RIENS = re.compile(r"[\s\-–—_?.…*#/\\'’\"]*")
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


@dataclass(frozen=True)
class Proposition:
    """The small question that would settle an unreadable cell: the answers, each with what it writes in the row.

    `defaut`: rank of the answer proposed first, −1 when none is likely enough. `cle` tells two questions apart.
    """

    cle: str
    enonce: str
    choix: tuple[tuple[str, dict[str, Any]], ...]
    defaut: int = -1
    tribunal_libre: bool = False


class Illisible(Exception):
    """A cell that could not be read: `pourquoi` (no final stop), `a_ecrire` (the remedy), a question if one helps."""

    def __init__(self, pourquoi: str, a_ecrire: str, proposition: Proposition | None = None):
        super().__init__(pourquoi)
        self.pourquoi, self.a_ecrire, self.proposition = pourquoi, a_ecrire, proposition


def texte(valeur: Any) -> str:
    """The cell as one would read it aloud: no stray space, « 75001 » for 75001.0, « 12/03/2021 » for a date."""
    if valeur is None or isinstance(valeur, bool):
        return {True: "VRAI", False: "FAUX"}.get(valeur, "")
    if isinstance(valeur, int):
        return str(valeur) if abs(valeur) < _ENTIER_MAX else "…"
    if isinstance(valeur, float):
        if not math.isfinite(valeur):
            return ""
        return str(int(valeur)) if valeur.is_integer() and abs(valeur) < 1e16 else str(valeur)
    if isinstance(valeur, datetime | date):
        return f"{valeur.day:02}/{valeur.month:02}/{valeur.year:04}"
    return _APOSTROPHE.sub("", propre(str(valeur)))


def sigle(forme: str) -> str:
    """A normal form whose letters stood apart, in one word: « e h p a d » → « ehpad », « c r » → « cr »."""
    return forme.replace(" ", "") if _LETTRES_SEULES.fullmatch(forme) else forme


def vide(valeur: Any) -> bool:
    """Empty, or one of the ways to write it: « - », « ? », « N/A », « néant »."""
    lu = texte(valeur)
    if _RIENS.fullmatch(lu):
        return True
    forme = normaliser(lu)
    return bool(forme) and forme in VIDES


# --- Dates ----------------------------------------------------------------------------------------
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


# --- The mesure -----------------------------------------------------------------------------------
_ECRIRE_TYPE = "L’un des 9 types du modèle"
_ARTICLES = {"de", "du", "des", "d", "la", "le", "les", "l"}
_MOTS_DE_LIAISON = {"a", "aux", "la", "et", "des", "de", "sur", "les", "le", "du", "au"}
_MOTS_DE_CHAMP = {"bien", "biens", "personne", "pers", "personnes"}
_MOTS_DE_NATURE = {mot for forme in (*NATURES, *NATURES_REFUSEES) for mot in forme.split() if len(mot) > 2}


def lire_nature(valeur: Any) -> tuple[Nature, str]:
    """(nature, champ): « Curatelle renforcée aux biens et à la personne » says both; champ may be empty."""
    forme = sigle(normaliser(texte(valeur)))
    if forme in NATURES:
        return NATURES[forme], ""
    nature_mots, champ_mots = _separer_champ(forme.split())
    nature = " ".join(nature_mots)
    champ = _champ_des_mots(champ_mots) if champ_mots else ""
    if nature in NATURES:
        return NATURES[nature], champ
    if nature in NATURES_REFUSEES:
        raise Illisible(NATURES_REFUSEES[nature], f"{_ECRIRE_TYPE}, ou retirez la ligne")
    if nature in NATURES_IMPRECISES:
        raison, possibles = NATURES_IMPRECISES[nature]
        raise Illisible(
            raison, " ou ".join(f"« {n.label} »" for n in possibles), _quelle_nature(valeur, possibles, champ)
        )
    proche = "" if set(nature_mots) & MOTS_QUI_NIENT else plus_proche(nature, NATURES_CONNUES)
    if proche and proche != nature:
        return lire_nature(f"{proche} {' '.join(champ_mots)}")
    # Too far to be read as a known type, near enough to propose it first.
    rang = {n: process.extractOne(nature, _FORMES_DE[n], scorer=fuzz.ratio)[1] for n in Nature}
    proches = sorted(Nature, key=lambda n: -rang[n])
    probable = rang[proches[0]] >= VRAISEMBLABLE
    remede = f"« {proches[0].label} », ou un autre des 9 types du modèle" if probable else _ECRIRE_TYPE
    question = _quelle_nature(valeur, tuple(proches if probable else Nature), champ, 0 if probable else -1)
    raise Illisible("Ce type de mesure n’est pas reconnu", remede, question)


def _quelle_nature(valeur: Any, possibles: tuple[Nature, ...], champ: str, defaut: int = -1) -> Proposition | None:
    """« Quel type est « Curatelle » ? », unless the text could be somebody's name: it is then never shown."""
    lu = masquer(valeur)
    if lu == MASQUE or (semble_un_nom(valeur) and not set(normaliser(lu).split()) & _MOTS_DE_NATURE):
        return None
    choix = tuple((n.label, {"nature": str(n.value), "champ": champ}) for n in possibles)
    return Proposition(normaliser(lu), f"Quel type de mesure est « {lu} » ?", choix, defaut)


PROCHE = 90
"""rapidfuzz ratio, out of 100, from which a text is read as a known one: one letter off in ten."""
VRAISEMBLABLE = 80
"""From which a known text is proposed first, and not read in its place."""
_FORMES_DE = {n: [forme for forme, sens in NATURES.items() if sens == n and len(forme) > 4] for n in Nature}
_ECART = 4  # and no known text of another meaning may come this near to the best


def plus_proche(forme: str, sens: Mapping[str, Any]) -> str:
    """The known text (a key of `sens`) that this one spells wrong, or empty: « curatele renforcee » is one of them.

    Short texts are codes (« cs », « mas »): a letter more is another code, so they are never guessed.
    """
    if len(forme) < 7:
        return ""
    connus = [connu for connu in sens if len(connu) >= 7]
    trouves = process.extract(forme, connus, scorer=fuzz.ratio, score_cutoff=PROCHE - _ECART, limit=8)
    if not trouves or trouves[0][1] < PROCHE:
        return ""
    meilleur, score, _ = trouves[0]
    rivaux = [connu for connu, note, _ in trouves if note > score - _ECART and sens[connu] != sens[meilleur]]
    return "" if rivaux else meilleur


def _separer_champ(mots: list[str]) -> tuple[list[str], list[str]]:
    """The words of the nature, then those of the champ, which come last."""
    for coupe in range(1, len(mots)):
        if mots[coupe] in _MOTS_DE_CHAMP or (
            mots[coupe] in _MOTS_DE_LIAISON and all(m in _MOTS_DE_LIAISON | _MOTS_DE_CHAMP for m in mots[coupe:])
        ):
            suite = mots[coupe:]
            if all(m in _MOTS_DE_LIAISON | _MOTS_DE_CHAMP for m in suite) and set(suite) & _MOTS_DE_CHAMP:
                return mots[:coupe], suite
    return mots, []


def _champ_des_mots(mots: list[str]) -> str:
    biens = bool({"bien", "biens"} & set(mots))
    personne = bool({"personne", "pers", "personnes"} & set(mots))
    if biens and personne:
        return Champ.BIEN_PERSONNE
    return Champ.BIEN if biens else Champ.PERSONNE


def lire_champ(valeur: Any) -> str:
    """The champ of its own column."""
    forme = sigle(normaliser(texte(valeur)))
    if forme in CHAMPS:
        return CHAMPS[forme]
    raise Illisible("Ce champ n’est pas reconnu", "« aux biens », « à la personne » ou « aux biens et à la personne »")


def lire_numero_rg(valeur: Any) -> str:
    """The number as typed, tidied of stray spaces; never cut, padded or guessed (needs.md 5)."""
    refuser_date_pour_numero(valeur)
    numero = texte(valeur)
    if len(numero) > NUMERO_MAX or len(forme_normale(numero)) > NUMERO_MAX:
        raise Illisible("Ce numéro est trop long", f"Le numéro RG du tribunal, {NUMERO_MAX} caractères au plus")
    if re.fullmatch(r"\d+([.,]\d+)?[eE]\+\d+", numero):  # « 19E00425 » is a number of cabinet E
        raise Illisible("Excel a changé ce numéro en nombre", "Le numéro RG, dans une cellule au format texte")
    if not any(c.isdigit() for c in numero) or nom_possible(numero):
        raise Illisible("Ce n’est pas un numéro RG", "Le numéro RG du tribunal, par exemple 21B00167")
    return numero


def lire_numero_dossier(valeur: Any) -> str:
    """The mandataire's own reference, as typed. See `personnel` for what never goes through."""
    refuser_date_pour_numero(valeur)
    numero = texte(valeur)
    if len(numero) > NUMERO_MAX:
        raise Illisible("Cette référence est trop longue", f"Une référence de {NUMERO_MAX} caractères au plus")
    return numero


def lire_cabinet(valeur: Any) -> str:
    """« 2 », « Cabinet 2 » → « 2 »."""
    refuser_date_pour_numero(valeur)
    cabinet = re.sub(r"^cab(?:inet)?\.?\s*(?:n\s*[°ºo]\s*)?(?=\S)", "", texte(valeur), flags=re.IGNORECASE)
    if len(cabinet) > NUMERO_MAX:
        raise Illisible("Ce nom de cabinet est trop long", f"{NUMERO_MAX} caractères au plus")
    return cabinet


# --- The adult ------------------------------------------------------------------------------------
def lire_civilite(valeur: Any) -> str:
    forme = normaliser(texte(valeur))
    if forme in CIVILITES:
        return CIVILITES[forme]
    raise Illisible("Civilité non reconnue", "« Madame » ou « Monsieur »")


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


def lire_residence(valeur: Any) -> tuple[LieuVie, str]:
    """(lieu de vie, type d'établissement): « EHPAD » → (établissement, personnes âgées)."""
    forme = sigle(normaliser(texte(valeur)))
    if forme in RESIDENCES:
        return RESIDENCES[forme]
    mots = forme.split()
    if "conservation" in mots and {"domicile", "logement"} & set(mots):
        return LieuVie.ETABLISSEMENT_DOMICILE, ""
    # « EHPAD Les Glycines », « Foyer de vie La Source »: the first words say the kind; the rest is not kept.
    for longueur in range(min(len(mots) - 1, 6), 0, -1):
        debut = " ".join(mots[:longueur])
        if debut in RESIDENCES and RESIDENCES[debut][0] == LieuVie.ETABLISSEMENT:
            suite = mots[longueur:]
            if set(suite) & MOTS_QUI_NIENT or (len(debut) <= 3 and (suite[0] in _ARTICLES or suite[0].isdigit())):
                break  # « EHPAD ou domicile », « Ch. du Moulin »: asked
            return RESIDENCES[debut]
    proche = "" if set(mots) & MOTS_QUI_NIENT else plus_proche(forme, RESIDENCES)
    if proche:
        return RESIDENCES[proche]
    raise Illisible(
        "Ce lieu de résidence n’est pas reconnu",
        "« Domicile », « Établissement » ou « Sans domicile fixe »",
        _quelle_residence(valeur),
    )


def _quelle_residence(valeur: Any) -> Proposition | None:
    lu = masquer(valeur)
    if lu == MASQUE or (semble_un_nom(valeur) and not set(normaliser(lu).split()) & _MOTS_DE_RESIDENCE):
        return None
    choix = tuple((lieu.label, {"lieu_vie": str(lieu.value), "type_etablissement": ""}) for lieu in LieuVie)
    return Proposition(normaliser(lu), f"Quel lieu de résidence est « {lu} » ?", choix)


_MOTS_DE_RESIDENCE = {mot for forme in RESIDENCES for mot in forme.split() if len(mot) > 2} | MOTS_D_HEBERGEMENT


def par_ressemblance(champ: str, valeur: Any) -> str:
    """What a text read by likeness only was read as, to be said on the page: « Curatelle renforcée »; else empty."""
    forme = sigle(normaliser(texte(valeur)))
    if champ == "nature":
        nature = " ".join(_separer_champ(forme.split())[0])
        return "" if forme in NATURES or nature in NATURES else lire_nature(valeur)[0].label
    if champ == "lieu_vie":
        return "" if forme in RESIDENCES or "conservation" in forme.split() else lire_residence(valeur)[0].label
    return ""


# --- Names ----------------------------------------------------------------------------------------
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


def refuser_erreur(valeur: Any) -> None:
    raise Illisible("Excel affiche une erreur de formule dans cette cellule", "La valeur attendue, ou rien")


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


def refuser_date_pour_numero(valeur: Any) -> None:
    """« 1-3-21 » that Excel took for 1 March 2021: the number is lost."""
    if isinstance(valeur, datetime | date):
        raise Illisible("Excel a changé cette référence en date", "La référence, dans une cellule au format texte")


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
    return lu if len(lu) <= NUMERO_MAX else f"{lu[: NUMERO_MAX - 1]}…"


MASQUE = "contenu masqué"
