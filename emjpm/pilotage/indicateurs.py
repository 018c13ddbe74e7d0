"""The agents' figures (domain.md §7): one figure = one function, with the definition printed beside it.

`instantane` reads a territory in a constant number of grouped queries and reduces each mandataire to a
`Portrait`; the figures are sums over portraits. Nothing is stored, no mesure row is read, and availability is
the one formula of mesures.disponibilite.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, QuerySet, TextChoices
from django.utils import timezone

from emjpm.commun.templatetags.emjpm import INSECABLE, date_longue, nombre
from mandataires.models import Habilitation, Lieu, Mandataire
from mandataires.querysets import MandataireQuerySet
from mesures.disponibilite import Disponibilite
from mesures.enums import Statut
from mesures.models import Mesure

from .mots import accord, pourcent


class Base(TextChoices):
    """Which département a mandataire counts in."""

    HABILITATION = "habilitation", "Habilitation"
    RESIDENCE = "residence", "Résidence"


@dataclass(frozen=True, slots=True)
class Portrait:
    """What the figures need of one mandataire. `disponible`: the formula's value, None if it is unknown."""

    pk: int
    categorie: str
    capacite: int | None
    en_pause: bool
    en_cours: int
    en_attente: int
    eteintes: int
    disponible: int | None
    actualise_le: datetime | None

    @property
    def compte_en_places(self) -> bool:
        """Active, with a known capacity: those whose places are counted."""
        return not self.en_pause and self.capacite is not None


@dataclass(frozen=True)
class Instantane:
    """A territory at one moment: its mandataires, each once, and those of each of its départements."""

    base: Base
    jour: date
    portraits: dict[int, Portrait]
    departements: dict[str, dict[int, Portrait]] = field(default_factory=dict)

    @property
    def tous(self) -> Sequence[Portrait]:
        """Each mandataire once, however many départements they are habilitated in."""
        return list(self.portraits.values())

    def de(self, departements: Iterable[str]) -> Sequence[Portrait]:
        """The mandataires of some départements, each once."""
        reunis: dict[int, Portrait] = {}
        for code in departements:
            reunis |= self.departements.get(code, {})
        return list(reunis.values())

    @property
    def sans_departement(self) -> int:
        """How many count in the total only: no court of habilitation, or no located main place."""
        places = set().union(*self.departements.values()) if self.departements else set()
        return len(self.portraits.keys() - places)


def il_y_a_un_an(jour: date) -> date:
    """The same day one year before (28 February for a 29th): what ended after it is « sur 12 mois »."""
    try:
        return jour.replace(year=jour.year - 1)
    except ValueError:
        return jour.replace(year=jour.year - 1, day=28)


def mandataires_de(base: Base, departements: Collection[str] | None) -> QuerySet:
    """The visible mandataires of some départements (all of them for None), each once."""
    visibles = Mandataire.objects.visibles()
    if departements is None:
        return visibles
    if base == Base.HABILITATION:
        return visibles.habilites_dans(departements)
    lieux = Lieu.objects.filter(mandataire=OuterRef("pk"), principal=True, commune__departement__in=departements)
    return visibles.filter(Exists(lieux))


def instantane(
    base: Base = Base.HABILITATION, departements: Collection[str] | None = None, jour: date | None = None
) -> Instantane:
    """Reads a territory: 4 queries, whatever its size. `departements`: its codes, None for the whole country."""
    jour = jour or timezone.localdate()
    lignes = list(
        mandataires_de(base, departements)
        .order_by()
        .annotate(pause=ExpressionWrapper(MandataireQuerySet.en_pause_q(jour), output_field=BooleanField()))
        .values_list("pk", "categorie", "capacite", "pause", "actualise_le")
    )
    parmi = None if departements is None else [ligne[0] for ligne in lignes]
    vivantes = _compter(Mesure.objects.comptees(), parmi, "mandataire_id", "statut")
    depuis = il_y_a_un_an(jour)
    eteintes = _compter(Mesure.objects.eteintes().filter(date_fin__gt=depuis), parmi, "mandataire_id")
    portraits = {}
    for pk, categorie, capacite, pause, actualise_le in lignes:
        en_cours = vivantes.get((pk, Statut.EN_COURS.value), 0)
        en_attente = vivantes.get((pk, Statut.EN_ATTENTE.value), 0)
        dispo = Disponibilite(capacite=capacite, en_cours=en_cours, en_attente=en_attente, pause=bool(pause))
        portraits[pk] = Portrait(
            pk=pk,
            categorie=categorie,
            capacite=capacite,
            en_pause=bool(pause),
            en_cours=en_cours,
            en_attente=en_attente,
            eteintes=eteintes.get((pk,), 0),
            disponible=dispo.valeur,
            actualise_le=actualise_le,
        )
    rattaches: dict[str, dict[int, Portrait]] = defaultdict(dict)
    for pk, code in _rattachements(base, departements):
        if pk in portraits:
            rattaches[code][pk] = portraits[pk]
    return Instantane(base=base, jour=jour, portraits=portraits, departements=dict(rattaches))


def par_tribunal(photo: Instantane, tribunaux: Collection[int]) -> dict[int, list[Portrait]]:
    """Among the mandataires of a territory, those habilitated for each of its courts. One query."""
    trouves: dict[int, list[Portrait]] = defaultdict(list)
    liens = Habilitation.objects.filter(tribunal__in=tribunaux).order_by().values_list("tribunal_id", "mandataire_id")
    for tribunal, pk in liens:
        if pk in photo.portraits:
            trouves[tribunal].append(photo.portraits[pk])
    return dict(trouves)


def _compter(mesures: QuerySet, parmi: list[int] | None, *cles: str) -> dict[tuple, int]:
    """How many mesures by key. COUNT(*) and not COUNT(id): the partial index alone answers."""
    if parmi is not None:
        mesures = mesures.filter(mandataire__in=parmi)
    return {tuple(cle): n for *cle, n in mesures.order_by().values_list(*cles).annotate(n=Count("*"))}


def _rattachements(base: Base, departements: Collection[str] | None) -> QuerySet:
    """(mandataire, département) pairs: courts of habilitation, or main place of practice."""
    if base == Base.HABILITATION:
        liens, chemin = Habilitation.objects.all(), "tribunal__commune__departement_id"
    else:
        liens, chemin = Lieu.objects.filter(principal=True, commune__isnull=False), "commune__departement_id"
    if departements is not None:
        liens = liens.filter(**{f"{chemin.removesuffix('_id')}__in": departements})
    return liens.order_by().values_list("mandataire_id", chemin).distinct()


# --- The figures ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chiffre:
    """A figure and the words printed under it. `valeur` None: there is nothing to compute it from."""

    valeur: int | float | None
    definition: str


def mandataires(portraits: Sequence[Portrait]) -> Chiffre:
    """Validated mandataires (at least one validated account), paused ones included."""
    return Chiffre(len(portraits), "validés, actifs ou en pause")


def mandataires_en_pause(portraits: Sequence[Portrait]) -> Chiffre:
    """Those whose activity is paused today: their availability is 0."""
    return Chiffre(sum(p.en_pause for p in portraits), "activité en pause aujourd’hui")


def mesures_en_cours(portraits: Sequence[Portrait]) -> Chiffre:
    """Mesures en cours of these mandataires, wherever the adult lives."""
    return Chiffre(sum(p.en_cours for p in portraits), "suivies aujourd’hui par ces mandataires")


def mesures_en_attente(portraits: Sequence[Portrait]) -> Chiffre:
    """Reservations these mandataires have not validated yet."""
    return Chiffre(sum(p.en_attente for p in portraits), "réservées, pas encore validées")


def mesures_eteintes(portraits: Sequence[Portrait], jour: date | None = None) -> Chiffre:
    """Mesures of these mandataires whose date of end is in the last 12 months."""
    depuis = il_y_a_un_an(jour or timezone.localdate()) + timedelta(days=1)
    total = sum(p.eteintes for p in portraits)
    mots = f"sur 12 mois, depuis le {date_longue(depuis)}"
    return Chiffre(total, mots if total else "Aucune mesure éteinte sur 12 mois.")


def places_disponibles(portraits: Sequence[Portrait]) -> Chiffre:
    """Σ of the positive availabilities: active mandataires with a known capacity."""
    libres = [p.disponible for p in portraits if p.compte_en_places and p.disponible > 0]
    qui = (
        "chez le seul mandataire qui en a"
        if len(libres) == 1
        else f"chez les {nombre(len(libres))} mandataires qui en ont"
    )
    return Chiffre(sum(libres), qui if libres else "aucun mandataire n’en a")


def surcapacite(portraits: Sequence[Portrait]) -> Chiffre:
    """−Σ of the negative availabilities: how many mesures above the wish, as a positive number."""
    trop = [-p.disponible for p in portraits if p.compte_en_places and p.disponible < 0]
    return Chiffre(
        sum(trop), f"mesures en trop, chez {accord(len(trop), 'mandataire')}" if trop else "aucune mesure en trop"
    )


def capacite_souhaitee(portraits: Sequence[Portrait]) -> Chiffre:
    """Σ of the mesures wished by active mandataires whose capacity is known."""
    total = sum(p.capacite for p in portraits if p.compte_en_places)
    return Chiffre(total, "par les mandataires actifs dont la capacité est renseignée")


def disponibilite_totale(portraits: Sequence[Portrait]) -> Chiffre:
    """places_disponibles − surcapacite: the sum of every known availability."""
    total = sum(p.disponible for p in portraits if p.compte_en_places)
    souhaitees, part = capacite_souhaitee(portraits).valeur, part_libre(portraits).valeur
    if part is None:
        return Chiffre(total, "aucune capacité renseignée")
    ecrit = f"{part:.1f}".replace(".", ",").replace("-", "−")
    return Chiffre(
        total, f"soit {ecrit}{INSECABLE}% des {accord(souhaitees, 'mesure souhaitée', 'mesures souhaitées')}"
    )


def part_libre(portraits: Sequence[Portrait]) -> Chiffre:
    """Disponibilité totale over mesures souhaitées, in percent, one decimal; None without a wish."""
    souhaitees = capacite_souhaitee(portraits).valeur
    total = sum(p.disponible for p in portraits if p.compte_en_places)
    # + 0.0: a rate that rounds to minus zero is zero
    part = round(100 * total / souhaitees, 1) + 0.0 if souhaitees else None
    return Chiffre(part, "disponibilité totale rapportée aux mesures souhaitées")


def capacite_non_renseignee(portraits: Sequence[Portrait]) -> Chiffre:
    """Mandataires, paused or not, who have not said how many mesures they wish."""
    combien = sum(p.capacite is None for p in portraits)
    part = 100 * combien / len(portraits) if portraits else None
    return Chiffre(combien, f"soit {pourcent(part)} des mandataires" if portraits else "aucun mandataire")


def charge_moyenne(portraits: Sequence[Portrait]) -> Chiffre:
    """(en cours + en attente) by mandataire, to the unit; None without a mandataire."""
    charge = sum(p.en_cours + p.en_attente for p in portraits)
    return Chiffre(round(charge / len(portraits)) if portraits else None, "mesures par mandataire")


def a_jour(portraits: Sequence[Portrait], jours: int = 30, maintenant: datetime | None = None) -> Chiffre:
    """Share (percent) of the mandataires who updated something in the last days."""
    if not portraits:
        return Chiffre(None, "aucun mandataire")
    limite = (maintenant or timezone.now()) - timedelta(days=jours)
    combien = sum(p.actualise_le is not None and p.actualise_le >= limite for p in portraits)
    return Chiffre(100 * combien / len(portraits), f"mandataires à jour depuis {jours} jours")


def par_type(portraits: Iterable[Portrait]) -> dict[Mandataire.Categorie, list[Portrait]]:
    """The mandataires of each category, empty ones included."""
    types: dict[Mandataire.Categorie, list[Portrait]] = {categorie: [] for categorie in Mandataire.Categorie}
    for portrait in portraits:
        types[Mandataire.Categorie(portrait.categorie)].append(portrait)
    return types


@dataclass(frozen=True, slots=True)
class Bilan:
    """Every figure of one territory, or of one type of mandataires in it."""

    mandataires: Chiffre
    individuels: Chiffre
    preposes: Chiffre
    services: Chiffre
    non_renseignees: Chiffre
    en_pause: Chiffre
    en_cours: Chiffre
    en_attente: Chiffre
    eteintes: Chiffre
    souhaitees: Chiffre
    places: Chiffre
    trop: Chiffre
    total: Chiffre
    part: Chiffre
    charge: Chiffre
    a_jour: Chiffre
    a_jour_90: Chiffre


def bilan(portraits: Sequence[Portrait], jour: date | None = None) -> Bilan:
    """All the figures over the same portraits."""
    types = par_type(portraits)
    return Bilan(
        mandataires=mandataires(portraits),
        individuels=mandataires(types[Mandataire.Categorie.INDIVIDUEL]),
        preposes=mandataires(types[Mandataire.Categorie.PREPOSE]),
        services=mandataires(types[Mandataire.Categorie.SERVICE]),
        non_renseignees=capacite_non_renseignee(portraits),
        en_pause=mandataires_en_pause(portraits),
        en_cours=mesures_en_cours(portraits),
        en_attente=mesures_en_attente(portraits),
        eteintes=mesures_eteintes(portraits, jour),
        souhaitees=capacite_souhaitee(portraits),
        places=places_disponibles(portraits),
        trop=surcapacite(portraits),
        total=disponibilite_totale(portraits),
        part=part_libre(portraits),
        charge=charge_moyenne(portraits),
        a_jour=a_jour(portraits),
        a_jour_90=a_jour(portraits, 90),
    )
