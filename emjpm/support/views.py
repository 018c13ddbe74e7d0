"""Public pages: the home page, how it works, writing to the team; the mails of the demo."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from emjpm.commun.models import Courriel
from emjpm.comptes.droits import page_d_accueil

from .forms import ContactForm, Sujet
from .pas_a_pas import parcours
from .services import ecrire_a_l_equipe, trop_de_messages

DERNIERS_COURRIELS = 50


@login_not_required
@never_cache
@require_GET
def accueil(request: HttpRequest) -> HttpResponse:
    """What the site is for, and the sign-in form; signed-in people go straight to their work."""
    if request.user.is_authenticated:
        return redirect(page_d_accueil(request.user))
    return render(request, "support/accueil.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """A message to the team, by e-mail."""
    connu = request.user if request.user.is_authenticated else None
    form = ContactForm(
        request.POST or None,
        initial={"courriel": connu.email if connu else "", "sujet": _sujet_demande(request)},
    )
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        if form.vient_d_un_robot:
            return redirect("contact")
        if trop_de_messages(f"u{connu.pk}" if connu else get_adapter().get_client_ip(request)):
            form.add_error(None, "Vous avez déjà écrit 5 messages en une heure. Réessayez un peu plus tard.")
            return render(request, "support/contact.html", {"form": form}, status=429)
        ecrire_a_l_equipe(
            par=request.user,
            sujet=donnees["sujet"],
            courriel=donnees["courriel"],
            message=donnees["message"],
        )
        messages.success(request, f"Votre message est transmis. L’équipe vous répond à {donnees['courriel']}.")
        return redirect("contact")
    return render(request, "support/contact.html", {"form": form})


def _sujet_demande(request: HttpRequest) -> str:
    """The subject a link proposes (`?sujet=donnees`), if it exists."""
    sujet = request.GET.get("sujet", "")
    return sujet if sujet in Sujet.values else ""


@login_not_required
@require_GET
def pas_a_pas(request: HttpRequest) -> HttpResponse:
    """The steps of each role, on one page."""
    return render(request, "support/pas_a_pas.html", {"parcours": parcours()})


@login_not_required
@never_cache
@require_GET
def demo_courriels(request: HttpRequest) -> HttpResponse:
    """The demo sends nothing: its mails are read here."""
    if not settings.DEMO:
        raise Http404
    courriels = Courriel.objects.all()[:DERNIERS_COURRIELS]
    return render(request, "support/demo_courriels.html", {"courriels": courriels})
