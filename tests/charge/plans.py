"""How the database means to read a table: EXPLAIN, on the queries a page really sent."""

import json
import re

from django.db import connection

_MOTS = {"where", "inner", "left", "on", "order", "group", "limit", "set", "cross", "join", "having", "union"}


def balayages(requetes: list[tuple[str, tuple | None]], table: str) -> list[str]:
    """Those of these SELECT, (SQL, parameters), that read the whole table without an index; the start of each."""
    lectures = [
        (sql, parametres) for sql, parametres in requetes if sql.lstrip("( ").upper().startswith(("SELECT", "WITH"))
    ]
    cherche = _balaye_postgresql if connection.vendor == "postgresql" else _balaye_sqlite
    with connection.cursor() as curseur:
        return [sql[:200] for sql, parametres in lectures if cherche(curseur, sql, parametres, table)]


def _balaye_postgresql(curseur, sql: str, parametres, table: str) -> bool:
    curseur.execute(f"EXPLAIN (FORMAT JSON) {sql}", parametres)
    plan = curseur.fetchone()[0]
    a_voir = [p["Plan"] for p in (json.loads(plan) if isinstance(plan, str) else plan)]
    while a_voir:
        noeud = a_voir.pop()
        if "Seq Scan" in noeud["Node Type"] and noeud.get("Relation Name") == table:
            return True
        a_voir += noeud.get("Plans", [])
    return False


def _balaye_sqlite(curseur, sql: str, parametres, table: str) -> bool:
    curseur.execute(f"EXPLAIN QUERY PLAN {sql}", parametres)
    surnoms = {s for s in re.findall(rf'"{table}"\s+(?:AS\s+)?"?(\w+)', sql, re.IGNORECASE) if s.lower() not in _MOTS}
    noms = "|".join({table, *surnoms})
    # « SEARCH u0 » alone is what it says of a max() without an index: a scan all the same.
    sans_index = re.compile(rf"(?:SCAN|SEARCH) (?:TABLE )?(?:{noms})\b(?!.* USING )")
    return any(sans_index.match(ligne[-1]) for ligne in curseur.fetchall())
