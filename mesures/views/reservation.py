"""The reservation once made: proof for the file, and the court edits or cancels it (§11, §12)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from emjpm.comptes.droits import pour_tribunaux
from mesures import droits
from mesures.enums import Statut
from mesures.forms.reservation import AnnulationForm, ModifierReservationForm, donnees_initiales
from mesures.models import Mesure
from mesures.origine import depuis_tribunal
from mesures.remarques import CONNUES_MAX, DEJA_RESERVEE, a_relire
from mesures.services import consultations
from mesures.services import reservation as services
from mesures.services.commun import ActeImpossible, NumeroDejaPris
from mesures.suivi import adresse_recherche as rechercher_pour

from .acces import membre_du_tribunal
from .reserver import antennes_a_choisir, mots_des_antennes

DEJA_EXERCEE = (
    "Ce mandataire exerce déjà cette mesure. Corrigez le numéro. Si c’est un renouvellement, annulez cette réservation "
    "et réservez-le."
)


@pour_tribunaux
def confirmee(request, pk: int):
    """Proof for the file; a reload shows the same page and reserves nothing."""
    mesure = _la_reservation(request, pk)
    gens = services.destinataires(mesure.mandataire, mesure.lieu)
    contexte = {
        "mesure": mesure,
        "principal": mesure.lieu or mesure.mandataire.lieux.select_related("commune").first(),
        "prevenus": _prevenus(mesure, gens.count()),
        "deja_connues": services.meme_numero_au_tribunal(mesure.tribunal, mesure.numero_rg, mesure)[:CONNUES_MAX],
        "remarques": a_relire(mesure) if mesure.statut == Statut.EN_ATTENTE else [],
        "imprimer": "imprimer" in request.GET,
        "modifiable": droits.peut_modifier_reservation(request.user, mesure),
    }
    return render(request, "recherche/reservation_confirmee.html", contexte)


def _prevenus(mesure: Mesure, nombre: int) -> str:
    """« Les 4 membres de l’antenne de Metz viennent d’en être informés », before « par courriel »."""
    if not mesure.mandataire.est_service:
        return f"{mesure.mandataire.nom} vient d’en recevoir l’annonce"
    ou = "du service"
    if mesure.lieu:
        nom = str(mesure.lieu)
        ou = f"de l’{nom[:1].lower()}{nom[1:]}" if nom.lower().startswith("antenne") else f"de l’antenne « {nom} »"
    return (
        f"{nombre} personnes {ou} viennent d’en être informées" if nombre > 1 else "Le service vient d’en être informé"
    )


@pour_tribunaux
def modifier_reservation(request, pk: int):
    """While nobody answered."""
    mesure = _la_reservation(request, pk)
    if not droits.peut_modifier_reservation(request.user, mesure):
        messages.error(request, _trop_tard(mesure, "modifiée"))
        return redirect("mesures_tribunal")
    membre = request.user.membre_tribunal
    # A renewal stays with the antenne of what it renews.
    depart = depuis_tribunal(membre.tribunal)
    antennes = [] if mesure.renouvelle_id else antennes_a_choisir(mesure.mandataire, depart)
    options = {"mandataire": mesure.mandataire, "antennes": mots_des_antennes(antennes, mesure.mandataire)}
    form = ModifierReservationForm(request.POST or None, initial=donnees_initiales(mesure), **options)
    if request.method == "POST" and form.is_valid():
        try:
            apres = services.modifier_reservation(
                par=request.user, mesure=mesure, donnees=form.donnees(), version=form.cleaned_data["version"]
            )
        except services.ReservationModifiee as conflit:
            form.data = form.data.copy()
            form.data["version"] = conflit.mesure.version  # a second send is an informed one
            form.add_error(None, str(conflit))
        except NumeroDejaPris as refus:
            attend = refus.mesure is not None and refus.mesure.statut == Statut.EN_ATTENTE
            form.add_error("numero_rg", DEJA_RESERVEE if attend else DEJA_EXERCEE)
        except services.PersonneAPrevenir as refus:
            form.add_error("lieu", str(refus))
        except ActeImpossible as refus:
            messages.error(request, str(refus))
            return redirect("mesures_tribunal")
        else:
            change = apres.version != form.cleaned_data["version"]
            dit = f"Réservation {apres.numero_rg} modifiée.{_annonce(apres)}" if change else "Rien n’a changé."
            messages.success(request, dit)
            return redirect("reservation_confirmee", mesure.pk)
    return render(request, "recherche/reservation_modifier.html", {"form": form, "mesure": mesure})


def _annonce(mesure: Mesure) -> str:
    """« Un courriel l’annonce à Les Trois Ponts. », unless nobody there can be written to any more."""
    if services.destinataires(mesure.mandataire, mesure.lieu).exists():
        return f" Un courriel l’annonce à {mesure.mandataire.nom}."
    return f" Personne n’a plus de compte ouvert chez {mesure.mandataire.nom} : appelez pour l’annoncer."


@pour_tribunaux
def annuler(request, pk: int):
    """A reason is required, and sent; « chercher » then opens the search around the person."""
    mesure = _la_reservation(request, pk)
    if not droits.peut_annuler(request.user, mesure):
        messages.error(request, _trop_tard(mesure, "annulée"))
        return redirect("mesures_tribunal")
    form = AnnulationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            apres = services.annuler(par=request.user, mesure=mesure, raison=form.cleaned_data["raison"])
        except ActeImpossible:
            mesure.refresh_from_db()
            messages.error(request, _trop_tard(mesure, "annulée"))
            return redirect("mesures_tribunal")
        messages.success(request, f"Réservation {apres.numero_rg} annulée.{_annonce(apres)}")
        return redirect(rechercher_pour(mesure) if "chercher" in request.GET else reverse("mesures_tribunal"))
    return render(request, "recherche/annuler.html", {"form": form, "mesure": mesure})


RELATIONS = ("mandataire", "tribunal", "lieu", "commune", "reserve_par", "renouvelle__commune")


def _la_reservation(request, pk: int) -> Mesure:
    """A mesure of the court that was reserved; anything else does not exist here. That it was read is noted."""
    membre_du_tribunal(request)
    mesures = Mesure.objects.pour(request.user).filter(reserve_le__isnull=False)
    mesure = mesures.select_related(*RELATIONS).filter(pk=pk).first()
    if mesure is None:
        raise Http404
    consultations.noter(par=request.user, mesure=mesure)
    return mesure


def _trop_tard(mesure: Mesure, acte: str) -> str:
    """« Camille Bellerive a validé cette mesure à 10 h 41 : elle ne peut plus être annulée ici. »"""
    phrase = services.refus(mesure).rstrip(".")
    if mesure.statut in {Statut.EN_COURS, Statut.ETEINTE, Statut.RENOUVELEE}:
        return f"{phrase} : elle ne peut plus être {acte} ici."
    return f"{phrase}."
