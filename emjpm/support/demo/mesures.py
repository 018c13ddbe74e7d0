"""Mesures of plausible shape: natures, ages, places of life and dates as the national surveys give them."""

import datetime
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
LIEUX = {LieuVie.DOMICILE: 56, LieuVie.ETABLISSEMENT: 36, LieuVie.ETABLISSEMENT_DOMICILE: 6, LieuVie.SDF: 2}


def tirer(hasard: random.Random, poids: dict):
    return hasard.choices(list(poids), list(poids.values()))[0]


def mesure(
    hasard: random.Random,
    rang: int,
    mandataire: Mandataire,
    *,
    statut: Statut,
    tribunaux: list,
    communes: list[Commune],
    lieux: list,
) -> Mesure:
    """One mesure, not saved. `communes` are near the mandataire; `lieux` are its antennes."""
    aujourdhui = timezone.localdate()
    age_en_jours = min(int(hasard.expovariate(1 / 1300)), 5400)
    jugement = aujourdhui - datetime.timedelta(days=age_en_jours)
    lieu_vie = tirer(hasard, LIEUX)
    commune = None if lieu_vie == LieuVie.SDF else hasard.choice(communes)
    ligne = Mesure(
        mandataire=mandataire,
        tribunal=hasard.choice(tribunaux),
        cabinet=str(hasard.randint(1, 4)),
        statut=statut,
        nature=tirer(hasard, NATURES),
        champ=hasard.choices([Champ.BIEN_PERSONNE, Champ.BIEN, ""], [70, 15, 15])[0],
        numero_rg=f"{jugement.year % 100:02d}{hasard.choice('ABC')}{rang % 100000:05d}",
        numero_dossier=f"{jugement.year}-{rang % 1000:03d}" if hasard.random() < 0.8 else "",
        civilite=hasard.choice(["madame", "monsieur"]),
        annee_naissance=None if hasard.random() < 0.01 else aujourdhui.year - int(hasard.triangular(18, 102, 72)),
        lieu=hasard.choice(lieux) if lieux and hasard.random() < 0.9 else None,
        commune=commune,
        code_postal=min((c.code for c in commune.codes_postaux.all()), default="") if commune else "",
    )
    if statut == Statut.EN_ATTENTE:
        ligne.reserve_le = timezone.now() - datetime.timedelta(
            days=hasard.randint(0, 25), minutes=hasard.randint(1, 900)
        )
        ligne.date_previsionnelle = aujourdhui + datetime.timedelta(days=hasard.randint(-5, 40))
        ligne.urgence = hasard.random() < 0.12
        ligne.numero_rg = f"{aujourdhui.year % 100:02d}{ligne.numero_rg[2:]}"
    else:
        ligne.date_jugement = jugement
        ligne.lieu_vie = lieu_vie
        if lieu_vie in EN_ETABLISSEMENT:
            ligne.type_etablissement = hasard.choice(TypeEtablissement.values)
    if statut == Statut.ETEINTE:
        ligne.date_fin = jugement + datetime.timedelta(days=hasard.randint(0, max(1, age_en_jours)))
        ligne.date_fin = min(ligne.date_fin, aujourdhui)
        ligne.motif_fin = hasard.choices(MotifFin.values, [18, 55, 8, 10, 9])[0]
    ligne.rg_normal = forme_normale(ligne.numero_rg)
    return ligne


def tension(departement: str) -> float:
    """How loaded a département is, as a factor around 1: some lack room, most have a little."""
    return random.Random(f"tension {departement}").uniform(0.88, 1.12)  # noqa: S311


def charge(hasard: random.Random, capacite: int | None, categorie: str, departement: str) -> int:
    """How many living mesures: most have some room, some are above their wish."""
    souhait = capacite or {"individuel": 30, "prepose": 25, "service": 120}[categorie]
    part = hasard.choices([0.6, 0.85, 0.95, 1.0, 1.08], [8, 24, 36, 16, 16])[0]
    return max(0, round(souhait * part * tension(departement)))
