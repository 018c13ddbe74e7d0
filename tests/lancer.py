"""The tests, on both databases and in both browsers: `python -m tests.lancer` (called by `make test`).

1. everything on SQLite; 2. everything that uses a database again on PostgreSQL, in a temporary cluster of its own;
3. the stories in Chromium and Firefox against the demo itself.
A missing PostgreSQL or browser is skipped with a sentence that says how to get it; in CI (CI=true) it fails.
"""

import contextlib
import glob
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
EN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
NAVIGATEURS = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "firefox": ("firefox-esr", "firefox")}


def pytest(*arguments: str, **environnement: str) -> int:
    """Run pytest in a process of its own; returns its exit code."""
    return subprocess.call(commande_pytest(*arguments), cwd=RACINE, env=environ(**environnement))


def commande_pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]


def environ(**environnement: str) -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "emjpm.settings.test", **environnement}


def absent(quoi: str, remede: str) -> int:
    print(f"\n⚠ {quoi} : {'exigé en intégration continue' if EN_CI else 'tests passés'}. {remede}\n", flush=True)
    return int(EN_CI)


@contextlib.contextmanager
def postgresql():
    """URL of a temporary PostgreSQL cluster, thrown away at the end; None when PostgreSQL is not installed.

    PostgreSQL refuses to run as root: the cluster then belongs to the user `postgres` or `nobody`.
    """
    binaires = sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [os.path.dirname(shutil.which("initdb") or "")]
    if not os.path.exists(os.path.join(binaires[-1], "initdb")):
        yield None
        return
    binaire = Path(binaires[-1])
    dossier = tempfile.mkdtemp(prefix="emjpm-pg-")
    prefixe: list[str] = []
    if os.getuid() == 0:
        compte = next(n for n in ("postgres", "nobody") if n in {u.pw_name for u in pwd.getpwall()})
        shutil.chown(dossier, compte)
        prefixe = ["runuser", "-u", compte, "--"]
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]

    def executer(*commande) -> None:
        subprocess.run([*prefixe, *map(str, commande)], check=True, stdout=subprocess.DEVNULL, cwd="/")

    executer(binaire / "initdb", "-D", f"{dossier}/base", "-U", "emjpm", "-A", "trust", "-E", "UTF8", "--no-sync")
    reglages = (
        f"-p {port} -k {dossier} -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300"
    )
    executer(binaire / "pg_ctl", "-D", f"{dossier}/base", "-w", "-l", f"{dossier}/journal", "-o", reglages, "start")
    try:
        yield f"postgres://emjpm@127.0.0.1:{port}/postgres"
    finally:
        executer(binaire / "pg_ctl", "-D", f"{dossier}/base", "-w", "-m", "immediate", "stop")
        shutil.rmtree(dossier, ignore_errors=True)


def parcourir(navigateurs: list[str]) -> list[int]:
    """The exit code of each browser. All at once, each against a demo of its own: a story mostly waits.

    What the first prints is read as it comes, the others' once they are done.
    """
    premier, *autres = navigateurs
    with contextlib.ExitStack() as pile:
        lances = []
        for nom in autres:
            sortie = pile.enter_context(tempfile.TemporaryFile("w+"))
            # `une_fois`: what does not differ from one browser to another is looked at in the first.
            commande = commande_pytest("-m", "navigateur and not une_fois", "tests/parcours", "--browser", nom)
            lances.append(
                (
                    nom,
                    sortie,
                    subprocess.Popen(commande, cwd=RACINE, env=environ(), stdout=sortie, stderr=subprocess.STDOUT),
                )
            )
        codes = [pytest("-m", "navigateur", "tests/parcours", "--browser", premier)]
        for nom, sortie, processus in lances:
            codes.append(processus.wait())
            sortie.seek(0)
            print(f"\nDans {nom} :\n{sortie.read()}", flush=True)
    return codes


def main() -> int:
    coeurs = str(min(4, os.cpu_count() or 1))
    hors_navigateur = ("-m", "not navigateur", "-n", coeurs)
    codes = [pytest(*hors_navigateur)]
    with postgresql() as url:
        if url:
            print("\nLes mêmes tests sur PostgreSQL :", flush=True)
            codes.append(pytest(*hors_navigateur, "--base-seule", DATABASE_URL=url))
        else:
            codes.append(absent("PostgreSQL n’est pas installé", "Sur Debian ou Ubuntu : apt install postgresql"))
    presents = [n for n, commandes in NAVIGATEURS.items() if any(map(shutil.which, commandes))]
    for nom in NAVIGATEURS.keys() - set(presents):
        paquet = "firefox-esr" if nom == "firefox" else nom
        codes.append(absent(f"Le navigateur {nom} n’est pas installé", f"Sur Debian : apt install {paquet}"))
    if presents:
        print("\nLes parcours dans les navigateurs :", flush=True)
        codes += parcourir(presents)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
