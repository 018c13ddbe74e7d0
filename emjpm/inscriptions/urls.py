from django.urls import path

from . import invitations, views

urlpatterns = [
    path("inscription/", views.choisir_role, name="account_signup"),
    path("inscription/<slug:role>/", views.inscrire, name="inscription"),
    path("invitation/<str:cle>/", invitations.invitation, name="invitation"),
]
