"""« Mes informations »: what the courts see of a mandataire, and how the mandataire changes it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from emjpm.comptes.droits import pour_mandataires
from emjpm.geographie import geocodage
from emjpm.geographie.cartes import carte_departement

from . import services
from .droits import peut_modifier_profil
from .forms import ProfilForm
from .manques import manques
from .models import Lieu, Mandataire
from .pratique import pratique


def le_mien(request: HttpRequest, *, modifier: bool = True) -> Mandataire:
    """The mandataire of whoever looks; 403 when they may not change it."""
    mandataire = get_object_or_404(Mandataire.objects.pour(request.user))
    if modifier and not peut_modifier_profil(request.user, mandataire):
        raise PermissionDenied
    return mandataire


@require_safe
@pour_mandataires
def mes_informations(request: HttpRequest) -> HttpResponse:
    mandataire = le_mien(request, modifier=False)
    lieux = list(mandataire.lieux.select_related("commune__departement"))
    lieu = lieux[0] if lieux else None
    contexte = {
        "mandataire": mandataire,
        "lieu": lieu,
        "lieux": lieux,
        "carte": _carte(lieu),
        "manques": manques(mandataire, lieu),
        "pratique": pratique(mandataire),
        "peut_modifier": peut_modifier_profil(request.user, mandataire),
        "habilitations": mandataire.habilitations.select_related("tribunal"),
        "membres": mandataire.membres.select_related("utilisateur", "lieu") if mandataire.est_service else [],
    }
    return render(request, "mandataires/mes_informations.html", contexte)


def _carte(lieu: Lieu | None):
    if lieu is None or lieu.commune is None or lieu.latitude is None:
        return None
    commune = lieu.commune
    return carte_departement(commune.departement_id, lieu.latitude, lieu.longitude, commune.nom)


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def modifier(request: HttpRequest) -> HttpResponse:
    """`acte=communes` only fills the list of communes: nothing is checked nor written."""
    mandataire = le_mien(request)
    champs = {
        "mandataire": mandataire,
        "utilisateur": request.user,
        "lieu": services.lieu_principal(mandataire),
    }
    if request.method != "POST":
        form = ProfilForm(**champs)
    elif request.POST.get("acte") == "communes":
        cochees = {nom: request.POST.getlist(nom) for nom in ("langues", "competences")}
        form = ProfilForm(initial=request.POST.dict() | cochees, **champs)
    else:
        form = ProfilForm(request.POST, **champs)
        if form.is_valid() and _enregistrer(request, form):
            return redirect("mes_informations")
    return render(request, "mandataires/mes_informations_modifier.html", {"form": form, "mandataire": mandataire})


def _enregistrer(request: HttpRequest, form: ProfilForm) -> bool:
    """Save, then, outside the transaction, ask where the address is. False when the database refused."""
    try:
        deplace = services.enregistrer_profil(
            mandataire=form.mandataire,
            par=request.user,
            profil=form.profil,
            atouts=form.atouts,
            personne=form.personne,
            adresse=form.adresse_saisie,
        )
    except IntegrityError:  # somebody took the same SIRET in the meantime
        form.add_error("siret", "Ce SIRET est déjà celui d’un autre compte. Écrivez à l’équipe.")
        return False
    messages.success(request, "Profil enregistré.")
    if settings.GEOCODEUR_ACTIF and deplace is not None and deplace.commune and deplace.adresse:
        position = geocodage.situer(deplace.adresse, deplace.code_postal, deplace.commune)
        if position.precision == Lieu.Precision.ADRESSE:
            services.preciser_position(lieu=deplace, par=request.user, position=position)
        else:
            messages.warning(request, "Adresse introuvable : votre commune servira de point de départ.")
    return True
