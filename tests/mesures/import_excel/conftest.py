"""Somebody new, who imports: for every page of the import."""

import pytest

from tests import factories


@pytest.fixture
def nouveau(db):
    """A mandataire with nothing yet."""
    return factories.MandataireFactory(nom="Odile Montfiction", capacite=80)


@pytest.fixture
def client_nouveau(nouveau, ouvrir_session):
    return ouvrir_session(nouveau.membres.get().utilisateur)
