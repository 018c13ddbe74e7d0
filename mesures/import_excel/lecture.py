"""Cell → value, one information at a time: the mesure, then the adult. Pure functions: no database.

Each raises `Illisible` with why and what to write instead. Days and years are in `dates`; what depends on other cells
or on the database (commune, tribunal) is in `lieux` and `reperes`.
"""

import re
from datetime import date, datetime
from typing import Any

from rapidfuzz import fuzz, process

from emjpm.commun.texte import nom_possible, normaliser
from mesures.enums import Champ, LieuVie, Nature
from mesures.numero_rg import forme_normale

from .cellule import Illisible, Proposition, plus_proche, sigle, texte
from .confidences import MASQUE, masquer, semble_un_nom
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
)

NUMERO_MAX = 40
VRAISEMBLABLE = 80
"""From which a known text is proposed first, and not read in its place."""
_FORMES_DE = {n: [forme for forme, sens in NATURES.items() if sens == n and len(forme) > 4] for n in Nature}


def refuser_erreur(valeur: Any) -> None:
    raise Illisible("Excel affiche une erreur de formule dans cette cellule", "La valeur attendue, ou rien")


def refuser_date_pour_numero(valeur: Any) -> None:
    """« 1-3-21 » that Excel took for 1 March 2021: the number is lost."""
    if isinstance(valeur, datetime | date):
        raise Illisible("Excel a changé cette référence en date", "La référence, dans une cellule au format texte")


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
