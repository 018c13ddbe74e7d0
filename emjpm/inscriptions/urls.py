from django.urls import path

from . import views

urlpatterns = [
    path("inscription/", views.choisir_role, name="account_signup"),
    path("inscription/<slug:role>/", views.inscrire, name="inscription"),
]
