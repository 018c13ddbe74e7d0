"""What the court's pages share."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from emjpm.commun.texte import propre
from mesures.origine import Ambigu, Inconnu, Origine, a_ecrire, resoudre
from tribunaux.models import MembreTribunal, Tribunal


def membre_du_tribunal(request) -> MembreTribunal:
    """The member of a court who is asking, with the court, its town and its département in one query."""
    membre = (
        MembreTribunal.objects.select_related("tribunal__commune__departement")
        .filter(utilisateur_id=request.user.pk)
        .first()
    )
    if membre is None:
        raise PermissionDenied
    request.user.membre_tribunal = membre  # later readers of the request spare the query
    return membre


def adresse(request, changements: dict[str, str | None]) -> str:
    """The present address with some parameters changed (None: removed); the page number is forgotten."""
    parametres = request.GET.copy()
    for nom, valeur in (changements | {"page": None}).items():
        if valeur is None:
            parametres.pop(nom, None)
        else:
            parametres[nom] = valeur
    return f"?{parametres.urlencode()}" if parametres else request.path


def lieu_demande(request, tribunal: Tribunal) -> Origine | Ambigu | Inconnu:
    """What « ?lieu= » designates, read once for a page: where it counts from, and what its links may carry."""
    texte = propre(request.GET.get("lieu"))[:120]
    if not hasattr(request, "lieu_lu"):
        request.lieu_lu = resoudre(texte, tribunal)
    return request.lieu_lu


def _lieu_sans_rue(request) -> str:
    """Nothing for who is of no court: their pages count from nowhere."""
    if not request.user.est_du_tribunal:
        return ""
    trouve = lieu_demande(request, request.user.membre_tribunal.tribunal)
    return a_ecrire(trouve, propre(request.GET["lieu"])[:120])


CRITERES = (
    "lieu",
    "rayon",
    "habilites",
    "type",
    "places",
    "texte",
    "etablissement",
    "atout",
    "actifs",
    "ordre",
    "page",
)
DOSSIER = ("rg", "nature")
"""The file for which somebody searches again: carried to the next reservation."""


def suite(request) -> str:
    """The search, to be carried from the results to a fiche, a reservation, and back (« ?lieu=… » or empty)."""
    parametres = request.GET.copy()
    for nom in list(parametres):
        if nom not in (*CRITERES, *DOSSIER) or not parametres[nom]:
            del parametres[nom]
    if "lieu" in parametres:  # a street goes no further than the page it was given to (docs/adr/0011)
        parametres["lieu"] = _lieu_sans_rue(request)
        if not parametres["lieu"]:
            del parametres["lieu"]
    return f"?{parametres.urlencode()}" if parametres else ""


def dossier(request) -> dict[str, str]:
    """What is known of the file for which somebody searches again."""
    return {nom: request.GET[nom][:40] for nom in DOSSIER if request.GET.get(nom)}


def adresse_recherche(request) -> str:
    """Back to the results this page was reached from."""
    return reverse("recherche") + suite(request)
