"""Where the adult lives: postal codes and towns as people and Excel write them."""

from .cahier import MODELE, SANS_ADRESSE, Un, cahier


def lieux(f, *lignes):
    for code, ville, code_lu, ville_lue in lignes:
        f.prete(code_postal=(code, code_lu), ville=(ville, ville_lue), pays=(None, "FR"))


@cahier("codes postaux.xlsx")
def _(f):
    lieux(
        f,
        ("57000", "Metz", "57000", "Metz"), (57000, "METZ", "57000", "Metz"), (57000.0, "metz", "57000", "Metz"),
        ("75 001", "Paris", "75001", "Paris"), ("F-75001", "Paris", "75001", "Paris"),
        ("F - 57000", "Metz", "57000", "Metz"), ("FR-57000", "Metz", "57000", "Metz"),
        ("75001 CEDEX 05", "Paris", "75001", "Paris"), ("57000 Cedex", "Metz", "57000", "Metz"),
        ("57\u00a0000", "Metz", "57000", "Metz"), ("57\u202f000", "Metz", "57000", "Metz"), (" 57000 ", "Metz", "57000", "Metz"),
        ("57 000", "Metz Cedex 1", "57000", "Metz"), ("'57000", "Metz", "57000", "Metz"), ("57.000", "Metz", "57000", "Metz"),
    )  # fmt: skip


@cahier("zéros perdus.xlsx")
def _(f):
    """Excel ate the first zero of the département of Ain, which the first e-MJPM then took for Brussels."""
    lieux(f, (1000, "Bourg-en-Bresse", "01000", "Bourg-en-Bresse"), (1000.0, "BOURG EN BRESSE", "01000", "Bourg-en-Bresse"),
          ("1000", "Bourg en Bresse", "01000", "Bourg-en-Bresse"), (6000, "Nice", "06000", "Nice"),
          (8000, "Charleville Mézières", "08000", "Charleville-Mézières"), (5000, "Gap", "05000", "Gap"),
          (9000, "FOIX", "09000", "Foix"), (4000, "Digne les Bains", "04000", "Digne-les-Bains"))  # fmt: skip
    f.avertit = ["zéro"]
    f.a_corriger({"code_postal|ville": "4 chiffres|01000"}, code_postal=1000, ville="Metz")


@cahier("Belgique.xlsx")
def _(f):
    """Many adults live in Belgium: said by the country, the code, the town."""
    f.colonnes = [*MODELE[:4], ("Pays", "pays"), *MODELE[4:]]
    for code, ville, pays, code_lu, ville_lue in (
        ("6760", "Virton", "Belgique", "6760", "Virton"), (6760, "Virton", "BELGIQUE", "6760", "Virton"),
        (6760.0, "Virton", "BE", "6760", "Virton"), (1000, "Bruxelles", "Belgique", "1000", "Bruxelles"),
        ("B-6760", "Virton", None, "6760", "Virton"), ("6760", "Virton (Belgique)", None, "6760", "Virton"),
        ("6760", "Virton - Belgique", None, "6760", "Virton"), (7500, "Tournai", None, "7500", "Tournai"),
        (1000, "BRUXELLES", None, "1000", "BRUXELLES"),
    ):  # fmt: skip
        f.prete(code_postal=(code, code_lu), ville=(ville, Un(ville_lue, ville_lue.capitalize())), pays=(pays, "BE"))
    for pays in (None, "France", "FR"):
        f.prete(code_postal=(1000, "01000"), ville=("Bourg-en-Bresse", "Bourg-en-Bresse"), pays=(pays, "FR"))
    f.a_corriger({"code_postal|ville|pays": "belge|Belgique"}, code_postal="57000", ville="Metz", pays="Belgique")
    f.a_corriger({"pays": "pays"}, code_postal="57000", ville="Metz", pays="Allemagne")
    f.a_corriger({"code_postal|ville|pays": "4 chiffres"}, code_postal=6999, ville="Trifouillis-sur-Semois")


@cahier("codes INSEE.xlsx")
def _(f):
    """The INSEE code in the column of the postal code: read when the town agrees."""
    f.colonnes = [("Code commune" if c == "code_postal" else t, c) for t, c in MODELE]
    lieux(f, ("57463", "Metz", "57000", "Metz"), (57463, "METZ", "57000", "Metz"), ("01053", "Bourg-en-Bresse", "01000", "Bourg-en-Bresse"),
          (1053, "Bourg-en-Bresse", "01000", "Bourg-en-Bresse"), ("2A004", "Ajaccio", "20000", "Ajaccio"),
          ("2a004", "AJACCIO", "20000", "Ajaccio"), ("35238", "Rennes", "35000", "Rennes"),
          ("57480", "Montigny lès Metz", "57950", "Montigny-lès-Metz"))  # fmt: skip
    f.a_corriger({"code_postal|ville": "code postal|pas"}, code_postal="57463", ville="Nancy")


@cahier("outre-mer et Corse.xlsx")
def _(f):
    lieux(f, ("97400", "Saint-Denis", "97400", "Saint-Denis"), (97400, "ST DENIS", "97400", "Saint-Denis"),
          ("97200", "Fort de France", "97200", "Fort-de-France"), ("98800", "NOUMEA", "98800", "Nouméa"),
          ("97500", "Saint Pierre", "97500", "Saint-Pierre"), ("20000", "Ajaccio", "20000", "Ajaccio"),
          ("20090", "AJACCIO", "20090", "Ajaccio"), ("97150", "St Martin", "97150", "Saint-Martin"))  # fmt: skip


@cahier("villes comme on les écrit.xlsx")
def _(f):
    lieux(
        f,
        ("42000", "St Étienne", "42000", "Saint-Étienne"), ("42000", "SAINT ETIENNE", "42000", "Saint-Étienne"),
        ("42100", "St-Etienne", "42100", "Saint-Étienne"), ("94240", "L'Haÿ les Roses", "94240", "L'Haÿ-les-Roses"),
        ("94240", "L'HAY LES ROSES", "94240", "L'Haÿ-les-Roses"), ("94240", "Hay-les-Roses (L')", "94240", "L'Haÿ-les-Roses"),
        ("76600", "LE HAVRE", "76600", "Le Havre"), ("76600", "Havre (Le)", "76600", "Le Havre"),
        ("57950", "MONTIGNY LES METZ", "57950", "Montigny-lès-Metz"), ("57950", "Montigny-lès-Metz", "57950", "Montigny-lès-Metz"),
        ("57600", "OETING", "57600", "Œting"), ("57600", "Œting", "57600", "Œting"), ("71100", "Chalon s/ Saône", "71100", "Chalon-sur-Saône"),
        ("71100", "CHALON/SAONE", "71100", "Chalon-sur-Saône"), ("57000", "Metz (57)", "57000", "Metz"),
        ("57000", "Metz\u200b", "57000", "Metz"), ("57000", " Metz\u00a0", "57000", "Metz"), ("57000", "57000 METZ", "57000", "Metz"),
    )  # fmt: skip


@cahier("arrondissements.xlsx")
def _(f):
    for code, ville, nom, long in (
        ("75012", "Paris 12e", "Paris", "Paris 12e Arrondissement"), ("75012", "PARIS 12", "Paris", "Paris 12e Arrondissement"),
        ("75012", "Paris", "Paris", "Paris 12e Arrondissement"), ("75001", "Paris 1er", "Paris", "Paris 1er Arrondissement"),
        ("13005", "MARSEILLE 05", "Marseille", "Marseille 5e Arrondissement"), ("69003", "Lyon 3ème", "Lyon", "Lyon 3e Arrondissement"),
        ("69003", "Lyon 3e arrondissement", "Lyon", "Lyon 3e Arrondissement"),
    ):  # fmt: skip
        f.prete(code_postal=code, ville=(ville, Un(nom, long)))
    f.question({"ville": "Paris"}, code_postal="75012", ville=("Paris XII", Un("Paris", "Paris 12e Arrondissement")))


@cahier("communes nouvelles.xlsx")
def _(f):
    lieux(f, ("49600", "Beaupréau-en-Mauges", "49600", "Beaupréau-en-Mauges"), ("50130", "Cherbourg en Cotentin", "50130", "Cherbourg-en-Cotentin"),
          ("74940", "Annecy", "74940", "Annecy"))  # fmt: skip
    f.question({"ville": "Beaupréau-en-Mauges"}, code_postal="49600", ville=("Beaupréau", "Beaupréau-en-Mauges"))
    f.question(
        {"ville": "Cherbourg-en-Cotentin"}, code_postal="50130", ville=("Cherbourg-Octeville", "Cherbourg-en-Cotentin")
    )
    f.question({"ville": "Annecy"}, code_postal="74940", ville=("Annecy-le-Vieux", "Annecy"))


@cahier("contradictions.xlsx")
def _(f):
    """A code and a town that contradict each other: a question, not a guess. An unknown town: the nearest names."""
    f.banales(1)
    for code, ville, mot in (
        ("57000", "Nancy", "Nancy.*Metz|Metz.*Nancy|54000"), ("75001", "Lyon", "Paris|69001"),
        ("57950", "Montigny", "Montigny-lès-Metz"), ("57500", "Saint Avolt", "Saint-Avold"),
        ("57530", "Courcelle Chaussy", "Courcelles-Chaussy"), ("57000", "Trifouilly", "Metz"),
        ("57999", "Metz", "57000"), ("99999", "Metz", "57000|n’existe pas"), ("570", "Metz", "code postal"),
        ("570000", "Metz", "code postal"), ("abcde", "Metz", "code postal"),
    ):  # fmt: skip
        f.a_corriger({"code_postal|ville": mot}, code_postal=code, ville=ville)
    f.a_corriger({"code_postal|ville": "code postal|Metz"}, code_postal="Metz", ville="57000")


@cahier("code seul ou ville seule.xlsx")
def _(f):
    """Half an address: enough when it can mean one place only, else a question; none at all does not block."""
    f.prete(code_postal="57950", ville=(None, "Montigny-lès-Metz"))
    f.prete(code_postal="57500", ville=("-", "Saint-Avold"))
    f.prete(code_postal=("57000 Metz", "57000"), ville=(None, "Metz"))
    f.prete(code_postal=(None, "57500"), ville=("Saint-Avold", "Saint-Avold"))
    f.prete(code_postal=(None, "57000"), ville=("57000 Metz", "Metz"))
    f.prete(code_postal=(None, ""), ville=(None, ""))
    f.prete(code_postal=("?", ""), ville=("néant", ""))
    f.a_corriger({"ville": "Woippy|ville manque|commune"}, code_postal="57140", ville=None)
    f.a_corriger({"code_postal|ville": "code postal|plusieurs"}, code_postal=None, ville="Saint-Denis")
    f.a_corriger({"code_postal|ville": "code postal"}, code_postal="57999", ville=None)
    f.a_corriger({"code_postal|ville": "Bourg-en-Bresse|Belgique|4 chiffres"}, code_postal=1000, ville=None)


@cahier("adresse en une colonne.xlsx")
def _(f):
    f.colonnes = [("Code postal et ville" if c == "ville" else t, c) for t, c in MODELE if c != "code_postal"]
    for ecrit, code, ville in (("57000 METZ", "57000", "Metz"), ("57950 Montigny-lès-Metz", "57950", "Montigny-lès-Metz"),
                               ("01000 BOURG EN BRESSE", "01000", "Bourg-en-Bresse"), ("57000 - Metz", "57000", "Metz"),
                               ("75012 PARIS", "75012", "Paris")):  # fmt: skip
        f.prete(code_postal=(None, code), ville=(ecrit, ville))


@cahier("sans domicile fixe.xlsx")
def _(f):
    """No address is asked for, none is kept."""
    for ecrit, code, ville in (("SDF", None, None), ("Sans domicile fixe", None, None), ("sdf", "57000", "Metz"),
                               ("Sans domicile", None, "Metz"), ("A la rue", None, None)):  # fmt: skip
        sans = {c: (e, v) for (c, v), e in zip(SANS_ADRESSE.items(), (code, ville, None), strict=True)}
        f.prete(lieu_vie=(ecrit, "sdf"), **sans)
