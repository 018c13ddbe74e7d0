"""The history of a mesure's facts: its evolutions in the order of their dates, each starting from what it found.

The rule: a fact is what the latest evolution **by date** made it, whatever the order in which they were typed. So one
noted late, dated before another that changed the same fact, takes its place in the history and leaves the mesure as it
is; the next one then starts from it. What was corrected by hand since (`mandat.modifier`) is never undone.
"""

from datetime import date
from typing import Any

from emjpm.commun import journal
from emjpm.commun.templatetags.emjpm import date_longue
from mesures.enums import ECHELLES, GenreEvolution, Pays
from mesures.models import Evolution, Mesure

from .commun import ActeImpossible, accorder

Valeurs = dict[str, Any]
"""{field: value as the journal keeps it}: the key of a commune, texts."""

LIEU = ("lieu_vie", "type_etablissement", "pays", "code_postal", "commune", "ville")
GROUPES: tuple[tuple[str, ...], ...] = (("nature",), ("champ",), ("cabinet",), ("numero_rg",), LIEU)
"""Facts an evolution may change; those of one group only make sense together and move together."""


_DEFAUTS = {"pays": Pays.FRANCE.value}


def plus_lourdes(nature: str) -> list[str]:
    """The natures that protect more, the next one first."""
    return next((list(e[e.index(nature) + 1 :]) for e in ECHELLES if nature in e), [])


def plus_legeres(nature: str) -> list[str]:
    """The natures that protect less, the next one first."""
    return next((list(reversed(e[: e.index(nature)])) for e in ECHELLES if nature in e), [])


def natures_possibles(genre: str, nature: str) -> list[str]:
    """What an aggravation or an allègement may lead to from this nature."""
    return plus_lourdes(nature) if genre == GenreEvolution.AGGRAVATION else plus_legeres(nature)


def decrire(evolution: Evolution) -> str:
    """« l’aggravation du 3 mars 2024 »."""
    return f"{GenreEvolution(evolution.genre).nom} du {date_longue(evolution.date)}"


def avant(evolution: Evolution, groupe: tuple[str, ...]) -> Valeurs:
    return {champ: evolution.changements[champ][0] for champ in groupe}


def apres(evolution: Evolution, groupe: tuple[str, ...]) -> Valeurs:
    return {champ: evolution.changements[champ][1] for champ in groupe}


def groupes_de(evolution: Evolution) -> list[tuple[str, ...]]:
    return [groupe for groupe in GROUPES if groupe[0] in evolution.changements]


class Chaine:
    """The evolutions of a mesure, changed in memory: `verifier`, then save with `enregistrer` (the mesure apart).

    Call it inside the act's transaction, with the mesure as it was read inside the lock.
    """

    def __init__(self, mesure: Mesure):
        self.mesure = mesure
        self.evolutions = list(mesure.evolutions.order_by("date", "pk"))
        self._touchees: set[int] = set()

    def celle(self, pk: int) -> Evolution | None:
        """The evolution of this key, as this chain holds it."""
        return next((e for e in self.evolutions if e.pk == pk), None)

    def suivante(self, evolution: Evolution, groupe: tuple[str, ...]) -> Evolution | None:
        """The next one that changed these facts; of the same day, the one noted first comes first."""
        place = _place(evolution)
        autres = (e for e in sorted(self.evolutions, key=_place) if e is not evolution)
        return next((e for e in autres if _place(e) > place and groupe[0] in e.changements), None)

    def valeurs_au(self, jour: date, groupe: tuple[str, ...]) -> Valeurs:
        """The facts at the end of a day."""
        suivante = next((e for e in self.evolutions if e.date > jour and groupe[0] in e.changements), None)
        return avant(suivante, groupe) if suivante else self._actuelles(groupe)

    def poser(self, evolution: Evolution, voulues: Valeurs) -> None:
        """Put these facts at its date. What does not change there is not kept."""
        for groupe in GROUPES:
            if groupe[0] not in voulues:
                continue
            suivante = self.suivante(evolution, groupe)
            depart = avant(suivante, groupe) if suivante else self._actuelles(groupe)
            arrivee = {champ: voulues[champ] for champ in groupe}
            if _pareilles(depart, arrivee):
                continue
            evolution.changements |= {champ: [depart[champ], arrivee[champ]] for champ in groupe}
            self._transmettre(suivante, groupe, arrivee)

    def oter(self, evolution: Evolution, groupe: tuple[str, ...]) -> bool:
        """Take these facts out of it: what follows starts from what it found. False: they were corrected since."""
        fait = self._propager(evolution, groupe, avant(evolution, groupe))
        for champ in groupe:
            del evolution.changements[champ]
        return fait

    def changer(self, evolution: Evolution, groupe: tuple[str, ...], voulues: Valeurs) -> bool:
        """Lead these facts elsewhere, from the same start. False: they were corrected since, they stay."""
        fait = self._propager(evolution, groupe, voulues)
        depart = avant(evolution, groupe)
        for champ in groupe:
            if _pareilles(depart, voulues):
                del evolution.changements[champ]
            else:
                evolution.changements[champ] = [depart[champ], voulues[champ]]
        return fait

    def verifier(self) -> None:
        """ActeImpossible when another evolution would no longer say anything true."""
        for evolution in self.evolutions:
            if evolution.pk in self._touchees and not _tient(evolution):
                phrase = decrire(evolution)
                raise ActeImpossible(
                    f"{phrase[:1].upper()}{phrase[1:]} ne tiendrait plus : corrigez ou retirez d’abord cette évolution."
                )

    def enregistrer(self) -> None:
        """Save the others; the mesure is made consistent, and saved by the act."""
        for evolution in self.evolutions:
            if evolution.pk in self._touchees:
                for groupe in groupes_de(evolution):
                    if _pareilles(avant(evolution, groupe), apres(evolution, groupe)):
                        for champ in groupe:
                            del evolution.changements[champ]
                evolution.save(update_fields=["changements"])
        accorder(self.mesure)

    def _actuelles(self, groupe: tuple[str, ...]) -> Valeurs:
        return journal.photo(self.mesure, groupe)

    def _propager(self, evolution: Evolution, groupe: tuple[str, ...], valeurs: Valeurs) -> bool:
        """What followed from this evolution now follows from `valeurs`."""
        suivante = self.suivante(evolution, groupe)
        depart = avant(suivante, groupe) if suivante else self._actuelles(groupe)
        if depart != apres(evolution, groupe):
            return False
        self._transmettre(suivante, groupe, valeurs)
        return True

    def _transmettre(self, suivante: Evolution | None, groupe: tuple[str, ...], valeurs: Valeurs) -> None:
        if suivante is None:
            for champ, valeur in valeurs.items():
                setattr(self.mesure, Mesure._meta.get_field(champ).attname, valeur)
            return
        for champ, valeur in valeurs.items():
            suivante.changements[champ][0] = valeur
        self._touchees.add(suivante.pk)


def _place(evolution: Evolution) -> tuple[date, float]:
    return evolution.date, evolution.pk if evolution.pk is not None else float("inf")


def _pareilles(avant: Valeurs, apres: Valeurs) -> bool:
    """Do they say the same? The country is France where nothing is written."""
    return all((valeur or _DEFAUTS.get(c)) == (apres[c] or _DEFAUTS.get(c)) for c, valeur in avant.items())


def _tient(evolution: Evolution) -> bool:
    """Does it still change something, in the direction its name says?"""
    if evolution.genre in {GenreEvolution.AGGRAVATION, GenreEvolution.ALLEGEMENT}:
        depart, arrivee = evolution.changements["nature"]
        return arrivee in natures_possibles(evolution.genre, depart)
    if evolution.genre == GenreEvolution.RECONDUCTION:
        return True
    return any(not _pareilles(avant(evolution, g), apres(evolution, g)) for g in groupes_de(evolution))
