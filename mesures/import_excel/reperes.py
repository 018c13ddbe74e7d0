"""What the database knows, read once per file: communes, courts, antennes, mesures already there.

The number of queries does not depend on the number of rows (beyond one more per 5,000 different postal codes).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, When
from django.utils import timezone

from emjpm.commun.texte import normaliser
from emjpm.geographie.models import Commune
from emjpm.geographie.querysets import nom_de_commune
from mandataires.models import Mandataire
from mandataires.mots import ANTENNE
from mesures.enums import VIVANTES, Statut
from tribunaux.models import Tribunal
from tribunaux.reconnaissance import Annuaire, Reconnaissance

_PAQUET = 5_000
_PETITS_MOTS = {"l", "la", "le", "les"}
_BARRE = re.compile(r"(?:\b(ss?))?\s*/\s*")
_VILLES_A_ARRONDISSEMENTS = {"paris", "lyon", "marseille"}


def cle_commune(ville: object) -> str:
    """The form in which a town is looked for: « LE HAVRE », « Havre (Le) », « Châlons s/ Saône », « Paris 02 »."""
    # « Chalon/Saône », « Chalon s/ Saône »: a bar stands for « sur », alone or after its s.
    texte = _BARRE.sub(lambda trouve: " sous " if trouve[1] == "ss" else " sur ", str(ville or "").lower())
    mots = [{"s": "sur", "ss": "sous"}.get(m, m) if rang else m for rang, m in enumerate(nom_de_commune(texte).split())]
    if len(mots) > 1 and mots[-1] in _PETITS_MOTS:
        mots = mots[:-1]
    while len(mots) > 1 and mots[0] in _PETITS_MOTS:
        mots = mots[1:]
    if (
        mots
        and mots[0] in _VILLES_A_ARRONDISSEMENTS
        and all(m[0].isdigit() or m in {"arrondissement", "er", "e", "eme", "ieme"} for m in mots[1:])
    ):
        mots = mots[:1]
    return " ".join(mots)


@dataclass(frozen=True)
class Lieu:
    """A commune, as the import needs it."""

    insee: str
    nom: str
    cle: str
    departement: str
    population: int
    arrondissement: bool


def _paquets(valeurs: Iterable[str]) -> Iterator[list[str]]:
    liste = sorted(set(valeurs))
    for debut in range(0, len(liste), _PAQUET):
        yield liste[debut : debut + _PAQUET]


class Communes:
    """The communes that the postal codes and the towns of one file may mean."""

    def __init__(self, codes: Iterable[str] = (), villes: Iterable[str] = ()):
        self.du_code: dict[str, list[Lieu]] = defaultdict(list)
        self.par_insee: dict[str, Lieu] = {}
        self.par_cle: dict[str, list[Lieu]] = defaultdict(list)
        self.codes_de: dict[str, list[str]] = defaultdict(list)
        codes, cles = set(codes), {cle_commune(v) for v in villes} - {""}
        liens = Commune.codes_postaux.through.objects
        insees, paires = set(codes), []
        for paquet in _paquets(codes):
            paires += liens.filter(codepostal__in=paquet).values_list("codepostal_id", "commune_id")
        insees |= {insee for _, insee in paires}
        noms = cles | {f"{mot} {cle}" for cle in cles for mot in _PETITS_MOTS}
        for champ, valeurs in (("insee__in", insees), ("nom_normalise__in", noms)):
            for paquet in _paquets(valeurs):
                self._retenir(Commune.objects.filter(**{champ: paquet}))
        for paquet in _paquets(self.par_insee):
            for code, insee in liens.filter(commune__in=paquet).values_list("codepostal_id", "commune_id"):
                self.codes_de[insee].append(code)
        for code, insee in paires:
            if insee in self.par_insee:
                self.du_code[code].append(self.par_insee[insee])
        for liste in [*self.du_code.values(), *self.par_cle.values()]:
            liste.sort(key=lambda lieu: (lieu.arrondissement, -lieu.population, lieu.insee))
        for liste in self.codes_de.values():
            liste.sort()

    def _retenir(self, communes) -> None:
        champs = ("insee", "nom", "departement_id", "population", "est_arrondissement")
        for insee, nom, departement, population, arrondissement in communes.values_list(*champs):
            if insee not in self.par_insee:
                lieu = Lieu(insee, nom, cle_commune(nom), departement, population, arrondissement)
                self.par_insee[insee] = lieu
                self.par_cle[lieu.cle].append(lieu)


@dataclass(frozen=True)
class Presente:
    """A mesure of the mandataire, to be recognised and left alone."""

    pk: int
    numero_rg: str
    statut: str


class Reperes:
    """Everything a file is compared with. Without a mandataire: every court, no mesure (support's use)."""

    def __init__(self, mandataire: Mandataire | None = None, aujourdhui: date | None = None):
        self.mandataire = mandataire
        self.mots_du_lieu = mandataire.mots_du_lieu if mandataire else ANTENNE
        self.aujourdhui = aujourdhui or timezone.localdate()
        self.annuaire = Annuaire()
        self.tribunaux = {t.pk: t for t in self.annuaire.tribunaux}
        self.communes = Communes()
        self.habilites: set[int] = set()
        self.antennes: dict[str, int] = {}
        self.noms_antennes: dict[int, str] = {}
        self.presentes: dict[tuple, Presente] = {}
        self._reconnus: dict[str, Reconnaissance] = {}
        if mandataire is not None:
            self.habilites = set(mandataire.habilitations.values_list("tribunal_id", flat=True))
            self.presentes = mesures_presentes(mandataire)
            self._charger_antennes(mandataire)

    def _charger_antennes(self, mandataire: Mandataire) -> None:
        """Or the establishments of a préposé who has several: those that have a name."""
        for lieu in mandataire.lieux_de_suivi():
            if lieu.nom:
                self.antennes[cle_antenne(lieu.nom)] = lieu.pk
                self.noms_antennes[lieu.pk] = lieu.nom

    def charger_communes(self, codes: Iterable[str], villes: Iterable[str]) -> None:
        self.communes = Communes(codes, villes)

    def tribunal(self, texte: str) -> Reconnaissance:
        """The courts a text may mean; each different text is looked for once per file."""
        if texte not in self._reconnus:
            self._reconnus[texte] = self.annuaire.chercher(texte)
        return self._reconnus[texte]

    def tribunal_ferme(self, texte: str) -> Tribunal | None:
        """The closed court a text names exactly, to say what replaced it."""
        forme = nom_de_commune(texte)
        return next((t for t in self.annuaire.par_nom.get(forme, []) if t.ferme_le), None)


def cle_antenne(nom: object) -> str:
    """« Antenne de Thionville » and « THIONVILLE » are one."""
    mots = [m for m in nom_de_commune(nom).split() if m not in {"antenne", "de", "du", "d", "site", "agence", "pole"}]
    return " ".join(mots) or normaliser(nom)


def cle_de(valeurs: Mapping[str, Any]) -> tuple | None:
    """Under what a row is looked for among the mesures of the account: its court and RG.

    Without a RG: its court, dossier, date, nature, year and civilité all together, if it has a dossier or a year.
    """
    if valeurs["rg_normal"]:
        return (valeurs["tribunal"], valeurs["rg_normal"])
    if not (valeurs["numero_dossier"] or valeurs["annee_naissance"]):
        return None
    faits = ("tribunal", "numero_dossier", "date_jugement", "nature", "annee_naissance", "civilite")
    return tuple(valeurs[fait] for fait in faits)


def mesures_presentes(mandataire: Mandataire) -> dict[tuple, Presente]:
    """The mesures of the account by (tribunal, RG): what a file must not write again.

    Reservations and ended mandates included: a list drawn up before a mandate ended must not bring it back to life.
    """
    champs = (
        "tribunal rg_normal numero_dossier date_jugement nature annee_naissance civilite pk numero_rg statut".split()
    )
    lignes = (
        mandataire.mesures.filter(statut__in=[*VIVANTES, Statut.ETEINTE])
        .order_by(Case(When(statut=Statut.ETEINTE, then=0), When(statut=Statut.EN_ATTENTE, then=1), default=2))
        # of two under one number, the mandate is told, not its renewal nor what ended
        .values(*champs, "pk", "numero_rg", "statut")
    )
    presentes = {}
    for ligne in lignes:
        jour = ligne["date_jugement"]
        cle = cle_de({**ligne, "date_jugement": jour.isoformat() if jour else None})
        if cle is not None:
            presentes[cle] = Presente(ligne["pk"], ligne["numero_rg"] or "sans RG", ligne["statut"])
    return presentes
