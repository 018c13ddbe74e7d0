"""The mandataire's lists: en cours, en attente, éteintes."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emjpm.commun.models import Evenement
from emjpm.commun.vues import paginer
from emjpm.comptes.droits import pour_mandataires
from emjpm.comptes.models import ROLES_TRIBUNAL
from mesures.droits import peut_importer
from mesures.enums import Statut
from mesures.forms.actes import FiltresForm
from mesures.listes import filtrer, ordonner
from mesures.models import Mesure
from tribunaux.models import Tribunal

from .outils import le_mandataire

SANS_REPONSE = 15
"""From so many days, a reservation is shown as waiting too long (p-screens.md §1)."""

_COLONNES = {
    "rg": "N° RG",
    "dossier": "Dossier",
    "personne": "Personne",
    "commune": "Commune",
    "nature": "Nature",
    "tribunal": "Tribunal et cabinet",
    "jugement": "Jugement",
    "lieu": "Lieu de vie",
    "fin": "Fin du mandat",
}
_TRIS = {"personne": "naissance"}
EN_COURS = ("rg", "dossier", "personne", "commune", "nature", "tribunal", "jugement", "lieu")
ETEINTES = ("rg", "dossier", "personne", "commune", "nature", "tribunal", "jugement", "fin")


@require_safe
@pour_mandataires
def en_cours(request: HttpRequest) -> HttpResponse:
    return _liste(request, Statut.EN_COURS, EN_COURS)


@require_safe
@pour_mandataires
def eteintes(request: HttpRequest) -> HttpResponse:
    return _liste(request, Statut.ETEINTE, ETEINTES)


def _liste(request: HttpRequest, statut: str, colonnes: tuple[str, ...]) -> HttpResponse:
    mandataire = le_mandataire(request)
    miennes = Mesure.objects.pour(request.user)
    toutes = miennes.filter(statut=statut)
    # Named one by one: joined, PostgreSQL walks through the mesures of every court of the list.
    par_tribunal = dict(toutes.order_by().values_list("tribunal").annotate(n=Count("pk")))
    tribunaux = Tribunal.objects.filter(pk__in=list(par_tribunal))
    tris = [*FiltresForm.TRIS, ("-fin", "Fin, la plus récente d’abord")] if statut == Statut.ETEINTE else None
    filtres = FiltresForm(request.GET, tribunaux=tribunaux, tris=tris)
    valeurs = filtres.valeurs()
    tri = request.GET.get("tri", "-jugement")
    page = paginer(
        request,
        ordonner(filtrer(toutes, valeurs), tri).select_related("commune", "tribunal", "lieu"),
    )
    total = sum(par_tribunal.values())
    return render(
        request,
        "mesures/liste.html",
        {
            "page": page,
            "total": total,
            "filtres": filtres,
            "filtree": bool(set(valeurs) - {"tri"}),
            "entetes": [_entete(nom, tri) for nom in colonnes],
            "eteintes": statut == Statut.ETEINTE,
            "mot": "éteinte" if statut == Statut.ETEINTE else "en cours",
            "autres": 0 if statut == Statut.ETEINTE else miennes.eteintes().count(),
            "avec_antenne": mandataire.est_service,
            "importer": total == 0 and peut_importer(request.user, mandataire),
        },
    )


def _entete(nom: str, tri: str) -> dict:
    """One sortable column: its title, the order its link asks for, and the present direction."""
    cle = _TRIS.get(nom, nom)
    sens = {cle: "ascending", f"-{cle}": "descending"}.get(tri, "")
    premier = f"-{cle}" if cle in {"jugement", "fin"} else cle
    return {
        "titre": _COLONNES[nom],
        "tri": (cle if tri == f"-{cle}" else f"-{cle}") if sens else premier,
        "sens": sens,
        "icone": {"ascending": "arrow-up", "descending": "arrow-down"}.get(sens, "arrow-up-down"),
    }


@require_safe
@pour_mandataires
def en_attente(request: HttpRequest) -> HttpResponse:
    """The reservations to answer: urgent first, then the oldest."""
    mesures = list(reservees(request.user))
    modifiees = _modifiees_par_le_tribunal(mesures)
    for mesure in mesures:
        mesure.modifiee_le = modifiees.get(mesure.pk)
    return render(request, "mesures/en_attente.html", {"mesures": mesures, "aujourdhui": timezone.localdate()})


def reservees(utilisateur) -> list[Mesure]:
    """What waits for an answer, with `attente` (days) and `sans_reponse` on each."""
    mesures = list(
        Mesure.objects.pour(utilisateur)
        .en_attente()
        .select_related("tribunal", "commune", "reserve_par", "lieu", "renouvelle")
        .order_by("-urgence", "reserve_le", "pk")
    )
    for mesure in mesures:
        depuis = timezone.localtime(mesure.reserve_le or mesure.cree_le).date()
        mesure.attente = (timezone.localdate() - depuis).days
        mesure.sans_reponse = mesure.attente >= SANS_REPONSE
    return mesures


def _modifiees_par_le_tribunal(mesures: list[Mesure]) -> dict:
    """{pk: when the court last changed its reservation}, one query for the page."""
    lignes = (
        Evenement.objects.filter(
            objet_type=Mesure._meta.label_lower,
            objet_id__in=[str(m.pk) for m in mesures],
            role__in=ROLES_TRIBUNAL,
        )
        .exclude(acte="mesure.reserver")
        .order_by("le")
    )
    return {int(ligne.objet_id): ligne.le for ligne in lignes}
