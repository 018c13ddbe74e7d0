"""The preview: what was read, plus what the user answered, against what the account holds now.

Computed at each look, never stored: an answer changed, a mesure created meanwhile, and every figure follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mesures.enums import LieuVie, Nature, Pays

from .releve import LAISSER, LigneLue, Probleme, Question, Releve
from .reperes import Presente, cle_de

QUESTIONS_MAX = 12
"""Questions asked at once, those that settle most rows first; the next ones come once these are answered."""
_VIDE: Mapping = {}


@dataclass
class LigneACorriger:
    """A row that cannot go in yet, with everything that stops it, and what was understood of it."""

    ligne: int
    resume: str
    problemes: list[Probleme]
    valeurs: dict[str, Any]


@dataclass
class Apercu:
    """The whole truth about a file. Every row read is in exactly one of the four lists.

    `pretes`: {ligne, **values}; `deja_presentes`: {ligne, numero_rg, mesure, statut}; `ignorees`: {ligne, raison}.
    """

    releve: Releve
    reponses: Mapping[str, str] = field(default_factory=dict)
    pretes: list[dict[str, Any]] = field(default_factory=list)
    a_corriger: list[LigneACorriger] = field(default_factory=list)
    deja_presentes: list[dict[str, Any]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)  # asked now
    suivantes: list[Question] = field(default_factory=list)  # asked once these are answered

    @property
    def ignorees(self) -> list[dict[str, Any]]:
        return self.releve.ignorees

    @property
    def lues(self) -> int:
        return len(self.pretes) + len(self.a_corriger) + len(self.ignorees) + len(self.deja_presentes)

    @property
    def laissees(self) -> int:
        """Rows that will not be imported."""
        return self.lues - len(self.pretes)

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

    @property
    def en_question(self) -> int:
        """Rows that the questions shown are enough to make ready."""
        posees = {q.cle for q in self.questions}
        return sum(all(p.question in posees for p in li.problemes) for li in self.a_corriger)

    @property
    def a_reprendre(self) -> list[LigneACorriger]:
        """Rows to mend in the workbook: what no question, asked now or next, is enough to settle."""
        reglables = {q.cle for q in (*self.questions, *self.suivantes)}
        return [li for li in self.a_corriger if not all(p.question in reglables for p in li.problemes)]

    @property
    def pour_plus_tard(self) -> int:
        """Rows that wait for the questions to come."""
        return self.en_attente_de_reponse - self.en_question

    @property
    def nombre_de_questions(self) -> int:
        return len(self.questions) + len(self.suivantes)

    @property
    def en_attente_de_reponse(self) -> int:
        """Rows that answers alone would make ready."""
        return len(self.a_corriger) - len(self.a_reprendre)

    @property
    def repondues(self) -> list[tuple[Question, str]]:
        """(question, key of the answer) for those this file asks and the user answered."""
        return [(q, self.reponses[q.cle]) for q in self.releve.questions if q.cle in self.reponses]


def composer(
    releve: Releve,
    presentes: Mapping[tuple[int, str], Presente] = _VIDE,
    reponses: Mapping[str, str] = _VIDE,
) -> Apercu:
    """Where each row ends, with these answers and these mesures already in the account."""
    apercu = Apercu(releve, reponses)
    choisis = {q.cle: choix for q in releve.questions if (choix := q.choisir(reponses.get(q.cle, "")))}
    vus: dict[tuple, int] = {}
    for lue in releve.lignes:
        valeurs, problemes = _sans_adresse(*_repondre(lue, choisis))
        cle = cle_de(valeurs)
        presente = presentes.get(cle) if cle else None
        if presente is not None:
            apercu.deja_presentes.append(
                {
                    "ligne": lue.ligne,
                    "numero_rg": presente.numero_rg,
                    "mesure": presente.pk,
                    "statut": presente.statut,
                }
            )
            continue
        problemes = problemes + _incoherences(releve, lue.ligne, valeurs) + _doubles(releve, lue.ligne, valeurs, vus)
        if problemes:
            problemes.sort(key=lambda p: (not p.colonne, len(p.colonne), p.colonne))  # in the order of the columns
            apercu.a_corriger.append(LigneACorriger(lue.ligne, resumer(valeurs), problemes, valeurs))
        else:
            apercu.pretes.append({"ligne": lue.ligne, **valeurs})
    ouvertes = _ouvertes(apercu)
    apercu.questions, apercu.suivantes = ouvertes[:QUESTIONS_MAX], ouvertes[QUESTIONS_MAX:]
    return apercu


def _repondre(lue: LigneLue, choisis: Mapping) -> tuple[dict[str, Any], list[Probleme]]:
    if not lue.problemes or not choisis:
        return lue.valeurs, lue.problemes
    valeurs, restent = lue.valeurs, []
    for probleme in lue.problemes:
        choix = choisis.get(probleme.question)
        if choix is None:
            restent.append(probleme)
        else:
            valeurs = valeurs | choix.valeurs
    return valeurs, restent


def _sans_adresse(valeurs: dict[str, Any], problemes: list[Probleme]) -> tuple[dict[str, Any], list[Probleme]]:
    """An answer may say « sans domicile fixe », or « ad hoc »: the address written beside is then not kept."""
    if valeurs["lieu_vie"] != LieuVie.SDF and valeurs["nature"] != Nature.AD_HOC:
        return valeurs, problemes
    sans = {"pays": str(Pays.FRANCE), "code_postal": "", "commune": None, "ville": ""}
    return valeurs | sans, [p for p in problemes if p.champ not in {"pays", "code_postal", "ville"}]


def _ouvertes(apercu: Apercu) -> list[Question]:
    """The questions not answered yet, those that settle most rows first. « Laisser de côté » is an answer."""
    attendues: dict[str, list[int]] = {}
    for ligne in apercu.a_corriger:
        for probleme in ligne.problemes:
            if probleme.question:
                attendues.setdefault(probleme.question, []).append(ligne.ligne)
    ouvertes = [q for q in apercu.releve.questions if q.cle in attendues and apercu.reponses.get(q.cle) != LAISSER]
    ouvertes.sort(key=lambda q: (-len(q.lignes), q.lignes[0]))
    return ouvertes


def _probleme(releve: Releve, ligne: int, champ: str, valeur: str, pourquoi: str, a_ecrire: str) -> Probleme:
    colonne, designation = releve.designer(champ)
    return Probleme(ligne, champ, colonne, designation, valeur, pourquoi, a_ecrire)


def _incoherences(releve: Releve, ligne: int, valeurs: dict[str, Any]) -> list[Probleme]:
    annee, jugement = valeurs["annee_naissance"], valeurs["date_jugement"]
    if not annee or not jugement or int(jugement[:4]) >= annee:
        return []
    return [
        _probleme(
            releve, ligne, "annee_naissance", str(annee), "Le jugement précède la naissance", "La bonne année, ou rien"
        )
    ]


def _doubles(releve: Releve, ligne: int, valeurs: dict[str, Any], vus: dict[tuple, int]) -> list[Probleme]:
    """The same mesure twice in the file: the first row stands, the next ones are to fix."""
    if valeurs["rg_normal"]:
        if valeurs["tribunal"] is None:
            return []
        champ, cle = "numero_rg", (valeurs["tribunal"], valeurs["rg_normal"])
        pourquoi = "Même numéro et même tribunal qu’à la ligne {}"
        remede = "Le bon numéro, ou gardez une seule des deux lignes"
    elif valeurs["numero_dossier"]:
        champ, cle = "numero_dossier", tuple(valeurs.values())
        pourquoi = "Ligne identique à la ligne {}"
        remede = "Gardez une seule des deux lignes, ou ajoutez leurs numéros RG"
    else:
        return []
    premiere = vus.setdefault(cle, ligne)
    if premiere == ligne:
        return []
    return [_probleme(releve, ligne, champ, valeurs[champ], pourquoi.format(premiere), remede)]


def resumer(valeurs: dict[str, Any]) -> str:
    """« Curatelle renforcée, homme, année 1981, Metz, RG 21B00167 »: to tell the row from the others."""
    morceaux = [Nature(valeurs["nature"]).label] if valeurs["nature"] else []
    morceaux += {"madame": ["femme"], "monsieur": ["homme"]}.get(valeurs["civilite"], [])
    if valeurs["annee_naissance"]:
        morceaux.append(f"année {valeurs['annee_naissance']}")
    morceaux += [valeurs["ville"]] if valeurs["ville"] else []
    morceaux += [f"RG {valeurs['rg_normal']}"] if valeurs["rg_normal"] else []
    resume = ", ".join(morceaux)
    return resume[:1].upper() + resume[1:]
