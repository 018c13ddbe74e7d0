"""Courts, as people name them."""

from .base import SIRET_METZ
from .cahier import METZ, MODELE, cahier

LYON, VILLEURBANNE = "Tribunal judiciaire de Lyon", "Tribunal de proximité de Villeurbanne"


@cahier("tribunaux par leur nom.xlsx")
def _(f):
    for ecrit, nom in (
        (METZ, METZ), ("TRIBUNAL JUDICIAIRE DE METZ", METZ), ("Tribunal Judiciaire Metz", METZ), ("TJ Metz", METZ), ("TJ de Metz", METZ),
        ("T.J. METZ", METZ), ("METZ", METZ), ("metz", METZ), ("TGI Metz", METZ), ("TJ Lyon", LYON), ("LYON", LYON), ("TJ  LYON ", LYON),
        ("Tribunal d'instance de Villeurbanne", VILLEURBANNE), ("TI de Villeurbanne", VILLEURBANNE),
        ("Tribunal de proximité de Saint-Avold", "Tribunal de proximité de Saint-Avold"),
        ("TPRX ST AVOLD", "Tribunal de proximité de Saint-Avold"), ("TJ Bourg en Bresse", "Tribunal judiciaire de Bourg-en-Bresse"),
        ("TJ DE SARREGUEMINES", "Tribunal judiciaire de Sarreguemines"), ("tj\u00a0metz", METZ), ("Metz (57)", METZ),
    ):  # fmt: skip
        f.prete(tribunal=(ecrit, nom))


@cahier("tribunaux fermés.xlsx")
def _(f):
    """A court that closed is read as the one that took over, and it is said."""
    for ecrit, nom in (
        ("Tribunal d'instance de Boulay-Moselle", METZ), ("TI Boulay-Moselle", METZ), ("TI Château-Salins", METZ),
        ("Tribunal d'instance de Vervins", "Tribunal judiciaire de Laon"), ("TI de Hayange", "Tribunal judiciaire de Thionville"),
        ("Tribunal d’instance de Forbach", "Tribunal de proximité de Saint-Avold"), ("TI METZ", METZ),
    ):  # fmt: skip
        f.prete(tribunal=(ecrit, nom))
    f.avertit = ["remplacé"]


@cahier("tribunaux par leur SIRET.xlsx")
def _(f):
    f.colonnes = [("SIRET du tribunal" if c == "tribunal" else t, c) for t, c in MODELE]
    f.sans_csv = True
    for ecrit in (SIRET_METZ, int(SIRET_METZ), float(SIRET_METZ), "175 700 022 00011", f" {SIRET_METZ}\u00a0"):
        f.prete(tribunal=(ecrit, METZ))
    f.prete(tribunal=("17750111101383", "Tribunal judiciaire de Paris"))
    for ecrit, mot in (("1.77501E+13", "SIRET"), ("1,77501E+13", "SIRET"), (17750100000000, "SIRET"),
                       ("17750111101399", "SIRET"), ("1775011110138", "14 chiffres|SIRET")):  # fmt: skip
        f.a_corriger({"tribunal": mot}, tribunal=ecrit)


@cahier("tribunaux douteux.xlsx")
def _(f):
    """Several possible, none certain: asked, with the candidates."""
    f.banales(1)
    for ecrit, mot in (
        ("TJ de Trifouilly", "pas reconnu"), ("Cour d'appel de Metz", "Metz|reconnu"), ("TJ Mezt", "Metz"), ("TJ St Avold", "Saint-Avold"),
        ("Saint-Denis", "Saint-Denis"), ("mon tribunal", "pas reconnu"), ("57", "pas reconnu|tribunal"), ("TJ", "pas reconnu"),
    ):  # fmt: skip
        f.a_corriger({"tribunal": mot}, tribunal=ecrit)
    f.a_corriger({"tribunal": "manque"}, tribunal=None)
    f.a_corriger({"tribunal": "manque"}, tribunal="NC")


@cahier("tribunaux en code de ville.xlsx")
def _(f):
    f.prete(tribunal=("TJ Saint-Denis", "Tribunal judiciaire de Saint-Denis"))
    f.prete(tribunal=("Tribunal de proximité de Saint-Denis", "Tribunal de proximité de Saint-Denis"))
    f.prete(tribunal=("Saint-Denis (93)", "Tribunal de proximité de Saint-Denis"))
    f.prete(tribunal=("TJ d'Ajaccio", "Tribunal judiciaire d’Ajaccio"))
