"""A workbook under the pencil: each row is written together with what must be read of it."""

import csv
import datetime
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import openpyxl

MODELE = (
    ("Date du jugement", "date_jugement"),
    ("Type de la mesure", "nature"),
    ("Code postal", "code_postal"),
    ("Ville", "ville"),
    ("Civilité", "civilite"),
    ("Année de naissance", "annee_naissance"),
    ("Lieu de résidence", "lieu_vie"),
    ("Numéro de dossier", "numero_dossier"),
    ("Numéro RG", "numero_rg"),
    ("Tribunal", "tribunal"),
    ("Cabinet", "cabinet"),
)
PREMIER_EMJPM = tuple(
    zip(
        "date_nomination type code_postal ville civilite annee numero_rg numero_dossier residence tribunal_siret "
        "tribunal_cabinet antenne".split(),
        "date_jugement nature code_postal ville civilite annee_naissance numero_rg numero_dossier lieu_vie tribunal "
        "cabinet antenne".split(),
        strict=True,
    )
)
LUS = (
    "date_jugement nature champ code_postal ville pays civilite annee_naissance lieu_vie numero_rg numero_dossier "
    "tribunal cabinet"
).split()
METZ = "Tribunal judiciaire de Metz"
SANS_ADRESSE = {"code_postal": "", "ville": "", "pays": ""}
OBLIGATOIRES = ("date_jugement", "nature", "civilite", "lieu_vie", "tribunal")

_ECRIT = {
    "date_jugement": datetime.datetime(2021, 3, 12),
    "nature": "Curatelle renforcée",
    "code_postal": "57000",
    "ville": "Metz",
    "civilite": "Madame",
    "annee_naissance": 1947,
    "lieu_vie": "Domicile",
    "tribunal": METZ,
    "cabinet": "2",
}
_LU = {
    "date_jugement": "2021-03-12",
    "nature": "curatelle_renforcee",
    "champ": "",
    "code_postal": "57000",
    "ville": "Metz",
    "pays": "FR",
    "civilite": "madame",
    "annee_naissance": 1947,
    "lieu_vie": "domicile",
    "tribunal": METZ,
    "cabinet": "2",
}
_BANALES = (
    {},
    {
        "date_jugement": (datetime.datetime(2019, 11, 3), "2019-11-03"),
        "nature": ("Tutelle", "tutelle"),
        "code_postal": ("57100", "57100"),
        "ville": ("THIONVILLE", "Thionville"),
        "civilite": ("Monsieur", "monsieur"),
        "annee_naissance": (1982, 1982),
        "lieu_vie": ("EHPAD", "etablissement"),
        "tribunal": ("TJ Thionville", "Tribunal judiciaire de Thionville"),
    },
    {
        "date_jugement": (datetime.datetime(2024, 6, 25), "2024-06-25"),
        "nature": ("CURATELLE SIMPLE", "curatelle_simple"),
        "code_postal": ("54000", "54000"),
        "ville": ("Nancy", "Nancy"),
        "civilite": ("M.", "monsieur"),
        "annee_naissance": (1939, 1939),
        "lieu_vie": ("Établissement", "etablissement"),
        "tribunal": ("TJ Nancy", "Tribunal judiciaire de Nancy"),
        "cabinet": ("A", "A"),
    },
    {
        "date_jugement": (datetime.datetime(2016, 2, 29), "2016-02-29"),
        "nature": ("Sauvegarde de justice", "sauvegarde_justice"),
        "code_postal": ("57950", "57950"),
        "ville": ("Montigny-lès-Metz", "Montigny-lès-Metz"),
        "annee_naissance": (2001, 2001),
        "civilite": ("Mme", "madame"),
    },
)


class Un:
    """One of several readings, all fair: where the specification leaves the choice."""

    def __init__(self, *possibles: Any):
        self.possibles = possibles

    def __eq__(self, autre: object) -> bool:
        return autre in self.possibles

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return " ou ".join(map(repr, self.possibles))


@dataclass
class Verdict:
    """`sort`: prete, a_corriger, ignoree, question (ready or to fix), ni_prete, vide."""

    sort: str
    lu: dict[str, Any] = field(default_factory=dict)
    problemes: dict[str, str] = field(default_factory=dict)  # champ (a regex) → regex found in the message
    raison: str = ""


class Cahier:
    """Rows and verdicts, then bytes. `avant`: the rows above the titles."""

    def __init__(self, fichier: str):
        self.fichier = fichier
        self.colonnes: list[tuple[str, str]] = list(MODELE)
        self.avant: list[list[Any]] = []
        self.titres_ecrits: list[Any] | None = None
        self.lignes: list[tuple[list[Any], Verdict]] = []
        self.avertit: list[str] = []  # regexes, each found in a warning
        self.tait: list[str] = []  # words that must appear nowhere in the report
        self.preparations: list[Callable] = []
        self.retouches: list[Callable[[bytes], bytes]] = []
        self.csv: dict[str, Any] | None = None
        self.octets_directs: bytes | None = None
        self.feuille = "Feuil1"
        self.sans_csv = False
        self.decalage = 0  # rows the file shows that the spreadsheet does not count (« sep=; »)

    # --- Rows -----------------------------------------------------------------------------------------
    @property
    def numero(self) -> int:
        """Of the next row, as Excel shows it."""
        return len(self.avant) + 2 + len(self.lignes)

    def _cellules(self, changements: dict[str, Any], autres: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        rang = self.numero
        ecrits = {"numero_dossier": f"2021-{rang:03}", "numero_rg": f"21B{rang:05}"} | _ECRIT
        presents = {champ for _, champ in self.colonnes}
        lus = {"numero_dossier": f"2021-{rang:03}", "numero_rg": f"21B{rang:05}"} | _LU
        lus = {c: v if c in presents or c in {"champ", "pays"} else _absent(c) for c, v in lus.items()}
        if not presents & {"ville", "code_postal"}:
            lus |= {"pays": Un("FR", "", None)}
        for champ, valeur in changements.items():
            ecrit, lu = valeur if isinstance(valeur, tuple) else (valeur, valeur)
            ecrits[champ], lus[champ] = ecrit, lu
        if lus["code_postal"] == "" and lus["ville"] == "":
            lus["pays"] = Un("FR", "", None)
        inconnus = (set(changements) - set(LUS) - {"antenne"}) | (set(autres) - {t for t, _ in self.colonnes})
        assert not inconnus, inconnus
        cellules = [autres[t] if t in autres else ecrits.get(champ) for t, champ in self.colonnes]
        return cellules, {c: lus[c] for c in LUS}

    def prete(self, autres: dict[str, Any] | None = None, **changements: Any) -> None:
        """A ready row: `champ=(written, read)`, or one value when they are the same."""
        cellules, lus = self._cellules(changements, autres or {})
        self.lignes.append((cellules, Verdict("prete", lus)))

    def banales(self, combien: int) -> None:
        for n in range(combien):
            self.prete(**{c: v for c, v in _BANALES[n % len(_BANALES)].items() if self._a(c)})

    def _a(self, champ: str) -> bool:
        return champ in {c for _, c in self.colonnes}

    def a_corriger(self, problemes: dict[str, str], autres: dict[str, Any] | None = None, **ecrits: Any) -> None:
        """A row to fix: champ → words of the reason, for each problem, no more no less."""
        cellules, _ = self._cellules(ecrits, autres or {})
        self.lignes.append((cellules, Verdict("a_corriger", problemes=problemes)))

    def question(self, problemes: dict[str, str], **changements: Any) -> None:
        """Read right, or asked: never read otherwise."""
        cellules, lus = self._cellules(changements, {})
        self.lignes.append((cellules, Verdict("question", lus, problemes)))

    def ignoree(self, *cellules: Any, raison: str = "") -> None:
        self.lignes.append((list(cellules), Verdict("ignoree", raison=raison)))

    def ni_prete(self, *cellules: Any) -> None:
        """A note under the table: ignored or to fix, but told."""
        self.lignes.append((list(cellules), Verdict("ni_prete")))

    def vide(self) -> None:
        self.lignes.append(([], Verdict("vide")))

    # --- What must come out ---------------------------------------------------------------------------
    def verdicts(self) -> dict[int, Verdict]:
        debut = len(self.avant) + 2
        return {debut + n: verdict for n, (_, verdict) in enumerate(self.lignes)}

    def remplies(self) -> set[int]:
        """Numbers of the rows under the titles that hold something."""
        debut = len(self.avant) + 2
        return {
            debut + n
            for n, (cellules, _) in enumerate(self.lignes)
            if any(c is not None and str(c).strip() for c in cellules)
        }

    def colonnes_lues(self) -> dict[str, str]:
        return {lettre(n): champ for n, (_, champ) in enumerate(self.colonnes, 1) if champ}

    # --- Bytes ----------------------------------------------------------------------------------------
    def rangees(self) -> list[list[Any]]:
        return [*self.avant, self.titres_ecrits or [t for t, _ in self.colonnes], *(c for c, _ in self.lignes)]

    def octets(self) -> bytes:
        if self.octets_directs is not None:
            return self.octets_directs
        octets = self.en_csv(**self.csv) if self.csv is not None else self.en_xlsx()
        for retouche in self.retouches:
            octets = retouche(octets)
        return octets

    def en_xlsx(self) -> bytes:
        livre = openpyxl.Workbook()
        feuille = livre.active
        feuille.title = self.feuille
        for rang, rangee in enumerate(self.rangees(), 1):
            for colonne, valeur in enumerate(rangee, 1):
                if valeur is not None:
                    feuille.cell(rang, colonne).value = valeur
        for preparer in self.preparations:
            preparer(livre, feuille)
        sortie = io.BytesIO()
        livre.save(sortie)
        return sortie.getvalue()

    @property
    def ecrivable_en_csv(self) -> bool:
        """Nothing in it but cells: the same table saved as text reads the same."""
        return not (self.sans_csv or self.csv is not None or self.preparations or self.retouches or self.octets_directs)

    def en_csv(self, encodage: str = "utf-8", separateur: str = ";", fin: str = "\r\n", tete: str = "") -> bytes:
        """As a spreadsheet saves it: the values as displayed."""
        sortie = io.StringIO()
        redacteur = csv.writer(sortie, delimiter=separateur, lineterminator=fin)
        for rangee in self.rangees():
            redacteur.writerow([affiche(v) for v in rangee])
        return (tete + sortie.getvalue()).encode(encodage)


def affiche(valeur: Any) -> str:
    """A value as a French spreadsheet displays it."""
    if valeur is None:
        return ""
    if isinstance(valeur, datetime.datetime) and valeur.time() != datetime.time():
        return valeur.strftime("%d/%m/%Y %H:%M")
    if isinstance(valeur, datetime.date):
        return valeur.strftime("%d/%m/%Y")
    if isinstance(valeur, float) and valeur.is_integer():
        return str(int(valeur))
    if isinstance(valeur, float):
        return str(valeur).replace(".", ",")
    return str(valeur)


def lettre(rang: int) -> str:
    return openpyxl.utils.get_column_letter(rang)


def _absent(champ: str) -> Any:
    return None if champ == "annee_naissance" else ""


CORPUS: dict[str, Callable[[Cahier], None]] = {}


def cahier(fichier: str):
    """Registers a workbook of the corpus: `@cahier("dates à la main.xlsx") def _(f): f.prete(…)`."""

    def inscrire(ecrire: Callable[[Cahier], None]) -> Callable[[Cahier], None]:
        assert fichier not in CORPUS, fichier
        CORPUS[fichier] = ecrire
        return ecrire

    return inscrire


def ouvrir(fichier: str) -> Cahier:
    f = Cahier(fichier)
    CORPUS[fichier](f)
    return f


def trouve(mot: str, texte: str) -> bool:
    """A regex in a sentence, whatever its spaces, apostrophes and capitals."""
    plat = " ".join(texte.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ").split())
    return re.search(mot.replace("’", "'"), plat, re.IGNORECASE) is not None
