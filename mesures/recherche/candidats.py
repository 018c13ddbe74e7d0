"""Who may be considered, and how far: read from the database as lightly as ranking ten thousand of them allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from emjpm.geographie.distance import dans_la_boite, entre, hors_du_carre, kilometres_entiers
from mandataires.models import Mandataire
from mesures.disponibilite import Disponibilite, charges
from mesures.origine import Origine

from .criteres import Criteres, Habilites

LOIN = 10**6
"""Kilometres of who has no known position: beyond every other."""
_COMPTE_ENSEMBLE = 5_000
"""Beyond so many, counting everybody costs less than naming each one, and stays within what a database takes."""


@dataclass(slots=True)
class Candidat:
    """A mandataire to be ranked. `distance` in kilometres from the origin, to its nearest place (`lieu_proche`)."""

    pk: int
    categorie: str
    nom: str
    nom_normalise: str
    capacite: int | None
    pause: bool
    pause_fin: date | None
    pause_motif: str
    distance: float | None = None
    lieu_proche: int | None = None
    dispo: Disponibilite | None = None

    @property
    def km(self) -> int:
        """Whole kilometres, as shown; an unknown position is beyond every other."""
        return LOIN if self.distance is None else kilometres_entiers(self.distance)

    @property
    def places(self) -> int:
        return self.dispo.valeur if self.dispo.a_de_la_place else 0


def candidats(criteres: Criteres) -> QuerySet[Mandataire]:
    """The mandataires who may be considered: seen by courts, habilitated as asked, of this type and with this skill.

    Distance, places, pauses and words are not looked at here.
    """
    mandataires = Mandataire.objects.visibles()
    if criteres.habilites == Habilites.TRIBUNAL:
        mandataires = mandataires.habilites_pour(criteres.tribunal)
    elif criteres.habilites == Habilites.DEPARTEMENT:
        mandataires = mandataires.habilites_dans([criteres.tribunal.commune.departement_id])
    if criteres.type:
        mandataires = mandataires.filter(categorie=criteres.type)
    if criteres.etablissement:
        mandataires = mandataires.filter(categorie=Mandataire.Categorie.PREPOSE)
    if criteres.atout:
        mandataires = mandataires.avec_atout(criteres.atout)
    return mandataires


def lire(
    mandataires: QuerySet[Mandataire], origine: Origine, rayon: float | None = None, deja: float = 0
) -> list[Candidat]:
    """Each with its nearest place, in one query. `rayon` (km): those with a place within it, and nobody else.

    `deja` (km): everybody within it was read before and may be left out. The distance is computed here and not in
    SQL, so that both databases rank by the very same number.
    """
    if rayon is not None:
        voulus = dans_la_boite(origine.latitude, origine.longitude, rayon, "lieux__")
        if deja:
            voulus &= hors_du_carre(origine.latitude, origine.longitude, deja, "lieux__")
        mandataires = mandataires.filter(voulus)
    lignes = mandataires.order_by().values_list(
        "pk",
        "categorie",
        "nom",
        "nom_normalise",
        "capacite",
        "pause_debut",
        "pause_fin",
        "pause_motif",
        "lieux__pk",
        "lieux__latitude",
        "lieux__longitude",
    )
    jour = timezone.localdate()
    lus: dict[int, Candidat] = {}
    for pk, categorie, nom, normal, capacite, debut, fin, motif, lieu, latitude, longitude in lignes:
        candidat = lus.get(pk)
        if candidat is None:
            pause = debut is not None and Mandataire(pause_debut=debut, pause_fin=fin).en_pause(jour)
            candidat = lus[pk] = Candidat(pk, categorie, nom, normal, capacite, pause, fin, motif)
        if latitude is not None:
            km = entre(origine.latitude, origine.longitude, latitude, longitude)
            proche = candidat.distance
            if proche is None or (km, lieu) < (proche, candidat.lieu_proche):
                candidat.distance, candidat.lieu_proche = km, lieu
    trouves = list(lus.values())
    return trouves if rayon is None else [c for c in trouves if c.distance <= rayon]


def sans_position(mandataires: QuerySet[Mandataire]) -> int:
    """How many of them a distance cannot be told of. One query."""
    return mandataires.exclude(Q(lieux__latitude__isnull=False)).count()


def compter(retenus: Iterable[Candidat]) -> None:
    """Give each the availability it has not yet: one grouped count for all."""
    retenus = [c for c in retenus if c.dispo is None]
    if not retenus:
        return
    pks = [c.pk for c in retenus]
    comptes = charges(pks if len(pks) <= _COMPTE_ENSEMBLE else None)
    for c in retenus:
        en_cours, en_attente = comptes.get(c.pk, (0, 0))
        c.dispo = Disponibilite(c.capacite, en_cours, en_attente, c.pause, c.pause_fin, c.pause_motif)
