"""Exports of business software, and lists kept by hand: everything at once, as it comes."""

import datetime

from .cahier import METZ, cahier


@cahier("export logiciel A.xlsx")
def _(f):
    f.colonnes = [
        ("N° dossier", "numero_dossier"), ("Civilité", "civilite"), ("Nom", ""), ("Prénom", ""), ("Date naiss.", "annee_naissance"),
        ("Mesure", "nature"), ("Date jugement", "date_jugement"), ("Date fin", ""), ("Tribunal", "tribunal"), ("N° R.G.", "numero_rg"),
        ("CP", "code_postal"), ("Ville", "ville"), ("Hébergement", "lieu_vie"), ("Solde", ""),
    ]  # fmt: skip
    f.avant = [["Export du 03/01/2026 - 3 dossiers"]]
    f.tait = ["KANARIOVSKI"]
    noms = {"Nom": "KANARIOVSKI", "Prénom": "Zébulon", "Date fin": datetime.datetime(2028, 1, 1), "Solde": 1234.56}
    f.prete(autres=noms, civilite=("MME", "madame"), annee_naissance=(datetime.datetime(1936, 5, 4), 1936),
            nature=("Tutelle aux biens et à la personne", "tutelle"), champ=(None, "protection_bien_personne"),
            tribunal=("TJ METZ", METZ), numero_rg="19/A/00231", lieu_vie=("EHPAD", "etablissement"))  # fmt: skip
    f.prete(autres=noms, civilite=("MR", "monsieur"), annee_naissance=(datetime.datetime(1981, 12, 31), 1981),
            nature=("CR", "curatelle_renforcee"), tribunal=("TI THIONVILLE", "Tribunal judiciaire de Thionville"),
            lieu_vie=("DOMICILE", "domicile"), code_postal=(57100, "57100"), ville=("THIONVILLE", "Thionville"))  # fmt: skip
    f.a_corriger({"date_jugement": "manque"}, autres=noms, date_jugement=None)
    f.sans_csv = True


@cahier("export logiciel B.xlsx")
def _(f):
    f.colonnes = [
        ("ref_dossier", "numero_dossier"), ("sexe", "civilite"), ("annee_naissance", "annee_naissance"), ("type_mesure", "nature"),
        ("champ_mesure", "champ"), ("date_decision", "date_jugement"), ("nom_juridiction", "tribunal"), ("cabinet", "cabinet"),
        ("num_rg", "numero_rg"), ("code_postal", "code_postal"), ("commune", "ville"), ("lieu_de_vie", "lieu_vie"), ("id_externe", ""),
    ]  # fmt: skip
    for n, (nature, champ, lu) in enumerate((("tutelle", "protection_bien", "tutelle"), ("curatelle_renforcee", "protection_bien_personne", "curatelle_renforcee"),
                                             ("sauvegarde_justice", "", "sauvegarde_justice"))):  # fmt: skip
        f.prete(autres={"id_externe": n}, nature=(nature, lu), champ=champ, date_jugement=("2020-05-0" + str(n + 1),) * 2,
                civilite=("F", "madame"), lieu_vie=("etablissement", "etablissement"))  # fmt: skip


@cahier("liste tenue à la main.xlsx")
def _(f):
    f.avant = [["Mes mesures 2026 😀"], [None]]
    f.colonnes = [("Majeur", ""), ("Dossier", "numero_dossier"), ("Mesure", "nature"), ("Jugement du", "date_jugement"), ("Tribunal", "tribunal"),
                  ("RG", "numero_rg"), ("Ville", "ville"), ("Code postal", "code_postal"), ("Sexe", "civilite"), ("Naissance", "annee_naissance"),
                  ("Logement", "lieu_vie")]  # fmt: skip
    f.tait = ["KANARIOVSKI"]
    majeur = {"Majeur": "KANARIOVSKI Zébulon"}
    f.prete(autres=majeur, numero_dossier=(12, "12"), nature=("curatelle renforcee", "curatelle_renforcee"), date_jugement=("3 mars 2020", "2020-03-03"),
            tribunal=("Metz", METZ), civilite=("h", "monsieur"), annee_naissance=("1950", 1950), lieu_vie=("appartement", "domicile"))  # fmt: skip
    f.prete(autres=majeur, numero_dossier=(13, "13"), nature=("TUTELLE biens + pers.", "tutelle"), champ=(None, "protection_bien_personne"),
            date_jugement=("28/11/10", "2010-11-28"), tribunal=("TJ Metz", METZ), civilite=("f", "madame"), annee_naissance=("?", None),
            lieu_vie=("Maison de retraite", "etablissement"), ville=("Metz (57)", "Metz"))  # fmt: skip
    f.a_corriger({"annee_naissance": "2 chiffres|1946"}, autres=majeur, annee_naissance="46")
    f.a_corriger({"nature": "mandataire judiciaire"}, autres=majeur, nature="Habilitation familiale")
    f.vide()
    f.ignoree("TOTAL : 4", raison="total")
    f.sans_csv = True


@cahier("préposé d’établissement.xlsx")
def _(f):
    """Everyone lives in the same place: said once, in merged cells."""
    f.colonnes = [("Date de la mesure", "date_jugement"), ("Régime", "nature"), ("CP", "code_postal"), ("Commune", "ville"), ("Sexe", "civilite"),
                  ("Année", "annee_naissance"), ("Type de résidence", "lieu_vie"), ("Référence", "numero_dossier"), ("RG", "numero_rg"), ("TJ", "tribunal")]  # fmt: skip
    f.prete(lieu_vie=("EHPAD", "etablissement"))
    for _n in range(5):
        f.prete(
            lieu_vie=(None, "etablissement"), code_postal=(None, "57000"), ville=(None, "Metz"), tribunal=(None, METZ)
        )

    def preparer(livre, feuille):
        for colonne in "CDGJ":
            feuille.merge_cells(f"{colonne}2:{colonne}7")

    f.preparations.append(preparer)


@cahier("service avec antennes.xlsx")
def _(f):
    """Without a service of its own, the column of antennes is told and left."""
    f.colonnes = [("Antenne", "antenne"), *f.colonnes]
    for antenne in ("Metz", "Thionville", "Metz"):
        f.prete(antenne=antenne)


@cahier("emoji et écriture de droite à gauche.xlsx")
def _(f):
    f.colonnes = [*f.colonnes, ("📝 notes", "")]
    f.prete(autres={"📝 notes": "👍🏽 שלום עולם"}, numero_dossier="📁12")
    f.prete(autres={"📝 notes": "\u202e12\u202c"}, numero_dossier="ملف 12")
    f.prete(autres={"📝 notes": "𝕳𝖊𝖑𝖑𝖔"}, cabinet="②")
