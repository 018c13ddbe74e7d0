"""Where a search starts from: the court, or what was typed (commune, postal code, another court). Never guessed."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from emjpm.commun.texte import normaliser
from emjpm.geographie.models import Commune
from emjpm.geographie.querysets import nom_de_commune
from tribunaux.models import Tribunal

MONTRES = 12
"""How many places the question page lists; the others are counted."""

_DEBUT_TRIBUNAL = re.compile(r"^(tribunal|tj|tp|tprx|tpi)\b")
_SIGLES = {"tj": Tribunal.Type.TJ, "tp": Tribunal.Type.TPRX, "tprx": Tribunal.Type.TPRX, "tpi": Tribunal.Type.TPI}
_RESSEMBLANCE_MIN = 72
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


@dataclass(frozen=True)
class Proposition:
    """One place of the question page; `texte` typed again leads to it alone."""

    texte: str
    nom: str
    departement: str
    codes_postaux: str


@dataclass(frozen=True)
class Ambigu:
    """Several places answer: the person chooses."""

    texte: str
    propositions: list[Proposition]
    autres: int = 0


@dataclass(frozen=True)
class Inconnu:
    """No place answers; `proches` are names that look like what was typed."""

    texte: str
    proches: list[str]


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
        point.latitude, point.longitude, tribunal.nom, f"du {nom}", True, approximative=point.point_approximatif
    )


def depuis_commune(commune: Commune) -> Origine:
    return Origine(
        commune.latitude,
        commune.longitude,
        str(commune),
        de(str(commune)),
        approximative=commune.point_approximatif,
    )


def resoudre(texte: str, tribunal: Tribunal) -> Origine | Ambigu | Inconnu:
    """What a text designates for someone of this court; nothing typed is the court itself.

    A postal code of several communes is the point where its inhabitants are on average, said approximate.
    """
    nom = nom_de_commune(texte)
    if not nom or nom in {tribunal.nom_normalise, normaliser(tribunal.nom), normaliser(tribunal.nom_court)}:
        return depuis_tribunal(tribunal)
    if _DEBUT_TRIBUNAL.match(nom):
        return _resoudre_tribunal(texte, nom)
    if re.fullmatch(r"\d{5}", nom):
        return _resoudre_code_postal(nom) or Inconnu(texte, [])
    return _resoudre_commune(texte, nom)


def commune_de(texte: str) -> Commune | Ambigu | Inconnu:
    """The one commune a text designates: « 57000 Metz », « Metz (57) », « 57000 » when the code has only one."""
    nom = nom_de_commune(texte)
    if re.fullmatch(r"\d{5}", nom):
        communes = list(Commune.objects.du_code_postal(nom)[: MONTRES + 1])
    else:
        communes = _communes(nom)
    if not communes:
        return Inconnu(texte, _proches(nom))
    return communes[0] if len(communes) == 1 else Ambigu(texte, _propositions(communes))


def _resoudre_tribunal(texte: str, nom: str) -> Origine | Ambigu | Inconnu:
    premier, _, reste = nom.partition(" ")
    trouves = Tribunal.objects.ressemblant(reste if premier in _SIGLES else nom)
    if premier in _SIGLES:
        trouves = trouves.filter(type=_SIGLES[premier])
    trouves = list(trouves.select_related("commune__departement")[: MONTRES + 1])
    exacts = [t for t in trouves if nom in {t.nom_normalise, nom_de_commune(t.nom), nom_de_commune(t.nom_court)}]
    if len(exacts or trouves) == 1:
        return depuis_tribunal((exacts or trouves)[0])
    if not trouves:
        return Inconnu(texte, [])
    return Ambigu(texte, [_proposer_tribunal(t) for t in trouves[:MONTRES]], max(0, len(trouves) - MONTRES))


def _resoudre_code_postal(code: str) -> Origine | None:
    communes = list(Commune.objects.du_code_postal(code))
    communes = [c for c in communes if c.est_arrondissement] or communes
    if not communes:
        return None
    if len(communes) == 1:
        return depuis_commune(communes[0])
    poids = [max(1, c.population) for c in communes]
    total = sum(poids)
    return Origine(
        sum(p * c.latitude for p, c in zip(poids, communes, strict=True)) / total,
        sum(p * c.longitude for p, c in zip(poids, communes, strict=True)) / total,
        code,
        f"du code postal {code}",
        approximative=True,
    )


def _communes(nom: str) -> list[Commune]:
    """Those of exactly this name if any, else those beginning so."""
    avance = re.match(r"^(\d{5}) (.+)$", nom)  # « 57000 Metz », as on an envelope
    trouvees = list(Commune.objects.ressemblant(f"{avance[2]} {avance[1]}" if avance else nom)[:200])
    return [c for c in trouvees if getattr(c, "_exact", 1) == 0] or trouvees


def _resoudre_commune(texte: str, nom: str) -> Origine | Ambigu | Inconnu:
    communes = _communes(nom)
    if len(communes) == 1:
        return depuis_commune(communes[0])
    if not communes:
        return Inconnu(texte, _proches(nom))
    # A name shared by several: what only begins so may be meant as well, and a court of that town.
    tous = list(Commune.objects.ressemblant(texte)[:200]) or communes
    tribunaux = [
        t
        for t in Tribunal.objects.ouverts().filter(commune__in=[c.pk for c in tous]).select_related("commune")[:5]
        if nom_de_commune(t.ville) == nom
    ]
    montrees = tous[: MONTRES - len(tribunaux)]
    propositions = _propositions(montrees) + [_proposer_tribunal(t) for t in tribunaux]
    return Ambigu(texte, propositions, len(tous) - len(montrees))


def _propositions(communes: list[Commune]) -> list[Proposition]:
    relues = {
        c.pk: c
        for c in Commune.objects.filter(pk__in=[c.pk for c in communes[:MONTRES]])
        .select_related("departement")
        .prefetch_related("codes_postaux")
    }
    vus = [str(c) for c in communes]
    propositions = []
    for commune in communes[:MONTRES]:
        codes = sorted(c.code for c in relues[commune.pk].codes_postaux.all())
        homonymes = vus.count(str(commune)) > 1 and codes
        propositions.append(
            Proposition(
                f"{codes[0]} {commune.nom}" if homonymes else str(commune),
                commune.nom,
                str(relues[commune.pk].departement),
                ", ".join(codes[:3]) + ("…" if len(codes) > 3 else ""),
            )
        )
    return propositions


def _proposer_tribunal(tribunal: Tribunal) -> Proposition:
    return Proposition(tribunal.nom, tribunal.nom, str(tribunal.commune.departement), "")


def _proches(nom: str) -> list[str]:
    """Three communes whose name looks like this, the likeliest first, the largest before the others."""
    mots = [m for m in nom.split() if not m.isdigit()]
    if not mots:
        return []
    cherche = " ".join(mots)
    noms = dict(
        Commune.objects.filter(est_arrondissement=False).order_by("population").values_list("nom_normalise", "insee")
    )  # of two namesakes the larger stays
    trouves = process.extract(cherche, noms.keys(), scorer=fuzz.ratio, score_cutoff=_RESSEMBLANCE_MIN, limit=12)
    notes = {noms[nom_trouve]: note for nom_trouve, note, _ in trouves}
    communes = Commune.objects.filter(pk__in=notes)
    return [str(c) for c in sorted(communes, key=lambda c: (-round(notes[c.pk], -1), -c.population))[:3]]
