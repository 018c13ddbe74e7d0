"""The territories an agent may look at: their own, and what is inside it."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from emjpm.comptes.models import Perimetre
from emjpm.geographie.models import Departement, Region

Niveau = Perimetre.Niveau
OUTRE_MER = "COM"
"""Code of the « région » that gathers the collectivités d'outre-mer: on no map, shown when they have someone."""


@dataclass(frozen=True)
class Territoire:
    """The country, a région or a département. `departements`: its codes, None for the whole country."""

    niveau: Niveau
    code: str
    nom: str
    departements: tuple[str, ...] | None = None

    @property
    def cle(self) -> str:
        """The value of the select: « region-44 », « departement-57 », empty for France."""
        return f"{self.parametre}-{self.code}" if self.parametre else ""

    @property
    def parametre(self) -> str:
        return {Niveau.REGIONAL: "region", Niveau.DEPARTEMENTAL: "departement"}.get(self.niveau, "")

    def url(self, **autres: str) -> str:
        """Address of its page; parameters left empty are not written."""
        params = ({self.parametre: self.code} if self.parametre else {}) | {k: v for k, v in autres.items() if v}
        return reverse("pilotage") + (f"?{urlencode(params)}" if params else "")


FRANCE = Territoire(Niveau.NATIONAL, "", "France entière")


class Atlas:
    """Régions and départements, read once (2 queries), and an agent's rights over them."""

    def __init__(self, perimetre: Perimetre) -> None:
        self.perimetre = perimetre

    @cached_property
    def departements(self) -> dict[str, Departement]:
        return {d.code: d for d in Departement.objects.order_by("code")}

    @cached_property
    def regions(self) -> dict[str, Region]:
        """In the order of the alphabet, the collectivités d'outre-mer last."""
        return {r.code: r for r in sorted(Region.objects.all(), key=lambda r: (r.code == OUTRE_MER, r.nom))}

    def region(self, code: str) -> Territoire:
        codes = tuple(d.code for d in self.departements.values() if d.region_id == code)
        return Territoire(Niveau.REGIONAL, code, self.regions[code].nom, codes)

    def departement(self, code: str) -> Territoire:
        return Territoire(Niveau.DEPARTEMENTAL, code, str(self.departements[code]), (code,))

    @cached_property
    def propre(self) -> Territoire:
        """The agent's own territory."""
        if self.perimetre.departement_id:
            return self.departement(self.perimetre.departement_id)
        return self.region(self.perimetre.region_id) if self.perimetre.region_id else FRANCE

    @cached_property
    def permis(self) -> dict[str, Territoire]:
        """What the agent may open, by value of the select: their own territory first, then what is in it."""
        dedans = set(self.departements if self.propre is FRANCE else self.propre.departements)
        permis = [self.propre]
        if self.propre.niveau == Niveau.NATIONAL:
            permis += [self.region(code) for code in self.regions]
        if self.propre.niveau != Niveau.DEPARTEMENTAL:
            permis += [self.departement(code) for code in self.departements if code in dedans]
        return {t.cle: t for t in permis}

    def demande(self, params) -> Territoire:
        """The territory asked for by ?departement=, ?region= or the form's ?territoire=; their own by default.

        Raises Http404 outside the agent's rights, as for a territory that does not exist.
        """
        cle = params.get("territoire", "")
        for nom in ("region", "departement"):
            if params.get(nom):
                cle = f"{nom}-{params[nom]}"
        if not cle:
            return self.propre
        if cle not in self.permis:
            raise Http404
        return self.permis[cle]

    def parent(self, territoire: Territoire) -> Territoire | None:
        """The level above, when the agent may open it."""
        if territoire.niveau == Niveau.DEPARTEMENTAL:
            region = self.region(self.departements[territoire.code].region_id)
            return self.permis.get(region.cle)
        return FRANCE if territoire.niveau == Niveau.REGIONAL and self.propre is FRANCE else None

    def enfants(self, territoire: Territoire) -> list[Territoire]:
        """The level below: régions of the country, départements of a région, nothing below a département."""
        if territoire.niveau == Niveau.NATIONAL:
            return [self.region(code) for code in self.regions]
        if territoire.niveau == Niveau.REGIONAL:
            return [self.departement(code) for code in territoire.departements]
        return []
