"""The databases a measure runs on: thrown away at the end, or somebody's, reused as they are.

Light: a parent that measures memory imports it.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.lancer import postgresql

RACINE = Path(__file__).resolve().parent.parent.parent
BASES = ["sqlite", "postgresql"]


def environnement(adresse: str) -> dict[str, str]:
    """Of a child process on this base: the demo's settings, without DEBUG."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "emjpm.settings.dev",
        "DEBUG": "false",
        "DATABASE_URL": adresse,
        "PYTHONWARNINGS": "ignore:No directory at:UserWarning",  # no collected static files, and none is asked for
    }


def bases(choisies: list[str] | None) -> Iterator[tuple[str, Path, dict[str, str]]]:
    """(name, temporary directory, environment of the child processes), for each one that is installed."""
    for nom in choisies or BASES:
        print(f"\n{nom} :", flush=True)
        with contextlib.ExitStack() as pile:
            dossier = pile.enter_context(tempfile.TemporaryDirectory())
            adresse = f"sqlite:///{dossier}/bench.sqlite3" if nom == "sqlite" else pile.enter_context(postgresql())
            if adresse is None:
                print("  PostgreSQL n’est pas installé : apt install postgresql")
                continue
            yield nom, Path(dossier), environnement(adresse)
