"""Where a search starts from: the court of the person, another court, or what geographie.lieux finds. Never guessed."""

import re
from dataclasses import dataclass

from emjpm.commun.texte import normaliser
from emjpm.geographie.lieux import CHOIX_MAX, Lieu, resoudre_lieu
from emjpm.geographie.models import Departement
from emjpm.geographie.querysets import nom_de_commune
from tribunaux.models import Tribunal

_DEBUT_TRIBUNAL = re.compile(r"^(tribunal|tj|tp|tprx|tpi)\b")
_SIGLES = {"tj": Tribunal.Type.TJ, "tp": Tribunal.Type.TPRX, "tprx": Tribunal.Type.TPRX, "tpi": Tribunal.Type.TPI}
# « 12 rue… », « 3bis, place… », « résidence… »: a house number before a word, or the word of a way.
_RUE = re.compile(
    r"^\s*\d{1,4}\s*(?:bis|ter|quater|[a-d])?\s*,?\s+[^\W\d]|"
    r"\b(?:rue|avenue|av|boulevard|bd|place|chemin|impasse|all[ée]e|quai|route|r[ée]sidence|lotissement)\b",
    re.IGNORECASE,
)
_VOYELLES = "AEIOUÀÂÉÈÊËÎÏÔÛ"


@dataclass(frozen=True)
class Origine:
    """A point, its name (« Metz (57) »), and how it enters a sentence (« de Metz (57) »)."""

    latitude: float
    longitude: float
    nom: str
    complement: str
    est_tribunal: bool = False
    approximative: bool = False
    requete: str = ""
    departement: str = ""
    adresse: bool = False
    """A street was typed: only its commune was kept (docs/adr/0011)."""


@dataclass(frozen=True)
class Proposition:
    """One place of the question page; `texte` typed again leads to it alone."""

    texte: str
    nom: str
    departement: str
    codes_postaux: str = ""


@dataclass(frozen=True)
class Ambigu:
    """Several places answer: the person chooses. `autres` more are not listed."""

    texte: str
    propositions: list[Proposition]
    autres: int = 0


@dataclass(frozen=True)
class Inconnu:
    """No place answers; `proches` look like what was typed."""

    texte: str
    proches: list[Lieu]


def de(nom: str) -> str:
    """« de Metz », « d’Ars-sur-Moselle », « du Havre », « des Mureaux »."""
    if nom.startswith("Le "):
        return f"du {nom[3:]}"
    if nom.startswith("Les "):
        return f"des {nom[4:]}"
    return f"d’{nom}" if nom[:1] in _VOYELLES else f"de {nom}"


def depuis_tribunal(tribunal: Tribunal) -> Origine:
    """The court itself: the point of its commune."""
    nom = tribunal.nom[:1].lower() + tribunal.nom[1:]
    point = tribunal.commune
    return Origine(
        point.latitude,
        point.longitude,
        tribunal.nom,
        f"du {nom}",
        est_tribunal=True,
        approximative=point.point_approximatif,
        requete=tribunal.nom,
        departement=point.departement_id,
    )


def depuis_lieu(lieu: Lieu, texte: str = "") -> Origine:
    """A commune; `texte` is what was typed, which may hold a street."""
    return Origine(
        lieu.latitude,
        lieu.longitude,
        lieu.libelle,
        de(f"{lieu.nom} ({lieu.departement})"),
        approximative=lieu.approximatif,
        requete=lieu.requete,
        departement=lieu.departement,
        adresse=bool(_RUE.search(texte)),
    )


def resoudre(texte: str, tribunal: Tribunal) -> Origine | Ambigu | Inconnu:
    """What a text designates for someone of this court; nothing typed is the court itself."""
    nom = nom_de_commune(texte)
    if not nom or nom in {tribunal.nom_normalise, normaliser(tribunal.nom), normaliser(tribunal.nom_court)}:
        return depuis_tribunal(tribunal)
    if _DEBUT_TRIBUNAL.match(nom):
        return _resoudre_tribunal(texte, nom)
    resolution = resoudre_lieu(texte)
    if resolution.lieu:
        return depuis_lieu(resolution.lieu, texte)
    if resolution.inconnu:
        return Inconnu(texte, resolution.suggestions)
    return _demander(texte, nom, resolution.choix, resolution.autres)


def _resoudre_tribunal(texte: str, nom: str) -> Origine | Ambigu | Inconnu:
    premier, _, reste = nom.partition(" ")
    trouves = Tribunal.objects.ressemblant(reste if premier in _SIGLES else nom)
    if premier in _SIGLES:
        trouves = trouves.filter(type=_SIGLES[premier])
    trouves = list(trouves.select_related("commune__departement")[: 5 * CHOIX_MAX])
    exacts = [t for t in trouves if nom in {nom_de_commune(t.nom), nom_de_commune(t.nom_court)}]
    if len(exacts or trouves) == 1:
        return depuis_tribunal((exacts or trouves)[0])
    if not trouves:
        return Inconnu(texte, [])
    return Ambigu(texte, [_proposer(t) for t in trouves[:CHOIX_MAX]], max(0, len(trouves) - CHOIX_MAX))


def _demander(texte: str, nom: str, choix: list[Lieu], autres: int) -> Ambigu:
    """The communes, the larger first, then the courts of those that bear exactly this name."""
    departements = Departement.objects.in_bulk({lieu.departement for lieu in choix})
    tribunaux = [
        t
        for t in Tribunal.objects.ouverts()
        .filter(commune__in=[lieu.insee for lieu in choix])
        .select_related("commune__departement")
        if nom_de_commune(t.ville) == nom
    ]
    propositions = [
        Proposition(
            lieu.requete,
            lieu.nom,
            str(departements[lieu.departement]),
            ", ".join(lieu.codes_postaux[:3]) + ("…" if len(lieu.codes_postaux) > 3 else ""),
        )
        for lieu in choix
    ]
    return Ambigu(texte, propositions + [_proposer(t) for t in tribunaux], autres)


def _proposer(tribunal: Tribunal) -> Proposition:
    return Proposition(tribunal.nom, tribunal.nom, str(tribunal.commune.departement))
