"""The annotated workbook: the user's own cells given back, what is to mend coloured and explained. Never kept.

It is made from the file while it is in memory: what e-MJPM keeps of a file (its normalised rows) could not give the
user's own cells back. See docs/adr/0008-le-fichier-reste-chez-son-utilisateur.md.
"""

import io
import math
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter

from emjpm.commun.tableur import ecrire_cellule, formats_de, neutraliser

from .apercu import Apercu
from .classeur import COLONNES_MAX
from .colonnes import Tableau
from .releve import Probleme
from .titres import TITRE_DES_REMARQUES

_FAUTE = {"bg_color": "#FFE9E9", "border": 1, "border_color": "#CE0500"}
_LARGEUR_REMARQUES, _HAUTEUR = 90, 15  # characters, points
_LARGEUR_MIN, _LARGEUR_MAX = 10, 40
_ENTIER_LISIBLE = 10**11  # Excel shows larger whole numbers in scientific notation: a SIRET must stay readable


def produire(tableau: Tableau, apercu: Apercu) -> bytes:
    """The sheet that was read, row for row under the same numbers, and a last column « À corriger »."""
    sortie = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sortie, options) as livre:
        formats = formats_de(livre)
        styles = {
            "faute": livre.add_format(_FAUTE),
            "faute_date": livre.add_format({**_FAUTE, "num_format": "dd/mm/yyyy", "align": "left"}),
            "faute_entier": livre.add_format({**_FAUTE, "num_format": "0"}),
            "remarque": livre.add_format({"text_wrap": True, "valign": "top", "font_color": "#B34000"}),
            "entier": livre.add_format({"num_format": "0"}),
            "heure": livre.add_format({"num_format": "hh:mm"}),
        }
        _ecrire(livre.add_worksheet("Mesures"), tableau, apercu, formats, styles)
    return sortie.getvalue()


def _ecrire(feuille, tableau: Tableau, apercu: Apercu, formats, styles: dict) -> None:
    problemes: dict[int, list[Probleme]] = {li.ligne: li.problemes for li in apercu.a_corriger}
    remarques = {d["ligne"]: "Déjà présente dans e-MJPM : laissée de côté" for d in apercu.deja_presentes}
    rangs = {c.champ: c.rang for c in tableau.colonnes if c.champ}
    ancienne = next((c.rang for c in tableau.colonnes if c.titre == TITRE_DES_REMARQUES), None)
    derniere = ancienne or min(max((c.rang for c in tableau.colonnes), default=0), COLONNES_MAX) + 1
    _largeurs(feuille, tableau, derniere)
    feuille.freeze_panes(tableau.ligne_titres, 0)
    for ligne in tableau.feuille.lignes:
        rang = ligne.numero - 1
        fautes = problemes.get(ligne.numero, [])
        a_colorer = {rangs[p.champ] for p in fautes if p.champ in rangs}
        phrases = [_en_phrase(p) for p in fautes]
        if phrases:  # LibreOffice does not make a row taller for what is wrapped in it
            feuille.set_row(rang, _HAUTEUR * sum(math.ceil(len(phrase) / _LARGEUR_REMARQUES) for phrase in phrases))
        for colonne, valeur in enumerate(ligne.cellules, 1):
            if colonne != ancienne:
                _cellule(feuille, rang, colonne - 1, valeur, formats, styles, faute=colonne in a_colorer)
        if ligne.numero == tableau.ligne_titres:
            feuille.write_string(rang, derniere - 1, TITRE_DES_REMARQUES, formats.entete)
        elif fautes:
            feuille.write_string(rang, derniere - 1, "\n".join(phrases), styles["remarque"])
            _commenter(feuille, rang, fautes, rangs)
        elif ligne.numero in remarques:
            feuille.write_string(rang, derniere - 1, remarques[ligne.numero], styles["remarque"])


def _largeurs(feuille, tableau: Tableau, derniere: int) -> None:
    """Wide enough for the title and for what the first rows hold."""
    for colonne in tableau.colonnes:
        textes = [colonne.titre] + [
            str(ligne.cellules[colonne.rang - 1] or "")[:_LARGEUR_MAX]
            for ligne in tableau.lignes[:100]
            if colonne.rang <= len(ligne.cellules) and not isinstance(ligne.cellules[colonne.rang - 1], date)
        ]
        largeur = min(max(max(map(len, textes)) + 2, _LARGEUR_MIN), _LARGEUR_MAX)
        feuille.set_column(colonne.rang - 1, colonne.rang - 1, largeur)
    feuille.set_column(derniere - 1, derniere - 1, _LARGEUR_REMARQUES)


def _en_phrase(probleme: Probleme) -> str:
    ou = probleme.designation or probleme.champ
    return neutraliser(f"{ou} : {probleme.pourquoi}. À écrire : {probleme.a_ecrire}")


def _commenter(feuille, rang: int, fautes: list[Probleme], rangs: dict[str, int]) -> None:
    par_cellule: dict[int, list[str]] = defaultdict(list)
    for faute in fautes:
        if faute.champ in rangs:
            par_cellule[rangs[faute.champ]].append(f"{faute.pourquoi}.\nÀ écrire : {faute.a_ecrire}")
    for colonne, textes in par_cellule.items():
        feuille.write_comment(
            rang, colonne - 1, "\n\n".join(textes), {"author": "e-MJPM", "x_scale": 1.6, "font_size": 9}
        )


def _cellule(feuille, rang: int, colonne: int, valeur: Any, formats, styles: dict, *, faute: bool) -> None:
    """The user's own value, with its type; a cell to mend is coloured even when it is empty."""
    style = styles["faute"] if faute else None
    if isinstance(valeur, datetime) and valeur.time() == time():
        valeur = valeur.date()
    if valeur is None or valeur == "":
        if faute:
            feuille.write_blank(rang, colonne, None, style)
    elif isinstance(valeur, bool):
        feuille.write_boolean(rang, colonne, valeur, style)
    elif isinstance(valeur, time | timedelta):
        feuille.write_datetime(rang, colonne, valeur, style or styles["heure"])
    elif faute and isinstance(valeur, date) and valeur.year >= 1900:
        feuille.write_datetime(rang, colonne, valeur, styles["faute_date"])
    elif faute and not isinstance(valeur, int | float | date):
        feuille.write_string(rang, colonne, neutraliser(str(valeur)), style)
    elif isinstance(valeur, int | float) and _ENTIER_LISIBLE <= abs(valeur) < 10**15:
        feuille.write_number(rang, colonne, valeur, styles["faute_entier" if faute else "entier"])
    else:
        ecrire_cellule(feuille, rang, colonne, valeur, formats, style)
