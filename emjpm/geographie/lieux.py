"""From what people type to one place, a choice of places, or near names: « 57000 », « metz 57 », « st denis »."""

import re
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from .models import Commune
from .querysets import nom_de_commune

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
    if not trouvees and "," in nom:  # « 3 rue Haute-Pierre, Metz »
        nom = nom.rsplit(",", 1)[1]
        trouvees = list(_communes().ressemblant(nom)[: 10 * CHOIX_MAX])
    return _trancher(brut, nom, trouvees)


def _communes():
    return Commune.objects.prefetch_related("codes_postaux")


def _trancher(brut: str, nom: str, trouvees: list[Commune]) -> Resolution:
    exactes = [c for c in trouvees if not getattr(c, "_exact", 1)]
    if len(exactes) == 1 or len(trouvees) == 1:
        return Resolution(brut, lieu=lieu_de((exactes or trouvees)[0]))
    if trouvees:
        premiers = trouvees[:CHOIX_MAX]
        return Resolution(brut, choix=[lieu_de(c) for c in premiers], autres=len(trouvees) - len(premiers))
    return Resolution(brut, suggestions=_proches(nom))


def _par_code(brut: str, code: re.Match) -> Resolution:
    """A text that holds a postal code: alone, with a commune's name, or at the end of an address."""
    communes = list(_communes().du_code_postal(code.group(1)))
    if not communes:
        voisins = _communes().filter(codes_postaux__code__startswith=code.group(1)[:3]).distinct()
        return Resolution(brut, suggestions=[lieu_de(c) for c in voisins.order_by("-population")[:5]])
    avant, apres = (nom_de_commune(t) for t in (brut[: code.start()], brut[code.end() :]))
    for nom in filter(None, (apres, avant)):
        nommee = _nommee(nom, communes)
        if nommee:
            return Resolution(brut, lieu=lieu_de(nommee))
    homonymes = list(_communes().filter(nom_normalise=apres).order_by("-population", "insee")) if apres else []
    if homonymes or (apres and len(communes) > 1):  # the name is not one of this postal code: ask
        choix = list({c.pk: c for c in [*communes, *homonymes]}.values())
        premiers = choix[:CHOIX_MAX]
        return Resolution(brut, choix=[lieu_de(c) for c in premiers], autres=len(choix) - len(premiers))
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
    trouves = process.extract(nom, [n for _, n in noms], scorer=fuzz.ratio, score_cutoff=72, limit=40)
    trouves.sort(key=lambda t: (-round(t[1] / 10), t[2]))
    codes = [noms[rang][0] for _, _, rang in trouves[:nombre]]
    communes = _communes().in_bulk(codes)
    return [lieu_de(communes[insee]) for insee in codes]
