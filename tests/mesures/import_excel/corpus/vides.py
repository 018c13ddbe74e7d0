"""Blank rows, totals, repeated titles, and every way to write « nothing »."""

from .cahier import MODELE, cahier


@cahier("lignes vides et total.xlsx")
def _(f):
    f.banales(3)
    f.vide()
    f.vide()
    f.banales(2)
    f.ignoree(*[" "] * 11, raison="vide")
    f.banales(1)
    f.vide()
    f.ignoree("TOTAL", 6, raison="total")


@cahier("TOTAL 84.xlsx")
def _(f):
    f.banales(4)
    f.ignoree("TOTAL : 84", raison="total")


@cahier("nombre de mesures.xlsx")
def _(f):
    f.banales(4)
    f.vide()
    f.ignoree(None, None, None, None, None, None, None, None, "Nombre de mesures", 4, raison="total")
    f.ignoree("Total général", None, None, None, 4, raison="total")


@cahier("sous-totaux.xlsx")
def _(f):
    f.banales(2)
    f.ignoree("Sous-total Metz", 2, raison="total")
    f.banales(2)
    f.ignoree("Sous total Thionville", 2, raison="total")
    f.ignoree("TOTAL", 4, raison="total")


@cahier("titres répétés.xlsx")
def _(f):
    """A list printed on several pages repeats its titles."""
    titres = [t for t, _ in MODELE]
    f.banales(3)
    f.ignoree(*titres, raison="titre")
    f.banales(3)
    f.vide()
    f.ignoree(*titres, raison="titre")
    f.banales(1)


@cahier("rien, de toutes les façons.xlsx")
def _(f):
    for rien in (
        "",
        " ",
        "N/A",
        "n/a",
        "-",
        "--",
        "—",
        "néant",
        "NEANT",
        "?",
        "??",
        "#N/A",
        "NC",
        "null",
        "\u00a0",
        "inconnu",
        "…",
        "\u200b",
    ):
        f.prete(annee_naissance=(rien, None), cabinet=(rien, ""), numero_dossier=(rien, ""), numero_rg=(rien, ""),
                code_postal=(rien, ""), ville=(rien, ""))  # fmt: skip


@cahier("rien là où il faut.xlsx")
def _(f):
    """All the problems of a row at once."""
    f.banales(1)
    tous = dict.fromkeys(("date_jugement", "nature", "civilite", "lieu_vie", "tribunal"), "manque")
    f.a_corriger(tous, date_jugement="?", nature="-", civilite="N/A", lieu_vie="néant", tribunal="NC")
    f.a_corriger(tous, **dict.fromkeys(tous))
    f.a_corriger({"date_jugement": "31 février", "nature": "mandataire judiciaire", "tribunal": "reconnu"},
                 date_jugement="31/02/2020", nature="habilitation familiale", tribunal="Trifouilly")  # fmt: skip
    f.a_corriger({"date_jugement": "futur", "civilite": "civilité", "annee_naissance": "2 chiffres|1946", "code_postal|ville": "Metz"},
                 date_jugement="01/01/2099", civilite="X", annee_naissance="46", ville="Trifouilly")  # fmt: skip


@cahier("notes sous le tableau.xlsx")
def _(f):
    """A line that is no mesure is told, one way or the other: never lost, never imported."""
    f.banales(3)
    f.vide()
    f.ni_prete("Document édité le 12/03/2026")
    f.ni_prete(None, None, "page 1/1")
    f.ni_prete("* mesures en cours de renouvellement", None, None, None, "voir le greffe")


@cahier("une seule ligne.xlsx")
def _(f):
    f.prete()


@cahier("mille lignes.xlsx")
def _(f):
    f.banales(1000)
    f.ignoree("Total", 1000, raison="total")
