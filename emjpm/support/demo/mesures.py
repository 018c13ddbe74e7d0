"""Mesures of plausible shape: natures, ages, places of life and dates as the national surveys give them."""

import datetime
import itertools
import random

from django.utils import timezone

from emjpm.geographie.models import Commune
from mandataires.models import Mandataire
from mesures.enums import (
    EN_ETABLISSEMENT,
    Champ,
    LieuVie,
    MotifFin,
    Nature,
    Statut,
    TypeEtablissement,
)
from mesures.models import Mesure
from mesures.numero_rg import forme_normale

NATURES = {
    Nature.CURATELLE_RENFORCEE: 46, Nature.TUTELLE: 40, Nature.CURATELLE_SIMPLE: 4, Nature.SAUVEGARDE_JUSTICE: 4,
    Nature.MAJ: 2, Nature.SUBROGE_TUTEUR: 1.5, Nature.SUBROGE_CURATEUR: 1, Nature.MANDAT_PROTECTION_FUTURE: 0.5,
    Nature.AD_HOC: 1,
}  # fmt: skip
CIVILITES = ["madame", "monsieur"]
LIEUX = {LieuVie.DOMICILE: 56, LieuVie.ETABLISSEMENT: 36, LieuVie.ETABLISSEMENT_DOMICILE: 6, LieuVie.SDF: 2}


AGE_DU_MANDAT_MAX = 5400  # days


def tirer(hasard: random.Random, poids: dict):
    return hasard.choices(list(poids), list(poids.values()))[0]


def _table(poids: dict) -> tuple[list, list[float]]:
    """Keys and cumulated weights: what `choices` would work out again at each draw."""
    return list(poids), list(itertools.accumulate(poids.values()))


_NATURES, _LIEUX = _table(NATURES), _table(LIEUX)
_CHAMPS = _table({Champ.BIEN_PERSONNE: 70, Champ.BIEN: 15, "": 15})
_MOTIFS_FIN = _table(dict(zip(MotifFin, [18, 55, 8, 10, 9], strict=True)))
_TYPES = TypeEtablissement.values


def codes(communes: list[Commune]) -> list[tuple[str, str]]:
    """(INSEE code, first postal code) of each: what `faits` takes. The postal codes are to be prefetched."""
    return [(c.insee, min((code.code for code in c.codes_postaux.all()), default="")) for c in communes]


def faits(
    hasard: random.Random,
    rang: int,
    *,
    statut: Statut,
    tribunaux: list[int],
    communes: list[tuple[str, str]],
    lieux: list[int],
    maintenant: datetime.datetime,
) -> dict:
    """One mesure, as the values of its columns: a million and a half of them leave no time for model instances.

    `tribunaux` and `lieux` (its antennes) are primary keys, `communes` come from `codes` and are near the mandataire.
    """
    aujourdhui = timezone.localdate(maintenant)
    age_en_jours = min(int(hasard.expovariate(1 / 1300)), AGE_DU_MANDAT_MAX)
    jugement = aujourdhui - datetime.timedelta(days=age_en_jours)
    lieu_vie = hasard.choices(_LIEUX[0], cum_weights=_LIEUX[1])[0]
    commune, code_postal = (None, "") if lieu_vie == LieuVie.SDF else hasard.choice(communes)
    ligne = {
        "tribunal_id": hasard.choice(tribunaux),
        "cabinet": str(hasard.randint(1, 4)),
        "statut": statut,
        "nature": hasard.choices(_NATURES[0], cum_weights=_NATURES[1])[0],
        "champ": hasard.choices(_CHAMPS[0], cum_weights=_CHAMPS[1])[0],
        "numero_rg": f"{jugement.year % 100:02d}{hasard.choice('ABC')}{rang % 100000:05d}",
        "numero_dossier": f"{jugement.year}-{rang % 1000:03d}" if hasard.random() < 0.8 else "",
        "civilite": hasard.choice(CIVILITES),
        "annee_naissance": None if hasard.random() < 0.01 else aujourdhui.year - int(hasard.triangular(18, 102, 72)),
        "lieu_id": hasard.choice(lieux) if lieux and hasard.random() < 0.9 else None,
        "commune_id": commune,
        "code_postal": code_postal,
    }
    if statut == Statut.EN_ATTENTE:
        ligne["reserve_le"] = maintenant - datetime.timedelta(
            days=hasard.randint(0, 25), minutes=hasard.randint(1, 900)
        )
        ligne["date_previsionnelle"] = aujourdhui + datetime.timedelta(days=hasard.randint(-5, 40))
        ligne["urgence"] = hasard.random() < 0.12
        ligne["numero_rg"] = f"{aujourdhui.year % 100:02d}{ligne['numero_rg'][2:]}"
    else:
        ligne["date_jugement"] = jugement
        ligne["lieu_vie"] = lieu_vie
        if lieu_vie in EN_ETABLISSEMENT:
            ligne["type_etablissement"] = hasard.choice(_TYPES)
    if statut == Statut.ETEINTE:
        fin = jugement + datetime.timedelta(days=hasard.randint(0, max(1, age_en_jours)))
        ligne["date_fin"] = min(fin, aujourdhui)
        ligne["motif_fin"] = hasard.choices(_MOTIFS_FIN[0], cum_weights=_MOTIFS_FIN[1])[0]
    return ligne


def mesure(hasard: random.Random, rang: int, mandataire: Mandataire, **options) -> Mesure:
    """One mesure, not saved. `options` as in `faits`."""
    ligne = faits(hasard, rang, **options)
    return Mesure(mandataire=mandataire, rg_normal=forme_normale(ligne["numero_rg"]), **ligne)


def tension(departement: str) -> float:
    """How loaded a département is, as a factor around 1: some lack room, most have a little."""
    return random.Random(f"tension {departement}").uniform(0.88, 1.12)  # noqa: S311


def charge(hasard: random.Random, capacite: int | None, categorie: str, departement: str) -> int:
    """How many living mesures: most have some room, some are above their wish."""
    souhait = capacite or {"individuel": 30, "prepose": 25, "service": 120}[categorie]
    part = hasard.choices([0.6, 0.85, 0.95, 1.0, 1.08], [8, 24, 36, 16, 16])[0]
    return max(0, round(souhait * part * tension(departement)))
