"""The cell of the tribunal → a court of today. A name, a SIRET, a town; never a guess between several."""

import re
from typing import Any

from emjpm.commun.texte import normaliser
from mesures.anonymat import ressemble_a_un_nom
from tribunaux.models import Tribunal
from tribunaux.reconnaissance import decouper

from .cellule import Illisible, Proposition, texte
from .confidences import MASQUE, masquer
from .reperes import Reperes

_SIRET_ABIME = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_INCERTAINES = {"proche", "contenu"}
_SIGLE = re.compile(r"\b(?:[A-Za-z]\.){2,3}")  # « T.J. »
_ECRIRE = "Le nom du tribunal, par exemple « TJ Metz »"


def lire_tribunal(valeur: Any, reperes: Reperes) -> tuple[Tribunal, str]:
    """(court, remark for the page or « »). Raises Illisible with the possible courts when there are several.

    Of several possible ones, the only one where the mandataire is habilité is chosen, as a colleague would.
    """
    brut = _SIGLE.sub(lambda m: m[0].replace(".", ""), texte(valeur))
    chiffres = re.sub(r"[\s.]", "", brut)
    if _SIRET_ABIME.fullmatch(brut) or (
        isinstance(valeur, int | float) and re.fullmatch(r"[1-9]\d{5,8}0{5,}", chiffres) and len(chiffres) == 14
    ):
        debut = re.sub(r"[.,]|[eE].*", "", brut).rstrip("0")
        possibles = [t.actuel for siret, t in reperes.annuaire.par_siret.items() if siret.startswith(debut)]
        raise Illisible("Excel a effacé la fin du SIRET", _ECRIRE, _demander(brut, possibles, reperes, probable=False))
    reconnu = reperes.tribunal(brut)
    trouves = reconnu.tribunaux
    if len(trouves) > 1:
        siens = [t for t in trouves if t.pk in reperes.habilites]
        trouves = siens if len(siens) == 1 and reconnu.maniere not in _INCERTAINES else trouves
    if len(trouves) == 1 and reconnu.maniere not in _INCERTAINES:
        ferme = reperes.tribunal_ferme(brut)
        lu = f"{brut} : lu {trouves[0].nom_court}, qui l’a remplacé" if ferme and ferme.pk != trouves[0].pk else ""
        return trouves[0], lu
    if chiffres.isdigit() and len(chiffres) >= 9:
        raison = f"Un SIRET a 14 chiffres, celui-ci en a {len(chiffres)}"
        if len(chiffres) == 14:
            raison = "Aucun tribunal n’a ce SIRET"
        raise Illisible(raison, _ECRIRE, _demander(brut, [], reperes))
    if not trouves:  # « TJ St Avold »: the town has a court, of another type
        trouves = reperes.tribunal(decouper(brut)[1]).tribunaux
    question = _demander(brut, trouves, reperes, probable=reconnu.maniere != "contenu")
    if not trouves:
        raise Illisible("Ce tribunal n’est pas reconnu", _ECRIRE, question)
    noms = " ou ".join(f"« {t.nom_court} »" for t in trouves[:4])
    raison = (
        "Ce tribunal n’est pas reconnu avec certitude" if len(trouves) == 1 else "Plusieurs tribunaux sont possibles"
    )
    raise Illisible(raison, f"{noms}, s’il s’agit de {'lui' if len(trouves) == 1 else 'l’un d’eux'}", question)


def tribunal_manquant(reperes: Reperes) -> Illisible:
    """Nothing written: whoever works for one court does not write it on each row. Asked once for all of them."""
    siens = sorted((reperes.tribunaux[pk] for pk in reperes.habilites), key=lambda t: t.nom)[:6]
    choix = tuple((t.nom, {"tribunal": t.pk}) for t in siens if not t.ferme_le)
    defaut = 0 if len(choix) == 1 else -1
    question = Proposition("", "Le tribunal n’est pas écrit. Lequel est-ce ?", choix, defaut, tribunal_libre=True)
    return Illisible("Le tribunal manque", _ECRIRE, question)


def _demander(brut: str, possibles: list[Tribunal], reperes: Reperes, probable: bool = True) -> Proposition | None:
    """« Quel tribunal est « TJ St Avold » ? »: the likely courts, one's own first, and any other from a list."""
    lu = masquer(brut)
    if lu == MASQUE or (ressemble_a_un_nom(lu) and not decouper(lu)[0] and not possibles):
        return None
    uniques = sorted({t.pk: t for t in possibles}.values(), key=lambda t: t.pk not in reperes.habilites)[:5]
    choix = tuple((t.nom, {"tribunal": t.pk}) for t in uniques)
    defaut = 0 if probable and len(choix) == 1 else -1
    return Proposition(normaliser(brut), f"Quel tribunal est « {lu} » ?", choix, defaut, tribunal_libre=True)
