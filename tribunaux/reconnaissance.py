"""Which court does a text mean? « TJ Metz », « METZ », « Tribunal d’instance de Bitche », a SIRET, a code.

A court that closed answers by its successor. Since 1 January 2020 (loi n° 2019-222 du 23 mars 2019) the tribunal de
grande instance of a town is its tribunal judiciaire, and its tribunal d'instance joined it or became the tribunal de
proximité of the same town: those names need no row of their own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from emjpm.geographie.querysets import nom_de_commune

from .models import Tribunal

T = Tribunal.Type
# Longest first: « tribunal de premiere instance » must not be read « tribunal … instance ».
_TYPES = [
    ("tribunal de premiere instance", T.TPI),
    ("tribunal de grande instance", T.TGI),
    ("tribunal de proximite", T.TPRX),
    ("chambre de proximite", T.TPRX),
    ("tribunal d instance", T.TI),
    ("tribunal instance", T.TI),
    ("tribunal judiciaire", T.TJ),
    ("tribunal", None),
    ("juge des contentieux de la protection", None),
    ("juge des tutelles", None),
    ("service des tutelles", None),
    ("tprx", T.TPRX),
    ("tpi", T.TPI),
    ("tgi", T.TGI),
    ("tp", T.TPRX),
    ("tj", T.TJ),
    ("ti", T.TI),
]
# What a type written in a file may be today, best first.
_REPONDANTS = {
    T.TJ: [T.TJ],
    T.TGI: [T.TGI, T.TJ],
    T.TI: [T.TI, T.TPRX, T.TJ],
    T.TPRX: [T.TPRX],
    T.TPI: [T.TPI],
}
_PETITS_MOTS = {"de", "d", "du", "des", "la", "le", "les", "l"}
SEUIL = 84


@dataclass(frozen=True)
class Reconnaissance:
    """The courts a text may mean, best first; `maniere`: siret, code, nom, ville, proche (by likeness), contenu (a
    town among other words) or rien."""

    tribunaux: list[Tribunal] = field(default_factory=list)
    maniere: str = "rien"

    @property
    def sure(self) -> bool:
        """One court, and not by likeness alone."""
        return len(self.tribunaux) == 1 and self.maniere not in {"proche", "contenu"}


def cle_ville(texte: str) -> str:
    """A town without its article: « du Havre » and « Le Havre » are one."""
    mots = nom_de_commune(texte).split()
    while len(mots) > 1 and mots[0] in _PETITS_MOTS:
        mots = mots[1:]
    return " ".join(mots)


def decouper(texte: str) -> tuple[Tribunal.Type | None, str, str]:
    """(type, town, département) read in a text; empty where nothing is said."""
    nom, type_ = nom_de_commune(texte), None
    for debut, lu in _TYPES:
        if nom == debut or nom.startswith(f"{debut} "):
            nom, type_ = nom[len(debut) :].strip(), lu
            break
    mots, departement = nom.split(), ""
    if mots and re.fullmatch(r"\d{2,3}|2[ab]|\d{5}", mots[-1]):
        departement = mots.pop().upper()
        if len(departement) == 5:  # a postal code
            departement = departement[:3] if departement[:2] in {"97", "98"} else departement[:2]
    return type_, cle_ville(" ".join(mots)), departement


class Annuaire:
    """Every court, read once: use one for a whole file."""

    def __init__(self, tribunaux: Iterable[Tribunal] | None = None):
        if tribunaux is None:
            tribunaux = Tribunal.objects.select_related("commune", "successeur__commune", "successeur__successeur")
        self.tribunaux = list(tribunaux)
        self.par_siret = {t.siret: t for t in self.tribunaux if t.siret}
        self.par_code = {t.code: t for t in self.tribunaux}
        self.par_nom: dict[str, list[Tribunal]] = {}
        self.par_ville: dict[str, list[Tribunal]] = {}
        for tribunal in self.tribunaux:
            self.par_nom.setdefault(tribunal.nom_normalise, []).append(tribunal)
            villes = {cle_ville(tribunal.ville), cle_ville(tribunal.commune.nom), decouper(tribunal.nom)[1]}
            if tribunal.ferme_le:  # its row stands at the successor's commune, which is not its town
                villes.discard(cle_ville(tribunal.commune.nom))
            for ville in villes - {""}:
                self.par_ville.setdefault(ville, []).append(tribunal)

    def chercher(self, texte: str, siret: str | None = None) -> Reconnaissance:
        """What a text and a SIRET mean; the SIRET wins where it is known."""
        texte = " ".join(str(texte or "").split())[:200]
        for numero in (siret, texte):
            trouve = self.par_siret.get(re.sub(r"\D", "", str(numero or "")))
            if trouve:
                return Reconnaissance([trouve.actuel], "siret")
        if texte.lower() in self.par_code:
            return Reconnaissance([self.par_code[texte.lower()].actuel], "code")
        nom = nom_de_commune(texte)
        exacts = self.par_nom.get(nom, [])
        type_, ville, departement = decouper(texte)
        if exacts and type_ not in {T.TI, T.TGI}:  # an old name may also be that of a court of the same town
            return Reconnaissance(_actuels(exacts), "nom")
        if not ville:
            return Reconnaissance()
        trouves = self._de_la_ville(ville, type_, departement)
        if trouves:
            return Reconnaissance(trouves, "ville")
        plusieurs_mots = " " in ville  # a single word holds no other town
        contenues = [v for v in self.par_ville if len(v) > 3 and f" {v} " in f" {ville} "] if plusieurs_mots else []
        if contenues:  # « Metz service des tutelles »
            trouves = self._de_la_ville(max(contenues, key=len), type_, departement)
            if trouves:
                return Reconnaissance(trouves, "contenu")
        proches = process.extract(ville, self.par_ville.keys(), scorer=fuzz.ratio, score_cutoff=SEUIL, limit=5)
        ressemblants = [t for v, _, _ in proches for t in self._de_la_ville(v, type_, departement)]
        return Reconnaissance(_uniques(ressemblants), "proche") if ressemblants else Reconnaissance()

    def _de_la_ville(self, ville: str, type_: Tribunal.Type | None, departement: str) -> list[Tribunal]:
        candidats = self.par_ville.get(ville, [])
        if departement:
            candidats = [t for t in candidats if t.commune.departement_id == departement]
        if type_ is None:
            return _actuels(sorted(candidats, key=lambda t: (bool(t.ferme_le), t.type != T.TJ)))
        for repondant in _REPONDANTS[type_]:
            if type_ in {T.TI, T.TGI} and repondant == type_:
                continue
            ouverts = [t for t in candidats if t.type == repondant and not t.ferme_le]
            fermes = [t for t in candidats if t.type in {type_, repondant} and t.ferme_le]
            if ouverts or fermes:
                return _actuels([*ouverts, *fermes])
        return []


def chercher(texte: str, siret: str | None = None, annuaire: Annuaire | None = None) -> Reconnaissance:
    return (annuaire or Annuaire()).chercher(texte, siret)


def reconnaitre(texte: str, siret: str | None = None, annuaire: Annuaire | None = None) -> list[Tribunal]:
    """The courts of today that a text (or a SIRET) may mean: none, one, or several to choose from."""
    return chercher(texte, siret, annuaire).tribunaux


def _actuels(tribunaux: Iterable[Tribunal]) -> list[Tribunal]:
    return _uniques(t.actuel for t in tribunaux)


def _uniques(tribunaux: Iterable[Tribunal]) -> list[Tribunal]:
    return list({t.pk: t for t in tribunaux}.values())
