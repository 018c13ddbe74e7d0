"""The base of national size, small: the numbers asked for, the same base for a seed, and nowhere it should not be."""

from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from emjpm.comptes.models import Utilisateur
from emjpm.geographie.distance import entre
from mandataires.models import Habilitation, Lieu, Mandataire
from mesures.disponibilite import disponibilite_de
from mesures.enums import Statut
from mesures.models import Mesure
from tests.factories import MandataireFactory


def _peupler(**options) -> str:
    sortie = StringIO()
    call_command(
        "peupler", **{"mandataires": 80, "mesures_vivantes": 3000, "mesures_eteintes": 700, **options}, stdout=sortie
    )
    return sortie.getvalue()


def _index() -> set[str]:
    with connection.cursor() as curseur:
        return set(connection.introspection.get_constraints(curseur, Mesure._meta.db_table))


def _photo() -> list:
    """Everything that does not depend on the second, nor on the numbers a database gives."""
    mesures = Mesure.objects.order_by("pk").values_list(
        "mandataire__nom", "mandataire__courriel", "tribunal__code", "lieu__nom", "commune", "statut", "rg_normal",
        "nature", "date_jugement", "annee_naissance", "reserve_le", "date_fin", "motif_fin", "urgence",
    )  # fmt: skip
    mandataires = Mandataire.objects.order_by("pk").values_list("nom", "capacite", "pause_debut", "siret")
    lieux = Lieu.objects.order_by("pk").values_list("nom", "latitude", "longitude", "principal")
    return [*mesures, *mandataires, *lieux]


# --- Refused: before the courts of France are loaded for the rest of the module


@pytest.mark.django_db
def test_refused_outside_the_demo_settings():
    with pytest.raises(CommandError, match="qu’avec les réglages de démonstration"):
        _peupler()
    assert not Utilisateur.objects.exists()


@pytest.mark.django_db
def test_refused_without_the_courts(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="charger_referentiel"):
        _peupler()


@pytest.mark.django_db
def test_refused_on_a_base_that_has_mandataires(settings):
    settings.DEMO = True
    MandataireFactory()
    with pytest.raises(CommandError, match="déjà des mandataires : rien n’est changé"):
        _peupler()
    assert Mandataire.objects.count() == 1
    assert not Mesure.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"mandataires": 4}, {"mesures_vivantes": -1}])
def test_odd_numbers_are_refused(settings, options):
    settings.DEMO = True
    with pytest.raises(CommandError, match="plus de 4 mandataires"):
        _peupler(**options)


# --- Written


@contextmanager
def _une_fois(django_db_blocker):
    """What is written here is there for several tests, then is gone."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def _referentiel(django_db_setup, django_db_blocker):
    with _une_fois(django_db_blocker):
        call_command("charger_referentiel", verbosity=0)
        yield


@pytest.fixture
def referentiel(_referentiel, db):
    """The courts and communes of France, once for the module."""


@pytest.fixture(scope="class")
def _peuplee(_referentiel, django_db_blocker):
    with _une_fois(django_db_blocker):
        index = _index()
        dit = _peupler()
        assert _index() == index, "an index was not built again"
        yield dit


@pytest.fixture
def peuplee(_peuplee, db) -> str:
    """A small base, once for the class; what the command said of it."""
    return _peuplee


class TestPeuplee:
    def test_the_numbers_asked_for_are_those_written_and_said(self, peuplee):
        assert Mandataire.objects.count() == 80
        assert Mesure.objects.vivantes().count() == 3000
        assert Mesure.objects.eteintes().count() == 700
        assert Mesure.objects.count() == 3700
        assert "80 mandataires, 3000 mesures vivantes et 700 éteintes" in peuplee
        assert "3700 mesures sur 3700" in peuplee
        assert 40 < Mesure.objects.en_attente().count() < 160
        assert not Mandataire.objects.get(courriel="nouveau@exemple.fr").mesures.exists()

    def test_every_mesure_is_one_the_application_would_accept(self, peuplee):
        for mesure in Mesure.objects.order_by("?")[:150]:
            mesure.full_clean()
            assert mesure.reserve_le if mesure.statut == Statut.EN_ATTENTE else mesure.date_jugement
            assert mesure.modifie_le
            assert mesure.version == 1
            assert mesure.prestations == []
        for mandataire in Mandataire.objects.order_by("?")[:40]:
            mandataire.full_clean()
        assert not Mesure.objects.exclude(lieu=None).exclude(lieu__mandataire__categorie="service").exists()

    def test_the_constraints_still_hold_once_it_is_full(self, peuplee):
        connection.check_constraints()
        mesure = Mesure.objects.en_cours().first()
        mesure.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            mesure.save(force_insert=True)  # the same numéro RG twice
        mesure.rg_normal = mesure.numero_rg = "26Z99999"
        mesure.save(force_insert=True)

    def test_mesures_come_from_the_courts_and_the_communes_around(self, peuplee):
        couples = set(Habilitation.objects.values_list("mandataire", "tribunal"))
        distances = []
        principaux = Lieu.objects.filter(principal=True).in_bulk(field_name="pk")
        par_mandataire = {lieu.mandataire_id: lieu for lieu in principaux.values()}
        for m in Mesure.objects.select_related("commune"):
            assert (m.mandataire_id, m.tribunal_id) in couples
            if m.commune:
                ici = par_mandataire[m.mandataire_id]
                distances.append(entre(ici.latitude, ici.longitude, m.commune.latitude, m.commune.longitude))
        distances.sort()
        assert distances[len(distances) // 2] < 15
        assert distances[int(len(distances) * 0.95)] < 100


def test_some_have_room_and_some_are_full_over_paused_or_unknown(referentiel):
    _peupler(mandataires=400, mesures_vivantes=16_000, mesures_eteintes=0)
    etats = [disponibilite_de(m).etat for m in Mandataire.objects.all()]
    assert set(etats) == {"libre", "complet", "audela", "pause", "inconnue"}
    assert etats.count("libre") > 160
    services = [m.mesures.count() for m in Mandataire.objects.filter(categorie="service")]
    autres = [m.mesures.count() for m in Mandataire.objects.exclude(categorie="service")]
    assert max(autres) <= 80, "nobody alone follows hundreds of mesures"
    assert max(services) > 300
    assert any(m.lieux.count() > 2 for m in Mandataire.objects.filter(categorie="service"))


def test_the_same_seed_gives_the_same_base_another_another(referentiel):
    photos = []
    for graine in (1, 1, 2):
        with transaction.atomic():
            _peupler(graine=graine, mandataires=40, mesures_vivantes=600, mesures_eteintes=100)
            photos.append(_photo())
            transaction.set_rollback(True)
    assert len(photos[0]) > 700
    assert photos[0] == photos[1]
    assert photos[0] != photos[2]


def test_the_table_is_written_in_batches(referentiel, monkeypatch):
    monkeypatch.setattr("emjpm.support.demo.volume.LOT", 250)
    dit = _peupler(mandataires=20, mesures_vivantes=600, mesures_eteintes=100)
    assert [f"{n} mesures sur 700" in dit for n in (250, 500, 700)] == [True] * 3
    assert Mesure.objects.count() == 700


def test_numbers_stay_unique_in_a_court_that_has_used_them_all(referentiel, monkeypatch):
    monkeypatch.setattr("emjpm.support.demo.volume.ORDRE_MAX", 9)
    _peupler(mandataires=5, mesures_vivantes=200, mesures_eteintes=50)
    numeros = list(Mesure.objects.values_list("tribunal", "rg_normal"))
    sans_annee = {(tribunal, numero[3:]) for tribunal, numero in numeros}
    assert len(sans_annee) == 250
    assert any("-" in numero for _, numero in numeros)
