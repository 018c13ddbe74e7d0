"""Loads the courts of today and the names of yesterday from `donnees/` (see donnees/SOURCES.md).

What the ministry's file or the team filled in (SIRET, address, telephone…) is never overwritten.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from emjpm.commun.texte import normaliser
from emjpm.geographie.chargement import lire_csv, typographier
from emjpm.geographie.querysets import nom_de_commune

from .models import Tribunal

DONNEES = Path(__file__).parent / "donnees"
CHAMPS = ["nom", "nom_normalise", "type", "commune", "ville"]
DEBUTS = [
    ("Tribunal de grande instance", Tribunal.Type.TGI),
    ("Tribunal d’instance", Tribunal.Type.TI),
    ("Tribunal de proximité", Tribunal.Type.TPRX),
]


@dataclass(frozen=True)
class Bilan:
    ouverts: int
    anciens: int
    nouveaux: int


def code_ancien(nom: str, departement: str) -> str:
    """The stable code of a court that closed: « ancien-tribunal-d-instance-de-gannat-03 », 60 characters at most."""
    suffixe = f"-{departement.lower()}"
    corps = nom
    for debut, type_ in DEBUTS:
        corps = corps.replace(debut, type_.value)
    return normaliser(f"ancien {corps}").replace(" ", "-")[: 60 - len(suffixe)] + suffixe


@transaction.atomic
def charger(dossier: Path = DONNEES) -> Bilan:
    """Load the courts; twice gives the same base. Closes nothing by itself but the courts of the old list."""
    ouverts = [
        Tribunal(
            code=ligne["code"],
            nom=typographier(ligne["nom"]),
            nom_normalise=nom_de_commune(ligne["nom"]),
            type=ligne["type"],
            commune_id=ligne["commune"],
            ville=typographier(ligne["ville"]),
        )
        for ligne in lire_csv(dossier / "tribunaux.csv")
    ]
    avant = Tribunal.objects.count()
    _fusionner(ouverts, CHAMPS)
    par_code = {t.code: t for t in Tribunal.objects.all()}
    anciens = []
    for ligne in lire_csv(dossier / "anciens_tribunaux.csv"):
        nom, successeur = typographier(ligne["nom"]), par_code[ligne["successeur"]]
        anciens.append(
            Tribunal(
                code=code_ancien(nom, ligne["departement"]),
                nom=nom,
                nom_normalise=nom_de_commune(nom),
                type=next(type_ for debut, type_ in DEBUTS if nom.startswith(debut)),
                commune_id=successeur.commune_id,
                ville=typographier(ligne["ville"]),
                ferme_le=datetime.date.fromisoformat(ligne["ferme_le"]),
                successeur=successeur,
            )
        )
    _fusionner(anciens, [*CHAMPS, "ferme_le", "successeur"])
    for ligne in lire_csv(dossier / "anciens_sirets.csv"):
        if not Tribunal.objects.filter(siret=ligne["siret"]).exists():
            code = code_ancien(typographier(ligne["nom"]), ligne["departement"])
            Tribunal.objects.filter(code=code, siret=None).update(siret=ligne["siret"])
    return Bilan(len(ouverts), len(anciens), Tribunal.objects.count() - avant)


def _fusionner(tribunaux: list[Tribunal], champs: list[str]) -> None:
    for tribunal in tribunaux:
        tribunal.modifie_le = timezone.now()
    Tribunal.objects.bulk_create(
        tribunaux, update_conflicts=True, update_fields=[*champs, "modifie_le"], unique_fields=["code"]
    )
