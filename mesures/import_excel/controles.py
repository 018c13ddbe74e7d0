"""Rows → what was understood of them: values, problems, questions. Where each row ends is said by `apercu.composer`."""

import hashlib
import json
import re
import time
from collections import Counter
from datetime import date
from typing import Any

from emjpm.commun.texte import normaliser
from mesures.enums import LieuVie, Nature, Pays
from mesures.numero_rg import factice, forme_habituelle, forme_normale

from . import lecture, lieux
from .classeur import Avancer, Ligne
from .colonnes import NOMS, Tableau, reconnaitre_titre
from .erreurs import trop_long
from .lecture import Illisible, Proposition
from .modele import est_un_exemple
from .releve import Avertissement, Choix, LigneLue, Probleme, Question, Releve
from .reperes import Reperes, cle_antenne
from .synonymes import CHAMPS, CIVILITES, NATURES, RESIDENCES
from .titres import LIBELLES
from .tribunal import lire_tribunal, tribunal_manquant

_TOTAL = re.compile(r"(sous total|total|nombre total|nb total|somme|effectif|nombre de mesures|nb de mesures|nombre)\b")
_MANQUES = {
    "date_jugement": ("La date du jugement manque", "La date du jugement, par exemple 12/03/2021"),
    "nature": ("Le type de la mesure manque", "L’un des 9 types du modèle"),
    "civilite": ("La civilité manque", "« Madame » ou « Monsieur »"),
    "lieu_vie": ("Le lieu de résidence manque", "« Domicile », « Établissement » ou « Sans domicile fixe »"),
}
_VOCABULAIRE = {
    champ: {mot for forme in formes for mot in forme.split() if len(mot) > 1}
    for champ, formes in {
        "nature": [*NATURES, "habilitation familiale masp curatelle subroge"],
        "champ": CHAMPS,
        "civilite": CIVILITES,
        "lieu_vie": RESIDENCES,
    }.items()
}
_RIEN_DE_COMPRIS = dict.fromkeys(("date_jugement", "annee_naissance", "tribunal", "commune", "lieu"))
_SANS_NOM = {"titres", "total", "exemple"}  # rows whose cells, in a column of names, are nobody's
_LIBRES = {"ville", "tribunal", "antenne", "pays", "cabinet"}


def montrer(champ: str, valeur: Any) -> str:
    """A found value, fit to be shown and kept 24 h: what could be someone's name is masked."""
    if champ == "annee_naissance":  # a full birth date is never kept: its year alone is shown
        return lecture.annee_seule(valeur)
    if champ in {"numero_dossier", "numero_rg", "cabinet"} and lecture.personnel(champ, valeur):
        return lecture.MASQUE
    lu = lecture.masquer(valeur)
    if lecture.ADRESSE.search(lu):
        return lecture.MASQUE
    if not any(c.isalpha() for c in lu) or lu == lecture.MASQUE or champ in _LIBRES:
        return lu
    vocabulaire = _VOCABULAIRE.get(champ)
    if vocabulaire is not None and set(normaliser(lu).split()) & vocabulaire:
        return lu
    return lecture.MASQUE if lecture.semble_un_nom(valeur) else lu


def _empreinte(contenu: str, longueur: int) -> str:
    """A short key that depends on the content alone: the same question, or answer, in the next file sent."""
    return hashlib.sha256(contenu.encode()).hexdigest()[:longueur]


class Controle:
    """Reads the rows of one table, one after the other, into a Releve."""

    def __init__(self, tableau: Tableau, reperes: Reperes, avancer: Avancer | None = None):
        self.tableau, self.reperes, self.avancer = tableau, reperes, avancer
        self.colonnes = {c.champ: c for c in tableau.colonnes if c.champ and c.champ != NOMS}
        self.rangs_noms = [c.rang for c in tableau.colonnes if c.champ == NOMS]
        self.releve = Releve()
        self.cellules_noms: Counter[int] = Counter()
        self.references_ecartees: dict[str, list[int]] = {}
        self.avertissements: dict[tuple[str, str], Avertissement] = {}
        self.demandes: dict[str, tuple[tuple[str, Proposition], list[int]]] = {}  # key → what is asked, of which rows
        self._cles: dict[tuple[str, str], str] = {}
        # A value written a thousand times is read once. Forgotten with the file.
        self._vides: dict[tuple, bool] = {}
        self._lus: dict[tuple, Any] = {}
        self._tribunal_manquant = tribunal_manquant(reperes)
        self._par_ligne: dict[int, LigneLue] = {}
        self._brute: Ligne | None = None
        self._titre_de = {c.rang: normaliser(c.titre) for c in tableau.colonnes if c.titre}
        self._titres = set(self._titre_de.values())
        self._desordre = 0  # the row of titles that came back in another order

    def avertir(self, champ: str, message: str, ligne: int | None = None) -> None:
        """Note what was met and settled; said once, with the rows concerned."""
        dit = self.avertissements.setdefault((champ, message), Avertissement(champ, message, ""))
        if ligne is not None and (not dit.lignes or dit.lignes[-1] != ligne):
            dit.lignes.append(ligne)

    # --- Reading a row --------------------------------------------------------------------------------
    def cellule(self, ligne: Ligne, champ: str) -> Any:
        colonne = self.colonnes.get(champ)
        return ligne.cellules[colonne.rang - 1] if colonne and colonne.rang <= len(ligne.cellules) else None

    def _sans_vides(self, ligne: Ligne) -> Ligne:
        """The row with None for « - », « N/A », « néant »… The one as typed stays at hand, to be shown."""
        self._brute = ligne
        return Ligne(ligne.numero, [None if self._vide(c) else c for c in ligne.cellules])

    def _vide(self, cellule: Any) -> bool:
        if cellule is None:
            return True
        cle = (type(cellule), cellule)
        if cle not in self._vides:
            self._vides[cle] = lecture.vide(cellule)
        return self._vides[cle]

    def _lire(self, champ: str, lecteur, valeur: Any) -> Any:
        """`lecteur(valeur)`, or the Illisible it raised before for the same value."""
        cle = (champ, type(valeur), valeur)
        if cle not in self._lus:
            if isinstance(valeur, str) and lecture.ERREUR_EXCEL.fullmatch(valeur.strip()):
                lecteur = lecture.refuser_erreur
            try:
                self._lus[cle] = lecteur(valeur)
            except Illisible as erreur:
                self._lus[cle] = erreur
        lu = self._lus[cle]
        if isinstance(lu, Illisible):
            raise lu.with_traceback(None)  # raised again for each row: its trace would grow with them
        return lu

    def probleme(self, ligne: Ligne, champ: str, pourquoi: str, a_ecrire: str, question: str = "") -> Probleme:
        colonne = self.colonnes.get(champ)
        return Probleme(
            ligne=ligne.numero,
            champ=champ,
            colonne=colonne.lettre if colonne else "",
            designation=colonne.designation if colonne else f"{LIBELLES[champ].capitalize()} (sans colonne)",
            valeur=montrer(champ, self.cellule(self._brute or ligne, champ)),
            pourquoi=pourquoi,
            a_ecrire=a_ecrire,
            question=question,
        )

    def _illisible(self, ligne: Ligne, champ: str, erreur: Illisible) -> Probleme:
        question = self._demander(ligne, champ, erreur.proposition) if erreur.proposition else ""
        return self.probleme(ligne, champ, erreur.pourquoi, erreur.a_ecrire, question)

    def _demander(self, ligne: Ligne, champ: str, proposition: Proposition) -> str:
        """The key of the question; one question for all the rows where the same thing is written.

        The key depends on what is written only: an answer given holds for the corrected file too.
        """
        cle = self._cles.get((champ, proposition.cle))
        if cle is None:
            cle = self._cles[champ, proposition.cle] = _empreinte(f"{champ} {proposition.cle}", 20)
        _, lignes = self.demandes.setdefault(cle, ((champ, proposition), []))
        if not lignes or lignes[-1] != ligne.numero:
            lignes.append(ligne.numero)
        return cle

    def _questions(self) -> list[Question]:
        """The questions that settle most rows; those beyond are faults to mend in the workbook, like others."""
        ordre = sorted(self.demandes.items(), key=lambda demande: (-len(demande[1][1]), demande[1][1][0]))
        for cle, (_, lignes) in ordre[QUESTIONS_GARDEES_MAX:]:
            for numero in lignes:
                for probleme in self._par_ligne[numero].problemes:
                    if probleme.question == cle:
                        probleme.question = ""
        return [self._question(cle, *demande) for cle, demande in ordre[:QUESTIONS_GARDEES_MAX]]

    def _question(self, cle: str, demande: tuple[str, Proposition], lignes: list[int]) -> Question:
        champ, proposition = demande
        colonne = self.colonnes.get(champ)
        choix = [
            Choix(_empreinte(json.dumps(valeurs, sort_keys=True), 12), libelle, valeurs)
            for libelle, valeurs in proposition.choix
        ]
        return Question(
            cle=cle,
            champ=champ,
            colonne=colonne.lettre if colonne else "",
            designation=colonne.designation if colonne else LIBELLES[champ],
            enonce=proposition.enonce,
            choix=choix,
            lignes=lignes,
            defaut=choix[proposition.defaut].cle if proposition.defaut >= 0 else "",
            tribunal_libre=proposition.tribunal_libre,
        )

    def passer(self) -> Releve:
        """Every row of the table, then the blank ones. `avancer(read, in all)` is told every 500 rows."""
        total, fin = len(self.tableau.lignes), time.monotonic() + SECONDES_MAX
        for rang, ligne in enumerate(self.tableau.lignes):
            if rang % 500 == 0:
                if time.monotonic() > fin:
                    raise trop_long()
                if self.avancer:
                    self.avancer(rang, total)
            self._ligne(self._sans_vides(ligne))
        releve = self.releve
        releve.ignorees += [
            {"ligne": n, "raison": "vide"} for n in self.tableau.feuille.vides if n > self.tableau.ligne_titres
        ]
        releve.ignorees.sort(key=lambda i: i["ligne"])
        premiere = self.tableau.lignes[0].numero if self.tableau.lignes else 0
        releve.ligne_exemple = next((li.ligne for li in releve.lignes if not li.problemes), premiere)
        releve.questions = self._questions()
        return releve

    def _ligne(self, ligne: Ligne) -> None:
        raison = self._raison_d_ignorer(ligne)
        for rang in self.rangs_noms:
            if rang <= len(ligne.cellules) and ligne.cellules[rang - 1] is not None and raison not in _SANS_NOM:
                self.cellules_noms[rang] += 1
        if raison:
            self.releve.ignorees.append({"ligne": ligne.numero, "raison": raison})
        else:
            lue = self._par_ligne[ligne.numero] = LigneLue(ligne.numero, *self._valeurs(ligne))
            self.releve.lignes.append(lue)

    def _raison_d_ignorer(self, ligne: Ligne) -> str:
        """« vide », « exemple » (of the model), « total », « titres » (repeated), or empty for a row to be read."""
        remplies = [c for c in ligne.cellules if c is not None]
        if not remplies:
            return "vide"
        if est_un_exemple((self._brute or ligne).cellules):
            return "exemple"
        textes = [c for c in remplies if isinstance(c, str)]
        if textes and len(remplies) <= 4 and _TOTAL.match(normaliser(textes[0])):  # a mesure fills at least five
            return "total"
        if len(textes) == len(remplies) >= 3 and self._repete_les_titres(ligne):
            return "titres"
        if all(self.cellule(ligne, champ) is None for champ in self.colonnes):
            return "aucune information lue"
        return ""

    def _repete_les_titres(self, ligne: Ligne) -> bool:
        """Titles again, as on each page of a printed list. In another order, the rows below cannot be read."""
        ici = {rang: cellule for rang, cellule in enumerate(ligne.cellules, 1) if cellule is not None}
        connus, inconnus = {}, 0
        for rang, cellule in ici.items():
            connus[rang] = reconnaitre_titre(cellule)[0]
            inconnus += not connus[rang] and normaliser(cellule) not in self._titres
            if inconnus > 0.2 * len(ici):  # a row of values says so from its first cells
                return False
        deplaces = [
            rang
            for rang, champ in connus.items()
            if champ in self.colonnes and champ != NOMS and self.colonnes[champ].rang != rang
            if normaliser(ici[rang]) != self._titre_de.get(rang)
        ]
        self._desordre = ligne.numero if deplaces else 0
        return True

    def _valeurs(self, ligne: Ligne) -> tuple[dict[str, Any], list[Probleme]]:
        """What was understood of a row, and everything that stops it."""
        problemes: list[Probleme] = []

        def lire(champ: str, lecteur, defaut: Any = "", obligatoire: bool = False) -> Any:
            valeur = self.cellule(ligne, champ)
            if valeur is None:
                if obligatoire:
                    problemes.append(self.probleme(ligne, champ, *_MANQUES[champ]))
                return defaut
            try:
                return self._lire(champ, lecteur, valeur)
            except Illisible as erreur:
                problemes.append(self._illisible(ligne, champ, erreur))
                return defaut

        jour = self.reperes.aujourdhui
        date_jugement = lire("date_jugement", self._date_jugement, None, obligatoire=True)
        nature, champ = lire("nature", lecture.lire_nature, ("", ""), obligatoire=True)
        champ = lire("champ", lecture.lire_champ) or champ
        annee = lire("annee_naissance", lambda v: lecture.lire_annee(v, jour), None)
        ad_hoc = nature == Nature.AD_HOC
        lieu_vie, type_etablissement = lire("lieu_vie", lecture.lire_residence, ("", ""), obligatoire=not ad_hoc)
        rg = self._numero_rg(ligne, self._reference(ligne, "numero_rg", lire, lecture.lire_numero_rg))
        valeurs = {
            "date_jugement": date_jugement.isoformat() if date_jugement else None,
            "nature": str(nature),
            "champ": str(champ),
            "civilite": lire("civilite", lecture.lire_civilite, obligatoire=True),
            "annee_naissance": annee,
            "lieu_vie": str(lieu_vie),
            "type_etablissement": str(type_etablissement),
            "numero_rg": rg,
            "rg_normal": self._rg_normal(rg),
            "numero_dossier": self._reference(ligne, "numero_dossier", lire, lecture.lire_numero_dossier),
            "tribunal": self._tribunal(ligne, problemes),
            "cabinet": self._reference(ligne, "cabinet", lire, lecture.lire_cabinet),
            "lieu": lire("antenne", self._antenne, None) if self.reperes.antennes else None,
        }
        if rg and not forme_habituelle(rg):
            self.avertir("numero_rg", "Numéro RG de forme inhabituelle, gardé tel quel", ligne.numero)
        for approche in ("nature", "lieu_vie"):
            self._dire_ressemblance(ligne, approche)
        valeurs |= self._adresse(ligne, lieu_vie, ad_hoc, problemes)
        if self._desordre:
            pourquoi = f"À la ligne {self._desordre}, les titres reviennent dans un autre ordre"
            remede = "Les colonnes dans le même ordre du haut en bas de la feuille"
            problemes = [self.probleme(ligne, next(iter(self.colonnes)), pourquoi, remede)]
            valeurs = dict.fromkeys(valeurs, "") | _RIEN_DE_COMPRIS  # each cell was read as something else
        return valeurs, problemes

    def _date_jugement(self, valeur: Any) -> date:
        if self.tableau.feuille.particularites.depuis_1904 and isinstance(valeur, int | float):
            valeur += JOURS_DE_1904
        return lecture.lire_date_jugement(valeur, self.reperes.aujourdhui)

    def _numero_rg(self, ligne: Ligne, rg: str) -> str:
        """The number; nothing, and told, when it was typed only to fill the box."""
        if rg and factice(rg):
            self.avertir("numero_rg", RG_FACTICE, ligne.numero)
            return ""
        return rg

    def _rg_normal(self, rg: str) -> str:
        cle = ("rg_normal", str, rg)
        if cle not in self._lus:
            self._lus[cle] = forme_normale(rg)
        return self._lus[cle]

    def _dire_ressemblance(self, ligne: Ligne, champ: str) -> None:
        valeur = self.cellule(ligne, champ)
        if valeur is None or isinstance(self._lus.get((champ, type(valeur), valeur)), Illisible):
            return
        cle = (f"{champ} ressemblance", type(valeur), valeur)
        if cle not in self._lus:
            self._lus[cle] = lecture.par_ressemblance(champ, valeur)
        if self._lus[cle]:
            montre, lu = montrer(champ, valeur), self._lus[cle]
            quoi = f"« {montre} »" if montre != lecture.MASQUE else LIBELLES[champ].capitalize()
            self.avertir(champ, f"{quoi} : lu « {lu} » par ressemblance", ligne.numero)

    def _adresse(self, ligne: Ligne, lieu_vie: str, ad_hoc: bool, problemes: list[Probleme]) -> dict[str, Any]:
        sans = {"pays": str(Pays.FRANCE), "code_postal": "", "commune": None, "ville": ""}
        cellules = [self.cellule(ligne, c) for c in ("code_postal", "ville", "pays")]
        if lieu_vie == LieuVie.SDF or ad_hoc:
            if cellules[0] is not None or cellules[1] is not None:
                self.avertir("ville", SANS_ADRESSE, ligne.numero)
            return sans
        try:
            adresse = self._lire_adresse(cellules)
        except lieux.LieuIllisible as erreur:
            problemes.append(self._illisible(ligne, erreur.champ, erreur))
            return sans
        if adresse is None:  # a missing address does not block (SocialGouv/emjpm#595): it is counted and said
            self.avertir("ville", SANS_COMMUNE, ligne.numero)
            return sans
        if adresse.zero:
            self.avertir("code_postal", ZERO_RENDU, ligne.numero)
        return {
            "pays": str(adresse.pays),
            "code_postal": adresse.code_postal,
            "commune": adresse.commune,
            "ville": adresse.ville,
        }

    def _lire_adresse(self, cellules: list[Any]) -> lieux.Adresse | None:
        cle = ("adresse", *((type(c), c) for c in cellules))
        if cle not in self._lus:
            try:
                self._lus[cle] = lieux.lire_adresse(*cellules, self.reperes.communes)
            except lieux.LieuIllisible as erreur:
                self._lus[cle] = erreur
        lu = self._lus[cle]
        if isinstance(lu, lieux.LieuIllisible):
            raise lu.with_traceback(None)
        return lu

    def _reference(self, ligne: Ligne, champ: str, lire, lecteur) -> str:
        """A free reference: left out, and told, when it reads like a person's name. The row stays."""
        valeur = self.cellule(ligne, champ)
        if valeur is not None and lecture.personnel(champ, valeur):
            self.references_ecartees.setdefault(champ, []).append(ligne.numero)
            return ""
        return lire(champ, lecteur)

    def _tribunal(self, ligne: Ligne, problemes: list[Probleme]) -> int | None:
        """The key of the court read; what took over a closed one is said."""
        valeur = self.cellule(ligne, "tribunal")
        try:
            if valeur is None:
                raise self._tribunal_manquant.with_traceback(None)
            tribunal, remarque = self._lire("tribunal", lambda v: lire_tribunal(v, self.reperes), valeur)
        except Illisible as erreur:
            problemes.append(self._illisible(ligne, "tribunal", erreur))
            return None
        if remarque:
            self.avertir("tribunal", remarque, ligne.numero)
        return tribunal.pk

    def _antenne(self, valeur: Any) -> int:
        cle = cle_antenne(lecture.texte(valeur))
        if cle in self.reperes.antennes:
            return self.reperes.antennes[cle]
        proche = lecture.plus_proche(cle, self.reperes.antennes)
        if proche:
            return self.reperes.antennes[proche]
        noms = self.reperes.noms_antennes
        cites = ", ".join(f"« {nom} »" for nom in list(noms.values())[:4])
        lu, mots = montrer("antenne", valeur), self.reperes.mots_du_lieu
        question = Proposition(
            cle,
            f"{mots.quel.capitalize()} est « {lu} » ?",
            (*((nom, {"lieu": pk}) for pk, nom in list(noms.items())[:20]), (mots.aucun.capitalize(), {"lieu": None})),
        )
        raison = f"{mots.ce.capitalize()} n’est pas dans « Mes informations »"
        raise Illisible(raison, f"{cites}, ou rien", question if lu != lecture.MASQUE else None)


SECONDES_MAX = 20.0  # to understand the rows, once they are read
QUESTIONS_GARDEES_MAX = 100
"""A file where ten thousand towns are unknown is no matter of small questions: it is the wrong column."""
JOURS_DE_1904 = 1_462
"""From 30 December 1899, where Excel's serial numbers begin, to 1 January 1904."""
RG_FACTICE = "Numéro RG factice : laissé vide"
ZERO_RENDU = "Zéro de tête rétabli"
SANS_ADRESSE = "Sans domicile fixe ou ad hoc : l’adresse écrite n’est pas reprise"
SANS_COMMUNE = "Sans commune : mesure importée sans adresse"
