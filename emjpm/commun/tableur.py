"""Workbooks that go out: exports, the import's model. Nothing in them can run as a formula.

    reponse_xlsx("mesures-en-cours", [Feuille("Mesures", ["N° RG", "Date"], lignes)])

Dates, numbers and booleans keep their type; a text that Excel could take for a formula is made plain text. Rows
are written as they come (constant memory): give a generator for long lists.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELLULE_MAX = 32_767  # Excel's own limit for a text
_TITRE_INTERDIT = re.compile(r"[\[\]:*?/\\']")
_CONTROLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DEBUT_ACTIF = ("=", "+", "-", "@", "\t", "\r", "\n")
# « -4 », « +33 1 99 00 41 27 », « - 1 200,50 € », « -3 % », a lone dash: a sign, then nothing that computes.
_SIGNE_INNOCENT = re.compile(r"[+-][\d\s.,()\u00a0\u202f]*[€%]?")


def neutraliser(texte: str) -> str:
    """The text, unable to start a formula in any spreadsheet (OWASP, « CSV injection »).

    What begins with = + - @ tab or CR gets an apostrophe; signed numbers and phone numbers are left alone.

    >>> neutraliser("=1+1"), neutraliser("-4"), neutraliser("+33 1 99 00 41 27")
    ("'=1+1", '-4', '+33 1 99 00 41 27')
    """
    texte = _CONTROLE.sub("", texte)
    nu = texte.lstrip(" \u00a0\u202f\ufeff")
    if not nu.startswith(_DEBUT_ACTIF) or _SIGNE_INNOCENT.fullmatch(nu):
        return texte
    return f"'{texte}"


@dataclass
class Feuille:
    """One sheet: a bold header row that stays in sight, then the rows; `notes` go above the headers."""

    titre: str
    entetes: Sequence[str]
    lignes: Iterable[Sequence[Any]]
    notes: Sequence[str] = ()
    largeurs: Sequence[int] = field(default_factory=tuple)


def nom_de_feuille(titre: str, deja: Iterable[str] = ()) -> str:
    """A name Excel accepts: 31 characters, none of []:*?/\\', unique among `deja` whatever the case."""
    base = _TITRE_INTERDIT.sub(" ", titre).strip()[:31] or "Feuille"
    pris, nom, rang = {d.lower() for d in deja}, base, 2
    while nom.lower() in pris:
        suffixe = f" ({rang})"
        nom, rang = base[: 31 - len(suffixe)] + suffixe, rang + 1
    return nom


class _Formats:
    """The few styles of our workbooks, made once."""

    def __init__(self, classeur: xlsxwriter.Workbook):
        self.entete = classeur.add_format(
            {"bold": True, "bg_color": "#E8EDFF", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.note = classeur.add_format({"italic": True, "font_color": "#555555"})
        self.date = classeur.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self.instant = classeur.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"})


def formats_de(classeur: xlsxwriter.Workbook) -> _Formats:
    """The styles of our workbooks, for one written by hand."""
    return _Formats(classeur)


def ecrire_cellule(feuille, rang: int, colonne: int, valeur: Any, formats: _Formats, style=None) -> None:
    """Write one value with its type; never as a formula or a link. `style` colours it; a date keeps its own look."""
    if valeur is None or valeur == "":
        return
    if isinstance(valeur, bool):
        feuille.write_string(rang, colonne, "oui" if valeur else "non", style)
    elif isinstance(valeur, int | float | Decimal):
        fini = abs(valeur) < 10**15 and valeur == valeur
        if fini:
            feuille.write_number(rang, colonne, valeur, style)
        else:
            feuille.write_string(rang, colonne, str(valeur), style)
    elif isinstance(valeur, datetime):
        local = timezone.localtime(valeur) if timezone.is_aware(valeur) else valeur
        feuille.write_datetime(rang, colonne, local.replace(tzinfo=None), formats.instant)
    elif isinstance(valeur, date):
        if valeur.year < 1900:  # Excel knows no earlier day
            feuille.write_string(rang, colonne, f"{valeur:%d/%m}/{valeur.year}", style)
        else:
            feuille.write_datetime(rang, colonne, valeur, formats.date)
    else:
        feuille.write_string(rang, colonne, neutraliser(str(valeur))[:CELLULE_MAX], style)


def classeur_xlsx(feuilles: Iterable[Feuille]) -> bytes:
    """The bytes of a workbook."""
    sortie = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sortie, options) as classeur:
        formats, noms = _Formats(classeur), []
        for contenu in feuilles:
            noms.append(nom_de_feuille(contenu.titre, noms))
            feuille = classeur.add_worksheet(noms[-1])
            for colonne, titre in enumerate(contenu.entetes):
                largeur = contenu.largeurs[colonne] if colonne < len(contenu.largeurs) else 0
                feuille.set_column(colonne, colonne, largeur or min(max(len(titre) + 2, 12), 40))
            rang = 0
            for note in contenu.notes:
                feuille.write_string(rang, 0, neutraliser(note), formats.note)
                rang += 1
            for colonne, titre in enumerate(contenu.entetes):
                feuille.write_string(rang, colonne, neutraliser(titre), formats.entete)
            feuille.freeze_panes(rang + 1, 0)
            for ligne in contenu.lignes:
                rang += 1
                for colonne, valeur in enumerate(ligne):
                    ecrire_cellule(feuille, rang, colonne, valeur, formats)
        if not noms:
            classeur.add_worksheet("Feuille")
    return sortie.getvalue()


def _piece_jointe(octets: bytes, type_mime: str, nom: str) -> HttpResponse:
    reponse = HttpResponse(octets, content_type=type_mime)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def reponse_octets_xlsx(nom: str, octets: bytes) -> HttpResponse:
    """A workbook already made, as a download named « nom.xlsx » (without accents)."""
    return _piece_jointe(octets, TYPE_XLSX, f"{slugify(nom) or 'export'}.xlsx")


def reponse_xlsx(nom: str, feuilles: Iterable[Feuille]) -> HttpResponse:
    """A download named « nom.xlsx » (without accents)."""
    return reponse_octets_xlsx(nom, classeur_xlsx(feuilles))


def _texte_csv(valeur: Any) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime):
        local = timezone.localtime(valeur) if timezone.is_aware(valeur) else valeur
        return f"{local:%d/%m/%Y %H:%M}"
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    if isinstance(valeur, float | Decimal):
        return str(valeur).replace(".", ",")
    return str(valeur) if isinstance(valeur, int) else neutraliser(str(valeur))


def reponse_csv(nom: str, feuille: Feuille) -> HttpResponse:
    """The same rows as CSV for a French Excel: UTF-8 with BOM, semicolons."""
    sortie = io.StringIO()
    plume = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    plume.writerow(neutraliser(t) for t in feuille.entetes)
    for ligne in feuille.lignes:
        plume.writerow(_texte_csv(v) for v in ligne)
    octets = sortie.getvalue().encode("utf-8-sig")
    return _piece_jointe(octets, "text/csv; charset=utf-8", f"{slugify(nom) or 'export'}.csv")
