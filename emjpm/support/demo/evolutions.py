"""What happened to the mesures of the named accounts, and the resources of the adults: their pages tell a story.

The facts of today stay: each evolution is written backwards from them, so that no count of the demo moves.
"""

import datetime
import random
from collections.abc import Iterable

from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from emjpm.comptes.models import Utilisateur
from mesures.enums import Champ, GenreEvolution, LieuVie, Prestation
from mesures.models import Evolution, Mesure
from mesures.services.chaine import LIEU, plus_legeres

DUREE = 5 * 365
"""Days of a mesure before it is renewed (CC 441)."""
RECUL = 240
"""Days between the judgment and the first thing that happens."""


def histoires(mesures: Iterable[Mesure], auteurs: dict[int, Utilisateur]) -> list[Evolution]:
    """Write what happened to a third of these mesures en cours, with its line of journal; `auteurs` by mandataire."""
    aujourdhui = timezone.localdate()
    evolutions = []
    for mesure in mesures:
        hasard = random.Random(f"histoire {mesure.numero_rg}")  # noqa: S311
        age = (aujourdhui - mesure.date_jugement).days
        if age <= RECUL + 60 or hasard.random() > 0.4:
            continue
        if age > DUREE + 60:
            jour = mesure.date_jugement + datetime.timedelta(days=DUREE - hasard.randint(5, 40))
            terme = jour + datetime.timedelta(days=2 * DUREE)
            evolutions.append(Evolution(genre=GenreEvolution.RECONDUCTION, mesure=mesure, date=jour, jusqu_au=terme))
        possibles = _changements_possibles(mesure)
        if possibles and hasard.random() < 0.7:
            genre = hasard.choice(sorted(possibles))
            jour = mesure.date_jugement + datetime.timedelta(days=hasard.randint(RECUL, age - 20))
            evolutions.append(Evolution(genre=genre, mesure=mesure, date=jour, changements=possibles[genre]))
    for evolution in evolutions:
        evolution.par = auteurs[evolution.mesure.mandataire_id]
        evolution.cree_le = quelques_jours_apres(evolution.date)
    Evolution.objects.bulk_create(evolutions)
    Evenement.objects.bulk_create(map(_ligne, evolutions))
    return evolutions


def _changements_possibles(mesure: Mesure) -> dict[str, dict]:
    """What may have led to the facts of today: {genre: {field: [before, today]}}, whole groups as the history keeps."""
    possibles = {}
    if plus_legeres(mesure.nature):
        possibles[GenreEvolution.AGGRAVATION.value] = {"nature": [plus_legeres(mesure.nature)[0].value, mesure.nature]}
    if mesure.champ == Champ.BIEN_PERSONNE:
        possibles[GenreEvolution.CHAMP.value] = {"champ": [Champ.BIEN.value, mesure.champ]}
    if mesure.lieu_vie == LieuVie.ETABLISSEMENT:
        ici = journal.photo(mesure, LIEU)
        avant = ici | {"lieu_vie": LieuVie.DOMICILE.value, "type_etablissement": ""}
        possibles[GenreEvolution.LIEU_VIE.value] = {champ: [avant[champ], ici[champ]] for champ in LIEU}
    return possibles


def quelques_jours_apres(jour: datetime.date) -> datetime.datetime:
    quand = datetime.datetime.combine(jour, datetime.time(10, 30)) + datetime.timedelta(days=6)
    return min(timezone.make_aware(quand), timezone.now())


def _ligne(evolution: Evolution) -> Evenement:
    """As mesures.services.evolutions.noter writes it."""
    ligne = journal.evenement(
        par=evolution.par,
        acte="mesure.evoluer",
        objet=evolution.mesure,
        changements={
            "evolution": evolution.pk,
            "genre": str(evolution.genre),
            "le": evolution.date,
            "jusqu_au": evolution.jusqu_au,
            **evolution.changements,
        },
    )
    ligne.le = evolution.cree_le
    return ligne


def ressources(mesures: Iterable[Mesure]) -> None:
    """Two adults in three: what they receive in a year and from whom, by age and place of life."""
    annee = timezone.localdate().year
    dites = []
    for mesure in mesures:
        hasard = random.Random(f"ressources {mesure.numero_rg}")  # noqa: S311
        if mesure.annee_naissance is None or hasard.random() > 0.66:
            continue
        age = annee - mesure.annee_naissance
        mesure.ressources_annee = annee - 1
        mesure.ressources_niveau = hasard.randrange(9_600, 24_000 if age >= 62 else 15_600, 120)
        prestations = [Prestation.APA] if age >= 75 else [Prestation.AAH] if age < 62 else []
        if mesure.lieu_vie == LieuVie.DOMICILE:
            prestations.append(hasard.choice([Prestation.APL, Prestation.ALS]))
        if age >= 65 and mesure.ressources_niveau < 12_600:
            prestations.append(Prestation.ASPA)
        mesure.prestations = sorted(p.value for p in prestations)
        dites.append(mesure)
    Mesure.objects.bulk_update(dites, ["ressources_annee", "ressources_niveau", "prestations"], batch_size=200)
