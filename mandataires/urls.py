from django.urls import path

from . import views

urlpatterns = [
    path("mes-informations/", views.mes_informations, name="mes_informations"),
    path("mes-informations/modifier/", views.modifier, name="mes_informations_modifier"),
    path("mes-informations/capacite/", views.capacite, name="mes_informations_capacite"),
    path("mes-informations/a-jour/", views.a_jour, name="mes_informations_a_jour"),
]
