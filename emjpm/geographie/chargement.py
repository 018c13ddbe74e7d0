"""Loads régions, départements, communes and postal codes from `donnees/` (see donnees/SOURCES.md).

Rows are added or brought up to date, never deleted: a commune that disappeared may still be somebody's address.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.db import models, transaction

from emjpm.commun.texte import normaliser

from .models import CodePostal, Commune, Departement, Region
from .querysets import nom_de_commune

DONNEES = Path(__file__).parent / "donnees"
LOT = 2000


@dataclass(frozen=True)
class Bilan:
    """How many rows the files hold, and how many of them are new to the base."""

    regions: int
    departements: int
    communes: int
    communes_nouvelles: int
    codes_postaux: int


def lire_csv(chemin: Path) -> list[dict[str, str]]:
    """The rows of one of our own files (UTF-8, comma)."""
    with chemin.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


def typographier(texte: str) -> str:
    """The typographic apostrophe: « L’Abergement », « dans l’Ain »."""
    return texte.replace("'", "’").strip()


def fusionner(modele: type[models.Model], objets: list, cle: str) -> int:
    """Add or update `objets` by their unique field `cle`, all other fields included; returns how many are new."""
    connus = modele._default_manager.values_list(cle, flat=True)
    nouveaux = len({getattr(o, cle) for o in objets}.difference(connus))
    champs = [
        c.name for c in modele._meta.local_concrete_fields if not c.primary_key and c.name not in {cle, "cree_le"}
    ]
    modele._default_manager.bulk_create(
        objets,
        batch_size=LOT,
        update_conflicts=bool(champs),
        ignore_conflicts=not champs,
        update_fields=champs or None,
        unique_fields=[cle] if champs else None,
    )
    return nouveaux


@transaction.atomic
def charger(dossier: Path = DONNEES) -> Bilan:
    """Load the reference geography; twice gives the same base."""
    regions = [Region(code=r["code"], nom=typographier(r["nom"])) for r in lire_csv(dossier / "regions.csv")]
    fusionner(Region, regions, "code")
    departements = [
        Departement(
            code=d["code"],
            nom=typographier(d["nom"]),
            nom_normalise=normaliser(d["nom"]),
            locatif=typographier(d["article_locatif"]),
            region_id=d["region"],
        )
        for d in lire_csv(dossier / "departements.csv")
    ]
    fusionner(Departement, departements, "code")
    lignes = lire_csv(dossier / "communes.csv")
    nouvelles = fusionner(Commune, [_commune(ligne) for ligne in lignes], "insee")
    liens = {(ligne["insee"], code) for ligne in lignes for code in ligne["codes_postaux"].split()}
    codes = sorted({code for _, code in liens})
    fusionner(CodePostal, [CodePostal(code=code) for code in codes], "code")
    _relier(liens, {ligne["insee"] for ligne in lignes})
    return Bilan(len(regions), len(departements), len(lignes), nouvelles, len(codes))


def _commune(ligne: dict[str, str]) -> Commune:
    nom = typographier(ligne["nom"])
    return Commune(
        insee=ligne["insee"],
        nom=nom,
        nom_normalise=nom_de_commune(nom),
        est_arrondissement=ligne["type"] == "arrondissement",
        departement_id=ligne["departement"],
        population=int(ligne["population"] or 0),
        latitude=float(ligne["latitude"]),
        longitude=float(ligne["longitude"]),
        source_point=ligne["source_point"],
    )


def _relier(voulus: set[tuple[str, str]], communes: set[str]) -> None:
    """Give each commune of the file exactly its postal codes; communes the file does not know keep theirs."""
    liaison = Commune.codes_postaux.through
    presents = {(c, p): pk for pk, c, p in liaison.objects.values_list("pk", "commune_id", "codepostal_id")}
    liaison.objects.bulk_create(
        [liaison(commune_id=c, codepostal_id=p) for c, p in sorted(voulus - presents.keys())], batch_size=LOT
    )
    perimes = [pk for (c, p), pk in presents.items() if c in communes and (c, p) not in voulus]
    for debut in range(0, len(perimes), 500):
        liaison.objects.filter(pk__in=perimes[debut : debut + 500]).delete()
