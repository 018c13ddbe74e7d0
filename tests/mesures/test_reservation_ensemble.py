"""Many judges at once on the last places: a real base, real threads. And the same without the lock, which overbooks."""

import contextlib
import threading
import uuid
from collections import Counter

import pytest
from django.db import connection

from emjpm.comptes.models import Utilisateur
from mandataires.models import Mandataire
from mesures.models import Mesure
from mesures.services import reservation as services
from tests.factories import MandataireFactory, MesureFactory, tribunal, utilisateur_du_tribunal
from tests.securite.foule import ailleurs, ensemble, sur_un_vrai_fichier

pytestmark = pytest.mark.django_db(transaction=True)  # before monkeypatch, that points at another base
JUGES, PLACES = 50, 3


@pytest.fixture
def foule(tmp_path, monkeypatch):
    """A function: the mandataire's places, the judges, and `preparer()` to call once everything is written."""
    metz = tribunal("Metz")
    pks = [utilisateur_du_tribunal(metz).pk for _ in range(JUGES)]
    juges = list(Utilisateur.objects.select_related("membre_tribunal__tribunal").filter(pk__in=pks))
    return juges, lambda: sur_un_vrai_fichier(tmp_path, monkeypatch)


def acte(juge, mandataire, rang: int, reserver=services.reserver, **plus):
    """What a judge does; « reservee », or the figure they are asked to confirm."""
    cle = plus.pop("cle", None) or uuid.uuid4()
    donnees = {"numero_rg": f"26C{rang:05d}", "civilite": "madame", "nature": "tutelle", **plus}

    def agir() -> str:
        try:
            mesure = reserver(par=juge, mandataire=mandataire, donnees=donnees, cle=cle)
        except services.ConfirmationRequise as demande:
            return f"a confirmer, {services.figure(demande.dispo)}"
        return f"reservee {mesure.pk}" if plus else "reservee"

    return agir


def comptees(mandataire) -> int:
    return ailleurs(lambda: Mesure.objects.comptees().filter(mandataire=mandataire.pk).count())


def test_fifty_judges_on_the_last_three_places(foule):
    """Exactly three pass, the others are asked, with the new figure."""
    juges, preparer = foule
    mandataire = MandataireFactory(capacite=PLACES)
    preparer()
    resultats = ensemble(*(acte(juge, mandataire, rang) for rang, juge in enumerate(juges)))
    assert Counter(resultats) == {"reservee": PLACES, "a confirmer, 0": JUGES - PLACES}
    assert comptees(mandataire) == PLACES


def test_without_the_lock_they_overbook(foule, monkeypatch):
    """The negative control: every reader is held until others have read too. On PostgreSQL the row lock alone is taken
    away; SQLite's is the transaction itself (IMMEDIATE), so the act runs without it."""
    juges, preparer = foule
    mandataire = MandataireFactory(capacite=PLACES)
    preparer()
    monkeypatch.setattr(services, "verrouiller", lambda pk: Mandataire.objects.get(pk=pk))
    _tous_lisent_avant_d_ecrire(monkeypatch, JUGES)
    reserver = services.reserver.__wrapped__ if connection.vendor == "sqlite" else services.reserver
    resultats = ensemble(*(acte(juge, mandataire, rang, reserver) for rang, juge in enumerate(juges)))
    assert resultats.count("reservee") > PLACES
    assert comptees(mandataire) > PLACES


def test_with_the_lock_the_same_hold_changes_nothing(foule, monkeypatch):
    """So that the control shows the lock, not the hold. Few judges: each waits for the hold to give up."""
    juges, preparer = foule
    mandataire = MandataireFactory(capacite=PLACES)
    preparer()
    _tous_lisent_avant_d_ecrire(monkeypatch, 8)
    resultats = ensemble(*(acte(juge, mandataire, rang) for rang, juge in enumerate(juges[:8])))
    assert Counter(resultats) == {"reservee": PLACES, "a confirmer, 0": 8 - PLACES}


def _tous_lisent_avant_d_ecrire(monkeypatch, combien: int) -> None:
    """Hold each reader of the availability until all have read, or for two seconds."""
    lus, lire = threading.Barrier(combien), services.disponibilite_de

    def lire_puis_attendre(mandataire):
        dispo = lire(mandataire)
        with contextlib.suppress(threading.BrokenBarrierError):
            lus.wait(2)
        return dispo

    monkeypatch.setattr(services, "disponibilite_de", lire_puis_attendre)


def test_a_double_click_from_two_threads_reserves_once(foule):
    (juge, *_), preparer = foule
    mandataire = MandataireFactory(capacite=PLACES)
    preparer()
    cle = uuid.uuid4()
    resultats = ensemble(*(acte(juge, mandataire, 1, cle=cle, cabinet="2") for _ in range(2)))
    assert len(set(resultats)) == 1
    assert resultats[0].startswith("reservee")
    assert comptees(mandataire) == 1


def test_two_renewals_of_the_same_mesure_at_once_make_one(foule):
    juges, preparer = foule
    mandataire = MandataireFactory(capacite=1)
    mesure = MesureFactory(mandataire=mandataire)
    preparer()
    resultats = ensemble(*(acte(juge, mandataire, rang, renouvelle=mesure) for rang, juge in enumerate(juges[:6])))
    reussis = [r for r in resultats if r.startswith("reservee")]
    assert len(reussis) == 1
    assert Counter(resultats)["RenouvellementImpossible"] == 5
    assert comptees(mandataire) == 1
    assert ailleurs(lambda: Mesure.objects.filter(renouvelle=mesure.pk).count()) == 1
