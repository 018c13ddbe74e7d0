"""docs/etats.md shows the very table of transitions."""

import re
from pathlib import Path

from mesures.enums import TRANSITIONS, Statut

DOC = Path(__file__).parents[2] / "docs" / "etats.md"


def test_la_doc_montre_la_table():
    lignes = re.findall(r"^\| `(\w+)` \| (?:`(\w+)`|\(nothing\)) \| `(\w+)` \|", DOC.read_text(), re.MULTILINE)
    montrees = {acte: (Statut(depart) if depart else None, Statut(arrivee)) for acte, depart, arrivee in lignes}
    assert montrees == TRANSITIONS


def test_la_doc_ne_dit_rien_d_inconnu():
    assert set(re.findall(r"^- `(\w+)`:", DOC.read_text(), re.MULTILINE)) == {
        "modifier",
        "modifier_reservation",
        "classer",
        "supprimer",
    }
