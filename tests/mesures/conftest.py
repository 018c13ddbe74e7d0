"""Who several files of the mesures need."""

import datetime

import pytest
from django.utils import timezone

from mandataires.models import Mandataire
from tests.factories import MandataireFactory, tribunal, utilisateur_du_tribunal


@pytest.fixture
def metz(db):
    return tribunal("Metz")


@pytest.fixture
def juge(metz, ouvrir_session):
    """A browser where somebody of the court of Metz is signed in. Files with the cast of `troupe` have their own."""
    return ouvrir_session(utilisateur_du_tribunal(metz))


@pytest.fixture
def muet(db) -> Mandataire:
    """A mandataire who changed nothing for 40 days."""
    depuis = timezone.now() - datetime.timedelta(days=40)
    avant = timezone.now() - datetime.timedelta(days=60)
    return MandataireFactory(nom="Camille Bellerive", capacite=10, actualise_le=depuis, verifie_le=avant)
