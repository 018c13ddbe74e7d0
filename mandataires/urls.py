from django.urls import path

from . import views

urlpatterns = [
    path("mes-informations/", views.mes_informations, name="mes_informations"),
    path("mes-informations/modifier/", views.modifier, name="mes_informations_modifier"),
]
