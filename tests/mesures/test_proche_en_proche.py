"""The whole country, page by page: the very rows of the complete search, without counting everybody."""

import datetime
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emjpm.comptes.models import Role, Utilisateur
from emjpm.geographie.distance import entre
from mandataires.models import Lieu, Mandataire, Membre
from mesures.models import Mesure
from mesures.origine import Origine
from mesures.recherche import Criteres, DeProcheEnProche, Habilites, Ordre, chercher, feuilleter
from mesures.recherche import proche_en_proche as proche
from tests.factories import MesureFactory, tribunal, utilisateur_du_tribunal

COURS = {
    "metz": (49.12, 6.18),
    "guéret": (46.17, 1.87),
    "fort-de-france": (14.62, -61.06),
    "mamoudzou": (-12.78, 45.23),
}


@pytest.fixture
def pays(db) -> list[Mandataire]:
    """240 mandataires around a few towns and far from them: equal distances, several places, none, pauses, no wish."""
    hasard = random.Random(4)
    jour = timezone.localdate()
    centres = [*COURS.values(), (48.85, 2.35), (43.3, 5.37)]
    gens = [
        Mandataire(
            categorie=hasard.choice(Mandataire.Categorie.values),
            nom=(nom := hasard.choice(["Abel", "Bruno", "Zoé"])),
            nom_normalise=nom.lower().replace("é", "e"),
            capacite=hasard.choice([None, 0, 1, 2, 3, 4]),
            pause_debut=jour - datetime.timedelta(days=3) if hasard.random() < 0.1 else None,
        )
        for _ in range(240)
    ]
    Mandataire.objects.bulk_create(gens)
    lieux = []
    for m in gens:
        for rang in range(hasard.choice([0, 1, 1, 1, 1, 2, 3])):
            lat, lon = hasard.choice(centres)
            loin = hasard.choice([0, 0, 0.05, 0.5, 3])
            situe = hasard.random() < 0.95
            lieux.append(
                Lieu(
                    mandataire=m,
                    principal=rang == 0,
                    latitude=lat + loin * hasard.uniform(-1, 1) if situe else None,
                    longitude=lon + loin * hasard.uniform(-1, 1) if situe else None,
                    precision="adresse" if situe else "",
                )
            )
    Lieu.objects.bulk_create(lieux)
    comptes = [
        Utilisateur(email=f"p{i}@exemple.fr", role=m.categorie, prenom="P", nom="N", statut="valide")
        for i, m in enumerate(gens)
    ]
    Utilisateur.objects.bulk_create(comptes)
    Membre.objects.bulk_create(Membre(utilisateur=u, mandataire=m) for u, m in zip(comptes, gens, strict=True))
    modele = MesureFactory(mandataire=gens[0], numero_rg="")
    charge = [
        Mesure(
            mandataire=m,
            tribunal=modele.tribunal,
            statut="en_attente" if hasard.random() < 0.3 else "en_cours",
            nature="tutelle",
            date_jugement=modele.date_jugement,
        )
        for m in gens
        for _ in range(hasard.choice([0, 0, 1, 2, 3, 5]))
    ]
    Mesure.objects.bulk_create(charge)
    return gens


def criteres(ou: str, **autres) -> Criteres:
    return Criteres(tribunal("Metz"), Origine(*COURS[ou], ou, ou), habilites=Habilites.FRANCE, **autres)


def resume(candidats) -> list[tuple]:
    return [(c.pk, c.km, c.lieu_proche, c.dispo.valeur, c.dispo.en_cours, c.dispo.en_attente) for c in candidats]


@pytest.mark.parametrize("ou", COURS)
@pytest.mark.parametrize("ordre", [Ordre.DEFAUT, Ordre.DISTANCE, Ordre.NOM])
@pytest.mark.parametrize("autres", [{}, {"type": "service"}, {"actifs": True}], ids=str)
def test_every_page_is_that_of_the_complete_search(pays, ou, ordre, autres):
    demande = criteres(ou, ordre=ordre, **autres)
    entier = chercher(demande)
    for debut in range(0, len(entier), 20):
        feuilles = DeProcheEnProche(demande)
        assert len(feuilles) == len(entier)
        assert resume(feuilles[debut : debut + 20]) == resume(entier[debut : debut + 20]), debut
    assert DeProcheEnProche(demande).pauses_masquees == entier.pauses_masquees


def test_the_first_page_counts_only_those_it_looks_at(pays, monkeypatch):
    vus = []
    compter = proche.compter
    monkeypatch.setattr(proche, "compter", lambda lus: (vus.extend(lus), compter(lus)))
    page = DeProcheEnProche(criteres("metz"))[0:5]
    assert [c.dispo.a_de_la_place for c in page] == [True] * 5
    assert 0 < len({c.pk for c in vus}) < 120


@pytest.mark.parametrize(
    ("autres", "sorte"),
    [
        ({}, DeProcheEnProche),
        ({"ordre": Ordre.DISTANCE}, DeProcheEnProche),
        ({"ordre": Ordre.DISPONIBILITE}, "complete"),
        ({"places": 3}, "complete"),
        ({"rayon": 50}, "complete"),
        ({"texte": "abel"}, "complete"),
    ],
    ids=str,
)
def test_what_needs_everybody_counts_everybody(pays, autres, sorte):
    feuilles = feuilleter(criteres("metz", **autres))
    assert isinstance(feuilles, DeProcheEnProche) is (sorte is DeProcheEnProche)
    assert (feuilles.bilan is None) is (sorte is DeProcheEnProche)


def test_the_page_and_its_figures_asked_apart(pays, ouvrir_session):
    juge = ouvrir_session(utilisateur_du_tribunal(tribunal("Metz")))
    page = juge.get("/recherche/?habilites=france").content.decode()
    assert 'hx-get="/recherche/bilan/?habilites=france"' in page
    assert "places disponibles" not in page
    bilan = chercher(criteres("metz")).bilan
    fragment = juge.get("/recherche/bilan/?habilites=france").content.decode()
    assert f'<dd class="em-bilan__fort">{bilan.places}</dd>' in fragment
    assert "<html" not in fragment
    sans_script = juge.get("/recherche/?habilites=france&bilan=1").content.decode()
    assert f'<dd class="em-bilan__fort">{bilan.places}</dd>' in sans_script


@pytest.mark.parametrize("page", [1, 3, 6, 12])
def test_at_most_twelve_queries_a_page(pays, ouvrir_session, page):
    juge = ouvrir_session(utilisateur_du_tribunal(tribunal("Metz")))
    adresse = f"/recherche/?habilites=france&page={page}"
    juge.get(adresse)
    with CaptureQueriesContext(connection) as requetes:
        assert juge.get(adresse).status_code == 200
    assert len(requetes) <= 12


def test_nearest_place_is_the_great_circle_one(pays):
    demande = criteres("metz", ordre=Ordre.DISTANCE)
    latitude, longitude = COURS["metz"]
    for candidat in DeProcheEnProche(demande)[0:40]:
        siens = Lieu.objects.filter(mandataire=candidat.pk, latitude__isnull=False)
        assert candidat.distance == min(entre(latitude, longitude, x.latitude, x.longitude) for x in siens)


def test_someone_suspended_is_in_no_page(pays):
    Utilisateur.objects.filter(role=Role.SERVICE).update(statut="suspendu")
    assert len(DeProcheEnProche(criteres("metz", type="service"))) == 0
    assert all(c.categorie != "service" for c in DeProcheEnProche(criteres("metz"))[0:400])
