"""Names: a column or a reference that holds some is set aside, the rest goes in. CANARI never shows anywhere."""

from .cahier import MODELE, cahier

CANARI = "Zébulon"
NOM, PRENOM = "KANARIOVSKI", "Zébulon"


def avec(f, *colonnes):
    f.colonnes = [*((t, "") for t in colonnes), *MODELE]
    f.tait = [NOM, PRENOM, NOM.lower(), NOM.title()]
    f.avertit = ["nom"]


@cahier("NOM et prénom.xlsx")
def _(f):
    avec(f, "NOM", "Prénom")
    for _n in range(6):
        f.prete(autres={"NOM": NOM, "Prénom": PRENOM})
    f.a_corriger({"date_jugement": "février"}, autres={"NOM": NOM, "Prénom": PRENOM}, date_jugement="30/02/2020")


@cahier("colonne Majeur.xlsx")
def _(f):
    avec(f, "Majeur protégé")
    for _n in range(5):
        f.prete(autres={"Majeur protégé": f"M. {NOM} {PRENOM}"})


@cahier("nom de naissance et d’usage.xlsx")
def _(f):
    avec(f, "Nom de naissance", "Nom d'usage", "Prénom(s)")
    for _n in range(3):
        f.prete(autres={"Nom de naissance": NOM, "Nom d'usage": NOM, "Prénom(s)": PRENOM})


@cahier("Personne protégée.xlsx")
def _(f):
    avec(f, "Personne protégée")
    f.prete(autres={"Personne protégée": f"{NOM} {PRENOM}"})
    f.prete(autres={"Personne protégée": f"{PRENOM} {NOM}"})


@cahier("dossiers qui sont des noms.xlsx")
def _(f):
    """The cell stops, the row goes in without it, and it is said."""
    f.tait = [NOM, PRENOM, NOM.lower(), NOM.title()]
    for ecrit in (f"{NOM} {PRENOM}", NOM, NOM.lower(), f"Mme {NOM.title()}", f"M. {NOM}", f"{PRENOM} {NOM}", f"2021-034 {NOM.title()}",
                  f"{NOM}2021"):  # fmt: skip
        f.prete(numero_dossier=(ecrit, ""))
    f.prete(numero_dossier="2021-034")
    f.avertit = ["nom"]


@cahier("noms dans les titres inconnus.xlsx")
def _(f):
    """A column nobody knows is named, its content is shown nowhere."""
    f.colonnes = [*MODELE, ("Observations", ""), ("Référent famille", "")]
    f.tait = [NOM, PRENOM, "rue des Lilas"]
    for _n in range(3):
        f.prete(autres={"Observations": f"12 rue des Lilas, voir {PRENOM}", "Référent famille": NOM})


@cahier("nom dans le type et la civilité.xlsx")
def _(f):
    """A cell that cannot be read is not shown when it holds a name."""
    f.tait = [NOM, NOM.title()]
    f.a_corriger({"civilite": "civilité"}, civilite=f"Mme {NOM.title()}")
    f.a_corriger({"nature": "reconnu"}, nature=f"Madame {NOM.title()}")
    f.a_corriger({"numero_rg": "RG"}, numero_rg=f"M. {NOM.title()}")
