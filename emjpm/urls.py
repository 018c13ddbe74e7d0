"""The roof: which room answers which address."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from emjpm.commun import vues
from emjpm.support.mes_donnees import mes_donnees

# Before admin.site.urls is read: the admin's own login has neither rate limits nor a second factor.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = "e-MJPM, administration"
admin.site.site_title = "e-MJPM"
admin.site.index_title = "Ce qui vous attend"

urlpatterns = [
    path("sante/", vues.sante, name="sante"),
    path("sante/pret/", vues.sante_prete, name="sante_prete"),
    path("", include("emjpm.support.urls")),
    path("", include("emjpm.comptes.urls")),
    path("mon-compte/mes-donnees/", mes_donnees, name="mes_donnees"),
    path("", include("emjpm.inscriptions.urls")),
    path("", include("emjpm.geographie.urls")),
    path("", include("mandataires.urls")),
    path("", include("mesures.urls")),
    path("", include("emjpm.pilotage.urls")),
    # The admin's own form would forget the journal and the mail that tells of the change.
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
        name="admin_mot_de_passe",
    ),
    path("admin/", admin.site.urls),
]

handler400 = "emjpm.commun.vues.requete_refusee"
handler403 = "emjpm.commun.vues.acte_interdit"
handler404 = "emjpm.commun.vues.page_introuvable"
handler500 = "emjpm.commun.vues.erreur"
