"""The workbook to download: one column for each information, lists where there is a choice, text where zeros matter.

A filled model always imports: its titles are the first of each list of `titres`, its choices are the labels.
"""

import io
from collections.abc import Iterable

import xlsxwriter
from django.utils import timezone

from mandataires.models import Mandataire
from mesures.enums import Champ, LieuVie, Nature
from tribunaux.models import Tribunal

from .classeur import LIGNES_MAX

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

_EXEMPLES = (
    ("12/03/2021", "Curatelle renforcée aux biens et à la personne", "57000", "Metz", "Madame", 1947, "Domicile",
     "2021-034", "21B00167", "Tribunal judiciaire de Metz", "2"),
    ("03/11/2019", "Tutelle à la personne", "01000", "Bourg-en-Bresse", "Monsieur", 1982, "Établissement",
     "2019-112", "19A00425", "Tribunal judiciaire de Bourg-en-Bresse", ""),
    ("25/06/2024", "Sauvegarde de justice avec mandat spécial", "", "", "Monsieur", "", "Sans domicile fixe",
     "", "24C00031", "Tribunal judiciaire de Paris", "A"),
)  # fmt: skip

_MODE_D_EMPLOI = (
    "Une ligne par mesure en cours, sur la feuille « Mesures ». Ne changez pas la ligne des titres.",
    "N’écrivez aucun nom, prénom ni adresse de personne protégée : e-MJPM ne doit contenir aucun nom.",
    "Date du jugement : jour/mois/année, par exemple 12/03/2021. Obligatoire.",
    "Type de la mesure : choisissez dans la liste, avec ou sans « aux biens », « à la personne ». Obligatoire.",
    "Code postal et ville : là où vit la personne. Peuvent manquer ; inutiles si elle est sans domicile fixe, ou pour "
    "une mesure ad hoc.",
    "En Belgique : le code à 4 chiffres, et la ville suivie de « (Belgique) ».",
    "Civilité : « Madame » ou « Monsieur ». Obligatoire.",
    "Année de naissance : 4 chiffres. Elle peut manquer.",
    "Lieu de résidence : choisissez dans la liste. « EHPAD », « Foyer de vie », « Hôpital »… sont aussi compris.",
    "Numéro de dossier : votre propre référence. Elle peut manquer.",
    "Numéro RG : celui du tribunal, par exemple 21B00167. Il peut manquer.",
    "Tribunal : choisissez dans la liste (vos tribunaux viennent d’abord), ou écrivez son SIRET. Obligatoire.",
    "Cabinet : il peut manquer.",
    f"L’import accepte {LIGNES_MAX:,} lignes au plus et ne se fait qu’une fois : l’aperçu montre tout avant.".replace(
        ",", "\u202f", 1
    ),
)


def _types() -> list[str]:
    """Each nature alone, then with each champ: « Tutelle », « Tutelle aux biens »…"""
    return [n.label for n in Nature] + [
        f"{n.label} {c.label}"
        for n in (Nature.CURATELLE_SIMPLE, Nature.CURATELLE_RENFORCEE, Nature.TUTELLE)
        for c in Champ
    ]


def listes(mandataire: Mandataire | None) -> dict[str, list[str]]:
    """The choices of each list; the mandataire's own courts come first, then every open one."""
    ouverts = list(Tribunal.objects.ouverts().values_list("pk", "nom"))
    siens = set(mandataire.habilitations.values_list("tribunal_id", flat=True)) if mandataire else set()
    tribunaux = [nom for pk, nom in ouverts if pk in siens] + [nom for pk, nom in ouverts if pk not in siens]
    return {
        "nature": _types(),
        "civilite": ["Madame", "Monsieur"],
        "lieu_vie": [lieu.label for lieu in LieuVie],
        "tribunal": list(dict.fromkeys(tribunaux)),
    }


def produire(mandataire: Mandataire | None) -> bytes:
    """The bytes of the model, with the lists of this mandataire."""
    sortie = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(sortie, options) as livre:
        livre.set_properties({"title": "e-MJPM, modèle d’import des mesures"})
        formats = {
            "titre": livre.add_format({"bold": True, "bg_color": "#E8EDFF", "bottom": 1, "text_wrap": True}),
            "texte": livre.add_format({"num_format": "@"}),
            "date": livre.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
            "nombre": livre.add_format({"num_format": "0", "align": "left"}),
            "gras": livre.add_format({"bold": True, "font_size": 14}),
            "ligne": livre.add_format({"text_wrap": True, "valign": "top"}),
        }
        choix = listes(mandataire)
        feuille = livre.add_worksheet("Mesures")
        _titres(feuille, formats)
        _exemples(livre.add_worksheet("Exemple"), formats)
        _mode_d_emploi(livre.add_worksheet("Mode d’emploi"), formats)
        _listes(livre.add_worksheet("Listes"), choix)
        _contraintes(feuille, choix)
        feuille.activate()
    return sortie.getvalue()


def _titres(feuille, formats: dict) -> None:
    for rang, (titre, _, largeur, genre) in enumerate(TITRES):
        feuille.set_column(rang, rang, largeur, formats[genre])
        feuille.write_string(0, rang, titre, formats["titre"])
    feuille.freeze_panes(1, 0)


def _exemples(feuille, formats: dict) -> None:
    _titres(feuille, formats)
    for ligne, exemple in enumerate(_EXEMPLES, 1):
        for rang, valeur in enumerate(exemple):
            if valeur != "":
                feuille.write(ligne, rang, valeur, formats[TITRES[rang][3]])


def _mode_d_emploi(feuille, formats: dict) -> None:
    feuille.set_column(0, 0, 110)
    feuille.write_string(0, 0, "Importer vos mesures dans e-MJPM", formats["gras"])
    for ligne, phrase in enumerate(_MODE_D_EMPLOI, 2):
        feuille.write_string(ligne, 0, phrase, formats["ligne"])


def _listes(feuille, choix: dict[str, list[str]]) -> None:
    for colonne, valeurs in enumerate(choix.values()):
        _colonne(feuille, colonne, valeurs)
    feuille.hide()


def _colonne(feuille, colonne: int, valeurs: Iterable[str]) -> None:
    for ligne, valeur in enumerate(valeurs):
        feuille.write_string(ligne, colonne, valeur)


def _contraintes(feuille, choix: dict[str, list[str]]) -> None:
    """The lists propose, they do not forbid: « TJ Metz » typed by hand is understood too."""
    lettres = dict(zip(choix, "ABCD", strict=True))
    for rang, (titre, champ, _, _) in enumerate(TITRES):
        if choix.get(champ):
            feuille.data_validation(
                1, rang, LIGNES_MAX, rang,
                {
                    "validate": "list",
                    "source": f"=Listes!${lettres[champ]}$1:${lettres[champ]}${len(choix[champ])}",
                    "error_type": "warning",
                    "error_title": titre,
                    "error_message": "Cette valeur n’est pas dans la liste. La garder ?",
                },
            )  # fmt: skip
    annee = timezone.localdate().year
    feuille.data_validation(
        1, 5, LIGNES_MAX, 5,
        {"validate": "integer", "criteria": "between", "minimum": 1900, "maximum": annee, "error_type": "warning",
         "error_title": "Année de naissance", "error_message": f"Une année de 1900 à {annee}."},
    )  # fmt: skip
