"""What every page knows: the tabs of the role, the counts they carry. Nothing is computed before it is printed."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from emjpm.comptes.models import Role
from mesures.enums import Statut
from mesures.models import Mesure
from mesures.suivi import a_decider


@dataclass(frozen=True)
class Onglet:
    """One tab. `ici` is the value of aria-current: « page », « true » inside its section, or nothing."""

    titre: str
    url: str
    ici: str = ""
    compte: int = 0


_PUBLIC = [("Accueil", "accueil"), ("Pas à pas", "pas_a_pas")]
_MANDATAIRE = [
    ("Tableau de bord", "tableau_de_bord"),
    ("Mesures en cours", "mesures_en_cours"),
    ("Mesures en attente", "mesures_en_attente"),
    ("Importer", "importer"),
    ("Mes informations", "mes_informations"),
]
_TRIBUNAL = [("Recherche", "recherche"), ("Mesures du tribunal", "mesures_tribunal")]
_ONGLETS = {
    Role.INDIVIDUEL: _MANDATAIRE,
    Role.PREPOSE: _MANDATAIRE,
    Role.SERVICE: _MANDATAIRE,
    Role.MAGISTRAT: _TRIBUNAL,
    Role.GREFFIER: _TRIBUNAL,
    Role.DIRECTION: [("Vue d’ensemble", "pilotage")],
    Role.SUPPORT: [("Administration", "admin:index")],
}


_RATTACHES = (
    (re.compile(r"/mes-informations/capacite/"), ("tableau_de_bord",)),
    (re.compile(r"/mandataires/"), ("recherche", "pilotage")),
    (re.compile(r"/mesures/\d+/(valider|decliner)/"), ("mesures_en_attente",)),
    (re.compile(r"/mesures/"), ("mesures_en_cours",)),
)
"""Pages that belong to another tab than their address says: the first of these that is shown."""


def _ici(chemin: str, adresses: dict[str, str], section: str = "") -> dict[str, str]:
    """{address: aria-current}, from {name: address}: the page itself, the tab its view named (`request.section`), its
    section, or the longest address above.
    """
    if chemin in adresses.values():
        return {chemin: "page"}
    if section in adresses:
        return {adresses[section]: "true"}
    for chemins, noms in _RATTACHES:
        rattachee = next((adresses[nom] for nom in noms if nom in adresses), None)
        if rattachee and chemins.match(chemin):
            return {rattachee: "true"}
    dessus = [a for a in adresses.values() if a != "/" and chemin.startswith(a)]
    return {max(dessus, key=len): "true"} if dessus else {}


def _a_traiter(utilisateur) -> dict[str, int]:
    """What waits for this person, by tab: one query at most."""
    mesures = Mesure.objects.pour(utilisateur).filter(statut=Statut.EN_ATTENTE)
    if utilisateur.est_mandataire:
        return {"mesures_en_attente": mesures.count()}
    if utilisateur.est_du_tribunal:
        membre = getattr(utilisateur, "membre_tribunal", None)
        return {"mesures_tribunal": a_decider(membre.tribunal_id).count() if membre else 0}
    return {}


def onglets(request) -> list[Onglet]:
    """The tabs of whoever looks, the present one marked."""
    utilisateur = request.user
    noms, comptes = _PUBLIC, {}
    if utilisateur.is_authenticated and utilisateur.est_valide:
        noms, comptes = _ONGLETS[utilisateur.role], _a_traiter(utilisateur)
    adresses = [(titre, nom, reverse(nom)) for titre, nom in noms]
    ici = _ici(request.path, {nom: adresse for _, nom, adresse in adresses}, getattr(request, "section", ""))
    return [Onglet(titre, adresse, ici.get(adresse, ""), comptes.get(nom, 0)) for titre, nom, adresse in adresses]


def identite(request) -> str:
    """« Agathe Rivemorte, TJ Metz »: the name, and from where the person acts."""
    utilisateur = request.user
    if not utilisateur.is_authenticated:
        return ""
    ou = ""
    if utilisateur.est_du_tribunal:
        membre = getattr(utilisateur, "membre_tribunal", None)
        ou = membre.tribunal.nom_court if membre else ""
    elif utilisateur.role == Role.DIRECTION and hasattr(utilisateur, "perimetre"):
        ou = f"agent {utilisateur.perimetre.get_niveau_display().lower()}"
    return f"{utilisateur}, {ou}" if ou else str(utilisateur)


def contexte(request) -> dict:
    """Context processor: `navigation` and `identite` (computed only when a page prints them) and `demo`."""
    return {
        "demo": settings.DEMO,
        "navigation": SimpleLazyObject(lambda: onglets(request)),
        "identite": SimpleLazyObject(lambda: identite(request)),
    }
