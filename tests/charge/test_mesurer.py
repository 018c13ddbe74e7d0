"""The bench itself, small: every scene still plays on the pages of today, nothing stays of it, and it can see a scan."""

import pytest
from django.core.management import call_command
from django.db.models import Max
from django.test import override_settings

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Utilisateur
from mandataires.models import Membre
from mesures.models import Mesure
from mesures.templatetags import recherche as gabarits

from .mesurer import REQUETES_MAX, Releve, _chronometrer, _jouer, _plans, _visees
from .plans import balayages
from .scenes import PageRefusee, scenes

TABLE = Mesure._meta.db_table


@pytest.fixture
def petite(db):
    call_command("charger_referentiel", verbosity=0)
    with override_settings(DEMO=True):  # to populate only: the demo's own pages are not in the addresses of the tests
        call_command("peupler", mandataires=60, mesures_vivantes=3000, mesures_eteintes=200, verbosity=0)


def _traces() -> list[int]:
    return [modele.objects.count() for modele in (Mesure, Evenement, Courriel, Utilisateur)]


def test_every_scene_plays_and_nothing_stays(petite):
    avant, derniere = _traces(), Mesure.objects.aggregate(n=Max("pk"))["n"]
    with scenes(reservations=3) as (_, liste):
        releves = _chronometrer(liste, 1)
        assert Mesure.objects.filter(pk__gt=derniere).count() == 2, "warmed up once, timed once"
        assert Courriel.objects.exists()
        assert len(list(_plans(liste))) == 1  # held or not: so small a table may well be read from end to end
        visees = list(_visees(liste, releves, postgresql=True))
        defaut = next(scene for scene in liste if scene.cle == "defaut")
        _jouer(defaut)
        vus = gabarits._ligne.cache_info().misses
        _jouer(defaut)
        assert gabarits._ligne.cache_info().misses == vus, "kept: nothing is drawn again"
        _jouer(next(scene for scene in liste if scene.cle == "defaut_froid"))
        assert gabarits._ligne.cache_info().misses > 1, "forgotten: every row is drawn"
    assert _traces() == avant
    assert len(visees) == 6
    assert any("avec son bilan" in mesure for _, mesure, _ in visees)
    assert releves["vide"].requetes < releves["defaut"].requetes
    assert 0 < releves["defaut"].mediane_sql < releves["defaut"].mediane


def test_a_page_that_refuses_is_not_timed(petite):
    avant = _traces()
    with scenes(reservations=3) as (troupe, liste):
        fiche = next(scene for scene in liste if scene.cle == "fiche")
        Membre.objects.filter(mandataire=troupe.individuel).delete()  # nobody's any more: courts do not see it
        with pytest.raises(PageRefusee, match="404"):
            fiche.faire(None)
    assert _traces() == avant


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "balaye"),
    [
        (f'SELECT max(precision_cloture) FROM "{TABLE}"', True),
        (f'SELECT u0.message FROM "{TABLE}" u0 WHERE u0.message > %s', True),
        (f'SELECT id FROM tribunaux_tribunal WHERE id IN (SELECT u1.tribunal_id FROM "{TABLE}" u1 WHERE message = %s)', True),
        (f'SELECT message FROM "{TABLE}" WHERE id = %s', False),
        ("SELECT id FROM tribunaux_tribunal WHERE id > %s", False),
        (f'UPDATE "{TABLE}" SET message = %s', False),
    ],
)  # fmt: skip
def test_a_scan_is_seen(sql, balaye):
    parametres = ("1",) if "message" in sql and "id = %s" not in sql else (1,)
    assert bool(balayages([(sql, parametres if "%s" in sql else None)], TABLE)) is balaye


def test_aims_are_missed_by_slow_or_talkative_pages():
    class Page:
        cle, nom, page = "defaut", "recherche", True

    lent = Releve([70.0] * 19 + [90.0], [20.0] * 20, REQUETES_MAX + 1)
    vite = Releve([15.0] * 19 + [90.0], [5.0] * 20, REQUETES_MAX)
    temoins = {"vide": Releve([10.0], [1.0], 5), "compte": Releve([40.0], [40.0], 1)}
    assert [tenue for *_, tenue in _visees([Page], {"defaut": lent} | temoins, True)] == [False] * 4
    assert [tenue for *_, tenue in _visees([Page], {"defaut": vite} | temoins, True)] == [True] * 4
    assert [tenue for *_, tenue in _visees([Page], {"defaut": vite} | temoins, False)] == [True]
