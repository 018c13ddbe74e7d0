"""« Mes informations »: what the courts see of a mandataire, and how the mandataire changes it."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from emjpm.comptes.droits import pour_mandataires

from .. import services
from ..forms import ProfilForm
from ..manques import manques
from ..pratique import pratique
from .adresses import propositions, saisie_a_reprendre
from .outils import carte_de_la_saisie, carte_du_lieu, le_mien, onglets, situer


@require_safe
@pour_mandataires
def mes_informations(request: HttpRequest) -> HttpResponse:
    mandataire = le_mien(request, modifier=False)
    lieu = services.lieu_principal(mandataire)
    habilitations = list(mandataire.habilitations.select_related("tribunal__commune"))
    contexte = {
        **onglets(request, mandataire),
        "lieu": lieu,
        "carte": carte_du_lieu(lieu),
        "manques": manques(mandataire, lieu),
        "pratique": pratique(mandataire),
        "habilitations": habilitations,
        "departements": len({h.tribunal.commune.departement_id for h in habilitations}),
        "demandes": mandataire.demandes_tribunaux.filter(traitee_le=None).select_related("tribunal"),
    }
    return render(request, "mandataires/mes_informations.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def modifier(request: HttpRequest) -> HttpResponse:
    """Posted without being sent (adresses.saisie_a_reprendre), the page is only drawn again."""
    mandataire = le_mien(request)
    champs = {
        "mandataire": mandataire,
        "utilisateur": request.user,
        "lieu": services.lieu_principal(mandataire),
    }
    saisie = saisie_a_reprendre(request)
    if request.method != "POST":
        form = ProfilForm(**champs)
    elif saisie is not None:
        cochees = {nom: request.POST.getlist(nom) for nom in ("langues", "competences")}
        cochees["partage_courriel"] = "partage_courriel" in request.POST
        form = ProfilForm(initial=saisie | cochees, **champs)
    else:
        form = ProfilForm(request.POST, **champs)
        if form.is_valid() and _enregistrer(request, form):
            return redirect("mes_informations")
    contexte = {
        "form": form,
        "mandataire": mandataire,
        "carte": carte_de_la_saisie(form, champs["lieu"]),
        "propositions": propositions(request),
    }
    return render(request, "mandataires/mes_informations_modifier.html", contexte)


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
    situer(request, deplace)
    return True
