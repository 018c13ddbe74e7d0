"""What the pages of « Mes informations » share: whose they are, where a place is, the tabs."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from emjpm.geographie import geocodage
from emjpm.geographie.cartes import carte_departement
from emjpm.geographie.models import Commune

from .. import services
from ..droits import membre_de, peut_modifier_profil
from ..models import Lieu, Mandataire


def le_mien(request: HttpRequest, *, modifier: bool = True, categorie: str = "") -> Mandataire:
    """The mandataire of whoever looks; 403 when they may not change it, 404 when it is of another category."""
    mandataire = get_object_or_404(Mandataire.objects.pour(request.user))
    if categorie and mandataire.categorie != categorie:
        raise Http404
    if modifier and not peut_modifier_profil(request.user, mandataire):
        raise PermissionDenied
    return mandataire


def limite_a(request: HttpRequest, mandataire: Mandataire) -> int | None:
    """The key of the antenne this person is limited to."""
    membre = membre_de(request.user, mandataire)
    return membre.lieu_id if membre else None


def onglets(request: HttpRequest, mandataire: Mandataire) -> dict:
    """For _onglets.html: the numbers its tabs carry, in one query."""
    if mandataire.est_service or mandataire.est_prepose:
        visibles = Q(lieux=limite) if (limite := limite_a(request, mandataire)) else None
        comptes = Mandataire.objects.filter(pk=mandataire.pk).aggregate(
            nb_lieux=Count("lieux", filter=visibles, distinct=True), nb_membres=Count("membres", distinct=True)
        )
    else:
        comptes = {"nb_lieux": 0, "nb_membres": 0}
    return {"mandataire": mandataire, "peut_modifier": peut_modifier_profil(request.user, mandataire), **comptes}


def carte_du_lieu(lieu: Lieu | None):
    """The département of a place and its point; None when one of them is not known."""
    if lieu is None or lieu.commune is None or lieu.latitude is None:
        return None
    return carte_departement(lieu.commune.departement_id, lieu.latitude, lieu.longitude, lieu.commune.nom)


def carte_de_la_saisie(form, lieu: Lieu | None):
    """The map beside an address being typed: the recorded point while the commune is the recorded one, else the
    commune's.
    """
    commune: Commune | None = form.commune_choisie
    if commune is None:
        return None
    if lieu is not None and lieu.commune_id == commune.pk and lieu.latitude is not None:
        return carte_departement(commune.departement_id, lieu.latitude, lieu.longitude, commune.nom)
    return carte_departement(commune.departement_id, commune.latitude, commune.longitude, commune.nom)


def situer(request: HttpRequest, lieu: Lieu | None) -> None:
    """Ask where a place that has just moved is: outside the transaction that saved it."""
    if not settings.GEOCODEUR_ACTIF or lieu is None or not lieu.commune or not lieu.adresse:
        return
    position = geocodage.situer(lieu.adresse, lieu.code_postal, lieu.commune)
    if position.precision == Lieu.Precision.ADRESSE:
        services.preciser_position(lieu=lieu, par=request.user, position=position)
    else:
        messages.warning(request, "Adresse introuvable : votre commune servira de point de départ.")
