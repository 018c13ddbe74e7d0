"""« Fermer mon compte », for every role but the team; taken back in one click until the team finishes."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from emjpm.commun.templatetags.emjpm import insecables, nombre, pluriel
from emjpm.comptes.droits import reserve_a
from emjpm.comptes.models import Role
from mesures.models import Mesure
from mesures.services import fermeture
from mesures.services.commun import ActeImpossible

from .outils import lire_et_ecrire

pour_qui_part = reserve_a(*(role for role in Role if role != Role.SUPPORT))


@lire_et_ecrire
@pour_qui_part
@reauthentication_required
def fermer(request: HttpRequest) -> HttpResponse:
    """What leaving does, with the figures; the button asks for it."""
    if request.user.fermeture_demandee_le:
        return redirect("mon_compte")
    if request.method == "POST":
        try:
            ici = fermeture.demander(par=request.user)
        except ActeImpossible as refus:
            messages.error(request, str(refus))
            return redirect("compte_fermer")
        messages.success(request, _fait(ici))
        return redirect("mon_compte")
    contexte = {"situation": fermeture.situation(request.user), "reservations": 0}
    if request.user.est_du_tribunal:
        contexte["reservations"] = (
            Mesure.objects.pour(request.user).en_attente().filter(reserve_par=request.user).count()
        )
    return render(request, "account/fermer.html", contexte)


def _fait(ici: fermeture.Situation) -> str:
    if not ici.retire:
        return "Fermeture demandée. L’équipe vous écrit quand c’est fait."
    restent = [f"{nombre(ici.en_cours)} mesure{pluriel(ici.en_cours)} en cours"] * bool(ici.en_cours)
    restent += [f"{nombre(ici.en_attente)} en attente"] * bool(ici.en_attente)
    if not restent:
        return "Fermeture demandée. Vous disparaissez des recherches dès maintenant."
    return insecables(
        f"Fermeture demandée. Il vous reste {' et '.join(restent)}. Mettez-y fin ou transmettez-les d’abord ; "
        "vous disparaissez des recherches dès maintenant."
    )


@require_POST
@pour_qui_part
def reprendre(request: HttpRequest) -> HttpResponse:
    if fermeture.reprendre(par=request.user):
        fin = " Les tribunaux vous voient à nouveau." if request.user.est_mandataire else ""
        messages.success(request, f"Votre demande de fermeture est retirée.{fin}")
    else:
        messages.info(request, "Rien n’a changé.")
    return redirect("mon_compte")
