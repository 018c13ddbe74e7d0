from django.conf import settings
from django.urls import path

from . import views

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("contact/", views.contact, name="contact"),
    path("pas-a-pas/", views.pas_a_pas, name="pas_a_pas"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/courriels/", views.demo_courriels, name="demo_courriels"))
