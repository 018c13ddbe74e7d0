"""Keeping names out: what reads like the name of a person (domain.md §1). A guard, not a proof."""

import re

from emjpm.commun.texte import nom_possible, normaliser

_MOT = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_COURANTS = frozenset(
    "dossier dos numero num no nr ref reference mesure tutelle tut curatelle cur sauvegarde maj annee antenne secteur "
    "cabinet cab pole bureau service suivi archive ancien nouveau provisoire attente janvier fevrier mars avril mai "
    "juin juillet aout septembre octobre novembre decembre".split()
)
SIGLE = 4
"""Longest word in capitals taken for initials beside figures: « TUT-2021-034 »."""


def ressemble_a_un_nom(texte: str) -> bool:
    """Does an identifier (numéro de dossier, RG) read like somebody's name?

    Two words without figures, or one capitalised word of 3 letters or more; beside figures, a capitalised word that
    is neither an everyday one (« Dossier 12 ») nor initials (« TUT-2021 »).
    """
    if not texte:
        return False
    if nom_possible(texte):
        return True
    mots = [m for m in _MOT.findall(texte) if normaliser(m) not in _COURANTS]
    if re.search(r"\d", texte):
        return any(len(m) >= 3 and m[0].isupper() and (len(m) > SIGLE or not m.isupper()) for m in mots)
    return len(mots) >= 2 or any(len(m) >= 3 and m[0].isupper() for m in mots)
