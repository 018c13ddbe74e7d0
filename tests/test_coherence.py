"""The house holds together: migrations match the models, transitions match docs."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_model_change_without_its_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_cast(troupe):
    assert troupe.mandataire.lieux.count() == 1
    assert set(troupe.clients) >= {"mandataire", "magistrat", "agent", "support"}
