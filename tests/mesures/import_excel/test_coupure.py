"""Nothing or everything: the process that applies an import is killed (kill -9) at twenty moments."""

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from .ensemble import a_part, apercu, deposer, laisse, mettre_en_commun, service

pytestmark = pytest.mark.django_db(transaction=True)
RACINE = Path(__file__).resolve().parents[3]
LIGNES, COUPURES, APRES = 2000, 20, 3
NOM = "coupure-import"


def adresse(fichier: str | None) -> str:
    """DATABASE_URL of the base of this test."""
    if fichier:
        return f"sqlite:///{fichier}"
    r = connection.settings_dict
    secret = f":{quote(r['PASSWORD'], safe='')}" if r["PASSWORD"] else ""
    return f"postgres://{quote(r['USER'], safe='')}{secret}@{r['HOST'] or 'localhost'}:{r['PORT'] or 5432}/{r['NAME']}"


@contextlib.contextmanager
def coupeur(fichier: str | None):
    """`ordre(...)` sends one order to the process that forks and kills (couper.py), and gives its answer."""
    environnement = os.environ | {
        "DATABASE_URL": adresse(fichier),
        "DJANGO_SETTINGS_MODULE": "emjpm.settings.test",
        "PGAPPNAME": NOM,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.mesures.import_excel.couper"],
        cwd=RACINE,
        env=environnement,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as processus:

        def ordre(depot, rang: int | None = None, attente: float = 0.0, transaction: bool = True) -> dict:
            faire = {"apercu": depot.pk, "rang": rang, "attente": attente, "transaction": transaction}
            print(json.dumps(faire), file=processus.stdin, flush=True)
            return json.loads(processus.stdout.readline())

        yield ordre
        processus.stdin.close()


def _serveur_au_calme() -> None:
    """PostgreSQL goes on with the statement of a client that died: a COMMIT already sent would be seen only later."""
    if connection.vendor != "postgresql":
        return
    limite = time.monotonic() + 10
    with connection.cursor() as curseur:
        while time.monotonic() < limite:
            curseur.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NOM])
            if not curseur.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("a killed process is still connected")


def issue(mandataire, gens) -> str:
    """« rien » or « tout »; anything between fails here."""

    def lire():
        _serveur_au_calme()
        return laisse(mandataire)

    reste = a_part(lire)
    if not reste.imports:
        assert (reste.mesures, reste.journal, reste.courriels) == (0, 0, [])
        assert reste.apercus == 1, "the preview must still be there to try again"
        return "rien"
    assert (reste.imports, reste.mesures, reste.journal) == ([LIGNES], LIGNES, LIGNES + 1)
    assert reste.courriels == sorted(u.email for u in gens)
    assert reste.apercus == 0
    return "tout"


class Candidat:
    """A service that has yet to import, and its preview, in the shared base."""

    def __init__(self, contenu=None):
        self.mandataire, self.gens = service()
        self.contenu = contenu or apercu(LIGNES)
        [self.depot] = deposer(self.contenu, self.mandataire, self.gens[:1])

    def suivant(self) -> "Candidat":
        return a_part(lambda: Candidat(self.contenu))

    @property
    def issue(self) -> str:
        return issue(self.mandataire, self.gens)


def test_kill_at_twenty_moments_leaves_nothing_or_everything(tmp_path, monkeypatch):
    """The moments are drawn over the queries of the act, from its first to its end, then within the query: a slow
    machine does not move them all to one side. After « nothing » the same preview is tried again."""
    hasard, candidat, essais = random.Random(20), Candidat(), []
    fichier = mettre_en_commun(tmp_path, monkeypatch)
    with coupeur(fichier) as ordre:
        entier = ordre(candidat.depot)
        assert (entier["code"], entier["vues"][-1], candidat.issue) == (0, "F", "tout")
        candidat, requetes = candidat.suivant(), len(entier["vues"]) - 1
        moments = [hasard.randint(1, requetes) for _ in range(COUPURES - APRES)] + [requetes + 1] * APRES
        hasard.shuffle(moments)
        for rang in moments:
            fait = ordre(candidat.depot, rang, hasard.uniform(0, 2 * entier["secondes"] / requetes))
            assert fait["signal"] == 9, fait
            essais.append((candidat.issue, fait["vues"]))
            if candidat.issue == "tout":
                candidat = candidat.suivant()
        assert (ordre(candidat.depot)["code"], candidat.issue) == (0, "tout")
    # The spread: killed while the mesures were being written, killed when all was done, and both really seen.
    compte = Counter(quoi for quoi, _ in essais)
    assert compte["rien"] >= 8
    assert compte["tout"] >= APRES
    assert sum(quoi == "rien" and "m" in vues for quoi, vues in essais) >= 3
    if fichier:
        assert a_part(_integrite) == "ok"


def test_without_its_transaction_the_same_kill_leaves_half_an_import(tmp_path, monkeypatch):
    """The control of the test above: it sees what a cut would leave."""
    candidat = Candidat()
    fichier = mettre_en_commun(tmp_path, monkeypatch)
    with coupeur(fichier) as ordre:
        vues = ordre(candidat.depot)["vues"]
        candidat = candidat.suivant()
        assert ordre(candidat.depot, vues.rindex("m") + 1, transaction=False)["signal"] == 9
        with pytest.raises(AssertionError):
            _ = candidat.issue
        reste = a_part(lambda: laisse(candidat.mandataire))
    assert (reste.imports, reste.courriels) == ([LIGNES], [])
    assert 0 < reste.mesures <= LIGNES
    assert reste.journal < LIGNES + 1


def _integrite() -> str:
    with connection.cursor() as curseur:
        return curseur.execute("PRAGMA integrity_check").fetchone()[0]
