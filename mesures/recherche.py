"""Who can take this new mesure, near this place (domain.md §6).

Criteres (what was asked) → `candidats` (SQL: who may be considered, how far) → `chercher` (availability in one grouped
count, filters, rank). Nothing here knows of a request or a page: see views/recherche.py.

The default rank, printed on the page: those with room, then the nearest (in whole kilometres, as they are shown; an
unknown position last), then the most room, then the name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, TextChoices
from django.utils import timezone
from rapidfuzz import fuzz

from emjpm.geographie.querysets import nom_de_commune
from mandataires.models import Habilitation, Lieu, Mandataire
from tribunaux.models import Tribunal

from .disponibilite import Disponibilite, charges
from .origine import Origine

RAYONS = (10, 25, 50, 100)
PLACES = (1, 3, 5, 10)
RESSEMBLANCE_MIN = 80
"""From 0 to 100: how alike two words must be for one to be taken for a slip of the other."""
_LISTE_MAX = 900
LOIN = 10**6


class Habilites(TextChoices):
    TRIBUNAL = "tribunal", "à mon tribunal"
    DEPARTEMENT = "departement", "dans mon département"
    FRANCE = "france", "dans toute la France"


class Ordre(TextChoices):
    DEFAUT = "defaut", "Par défaut"
    DISTANCE = "distance", "Distance"
    DISPONIBILITE = "disponibilite", "Disponibilité"
    NOM = "nom", "A–Z"


REGLES = {
    Ordre.DEFAUT: "Ordre : ceux qui ont de la place, puis les plus proches, puis ceux qui en ont le plus, puis le nom.",
    Ordre.DISTANCE: "Ordre : du plus proche au plus lointain.",
    Ordre.DISPONIBILITE: "Ordre : du plus grand nombre de places au plus petit.",
    Ordre.NOM: "Ordre : par nom.",
}


@dataclass(frozen=True)
class Criteres:
    """What was asked. Distances in kilometres."""

    tribunal: Tribunal
    origine: Origine
    rayon: int | None = None
    habilites: str = Habilites.TRIBUNAL
    type: str = ""
    places: int = 0
    texte: str = ""
    actifs: bool = False
    ordre: str = Ordre.DEFAUT


@dataclass
class Candidat:
    """A mandataire, as light as ranking ten thousand of them allows."""

    pk: int
    categorie: str
    nom: str
    nom_normalise: str
    courriel: str
    capacite: int | None
    pause: bool
    pause_fin: date | None
    pause_motif: str
    distance: float | None
    lieu_proche: int | None
    dispo: Disponibilite | None = None

    @property
    def km(self) -> int:
        """Whole kilometres, as shown; an unknown position is beyond every other."""
        return LOIN if self.distance is None else int(self.distance + 0.5) if self.distance >= 1 else 0

    @property
    def places(self) -> int:
        return self.dispo.valeur if self.dispo.a_de_la_place else 0


@dataclass(frozen=True)
class Bilan:
    """The territory at a glance, over every result and not the page alone."""

    nombre: int = 0
    places: int = 0
    avec_place: int = 0
    complets: int = 0
    pauses: int = 0
    inconnues: int = 0


@dataclass(frozen=True)
class Resultats:
    """Ranked candidates, their figures, and what the criteria left aside without a word."""

    criteres: Criteres
    candidats: list[Candidat] = field(default_factory=list)
    pauses_masquees: int = 0
    sans_position: int = 0
    approchants: bool = False

    @property
    def bilan(self) -> Bilan:
        etats = [c.dispo.etat for c in self.candidats]
        return Bilan(
            nombre=len(etats),
            places=sum(c.places for c in self.candidats),
            avec_place=etats.count("libre"),
            complets=etats.count("complet") + etats.count("audela"),
            pauses=etats.count("pause"),
            inconnues=etats.count("inconnue"),
        )


def candidats(criteres: Criteres) -> QuerySet[Mandataire]:
    """The mandataires who may be considered, with `distance` and `lieu_proche_id` from the origin."""
    mandataires = Mandataire.objects.visibles()
    if criteres.habilites == Habilites.TRIBUNAL:
        mandataires = mandataires.habilites_pour(criteres.tribunal)
    elif criteres.habilites == Habilites.DEPARTEMENT:
        mandataires = mandataires.habilites_dans([criteres.tribunal.commune.departement_id])
    if criteres.type:
        mandataires = mandataires.filter(categorie=criteres.type)
    return mandataires.avec_distance(criteres.origine.latitude, criteres.origine.longitude)


def chercher(criteres: Criteres) -> Resultats:
    """Ranked results: one query for the candidates, one for their mesures (and one for their towns if a text is
    searched), whatever their number."""
    return _retenir(_lire(candidats(criteres)), criteres)


def _retenir(lus: list[Candidat], criteres: Criteres) -> Resultats:
    """Filter, count and rank candidates already read; the criteria of `candidats` are not applied again."""
    approchants = False
    retenus = lus
    if criteres.texte:
        retenus, approchants = _contenant(retenus, criteres.texte)
    sans_position = sum(c.distance is None for c in retenus) if criteres.rayon else 0
    if criteres.rayon:
        retenus = [c for c in retenus if c.distance is not None and c.distance <= criteres.rayon]
    pauses = sum(c.pause for c in retenus) if criteres.actifs else 0
    if criteres.actifs:
        retenus = [c for c in retenus if not c.pause]
    _compter([c for c in retenus if c.dispo is None])
    if criteres.places:
        retenus = [c for c in retenus if c.places >= criteres.places]
    return Resultats(criteres, trier(retenus, criteres.ordre), pauses, sans_position, approchants)


def trier(resultats: Iterable[Candidat], ordre: str = Ordre.DEFAUT) -> list[Candidat]:
    """In one of the four orders; equal ones by name, then by number, so that pages never overlap."""

    def nom(c: Candidat):
        return c.nom_normalise, c.pk

    def place(c: Candidat):  # the most room first; an unknown capacity after every known one
        valeur = c.dispo.valeur
        return LOIN if valeur is None else -valeur

    cles = {
        Ordre.DEFAUT: lambda c: (not c.dispo.a_de_la_place, c.km, place(c), *nom(c)),
        Ordre.DISTANCE: lambda c: (LOIN if c.distance is None else c.distance, *nom(c)),
        Ordre.DISPONIBILITE: lambda c: (not c.dispo.a_de_la_place, place(c), c.km, *nom(c)),
        Ordre.NOM: nom,
    }
    return sorted(resultats, key=cles[Ordre(ordre)])


@dataclass(frozen=True)
class Elargissement:
    """One criterion lifted, and who would then appear."""

    libelle: str
    parametres: dict[str, str | None]
    resultats: Resultats


@dataclass(frozen=True)
class Issue:
    """What to do of an empty page: criteria to lift one by one, and the nearest with room, all criteria lifted.

    `habilite`: the nearest is on the list of the court. Nobody has room: the least loaded, `a_de_la_place` False.
    """

    voies: list[Elargissement]
    proche: Candidat | None
    habilite: bool = True

    @property
    def a_de_la_place(self) -> bool:
        return self.proche is not None and self.proche.dispo.a_de_la_place


def issue(criteres: Criteres) -> Issue:
    """The ways out of an empty page. Everybody is read once, then tried against each looser set of criteria."""
    tribunal = criteres.tribunal
    au_tribunal = Habilitation.objects.filter(mandataire=OuterRef("pk"), tribunal=tribunal)
    au_departement = Habilitation.objects.filter(
        mandataire=OuterRef("pk"), tribunal__commune__departement=tribunal.commune.departement_id
    )
    tous = candidats(replace(criteres, habilites=Habilites.FRANCE, type="")).annotate(
        habilite_tribunal=Exists(au_tribunal), habilite_departement=Exists(au_departement)
    )
    niveaux: dict[str, set[int]] = {Habilites.FRANCE: set(), Habilites.TRIBUNAL: set(), Habilites.DEPARTEMENT: set()}
    for pk, ici, autour in tous.order_by().values_list("pk", "habilite_tribunal", "habilite_departement"):
        niveaux[Habilites.FRANCE].add(pk)
        if ici:
            niveaux[Habilites.TRIBUNAL].add(pk)
        if autour:
            niveaux[Habilites.DEPARTEMENT].add(pk)
    lus = _lire(tous)
    _compter(lus)

    def essayer(essai: Criteres) -> Resultats:
        voulus = niveaux[essai.habilites]
        return _retenir([c for c in lus if c.pk in voulus and essai.type in {"", c.categorie}], essai)

    voies: list[Elargissement] = []
    for libelle, champ, valeur in _voies(criteres):
        if any(champ in voie.parametres for voie in voies):  # the smallest step that gives someone is enough
            continue
        resultats = essayer(replace(criteres, **{champ: valeur}))
        if resultats.candidats:
            voies.append(Elargissement(libelle, {champ: str(valeur) if valeur else None}, resultats))
    for niveau in (Habilites.TRIBUNAL, Habilites.FRANCE):
        trouves = essayer(Criteres(tribunal, criteres.origine, habilites=niveau)).candidats
        if trouves and trouves[0].dispo.a_de_la_place:
            return Issue(voies, trouves[0], niveau == Habilites.TRIBUNAL)
    connus = [c for c in lus if c.dispo.sans_pause is not None and not c.pause]
    moins_charge = max(connus, key=lambda c: (c.dispo.sans_pause, -c.km), default=None)
    return Issue(voies, moins_charge, moins_charge is not None and moins_charge.pk in niveaux[Habilites.TRIBUNAL])


def _voies(criteres: Criteres) -> list[tuple[str, str, Any]]:
    """(words, criterion, its looser value), the smallest step first for each criterion."""
    voies: list[tuple[str, str, Any]] = []
    if criteres.places:
        voies.append(("Sans condition de places", "places", 0))
    if criteres.rayon:
        voies += [(f"Dans un rayon de {r} km", "rayon", r) for r in RAYONS if r > criteres.rayon]
        voies.append(("Sans limite de distance", "rayon", None))
    if criteres.type:
        voies.append(("Tous les types de mandataires", "type", ""))
    if criteres.texte:
        voies.append((f"Sans « {criteres.texte} »", "texte", ""))
    if criteres.actifs:
        voies.append(("Avec les activités en pause", "actifs", False))
    if criteres.habilites == Habilites.TRIBUNAL:
        locatif = criteres.tribunal.commune.departement.locatif
        voies.append((f"Habilités {locatif}", "habilites", Habilites.DEPARTEMENT))
    if criteres.habilites != Habilites.FRANCE:
        voies.append(("Habilités dans toute la France", "habilites", Habilites.FRANCE))
    return voies


def _lire(mandataires: QuerySet) -> list[Candidat]:
    jour = timezone.localdate()
    lignes = mandataires.order_by().values_list(
        "pk",
        "categorie",
        "nom",
        "nom_normalise",
        "courriel",
        "capacite",
        "pause_debut",
        "pause_fin",
        "pause_motif",
        "distance",
        "lieu_proche_id",
    )
    return [
        Candidat(pk, categorie, nom, normal, courriel, capacite, _en_pause(debut, fin, jour), fin, motif, km, lieu)
        for pk, categorie, nom, normal, courriel, capacite, debut, fin, motif, km, lieu in lignes
    ]


def _en_pause(debut: date | None, fin: date | None, jour: date) -> bool:
    return Mandataire(pause_debut=debut, pause_fin=fin).en_pause(jour) if debut else False


def _compter(retenus: list[Candidat]) -> None:
    """Give each its availability: one grouped count for all."""
    if not retenus:
        return
    pks = [c.pk for c in retenus]
    # Beyond a certain length, counting everybody is cheaper, and stays within the parameters a database takes.
    comptes = charges(pks if len(pks) <= _LISTE_MAX else Mandataire.objects.values("pk"))
    for c in retenus:
        en_cours, en_attente = comptes.get(c.pk, (0, 0))
        c.dispo = Disponibilite(c.capacite, en_cours, en_attente, c.pause, c.pause_fin, c.pause_motif)


def _contenant(retenus: list[Candidat], texte: str) -> tuple[list[Candidat], bool]:
    """Those whose name, town or e-mail holds every word; nobody so: those whose words look like it (True)."""
    mots = nom_de_commune(texte).split()
    adresse = texte.strip().lower()
    lieux: dict[int, list[str]] = {}
    adresses: dict[int, list[str]] = {}
    positions = Lieu.objects.order_by("pk").values_list("mandataire", "nom", "commune__nom_normalise", "courriel")
    if len(retenus) <= _LISTE_MAX:
        positions = positions.filter(mandataire__in=[c.pk for c in retenus])
    for mandataire, nom, commune, courriel in positions:
        lieux.setdefault(mandataire, []).append(f"{nom_de_commune(nom)} {commune or ''}")
        adresses.setdefault(mandataire, []).append(courriel)
    foins = {c.pk: " ".join([nom_de_commune(c.nom), *lieux.get(c.pk, [])]) for c in retenus}

    def par_adresse(c: Candidat) -> bool:
        return "@" in adresse and any(adresse in a.lower() for a in (c.courriel, *adresses.get(c.pk, [])) if a)

    exacts = [
        c
        for c in retenus
        if par_adresse(c)
        or (mots and all(m in foins[c.pk] for m in mots))
        or (len(mots) == 1 and mots[0] in nom_de_commune(c.courriel.partition("@")[0]).replace(" ", ""))
    ]
    if exacts or not mots:
        return exacts, False
    return [c for c in retenus if all(_ressemble(m, foins[c.pk].split()) for m in mots)], True


def _ressemble(mot: str, foin: list[str]) -> bool:
    if any(mot in f for f in foin):
        return True
    return len(mot) >= 4 and any(fuzz.ratio(mot, f) >= RESSEMBLANCE_MIN for f in foin)
