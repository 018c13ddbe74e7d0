"""The site's own middleware: short functions, each with its reason."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect


def second_facteur(get_response):
    """Staff reach the admin only with a second factor where one is compulsory; enrolment is forced."""

    def middleware(request):
        if settings.SECOND_FACTEUR_OBLIGATOIRE and request.path.startswith("/admin/"):
            utilisateur = request.user
            if utilisateur.is_authenticated and utilisateur.is_staff and not is_mfa_enabled(utilisateur):
                return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware
