"""The adult: civilité, year of birth, where they live."""

import datetime

from .cahier import MODELE, cahier


@cahier("civilités.xlsx")
def _(f):
    for ecrit in ("H", "h", "M", "m", "M.", "Mr", "Monsieur", "MONSIEUR", "homme", "Masculin", "  M. ", "M\u00a0"):
        f.prete(civilite=(ecrit, "monsieur"))
    for ecrit in ("F", "f", "Mme", "MME", "Mme.", "Mlle", "Melle", "madame", "Mademoiselle", "femme", "Féminin"):
        f.prete(civilite=(ecrit, "madame"))
    for ecrit in ("X", "Dr", "M. et Mme", "Maître"):
        f.a_corriger({"civilite": "civilité"}, civilite=ecrit)
    f.a_corriger({"civilite": "manque"}, civilite=None)


@cahier("années de naissance.xlsx")
def _(f):
    f.sans_csv = True
    for ecrit, lue in ((1950, 1950), (1950.0, 1950), ("1950", 1950), ("1950.0", 1950), ("1950,0", 1950), (" 1950 ", 1950),
                       ("12/03/1950", 1950), (datetime.datetime(1950, 3, 12), 1950), ("1950-03-12", 1950), ("12 mars 1950", 1950),
                       ("12.03.1950", 1950), (None, None), ("", None), ("-", None), ("?", None), ("inconnue", None), ("N/A", None),
                       ("1950\u00a0", 1950), ("'1950", 1950)):  # fmt: skip
        f.prete(annee_naissance=(ecrit, lue))


@cahier("années douteuses.xlsx")
def _(f):
    """A year of two digits is a question, never a guess."""
    f.banales(1)
    for ecrit, mot in (("46", "2 chiffres|1946"), (46, "2 chiffres|1946"), ("12/03/46", "2 chiffres|1946"), (2099, "futur"),
                       ("01/01/2099", "futur"), (1850, "ancienne|1900"), ("1899", "ancienne|1900"), (19500, "année"),
                       ("195", "année"), ("vers 1950", "année"), (-1950, "année"), ("31/02/1950", "année|n’existe pas")):  # fmt: skip
        f.a_corriger({"annee_naissance": mot}, annee_naissance=ecrit)


@cahier("dates de naissance.xlsx")
def _(f):
    """A full date is personal: only the year is kept, and nothing else of it shows anywhere."""
    f.colonnes = [("Date de naissance" if c == "annee_naissance" else t, c) for t, c in MODELE]
    f.prete(annee_naissance=(datetime.datetime(1947, 8, 17), 1947))
    f.prete(annee_naissance=("17/08/1947", 1947))
    f.question({"annee_naissance": "année"}, annee_naissance=("né le 17/08/1947", 1947))
    f.question({"annee_naissance": "année"}, annee_naissance=(17396, 1947))
    f.a_corriger({"annee_naissance": "2 chiffres|1947"}, annee_naissance="17/08/47")
    f.tait = ["17/08", "08-17", "17 août"]
    f.sans_csv = True


@cahier("résidences.xlsx")
def _(f):
    for ecrit, lieu in (
        ("domicile", "domicile"), ("À domicile", "domicile"), ("A DOMICILE", "domicile"), ("Domicile personnel", "domicile"),
        ("Logement personnel", "domicile"), ("établissement", "etablissement"), ("ETABLISSEMENT", "etablissement"),
        ("EHPAD", "etablissement"), ("Ehpad", "etablissement"), ("E.H.P.A.D.", "etablissement"), ("MAS", "etablissement"),
        ("FAM", "etablissement"), ("foyer de vie", "etablissement"), ("Foyer", "etablissement"), ("hôpital", "etablissement"),
        ("Hopital psychiatrique", "etablissement"), ("Maison de retraite", "etablissement"), ("CHS", "etablissement"),
        ("EHPAD Les Glycines", "etablissement"), ("Foyer de vie La Source", "etablissement"), ("USLD", "etablissement"),
        ("Établissement avec conservation du domicile", "etablissement_conservation_domicile"),
        ("etablissement_conservation_domicile", "etablissement_conservation_domicile"),
        ("En établissement, avec conservation du domicile", "etablissement_conservation_domicile"),
    ):  # fmt: skip
        f.prete(lieu_vie=(ecrit, lieu))
    for ecrit in ("chez un ami", "autre", "Maroc", 3):
        f.a_corriger({"lieu_vie": "résidence|reconnu"}, lieu_vie=ecrit)
    f.a_corriger({"lieu_vie": "manque"}, lieu_vie=None)
