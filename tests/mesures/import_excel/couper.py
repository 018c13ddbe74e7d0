"""A process that applies imports in children of its own and kills them (test_coupure): `python -m … < orders`.

Reads one JSON order a line, `{"apercu": pk, "rang": k, "attente": seconds}`: fork, apply this preview, kill -9 the child
`attente` seconds after it has begun its k-th query (or after the end, if it has fewer). Answers with a JSON line.
Without `rang`, the child is left to finish. With `"transaction": false` the act runs without its own. Django is loaded once, here: a fork costs nothing.
"""

import contextlib
import importlib
import json
import os
import signal
import sys
import time
import traceback
from types import SimpleNamespace

import django
from django.conf import settings


def enfant(ordre: dict, tube: int) -> None:
    """One byte for each query, « F » once the import is confirmed, then wait for the end."""
    from django.db import connection

    from mandataires.models import Mandataire
    from mesures.import_excel import services
    from mesures.import_excel.models import ApercuImport

    depot = ApercuImport.objects.select_related("par", "mandataire").get(pk=ordre["apercu"])

    def dire(executer, sql, params, many, context):
        os.write(tube, b"m" if sql.startswith('INSERT INTO "mesures_mesure"') else b"q")
        return executer(sql, params, many, context)

    if not ordre["transaction"]:
        services.verrouiller = lambda pk: Mandataire.objects.get(pk=pk)
        services.transaction = SimpleNamespace(atomic=contextlib.nullcontext)
    with connection.execute_wrapper(dire):
        services.appliquer(apercu=depot, par=depot.par)
    os.write(tube, b"F")
    if ordre.get("rang") is not None:
        time.sleep(60)


def suivre(ordre: dict) -> dict:
    """Fork, follow, kill. `vues`: what the child had begun when it died."""
    lire, ecrire = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            enfant(ordre, ecrire)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(ecrire)
    vues, debut, rang = b"", time.monotonic(), ordre.get("rang")
    while octet := os.read(lire, 1):
        debut = debut if vues else time.monotonic()
        vues += octet
        if rang is not None and (len(vues) == rang or octet == b"F"):
            time.sleep(ordre["attente"])
            os.kill(pid, signal.SIGKILL)
            rang = None
    _, etat = os.waitpid(pid, 0)
    os.close(lire)
    return {
        "signal": os.WTERMSIG(etat) if os.WIFSIGNALED(etat) else 0,
        "code": os.WEXITSTATUS(etat) if os.WIFEXITED(etat) else None,
        "vues": vues.decode(),
        "secondes": time.monotonic() - debut,
    }


if __name__ == "__main__":
    django.setup()
    importlib.import_module("mesures.import_excel.services")
    importlib.import_module(settings.ROOT_URLCONF)
    for ligne in sys.stdin:
        print(json.dumps(suivre(json.loads(ligne))), flush=True)
