"""The court reserves a mesure with a mandataire, edits the reservation, cancels it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from emjpm.comptes.droits import pour_tribunaux
from mandataires.models import Mandataire
from mesures import droits, portrait, presentation_recherche
from mesures.disponibilite import Disponibilite, disponibilite_de
from mesures.enums import Nature, Statut
from mesures.forms.reservation import (
    AnnulationForm,
    ModifierReservationForm,
    NouvelleReservationForm,
    donnees_initiales,
    remarques,
)
from mesures.models import Mesure
from mesures.origine import depuis_tribunal
from mesures.recherche import Criteres, chercher
from mesures.services import reservation as services
from mesures.services.commun import ActeImpossible, NumeroDejaPris
from mesures.suivi import adresse_recherche as rechercher_pour

from .acces import adresse_recherche, membre_du_tribunal, suite
from .fiche import origine_demandee

DEJA_EXERCEE = "Ce mandataire exerce déjà cette mesure. Corrigez le numéro."


@pour_tribunaux
def reserver(request, pk: int):
    """The form; then §11, or the question of §10 when there is no room any more."""
    membre = membre_du_tribunal(request)
    mandataire = get_object_or_404(Mandataire.objects.pour(request.user), pk=pk)
    origine = origine_demandee(request, membre.tribunal)
    dispo = disponibilite_de(mandataire)
    antennes = _antennes(mandataire, origine)
    options = {"mandataire": mandataire, "antennes": _choix_antennes(antennes)}
    if request.method != "POST":
        form = NouvelleReservationForm(initial=_initiales(request, membre, origine, antennes, dispo), **options)
        return _formulaire(request, form, mandataire, dispo, membre)
    form = NouvelleReservationForm(request.POST, **options)
    deja = _deja_reservee(request, form)
    if deja is not None:
        return redirect("reservation_confirmee", deja.pk)
    if "revenir" in request.POST or not form.is_valid():
        return _formulaire(request, form, mandataire, dispo, membre)
    try:
        mesure = services.reserver(
            par=request.user,
            mandataire=mandataire,
            donnees=form.donnees(),
            cle=form.cleaned_data["cle"],
            confirme_pour=request.POST.get("confirme"),
        )
    except services.ConfirmationRequise as demande:
        return _demander(request, form, mandataire, demande.dispo, membre)
    except NumeroDejaPris:
        form.add_error("numero_rg", DEJA_EXERCEE)
    except ActeImpossible as refus:
        form.add_error(None, str(refus))
    else:
        return redirect("reservation_confirmee", mesure.pk)
    return _formulaire(request, form, mandataire, disponibilite_de(mandataire), membre)


def _deja_reservee(request, form) -> Mesure | None:
    """The mesure this very page already made: a double click, Back and resend are answered by it."""
    try:
        cle = form.fields["cle"].clean(request.POST.get("cle"))
    except ValidationError:  # an absent or odd key is said by the form
        return None
    return Mesure.objects.pour(request.user).filter(cle_reservation=cle, reserve_par=request.user).first()


def _antennes(mandataire: Mandataire, origine) -> list:
    """The antennes to choose from: a service with several."""
    antennes = portrait.antennes(mandataire, origine) if mandataire.est_service else []
    return antennes if len(antennes) > 1 else []


def _choix_antennes(antennes: list) -> list[tuple[int, str]]:
    return [(a.lieu.pk, f"{a.nom}, {presentation_recherche.places_lisibles(a.places)}") for a in antennes]


def _initiales(request, membre, origine, antennes: list, dispo: Disponibilite) -> dict:
    nature = request.GET.get("nature", "")
    return {
        "cabinet": membre.cabinet or _dernier_cabinet(request.user),
        "commune": "" if origine.est_tribunal else origine.requete,
        "lieu": antennes[0].lieu.pk if antennes else None,
        "nature": nature if nature in Nature.values else "",
        "numero_rg": request.GET.get("rg", "")[:40],
        "vue": services.figure(dispo),
    }


def _dernier_cabinet(utilisateur) -> str:
    derniere = utilisateur.mesures_reservees.exclude(cabinet="").order_by("-reserve_le").first()
    return derniere.cabinet if derniere else ""


def _formulaire(request, form, mandataire, dispo, membre):
    contexte = {
        "form": form,
        "mandataire": mandataire,
        "dispo": dispo,
        "apres": _apres(dispo),
        "habilite": mandataire.habilitations.filter(tribunal=membre.tribunal_id).exists(),
        "suite": suite(request),
        "retour": adresse_recherche(request),
    }
    return render(request, "recherche/reserver.html", contexte)


def _apres(dispo: Disponibilite) -> Disponibilite:
    """The availability once one more is reserved."""
    return Disponibilite(
        dispo.capacite, dispo.en_cours, dispo.en_attente + 1, dispo.pause, dispo.pause_fin, dispo.pause_motif
    )


def _demander(request, form, mandataire, dispo: Disponibilite, membre):
    """« Réserver au-delà de la capacité ? »: nothing is reserved yet, everything typed is kept."""
    donnees = form.donnees()
    vue = form.cleaned_data["vue"]
    criteres = Criteres(membre.tribunal, _origine_de(donnees, membre.tribunal), places=1)
    autres = [c for c in chercher(criteres).candidats if c.pk != mandataire.pk][:2]
    contexte = {
        "form": form,
        "mandataire": mandataire,
        "dispo": dispo,
        "apres": _apres(dispo),
        "figure": services.figure(dispo),
        "plus_de_place": not dispo.pause and vue.isdecimal() and int(vue) > 0,
        "a_change": "confirme" in request.POST,
        "mesure": Mesure(mandataire=mandataire, tribunal=membre.tribunal, **donnees),
        "proches": presentation_recherche.lignes(autres, 1, criteres.origine),
        "suite": suite(request),
        "retour": adresse_recherche(request),
    }
    return render(request, "recherche/confirmer.html", contexte)


def _origine_de(donnees: dict, tribunal):
    origine = depuis_tribunal(tribunal)
    commune = donnees.get("commune")
    if commune is None:
        return origine
    return type(origine)(commune.latitude, commune.longitude, str(commune), "", departement=commune.departement_id)


@pour_tribunaux
def confirmee(request, pk: int):
    """Proof for the file; a reload shows the same page and reserves nothing."""
    mesure = _la_reservation(request, pk)
    gens = services.destinataires(mesure.mandataire, mesure.lieu)
    contexte = {
        "mesure": mesure,
        "principal": mesure.lieu or mesure.mandataire.lieux.select_related("commune").first(),
        "prevenus": _prevenus(mesure, gens.count()),
        "deja_connues": list(services.meme_numero_au_tribunal(mesure)[:3]),
        "remarques": remarques(mesure) if mesure.statut == Statut.EN_ATTENTE else [],
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
        f"Les {nombre} membres {ou} viennent d’en être informés" if nombre > 1 else "Le service vient d’en être informé"
    )


@pour_tribunaux
def modifier_reservation(request, pk: int):
    """While nobody answered."""
    mesure = _la_reservation(request, pk)
    if not droits.peut_modifier_reservation(request.user, mesure):
        messages.error(request, _trop_tard(mesure, "modifiée"))
        return redirect("mesures_tribunal")
    membre = request.user.membre_tribunal
    antennes = _antennes(mesure.mandataire, depuis_tribunal(membre.tribunal))
    options = {"mandataire": mesure.mandataire, "antennes": _choix_antennes(antennes)}
    form = ModifierReservationForm(request.POST or None, initial=donnees_initiales(mesure), **options)
    if request.method == "POST" and form.is_valid():
        try:
            services.modifier_reservation(
                par=request.user, mesure=mesure, donnees=form.donnees(), version=form.cleaned_data["version"]
            )
        except services.ReservationModifiee as conflit:
            form.data = form.data.copy()
            form.data["version"] = conflit.mesure.version  # a second send is an informed one
            form.add_error(None, str(conflit))
        except NumeroDejaPris:
            form.add_error("numero_rg", DEJA_EXERCEE)
        except ActeImpossible as refus:
            messages.error(request, str(refus))
            return redirect("mesures_tribunal")
        else:
            messages.success(
                request,
                f"Réservation {mesure.numero_rg} modifiée. Un courriel l’annonce à {mesure.mandataire.nom}.",
            )
            return redirect("reservation_confirmee", mesure.pk)
    return render(request, "recherche/reservation_modifier.html", {"form": form, "mesure": mesure})


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
            services.annuler(par=request.user, mesure=mesure, raison=form.cleaned_data["raison"])
        except ActeImpossible:
            mesure.refresh_from_db()
            messages.error(request, _trop_tard(mesure, "annulée"))
            return redirect("mesures_tribunal")
        messages.success(
            request, f"Réservation {mesure.numero_rg} annulée. Un courriel l’annonce à {mesure.mandataire.nom}."
        )
        return redirect(rechercher_pour(mesure) if "chercher" in request.GET else reverse("mesures_tribunal"))
    return render(request, "recherche/annuler.html", {"form": form, "mesure": mesure})


def _la_reservation(request, pk: int) -> Mesure:
    """A mesure of the court that was reserved; anything else does not exist here."""
    membre_du_tribunal(request)
    mesures = Mesure.objects.pour(request.user).filter(reserve_le__isnull=False)
    mesure = mesures.select_related("mandataire", "tribunal", "lieu", "commune", "reserve_par").filter(pk=pk).first()
    if mesure is None:
        raise Http404
    return mesure


def _trop_tard(mesure: Mesure, acte: str) -> str:
    """« Camille Bellerive a validé cette mesure à 10 h 41 : elle ne peut plus être annulée ici. »"""
    phrase = services.refus(mesure).rstrip(".")
    if mesure.statut in {Statut.EN_COURS, Statut.ETEINTE}:
        return f"{phrase} : elle ne peut plus être {acte} ici."
    return f"{phrase}."
