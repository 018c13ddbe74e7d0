"""The figures as tables: columns, rows, sort. The map, the tables and the workbook are drawn from the same rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from emjpm.commun.templatetags.emjpm import nombre

from .indicateurs import Bilan
from .mots import SANS_DONNEE, accord, pourcent, pourcent_signe, signe


def _nombre(valeur) -> str:
    return SANS_DONNEE if valeur is None else nombre(valeur)


@dataclass(frozen=True)
class Colonne:
    """One figure. `cle` names it in the Bilan and in ?tri=."""

    cle: str
    titre: str
    ecrire: Callable[[float | None], str] = _nombre
    fort: bool = False

    def valeur(self, bilan: Bilan) -> float | int | None:
        return getattr(bilan, self.cle).valeur

    def texte(self, bilan: Bilan) -> str:
        return self.ecrire(self.valeur(bilan))


MANDATAIRES = Colonne("mandataires", "Mandataires", fort=True)
INDIVIDUELS = Colonne("individuels", "Individuels")
PREPOSES = Colonne("preposes", "Préposés")
SERVICES = Colonne("services", "Services")
NON_RENSEIGNEES = Colonne("non_renseignees", "Capacité non renseignée")
EN_PAUSE = Colonne("en_pause", "En pause")
EN_COURS = Colonne("en_cours", "Mesures en cours")
EN_ATTENTE = Colonne("en_attente", "En attente")
ETEINTES = Colonne("eteintes", "Éteintes (12\u00a0mois)")
SOUHAITEES = Colonne("souhaitees", "Souhaitées")
PLACES = Colonne("places", "Places")
TROP = Colonne("trop", "En trop")
TOTAL = Colonne("total", "Total", signe)
PART = Colonne("part", "Part libre", pourcent_signe, fort=True)
CHARGE = Colonne("charge", "Charge moyenne")
A_JOUR = Colonne("a_jour", "À jour (30\u00a0j)", pourcent)

COURTES = (PART, PLACES, TROP, TOTAL)
COMPLETES = (
    *COURTES,
    SOUHAITEES,
    MANDATAIRES,
    INDIVIDUELS,
    PREPOSES,
    SERVICES,
    NON_RENSEIGNEES,
    EN_PAUSE,
    EN_COURS,
    EN_ATTENTE,
    ETEINTES,
)
PAR_TYPE = (
    MANDATAIRES,
    NON_RENSEIGNEES,
    EN_PAUSE,
    EN_COURS,
    EN_ATTENTE,
    ETEINTES,
    SOUHAITEES,
    PLACES,
    TROP,
    TOTAL,
    CHARGE,
    A_JOUR,
)


@dataclass(frozen=True)
class Classe:
    """One of the five fixed classes of the part libre around 0."""

    lettre: str
    libelle: str


CLASSES = (
    Classe("a", "moins de −5 %"),
    Classe("b", "de −5 % à 0"),
    Classe("c", "de 0 à +5 %"),
    Classe("d", "de +5 % à +10 %"),
    Classe("e", "plus de +10 %"),
)


def classe(part: float | None) -> str:
    """The letter of a part libre, « vide » when there is none. It is the rounded rate that is printed that counts."""
    if part is None:
        return "vide"
    if part < 0:
        return "a" if part < -5 else "b"
    if part < 5:
        return "c"
    return "d" if part <= 10 else "e"


@dataclass(frozen=True)
class Ligne:
    """A row: a territory, a court or a type, and its figures. `abrege`: its name where room is short."""

    nom: str
    bilan: Bilan
    cle: str = ""
    url: str = ""
    abrege: str = ""

    @property
    def classe(self) -> str:
        return classe(self.bilan.part.valeur)


@dataclass(frozen=True)
class Entete:
    """A column's title as a link that sorts. `tri`: value of aria-sort, empty if the table is not sorted by it."""

    titre: str
    url: str = ""
    tri: str = ""
    numerique: bool = True

    @property
    def fleche(self) -> str:
        return {"ascending": "↑", "descending": "↓"}.get(self.tri, "")


@dataclass(frozen=True)
class Tableau:
    """What the template prints: heads, rows of already written cells, total."""

    titre: str
    ancre: str
    colonnes: tuple[Colonne, ...]
    entetes: list[Entete]
    lignes: list[Ligne]
    total: Ligne
    ouvert: bool = False

    @property
    def rangees(self) -> list[tuple[Ligne, list[tuple[str, bool]]]]:
        return [(ligne, [(c.texte(ligne.bilan), c.fort) for c in self.colonnes]) for ligne in self.lignes]

    @property
    def rangee_totale(self) -> list[str]:
        return [c.texte(self.total.bilan) for c in self.colonnes]


def trier(lignes: Iterable[Ligne], colonnes: Iterable[Colonne], tri: str) -> list[Ligne]:
    """Sorted by « part », « -places », « nom »…; rows without the figure last, ties in their given order."""
    lignes = list(lignes)
    cle, inverse = tri.removeprefix("-"), tri.startswith("-")
    if cle == "nom":
        return list(reversed(lignes)) if inverse else lignes
    colonne = next((c for c in colonnes if c.cle == cle), None)
    if colonne is None:
        return lignes
    connues = [ligne for ligne in lignes if colonne.valeur(ligne.bilan) is not None]
    inconnues = [ligne for ligne in lignes if colonne.valeur(ligne.bilan) is None]
    return sorted(connues, key=lambda ligne: colonne.valeur(ligne.bilan), reverse=inverse) + inconnues


def tableau(
    *,
    titre: str,
    entete: str,
    colonnes: tuple[Colonne, ...],
    lignes: Iterable[Ligne],
    total: Ligne,
    ancre: str,
    tri: str = "",
    defaut: str = "nom",
    adresse: Callable[[str], str] | None = None,
) -> Tableau:
    """A table sorted by `tri` (else `defaut`). `adresse(tri)` gives the URL that sorts; without it, plain heads."""
    connus = {"nom", *(c.cle for c in colonnes)}
    demande = tri if tri.removeprefix("-") in connus else ""
    actuel = demande or defaut
    entetes = []
    for cle, nom in [("nom", entete), *((c.cle, c.titre) for c in colonnes)]:
        if adresse is None:
            entetes.append(Entete(nom, numerique=cle != "nom"))
            continue
        sens = {cle: "ascending", f"-{cle}": "descending"}.get(actuel, "")
        suite = f"-{cle}" if sens == "ascending" else cle
        entetes.append(Entete(nom, f"{adresse(suite)}#{ancre}", sens, cle != "nom"))
    return Tableau(
        titre=titre,
        ancre=ancre,
        colonnes=colonnes,
        entetes=entetes,
        lignes=trier(lignes, colonnes, actuel),
        total=total,
        ouvert=bool(demande),
    )


@dataclass(frozen=True)
class Legende:
    classe: str
    libelle: str
    compte: str


def legende(lignes: Iterable[Ligne], unite: tuple[str, str] = ("département", "départements")) -> list[Legende]:
    """The five classes with how many départements each has; « Pas de donnée (2) » when there are some."""
    lettres = [ligne.classe for ligne in lignes]
    cinq = [Legende(c.lettre, c.libelle, accord(lettres.count(c.lettre), *unite)) for c in CLASSES]
    vides = lettres.count("vide")
    return [*cinq, Legende("vide", f"Pas de donnée ({vides})", "")] if vides else cinq
