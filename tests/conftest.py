"""Guards and the cast. A test that opens a network connection, or renders an unknown variable, fails."""

import socket
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client

from emjpm.comptes.models import Role
from emjpm.geographie.cartes import oublier
from mesures.carte_resultats import oublier as oublier_les_plans

from . import factories


def pytest_addoption(parser):
    parser.addoption("--base-seule", action="store_true", help="les tests qui se servent de la base, et eux seuls")


def pytest_collection_modifyitems(config, items):
    """`--base-seule`, on the second database: what reads no database answered already on the first."""
    if not config.getoption("--base-seule"):
        return
    sans_base = {item for item in items if not _se_sert_de_la_base(item)}
    config.hook.pytest_deselected(items=[*sans_base])
    items[:] = [item for item in items if item not in sans_base]


def _se_sert_de_la_base(item) -> bool:
    return item.get_closest_marker("django_db") is not None or bool({"db", "transactional_db"} & {*item.fixturenames})


@pytest.fixture(autouse=True)
def _cache_vide():
    cache.clear()


@pytest.fixture(autouse=True)
def _sans_reseau(monkeypatch):
    """Only this machine may be reached."""
    connecter = socket.socket.connect

    def garde(self, adresse):
        if self.family in (socket.AF_INET, socket.AF_INET6) and adresse[0] not in {
            "127.0.0.1",
            "::1",
            "localhost",
        }:
            raise AssertionError(f"Un test a voulu joindre {adresse}.")
        return connecter(self, adresse)

    monkeypatch.setattr(socket.socket, "connect", garde)


class VariableInconnue(str):
    """string_if_invalid that fails: a template of ours used a variable nobody gave."""

    def __mod__(self, nom):
        raise AssertionError(f"Variable inconnue dans un gabarit : {nom}")

    def __contains__(self, morceau):
        return morceau == "%s"


@pytest.fixture
def _gabarits_stricts(settings):
    moteur = settings.TEMPLATES[0]  # a copy: the settings of the other tests stay as they are
    options = {**moteur["OPTIONS"], "string_if_invalid": VariableInconnue("%s")}
    settings.TEMPLATES = [{**moteur, "OPTIONS": options}]


def ouvrir(utilisateur) -> Client:
    """A browser of the tests where this person is signed in."""
    client = Client()
    client.force_login(utilisateur)
    return client


@pytest.fixture
def ouvrir_session():
    return ouvrir


@pytest.fixture
def troupe(db):
    """The fixed cast, in Moselle: a mandataire of each category, their neighbours who must see nothing, a court
    and its neighbour, agents, the team, someone waiting. `troupe.clients["mandataire"]` is signed in.
    """
    metz, thionville = factories.tribunal("Metz"), factories.tribunal("Thionville")
    mandataire = factories.MandataireFactory(nom="Camille Bellerive", capacite=10, habilite=[metz])
    voisin = factories.MandataireFactory(nom="Basile Clairsentier", capacite=5, habilite=[metz], ville="Thionville")
    prepose = factories.MandataireFactory(prepose=True, nom="Colombe Douxruisseau", habilite=[metz])
    service = factories.MandataireFactory(service=True, nom="Les Trois Ponts", capacite=100, habilite=[metz])
    gens = {
        "mandataire": mandataire.membres.get().utilisateur,
        "voisin": voisin.membres.get().utilisateur,
        "prepose": prepose.membres.get().utilisateur,
        "service": service.membres.get().utilisateur,
        "magistrat": factories.utilisateur_du_tribunal(metz, nom="Rivemorte", prenom="Agathe"),
        "greffier": factories.utilisateur_du_tribunal(metz, Role.GREFFIER),
        "magistrat_voisin": factories.utilisateur_du_tribunal(thionville),
        "agent": factories.agent("departemental", "57"),
        "agent_national": factories.agent("national"),
        "support": factories.UtilisateurFactory(equipe=True),
        "attente": factories.UtilisateurFactory(en_attente=True, email="attente@exemple.fr"),
    }
    return SimpleNamespace(
        metz=metz,
        thionville=thionville,
        mandataire=mandataire,
        voisin=voisin,
        prepose=prepose,
        service=service,
        gens=gens,
        clients={nom: ouvrir(u) for nom, u in gens.items() if nom != "attente"},
        mesure=factories.MesureFactory(mandataire=mandataire, tribunal=metz, numero_rg="21B00167"),
        mesure_voisine=factories.MesureFactory(mandataire=voisin, tribunal=thionville, numero_rg="22A00010"),
        reservee=factories.MesureFactory(mandataire=mandataire, tribunal=metz, en_attente=True, numero_rg="26C00001"),
    )


@pytest.fixture(autouse=True)
def _cartes_neuves():
    """The towns of a test are not those of the next: nothing kept from one map to the other."""
    oublier()
    oublier_les_plans()
