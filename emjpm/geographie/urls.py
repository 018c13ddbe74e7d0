from django.urls import path

from . import views

urlpatterns = [path("geographie/communes.json", views.communes_json, name="communes_json")]
