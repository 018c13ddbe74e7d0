"""The whole country without counting the whole country: widening circles, and the live counts of who is inside.

The rows are those of `complete.chercher`, page for page (tests/mesures/test_proche_en_proche.py); what is not known
without counting everybody (the territory at a glance) is not told here.
"""

import math
from collections.abc import Callable
from functools import cached_property

from mandataires.models import Mandataire

from .candidats import Candidat, candidats, compter, lire
from .classement import Resultats, par_distance
from .complete import chercher
from .criteres import Criteres, Habilites, Ordre

PREMIER_RAYON_KM = 25
REGARDES = 6
"""How many of the nearest are counted at first for each row wanted: half have room, and kilometres are whole."""
CERCLES_MAX = 2
"""Two queries each; after so many, everybody is read: a page never asks more than twelve queries."""
RAYON_MAX_KM = 900
"""Beyond, everybody is read: overseas, and those whose position is unknown."""


def feuilleter(criteres: Criteres) -> "Resultats | DeProcheEnProche":
    """Pages of results by the cheapest way that gives the very same rows: a sequence of Candidat, each counted."""
    au_large = criteres.habilites == Habilites.FRANCE and not criteres.rayon
    sans_compter = not criteres.places and criteres.ordre != Ordre.DISPONIBILITE
    if au_large and sans_compter and not criteres.texte and not criteres.etablissement:
        return DeProcheEnProche(criteres)
    return chercher(criteres)


class DeProcheEnProche:
    """A sequence of Candidat, sliced page by page; each slice reads what it needs and no more."""

    sans_position = 0
    approchants = ()
    bilan = None

    def __init__(self, criteres: Criteres):
        self.criteres = criteres
        self._mandataires = candidats(criteres)
        if criteres.actifs:
            self._mandataires = self._mandataires.actifs()

    @cached_property
    def pauses_masquees(self) -> int:
        if not self.criteres.actifs:
            return 0
        return candidats(self.criteres).filter(Mandataire.objects.en_pause_q()).count()

    @cached_property
    def _nombre(self) -> int:
        return self._mandataires.count()

    def __len__(self) -> int:
        return self._nombre

    @cached_property
    def _complets(self) -> Resultats:
        return chercher(self.criteres)

    def __getitem__(self, tranche: slice) -> list[Candidat]:
        debut, fin = tranche.start or 0, len(self) if tranche.stop is None else tranche.stop
        if self.criteres.ordre == Ordre.NOM:
            page = self._par_nom(debut, fin)
        elif self.criteres.ordre == Ordre.DISTANCE:
            page = self._en_cercles(debut, fin, lambda lus: lus, lambda c: c.distance, par_distance)
        else:
            page = self._en_cercles(debut, fin, _avec_place, lambda c: c.km, _par_defaut_avec_place)
        return self._complets[debut:fin] if page is None else page

    def _par_nom(self, debut: int, fin: int) -> list[Candidat]:
        noms = sorted(self._mandataires.order_by().values_list("nom_normalise", "pk"))
        pks = [pk for _, pk in noms[debut:fin]]
        lus = {c.pk: c for c in lire(Mandataire.objects.filter(pk__in=pks), self.criteres.origine)}
        page = [lus[pk] for pk in pks if pk in lus]
        compter(page)
        return page

    def _en_cercles(
        self,
        debut: int,
        fin: int,
        garder: Callable[[list[Candidat]], list[Candidat]],
        eloignement: Callable[[Candidat], float],
        cle: Callable[[Candidat], tuple],
    ) -> list[Candidat] | None:
        """The slice, when circles around the origin hold `fin` candidates; None when everybody must be looked at.

        In the first circle only the nearest are looked at. Whoever is not looked at yet is at least as far as
        `portee`: the candidates nearer than it are surely the first ones.
        """
        if fin > len(self) / 3:  # the last pages: nearly everybody would be read in circles
            return None
        lus: dict[int, Candidat] = {}
        rayon, deja, assez = _premier_rayon(fin), 0.0, REGARDES * fin
        for _ in range(CERCLES_MAX):
            for candidat in lire(self._mandataires, self.criteres.origine, rayon, deja):
                lus.setdefault(candidat.pk, candidat)
            proches = sorted(lus.values(), key=eloignement)
            portee = eloignement(proches[assez]) if len(proches) > assez else rayon
            surs = [c for c in garder(proches[:assez]) if eloignement(c) < portee]
            if len(surs) >= fin:
                page = sorted(surs, key=cle)[debut:fin]
                compter(page)
                return page
            suivant = _rayon_suivant(portee, [eloignement(c) for c in surs], fin)
            rayon, deja, assez = max(suivant, rayon + 5), rayon, len(self)
            if rayon > RAYON_MAX_KM:
                return None
        return None


def _premier_rayon(fin: int) -> float:
    """Kilometres of the first circle: small for the first page, not too small for the fiftieth."""
    return math.ceil(PREMIER_RAYON_KM * (fin / 20) ** 0.45)


def _rayon_suivant(rayon: float, trouves: list[float], fin: int) -> float:
    """Where `fin` should be found, given how far the ones already found are (km).

    People gather around towns: their number grows as a power of the distance, told by the two halves of the circle
    (as the surface, about, as long as few were found).
    The fewer were found, the wider the margin: a few too many cost less than to read everybody.
    """
    nombre = len(trouves)
    if nombre == 0 or rayon <= 0:
        return 5 * max(rayon, PREMIER_RAYON_KM)
    proches = sum(km < rayon / 2 for km in trouves)
    vue = math.log2(nombre / max(1, proches))
    puissance = min(2.0, max(0.8, (vue * nombre + 1.8 * 30) / (nombre + 30)))
    marge = 1.4 + 10 / (nombre + 5)
    facteur = (marge * fin / nombre) ** (1 / puissance)
    return math.ceil(max(rayon + 5, rayon * min(facteur, 8)))


def _avec_place(lus: list[Candidat]) -> list[Candidat]:
    compter(lus)
    return [c for c in lus if c.dispo.a_de_la_place]


def _par_defaut_avec_place(c: Candidat) -> tuple:
    return c.km, -c.places, c.nom_normalise, c.pk
