"""Bytes → preview: the whole reading, in order. Writes nothing, keeps nothing of the file."""

from datetime import date

from mandataires.models import Mandataire

from . import classeur, colonnes, lieux
from .apercu import Apercu, ColonneLue, NomsTrouves
from .colonnes import NOMS, Tableau
from .controles import Controle, montrer
from .erreurs import trop_de_lignes
from .reperes import Reperes

_ORDINAUX = "première deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième".split()


def analyser(octets: bytes, mandataire: Mandataire | None = None, aujourdhui: date | None = None) -> Apercu:
    """Read a file and say everything about it. Raises ClasseurRefuse when it cannot be read at all.

    Without a mandataire, every court is known and no mesure is already present.
    """
    livre = classeur.lire(octets)
    tableau = colonnes.trouver(livre)
    if len(tableau.lignes) > classeur.LIGNES_MAX:
        raise trop_de_lignes(classeur.LIGNES_MAX, len(tableau.lignes))
    reperes = Reperes(mandataire, aujourdhui)
    _charger_communes(tableau, reperes)
    controle = Controle(tableau, reperes)
    apercu = controle.passer()
    apercu.genre, apercu.feuille, apercu.feuilles = livre.genre, tableau.feuille.rang, len(livre.feuilles)
    apercu.noms = _noms(controle)
    apercu.colonnes = _colonnes(controle)
    apercu.avertissements = _avertissements(livre, controle)
    return apercu


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
    libelles = {"numero_dossier": "numéro de dossier", "cabinet": "cabinet"}
    for champ, lignes in controle.references_ecartees.items():
        pluriel = "s" if len(lignes) > 1 else ""
        trouves.append(
            NomsTrouves(
                f"Colonne {controle.colonnes[champ].designation}, ligne{pluriel} {enumerer(lignes)}",
                len(lignes),
                f"Le {libelles[champ]} ressemble à un nom",
                f"Laisser ce {libelles[champ]} vide, garder la ligne",
            )
        )
    return trouves


def enumerer(lignes: list[int], combien: int = 12) -> str:
    """« 9, 12 et 18 », « 9, 12, 18… et 40 autres »."""
    if len(lignes) > combien:
        return f"{', '.join(map(str, lignes[:combien]))}… et {len(lignes) - combien} autres"
    debut = ", ".join(map(str, lignes[:-1]))
    return f"{debut} et {lignes[-1]}" if debut else str(lignes[-1])


def _colonnes(controle: Controle) -> list[ColonneLue]:
    """Every column of the table, understood or not: none is passed over in silence."""
    exemple = next((li for li in controle.tableau.lignes if li.numero == controle.apercu.ligne_exemple), None)
    masquees = controle.tableau.feuille.particularites.colonnes_masquees
    lues = []
    for colonne in controle.tableau.colonnes:
        lue = ColonneLue(colonne.lettre, montrer("ville", colonne.titre), colonne.champ, colonne.libelle, "")
        if colonne.champ == NOMS:
            lue.champ, lue.ecartee = "", True
            lue.exemple, lue.remarque = "contenu non lu", "e-MJPM ne doit contenir aucun nom"
        elif colonne.champ:
            cellule = exemple.cellules[colonne.rang - 1] if exemple and colonne.rang <= len(exemple.cellules) else None
            lue.exemple = montrer(colonne.champ, cellule)
            ecartees = controle.references_ecartees.get(colonne.champ, [])
            if ecartees:
                pluriel = "s" if len(ecartees) > 1 else ""
                lue.remarque = f"Ligne{pluriel} {enumerer(ecartees, 5)} : contenu écarté, il ressemble à un nom"
            elif colonne.champ == "antenne" and not controle.reperes.antennes:
                lue.remarque = "Vous n’avez pas d’antenne dans e-MJPM : colonne non reprise"
        else:
            lue.exemple = "contenu non affiché"
            lue.remarque = colonne.remarque or "Titre non reconnu : non importée"
        if colonne.rang in masquees:
            lue.remarque = (
                f"{lue.remarque}. " * bool(lue.remarque) + "Colonne masquée dans votre classeur, lue quand même"
            )
        lues.append(lue)
    return lues


def _compte(nombre: int, singulier: str, pluriel: str) -> str:
    return f"{nombre} {singulier if nombre == 1 else pluriel}"


def _avertissements(livre: classeur.Classeur, controle: Controle) -> list[str]:
    """What was met and settled, said in plain sentences."""
    traits, remarques, dits = controle.tableau.feuille.particularites, controle.remarques.copy(), []
    if controle.tableau.autres_feuilles:
        rangs = enumerer(controle.tableau.autres_feuilles)
        dits.append(
            f"Votre classeur contient aussi des mesures sur la feuille {rangs}, qui n’est pas lue. Pour l’importer, "
            "réunissez toutes vos lignes sur une seule feuille."
        )
    manquantes = controle.tableau.manquantes
    if manquantes:
        dits.append(f"Aucune colonne reconnue pour : {', '.join(manquantes)}.")
    if livre.macros:
        dits.append("Les macros de ce fichier sont ignorées.")
    if controle.tableau.feuille.masquee:
        dits.append("Cette feuille est masquée dans votre classeur, elle est lue quand même.")
    masquees = [li.numero for li in controle.tableau.lignes if li.numero in traits.lignes_masquees]
    if masquees:
        dits.append(f"{_compte(len(masquees), 'ligne masquée est lue', 'lignes masquées sont lues')} quand même.")
    fusions = [f for f in traits.fusions if f[0] > controle.tableau.ligne_titres and f[2] > f[0]]
    if fusions:
        dits.append(
            f"{_compte(len(fusions), 'cellule fusionnée', 'cellules fusionnées')} : la valeur est reprise sur chaque "
            "ligne."
        )
    if traits.formules_sans_valeur:
        dits.append(
            f"{_compte(traits.formules_sans_valeur, 'formule n’a', 'formules n’ont')} pas de résultat enregistré et se "
            "lit comme une cellule vide : ouvrez le fichier dans Excel, enregistrez-le, puis sélectionnez-le à nouveau."
        )
    if traits.colonne_max > classeur.COLONNES_MAX:
        dits.append(f"Les colonnes au-delà de la {classeur.COLONNES_MAX}e ne sont pas lues.")
    zeros, sdf, sans = (remarques.pop(quoi, 0) for quoi in ("zeros", "sans_adresse", "sans_commune"))
    if zeros:
        dits.append(f"{_compte(zeros, 'code postal complété', 'codes postaux complétés')} d’un zéro.")
    if sdf:
        dits.append(
            f"{_compte(sdf, 'ligne', 'lignes')} sans domicile fixe ou ad hoc : l’adresse écrite n’est pas reprise."
        )
    if sans:
        dits.append(f"{_compte(sans, 'ligne', 'lignes')} sans commune : mesure importée sans adresse.")
    if controle.rg_inhabituels:
        pluriel = "s" if len(controle.rg_inhabituels) > 1 else ""
        dits.append(
            f"Ligne{pluriel} {enumerer(controle.rg_inhabituels, 8)} : numéro RG de forme inhabituelle, gardé tel quel."
        )
    dits += [f"{remarque} ({_compte(n, 'ligne', 'lignes')})." for remarque, n in sorted(remarques.items()) if n]
    return dits
