"""A service's workbook of 10,000 rows, as one really writes it: drawn from a seed, the same each time."""

import datetime
import random
from pathlib import Path

import openpyxl

from emjpm.geographie.models import Commune
from tribunaux.models import Tribunal

DEPARTEMENTS = ["01", "13", "35", "54", "57", "67", "69", "971"]
"""Zeros that Excel eats, arrondissements, hyphens, articles, overseas."""
MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
TITRES = [
    "N° dossier",
    "Date du jugement",
    "Type de mesure",
    "Civilité",
    "Année de naissance",
    "Résidence",
    "CP",
    "Commune",
    "Tribunal",
    "Cabinet",
    "N° RG",
    "Suivi",
]
NATURES = {
    "Curatelle renforcée": 30,
    "curatelle renforcee aux biens et à la personne": 20,
    "TUTELLE": 15,
    "Tutelle aux biens et à la personne": 15,
    "CURATELLE SIMPLE": 10,
    "MAJ": 5,
    "Sauvegarde de justice": 5,
}
RESIDENCES = {"À domicile": 40, "domicile": 20, "EHPAD": 20, "Établissement": 10, "foyer de vie": 6, "SDF": 4}
CIVILITES = ["M.", "Mme", "Monsieur", "MADAME", "H", "F"]
_DATES = (
    lambda j: datetime.datetime(j.year, j.month, j.day),
    lambda j: (j - datetime.date(1899, 12, 30)).days,
    lambda j: f"{j:%d/%m/%Y}",
    lambda j: f"{j:%d/%m/%y}",
    lambda j: f"{j:%d.%m.%Y}",
    lambda j: j.isoformat(),
    lambda j: f"{j.day} {MOIS[j.month - 1]} {j.year}",
)
_TRIBUNAUX = (
    lambda t: t.nom,
    lambda t: t.nom.upper(),
    lambda t: t.nom_court,
    lambda t: t.nom_court.lower(),
    lambda t: f" {t.nom} ",
)
_COMMUNES = (
    lambda c: c.nom,
    lambda c: c.nom.upper(),
    lambda c: c.nom.replace("-", " "),
    lambda c: c.nom.replace("Saint-", "St ").replace("Sainte-", "Ste "),
)
_FAUTES = (
    {"Date du jugement": "31/02/2020"},
    {"Date du jugement": "2020"},
    {"Type de mesure": "habilitation familiale"},
    {"Civilité": "X"},
    {"Tribunal": "TJ de l’Atlantide"},
    {"Tribunal": None},
    {"Résidence": "EHPAD", "Commune": "Villefictive-les-Bains"},
    {"Année de naissance": "46"},
)


def _rg(hasard: random.Random, jugement: datetime.date, rang: int) -> str | None:
    """Unique: one row in forty has none, one in fifty an unusual form."""
    if rang % 40 == 0:
        return None
    annee, lettre = f"{jugement:%y}", hasard.choice("ABC")
    if rang % 50 == 7:
        return f"{jugement.year}/{rang:05d}"
    return hasard.choice(
        [
            f"{annee}{lettre}{rang:05d}",
            f"{annee}/{lettre}/{rang:05d}",
            f"RG {annee}/{lettre}/{rang:05d}",
            f"{annee.lower()} {lettre.lower()} {rang:05d}",
        ]
    )


def _code(hasard: random.Random, code: str) -> str | int:
    return hasard.choice([code, int(code), code, f"{code[:2]} {code[2:]}"])


def _tirer(hasard: random.Random, poids: dict[str, int]) -> str:
    return hasard.choices(list(poids), list(poids.values()))[0]


def tribunaux() -> list[Tribunal]:
    """The open courts of these départements."""
    return list(
        Tribunal.objects.ouverts().filter(commune__departement__in=DEPARTEMENTS, type=Tribunal.Type.TJ).order_by("code")
    )


def ecrire(chemin: Path, lignes: int, graine: int = 3) -> int:
    """Write the workbook; returns how many of its rows are to fix (one in a hundred)."""
    hasard = random.Random(graine)
    communes = [
        (c, min(p.code for p in c.codes_postaux.all()))
        for c in Commune.objects.filter(departement__in=DEPARTEMENTS, population__gt=0)
        .exclude(insee__in=["13055", "69123"])
        .prefetch_related("codes_postaux")
        .order_by("insee")
    ]
    poids, cours = [c.population for c, _ in communes], tribunaux()
    livre = openpyxl.Workbook(write_only=True)
    feuille = livre.create_sheet("Mesures au 31 décembre")
    feuille.append(["État des mesures du service"])
    feuille.append([])
    feuille.append(TITRES)
    fautives = 0
    for rang, (commune, code) in enumerate(hasard.choices(communes, poids, k=lignes), 1):
        jugement = datetime.date(2025, 12, 31) - datetime.timedelta(days=hasard.randint(0, 5400))
        residence, annee = _tirer(hasard, RESIDENCES), hasard.randint(1925, 2000)
        ligne = {
            "N° dossier": f"{jugement.year}-{rang:05d}",
            "Date du jugement": hasard.choice(_DATES)(jugement),
            "Type de mesure": _tirer(hasard, NATURES),
            "Civilité": hasard.choice(CIVILITES),
            "Année de naissance": hasard.choice([annee, str(annee), f"12/03/{annee}", None]),
            "Résidence": residence,
            "CP": _code(hasard, code),
            "Commune": hasard.choice(_COMMUNES)(commune),
            "Tribunal": hasard.choice(_TRIBUNAUX)(hasard.choice(cours)),
            "Cabinet": str(hasard.randint(1, 6)),
            "N° RG": _rg(hasard, jugement, rang),
            "Suivi": hasard.choice(["OK", "à revoir", None]),
        }
        if rang % 100 == 50:
            ligne |= _FAUTES[fautives % len(_FAUTES)]
            fautives += 1
        feuille.append(list(ligne.values()))
    livre.save(chemin)
    return fautives
