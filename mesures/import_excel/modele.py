"""The workbook to download: one column for each information, lists where there is a choice, text where zeros matter.

A filled model always imports: its titles are read by `titres`, its choices are the labels. What is typed in a new cell
takes the style of its column: 01000 keeps its zero, a SIRET its 14 digits, 12/03/2021 is a date.
"""

import io
import math
from collections.abc import Iterable, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from emjpm.commun.tableur import neutraliser
from emjpm.commun.templatetags.emjpm import insecables
from mandataires.models import Mandataire
from mandataires.mots import ANTENNE, ETABLISSEMENT
from mesures.enums import Champ, LieuVie, Nature
from tribunaux.models import Tribunal

from .classeur import LIGNES_MAX
from .lecture import ANNEE_MIN, JUGEMENT_MIN, texte

MESURES, EXEMPLE, MODE_D_EMPLOI, LISTES = "Mesures", "Exemple", "Mode d’emploi", "Listes"

TITRES = (
    # title, information, width, format
    ("Date du jugement", "date_jugement", 18, "date"),
    ("Type de la mesure", "nature", 44, "texte"),
    ("Code postal", "code_postal", 13, "texte"),
    ("Ville", "ville", 26, "texte"),
    ("Civilité", "civilite", 12, "texte"),
    ("Année de naissance", "annee_naissance", 20, "nombre"),
    ("Lieu de résidence", "lieu_vie", 44, "texte"),
    ("Numéro de dossier", "numero_dossier", 20, "texte"),
    ("Numéro RG", "numero_rg", 16, "texte"),
    ("Tribunal", "tribunal", 44, "texte"),
    ("Cabinet", "cabinet", 12, "texte"),
)
TITRE_ANTENNE = (ANTENNE.titre, "antenne", 32, "texte")
TITRE_ETABLISSEMENT = (ETABLISSEMENT.titre, "antenne", 32, "texte")
OBLIGATOIRES = frozenset({"date_jugement", "nature", "civilite", "lieu_vie", "tribunal"})

_FORMATS = {
    "texte": "@",
    "date": "dd/mm/yyyy",
    # Not « 0 »: a full date of birth typed there would show as 17238, and be read as no year at all.
    "nombre": "General",
}

# information: (example, what to write); the sentence is also the bubble of the column's cells.
AIDES = {
    "date_jugement": ("12/03/2021", "Jour, mois, année : 12/03/2021. La date du jugement qui vous a nommé."),
    "nature": (
        "Curatelle renforcée aux biens et à la personne",
        "Choisissez dans la liste, avec « aux biens » ou « à la personne » si le jugement le précise.",
    ),
    "code_postal": ("57000", "Celui de la commune où vit la personne. Les zéros sont gardés : 01000."),
    "ville": ("Metz", "La commune où vit la personne. En Belgique, ajoutez le pays : Virton (Belgique)."),
    "civilite": ("Madame", "Choisissez dans la liste."),
    "annee_naissance": ("1947", "4 chiffres : 1947."),
    "lieu_vie": (
        "Domicile",
        "Choisissez dans la liste. « EHPAD », « Foyer de vie », « Hôpital »… sont aussi compris.",
    ),
    "numero_dossier": ("2021-034", "Votre propre référence. Elle ne doit contenir aucun nom."),
    "numero_rg": ("21B00167", "Celui du tribunal, par exemple 21B00167. Recopiez-le tel quel."),
    "tribunal": (
        "Tribunal judiciaire de Metz",
        "Choisissez dans la liste : les vôtres viennent d’abord. « TJ Metz » ou un SIRET sont aussi compris.",
    ),
    "cabinet": ("2", "Le cabinet du juge, par exemple 2."),
    "antenne": ("", "L’antenne, ou l’établissement, qui suit la mesure. Choisissez dans la liste."),
}

_BREF = (
    (
        "Une ligne par mesure",
        "Écrivez vos mesures en cours sur la feuille « Mesures », à partir de la ligne 2. Gardez la ligne des titres. "
        f"{LIGNES_MAX // 1000}\u202f000 lignes au plus.",
    ),
    (
        "Aucun nom",
        "N’écrivez ni nom, ni prénom, ni adresse d’une personne protégée : e-MJPM ne doit contenir aucun nom.",
    ),
    (
        "Un seul import",
        "L’import ne se fait qu’une fois et ne sert pas aux mises à jour. Avant, un aperçu montre tout et n’enregistre "
        "rien : envoyez autant de fichiers que nécessaire, seule la confirmation compte.",
    ),
    (
        "Les listes proposent",
        "Cliquez sur la flèche à droite de la cellule, ou écrivez comme d’habitude : « TJ Metz », « Mme », « SDF ». "
        "Si le tableur demande confirmation, répondez oui.",
    ),
    (
        "Pour copier vos lignes",
        "Depuis un autre classeur, collez les valeurs seules (collage spécial) : le modèle garde ainsi les zéros.",
    ),
)
_CAS = (
    ("Il manque une information", "Sous un titre bleu foncé, elle est obligatoire. Sous les autres, laissez vide."),
    ("Sans domicile fixe", "Laissez vides le code postal et la ville."),
    ("Mesure ad hoc", "Laissez vides le code postal et la ville. Le lieu de résidence peut manquer aussi."),
    (
        "En Belgique",
        "Écrivez le code à 4 chiffres, et la ville suivie de « (Belgique) » : 6760 et Virton (Belgique).",
    ),
    ("Tribunal fermé", "Écrivez son nom : il est lu comme le tribunal qui l’a remplacé."),
)

# In the order of TITRES. True communes and true courts; references that belong to nobody.
EXEMPLES = (
    (date(2021, 3, 12), "Curatelle renforcée aux biens et à la personne", "57000", "Metz", "Madame", 1947, "Domicile",
     "2021-034", "21B00167", "Tribunal judiciaire de Metz", "2"),
    (date(2019, 11, 3), "Tutelle à la personne", "01000", "Bourg-en-Bresse", "Monsieur", 1982, "Établissement",
     "2019-112", "19A00425", "Tribunal judiciaire de Bourg-en-Bresse", ""),
    (date(2022, 9, 6), "Curatelle simple", "97200", "Fort-de-France", "Madame", "", "Domicile",
     "", "22A00118", "Tribunal judiciaire de Fort-de-France", ""),
    (date(2024, 6, 25), "Sauvegarde de justice avec mandat spécial", "", "", "Monsieur", "", "Sans domicile fixe",
     "", "24C00031", "Tribunal judiciaire de Paris", "A"),
    (date(2020, 1, 15), "Tutelle", "6760", "Virton (Belgique)", "Madame", 1958, "Établissement",
     "2020-007", "20B00009", "Tribunal judiciaire de Val de Briey", ""),
    (date(2023, 5, 30), "Mesure ad hoc", "", "", "Monsieur", 1990, "",
     "2023-061", "", "Tribunal judiciaire de Metz", ""),
)  # fmt: skip
_SOUS_L_EXEMPLE = (
    "Ces lignes sont des exemples, elles ne sont jamais importées. Écrivez les vôtres sur la feuille « Mesures »."
)
_LIGNES_D_EXEMPLE = frozenset(
    tuple(texte(v) for v in ligne) for ligne in (*EXEMPLES, (_SOUS_L_EXEMPLE, *[""] * (len(TITRES) - 1)))
)
_DEBUTS_D_EXEMPLE = frozenset(ligne[0] for ligne in _LIGNES_D_EXEMPLE)

_BLEU, _CLAIR, _GRIS = "000091", "E8EDFF", "666666"
_CALIBRI = {"name": "Calibri", "size": 11}  # the font of new cells: said, or else another one is shown
_POLICE, _GRAS, _GRAS_BLEU = Font(**_CALIBRI), Font(**_CALIBRI, bold=True), Font(**_CALIBRI, bold=True, color=_BLEU)
_GRAS_BLANC, _D_EXEMPLE = Font(**_CALIBRI, bold=True, color="FFFFFF"), Font(**_CALIBRI, italic=True, color=_GRIS)
_TITRE = Font(name="Calibri", size=16, bold=True, color=_BLEU)
_SOUS_TITRE = Font(name="Calibri", size=12, bold=True, color=_BLEU)
_LARGEURS = (28, 80, 46, 18)  # of the directions
_FOND_FONCE = PatternFill("solid", fgColor=_BLEU)
_FOND_CLAIR = PatternFill("solid", fgColor=_CLAIR)
_TRAIT = Border(bottom=Side("thin", color="CECECE"))
_ENTRE_TITRES = Border(right=Side("thin", color="FFFFFF"))
_RENVOI = Alignment(wrap_text=True, vertical="top")
_GAUCHE = Alignment(horizontal="left")

_Titre = tuple[str, str, int, str]


def _types() -> list[str]:
    """Each nature alone, then with each champ: « Tutelle », « Tutelle aux biens »…"""
    return [n.label for n in Nature] + [
        f"{n.label} {c.label}"
        for n in (Nature.CURATELLE_SIMPLE, Nature.CURATELLE_RENFORCEE, Nature.TUTELLE)
        for c in Champ
    ]


def listes(mandataire: Mandataire | None) -> dict[str, list[str]]:
    """The choices of each list, by information; « antenne » only where some have a name."""
    choix = {
        "nature": _types(),
        "civilite": ["Madame", "Monsieur"],
        "lieu_vie": [lieu.label for lieu in LieuVie],
        "tribunal": _tribunaux(mandataire),
    }
    antennes = _antennes(mandataire)
    return choix | {"antenne": antennes} if antennes else choix


def _antennes(mandataire: Mandataire | None) -> list[str]:
    """The names of the antennes (or establishments), the main one first: the ones `reperes` knows."""
    return list(dict.fromkeys(lieu.nom for lieu in mandataire.lieux_de_suivi() if lieu.nom)) if mandataire else []


def titres(mandataire: Mandataire | None, lieux: bool) -> tuple[_Titre, ...]:
    """The columns; `lieux`: with the antenne, or the establishment of a préposé."""
    if not lieux:
        return TITRES
    return (*TITRES, titre_du_lieu(mandataire))


def titre_du_lieu(mandataire: Mandataire) -> _Titre:
    return TITRE_ETABLISSEMENT if mandataire.est_prepose else TITRE_ANTENNE


def _tribunaux(mandataire: Mandataire | None) -> list[str]:
    """Open courts, the mandataire's own first. Theirs that closed gives its place to the one that took over."""
    tous = {t.pk: t for t in Tribunal.objects.only("pk", "nom", "ferme_le", "successeur_id")}
    siens = set()
    for pk in mandataire.habilitations.values_list("tribunal_id", flat=True) if mandataire else ():
        vus = set()
        while tous[pk].ferme_le and tous[pk].successeur_id and pk not in vus:
            vus.add(pk)
            pk = tous[pk].successeur_id
        siens.add(pk)
    ouverts = [t for t in tous.values() if not t.ferme_le]
    ouverts.sort(key=lambda t: t.pk not in siens)  # stable: each half keeps the order of names
    return list(dict.fromkeys(t.nom for t in ouverts))


def est_un_exemple(cellules: Sequence) -> bool:
    """Is a row, in the order of the model's columns, one that the example sheet holds as it was given?

    Whatever the sheet is called by then, such a row is nobody's mesure; any other one is its user's.
    """
    if not cellules or texte(cellules[0]) not in _DEBUTS_D_EXEMPLE:  # asked of each row of each file: most stop here
        return False
    lues = tuple(texte(c) for c in cellules[: len(TITRES)])
    return lues + ("",) * (len(TITRES) - len(lues)) in _LIGNES_D_EXEMPLE


def produire(mandataire: Mandataire | None) -> bytes:
    """The bytes of the model, with the lists of this mandataire."""
    choix = listes(mandataire)
    colonnes = titres(mandataire, "antenne" in choix)
    livre = Workbook()
    proprietes = livre.properties
    proprietes.title, proprietes.creator, proprietes.language = "Modèle d’import des mesures", "e-MJPM", "fr-FR"
    mesures = livre.active
    mesures.title = MESURES
    _tableau(mesures, colonnes)
    _contraintes(mesures, colonnes, choix)
    _exemple(livre.create_sheet(EXEMPLE), colonnes, choix)
    _mode_d_emploi(livre.create_sheet(MODE_D_EMPLOI), colonnes, choix)
    _listes(livre.create_sheet(LISTES), choix)
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def _ecrire(feuille: Worksheet, ligne: int, colonne: int, valeur: str | int | date, **style) -> None:
    """A text is never a formula: the names of courts and antennes were typed by someone."""
    cellule = feuille.cell(ligne, colonne)
    cellule.value = neutraliser(valeur) if isinstance(valeur, str) else valeur
    if isinstance(valeur, str):
        cellule.data_type = "s"
    for attribut, valeur in style.items():
        setattr(cellule, attribut, valeur)


def _tableau(feuille: Worksheet, titres: Iterable[_Titre]) -> None:
    """The row of titles, always in sight; dark for what is compulsory. The columns' styles are those of new cells."""
    for rang, (titre, champ, largeur, genre) in enumerate(titres, 1):
        colonne = feuille.column_dimensions[get_column_letter(rang)]
        colonne.width, colonne.number_format, colonne.alignment = largeur, _FORMATS[genre], _GAUCHE
        obligatoire = champ in OBLIGATOIRES
        _ecrire(
            feuille, 1, rang, titre,
            font=_GRAS_BLANC if obligatoire else _GRAS_BLEU,
            fill=_FOND_FONCE if obligatoire else _FOND_CLAIR,
            alignment=Alignment(vertical="center", wrap_text=True),
            border=_ENTRE_TITRES,
        )  # fmt: skip
    feuille.row_dimensions[1].height = 28
    feuille.freeze_panes = "A2"
    for selection in feuille.sheet_view.selection:
        selection.activeCell = selection.sqref = "A2"
    _imprimer(feuille)


def _imprimer(feuille: Worksheet, hauteur: int = 0) -> None:
    """Landscape, one page wide, `hauteur` pages high (0: as many as it takes)."""
    feuille.page_setup.orientation, feuille.page_setup.paperSize = "landscape", feuille.PAPERSIZE_A4
    feuille.sheet_properties.pageSetUpPr.fitToPage = True
    feuille.page_setup.fitToWidth, feuille.page_setup.fitToHeight = 1, hauteur


def _contraintes(feuille: Worksheet, titres: Iterable[_Titre], choix: dict[str, list[str]]) -> None:
    """A bubble for each column, and a warning that can be passed over: « TJ Metz » typed by hand is understood too."""
    for rang, (titre, champ, _, _) in enumerate(titres, 1):
        regle, avertissement = _regle(champ, choix)
        validation = DataValidation(
            **regle,
            allow_blank=True,
            showInputMessage=True,
            promptTitle=titre,
            prompt=insecables(AIDES[champ][1] + ("" if champ in OBLIGATOIRES else " Peut manquer.")),
            showErrorMessage=bool(avertissement),
            errorStyle="warning",
            errorTitle=titre,
            error=insecables(avertissement) or None,
        )
        lettre = get_column_letter(rang)
        validation.add(f"{lettre}2:{lettre}{LIGNES_MAX + 1}")
        feuille.add_data_validation(validation)


def _regle(champ: str, choix: dict[str, list[str]]) -> tuple[dict, str]:
    """(the rule of a column, what is said of a value that breaks it)."""
    if champ == "date_jugement":
        premier = (JUGEMENT_MIN - date(1899, 12, 30)).days
        regle = {"type": "date", "operator": "between", "formula1": str(premier), "formula2": "TODAY()"}
        return regle, "Une date déjà passée, par exemple 12/03/2021."
    if champ == "annee_naissance":
        regle = {"type": "whole", "operator": "between", "formula1": str(ANNEE_MIN), "formula2": "YEAR(TODAY())"}
        return regle, f"Une année sur 4 chiffres, de {ANNEE_MIN} à aujourd’hui."
    if choix.get(champ):
        lettre = get_column_letter(list(choix).index(champ) + 1)
        source = f"{LISTES}!${lettre}$1:${lettre}${len(choix[champ])}"
        return {"type": "list", "formula1": source}, "Cette valeur n’est pas dans la liste."
    return {}, ""


def _exemple(feuille: Worksheet, titres: Iterable[_Titre], choix: dict[str, list[str]]) -> None:
    """Locked (without a password): what would be typed there is not imported, so it cannot be typed there."""
    _tableau(feuille, titres)
    for ligne, exemple in enumerate(EXEMPLES, 2):
        valeurs = (*exemple, choix["antenne"][0]) if "antenne" in choix else exemple
        for rang, (valeur, (_, _, _, genre)) in enumerate(zip(valeurs, titres, strict=True), 1):
            if valeur != "":
                style = {"font": _D_EXEMPLE, "number_format": _FORMATS[genre], "alignment": _GAUCHE}
                _ecrire(feuille, ligne, rang, valeur, **style)
    _ecrire(feuille, len(EXEMPLES) + 3, 1, insecables(_SOUS_L_EXEMPLE), font=_SOUS_TITRE, number_format="General")
    feuille.sheet_properties.tabColor = "999999"
    feuille.protection.sheet = True
    feuille.protection.formatColumns = False  # widening a column stays allowed


def _mode_d_emploi(feuille: Worksheet, titres: Iterable[_Titre], choix: dict[str, list[str]]) -> None:
    """What to know, at a glance: in short, column by column, special cases."""
    for lettre, largeur in zip("ABCD", _LARGEURS, strict=True):
        feuille.column_dimensions[lettre].width = largeur
    _ecrire(feuille, 1, 1, "Importer vos mesures dans e-MJPM", font=_TITRE)
    feuille.row_dimensions[1].height = 28
    colonnes = [
        (titre, AIDES[champ][1], AIDES[champ][0] or choix[champ][0], "non" if champ in OBLIGATOIRES else "oui")
        for titre, champ, _, _ in titres
    ]
    ligne = 3
    for sous_titre, rangees in (("En bref", _BREF), ("Colonne par colonne", colonnes), ("Cas particuliers", _CAS)):
        _ecrire(feuille, ligne, 1, sous_titre, font=_SOUS_TITRE)
        feuille.row_dimensions[ligne].height = 22
        if rangees is colonnes:
            ligne += 1
            for rang, entete in enumerate(("Colonne", "Ce qu’il faut écrire", "Exemple", "Peut manquer ?"), 1):
                _ecrire(feuille, ligne, rang, insecables(entete), font=_GRAS_BLEU, fill=_FOND_CLAIR)
        for rangee in rangees:
            ligne += 1
            _rangee(feuille, ligne, rangee)
        ligne += 2
    feuille.sheet_view.showGridLines = False
    feuille.sheet_properties.tabColor = _BLEU
    _imprimer(feuille, hauteur=1)


def _rangee(feuille: Worksheet, ligne: int, textes: Iterable[str]) -> None:
    """A row of the directions, tall enough for its longest text: not every spreadsheet sees to it on opening."""
    lignes = 1
    for rang, (phrase, largeur) in enumerate(zip(textes, _LARGEURS, strict=False), 1):
        police = _GRAS if rang == 1 else _POLICE
        _ecrire(
            feuille, ligne, rang, insecables(phrase), font=police, alignment=_RENVOI, border=_TRAIT, number_format="@"
        )
        lignes = max(lignes, math.ceil(len(phrase) / (largeur * 1.15)))
    feuille.row_dimensions[ligne].height = 4 + 15 * lignes


def _listes(feuille: Worksheet, choix: dict[str, list[str]]) -> None:
    """The source of the drop-down lists: hidden, one list a column."""
    for colonne, valeurs in enumerate(choix.values(), 1):
        feuille.column_dimensions[get_column_letter(colonne)].width = 50
        for ligne, valeur in enumerate(valeurs, 1):
            _ecrire(feuille, ligne, colonne, valeur)
    feuille.sheet_state = "hidden"
