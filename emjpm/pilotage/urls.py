from django.urls import path

from . import views

urlpatterns = [path("pilotage/", views.vue_d_ensemble, name="pilotage")]
