"""Bytes → preview: the whole reading, in order. Writes nothing, keeps nothing of the file."""

from collections.abc import Mapping
from datetime import date

from emjpm.commun.texte import normaliser
from mandataires.models import Mandataire

from . import classeur, colonnes, lieux
from .apercu import Apercu, composer
from .avertissements import enumerer, reunir
from .classeur import Avancer
from .colonnes import NOMS, Consignes, Tableau
from .controles import Controle, montrer
from .en_clair import lu
from .erreurs import trop_de_lignes
from .lecture import MASQUE
from .releve import ColonneLue, FeuilleVue, NomsTrouves, Releve
from .reperes import Reperes
from .titres import TITRES_DE_REMARQUES

_ORDINAUX = "première deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième".split()


def analyser(
    octets: bytes,
    mandataire: Mandataire | None = None,
    aujourdhui: date | None = None,
    *,
    consignes: Consignes | None = None,
    reponses: Mapping[str, str] | None = None,
    avancer: Avancer | None = None,
) -> Apercu:
    """Read a file and say everything about it. Raises ClasseurRefuse when it cannot be read at all.

    Without a mandataire, every court is known and no mesure is already present. `avancer(read, in all)` is told of
    the rows as they are read.
    """
    _, apercu = analyser_tableau(octets, mandataire, aujourdhui, consignes, reponses, avancer)
    return apercu


def analyser_tableau(
    octets: bytes,
    mandataire: Mandataire | None = None,
    aujourdhui: date | None = None,
    consignes: Consignes | None = None,
    reponses: Mapping[str, str] | None = None,
    avancer: Avancer | None = None,
) -> tuple[Tableau, Apercu]:
    """The preview, with the table it was made from: the user's own cells, to be given back and forgotten."""
    # Half of the work is to read the rows, half to understand them: one progress for both.
    livre = classeur.lire(octets, avancer and (lambda lues, total: avancer(lues // 2, total)))
    tableau = colonnes.trouver(livre, consignes)
    if len(tableau.lignes) > classeur.LIGNES_MAX:
        raise trop_de_lignes(classeur.LIGNES_MAX, len(tableau.lignes))
    reperes = Reperes(mandataire, aujourdhui)
    _charger_communes(tableau, reperes)
    controle = Controle(tableau, reperes, avancer and (lambda lues, total: avancer((total + lues) // 2, total)))
    releve = controle.passer()
    _completer(releve, livre, controle)
    return tableau, composer(releve, reperes.presentes, reponses or {})


def ordinal(rang: int) -> str:
    """« deuxième »."""
    return _ORDINAUX[rang - 1] if rang <= len(_ORDINAUX) else f"{rang}e"


def _charger_communes(tableau: Tableau, reperes: Reperes) -> None:
    code, ville = tableau.colonne("code_postal"), tableau.colonne("ville")
    codes, villes = set(), set()
    paires = {
        tuple(ligne.cellules[c.rang - 1] if c and c.rang <= len(ligne.cellules) else None for c in (code, ville))
        for ligne in tableau.lignes
    }
    for paire in paires:
        lus = lieux.candidats(*paire)
        codes |= lus[0]
        villes |= lus[1]
    reperes.charger_communes(codes, villes)


def _completer(releve: Releve, livre: classeur.Classeur, controle: Controle) -> None:
    """What is said of the file as a whole."""
    tableau = controle.tableau
    releve.genre, releve.feuille, releve.feuilles = livre.genre, tableau.feuille.rang, len(livre.feuilles)
    releve.tables = [FeuilleVue(f.rang, _nom_de_feuille(f.nom), combien) for f, combien in tableau.tables]
    releve.sans_titres = [FeuilleVue(f.rang, _nom_de_feuille(f.nom), combien) for f, combien in tableau.sans_titres]
    releve.noms = _noms(controle)
    releve.colonnes = _colonnes(controle)
    releve.avertissements = reunir(livre, controle)


def _nom_de_feuille(nom: str) -> str:
    """The name to tell a sheet by, or nothing when it could be somebody's."""
    lu = montrer("numero_dossier", nom)
    return "" if lu == MASQUE else lu


def _noms(controle: Controle) -> list[NomsTrouves]:
    """What is set aside before anything is shown."""
    trouves = [
        NomsTrouves(
            f"Colonne {colonne.designation}",
            controle.cellules_noms[colonne.rang],
            "Le titre annonce peut-être des noms" if colonne.douteux else "Le titre annonce des noms",
            "Écarter toute la colonne",
        )
        for colonne in controle.tableau.colonnes
        if colonne.champ == NOMS and controle.cellules_noms[colonne.rang]
    ]
    libelles = {"numero_dossier": "numéro de dossier", "cabinet": "cabinet", "numero_rg": "numéro RG"}
    for champ, lignes in controle.references_ecartees.items():
        pluriel = "s" if len(lignes) > 1 else ""
        trouves.append(
            NomsTrouves(
                f"Colonne {controle.colonnes[champ].designation}, ligne{pluriel} {enumerer(lignes)}",
                len(lignes),
                f"Le {libelles[champ]} ressemble à un nom, une adresse ou un numéro personnel",
                f"Laisser ce {libelles[champ]} vide, garder la ligne",
            )
        )
    return trouves


def _lecture_de_l_exemple(controle: Controle, champ: str, montre: str) -> str:
    """How the cell shown was read, when it is not word for word as written."""
    exemple = next((li for li in controle.releve.lignes if li.ligne == controle.releve.ligne_exemple), None)
    if exemple is None or exemple.problemes:
        return ""
    noms = {pk: tribunal.nom for pk, tribunal in controle.reperes.tribunaux.items()}
    champ = "rg_normal" if champ == "numero_rg" else champ
    dit = lu(champ, exemple.valeurs, noms)
    return "" if normaliser(dit) == normaliser(montre) else dit


def _colonnes(controle: Controle) -> list[ColonneLue]:
    """Every column of the table, understood or not: none is passed over in silence."""
    exemple = next((li for li in controle.tableau.lignes if li.numero == controle.releve.ligne_exemple), None)
    masquees = controle.tableau.feuille.particularites.colonnes_masquees
    lues = []
    for colonne in controle.tableau.colonnes:
        lue = ColonneLue(
            colonne.rang, colonne.lettre, montrer("ville", colonne.titre), colonne.champ, colonne.libelle, ""
        )
        lue.choisie = colonne.choisie
        if colonne.champ == NOMS:
            lue.champ, lue.ecartee, lue.assignable = "", True, colonne.douteux
            lue.exemple, lue.remarque = "contenu non lu", "e-MJPM ne doit contenir aucun nom"
        elif colonne.champ:
            cellule = exemple.cellules[colonne.rang - 1] if exemple and colonne.rang <= len(exemple.cellules) else None
            lue.exemple, lue.assignable = montrer(colonne.champ, cellule), colonne.choisie
            ecartees = controle.references_ecartees.get(colonne.champ, [])
            if ecartees:
                pluriel = "s" if len(ecartees) > 1 else ""
                lue.remarque = f"Ligne{pluriel} {enumerer(ecartees, 5)} : contenu écarté, il ressemble à un nom"
            elif exemple and (dit := _lecture_de_l_exemple(controle, colonne.champ, lue.exemple)):
                lue.remarque = f"Lu : {dit}"
            elif colonne.champ == "antenne" and not controle.reperes.antennes:
                lue.remarque = f"Vous n’avez pas {controle.reperes.mots_du_lieu.de} dans e-MJPM : colonne non reprise"
        else:
            lue.exemple = "contenu non affiché"
            lue.assignable = normaliser(colonne.titre) not in TITRES_DE_REMARQUES
            lue.remarque = colonne.remarque or "Titre non reconnu : non importée"
        if colonne.rang in masquees:
            lue.remarque = (
                f"{lue.remarque}. " * bool(lue.remarque) + "Colonne masquée dans votre classeur, lue quand même"
            )
        lues.append(lue)
    return lues
