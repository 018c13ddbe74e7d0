"""What was read of a file, as kept between the upload and the confirmation: normalised rows, never a cell as it was.

The `Releve` does not change once made. What the user answers, and what the account holds meanwhile, are laid over it
by `apercu.Apercu`.
"""

import re
from dataclasses import dataclass, field
from typing import Any

LAISSER = "laisser"
"""The answer « Laisser ces lignes de côté »."""


_TRIBUNAL = re.compile(r"t([0-9]{1,9})")


def tribunal_choisi(reponse: str) -> int | None:
    """The key of the court in the answer « t12 », chosen in the list of all of them."""
    trouve = _TRIBUNAL.fullmatch(reponse)
    return int(trouve[1]) if trouve else None


@dataclass
class Probleme:
    """One thing to mend: where, what was found (cut at 40 characters, masked if it reads like a name), why, remedy."""

    ligne: int
    champ: str
    colonne: str  # « C », or empty when no column holds the information
    designation: str  # « C « Date nomination » »
    valeur: str
    pourquoi: str
    a_ecrire: str
    question: str = ""  # key of the Question whose answer settles it, if any

    @property
    def masque(self) -> bool:
        return self.valeur in {"", "contenu masqué"}


@dataclass
class LigneLue:
    """A row of the table: what was understood of it, and what stops it. `valeurs`: see controles._valeurs."""

    ligne: int
    valeurs: dict[str, Any]
    problemes: list[Probleme] = field(default_factory=list)


@dataclass
class Choix:
    """One answer to a question: its words, and what it writes in the rows concerned."""

    cle: str
    libelle: str
    valeurs: dict[str, Any]


@dataclass
class Question:
    """Something small that the user settles on the page, once for all the rows where the same thing is written.

    `defaut`: the key of the answer proposed first (never for a guess). `tribunal_libre`: any other court may be chosen.
    """

    cle: str
    champ: str
    colonne: str
    designation: str
    enonce: str
    choix: list[Choix]
    lignes: list[int]
    defaut: str = ""
    tribunal_libre: bool = False

    def choisir(self, reponse: str) -> Choix | None:
        """The answer of this key; « t12 » is the court number 12, where any may be chosen. None for anything else."""
        if self.tribunal_libre and (pk := tribunal_choisi(reponse)):
            return Choix(reponse, "", {"tribunal": pk})
        return next((choix for choix in self.choix if choix.cle == reponse), None)


@dataclass
class ColonneLue:
    """How a column of the file was understood. `champ` is empty when it is not read."""

    rang: int
    colonne: str
    titre: str
    champ: str
    libelle: str
    exemple: str
    remarque: str = ""
    ecartee: bool = False
    assignable: bool = False
    choisie: bool = False  # the user said what it holds

    @property
    def designation(self) -> str:
        return f"{self.colonne} « {self.titre} »" if self.titre else self.colonne


@dataclass
class NomsTrouves:
    """Cells set aside because they hold, or may hold, names."""

    ou: str
    cellules: int
    pourquoi: str
    effet: str


@dataclass
class Avertissement:
    """Something met and settled. `phrase` is for the page, `message` for one row; `lignes` may be empty."""

    champ: str
    message: str
    phrase: str
    lignes: list[int] = field(default_factory=list)


@dataclass
class FeuilleVue:
    """A sheet that holds a table of mesures; `nom` is masked when it reads like a person's name."""

    rang: int
    nom: str
    lignes: int


_FAUTE = ("champ", "colonne", "designation", "pourquoi", "a_ecrire")


@dataclass
class Releve:
    """Every row of the table is in `lignes` or in `ignorees` ({ligne, raison}), never in both, never in none."""

    genre: str = "classeur Excel"
    feuille: int = 1
    feuilles: int = 1
    ligne_exemple: int = 0
    lignes: list[LigneLue] = field(default_factory=list)
    ignorees: list[dict[str, Any]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    colonnes: list[ColonneLue] = field(default_factory=list)
    noms: list[NomsTrouves] = field(default_factory=list)
    avertissements: list[Avertissement] = field(default_factory=list)
    tables: list[FeuilleVue] = field(default_factory=list)
    sans_titres: list[FeuilleVue] = field(default_factory=list)

    @property
    def cellules_de_noms(self) -> int:
        return sum(n.cellules for n in self.noms)

    def designer(self, champ: str) -> tuple[str, str]:
        """(letter, « C « Date nomination » ») of the column read for an information; empty when none holds it."""
        lue = next((c for c in self.colonnes if c.champ == champ), None)
        return (lue.colonne, lue.designation) if lue else ("", "")

    def en_json(self) -> dict[str, Any]:
        # Ten thousand rows of flat values: asdict's recursion and copies would cost more than the rest.
        # The same fault a thousand times is written once: a problem is [rank of the fault, value found, question].
        fautes: dict[tuple, int] = {}
        legers = [
            {
                "ligne": li.ligne,
                "valeurs": li.valeurs,
                "problemes": [
                    [fautes.setdefault(tuple(getattr(p, nom) for nom in _FAUTE), len(fautes)), p.valeur, p.question]
                    for p in li.problemes
                ],
            }
            for li in self.lignes
        ]
        autres = {
            nom: [vars(element) for element in getattr(self, nom)]
            for nom in ("colonnes", "noms", "avertissements", "tables", "sans_titres")
        }
        autres["questions"] = [{**vars(q), "choix": [vars(c) for c in q.choix]} for q in self.questions]
        simples = {nom: getattr(self, nom) for nom in ("genre", "feuille", "feuilles", "ligne_exemple", "ignorees")}
        return {**simples, **autres, "fautes": list(fautes), "lignes": legers}

    @classmethod
    def depuis_json(cls, donnees: dict[str, Any]) -> "Releve":
        fautes = [dict(zip(_FAUTE, faute, strict=True)) for faute in donnees["fautes"]]
        return cls(
            **{
                **{nom: valeur for nom, valeur in donnees.items() if nom != "fautes"},
                "lignes": [
                    LigneLue(
                        li["ligne"],
                        li["valeurs"],
                        [
                            Probleme(ligne=li["ligne"], valeur=valeur, question=question, **fautes[rang])
                            for rang, valeur, question in li["problemes"]
                        ],
                    )
                    for li in donnees["lignes"]
                ],
                "questions": [
                    Question(**{**q, "choix": [Choix(**c) for c in q["choix"]]}) for q in donnees["questions"]
                ],
                "colonnes": [ColonneLue(**c) for c in donnees["colonnes"]],
                "noms": [NomsTrouves(**n) for n in donnees["noms"]],
                "avertissements": [Avertissement(**a) for a in donnees["avertissements"]],
                "tables": [FeuilleVue(**t) for t in donnees["tables"]],
                "sans_titres": [FeuilleVue(**t) for t in donnees["sans_titres"]],
            }
        )
