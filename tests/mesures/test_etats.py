"""docs/etats.md shows the very table of transitions."""

import re
from pathlib import Path

from mesures.enums import TRANSITIONS, GenreEvolution, Statut

DOC = Path(__file__).parents[2] / "docs" / "etats.md"


def test_la_doc_montre_la_table():
    lignes = re.findall(r"^\| `(\w+)` \| (?:`(\w+)`|\(nothing\)) \| `(\w+)` \|", DOC.read_text(), re.MULTILINE)
    montrees = {acte: (Statut(depart) if depart else None, Statut(arrivee)) for acte, depart, arrivee in lignes}
    assert montrees == TRANSITIONS


def test_la_doc_ne_dit_rien_d_inconnu():
    puces = re.findall(r"^- ((?:`\w+`(?:, )?)+):", DOC.read_text(), re.MULTILINE)
    assert {acte for puce in puces for acte in re.findall(r"`(\w+)`", puce)} == {
        "evoluer",
        "corriger_evolution",
        "retirer_evolution",
        "modifier",
        "modifier_reservation",
        "classer",
        "supprimer",
    }


def test_la_doc_dit_chaque_evolution():
    montres = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", DOC.read_text().split("**Evolutions**")[1], re.MULTILINE)
    assert {g for ligne in montres for g in re.findall(r"`(\w+)`", ligne)} == set(GenreEvolution.values)
