"""What a file leaves in doubt: each small question once, for all the rows where the same thing is written."""

import hashlib
import json
from collections.abc import Mapping

from .cellule import Proposition
from .colonnes import Colonne
from .releve import Choix, LigneLue, Question
from .titres import LIBELLES

QUESTIONS_GARDEES_MAX = 100
"""A file where ten thousand towns are unknown is no matter of small questions: it is the wrong column."""


def _empreinte(contenu: str, longueur: int) -> str:
    """A short key that depends on the content alone: the same question, or answer, in the next file sent."""
    return hashlib.sha256(contenu.encode()).hexdigest()[:longueur]


class Demandes:
    """The questions met while the rows are read."""

    def __init__(self, colonnes: Mapping[str, Colonne]):
        self.colonnes = colonnes
        self._posees: dict[str, tuple[tuple[str, Proposition], list[int]]] = {}  # key → what is asked, of which rows
        self._cles: dict[tuple[str, str], str] = {}

    def poser(self, ligne: int, champ: str, proposition: Proposition) -> str:
        """The key of the question, asked of this row too.

        The key depends on what is written only: an answer given holds for the corrected file too.
        """
        cle = self._cles.get((champ, proposition.cle))
        if cle is None:
            cle = self._cles[champ, proposition.cle] = _empreinte(f"{champ} {proposition.cle}", 20)
        _, lignes = self._posees.setdefault(cle, ((champ, proposition), []))
        if not lignes or lignes[-1] != ligne:
            lignes.append(ligne)
        return cle

    def retenir(self, lues: Mapping[int, LigneLue]) -> list[Question]:
        """The questions that settle most rows; those beyond are faults to mend in the workbook, like others."""
        ordre = sorted(self._posees.items(), key=lambda demande: (-len(demande[1][1]), demande[1][1][0]))
        for cle, (_, lignes) in ordre[QUESTIONS_GARDEES_MAX:]:
            for numero in lignes:
                for probleme in lues[numero].problemes:
                    if probleme.question == cle:
                        probleme.question = ""
        return [self._question(cle, *demande) for cle, demande in ordre[:QUESTIONS_GARDEES_MAX]]

    def _question(self, cle: str, demande: tuple[str, Proposition], lignes: list[int]) -> Question:
        champ, proposition = demande
        colonne = self.colonnes.get(champ)
        choix = [
            Choix(_empreinte(json.dumps(valeurs, sort_keys=True), 12), libelle, valeurs)
            for libelle, valeurs in proposition.choix
        ]
        return Question(
            cle=cle,
            champ=champ,
            colonne=colonne.lettre if colonne else "",
            designation=colonne.designation if colonne else LIBELLES[champ],
            enonce=proposition.enonce,
            choix=choix,
            lignes=lignes,
            defaut=choix[proposition.defaut].cle if proposition.defaut >= 0 else "",
            tribunal_libre=proposition.tribunal_libre,
        )
