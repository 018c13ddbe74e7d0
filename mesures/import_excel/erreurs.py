"""Why a file could not be read, in the words of the page (screens, « Refused »)."""

from .formats.traits import lettre_colonne


class ClasseurRefuse(Exception):
    """The file is refused: `phrase` for the alert, `court` under the field. Never carries anything of the file."""

    def __init__(self, phrase: str, court: str):
        super().__init__(court)
        self.phrase, self.court = phrase, court


def protege() -> ClasseurRefuse:
    return ClasseurRefuse(
        "Il est protégé par un mot de passe. Dans Excel : Fichier, Informations, Protéger le classeur, Chiffrer avec "
        "mot de passe. Effacez le mot de passe, enregistrez, puis sélectionnez le fichier à nouveau.",
        "Fichier protégé par un mot de passe : choisissez-en un autre.",
    )


def protege_libreoffice() -> ClasseurRefuse:
    return ClasseurRefuse(
        "Il est protégé par un mot de passe. Dans LibreOffice : Fichier, Enregistrer sous, décochez « Enregistrer avec "
        "mot de passe », enregistrez, puis sélectionnez le fichier à nouveau.",
        "Fichier protégé par un mot de passe : choisissez-en un autre.",
    )


def autre_format(quoi: str) -> ClasseurRefuse:
    """`quoi`: « un PDF », « un document Word », « une image »…"""
    return ClasseurRefuse(
        f"C’est {quoi}. Ouvrez le tableau d’origine et enregistrez-le en .xlsx, .ods ou .csv.",
        "Ce fichier n’est pas un classeur : choisissez-en un autre.",
    )


def ancien_format(quoi: str) -> ClasseurRefuse:
    """A true workbook, in a format that is not read: .xlsb, a web page in disguise, XML of 2003."""
    return ClasseurRefuse(
        f"C’est {quoi}. Ouvrez-le dans Excel ou LibreOffice, choisissez Enregistrer sous, puis le format .xlsx ou "
        ".ods, et sélectionnez le nouveau fichier.",
        "Enregistrez ce classeur en .xlsx ou .ods, puis choisissez-le.",
    )


def abime() -> ClasseurRefuse:
    return ClasseurRefuse(
        "Il est incomplet ou abîmé. Ouvrez-le dans Excel ou LibreOffice, enregistrez-le sous un autre nom, puis "
        "réessayez.",
        "Fichier incomplet ou abîmé : choisissez-en un autre.",
    )


def hostile() -> ClasseurRefuse:
    return ClasseurRefuse(
        "Sa structure est inhabituelle, il n’a pas été ouvert. Copiez vos données dans le modèle et envoyez le modèle.",
        "Structure inhabituelle : partez du modèle.",
    )


def indisponible() -> ClasseurRefuse:
    """The server's fault, not the file's."""
    return ClasseurRefuse(
        "Il n’a pas pu être ouvert pour le moment. Réessayez dans quelques minutes, ou enregistrez-le en .xlsx ou "
        ".csv.",
        "Lecture impossible pour le moment : réessayez.",
    )


def trop_long() -> ClasseurRefuse:
    return ClasseurRefuse(
        "Sa lecture prend trop de temps, elle a été arrêtée. Copiez vos données dans le modèle et envoyez le modèle.",
        "Fichier trop long à lire : partez du modèle.",
    )


def _mo(octets: int) -> str:
    return f"{max(octets, 1) / 1024 / 1024:.0f}"


def trop_lourd(octets: int, limite: int) -> ClasseurRefuse:
    pese = _mo(octets) if _mo(octets) != _mo(limite) else f"un peu plus de {_mo(limite)}"
    return ClasseurRefuse(
        f"Il pèse {pese} Mo, la limite est de {_mo(limite)} Mo. Retirez les images et les feuilles inutiles.",
        f"Fichier trop lourd : {_mo(limite)} Mo au plus.",
    )


def _milliers(nombre: int) -> str:
    return f"{nombre:,}".replace(",", "\u202f")


def trop_de_lignes(limite: int, nombre: int | None = None) -> ClasseurRefuse:
    combien = f"Il a plus de {_milliers(limite)} lignes, c’est la limite."
    if nombre:
        combien = f"Il a {_milliers(nombre)} lignes, la limite est de {_milliers(limite)}."
    return ClasseurRefuse(
        f"{combien} Écrivez à l’équipe.",
        f"Trop de lignes : {_milliers(limite)} au plus.",
    )


def trop_rempli() -> ClasseurRefuse:
    return ClasseurRefuse(
        "Il contient trop de cellules remplies. Gardez seulement la feuille et les colonnes de vos mesures, puis "
        "réessayez.",
        "Trop de cellules remplies : gardez la feuille de vos mesures.",
    )


def lointaine(ligne: int, colonne: int) -> ClasseurRefuse:
    """A filled cell so far away that the rectangle from A1 to it cannot be read. Only its position is said."""
    return ClasseurRefuse(
        f"Des cellules sont remplies très loin de votre tableau, jusqu’à la ligne {_milliers(ligne)} et la colonne "
        f"{lettre_colonne(colonne)}. Effacez-les, ou copiez vos données dans le modèle et envoyez le modèle.",
        "Cellules remplies très loin du tableau : effacez-les.",
    )


def guillemet(ligne: int) -> ClasseurRefuse:
    """A CSV where a text opened by a quote swallows the rows that follow."""
    return ClasseurRefuse(
        f"Un guillemet ouvert à la ligne {_milliers(ligne)} n’est pas refermé comme il faut, et la suite ne peut pas "
        "être lue. Retirez-le, enregistrez, puis réessayez.",
        f"Guillemet mal placé à la ligne {_milliers(ligne)} : retirez-le.",
    )


def vide() -> ClasseurRefuse:
    return ClasseurRefuse("Il ne contient aucune ligne.", "Fichier sans aucune ligne : choisissez-en un autre.")


def sans_titre() -> ClasseurRefuse:
    return ClasseurRefuse(
        "Aucun titre de colonne n’a été reconnu. Écrivez les titres sur la première ligne du tableau, ou partez du "
        "modèle.",
        "Aucun titre de colonne reconnu.",
    )
