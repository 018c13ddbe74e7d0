"""« Tout est à jour » from the link of a mail, without a sign-in: the page shows the figures and a button."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from mesures.disponibilite import disponibilite_de
from mesures.services import fraicheur

from .outils import lire_et_ecrire


@login_not_required
@never_cache
@lire_et_ecrire
def tout_est_a_jour(request: HttpRequest, jeton: str) -> HttpResponse:
    """GET writes nothing, whoever opens it; POST confirms, once. No name, no mesure, no session: the figures alone."""
    if request.method == "POST" and fraicheur.confirmer(jeton):
        return redirect("tout_est_a_jour", jeton)
    lien = fraicheur.lire(jeton)
    if lien is None:
        return render(request, "account/lien_inutile.html", {"validite": fraicheur.VALIDITE.days}, status=410)
    contexte = {
        "dispo": disponibilite_de(lien.mandataire),
        "attendent": lien.mandataire.mesures.en_attente().count(),
        "depuis": lien.mandataire.actualise_le,
        "confirme_le": lien.confirme_le,
    }
    return render(request, "mesures/tout_est_a_jour.html", contexte)
