"""The results of a search as a sheet: what a court may keep with its file. No adult is in it."""

from collections.abc import Iterator

from django.utils import timezone

from emjpm.commun.tableur import Feuille
from emjpm.geographie.distance import kilometres_entiers

from . import presentation_recherche as presentation
from .recherche import REGLES, Criteres, Ordre, Resultats

ENTETES = (
    "N°",
    "Nom",
    "Type",
    "Commune",
    "Distance (km)",
    "Position",
    "Disponibilité",
    "Places",
    "En cours",
    "En attente",
    "Souhaitées",
    "Mis à jour le",
    "Téléphone",
    "Courriel",
)
_LOT = 500


def feuille_des_resultats(criteres: Criteres, resultats: Resultats) -> Feuille:
    """One row for each mandataire, in the order of the page; the search in words above."""
    return Feuille(
        "Mandataires",
        ENTETES,
        _lignes(criteres, resultats),
        notes=[presentation.titre(criteres, len(resultats)), REGLES[Ordre(criteres.ordre)]],
        largeurs=(6, 32, 12, 24, 10, 16, 28, 8, 9, 9, 11, 13, 18, 32),
    )


def _lignes(criteres: Criteres, resultats: Resultats) -> Iterator[tuple]:
    for debut in range(0, len(resultats), _LOT):
        lot = resultats[debut : debut + _LOT]
        for ligne in presentation.lignes(lot, debut + 1, criteres.origine):
            yield _cellules(ligne)


def _cellules(ligne: presentation.Ligne) -> tuple:
    dispo = ligne.dispo
    position = "inconnue" if ligne.distance is None else "approximative" if ligne.approximative else "à l’adresse"
    return (
        ligne.numero,
        ligne.nom,
        ligne.categorie,
        ligne.commune_entiere,
        None if ligne.distance is None else kilometres_entiers(ligne.distance),
        position,
        ligne.etat_lisible[:1].upper() + ligne.etat_lisible[1:],
        dispo.valeur,
        dispo.en_cours,
        dispo.en_attente,
        dispo.capacite,
        timezone.localtime(ligne.actualise_le).date() if ligne.actualise_le else "jamais",
        ligne.telephone[1] if ligne.telephone else "",
        ligne.courriel,
    )
