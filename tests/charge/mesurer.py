"""`make bench`: what people do most, on a base of national size, on SQLite and PostgreSQL.

    python -m tests.charge.mesurer --mandataires 10000 --vivantes 1000000 --eteintes 500000

Prints for each page the median and 95th percentile of the full response, the SQL time and the number of queries;
beside them an empty page of the site and a plain count of the living mesures, so that ratios mean something on a
noisy machine.
"""

import argparse
import statistics
import subprocess
import sys
import time

from .bases import BASES, RACINE, bases


def _options() -> argparse.Namespace:
    analyse = argparse.ArgumentParser(description="Mesure les pages sur une base de taille nationale.")
    analyse.add_argument("--mandataires", type=int, default=10_000)
    analyse.add_argument("--vivantes", type=int, default=1_000_000)
    analyse.add_argument("--eteintes", type=int, default=500_000)
    analyse.add_argument("--repetitions", type=int, default=15)
    analyse.add_argument("--base", choices=BASES, action="append")
    analyse.add_argument("--dans", help=argparse.SUPPRESS)  # the child process, on one base
    return analyse.parse_args()


def _chronometrer(appel, repetitions: int) -> tuple[list[float], list[float], int]:
    """Milliseconds of each call, of its SQL, and its number of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    appel()  # warm caches, compiled templates
    totaux, sql, nombre = [], [], 0
    for _ in range(repetitions):
        debut = time.perf_counter()
        appel()
        totaux.append((time.perf_counter() - debut) * 1000)
        with CaptureQueriesContext(connection) as requetes:
            appel()
        sql.append(sum(float(r["time"]) for r in requetes) * 1000)
        nombre = len(requetes)
    return totaux, sql, nombre


def _ligne(nom: str, totaux, sql, nombre) -> None:
    p95 = sorted(totaux)[max(0, round(0.95 * len(totaux)) - 1)]
    print(
        f"  {nom:<58} médiane {statistics.median(totaux):8.1f} ms   p95 {p95:8.1f} ms"
        f"   SQL {statistics.median(sql):8.1f} ms   {nombre:3d} requêtes",
        flush=True,
    )


def mesurer(options) -> None:
    """In the child process: migrate, populate, measure."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import Count
    from django.test import Client

    from emjpm.comptes.models import Utilisateur
    from mandataires.models import Mandataire
    from mesures.models import Mesure
    from tribunaux.models import MembreTribunal, Tribunal

    from .peupler import peupler

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("charger_referentiel", verbosity=0)
    peupler(options.mandataires, options.vivantes, options.eteintes)
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")

    def client(email: str) -> Client:
        navigateur = Client(SERVER_NAME="127.0.0.1")
        navigateur.force_login(Utilisateur.objects.get(email=email))
        return navigateur

    grand = Tribunal.objects.annotate(n=Count("habilitations")).order_by("-n").first()
    MembreTribunal.objects.filter(utilisateur__email="magistrat@exemple.fr").update(tribunal=grand)
    juge, agent, service = (client(f"{c}@exemple.fr") for c in ("magistrat", "agent", "service"))
    lourd = Mandataire.objects.filter(tribunaux=grand).annotate(n=Count("mesures")).order_by("-n").first()
    print(f"  {grand} : {grand.n} mandataires ; {lourd} : {lourd.n} mesures")
    pages = {
        "page vide (contact)": (juge, "/contact/"),
        "recherche par défaut, au plus grand tribunal": (juge, "/recherche/"),
        "recherche à 50 km de Metz": (juge, "/recherche/?lieu=Metz&rayon=50&habilites=france"),
        "recherche, toute la France": (juge, "/recherche/?habilites=france"),
        "recherche, toute la France, page 50": (juge, "/recherche/?habilites=france&page=50"),
        "recherche par texte, toute la France": (juge, "/recherche/?habilites=france&texte=bellerive"),
        "fiche du mandataire le plus chargé": (juge, f"/mandataires/{lourd.pk}/"),
        "mesures du tribunal": (juge, "/mesures/"),
        "tableau de bord d’un service": (service, "/tableau-de-bord/"),
        "mesures en cours d’un service": (service, "/mesures/en-cours/"),
        "pilotage national": (agent, "/pilotage/"),
    }
    totaux, sql, nombre = _chronometrer(lambda: Mesure.objects.vivantes().count(), options.repetitions)
    _ligne("SELECT count(*) des mesures vivantes", totaux, sql, nombre)
    for nom, (navigateur, adresse) in pages.items():
        reponse = navigateur.get(adresse)
        if reponse.status_code != 200:
            print(f"  {nom} : {reponse.status_code} sur {adresse}")
            continue
        _ligne(nom, *_chronometrer(lambda n=navigateur, a=adresse: n.get(a), options.repetitions))


def main() -> int:
    options = _options()
    if options.dans:
        mesurer(options)
        return 0
    codes = []
    for base, _, environnement in bases(options.base):
        commande = [sys.executable, "-m", "tests.charge.mesurer", "--dans", base]
        for nom in ("mandataires", "vivantes", "eteintes", "repetitions"):
            commande += [f"--{nom}", str(getattr(options, nom))]
        codes.append(subprocess.call(commande, cwd=RACINE, env=environnement))
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main())
