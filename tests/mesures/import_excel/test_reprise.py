"""What the former version of the import had kept does not break a page of this one."""

import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures
from tests import factories

from .gestes import page

pytestmark = pytest.mark.django_db


def test_former_previews_go_and_former_rows_stay_readable(nouveau, client_nouveau):
    par = nouveau.membres.get().utilisateur
    ApercuImport.objects.create(mandataire=nouveau, par=par, donnees={"pretes": [], "noms": []})
    factories.tribunal("Metz")
    ImportMesures.objects.create(
        mandataire=nouveau, par=par, nombre=3, bilan={"lues": 4},
        restes=[{"ligne": 7, "resume": "Tutelle, femme", "pourquoi": ["La civilité manque"]}],
    )  # fmt: skip
    migration = importlib.import_module("mesures.migrations.0003_apercus_d_avant")
    for _ in range(2):  # run twice, it changes nothing more
        migration.reprendre(apps, connection.schema_editor())
    assert not ApercuImport.objects.exists()
    texte = page(client_nouveau.get(reverse("importer")))
    assert "1 ligne à saisir à la main" in texte
    assert "La civilité manque" in texte
    assert client_nouveau.get(reverse("importer_laissees")).status_code == 200
    assert client_nouveau.get(reverse("mesure_creer"), {"ligne": 7}).status_code == 200
