"""The mandataire's list as a table to keep: the columns and the words of the import's model, so that it reads back.

What the model does not ask comes after its columns, and only where there is something to write: the import says of
such a column that it is not taken, and goes on (tests/mesures/test_export.py reads an exported file back).
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from emjpm.commun.tableur import Feuille
from mandataires.models import Mandataire

from .enums import LieuVie, Pays, TypeEtablissement
from .import_excel.modele import MESURES, titres
from .listes import RELATIONS
from .models import Mesure

RESIDENCES = {
    (LieuVie.ETABLISSEMENT, TypeEtablissement.PERSONNES_AGEES): "Établissement pour personnes âgées",
    (LieuVie.ETABLISSEMENT, TypeEtablissement.PERSONNES_HANDICAPEES): "Établissement pour personnes handicapées",
    (LieuVie.ETABLISSEMENT, TypeEtablissement.HOSPITALIER): "Établissement hospitalier",
    (LieuVie.ETABLISSEMENT, TypeEtablissement.PSYCHIATRIQUE): "Établissement psychiatrique",
    (LieuVie.ETABLISSEMENT, TypeEtablissement.AUTRE_SOCIAL): TypeEtablissement.AUTRE_SOCIAL.label,
    (LieuVie.ETABLISSEMENT, TypeEtablissement.AUTRE): "Autre établissement",
    **{
        (LieuVie.ETABLISSEMENT_DOMICILE, genre): f"{LieuVie.ETABLISSEMENT_DOMICILE.label} : {genre.label.lower()}"
        for genre in TypeEtablissement
    },
}
"""A kind of establishment is said with the lieu de vie, in one of the words the import understands (synonymes)."""

_LOT = 2000


def residence(mesure: Mesure) -> str:
    return RESIDENCES.get((mesure.lieu_vie, mesure.type_etablissement)) or mesure.get_lieu_vie_display()


def ville(mesure: Mesure) -> str:
    """« Metz », « Virton (Belgique) »: the département is in the postal code."""
    if mesure.commune_id:
        return mesure.commune.nom
    return f"{mesure.ville} (Belgique)" if mesure.ville and mesure.pays == Pays.BELGIQUE else mesure.ville


_VALEURS = {
    "date_jugement": lambda m: m.date_jugement,
    "nature": lambda m: m.nature_et_champ,
    "code_postal": lambda m: m.code_postal,
    "ville": ville,
    "civilite": lambda m: m.get_civilite_display(),
    "annee_naissance": lambda m: m.annee_naissance,
    "lieu_vie": residence,
    "numero_dossier": lambda m: m.numero_dossier,
    "numero_rg": lambda m: m.numero_rg,
    "tribunal": lambda m: m.tribunal.nom,
    "cabinet": lambda m: m.cabinet,
    "antenne": lambda m: m.lieu.nom if m.lieu else "",
}
_FINS = (
    ("Fin du mandat", 14, lambda m: m.date_fin),
    ("Motif de fin", 34, lambda m: m.get_motif_fin_display()),
)
_RESSOURCES = (
    ("Ressources annuelles (euros)", 18, lambda m: m.ressources_niveau),
    ("Ressources : pour l’année", 14, lambda m: m.ressources_annee),
    ("Prestations", 24, lambda m: ", ".join(m.prestations)),
)


def feuille(mesures: QuerySet[Mesure], mandataire: Mandataire, *, eteintes: bool = False) -> Feuille:
    """The sheet, its rows read as they are written."""
    # As in the model: the column is there when an antenne, or an establishment, has a name.
    lieux = any(lieu.nom for lieu in mandataire.lieux_de_suivi())
    colonnes: list[tuple[str, int, Any]] = [
        (titre, large, _VALEURS[champ]) for titre, champ, large, _ in titres(mandataire, lieux)
    ]
    colonnes += _FINS if eteintes else ()
    if mesures.filter(Q(ressources_niveau__isnull=False) | ~Q(prestations=[])).exists():
        colonnes += _RESSOURCES
    lignes = _lignes(mesures, [valeur for *_, valeur in colonnes])
    return Feuille(MESURES, [c[0] for c in colonnes], lignes, largeurs=[c[1] for c in colonnes])


def _lignes(mesures: QuerySet[Mesure], valeurs: list) -> Iterator[list]:
    for mesure in mesures.select_related(*RELATIONS).iterator(chunk_size=_LOT):
        yield [valeur(mesure) for valeur in valeurs]
