"""CSV: encodings, separators, line ends, quotes."""

import codecs

from .cahier import cahier


def texte(nom, **options):
    @cahier(nom)
    def _(f):
        f.csv = options
        f.banales(4)
        f.prete(numero_dossier="n° 7", ville=("Montigny-lès-Metz", "Montigny-lès-Metz"), code_postal="57950")
        f.a_corriger({"date_jugement": "31 février"}, date_jugement="31/02/2020")
        f.vide()
        f.ignoree("Total", 6, raison="total")


texte("utf-8.csv")
texte("utf-8 avec BOM.csv", encodage="utf-8-sig")
texte("cp1252.csv", encodage="cp1252")
texte("virgules.csv", separateur=",")
texte("tabulations.txt", separateur="\t")
texte("texte Unicode d’Excel.txt", encodage="utf-16", separateur="\t")
texte("fins de ligne Unix.csv", fin="\n")
texte("fins de ligne Mac.csv", fin="\r")
texte("virgules et cp1252.csv", encodage="cp1252", separateur=",")


@cahier("utf-16 gros-boutiste.csv")
def _(f):
    f.banales(3)
    f.octets_directs = codecs.BOM_UTF16_BE + f.en_csv("utf-16-be")


@cahier("sep= en tête.csv")
def _(f):
    """« sep=; » in the first line: Excel obeys it, and neither shows nor counts it."""
    f.csv = {"tete": "sep=;\r\n"}
    f.banales(3)


@cahier("sep=virgule en tête.csv")
def _(f):
    f.csv = {"tete": "sep=,\r\n", "separateur": ",", "encodage": "utf-8-sig"}
    f.banales(3)


@cahier("guillemets et sauts de ligne.csv")
def _(f):
    """A text on three lines is one row, as in Excel; a separator inside quotes separates nothing."""
    f.csv = {}
    f.colonnes = [*f.colonnes, ("Obs.", "")]
    f.prete(autres={"Obs.": "une note\r\nsur trois\nlignes"})
    f.prete(autres={"Obs.": "un ; dedans"}, lieu_vie=("EHPAD ; Les Glycines", "etablissement"))
    f.prete(autres={"Obs.": 'des "guillemets"'})
    f.prete(autres={"Obs.": ""})


@cahier("zéros et nombres.csv")
def _(f):
    f.csv = {}
    f.prete(code_postal=("01000", "01000"), ville=("BOURG EN BRESSE", "Bourg-en-Bresse"))
    f.prete(code_postal=("1000", "01000"), ville=("BOURG EN BRESSE", "Bourg-en-Bresse"))
    f.prete(annee_naissance=("1950,0", 1950), date_jugement=("44197", "2021-01-01"))
    f.a_corriger({"tribunal": "SIRET"}, tribunal="1,757E+13")


@cahier("lignes inégales.csv")
def _(f):
    """Rows cut short, rows too long: nothing is lost."""
    f.sans_csv = True
    f.prete(cabinet=("", ""))
    f.prete()
    lignes = f.en_csv().decode().splitlines()
    lignes[1] = lignes[1].rstrip(";")
    lignes[2] += ";;;;;"
    f.octets_directs = "\r\n".join(lignes).encode()
