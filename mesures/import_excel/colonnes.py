"""Titles → what each column holds. Finds the row of titles wherever it stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from emjpm.commun.texte import normaliser, propre

from . import erreurs
from .classeur import Classeur, Feuille, Ligne
from .confidences import masquer
from .formats.traits import lettre_colonne
from .modele import est_un_exemple
from .titres import (
    FEUILLES_DU_MODELE,
    LIBELLES,
    MOTS_DE_NOM,
    MOTS_SANS_NOM,
    TITRES,
    TITRES_DE_REMARQUES,
    TITRES_DOUTEUX,
)

NOMS = "noms"
"""The « champ » of a column that announces names: never read."""

_RANGS_DE_TITRE_MAX = 40
_PAR_TITRE = {titre: (champ, rang) for champ, titres in TITRES.items() for rang, titre in enumerate(titres)}
_TITRES_CONNUS = list(_PAR_TITRE)
_PARENTHESE = re.compile(r"\([^)]*\)|\*")
_PROXIMITE = 91  # out of 100: a missing letter in a long title, not another title
_OBLIGATOIRES = ("date_jugement", "nature", "civilite", "lieu_vie", "tribunal")


@dataclass(frozen=True)
class Consignes:
    """What the user said of their file on the page: which sheet (its rank, 0: not said), what some columns hold.

    `colonnes`: letter → (title in its normal form, champ or « » for « do not import »). A column whose title is no
    longer the same is another column: what was said of it is forgotten.
    """

    feuille: int = 0
    colonnes: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Colonne:
    """A titled column. `champ`: a key of TITRES, NOMS, or empty when the title says nothing to us."""

    rang: int  # from 1
    titre: str
    champ: str = ""
    remarque: str = ""
    douteux: bool = False  # NOMS, but the title only may announce them
    choisie: bool = False  # the user said what it holds

    @property
    def lettre(self) -> str:
        return lettre_colonne(self.rang)

    @property
    def designation(self) -> str:
        """« C « Date nomination » », as the page names a column; a title that names someone is masked."""
        return f"{self.lettre} « {masquer(self.titre)} »" if self.titre else self.lettre

    @property
    def libelle(self) -> str:
        return LIBELLES.get(self.champ, "")


@dataclass
class Tableau:
    """The table found in a workbook: its columns and the rows under its titles."""

    feuille: Feuille
    ligne_titres: int
    colonnes: list[Colonne]
    lignes: list[Ligne]
    tables: list[tuple[Feuille, int]]  # every sheet that holds such a table, this one included, with its rows
    sans_titres: list[tuple[Feuille, int]]  # sheets that look filled, but where no title says with what

    def colonne(self, champ: str) -> Colonne | None:
        """The column read for an information."""
        return next((c for c in self.colonnes if c.champ == champ), None)

    @property
    def au_dessus(self) -> list[int]:
        """Rows above the titles that look like mesures: not read, and told."""
        return [li.numero for li in _bien_remplies(self.feuille.lignes) if li.numero < self.ligne_titres]

    @property
    def manquantes(self) -> list[str]:
        """Labels of the compulsory informations that no column holds."""
        return [LIBELLES[c] for c in _OBLIGATOIRES if self.colonne(c) is None]


def reconnaitre_titre(titre: object) -> tuple[str, int]:
    """(champ, rank of preference) of a title: « N° RG » → ("numero_rg", 1). ("", 0) when unknown."""
    texte = str(titre or "")[:120]
    for forme in (normaliser(texte), normaliser(_PARENTHESE.sub(" ", texte))):
        if forme in _PAR_TITRE:
            return _PAR_TITRE[forme]
        if annonce_des_noms(forme):
            return NOMS, 0
    if len(forme) >= 6:
        proche = process.extractOne(forme, _TITRES_CONNUS, scorer=fuzz.ratio, score_cutoff=_PROXIMITE)
        if proche:
            champ, rang = _PAR_TITRE[proche[0]]
            return champ, rang + 100
    return "", 0


def annonce_des_noms(forme: str) -> bool:
    """Does a title, in its normal form, announce (or may announce) names of people?"""
    mots = set(forme.split())
    return forme in TITRES_DOUTEUX or bool(mots & MOTS_DE_NOM and not mots & MOTS_SANS_NOM)


def _colonnes(ligne: Ligne) -> list[Colonne]:
    """The columns of a row of titles. Of two for one information, the better title is read, the other said."""
    colonnes, meilleurs = [], {}
    for rang, cellule in enumerate(ligne.cellules, 1):
        if not isinstance(cellule, str) or not propre(cellule):
            continue
        colonne = Colonne(rang, propre(cellule)[:60])
        if normaliser(cellule) in TITRES_DE_REMARQUES:
            colonnes.append(Colonne(rang, propre(cellule)[:60], remarque="Nos remarques : non relues"))
            continue
        champ, preference = reconnaitre_titre(cellule)
        if champ == NOMS:
            colonne.champ, colonne.douteux = NOMS, normaliser(cellule) in TITRES_DOUTEUX
        elif champ:
            meilleur = meilleurs.get(champ)
            if meilleur is None or preference < meilleur[0]:
                if meilleur is not None:
                    _ceder(meilleur[1], colonne)
                colonne.champ, meilleurs[champ] = champ, (preference, colonne)
            else:
                _ceder(colonne, meilleur[1])
        colonnes.append(colonne)
    return colonnes


def _ceder(colonne: Colonne, prise: Colonne) -> None:
    colonne.champ, colonne.remarque = "", f"Même information que la colonne {prise.lettre} : non reprise"


def _titres(feuille: Feuille) -> tuple[int, Ligne, list[Colonne]] | None:
    """(score, row, columns) of the row that has the most known titles among the first ones; None under two."""
    trouvees = []
    for ligne in feuille.lignes[:_RANGS_DE_TITRE_MAX]:
        textes = [c for c in ligne.cellules if isinstance(c, str) and c.strip()]
        if len(textes) < 2:
            continue
        colonnes = _colonnes(ligne)
        score = len({c.champ for c in colonnes if c.champ and c.champ != NOMS})
        if score >= 2:
            trouvees.append((score, ligne, colonnes))
    if not trouvees:
        return None
    # The first row that is nearly as good as the best: a list whose titles come back lower down, one column richer,
    # begins at the first of them.
    meilleure = max(score for score, *_ in trouvees)
    return next(t for t in trouvees if t[0] >= max(meilleure - 2, min(meilleure, 4)))


def trouver(classeur: Classeur, consignes: Consignes | None = None) -> Tableau:
    """The table of mesures of a workbook: the sheet the user named, else the one with known titles and the most rows.

    Raises ClasseurRefuse when no sheet has titles, or when the one that has them holds no row.
    """
    consignes = consignes or Consignes()
    candidates, sans_titres = [], []
    for feuille in classeur.feuilles:
        du_modele = feuille.nom and len(classeur.feuilles) > 1 and _du_modele(feuille.nom)
        titres = _titres(feuille)
        if titres:
            score, ligne, colonnes = titres
            dessous = [li for li in feuille.lignes if li.numero > ligne.numero]
            # Someone may have unlocked our example sheet and typed below: those rows are theirs.
            if du_modele and all(est_un_exemple(li.cellules) for li in dessous):
                continue
            candidates.append((feuille, ligne, colonnes, dessous, score))
        if (not titres or titres[0] < 4) and not du_modele and (remplies := _bien_remplies(feuille.lignes)):
            sans_titres.append((feuille, len(remplies)))
    if not candidates:
        raise erreurs.sans_titre()
    remplies = [c for c in candidates if c[3]]
    if not remplies:
        raise erreurs.vide()
    nommees = [c for c in remplies if c[0].rang == consignes.feuille]
    choisie = (nommees or [max(remplies, key=lambda c: (c[4] >= 5, not c[0].masquee, len(c[3]), c[4]))])[0]
    feuille, ligne, colonnes, dessous, _ = choisie
    _nommer_sans_titre(colonnes, dessous)
    _suivre(colonnes, consignes)
    tables = [(c[0], len(c[3])) for c in remplies if c is choisie or c[4] >= 4]
    autres = [(f, combien) for f, combien in sans_titres if f is not feuille]
    return Tableau(feuille, ligne.numero, colonnes, dessous, tables, autres)


def _bien_remplies(lignes: list[Ligne]) -> list[Ligne]:
    """Rows of four filled cells or more: a mesure has at least five."""
    return [li for li in lignes if sum(c is not None and str(c).strip() != "" for c in li.cellules) >= 4]


def _suivre(colonnes: list[Colonne], consignes: Consignes) -> None:
    """Give each column what the user said it holds; a column that announces names never."""
    for colonne in colonnes:
        titre, champ = consignes.colonnes.get(colonne.lettre, ("", None))
        interdite = colonne.champ == NOMS and not colonne.douteux
        if champ is None or champ not in {"", *TITRES} or titre != normaliser(colonne.titre) or interdite:
            continue
        for autre in colonnes:
            if champ and autre is not colonne and autre.champ == champ:
                _ceder(autre, colonne)
        colonne.champ, colonne.choisie, colonne.remarque, colonne.douteux = champ, True, "", False


def _du_modele(nom: str) -> bool:
    return normaliser(nom) in FEUILLES_DU_MODELE


def _nommer_sans_titre(colonnes: list[Colonne], lignes: list[Ligne]) -> None:
    """Columns that hold values but have no title are named too, so that nothing is left out in silence."""
    titres = {c.rang for c in colonnes}
    remplies = {
        rang
        for ligne in lignes
        for rang, cellule in enumerate(ligne.cellules, 1)
        if rang not in titres and cellule is not None and str(cellule).strip()
    }
    colonnes += [Colonne(rang, "", remarque="Sans titre : non importée") for rang in sorted(remplies)]
    colonnes.sort(key=lambda c: c.rang)
