"""Titles: technical or everyday, in any order, under a heading, beside columns nobody asked for."""

from .cahier import MODELE, PREMIER_EMJPM, Cahier, cahier


def rebaptiser(f: Cahier, **titres: str) -> None:
    f.colonnes = [(titres.get(champ, titre), champ) for titre, champ in MODELE]


@cahier("modèle du premier e-MJPM.xlsx")
def _(f):
    f.colonnes = list(PREMIER_EMJPM)
    f.banales(4)
    f.prete(civilite=("H", "monsieur"), lieu_vie=("A domicile", "domicile"), antenne="MONTREUIL")
    f.prete(tribunal=("17750111101383", "Tribunal judiciaire de Paris"), antenne="MONTREUIL")


@cahier("premier e-MJPM avec deux dates.xlsx")
def _(f):
    """`date_ouverture` stands beside `date_nomination`: the day of the judgment is the second."""
    f.colonnes = [("date_ouverture", ""), *PREMIER_EMJPM]
    f.prete(autres={"date_ouverture": "01/01/2015"}, date_jugement=("01/03/2020", "2020-03-01"))
    f.prete(autres={"date_ouverture": "01/01/2015"})
    f.sans_csv = True


@cahier("titres de tous les jours.xlsx")
def _(f):
    rebaptiser(f, date_jugement="Date nomination", nature="Type", code_postal="CP", ville="Commune", civilite="Civ.",
               annee_naissance="Né(e) en", lieu_vie="Résidence", numero_dossier="Réf", numero_rg="N° RG",
               tribunal="Juridiction", cabinet="Cab")  # fmt: skip
    f.banales(5)


@cahier("titres en majuscules soulignés.xlsx")
def _(f):
    rebaptiser(f, date_jugement="DATE_DU_JUGEMENT", nature="TYPE_DE_MESURE", code_postal="CODE_POSTAL", ville="VILLE",
               civilite="CIVILITE", annee_naissance="ANNEE_NAISSANCE", lieu_vie="LIEU_DE_RESIDENCE",
               numero_dossier="NUMERO_DOSSIER", numero_rg="NUMERO_RG", tribunal="TRIBUNAL", cabinet="CABINET")  # fmt: skip
    f.banales(4)


@cahier("titres mal tapés.xlsx")
def _(f):
    rebaptiser(f, date_jugement="  Date  du\njugement ", nature="type de la  mesure*", code_postal="Code  Postal :",
               civilite="Civilité (M./Mme)", annee_naissance="Année de naissance (aaaa)", lieu_vie="Lieu de residence",
               numero_rg="numéro R.G.", tribunal="Tribunal\u00a0", cabinet="Cabinet n°")  # fmt: skip
    f.banales(3)


@cahier("ordre inversé.xlsx")
def _(f):
    f.colonnes = list(reversed(MODELE))
    f.banales(5)


@cahier("ordre au hasard.xlsx")
def _(f):
    f.colonnes = [MODELE[n] for n in (4, 9, 0, 7, 2, 10, 1, 8, 5, 3, 6)]
    f.banales(5)


@cahier("sous un titre et un logo.xlsx")
def _(f):
    f.avant = [
        ["ASSOCIATION TUTÉLAIRE DES TROIS PONTS"],
        ["Liste des mesures au 31/12/2025"],
        [],
        ["Édité le", "02/01/2026"],
        [],
    ]
    f.banales(5)
    f.ignoree("Total", 5, raison="total")


@cahier("deux lignes d’en-tête.xlsx")
def _(f):
    """Groups above the titles, merged as people merge them."""
    f.avant = [["MESURE", None, "MAJEUR", None, None, None, None, "RÉFÉRENCES", None, "JURIDICTION", None]]
    f.banales(5)

    def preparer(livre, feuille):
        for zone in ("A1:B1", "C1:G1", "H1:I1", "J1:K1"):
            feuille.merge_cells(zone)

    f.preparations.append(preparer)


@cahier("colonnes en trop.xlsx")
def _(f):
    f.colonnes = [
        ("Délégué", ""),
        *MODELE[:3],
        ("Banque", ""),
        *MODELE[3:8],
        ("Date d’échéance", ""),
        *MODELE[8:],
        ("Obs.", ""),
    ]
    for _n in range(4):
        f.prete(autres={"Délégué": "équipe 3", "Banque": "La Poste", "Date d’échéance": "12/03/2026", "Obs.": "RAS"})


@cahier("colonnes sans titre.xlsx")
def _(f):
    f.colonnes = [(None, ""), *MODELE, (None, "")]
    f.sans_csv = True
    for n in range(4):
        f.prete(autres={None: n + 1})


@cahier("tableau décalé.xlsx")
def _(f):
    """The table begins in column D, row 4."""
    f.avant = [[], [], []]
    f.colonnes = [(None, ""), (None, ""), (None, ""), *MODELE]
    f.banales(4)


@cahier("informations facultatives absentes.xlsx")
def _(f):
    """No RG, no dossier, no cabinet, no year: nothing of that blocks."""
    f.colonnes = [c for c in MODELE if c[1] not in {"numero_rg", "numero_dossier", "cabinet", "annee_naissance"}]
    f.banales(4)


@cahier("colonne obligatoire absente.xlsx")
def _(f):
    """Without the court, every row is to fix and the missing column is told."""
    f.colonnes = [c for c in MODELE if c[1] != "tribunal"]
    for _n in range(3):
        f.a_corriger({"tribunal": "manque"})
    f.avertit = ["tribunal"]


@cahier("deux colonnes pour une information.xlsx")
def _(f):
    """Of two dates, that of the judgment is read, the other is told (« colonnes »)."""
    f.colonnes = [("Date", ""), *MODELE, ("Ville du tribunal", "")]
    for _n in range(3):
        f.prete(autres={"Date": "12/12/2012", "Ville du tribunal": "Nancy"})
    f.sans_csv = True
