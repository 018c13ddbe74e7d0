"""Where a search starts from: the court of the person, another court, or what geographie.lieux finds. Never guessed."""

import re
from dataclasses import dataclass, replace

from emjpm.commun.texte import nom_possible, normaliser
from emjpm.geographie.lieux import CHOIX_MAX, Lieu, Resolution, en_trop, resoudre_lieu
from emjpm.geographie.models import Departement
from emjpm.geographie.querysets import mots_de_commune, nom_de_commune
from tribunaux.models import Tribunal

_DEBUT_TRIBUNAL = re.compile(r"^(tribunal|tj|tp|tprx|tpi)\b")
_SIGLES = {"tj": Tribunal.Type.TJ, "tp": Tribunal.Type.TPRX, "tprx": Tribunal.Type.TPRX, "tpi": Tribunal.Type.TPI}
_NOMBRE = re.compile(r"\d+")
MOTS_MAX = 4
"""A misspelt commune seldom has more words; an address does."""
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
    """More than the place was typed: only `requete` may be written again (docs/adr/0011)."""


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
    requete: str = ""
    adresse: bool = False


@dataclass(frozen=True)
class Inconnu:
    """No place answers; `proches` look like what was typed, or are of the `code` or département that was."""

    texte: str
    proches: list[Lieu]
    code: str = ""
    departement: str = ""
    requete: str = ""
    adresse: bool = False


def a_ecrire(trouve: Origine | Ambigu | Inconnu, texte: str) -> str:
    """What may be written in an address for this text: itself, or what was understood of it (maybe nothing)."""
    return trouve.requete if trouve.adresse else texte


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
    """A commune; `texte` is what was typed, which may hold a street. What is typed as `requete` never does: the
    address it redirects to is final.
    """
    tape = " ".join(texte.split())
    return Origine(
        lieu.latitude,
        lieu.longitude,
        lieu.libelle,
        de(f"{lieu.nom} ({lieu.departement})"),
        approximative=lieu.approximatif,
        requete=lieu.requete,
        departement=lieu.departement,
        adresse=tape != lieu.requete and bool(_en_trop(tape, lieu)),
    )


def _en_trop(texte: str, lieu: Lieu) -> str:
    """The name of the département is only looked up when something is left without it."""
    reste = en_trop(texte, lieu)
    if not reste:
        return ""
    departement = Departement.objects.filter(pk=lieu.departement).first()
    return en_trop(texte, lieu, departement.nom) if departement else reste


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
        return _inconnu(texte, resolution)
    return _demander(texte, nom, resolution)


def _inconnu(texte: str, resolution: Resolution) -> Inconnu:
    tape, compris, proches = " ".join(texte.split()), resolution.compris, resolution.suggestions
    if resolution.est_departement:
        return Inconnu(texte, proches, departement=compris, requete=compris, adresse="," in tape)
    if compris:
        return Inconnu(texte, proches, code=compris, requete=compris, adresse=tape != compris)
    lointain = not proches and " " in tape
    return Inconnu(texte, proches, adresse=lointain or _semble_une_adresse(tape))


def _semble_une_adresse(texte: str) -> bool:
    """A number, a comma, many words or a person: not the misspelt name of a commune."""
    return bool(_NOMBRE.search(texte) or "," in texte or len(mots_de_commune(texte)) > MOTS_MAX or nom_possible(texte))


def _resoudre_tribunal(texte: str, nom: str) -> Origine | Ambigu | Inconnu:
    premier, _, reste = nom.partition(" ")
    trouves = Tribunal.objects.ressemblant(reste if premier in _SIGLES else nom)
    if premier in _SIGLES:
        trouves = trouves.filter(type=_SIGLES[premier])
    trouves = list(trouves.select_related("commune__departement")[: 5 * CHOIX_MAX])
    exacts = [t for t in trouves if nom in {nom_de_commune(t.nom), nom_de_commune(t.nom_court)}]
    if len(exacts or trouves) == 1:
        origine = depuis_tribunal((exacts or trouves)[0])
        return replace(origine, adresse=origine.requete != texte and _rue_du_tribunal(texte))
    if not trouves:
        return Inconnu(texte, [], adresse=_rue_du_tribunal(texte))
    propositions = [_proposer(t) for t in trouves[:CHOIX_MAX]]
    return Ambigu(texte, propositions, max(0, len(trouves) - CHOIX_MAX), adresse=_rue_du_tribunal(texte))


def _rue_du_tribunal(texte: str) -> bool:
    return bool(_NOMBRE.search(texte)) or "," in texte


def _demander(texte: str, nom: str, resolution: Resolution) -> Ambigu:
    """The communes, the larger first, then the courts of those that bear exactly this name."""
    choix = resolution.choix
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
    connus = [m for p in propositions for m in mots_de_commune(f"{p.nom} {p.departement}")]
    connus += [mot for lieu in choix for mot in (*lieu.codes_postaux, lieu.departement.lower(), "cedex")]
    tape, requete = " ".join(texte.split()), resolution.compris
    adresse = tape != requete and any(not any(c.startswith(m) for c in connus) for m in mots_de_commune(tape))
    return Ambigu(texte, propositions + [_proposer(t) for t in tribunaux], resolution.autres, requete, adresse)


def _proposer(tribunal: Tribunal) -> Proposition:
    return Proposition(tribunal.nom, tribunal.nom, str(tribunal.commune.departement))
