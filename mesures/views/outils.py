"""What the mandataire's views share: their objects, and what an act does to their availability, in words."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from emjpm.commun.templatetags.emjpm import nombre
from emjpm.comptes.models import ROLES_MANDATAIRES
from mandataires.models import Mandataire, Membre
from mesures.disponibilite import Disponibilite, disponibilite_de
from mesures.models import Mesure
from mesures.services import consultations

lire_et_ecrire = require_http_methods(["GET", "HEAD", "POST"])


def refuser(request: HttpRequest, mesure: Mesure, phrase: str) -> HttpResponse:
    """The act has no sense (any more): say why on the page of the mesure."""
    messages.error(request, phrase)
    return redirect("mesure", mesure.pk)


def la_mesure(request: HttpRequest, pk: int) -> Mesure:
    """The mesure, if this person may see it; 404 otherwise. All its pages show it: that it was read is noted."""
    relations = ("mandataire", "tribunal", "lieu", "reserve_par", "commune", "importee_par__par")
    mesure = get_object_or_404(Mesure.objects.pour(request.user).select_related(*relations), pk=pk)
    consultations.noter(par=request.user, mesure=mesure)
    return mesure


def le_mandataire(request: HttpRequest) -> Mandataire:
    """Whom this person works for, with their place in it in the same query; 404 for an account linked to nobody."""
    membres = Membre.objects.select_related("mandataire").filter(utilisateur__role__in=ROLES_MANDATAIRES)
    membre = get_object_or_404(membres, utilisateur=request.user)
    request.user.membre = membre  # later readers of the request spare the query
    return membre.mandataire


def disponibilite_actuelle(mandataire: Mandataire) -> Disponibilite:
    """Read now, whatever the object already carries."""
    return disponibilite_de(Mandataire.objects.get(pk=mandataire.pk))


def effet(avant: Disponibilite, apres: Disponibilite) -> str:
    """« Votre disponibilité passe de 3 à 4. », « … reste de 3. », or nothing when it is unknown."""
    if apres.valeur is None or avant.valeur is None:
        return ""
    if avant.valeur == apres.valeur:
        return f"Votre disponibilité reste de {nombre(apres.valeur)}."
    return f"Votre disponibilité passe de {nombre(avant.valeur)} à {nombre(apres.valeur)}."


def effet_prevu(dispo: Disponibilite, places: int) -> str:
    """What an act will change: `places` freed (1), taken (-1) or none (0)."""
    suite = Disponibilite(
        capacite=dispo.capacite,
        en_cours=dispo.en_cours - places,
        en_attente=dispo.en_attente,
        pause=dispo.pause,
        pause_fin=dispo.pause_fin,
        pause_motif=dispo.pause_motif,
    )
    return effet(dispo, suite)
