"""Rows → outcomes: each row of the table ends ready, to fix, ignored or already present, with its reasons."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from emjpm.commun.texte import nom_possible, normaliser
from mesures.enums import LieuVie, Nature, Pays
from mesures.numero_rg import forme_habituelle, forme_normale

from . import lecture, lieux
from .apercu import Apercu, LigneACorriger, Probleme
from .classeur import Ligne
from .colonnes import NOMS, Tableau
from .lecture import Illisible
from .reperes import Reperes, cle_antenne
from .synonymes import CHAMPS, CIVILITES, NATURES, RESIDENCES
from .titres import LIBELLES
from .tribunal import lire_tribunal

_TOTAL = re.compile(r"(sous total|total|nombre total|nb total|somme|effectif|nombre de mesures|nb de mesures|nombre)\b")
_MANQUES = {
    "date_jugement": ("La date du jugement manque", "La date du jugement, par exemple 12/03/2021"),
    "nature": ("Le type de la mesure manque", "L’un des 9 types du modèle"),
    "civilite": ("La civilité manque", "« Madame » ou « Monsieur »"),
    "lieu_vie": ("Le lieu de résidence manque", "« Domicile », « Établissement » ou « Sans domicile fixe »"),
    "tribunal": ("Le tribunal manque", "Le nom du tribunal, par exemple « TJ Metz »"),
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
_LIBRES = {"ville", "tribunal", "antenne", "pays", "cabinet"}


def montrer(champ: str, valeur: Any) -> str:
    """A found value, fit to be shown and kept 24 h: what could be someone's name is masked."""
    lu = lecture.masquer(valeur)
    if not any(c.isalpha() for c in lu) or lu == lecture.MASQUE or champ in _LIBRES:
        return lu
    vocabulaire = _VOCABULAIRE.get(champ)
    if vocabulaire is not None and set(normaliser(lu).split()) & vocabulaire:
        return lu
    return lecture.MASQUE if lecture.semble_un_nom(valeur) else lu


class Controle:
    """Reads the rows of one table, one after the other."""

    def __init__(self, tableau: Tableau, reperes: Reperes):
        self.tableau, self.reperes = tableau, reperes
        self.colonnes = {c.champ: c for c in tableau.colonnes if c.champ and c.champ != NOMS}
        self.rangs_noms = [c.rang for c in tableau.colonnes if c.champ == NOMS]
        self.apercu = Apercu()
        self.cellules_noms: Counter[int] = Counter()
        self.references_ecartees: dict[str, list[int]] = {}
        self.remarques: Counter[str] = Counter()
        self.rg_inhabituels: list[int] = []
        self._vus: dict[tuple, int] = {}
        # A value written a thousand times is read once. Forgotten with the file.
        self._vides: dict[tuple, bool] = {}
        self._lus: dict[tuple, Any] = {}
        self._brute: Ligne | None = None
        self._titres = {normaliser(c.titre) for c in tableau.colonnes if c.titre}

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
            try:
                self._lus[cle] = lecteur(valeur)
            except Illisible as erreur:
                self._lus[cle] = erreur
        lu = self._lus[cle]
        if isinstance(lu, Illisible):
            raise lu
        return lu

    def probleme(self, ligne: Ligne, champ: str, pourquoi: str, a_ecrire: str) -> Probleme:
        colonne = self.colonnes.get(champ)
        return Probleme(
            ligne=ligne.numero,
            champ=champ,
            colonne=colonne.lettre if colonne else "",
            designation=colonne.designation if colonne else f"{LIBELLES[champ].capitalize()} (sans colonne)",
            valeur=montrer(champ, self.cellule(self._brute or ligne, champ)),
            pourquoi=pourquoi,
            a_ecrire=a_ecrire,
        )

    def passer(self) -> Apercu:
        """Every row of the table, then the blank ones."""
        for ligne in self.tableau.lignes:
            self._ligne(self._sans_vides(ligne))
        premiere = self.tableau.lignes[0].numero if self.tableau.lignes else 0
        self.apercu.ignorees += [
            {"ligne": n, "raison": "vide"} for n in self.tableau.feuille.vides if n > self.tableau.ligne_titres
        ]
        self.apercu.ignorees.sort(key=lambda i: i["ligne"])
        self.apercu.ligne_exemple = self.apercu.pretes[0]["ligne"] if self.apercu.pretes else premiere
        return self.apercu

    def _ligne(self, ligne: Ligne) -> None:
        raison = self._raison_d_ignorer(ligne)
        for rang in self.rangs_noms:
            if rang <= len(ligne.cellules) and ligne.cellules[rang - 1] is not None and raison != "titres":
                self.cellules_noms[rang] += 1
        if raison:
            self.apercu.ignorees.append({"ligne": ligne.numero, "raison": raison})
            return
        valeurs, problemes = self._valeurs(ligne)
        cle = (valeurs.get("tribunal"), valeurs["rg_normal"]) if valeurs.get("rg_normal") else None
        presente = self.reperes.presentes.get(cle) if cle else None
        if presente:
            self.apercu.deja_presentes.append(
                {
                    "ligne": ligne.numero,
                    "numero_rg": presente.numero_rg,
                    "mesure": presente.pk,
                    "statut": presente.statut,
                }
            )
            return
        problemes += self._double(ligne, valeurs, cle)
        if problemes:
            self.apercu.a_corriger.append(LigneACorriger(ligne.numero, self._resume(valeurs), problemes))
        else:
            self.apercu.pretes.append({"ligne": ligne.numero, **valeurs})

    def _raison_d_ignorer(self, ligne: Ligne) -> str:
        """« vide », « total », « titres » (repeated), or empty for a row to be read."""
        remplies = [c for c in ligne.cellules if c is not None]
        if not remplies:
            return "vide"
        textes = [c for c in remplies if isinstance(c, str)]
        if textes and len(remplies) <= 4 and _TOTAL.match(normaliser(textes[0])):  # a mesure fills at least five
            return "total"
        if len(textes) == len(remplies) >= 3 and all(normaliser(c) in self._titres for c in textes):
            return "titres"
        if all(self.cellule(ligne, champ) is None for champ in self.colonnes):
            return "aucune information lue"
        return ""

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
                problemes.append(self.probleme(ligne, champ, erreur.pourquoi, erreur.a_ecrire))
                return defaut

        jour = self.reperes.aujourdhui
        date_jugement = lire("date_jugement", lambda v: lecture.lire_date_jugement(v, jour), None, obligatoire=True)
        nature, champ = lire("nature", lecture.lire_nature, ("", ""), obligatoire=True)
        champ = lire("champ", lecture.lire_champ) or champ
        annee = lire("annee_naissance", lambda v: lecture.lire_annee(v, jour), None)
        ad_hoc = nature == Nature.AD_HOC
        lieu_vie, type_etablissement = lire("lieu_vie", lecture.lire_residence, ("", ""), obligatoire=not ad_hoc)
        rg = lire("numero_rg", lecture.lire_numero_rg)
        valeurs = {
            "date_jugement": date_jugement.isoformat() if date_jugement else None,
            "nature": str(nature),
            "champ": str(champ),
            "civilite": lire("civilite", lecture.lire_civilite, obligatoire=True),
            "annee_naissance": annee,
            "lieu_vie": str(lieu_vie),
            "type_etablissement": str(type_etablissement),
            "numero_rg": rg,
            "rg_normal": forme_normale(rg),
            "numero_dossier": self._reference(ligne, "numero_dossier", lire, lecture.lire_numero_dossier),
            "tribunal": self._tribunal(
                lire("tribunal", lambda v: lire_tribunal(v, self.reperes), None, obligatoire=True)
            ),
            "cabinet": self._reference(ligne, "cabinet", lire, lecture.lire_cabinet),
            "lieu": lire("antenne", self._antenne, None) if self.reperes.antennes else None,
        }
        if rg and not forme_habituelle(rg):
            self.rg_inhabituels.append(ligne.numero)
        if annee and date_jugement and date_jugement.year < annee:
            problemes.append(
                self.probleme(ligne, "annee_naissance", "Le jugement précède la naissance", "La bonne année, ou rien")
            )
        return valeurs | self._adresse(ligne, lieu_vie, ad_hoc, problemes), problemes

    def _adresse(self, ligne: Ligne, lieu_vie: str, ad_hoc: bool, problemes: list[Probleme]) -> dict[str, Any]:
        sans = {"pays": str(Pays.FRANCE), "code_postal": "", "commune": None, "ville": ""}
        cellules = [self.cellule(ligne, c) for c in ("code_postal", "ville", "pays")]
        if lieu_vie == LieuVie.SDF or ad_hoc:
            if cellules[0] is not None or cellules[1] is not None:
                self.remarques["sans_adresse"] += 1
            return sans
        try:
            adresse = lieux.lire_adresse(*cellules, self.reperes.communes)
        except lieux.LieuIllisible as erreur:
            problemes.append(self.probleme(ligne, erreur.champ, erreur.pourquoi, erreur.a_ecrire))
            return sans
        if adresse is None:  # a missing address does not block (SocialGouv/emjpm#595): it is counted and said
            self.remarques["sans_commune"] += 1
            return sans
        self.remarques["zeros"] += adresse.zero
        return {
            "pays": str(adresse.pays),
            "code_postal": adresse.code_postal,
            "commune": adresse.commune,
            "ville": adresse.ville,
        }

    def _reference(self, ligne: Ligne, champ: str, lire, lecteur) -> str:
        """A free reference: left out, and told, when it reads like a person's name. The row stays."""
        valeur = self.cellule(ligne, champ)
        nom = lecture.semble_un_nom(valeur) if champ == "numero_dossier" else nom_possible(lecture.texte(valeur))
        if nom:
            self.references_ecartees.setdefault(champ, []).append(ligne.numero)
            return ""
        return lire(champ, lecteur)

    def _tribunal(self, lu: tuple | None) -> int | None:
        """The key of the court read, its remark counted once per row."""
        if lu is None:
            return None
        tribunal, remarque = lu
        if remarque:
            self.remarques[remarque] += 1
        return tribunal.pk

    def _antenne(self, valeur: Any) -> int:
        cle = cle_antenne(lecture.texte(valeur))
        if cle in self.reperes.antennes:
            return self.reperes.antennes[cle]
        noms = ", ".join(f"« {nom} »" for nom in self.reperes.noms_antennes[:4])
        raise Illisible("Cette antenne n’est pas dans « Mes informations »", f"{noms}, ou rien")

    def _double(self, ligne: Ligne, valeurs: dict[str, Any], cle: tuple | None) -> Iterable[Probleme]:
        """The same mesure twice in the file: the first row stands, the next ones are to fix."""
        champ, pourquoi = "numero_rg", "Même numéro et même tribunal qu’à la ligne {}"
        remede = "Le bon numéro, ou gardez une seule des deux lignes"
        if cle is None:
            if not valeurs["numero_dossier"]:
                return []
            champ, pourquoi = "numero_dossier", "Ligne identique à la ligne {}"
            remede = "Gardez une seule des deux lignes, ou ajoutez leurs numéros RG"
            cle = tuple(valeurs.values())
        elif cle[0] is None:
            return []
        premiere = self._vus.setdefault(cle, ligne.numero)
        if premiere == ligne.numero:
            return []
        return [self.probleme(ligne, champ, pourquoi.format(premiere), remede)]

    @staticmethod
    def _resume(valeurs: dict[str, Any]) -> str:
        """« Curatelle renforcée, homme, né en 1981, Metz »: what was understood, to tell the row from the others."""
        morceaux = [Nature(valeurs["nature"]).label] if valeurs["nature"] else []
        morceaux += {"madame": ["femme"], "monsieur": ["homme"]}.get(valeurs["civilite"], [])
        if valeurs["annee_naissance"]:
            morceaux.append(f"année {valeurs['annee_naissance']}")
        morceaux += [valeurs["ville"]] if valeurs["ville"] else []
        morceaux += [f"RG {valeurs['numero_rg']}"] if valeurs["numero_rg"] else []
        resume = ", ".join(morceaux)
        return resume[:1].upper() + resume[1:]
