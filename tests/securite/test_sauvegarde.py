"""The restore drill: the commands of docs/exploitation.md, run while the base serves, give back what was in it."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)
DOC = (Path(__file__).resolve().parents[2] / "docs" / "exploitation.md").read_text()


def outil(nom: str) -> str:
    chemin = shutil.which(nom)
    if chemin is None:
        (pytest.fail if os.environ.get("CI", "").lower() in {"1", "true"} else pytest.skip)(f"{nom} absent")
    return chemin


def lancer(*commande) -> None:
    subprocess.run([str(c) for c in commande], check=True, timeout=60)


def comptes(executer, tables) -> dict[str, int]:
    return {table: executer(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite")
def test_sqlite_while_somebody_writes(troupe, tmp_path):
    assert 'sqlite3 var/emjpm.sqlite3 ".backup emjpm-sauvegarde.sqlite3"' in DOC
    base, copie = tmp_path / "emjpm.sqlite3", tmp_path / "emjpm-sauvegarde.sqlite3"
    with connection.cursor() as curseur:
        curseur.execute("VACUUM INTO %s", [str(base)])
    with closing(sqlite3.connect(base, isolation_level=None)) as service:
        service.execute("PRAGMA journal_mode=WAL")
        service.execute("UPDATE mesures_mesure SET cabinet = 'acquitté'")  # acknowledged, still in the WAL
        service.execute("BEGIN IMMEDIATE")
        service.execute("UPDATE mesures_mesure SET cabinet = 'en suspens'")  # not yet
        lancer(outil("sqlite3"), base, f".backup {copie}")
        service.execute("ROLLBACK")
    for reste in tmp_path.glob("emjpm.sqlite3*"):
        reste.unlink()  # the disk is lost
    shutil.copy(copie, base)
    tables = connection.introspection.table_names()
    with closing(sqlite3.connect(base)) as rendue:
        assert rendue.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with connection.cursor() as curseur:
            assert comptes(rendue.execute, tables) == comptes(curseur.execute, tables)
        assert rendue.execute("SELECT DISTINCT cabinet FROM mesures_mesure").fetchall() == [("acquitté",)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL")
def test_postgresql_while_somebody_writes(troupe, tmp_path):
    assert 'pg_dump --format=custom --file emjpm.dump "$DATABASE_URL"' in DOC
    assert 'pg_restore --no-owner --dbname "$DATABASE_URL" emjpm.dump' in DOC
    acces, dump = connection.settings_dict, tmp_path / "emjpm.dump"

    def url(nom: str) -> str:
        mot_de_passe = f":{acces['PASSWORD']}" if acces["PASSWORD"] else ""
        return f"postgres://{acces['USER']}{mot_de_passe}@{acces['HOST']}:{acces['PORT']}/{nom}"

    rendue = f"{acces['NAME']}_rendue"
    with psycopg.connect(url(acces["NAME"])) as service:
        service.execute("UPDATE mesures_mesure SET cabinet = 'en suspens'")  # never acknowledged
        lancer(outil("pg_dump"), "--format=custom", "--file", dump, url(acces["NAME"]))
        service.rollback()
    with psycopg.connect(url("postgres"), autocommit=True) as maitre:
        maitre.execute(f'CREATE DATABASE "{rendue}"')
        try:
            lancer(outil("pg_restore"), "--no-owner", "--dbname", url(rendue), dump)
            tables = connection.introspection.table_names()
            with psycopg.connect(url(rendue)) as base, psycopg.connect(url(acces["NAME"])) as vivante:
                assert comptes(base.execute, tables) == comptes(vivante.execute, tables)
                assert not base.execute("SELECT 1 FROM mesures_mesure WHERE cabinet = 'en suspens'").fetchall()
        finally:
            maitre.execute(f'DROP DATABASE "{rendue}"')
