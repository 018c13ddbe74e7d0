"""A base of national size: the demo's France, a hundred times larger, written as fast as each database takes rows.

Two things make it minutes and not hours: a mesure is a tuple of column values, never an instance, and the indexes of
the table are built once it is full. All is one transaction: interrupted, nothing was written.
"""

import itertools
import random
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, models, transaction
from django.utils import timezone

from emjpm.geographie.distance import entre
from mandataires.models import CAPACITE_MAX
from mesures.enums import Statut
from mesures.models import Mesure
from mesures.numero_rg import forme_normale

from ..groupes import installer
from . import mandataires as demo_mandataires
from . import mesures as demo_mesures
from .comptes import Comptes, lieux_par_mandataire
from .mandataires import Fiche, Territoire

LOT = 50_000
NOMMES = 4  # mandataire@, prepose@, service@, nouveau@
SERVICE_MAX = 6_000  # living mesures of the biggest services of France
ORDRE_MAX = 99_999  # five digits of a numéro RG
PART_EN_ATTENTE = 0.03
PART_COMPLETS = 0.06
COMMUNES_TIREES, COMMUNES_GARDEES = 30, 10
POIDS_TRIBUNAUX = (5, 3, 2, 1, 1)
"""How many mesures come from the nearest court for one of the fifth."""


@dataclass(frozen=True)
class Bilan:
    """What was written."""

    mandataires: int
    vivantes: int
    eteintes: int


@dataclass
class Source:
    """Where the mesures of one mandataire come from, as primary keys."""

    mandataire: int
    tribunaux: list[int]
    communes: list[tuple[str, str]]
    lieux: list[int]


def peupler(
    *, mandataires: int, vivantes: int, eteintes: int, graine: int, dire: Callable[[str], None] = lambda phrase: None
) -> Bilan:
    """Fill a base that holds the référentiel and no mandataire. Exactly these numbers; the same base for a seed and a
    day. `dire` is told the progress."""
    hasard = random.Random(graine)  # noqa: S311
    with transaction.atomic():
        installer()
        territoire = Territoire.lire()
        comptes = Comptes(hasard)
        fiches = comptes.mandataires() + demo_mandataires.fiches(hasard, mandataires - NOMMES, territoire)
        charges = repartir(hasard, fiches, vivantes)
        demo_mandataires.ecrire(fiches)
        comptes.tribunal_et_etat()
        dire(f"{len(fiches)} mandataires et leurs comptes, magistrat@, greffier@, agent@ et support@exemple.fr.")
        lignes = _lignes(hasard, sources(hasard, fiches, territoire), charges, eteintes)
        with _sans_index(Mesure._meta.db_table, dire):
            _ecrire(lignes, sum(charges) + eteintes, dire)
    _statistiques()
    return Bilan(len(fiches), sum(charges), eteintes)


# --- Who has how many --------------------------------------------------------------------------------------


def repartir(hasard: random.Random, fiches: list[Fiche], vivantes: int) -> list[int]:
    """Living mesures of each, `vivantes` in all; capacities are set to follow.

    Individuels and préposés keep a human load; what is left goes to the services, whose sizes differ widely. nouveau@
    (the fourth) has none.
    """
    charges = []
    for rang, f in enumerate(fiches):
        m = f.mandataire
        if rang == NOMMES - 1:
            charges.append(0)
            continue
        charge = demo_mesures.charge(hasard, m.capacite, m.categorie, f.lieux[0].commune.departement_id)
        if m.est_service and rang >= NOMMES:
            taille = hasard.lognormvariate(0, 0.7)
            charge = round(charge * taille)
            m.capacite = m.capacite and round(m.capacite * taille)
        charges.append(charge)
    ailleurs = sum(c for f, c in zip(fiches, charges, strict=True) if not f.mandataire.est_service)
    aux_services = sum(charges) - ailleurs
    if vivantes > ailleurs + aux_services and aux_services:
        echelles = {True: (vivantes - ailleurs) / aux_services, False: 1.0}
    else:
        echelles = dict.fromkeys((True, False), vivantes / max(1, sum(charges)))
    voulues = [c * echelles[f.mandataire.est_service] for f, c in zip(fiches, charges, strict=True)]
    voulues = [min(v, SERVICE_MAX) for v in voulues]
    entieres = _arrondir(voulues, vivantes)
    for f, entiere in zip(fiches, entieres, strict=True):
        m = f.mandataire
        if m.capacite:
            souhait = round(m.capacite * echelles[m.est_service])
            m.capacite = min(CAPACITE_MAX, max(3, entiere if hasard.random() < PART_COMPLETS else souhait))
    for f, places, entiere in zip(fiches[:3], (3, 0, 12), entieres, strict=False):  # the first screens show both
        f.mandataire.capacite = entiere + places
    return entieres


def _arrondir(voulues: list[float], total: int) -> list[int]:
    """Whole numbers near these, whose sum is `total` (largest remainders)."""
    somme = sum(voulues) or 1
    exactes = [v * total / somme for v in voulues]
    entieres = [int(e) for e in exactes]
    ordre = sorted(range(len(exactes)), key=lambda i: entieres[i] - exactes[i])
    for i in ordre[: total - sum(entieres)]:
        entieres[i] += 1
    return entieres


def sources(hasard: random.Random, fiches: list[Fiche], territoire: Territoire) -> list[Source]:
    """The courts of each, the nearest first and most often; the communes around, its own most often."""
    antennes = lieux_par_mandataire([f.mandataire for f in fiches])
    cumuls = {
        code: list(itertools.accumulate(c.population for c in communes))
        for code, communes in territoire.par_departement.items()
    }
    codes = {
        c.insee: paire for c, paire in zip(territoire.communes, demo_mesures.codes(territoire.communes), strict=True)
    }
    liste = []
    for f in fiches:
        ici = f.lieux[0].commune
        siennes = territoire.par_departement[ici.departement_id]
        tirees = hasard.choices(siennes, cum_weights=cumuls[ici.departement_id], k=COMMUNES_TIREES)
        tirees.sort(key=lambda c: entre(ici.latitude, ici.longitude, c.latitude, c.longitude))
        liste.append(
            Source(
                f.mandataire.pk,
                [t.pk for t, poids in zip(f.tribunaux, POIDS_TRIBUNAUX, strict=False) for _ in range(poids)],
                [codes[c.insee] for c in [ici] * 4 + tirees[:COMMUNES_GARDEES]],
                [antenne.pk for antenne in antennes.get(f.mandataire.pk, [])],
            )
        )
    return liste


# --- The rows ----------------------------------------------------------------------------------------------


def _lignes(hasard: random.Random, liste: list[Source], charges: list[int], eteintes: int) -> Iterator[dict]:
    """Every mesure as a dict of columns. Shuffled, as the years would: those of one mandataire are not side by side on
    the disk, and a page that reads them all pays for it."""
    # One number a mesure: the mandataire's rank, doubled, plus one when it has ended. Four bytes each.
    tirage = array("I", (2 * rang for rang, charge in enumerate(charges) for _ in range(charge)))
    if sum(charges):
        tirage.extend(2 * rang + 1 for rang in hasard.choices(range(len(liste)), charges, k=eteintes))
    hasard.shuffle(tirage)
    maintenant = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    ordres: dict[int, int] = {}
    for numero in tirage:
        source = liste[numero >> 1]
        statut = Statut.ETEINTE if numero & 1 else Statut.EN_COURS
        if not numero & 1 and hasard.random() < PART_EN_ATTENTE:
            statut = Statut.EN_ATTENTE
        ligne = demo_mesures.faits(
            hasard,
            numero,
            statut=statut,
            tribunaux=source.tribunaux,
            communes=source.communes,
            lieux=source.lieux,
            maintenant=maintenant,
        )
        # The numéro RG is the court's: each court counts its own, with a suffix once it has used them all.
        tribunal = ligne["tribunal_id"]
        ordres[tribunal] = ordre = ordres.get(tribunal, -1) + 1
        tour, ordre = divmod(ordre, ORDRE_MAX)
        suffixe = f"-{tour}" if tour else ""
        ligne["numero_rg"] = f"{ligne['numero_rg'][:3]}{ordre + 1:05d}{suffixe}"
        ligne["rg_normal"] = forme_normale(ligne["numero_rg"])
        ligne["mandataire_id"] = source.mandataire
        yield ligne


class Colonnes:
    """The columns of Mesure as the model has them today: those a row does not speak of have their default."""

    def __init__(self):
        vierge = Mesure()
        self.champs: list[models.Field] = []
        self.defauts: list = []
        for champ in Mesure._meta.concrete_fields:
            valeur = champ.pre_save(vierge, add=True)
            if champ.primary_key or champ.generated or champ.has_db_default():
                continue
            self.champs.append(champ)
            self.defauts.append(champ.get_db_prep_save(valeur, connection))
        self.places = {champ.attname: place for place, champ in enumerate(self.champs)}
        self.dates = {
            champ.attname: champ.get_db_prep_save for champ in self.champs if isinstance(champ, models.DateField)
        }

    def noms(self) -> str:
        return ", ".join(connection.ops.quote_name(champ.column) for champ in self.champs)

    def ligne(self, valeurs: dict) -> list:
        """The values of the columns, as the driver takes them."""
        ligne, places, dates = self.defauts.copy(), self.places, self.dates
        for nom, valeur in valeurs.items():
            ligne[places[nom]] = dates[nom](valeur, connection) if nom in dates else valeur
        return ligne


def _ecrire(lignes: Iterator[dict], total: int, dire: Callable[[str], None]) -> None:
    """In batches: memory stays that of one row or so on PostgreSQL, of one batch on SQLite."""
    colonnes = Colonnes()
    table = connection.ops.quote_name(Mesure._meta.db_table)
    faites = 0
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            # Foreign keys are checked at the end of each COPY: deferred, millions of checks would wait in memory.
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for lot in iter(lambda: list(itertools.islice(lignes, LOT)), []):
            if connection.vendor == "postgresql":
                with curseur.copy(f"COPY {table} ({colonnes.noms()}) FROM STDIN") as copie:
                    for ligne in lot:
                        copie.write_row(colonnes.ligne(ligne))
            else:
                trous = ", ".join(["%s"] * len(colonnes.champs))
                curseur.executemany(
                    f"INSERT INTO {table} ({colonnes.noms()}) VALUES ({trous})",  # noqa: S608
                    (colonnes.ligne(ligne) for ligne in lot),
                )
            faites += len(lot)
            dire(f"{faites} mesures sur {total}.")


# --- The table ---------------------------------------------------------------------------------------------


@contextmanager
def _sans_index(table: str, dire: Callable[[str], None]) -> Iterator[None]:
    """The table without its indexes, built again at the end exactly as they were. To be called in a transaction."""
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            curseur.execute(
                "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
                " WHERE indrelid = %s::regclass"
                " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"
                " ORDER BY 1",
                [table],
            )
        else:
            curseur.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL"
                " ORDER BY name",
                [table],
            )
        index = curseur.fetchall()
        for nom, _ in index:
            nom = nom if connection.vendor == "postgresql" else connection.ops.quote_name(nom)
            curseur.execute(f"DROP INDEX {nom}")
    yield
    with connection.cursor() as curseur:
        for _, definition in index:
            curseur.execute(definition)
    dire(f"{len(index)} index construits.")


def _statistiques() -> None:
    """What autovacuum would do of a base that has lived: without it the first figures are those of no real site."""
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            curseur.execute("VACUUM ANALYZE")
        else:
            curseur.execute("ANALYZE")
