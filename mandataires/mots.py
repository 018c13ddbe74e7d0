"""The words of a place of practice, by category of mandataire: an antenne, an establishment."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MotsDuLieu:
    """Both nouns begin with a vowel; only their gender differs."""

    nom: str
    titre: str
    """Of a column, of a field. « Établissement » alone would read like the lieu de vie."""
    sans: str
    """What none in particular follows."""
    feminin: bool

    def _accord(self, masculin: str, feminin: str) -> str:
        return f"{feminin if self.feminin else masculin} {self.nom}"

    @property
    def le(self) -> str:
        return f"l’{self.nom}"

    @property
    def de(self) -> str:
        """« Changer d’antenne »"""
        return f"d’{self.nom}"

    @property
    def un(self) -> str:
        return self._accord("un", "une")

    @property
    def ce(self) -> str:
        return self._accord("cet", "cette")

    @property
    def quel(self) -> str:
        return self._accord("quel", "quelle")

    @property
    def aucun(self) -> str:
        return self._accord("aucun", "aucune")

    @property
    def tous(self) -> str:
        return "Toutes" if self.feminin else "Tous"


ANTENNE = MotsDuLieu("antenne", "Antenne", "Sans antenne", feminin=True)
ETABLISSEMENT = MotsDuLieu("établissement", "Établissement d’exercice", "Non précisé", feminin=False)
