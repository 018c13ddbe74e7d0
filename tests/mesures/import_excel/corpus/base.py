"""The whole reference data (communes, courts), loaded once for a module and taken away at its end.

Everything happens in one transaction that is rolled back: nothing leaks to the other tests, on SQLite as on
PostgreSQL. Each test has its own savepoint inside it (`django_db`), whose end would close the connection under the
transaction: closing waits for the end of the module.
"""

import io

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from emjpm.geographie.models import CodePostal, Commune
from tribunaux.models import Tribunal

SIRET_METZ = "17570002200011"


def _analyser() -> None:
    """Statistics for rows that are not committed, which no autovacuum sees: plans would be blind.

    Our tables only: the catalogue that databases share would stay locked until the end of the transaction.
    """
    if connection.vendor == "postgresql":
        tables = [Commune, Commune.codes_postaux.through, CodePostal, Tribunal]
        with connection.cursor() as curseur:
            curseur.execute(f"ANALYZE {', '.join(t._meta.db_table for t in tables)}")


@pytest.fixture(scope="module")
def referentiel(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("charger_referentiel", stdout=io.StringIO())
        Tribunal.objects.filter(code="tj-metz").update(siret=SIRET_METZ)
        connection.check_constraints()  # once: left pending, 80,000 keys would be checked again after each test
        _analyser()
        connection.close = lambda: None
        try:
            yield
        finally:
            del connection.close
            transaction.set_rollback(True)
