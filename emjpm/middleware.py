"""The site's own middleware: short functions, each with its reason."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect


def second_facteur(get_response):
    """Staff reach the admin only with a second factor where one is compulsory; enrolment is forced."""

    def middleware(request):
        if settings.SECOND_FACTEUR_OBLIGATOIRE and request.path_info.startswith("/admin/"):
            utilisateur = request.user
            if utilisateur.is_authenticated and utilisateur.is_staff and not is_mfa_enabled(utilisateur):
                return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware


def sans_cache(get_response):
    """What a signed-in person saw does not stay in the browser of a shared computer, nor come back by « Back ».

    Told by the session's cookie, without a query: this also dresses the answer that says the base is away.
    """

    def middleware(request):
        reponse = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            reponse.headers.setdefault("Cache-Control", "private, no-store")
        return reponse

    return middleware


def entetes_constants(get_response):
    """SecurityMiddleware's constant headers on the one answer it cannot dress: its own refusal of an unknown host."""

    def middleware(request):
        reponse = get_response(request)
        reponse.headers.setdefault("X-Content-Type-Options", "nosniff")
        reponse.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        reponse.headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        return reponse

    return middleware
