"""Many people at the same instant: real threads, each with its connection, on PostgreSQL or on a SQLite file."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable

from django.db import connection, connections


def sur_un_vrai_fichier(tmp_path, monkeypatch) -> None:
    """On SQLite, copy the base to a file for the threads to come: those sharing a base in memory lock each other out
    at once instead of waiting. Call it once everything is prepared."""
    if connection.vendor == "sqlite":
        fichier = str(tmp_path / "base.sqlite3")
        with connection.cursor() as curseur:
            curseur.execute("VACUUM INTO %s", [fichier])
        # As a base in use is: two first connections asking for it at once would refuse each other without waiting.
        with contextlib.closing(sqlite3.connect(fichier)) as base:
            base.execute("PRAGMA journal_mode=WAL")
        monkeypatch.setitem(connections.settings["default"], "NAME", fichier)


def ensemble(*actes: Callable) -> list:
    """Run the acts at the same instant; what each returned, or the name of what it raised, in their order."""
    resultats: list = [None] * len(actes)
    depart = threading.Barrier(len(actes))

    def agir(rang: int, acte: Callable) -> None:
        try:
            depart.wait(30)
            resultats[rang] = acte()
        except Exception as erreur:
            resultats[rang] = type(erreur).__name__
        finally:
            connections["default"].close()

    fils = [threading.Thread(target=agir, args=(rang, acte)) for rang, acte in enumerate(actes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(90)
    return resultats


def ailleurs(lecture: Callable):
    """What a thread reads: on SQLite, the test's own connection still looks at the base in memory."""
    return ensemble(lecture)[0]
