"""Why a file could not be read, in the words of the page (screens, « Refused »)."""


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


def autre_format(quoi: str) -> ClasseurRefuse:
    """`quoi`: « un PDF », « un document Word », « une image »…"""
    return ClasseurRefuse(
        f"C’est {quoi}. Ouvrez le tableau d’origine et enregistrez-le en .xlsx ou .csv.",
        "Ce fichier n’est pas un classeur : choisissez-en un autre.",
    )


def ancien_format(quoi: str) -> ClasseurRefuse:
    """A true workbook, in a format not read yet."""
    return ClasseurRefuse(
        f"C’est {quoi}. Ouvrez-le dans Excel ou LibreOffice, choisissez Enregistrer sous, puis le format .xlsx, et "
        "sélectionnez le nouveau fichier.",
        "Enregistrez ce classeur en .xlsx, puis choisissez-le.",
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
    combien = f"{_milliers(nombre)} lignes" if nombre else f"plus de {_milliers(limite)} lignes"
    return ClasseurRefuse(
        f"Il a {combien}, la limite est de {_milliers(limite)}. Écrivez à l’équipe.",
        f"Trop de lignes : {_milliers(limite)} au plus.",
    )


def vide() -> ClasseurRefuse:
    return ClasseurRefuse("Il ne contient aucune ligne.", "Fichier sans aucune ligne : choisissez-en un autre.")


def sans_titre() -> ClasseurRefuse:
    return ClasseurRefuse(
        "Aucun titre de colonne n’a été reconnu. Écrivez les titres sur la première ligne du tableau, ou partez du "
        "modèle.",
        "Aucun titre de colonne reconnu.",
    )
