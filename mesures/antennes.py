"""The places of a mandataire beside its one figure: each column adds up, and the difference is said in words.

The figure of the courts is the mandataire's (mesures.disponibilite). An antenne with a capacity of its own has its own
availability; the others share what is left.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from emjpm.commun.templatetags.emjpm import nombre, pluriel
from mandataires.models import Lieu, Mandataire

from .disponibilite import Disponibilite, disponibilite_de
from .enums import Statut
from .models import Mesure


@dataclass(frozen=True)
class Rang:
    """One line of the table: a place, or (`lieu` None) what is in none."""

    lieu: Lieu | None
    capacite: int | None
    en_cours: int
    en_attente: int

    @property
    def charge(self) -> int:
        return self.en_cours + self.en_attente

    @property
    def disponibilite(self) -> int | None:
        """None: no capacity of its own."""
        return None if self.capacite is None else self.capacite - self.charge


@dataclass(frozen=True)
class Tableau:
    """The lines of the places, what is in none, the whole, and the words that link them."""

    rangs: list[Rang]
    sans: Rang
    dispo: Disponibilite

    @property
    def propres(self) -> list[Rang]:
        """Those that have a capacity of their own."""
        return [rang for rang in self.rangs if rang.capacite is not None]

    @property
    def partagent(self) -> list[Rang]:
        return [rang for rang in self.rangs if rang.capacite is None]

    @property
    def somme(self) -> int:
        """Σ of what the places wish."""
        return sum(rang.capacite for rang in self.propres)

    @property
    def places(self) -> int:
        """Σ of what the places have left."""
        return sum(rang.disponibilite for rang in self.propres)

    @property
    def reste(self) -> int | None:
        """What the mandataire wishes beyond its places: negative when they wish more."""
        return None if self.dispo.capacite is None else self.dispo.capacite - self.somme

    @property
    def charge_partagee(self) -> int:
        """Mesures counted in no place with a capacity of its own."""
        return self.sans.charge + sum(rang.charge for rang in self.partagent)

    @property
    def ecart(self) -> bool:
        """Do the places announce another number than the service?"""
        return bool(self.propres) and self.dispo.sans_pause is not None and self.dispo.sans_pause != self.places

    @property
    def explication(self) -> str:
        """« Vos antennes annoncent 23 places. S’y ajoutent 40 mesures souhaitées…, moins 24 mesures… »"""
        n = self.places
        phrases = [f"Vos antennes annoncent {nombre(n)} place{pluriel(n)}."]
        if self.reste < 0:
            phrases.append(
                f"Elles souhaitent {nombre(self.somme)} mesures, le service {nombre(self.dispo.capacite)}. "
                f"C’est {nombre(self.dispo.capacite)} qui compte pour les tribunaux."
            )
        moins = []
        if self.reste < 0:
            moins.append(f"{nombre(-self.reste)} mesure{pluriel(-self.reste)} souhaitée{pluriel(-self.reste)} en trop")
        if self.charge_partagee:
            ou = "sans antenne, ou dans une antenne sans nombre à elle" if self.partagent else "sans antenne"
            moins.append(f"{nombre(self.charge_partagee)} mesure{pluriel(self.charge_partagee)} {ou}")
        if self.reste > 0:
            s = pluriel(self.reste)
            verbe, sont = ("S’y ajoutent", "ne sont") if s else ("S’y ajoute", "n’est")
            ajout = f"{verbe} {nombre(self.reste)} mesure{s} souhaitée{s} qui {sont} dans aucune antenne"
            phrases.append(f"{ajout}, moins {moins[0]}." if moins else f"{ajout}.")
        elif moins:
            phrases.append(f"S’en retranchent {' et '.join(moins)}.")
        return " ".join(phrases)

    @property
    def ventile(self) -> bool:
        """Does any place follow mesures of its own? Those of a préposé are seldom linked to an establishment."""
        return any(rang.charge for rang in self.rangs)

    @property
    def equation(self) -> str:
        """« 23 + 40 − 24 », to be followed by the figure."""
        termes = nombre(self.places)
        if self.reste:
            termes += f" {'+' if self.reste > 0 else '−'} {nombre(abs(self.reste))}"
        return f"{termes} − {nombre(self.charge_partagee)}" if self.charge_partagee else termes

    @property
    def non_renseignes(self) -> str:
        """« Résidence A et EHPAD B »: establishments whose capacity is unknown."""
        noms = [str(rang.lieu) for rang in self.partagent]
        return " et ".join(filter(None, [", ".join(noms[:-1]), *noms[-1:]]))


def tableau(mandataire: Mandataire, lieux: Sequence[Lieu]) -> Tableau:
    """Two queries whatever the number of places: the counts by place, and the figure of the mandataire."""
    nombres: Counter[tuple[int | None, str]] = Counter()
    comptes = Mesure.objects.comptees().filter(mandataire=mandataire).order_by().values_list("lieu", "statut")
    for lieu, statut, n in comptes.annotate(n=Count("*")):
        nombres[lieu, statut] = n

    def rang(lieu: Lieu | None, capacite: int | None) -> Rang:
        pk = lieu.pk if lieu else None
        return Rang(lieu, capacite, nombres[pk, Statut.EN_COURS], nombres[pk, Statut.EN_ATTENTE])

    rangs = [rang(lieu, lieu.capacite) for lieu in lieux]
    dispo = disponibilite_de(mandataire)
    propres = [r for r in rangs if r.capacite is not None]
    reste = None if dispo.capacite is None else dispo.capacite - sum(r.capacite for r in propres)
    return Tableau(rangs, rang(None, reste if len(propres) == len(rangs) else None), dispo)
