"""Workbooks made by the tests: true ones, and broken ones."""

import datetime
import io
import zipfile

import openpyxl

TITRES = [
    "Date du jugement",
    "Type de la mesure",
    "Code postal",
    "Ville",
    "Civilité",
    "Année de naissance",
    "Lieu de résidence",
    "Numéro de dossier",
    "Numéro RG",
    "Tribunal",
    "Cabinet",
]


def rangee(n: int = 0, **changements) -> list:
    """A good row, in the order of TITRES; changes by the keys of `mesures.import_excel.modele.TITRES`."""
    valeurs = {
        "date_jugement": datetime.datetime(2021, 3, 12),
        "nature": "Curatelle renforcée",
        "code_postal": "57000",
        "ville": "Metz",
        "civilite": "Madame",
        "annee_naissance": 1947,
        "lieu_vie": "Domicile",
        "numero_dossier": f"2021-{n:03}",
        "numero_rg": f"22B{n:05}",
        "tribunal": "Tribunal judiciaire de Metz",
        "cabinet": "2",
    }
    assert set(changements) <= set(valeurs)
    return list((valeurs | changements).values())


def xlsx(lignes=None, titres=TITRES, avant=(), preparer=None) -> bytes:
    """A workbook: rows above the titles (`avant`), titles, rows; `preparer(livre, feuille)` before saving."""
    livre = openpyxl.Workbook()
    feuille = livre.active
    for ligne in avant:
        feuille.append(list(ligne))
    if titres:
        feuille.append(list(titres))
    for ligne in [rangee()] if lignes is None else lignes:
        feuille.append(list(ligne))
    if preparer:
        preparer(livre, feuille)
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def refaire(octets: bytes, parties: dict[str, bytes | None] | None = None, niveau=zipfile.ZIP_DEFLATED) -> bytes:
    """The same zip with parts replaced, added, or removed (None)."""
    parties = parties or {}
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as source, zipfile.ZipFile(sortie, "w", niveau) as cible:
        for nom in source.namelist():
            if nom not in parties:
                cible.writestr(nom, source.read(nom))
        for nom, contenu in parties.items():
            if contenu is not None:
                cible.writestr(nom, contenu)
    return sortie.getvalue()


FEUILLE = "xl/worksheets/sheet1.xml"
_ESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def feuille_xml(contenu: str, dimension: str = "A1:K2", tete: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{tete}<worksheet {_ESPACE}><dimension ref="{dimension}"/>'
        f"<sheetData>{contenu}</sheetData></worksheet>"
    ).encode()


def partie(octets: bytes, nom: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(octets)) as source:
        return source.read(nom)


def phrases(apercu) -> list[str]:
    """What the preview says « À savoir »."""
    return [a.phrase for a in apercu.releve.avertissements]
