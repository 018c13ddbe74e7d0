"""From what people type to one place, a choice of places, or near names: « 57000 », « metz 57 », « st denis »."""

import re
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from .models import Commune, Departement
from .querysets import mots_de_commune, nom_de_commune

CHOIX_MAX = 12
_CODE = re.compile(r"(?<!\d)(\d{5})(?!\d)")
_ENTRE_PARENTHESES = re.compile(r"\(\s*(\d{2,3}|2[abAB]|\d{5})\s*\)")


@dataclass(frozen=True)
class Lieu:
    """A place to measure from. `requete` typed again gives this very place, without a question."""

    nom: str
    libelle: str
    latitude: float
    longitude: float
    departement: str
    approximatif: bool = False
    requete: str = ""
    codes_postaux: tuple[str, ...] = ()
    insee: str = ""


@dataclass(frozen=True)
class Resolution:
    """One place (`lieu`), or several to choose from (`choix`, `autres` more), or none (`suggestions`, maybe empty)."""

    texte: str
    lieu: Lieu | None = None
    choix: list[Lieu] = field(default_factory=list)
    autres: int = 0
    suggestions: list[Lieu] = field(default_factory=list)
    compris: str = ""
    """What of the text was understood when it is not one place: it may be written again; the rest may be a street."""
    est_departement: bool = False

    @property
    def ambigu(self) -> bool:
        return self.lieu is None and bool(self.choix)

    @property
    def inconnu(self) -> bool:
        return self.lieu is None and not self.choix


def lieu_de(commune: Commune, libelle: str = "", *, approximatif: bool = False) -> Lieu:
    """The place a commune stands for. Reads its postal codes (prefetch them for a list)."""
    codes = tuple(sorted(c.code for c in commune.codes_postaux.all()))
    return Lieu(
        nom=commune.nom,
        libelle=libelle or str(commune),
        latitude=commune.latitude,
        longitude=commune.longitude,
        departement=commune.departement_id,
        approximatif=approximatif or commune.point_approximatif,
        requete=f"{codes[0]} {commune.nom}" if codes else str(commune),
        codes_postaux=codes,
        insee=commune.insee,
    )


def resoudre_lieu(texte: str) -> Resolution:
    """What a free text points at. An address gives its commune: it is never sent to anyone.

    A name borne by several communes is asked, never guessed; a postal code alone is its largest commune.
    """
    brut = " ".join((texte or "").split())
    code = _CODE.search(brut)
    if code:
        return _par_code(brut, code)
    nom = _ENTRE_PARENTHESES.sub(r" \1", brut)
    trouvees = list(_communes().ressemblant(nom)[: 10 * CHOIX_MAX])
    if not trouvees and "," in nom:
        nom, trouvees = _par_parties(nom)
    return _trancher(brut, nom, trouvees)


def _par_parties(texte: str) -> tuple[str, list[Commune]]:
    """« Saint-Denis, La Réunion » narrows to a département; of « 3 rue Haute, Metz » and « Metz, 3 rue Haute » the
    commune is kept. Returns what was understood, and the communes it may be.
    """
    debut, fin = texte.split(",", 1)[0].strip(), texte.rsplit(",", 1)[1].strip()
    departement = Departement.objects.filter(nom_normalise=nom_de_commune(fin)).first()
    if departement is not None:
        trouvees = list(_communes().ressemblant(debut).filter(departement=departement)[: 10 * CHOIX_MAX])
        if trouvees:
            return debut, trouvees
    for partie in (fin, debut):
        trouvees = list(_communes().ressemblant(partie)[: 10 * CHOIX_MAX])
        if trouvees:
            return partie, trouvees
    return texte, []


def _communes():
    return Commune.objects.prefetch_related("codes_postaux")


def _trancher(brut: str, nom: str, trouvees: list[Commune]) -> Resolution:
    exactes = [c for c in trouvees if not getattr(c, "_exact", 1)]
    if len(exactes) == 1 or len(trouvees) == 1:
        return Resolution(brut, lieu=lieu_de((exactes or trouvees)[0]))
    if trouvees:
        premiers = trouvees[:CHOIX_MAX]
        reste = len(trouvees) - len(premiers)
        return Resolution(brut, choix=[lieu_de(c) for c in premiers], autres=reste, compris=nom)
    return _departement(brut, nom) or Resolution(brut, suggestions=_proches(nom))


def _departement(brut: str, nom: str) -> Resolution | None:
    """« Moselle » is no point to measure from: its largest communes are proposed."""
    cherche = nom_de_commune(nom)
    trouve = Departement.objects.filter(nom_normalise=cherche).first() if cherche else None
    if trouve is None:
        return None
    communes = _communes().filter(departement=trouve, est_arrondissement=False).order_by("-population", "insee")[:5]
    return Resolution(brut, suggestions=[lieu_de(c) for c in communes], compris=trouve.nom, est_departement=True)


def _par_code(brut: str, code: re.Match) -> Resolution:
    """A text that holds a postal code: alone, with a commune's name, or at the end of an address."""
    communes = list(_communes().du_code_postal(code.group(1)))
    if not communes:
        voisins = _communes().filter(codes_postaux__code__startswith=code.group(1)[:3]).distinct()
        proches = [lieu_de(c) for c in voisins.order_by("-population")[:5]]
        return Resolution(brut, suggestions=proches, compris=code.group(1))
    avant, apres = (nom_de_commune(t) for t in (brut[: code.start()], brut[code.end() :]))
    for nom in filter(None, (apres, avant)):
        nommee = _nommee(nom, communes)
        if nommee:
            return Resolution(brut, lieu=lieu_de(nommee))
    homonymes = list(_communes().filter(nom_normalise=apres).order_by("-population", "insee")) if apres else []
    if homonymes or (apres and len(communes) > 1):  # the name is not one of this postal code: ask
        choix = list({c.pk: c for c in [*communes, *homonymes]}.values())
        premiers = choix[:CHOIX_MAX]
        compris = f"{code.group(1)} {homonymes[0].nom if homonymes else '?'}"
        reste = len(choix) - len(premiers)
        return Resolution(brut, choix=[lieu_de(c) for c in premiers], autres=reste, compris=compris)
    if brut == f"{code.group(1)} ?" and len(communes) > 1:  # what is left of an address whose commune was not read
        return Resolution(brut, choix=[lieu_de(c) for c in communes[:CHOIX_MAX]], compris=brut)
    return Resolution(brut, lieu=lieu_de(communes[0], f"{code.group(1)} {communes[0].nom}"))


def _nommee(nom: str, communes: list[Commune]) -> Commune | None:
    """The commune of the list that a text names: exactly, followed by a quarter, or to a few letters."""
    for commune in communes:
        if nom == commune.nom_normalise or nom.startswith(f"{commune.nom_normalise} "):
            return commune
    proche = process.extractOne(nom, [c.nom_normalise for c in communes], scorer=fuzz.ratio, score_cutoff=80)
    return communes[proche[2]] if proche else None


def _proches(texte: str, nombre: int = 5) -> list[Lieu]:
    """The communes whose names look like the text, best first; among equals, the largest."""
    nom = nom_de_commune(texte)
    if len(nom) < 3:
        return []
    noms = list(Commune.objects.order_by("-population").values_list("insee", "nom_normalise"))
    seuil = 80 if " " in nom else 72  # « rue des lilas » is no misspelling of Les Lilas
    trouves = process.extract(nom, [n for _, n in noms], scorer=fuzz.ratio, score_cutoff=seuil, limit=40)
    trouves.sort(key=lambda t: (-round(t[1] / 10), t[2]))
    codes = [noms[rang][0] for _, _, rang in trouves[:nombre]]
    communes = _communes().in_bulk(codes)
    return [lieu_de(communes[insee]) for insee in codes]


def en_trop(texte: str, lieu: Lieu, departement: str = "") -> str:
    """What a text holds beside the place it was understood as: a street, a name, a floor. Empty for a place alone."""
    mots = " ".join(mots_de_commune(texte))
    mots = re.sub(r"\bcedex(?: \d{1,2})?\b", " ", mots)
    mots = re.sub(r"\b\d{5}\b", " ", mots, count=1).split()
    for rang in (-1, 0):
        if mots and mots[rang] == lieu.departement.lower():
            mots.pop(rang)
    dit, nom = " ".join(mots), nom_de_commune(lieu.nom)
    if nom.startswith(dit) or re.sub(r"^(?:la|les?|l) ", "", nom).startswith(dit):
        return ""
    reste = f" {dit} ".replace(f" {nom} ", " | ", 1)
    if "|" not in reste:  # to a few letters
        proche = len(mots) <= len(nom.split()) and fuzz.ratio(dit, nom) >= 80
        return "" if proche else dit
    reste = re.sub(r" (?:commune|ville) (?:de |d |du |des )?(?=\|)", " ", reste)
    if departement:
        reste = reste.replace(f"| {nom_de_commune(departement)} ", "| ", 1)
    return " ".join(reste.replace("|", " ").split())
