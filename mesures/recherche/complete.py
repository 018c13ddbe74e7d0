"""Everybody who answers the criteria, counted and ranked: for a court, a département, a radius, a text."""

from django.db.models import QuerySet

from mandataires.models import Mandataire

from .candidats import Candidat, candidats, compter, lire, sans_position
from .classement import Resultats, trier
from .criteres import Criteres
from .texte import contenant


def chercher(criteres: Criteres) -> Resultats:
    """Ranked results in a constant number of queries: the candidates, their mesures, one or two for a text, one for a
    radius (who has no known position).
    """
    mandataires, approchants = par_les_mots(candidats(criteres), criteres)
    lus = lire(mandataires, criteres.origine, criteres.rayon)
    inconnus = sans_position(mandataires) if criteres.rayon else 0
    return retenir(lus, criteres, inconnus, approchants)


def par_les_mots(mandataires: QuerySet[Mandataire], criteres: Criteres) -> tuple[QuerySet[Mandataire], tuple[str, ...]]:
    """Those who bear the words asked, and the texts of which only look-alikes were found."""
    approchants = []
    for texte, lieux_seuls in ((criteres.texte, False), (criteres.etablissement, True)):
        if texte:
            trouves, proches = contenant(mandataires, texte, lieux_seuls=lieux_seuls)
            mandataires = mandataires.filter(pk__in=trouves)
            approchants += [texte] * proches
    return mandataires, tuple(approchants)


def retenir(lus: list[Candidat], criteres: Criteres, inconnus: int = 0, approchants: tuple[str, ...] = ()) -> Resultats:
    """Filter, count and rank candidates already read; who may be considered, and the words, are not looked at again."""
    retenus = lus
    if criteres.rayon:
        retenus = [c for c in retenus if c.distance is not None and c.distance <= criteres.rayon]
    pauses = sum(c.pause for c in retenus) if criteres.actifs else 0
    if criteres.actifs:
        retenus = [c for c in retenus if not c.pause]
    compter(retenus)
    if criteres.places:
        retenus = [c for c in retenus if c.places >= criteres.places]
    return Resultats(criteres, trier(retenus, criteres.ordre), pauses, inconnus, approchants)
