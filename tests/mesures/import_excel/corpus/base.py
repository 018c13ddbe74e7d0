"""The whole reference data (communes, courts), loaded once for a module and taken away at its end.

Everything happens in one transaction that is rolled back: nothing leaks to the other tests, on SQLite as on
PostgreSQL. Each test has its own savepoint inside it (`django_db`), whose end would close the connection under the
transaction: closing waits for the end of the module.
"""

import io

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tribunaux.models import Tribunal

SIRET_METZ = "17570002200011"


@pytest.fixture(scope="module")
def referentiel(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("charger_referentiel", stdout=io.StringIO())
        Tribunal.objects.filter(code="tj-metz").update(siret=SIRET_METZ)
        if connection.vendor == "postgresql":  # no autovacuum sees rows not committed yet: plans would be blind
            with connection.cursor() as curseur:
                curseur.execute("ANALYZE")
        connection.close = lambda: None
        try:
            yield
        finally:
            del connection.close
            transaction.set_rollback(True)
