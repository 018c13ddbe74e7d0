"""« Mesures du tribunal »: what demands a decision, then where case X is."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from emjpm.commun.vues import paginer
from mesures import suivi
from mesures.forms.suivi import SuiviForm
from mesures.models import Mesure
from mesures.services.commun import ActeImpossible
from mesures.services.reservation import classer

from .acces import membre_du_tribunal

PAR_PAGE = 50


def mesures_tribunal(request):
    """The court's list. A mandataire is led to their own; nobody else has one here."""
    if request.user.est_mandataire:
        return redirect("mesures_en_cours")
    if not request.user.est_du_tribunal:
        raise PermissionDenied
    tribunal = membre_du_tribunal(request).tribunal
    if request.method == "POST":
        return _classer(request)
    etat = request.GET.get("etat", "en_attente")
    etat = etat if etat in suivi.ETATS else "en_attente"
    cabinets, mandataires = suivi.choix_de_filtres(tribunal)
    form = SuiviForm(request.GET, cabinets=cabinets, mandataires=mandataires)
    filtres, tri = form.filtres(), request.GET.get("tri", "")
    comptes = suivi.comptes_par_etat(tribunal)
    contexte = {
        "tribunal": tribunal,
        "decisions": suivi.decisions(tribunal),
        "etat": etat,
        "onglets": [(cle, nom, comptes[cle]) for cle, (nom, _) in suivi.ETATS.items()],
        "rien": not any(comptes.values()),
        "formulaire": form,
        "filtres": filtres,
        "page": paginer(request, suivi.liste(tribunal, etat, filtres, tri), PAR_PAGE),
        "colonnes": suivi.colonnes(etat, tri),
        "legende": f"Mesures : {suivi.ETATS[etat][0].lower()}",
        "vide": suivi.VIDES[etat],
        "recentes": suivi.recentes(tribunal),
        "aujourdhui": timezone.localdate(),
        "limite": timezone.now() - suivi.SANS_REPONSE,
    }
    return render(request, "recherche/mesures_tribunal.html", contexte)


def _classer(request):
    """POST classer=<pk>: the declined reservation leaves the decisions, not the lists."""
    pk = request.POST.get("classer", "")
    mesure = get_object_or_404(Mesure.objects.pour(request.user), pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
    try:
        classer(par=request.user, mesure=mesure)
    except ActeImpossible as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, f"Réservation {mesure.numero_rg} classée parmi les déclinées ou annulées.")
    return redirect("mesures_tribunal")
