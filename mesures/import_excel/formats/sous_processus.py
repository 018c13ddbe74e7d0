"""Run a program of `isole` on hostile bytes: they go in by a pipe, lines come out by a pipe, nothing touches the disk.

The child bounds its own memory and computing time (see `isole.lecteur`), so that no code runs between fork and exec:
gunicorn serves several threads. Here its clock, its output and its number are bounded. It gets no variable of the
environment: no secret is within its reach. Timers and threads are used rather than `select`, for Windows too.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from .. import erreurs

SECONDES_MAX = 15.0
SORTIE_MAX = 32 * 1024 * 1024
LIGNE_MAX = 512 * 1024
ENSEMBLE_MAX = 2  # at the same time, in one gunicorn worker
_GARDEES = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_places = threading.BoundedSemaphore(ENSEMBLE_MAX)


def lignes(programme: Path, octets: bytes, *arguments: int) -> Iterator[bytes]:
    """The lines the program says, as they come. Raises ClasseurRefuse when it fails, hangs, or says too much.

    Close the generator (`contextlib.closing`) to stop early: the child is gone, and waited for, when it returns.
    """
    if not _places.acquire(timeout=SECONDES_MAX):
        raise erreurs.indisponible()
    try:
        yield from _lignes(programme, octets, *arguments)
    finally:
        _places.release()


def _lignes(programme: Path, octets: bytes, *arguments: int) -> Iterator[bytes]:
    # -I: neither the current directory nor the environment chooses what is imported. -B: no .pyc is written.
    commande = [sys.executable, "-I", "-B", str(programme), *map(str, arguments)]
    milieu = {nom: os.environ[nom] for nom in _GARDEES if nom in os.environ} | {"MALLOC_ARENA_MAX": "1"}
    try:
        enfant = subprocess.Popen(  # noqa: S603 (our own program; the arguments are numbers)
            commande, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=milieu
        )
    except OSError as erreur:  # no process or memory left on the server: not the file's fault
        raise erreurs.indisponible() from erreur
    sonne = threading.Event()
    minuteur = threading.Timer(SECONDES_MAX, lambda: (sonne.set(), enfant.kill()))
    scribe = threading.Thread(target=_ecrire, args=(enfant.stdin, octets), daemon=True)
    try:
        minuteur.start()
        scribe.start()
        lus = 0
        while ligne := enfant.stdout.readline(LIGNE_MAX):
            lus += len(ligne)
            if lus > SORTIE_MAX:
                raise erreurs.trop_rempli()
            if len(ligne) >= LIGNE_MAX:
                raise erreurs.abime()
            if ligne.endswith(b"\n"):  # else cut short: how the child ends says why
                yield ligne
        code = enfant.wait()
        if sonne.is_set():
            raise erreurs.trop_long()
        if code != 0:
            raise _raison(code)
    finally:
        minuteur.cancel()
        enfant.kill()
        enfant.wait()
        for fil in (minuteur, scribe):
            if fil.ident is not None:
                fil.join()
        enfant.stdout.close()
        with contextlib.suppress(OSError):
            enfant.stdin.close()


def _ecrire(tuyau, octets: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):  # the child is gone already: how it ended says why
        tuyau.write(octets)
        tuyau.close()


def _raison(code: int) -> erreurs.ClasseurRefuse:
    """How the child ended, as a sentence. Negative: the signal that stopped it."""
    if code > 0:  # it says 0 whatever the file: something is missing on the server
        return erreurs.indisponible()
    # SIGXCPU, SIGALRM: its own clocks. SIGKILL: the hard limit of computing time, or the system short of memory.
    return erreurs.trop_long() if -code in {9, 14, 24} else erreurs.hostile()
