"""What the page would say of a file, as one plain object: for support, for scripts, for the tests."""

from typing import Any

from mandataires.models import Mandataire
from tribunaux.models import Tribunal

from .analyse import analyser
from .apercu import Apercu
from .erreurs import ClasseurRefuse

CHAMPS_PRETS = (
    "date_jugement nature champ code_postal ville pays civilite annee_naissance lieu_vie numero_rg numero_dossier"
).split()


def rapport(fichier: str, octets: bytes, mandataire: Mandataire | None = None) -> dict[str, Any]:
    """Read a file and tell everything about it, without writing.

    Enumerations are stored keys (docs/lexique.md), dates ISO, the court by its full name. Rows already present are
    counted for a mandataire only: without one, no mesure is known.
    """
    try:
        apercu = analyser(octets, mandataire)
    except ClasseurRefuse as refus:
        return refuse(fichier, refus.phrase)
    return _objet(fichier, apercu, mandataire)


def refuse(fichier: str, phrase: str) -> dict[str, Any]:
    """The same object for a file that could not be read at all."""
    return {
        "fichier": fichier,
        "accepte": False,
        "erreur": phrase,
        "colonnes": {},
        "lignes": {"total": 0, "pretes": 0, "a_corriger": 0, "ignorees": 0},
        "pretes": [],
        "problemes": [],
        "avertissements": [],
    }


def _objet(fichier: str, apercu: Apercu, mandataire: Mandataire | None) -> dict[str, Any]:
    noms = dict(Tribunal.objects.values_list("pk", "nom"))
    lignes = {
        "total": apercu.lues,
        "pretes": len(apercu.pretes),
        "a_corriger": len(apercu.a_corriger),
        "ignorees": len(apercu.ignorees),
    }
    if mandataire is not None:
        lignes["deja_presentes"] = len(apercu.deja_presentes)
    return {
        "fichier": fichier,
        "accepte": True,
        "erreur": None,
        "colonnes": {c.colonne: c.champ for c in apercu.releve.colonnes if c.champ},
        "lignes": lignes,
        "pretes": [
            {"ligne": li["ligne"]}
            | {champ: li[champ] for champ in CHAMPS_PRETS}
            | {"tribunal": noms[li["tribunal"]], "cabinet": li["cabinet"]}
            for li in apercu.pretes
        ],
        "problemes": [
            {
                "ligne": p.ligne,
                "colonne": p.colonne,
                "champ": p.champ,
                "valeur": p.valeur,
                "message": f"{p.pourquoi}. À écrire : {p.a_ecrire}",
            }
            for li in apercu.a_corriger
            for p in li.problemes
        ],
        "avertissements": _avertissements(apercu),
    }


def _avertissements(apercu: Apercu) -> list[dict[str, Any]]:
    """One for each row concerned; those of the file as a whole have no row. The names set aside come first."""
    noms = [
        {"ligne": None, "champ": "", "message": f"{n.ou} : {n.pourquoi} ({n.cellules} cellules). {n.effet}."}
        for n in apercu.releve.noms
    ]
    dits = [
        {"ligne": ligne, "champ": a.champ, "message": a.message}
        for a in apercu.releve.avertissements
        for ligne in (a.lignes or [None])
    ]
    return noms + dits
