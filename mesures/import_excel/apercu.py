"""What a file was found to hold: the preview, and its JSON (normalised rows only, never the file)."""

from dataclasses import asdict, dataclass, field
from typing import Any


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

    @property
    def masque(self) -> bool:
        return self.valeur in {"", "contenu masqué"}


@dataclass
class LigneACorriger:
    """A row that cannot go in yet, with everything that stops it, and who it is about (« Femme, 71 ans, Woippy »)."""

    ligne: int
    resume: str
    problemes: list[Probleme]


@dataclass
class ColonneLue:
    """How a column of the file was understood. `champ` is empty when it is not read."""

    colonne: str
    titre: str
    champ: str
    libelle: str
    exemple: str
    remarque: str = ""
    ecartee: bool = False


@dataclass
class NomsTrouves:
    """Cells set aside because they hold, or may hold, names."""

    ou: str
    cellules: int
    pourquoi: str
    effet: str


@dataclass
class Apercu:
    """The whole truth about a file. Every row read is in exactly one of the four lists."""

    genre: str = "classeur Excel"
    feuille: int = 1
    feuilles: int = 1
    ligne_exemple: int = 0
    pretes: list[dict[str, Any]] = field(default_factory=list)
    a_corriger: list[LigneACorriger] = field(default_factory=list)
    ignorees: list[dict[str, Any]] = field(default_factory=list)  # {ligne, raison}
    deja_presentes: list[dict[str, Any]] = field(default_factory=list)  # {ligne, numero_rg, mesure, statut}
    colonnes: list[ColonneLue] = field(default_factory=list)
    noms: list[NomsTrouves] = field(default_factory=list)
    avertissements: list[str] = field(default_factory=list)

    @property
    def lues(self) -> int:
        return len(self.pretes) + len(self.a_corriger) + len(self.ignorees) + len(self.deja_presentes)

    @property
    def laissees(self) -> int:
        """Rows that will not be imported."""
        return self.lues - len(self.pretes)

    @property
    def cellules_de_noms(self) -> int:
        return sum(n.cellules for n in self.noms)

    @property
    def bilan(self) -> dict[str, int]:
        """The figures told by the page, the e-mail and the journal alike."""
        return {
            "lues": self.lues,
            "pretes": len(self.pretes),
            "a_corriger": len(self.a_corriger),
            "deja_presentes": len(self.deja_presentes),
            "ignorees": len(self.ignorees),
        }

    def en_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def depuis_json(cls, donnees: dict[str, Any]) -> "Apercu":
        apercu = cls(**donnees)
        apercu.a_corriger = [
            LigneACorriger(li["ligne"], li["resume"], [Probleme(**p) for p in li["problemes"]])
            for li in donnees["a_corriger"]
        ]
        apercu.colonnes = [ColonneLue(**c) for c in donnees["colonnes"]]
        apercu.noms = [NomsTrouves(**n) for n in donnees["noms"]]
        return apercu
