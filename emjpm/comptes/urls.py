"""allauth's views at French addresses. Names are allauth's own: it reverses them."""

from functools import wraps
from importlib import import_module

from allauth.account import views as allauth
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.urls import URLPattern, include, path, re_path

from emjpm.commun.journal import noter

from . import sessions, views


def entier(vue):
    """One transaction for a POST: the change, its line of journal and its mail stand or fall together.

    Not for a GET: a reader would wait for the writers of SQLite.
    """

    @wraps(vue)
    def garde(request, *args, **kwargs):
        if request.method != "POST":
            return vue(request, *args, **kwargs)
        with transaction.atomic():
            return vue(request, *args, **kwargs)

    return garde


def second_facteur(vue):
    """`entier`, and the line of journal of a second factor enrolled, removed, or whose codes were renewed."""

    @wraps(vue)
    def garde(request, *args, **kwargs):
        if request.method != "POST":
            return vue(request, *args, **kwargs)
        moi = request.user
        avant = _facteurs(moi)
        reponse = vue(request, *args, **kwargs)
        apres = _facteurs(moi)
        if avant != apres:
            changements = {"facteurs": [sorted(avant.values()), sorted(apres.values())]}
            noter(par=moi, acte="compte.second_facteur", objet=moi, changements=changements)
        return reponse

    return entier(garde)


def _facteurs(utilisateur) -> dict[int, str]:
    """{key: kind} of what they enrolled; nobody signed in has any."""
    return dict(Authenticator.objects.filter(user=utilisateur.pk).values_list("pk", "type"))


def du_second_facteur(module: str = "allauth.mfa.urls") -> list:
    """The addresses of allauth, each view made `second_facteur`."""
    motifs = import_module(module).urlpatterns
    for motif in motifs:
        if isinstance(motif, URLPattern):
            motif.callback = second_facteur(motif.callback)
        else:
            du_second_facteur(motif.urlconf_name.__name__)
    return motifs


urlpatterns = [
    path("connexion/", views.connexion, name="account_login"),
    path("deconnexion/", allauth.logout, name="account_logout"),
    path("en-attente/", views.en_attente, name="compte_en_attente"),
    path("compte-inactif/", allauth.account_inactive, name="account_inactive"),
    path("inscription/confirmer/", allauth.email_verification_sent, name="account_email_verification_sent"),
    re_path(
        r"^inscription/confirmer/(?P<key>[-:\w]+)/$", entier(views.confirmer_adresse), name="account_confirm_email"
    ),
    path("mot-de-passe/oublie/", entier(allauth.password_reset), name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        entier(views.nouveau_mot_de_passe),
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/fait/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("mon-compte/", views.mon_compte, name="mon_compte"),
    path("mon-compte/mot-de-passe/", entier(allauth.password_change), name="account_change_password"),
    path("mon-compte/mot-de-passe/choisir/", entier(allauth.password_set), name="account_set_password"),
    path("mon-compte/adresse/", entier(allauth.email), name="account_email"),
    path("mon-compte/confirmer-identite/", allauth.reauthenticate, name="account_reauthenticate"),
    path("mon-compte/sessions/", sessions.MesSessions.as_view(), name="usersessions_list"),
    re_path(r"^ne-plus-recevoir/(?P<jeton>[-:\w]+)/$", views.ne_plus_recevoir, name="ne_plus_recevoir"),
    path("mon-compte/double-authentification/", include(du_second_facteur())),
]
