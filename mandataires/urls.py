from django.urls import path

from .views import capacites, lieux, membres, profil, tribunaux

ICI = "mes-informations/"


def _lieux(chemin: str, genre: lieux.Genre) -> list:
    """The pages of one kind of place."""
    avec = {"genre": genre}
    return [
        path(f"{ICI}{chemin}/", lieux.lister, avec, name=genre.liste),
        path(f"{ICI}{chemin}/ajouter/", lieux.ajouter, avec, name=genre.ajouter),
        path(f"{ICI}{chemin}/<int:pk>/modifier/", lieux.modifier, avec, name=genre.modifier),
        path(f"{ICI}{chemin}/<int:pk>/retirer/", lieux.retirer, avec, name=genre.retirer),
    ]


urlpatterns = [
    path(ICI, profil.mes_informations, name="mes_informations"),
    path(f"{ICI}modifier/", profil.modifier, name="mes_informations_modifier"),
    path(f"{ICI}departements/", capacites.departements, name="mes_informations_departements"),
    path(f"{ICI}tribunaux/demander/", tribunaux.demander, name="mes_informations_tribunaux"),
    path(f"{ICI}tribunaux/demandes/<int:pk>/annuler/", tribunaux.reprendre, name="demande_tribunal_annuler"),
    path(f"{ICI}tribunaux/<int:pk>/quitter/", tribunaux.quitter, name="tribunal_quitter"),
    *_lieux("antennes", lieux.ANTENNE),
    *_lieux("etablissements", lieux.ETABLISSEMENT),
    path(f"{ICI}membres/", membres.lister, name="membres"),
    path(f"{ICI}membres/<int:pk>/modifier/", membres.modifier, name="membre_modifier"),
    path(f"{ICI}membres/<int:pk>/retirer/", membres.retirer, name="membre_retirer"),
    path(f"{ICI}membres/invitations/<int:pk>/renvoyer/", membres.renvoyer, name="invitation_renvoyer"),
    path(f"{ICI}membres/invitations/<int:pk>/annuler/", membres.annuler, name="invitation_annuler"),
]
