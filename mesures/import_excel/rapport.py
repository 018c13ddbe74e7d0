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
    """Read a file and tell everything about it, without writing. Never raises for what the file holds.

    Enumerations are stored keys (docs/lexique.md), dates ISO, the court by its full name.
    """
    try:
        apercu = analyser(octets, mandataire)
    except ClasseurRefuse as refus:
        return _objet(fichier, refus=refus.phrase)
    return _objet(fichier, apercu)


def _objet(fichier: str, apercu: Apercu | None = None, refus: str | None = None) -> dict[str, Any]:
    apercu = apercu or Apercu()
    noms = dict(Tribunal.objects.values_list("pk", "nom")) if apercu.pretes else {}
    return {
        "fichier": fichier,
        "accepte": refus is None,
        "erreur": refus,
        "colonnes": {c.colonne: c.champ for c in apercu.colonnes if c.champ},
        "lignes": {
            "total": apercu.lues,
            "pretes": len(apercu.pretes),
            "a_corriger": len(apercu.a_corriger),
            "ignorees": len(apercu.ignorees),
        },
        "pretes": [
            {"ligne": li["ligne"]}
            | {champ: li[champ] for champ in CHAMPS_PRETS}
            | {"tribunal": noms.get(li["tribunal"]), "cabinet": li["cabinet"]}
            for li in apercu.pretes
        ],
        "problemes": [
            {
                "ligne": p.ligne,
                "colonne": p.colonne,
                "champ": p.champ,
                "valeur": p.valeur,
                "message": f"{p.pourquoi}. {p.a_ecrire}",
            }
            for li in apercu.a_corriger
            for p in li.problemes
        ],
        "avertissements": [{"ligne": None, "champ": "", "message": phrase} for phrase in apercu.avertissements],
    }
