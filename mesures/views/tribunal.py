"""« Mesures du tribunal »: what demands a decision, then where case X is; the same list on paper and in a workbook."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from emjpm.commun import journal
from emjpm.commun.tableur import reponse_xlsx
from emjpm.comptes.droits import pour_tribunaux
from mesures import suivi, suivi_listes
from mesures.delais import SECOND_RAPPEL, attend_depuis
from mesures.forms.suivi import SuiviForm
from mesures.models import Mesure
from mesures.services.commun import ActeImpossible
from mesures.services.reservation import classer
from mesures.suivi_export import feuille
from tribunaux.models import Tribunal

from .acces import membre_du_tribunal

PAR_PAGE = 50
SUR_PAPIER = 1000
"""Rows of the printable page: some thirty sheets."""


@dataclass(frozen=True)
class Demande:
    """The list asked for by the address: a tab, its filters, an order."""

    tribunal: Tribunal
    registre: suivi_listes.Registre
    onglet: suivi_listes.Onglet
    formulaire: SuiviForm
    filtres: dict
    tri: str

    @property
    def mesures(self) -> QuerySet[Mesure]:
        return suivi_listes.liste(self.tribunal, self.onglet, self.filtres, self.tri)

    @property
    def criteres(self) -> str:
        return suivi_listes.en_mots(self.onglet, self.filtres, self.registre)

    def page(self, numero, par_page: int) -> Page:
        """The page asked for; the whole of a tab is already counted."""
        paginateur = Paginator(self.mesures, par_page)
        if not self.filtres:
            paginateur.count = self.registre.comptes[self.onglet.cle]
        return paginateur.get_page(numero)


def _demande(request: HttpRequest) -> Demande:
    tribunal = membre_du_tribunal(request).tribunal
    registre = suivi_listes.registre(tribunal)
    onglets = suivi_listes.ONGLETS
    onglet = onglets.get(request.GET.get("etat", ""), onglets["en_attente"])
    form = SuiviForm(request.GET, onglet=onglet, registre=registre)
    return Demande(tribunal, registre, onglet, form, form.filtres(), request.GET.get("tri", ""))


def _contexte(demande: Demande, page: Page) -> dict:
    """What the table needs, on the screen and on paper."""
    reprises = suivi.reprises(list(page)) if demande.onglet.cle == "closes" else {}
    return {
        "tribunal": demande.tribunal,
        "onglet": demande.onglet,
        "etat": demande.onglet.cle,
        "filtres": demande.filtres,
        "criteres": demande.criteres,
        "page": page,
        "lignes": [(m, suivi.rappels(m), reprises.get(m.pk)) for m in page],
        "colonnes": suivi_listes.colonnes(demande.onglet, demande.tri),
        "aujourdhui": timezone.localdate(),
        "limite": attend_depuis(SECOND_RAPPEL),
    }


def mesures_tribunal(request: HttpRequest) -> HttpResponse:
    """The court's list. A mandataire is led to their own; nobody else has one here."""
    if request.user.est_mandataire:
        return redirect("mesures_en_cours")
    if not request.user.est_du_tribunal:
        raise PermissionDenied
    if request.method == "POST":
        return _classer(request)
    demande = _demande(request)
    decisions, nombre = suivi.decisions(demande.tribunal)
    contexte = _contexte(demande, demande.page(request.GET.get("page"), PAR_PAGE)) | {
        "decisions": decisions,
        "nombre_decisions": nombre,
        "onglets": demande.registre.onglets,
        "rien": not any(demande.registre.comptes.values()),
        "formulaire": demande.formulaire,
        "recentes": suivi.recentes(demande.tribunal),
    }
    return render(request, "recherche/mesures_tribunal.html", contexte)


@require_safe
@pour_tribunaux
def imprimer(request: HttpRequest) -> HttpResponse:
    """The list asked for, alone, for paper: its first SUR_PAPIER rows (the workbook has them all)."""
    demande = _demande(request)
    page = demande.page(1, SUR_PAPIER)
    return render(request, "recherche/mesures_tribunal_imprimer.html", _contexte(demande, page))


@require_POST
@pour_tribunaux
def exporter(request: HttpRequest) -> HttpResponse:
    """The list asked for, as a workbook: a POST, for it leaves its line in the journal."""
    demande = _demande(request)
    mesures = demande.mesures.select_related(*suivi.RELATIONS, "reserve_par")
    with transaction.atomic():
        nombre = mesures.count()
        changements = {"liste": demande.onglet.cle, "lignes": nombre, "filtres": sorted(demande.filtres)}
        journal.noter(par=request.user, acte="mesures.exporter", objet=demande.tribunal, changements=changements)
    lignes = mesures.iterator(chunk_size=2000)
    contenu = feuille(demande.onglet, lignes, nombre, demande.tribunal.nom, demande.criteres)
    return reponse_xlsx(f"mesures-{demande.onglet.cle}-{timezone.localdate():%Y-%m-%d}", [contenu])


def _classer(request: HttpRequest) -> HttpResponse:
    """POST classer=<pk>: the declined reservation leaves the decisions, not the lists."""
    membre_du_tribunal(request)
    pk = request.POST.get("classer", "")
    mesure = get_object_or_404(Mesure.objects.pour(request.user), pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
    try:
        classer(par=request.user, mesure=mesure)
    except ActeImpossible as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, f"Réservation {mesure.numero_rg} classée parmi les déclinées ou annulées.")
    return redirect("mesures_tribunal")
