"""The rows an import left aside: listed for 30 days, to be typed in by hand with what had been understood."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from emjpm.commun.tableur import Feuille
from emjpm.comptes.models import Utilisateur
from mandataires.models import Lieu, Mandataire
from mesures.models import ImportMesures
from mesures.services import mandat
from tribunaux.models import Tribunal

from .apercu import Apercu
from .en_clair import en_clair
from .modele import TITRES, titre_du_lieu

DUREE_RESTES = timedelta(days=30)
A_CORRIGER, DEJA_PRESENTE, IGNOREE = "a_corriger", "deja_presente", "ignoree"
SORTS = {A_CORRIGER: "À saisir à la main", DEJA_PRESENTE: "Déjà présente", IGNOREE: "Ignorée"}
RAISONS = {
    "vide": "ligne vide",
    "total": "ligne de total",
    "titres": "titres répétés",
    "exemple": "ligne d’exemple du modèle",
}
"""Why a row was ignored, in words; other reasons are written as they are."""


def laisses(apercu: Apercu) -> list[dict[str, Any]]:
    """Every row that was not imported, as kept with the import: what was understood of it, and why it stayed."""
    restes = [
        {
            "ligne": li.ligne,
            "sort": A_CORRIGER,
            "resume": li.resume,
            "valeurs": li.valeurs,
            "pourquoi": [p.pourquoi for p in li.problemes],
        }
        for li in apercu.a_corriger
    ]
    restes += [
        {"ligne": d["ligne"], "sort": DEJA_PRESENTE, "valeurs": {"numero_rg": d["numero_rg"]}, "pourquoi": []}
        for d in apercu.deja_presentes
    ]
    restes += [
        {"ligne": i["ligne"], "sort": IGNOREE, "pourquoi": [RAISONS.get(i["raison"], i["raison"])]}
        for i in apercu.ignorees
    ]
    return sorted(restes, key=lambda reste: reste["ligne"])


def visibles(import_: ImportMesures | None) -> bool:
    """Are the rows left aside still shown? For 30 days."""
    return import_ is not None and bool(import_.restes) and timezone.now() - import_.le < DUREE_RESTES


def a_saisir(import_: ImportMesures | None) -> list[dict[str, Any]]:
    """The rows to type in by hand, those already typed included (`saisie_le`: a date)."""
    if not visibles(import_):
        return []
    return [
        {**reste, "saisie_le": date.fromisoformat(reste["saisie_le"]) if reste.get("saisie_le") else None}
        for reste in import_.restes
        if reste["sort"] == A_CORRIGER
    ]


def prochaine(import_: ImportMesures | None) -> int | None:
    """The first row still to type in."""
    return next((reste["ligne"] for reste in a_saisir(import_) if not reste["saisie_le"]), None)


def initial(import_: ImportMesures | None, ligne: int) -> dict[str, Any]:
    """The facts understood of a row left aside, for the creation form; empty when there is no such row to type in."""
    reste = next((r for r in a_saisir(import_) if r["ligne"] == ligne and not r["saisie_le"]), None)
    if reste is None:
        return {}
    faits = {cle: valeur for cle, valeur in reste["valeurs"].items() if cle != "rg_normal" and valeur not in {None, ""}}
    if faits.get("date_jugement"):
        faits["date_jugement"] = date.fromisoformat(faits["date_jugement"])
    return {**faits, "reste": ligne}


@transaction.atomic
def saisir(*, par: Utilisateur, mandataire: Mandataire, faits: dict, cle, ligne: int) -> mandat.Creation:
    """Create the mesure of a row left aside, and say on the list that it is done."""
    creation = mandat.creer(par=par, mandataire=mandataire, faits=faits, cle=cle)
    import_ = ImportMesures.objects.select_for_update().filter(mandataire=mandataire, annule_le=None).first()
    for reste in import_.restes if visibles(import_) else []:
        if reste["ligne"] == ligne and reste["sort"] == A_CORRIGER and not reste.get("saisie_le"):
            reste["saisie_le"], reste["mesure"] = timezone.localdate().isoformat(), creation.mesure.pk
            import_.save(update_fields=["restes"])
    return creation


def feuille(import_: ImportMesures) -> Feuille:
    """The rows left aside, to be typed in from: what was understood of them. What was not understood is not kept."""
    noms = dict(Tribunal.objects.values_list("pk", "nom"))
    antennes = dict(Lieu.objects.filter(mandataire=import_.mandataire_id).values_list("pk", "nom"))
    champs = [champ for _, champ, *_ in TITRES]
    return Feuille(
        "Lignes laissées de côté",
        [
            "Ligne du classeur",
            "Ce qu’elle est devenue",
            "Pourquoi",
            *(titre for titre, *_ in TITRES),
            titre_du_lieu(import_.mandataire)[0],
        ],
        _rangees(import_, champs, noms, antennes),
        largeurs=[10, 20, 40, *(largeur for _, _, largeur, _ in TITRES), 20],
    )


def _rangees(import_: ImportMesures, champs: list[str], noms: dict, antennes: dict) -> Iterable[list[Any]]:
    for reste in import_.restes:
        lues, sort = reste.get("valeurs", {}), SORTS[reste["sort"]]
        if reste.get("saisie_le"):
            sort = f"Saisie le {date.fromisoformat(reste['saisie_le']):%d/%m/%Y}"
        yield [
            reste["ligne"],
            sort,
            " ; ".join(reste["pourquoi"]),
            *(en_clair(champ, lues, noms) or "" for champ in champs),
            antennes.get(lues.get("lieu"), ""),
        ]
