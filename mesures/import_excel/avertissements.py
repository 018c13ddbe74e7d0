"""What was met in a file and settled, said in plain sentences: nothing is arranged in silence."""

from . import classeur
from .controles import SANS_ADRESSE, SANS_COMMUNE, ZERO_RENDU, Controle
from .releve import Avertissement


def enumerer(lignes: list[int], combien: int = 12) -> str:
    """« 9, 12 et 18 », « 9, 12, 18… et 40 autres »."""
    if len(lignes) > combien + 1:  # never cut for one
        return f"{', '.join(map(str, lignes[:combien]))}… et {len(lignes) - combien} autres"
    debut = ", ".join(map(str, lignes[:-1]))
    return f"{debut} et {lignes[-1]}" if debut else str(lignes[-1])


def compte(nombre: int, singulier: str, pluriel: str) -> str:
    """« 1 ligne », « 3 lignes »."""
    return f"{nombre} {singulier if nombre == 1 else pluriel}"


def reunir(livre: classeur.Classeur, controle: Controle) -> list[Avertissement]:
    """The warnings on the file, then those on its rows, each with its sentence for the page."""
    return _du_classeur(livre, controle) + _de_la_feuille(controle) + _des_lignes(controle)


def _du_fichier(champ: str, phrase: str, lignes: list[int] | None = None) -> Avertissement:
    return Avertissement(champ, phrase, phrase, lignes or [])


def _du_classeur(livre: classeur.Classeur, controle: Controle) -> list[Avertissement]:
    dits, tableau = [], controle.tableau
    autres = [f.rang for f, _ in tableau.tables if f is not tableau.feuille]
    if autres:
        dits.append(
            _du_fichier(
                "",
                f"Votre classeur contient aussi des mesures sur la feuille {enumerer(autres)}, qui n’est pas lue. Pour "
                "tout importer, réunissez toutes vos lignes sur une seule feuille.",
            )
        )
    for feuille, combien in tableau.sans_titres:
        lignes = compte(combien, "ligne", "lignes")
        dits.append(
            _du_fichier("", f"La feuille {feuille.rang} ({lignes}) n’a pas de titres reconnus : elle n’est pas lue.")
        )
    if tableau.au_dessus:
        dits.append(
            _du_fichier(
                "",
                f"{compte(len(tableau.au_dessus), 'ligne remplie', 'lignes remplies')} au-dessus des titres (ligne "
                f"{enumerer(tableau.au_dessus, 8)}) : non lues. Placez les titres au-dessus de toutes vos mesures.",
                tableau.au_dessus,
            )
        )
    if tableau.manquantes:
        remede = "dites ci-dessous quelle colonne le contient, ou répondez à la question."
        if "tribunal" not in tableau.manquantes or len(tableau.manquantes) > 1:
            remede = "si elle existe, choisissez-la dans le tableau des colonnes, plus bas."
        dits.append(_du_fichier("", f"Aucune colonne reconnue pour : {', '.join(tableau.manquantes)} ; {remede}"))
    if livre.macros:
        dits.append(_du_fichier("", "Les macros de ce fichier sont ignorées."))
    if tableau.feuille.masquee:
        dits.append(_du_fichier("", "Cette feuille est masquée dans votre classeur, elle est lue quand même."))
    return dits


def _de_la_feuille(controle: Controle) -> list[Avertissement]:
    dits, traits = [], controle.tableau.feuille.particularites
    masquees = [li.numero for li in controle.tableau.lignes if li.numero in traits.lignes_masquees]
    if masquees:
        combien = compte(len(masquees), "ligne masquée est lue", "lignes masquées sont lues")
        dits.append(_du_fichier("", f"{combien} quand même.", masquees))
    fusions = [f for f in traits.fusions if f[0] > controle.tableau.ligne_titres and f[2] > f[0]]
    if fusions:
        combien = compte(len(fusions), "cellule fusionnée", "cellules fusionnées")
        dits.append(_du_fichier("", f"{combien} : la valeur est reprise sur chaque ligne."))
    if traits.formules_sans_valeur:
        combien = compte(traits.formules_sans_valeur, "formule n’a", "formules n’ont")
        suite = (
            "se lit comme une cellule vide"
            if traits.formules_sans_valeur == 1
            else "se lisent comme des cellules vides"
        )
        dits.append(
            _du_fichier(
                "",
                f"{combien} pas de résultat enregistré et {suite} : ouvrez le fichier dans Excel, enregistrez-le, puis "
                "sélectionnez-le à nouveau.",
            )
        )
    if traits.colonne_max > classeur.COLONNES_MAX:
        dits.append(_du_fichier("", f"Les colonnes au-delà de la {classeur.COLONNES_MAX}e ne sont pas lues."))
    return dits


def _des_lignes(controle: Controle) -> list[Avertissement]:
    dits = list(controle.avertissements.values())
    for dit in dits:
        combien = len(dit.lignes)
        if dit.message == ZERO_RENDU:
            dit.phrase = f"{compte(combien, 'code postal complété', 'codes postaux complétés')} d’un zéro."
        elif dit.message == SANS_ADRESSE:
            lignes = compte(combien, "ligne", "lignes")
            dit.phrase = f"{lignes} sans domicile fixe ou ad hoc : l’adresse écrite n’est pas reprise."
        elif dit.message == SANS_COMMUNE:
            dit.phrase = f"{compte(combien, 'ligne', 'lignes')} sans commune : mesure importée sans adresse."
        else:
            pluriel = "s" if combien > 1 else ""
            dit.phrase = f"{dit.message} (ligne{pluriel} {enumerer(dit.lignes, 8)})."
    return dits
