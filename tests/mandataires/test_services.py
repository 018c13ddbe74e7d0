"""Services and constraints: whole or nothing, and the database says no even around Python."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from emjpm.commun.models import Evenement
from mandataires import services
from mandataires.models import Habilitation, Lieu, Mandataire
from tests import factories

pytestmark = pytest.mark.django_db


def test_creating_with_places_and_courts():
    metz, cour = factories.commune("Metz"), factories.tribunal("Metz")
    mandataire = services.creer(
        par=None,
        categorie="prepose",
        nom="Colombe Douxruisseau",
        lieux=[
            {"nom": "EHPAD Les Glycines", "code_postal": "57000", "commune": metz, "finess": "570099903"},
            {"nom": "Sans adresse"},
        ],
        tribunaux=[cour, cour],
    )
    principal, second = mandataire.lieux.all()
    assert (principal.nom, principal.principal, principal.precision) == ("EHPAD Les Glycines", True, "commune")
    assert (second.principal, second.latitude) == (False, None)
    assert list(mandataire.tribunaux.all()) == [cour]
    assert Evenement.objects.sur(mandataire).get().acte == "mandataire.creer"
    assert mandataire.actualise_le is None


def test_a_siret_taken_creates_nothing():
    services.creer(par=None, categorie="individuel", nom="A", siret="73282932000074")
    with pytest.raises(IntegrityError), transaction.atomic():
        services.creer(par=None, categorie="individuel", nom="B", siret="73282932000074")
    assert Mandataire.objects.count() == 1
    assert Evenement.objects.count() == 1


def test_several_without_siret():
    for nom in "AB":
        services.creer(par=None, categorie="individuel", nom=nom)
    assert Mandataire.objects.count() == 2


def test_only_touched_fields_are_written(troupe):
    vieux = Mandataire.objects.get(pk=troupe.mandataire.pk)
    Mandataire.objects.filter(pk=vieux.pk).update(courriel="neuf@exemple.fr")
    services.changer_capacite(mandataire=vieux, par=troupe.gens["mandataire"], capacite=3)
    assert Mandataire.objects.get(pk=vieux.pk).courriel == "neuf@exemple.fr"


REFUSES = {
    "capacite": {"capacite": 10_001},
    "categorie": {"categorie": "roi"},
    "pause": {"pause_debut": datetime.date(2026, 2, 1), "pause_fin": datetime.date(2026, 1, 1)},
    "pause sans debut": {"pause_fin": datetime.date(2026, 1, 1)},
}


@pytest.mark.parametrize("champs", REFUSES.values(), ids=REFUSES)
def test_bulk_create_cannot_go_around_the_constraints(champs):
    mandataire = Mandataire(**{"categorie": "individuel", "nom": "X", "nom_normalise": "x", **champs})
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandataire.objects.bulk_create([mandataire])


@pytest.mark.parametrize("valeur", ["-3", "1000000000"])
def test_raw_sql_cannot_write_an_absurd_capacity(troupe, valeur):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(f"UPDATE mandataires_mandataire SET capacite = {valeur} WHERE id = %s", [troupe.mandataire.pk])


def test_one_main_place_one_habilitation_a_whole_position(troupe):
    m = troupe.mandataire
    with pytest.raises(IntegrityError), transaction.atomic():
        Lieu.objects.bulk_create([Lieu(mandataire=m, principal=True)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Habilitation.objects.bulk_create([Habilitation(mandataire=m, tribunal=troupe.metz)])
    entiere = {"precision": "commune"}
    for champs in (
        {"latitude": 49.0},
        {"latitude": 49.0, **entiere},
        {"longitude": 6.0, **entiere},
        {"latitude": 491.0, "longitude": 6.0, "precision": "commune"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lieu.objects.bulk_create([Lieu(mandataire=m, **champs)])
