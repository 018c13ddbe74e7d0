"""Code postal + ville (+ pays) → where the adult lives. Two cells that contradict each other are never guessed."""

import re
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from emjpm.commun.texte import nom_possible, normaliser
from mesures.enums import Pays

from .cellule import Illisible, Proposition, plus_proche, texte, vide
from .confidences import ADRESSE
from .reperes import Communes, Lieu, cle_commune
from .synonymes import PAYS, VILLES_BELGES

VILLE_MAX = 80
_CODE = re.compile(r"(?:(F|FR|B|BE)\s*[-–. ]?\s*)?(\d[\d .]{2,7}|2[AB]\s?\d{3})(?:\s*[-–,]?\s*(\D.*))?", re.IGNORECASE)
_SIGNE_BELGE = re.compile(r"[\s(,\-]*\b(?:belgique|belgium|belgi[eë])\b\)?", re.IGNORECASE)
_PARENTHESE = re.compile(r"\(([^)]*)\)")
_ECRIRE_CODE = "Le code postal à 5 chiffres, par exemple 57000"


@dataclass(frozen=True)
class Code:
    """A postal code as written: its digits, the country it says, the town written after it."""

    chiffres: str
    pays: str = ""
    suite: str = ""


@dataclass(frozen=True)
class Adresse:
    """What goes into the mesure. `zero`: the leading zero Excel had eaten was put back."""

    pays: str
    code_postal: str
    commune: str | None
    ville: str
    zero: bool = False


class LieuIllisible(Illisible):
    """`champ`: which of the two columns to mend."""

    def __init__(self, champ: str, pourquoi: str, a_ecrire: str, proposition: Proposition | None = None):
        super().__init__(pourquoi, a_ecrire, proposition)
        self.champ = champ


def analyser_code(valeur: Any) -> Code | None:
    """« 75 001 », « F-75001 », « 75001 CEDEX 05 », « 57000 Metz », 1000.0; None when it is not a code."""
    trouve = _CODE.fullmatch(texte(valeur))
    if not trouve:
        return None
    prefixe, brut, suite = trouve.groups()
    chiffres = re.sub(r"[ .]", "", brut).upper()
    if len(chiffres) not in {4, 5}:
        return None
    pays = {"F": "FR", "B": "BE"}.get((prefixe or "")[:1].upper(), "")
    suite = re.sub(r"\bcedex\b.*", "", suite or "", flags=re.IGNORECASE).strip()
    return Code(chiffres, pays, suite)


def analyser_ville(valeur: Any) -> tuple[str, str]:
    """(ville, pays said): « Virton (Belgique) » → (« Virton », « BE »); « Metz (57) » → (« Metz », « »)."""
    ville = texte(valeur)
    pays = Pays.BELGIQUE if _SIGNE_BELGE.search(ville) else ""
    ville = _SIGNE_BELGE.sub("", ville)
    for contenu in _PARENTHESE.findall(ville):
        if not contenu.strip().isalpha() or normaliser(contenu) in PAYS:
            pays = pays or (PAYS.get(normaliser(contenu), "") if contenu.strip().isalpha() else "")
            ville = ville.replace(f"({contenu})", "")
    return " ".join(ville.split()), pays


def candidats(code: Any, ville: Any) -> tuple[set[str], set[str]]:
    """(postal codes, towns) to load before reading the row."""
    codes, villes = set(), set()
    for cellule in (code, ville):
        lu = None if vide(cellule) else analyser_code(cellule)
        if lu:
            codes |= {lu.chiffres} if len(lu.chiffres) == 5 else {f"0{lu.chiffres}"}
            villes |= {lu.suite} - {""}
    if not vide(ville):
        villes.add(analyser_ville(ville)[0])
    return codes, villes


def lire_adresse(code: Any, ville: Any, pays: Any, communes: Communes) -> Adresse | None:
    """Where the adult lives; None when neither a code nor a town is written. Raises LieuIllisible."""
    if vide(code) and vide(ville):
        return None
    lu = None if vide(code) else analyser_code(code)
    if not vide(code) and lu is None:
        raise LieuIllisible("code_postal", "Ce n’est pas un code postal", _ECRIRE_CODE)
    nom, signe = ("", "") if vide(ville) else analyser_ville(ville)
    if dans_ville := None if vide(ville) else analyser_code(nom):  # « 57000 METZ » in the town's column
        lu, nom = lu or dans_ville, dans_ville.suite
    if lu and not nom:
        nom, signe = (analyser_ville(lu.suite)[0], signe or analyser_ville(lu.suite)[1]) if lu.suite else ("", signe)
    if not vide(pays):
        if normaliser(texte(pays)) not in PAYS:
            raise LieuIllisible("pays", "Ce pays n’est pas pris en charge", "« France » ou « Belgique »")
        signe = PAYS[normaliser(texte(pays))]
    signe = signe or (lu.pays if lu else "")
    if len(nom) > VILLE_MAX or nom_possible(nom) or ADRESSE.search(nom):
        raise LieuIllisible("ville", "Ce n’est pas un nom de ville", "Le nom de la commune")
    if signe == Pays.BELGIQUE:
        return _belge(lu, nom)
    if lu is None:
        return _sans_code(nom, communes)
    if len(lu.chiffres) == 4:
        return _quatre_chiffres(lu, nom, signe, communes)
    return _francais(lu.chiffres, nom, communes)


def _belge(lu: Code | None, nom: str) -> Adresse:
    if lu and len(lu.chiffres) != 4:
        raise LieuIllisible("code_postal", "Un code postal belge a 4 chiffres", "Le code belge, ou le pays « France »")
    if not nom:
        raise LieuIllisible("ville", "La ville manque", "Le nom de la commune en Belgique")
    if len(nom) > 40 or any(c.isdigit() for c in nom):
        raise LieuIllisible("ville", "Ce n’est pas un nom de ville", "Le nom de la commune en Belgique")
    return Adresse(Pays.BELGIQUE, lu.chiffres if lu else "", None, nom)


def _quatre_chiffres(lu: Code, nom: str, signe: str, communes: Communes) -> Adresse:
    """01000 that Excel made 1000, or a Belgian code: the town decides."""
    complet = f"0{lu.chiffres}"
    trouve = _choisir(nom, communes.du_code.get(complet, [])) if nom else None
    if trouve:
        return Adresse(Pays.FRANCE, complet, trouve.insee, trouve.nom, zero=True)
    par_insee = communes.par_insee.get(complet)
    if par_insee and nom and _choisir(nom, [par_insee]) and communes.codes_de[complet]:
        return Adresse(Pays.FRANCE, communes.codes_de[complet][0], par_insee.insee, par_insee.nom, zero=True)
    if not signe and VILLES_BELGES.get(cle_commune(nom), "")[:1] == lu.chiffres[0]:
        return Adresse(Pays.BELGIQUE, lu.chiffres, None, nom)
    if signe == Pays.FRANCE:
        return _francais(complet, nom, communes)
    exemples = [lieu.nom for lieu in communes.du_code.get(complet, [])[:2]]
    remede = f"{complet} pour {_ou(exemples)}, " if exemples else "Le code à 5 chiffres, "
    raison = f"{lu.chiffres} n’a que 4 chiffres"
    if nom:
        raison += f" et {complet} n’est pas le code de « {nom[:40]} »"
    choix = _reponses(communes.du_code.get(complet, [])[:4], communes, complet)
    if nom and plus_proche(cle_commune(nom), VILLES_BELGES):  # any other word could be somebody's name
        belge = {"pays": str(Pays.BELGIQUE), "code_postal": lu.chiffres, "commune": None, "ville": nom}
        choix.append((f"{nom}, en Belgique ({lu.chiffres})", belge))
    raise LieuIllisible(
        "code_postal",
        raison,
        f"{remede}ou ajoutez « (Belgique) » après la ville",
        _demander(f"Où se trouve « {nom or lu.chiffres} », {lu.chiffres} ?", lu.chiffres, nom, choix),
    )


def _francais(code: str, nom: str, communes: Communes) -> Adresse:
    ici = communes.du_code.get(code, [])
    if not nom:
        principales = [lieu for lieu in ici if not lieu.arrondissement] or ici
        if len(principales) == 1:
            return Adresse(Pays.FRANCE, code, principales[0].insee, principales[0].nom)
        if not ici:
            raise LieuIllisible("code_postal", "Ce code postal n’existe pas", _ECRIRE_CODE)
        question = _demander(
            f"Quelle ville est « {code} » ?", code, nom, _reponses(principales[:_CHOIX_MAX], communes, code)
        )
        remede = f"{_ou([lieu.nom for lieu in principales[:4]])}{'…' if len(principales) > 4 else ''}"
        raise LieuIllisible("ville", "La ville manque", remede, question)
    trouve = _choisir(nom, ici)
    if trouve:
        return Adresse(Pays.FRANCE, code, trouve.insee, trouve.nom)
    par_insee = communes.par_insee.get(code)
    if par_insee and _choisir(nom, [par_insee]) and communes.codes_de[code]:
        return Adresse(Pays.FRANCE, communes.codes_de[code][0], par_insee.insee, par_insee.nom)
    ailleurs = communes.par_cle.get(cle_commune(nom), [])
    proches = _proches(nom, ici)
    enonce = f"Quelle ville est « {nom} », {code} ?"
    if not ici:
        meme_departement = [lieu for lieu in ailleurs if lieu.departement == _departement(code)] or ailleurs
        remede = _codes(meme_departement[:1], communes) or _ECRIRE_CODE
        question = _demander(enonce, code, nom, _reponses(meme_departement[:4], communes))
        raise LieuIllisible("code_postal", "Ce code postal n’existe pas", remede, question)
    if ailleurs and not proches:
        remede = f"{_codes(ailleurs[:1], communes)}, ou {_ou([lieu.nom for lieu in ici[:2]])} pour {code}"
        choix = _reponses(ailleurs[:3], communes) + _reponses(ici[:3], communes, code)
        question = _demander(enonce, code, nom, choix)
        raise LieuIllisible("ville", f"{code} n’est pas le code postal de cette ville", remede, question)
    choix = _reponses((proches or ici)[:_CHOIX_MAX], communes, code)
    raise LieuIllisible(
        "ville",
        f"Cette ville n’est pas connue au {code}",
        f"{_ou([lieu.nom for lieu in (proches or ici)[:3]])}",
        _demander(enonce, code, nom, choix, defaut=0 if len(proches) == 1 else -1),
    )


_CHOIX_MAX = 6


def _reponses(lieux: list[Lieu], communes: Communes, code: str = "") -> list[tuple[str, dict[str, Any]]]:
    """One answer for each commune, under `code` or else under each of its own codes."""
    return [
        (
            f"{lieu.nom} ({sien})",
            {"pays": str(Pays.FRANCE), "code_postal": sien, "commune": lieu.insee, "ville": lieu.nom},
        )
        for lieu in lieux
        for sien in ([code] if code else communes.codes_de[lieu.insee][:9])
    ]


def _demander(enonce: str, code: str, nom: str, choix: list, defaut: int = -1) -> Proposition | None:
    """The question, with « import without a commune » as its last answer: an address may be missing."""
    if not choix:
        return None
    sans = ("Importer sans la commune", {"pays": str(Pays.FRANCE), "code_postal": "", "commune": None, "ville": ""})
    return Proposition(f"{code} {cle_commune(nom)}", enonce, (*choix, sans), defaut)


def _sans_code(nom: str, communes: Communes) -> Adresse:
    """A town alone: enough only when France has one of that name, with one postal code."""
    lieux = [lieu for lieu in communes.par_cle.get(cle_commune(nom), []) if not lieu.arrondissement]
    if len(lieux) == 1 and len(communes.codes_de[lieux[0].insee]) == 1:
        return Adresse(Pays.FRANCE, communes.codes_de[lieux[0].insee][0], lieux[0].insee, lieux[0].nom)
    remede = _ou([f"{_codes([lieu], communes)}" for lieu in lieux[:3]]) if lieux else _ECRIRE_CODE
    question = _demander(f"Quelle ville est « {nom} » ?", "", nom, _reponses(lieux[:_CHOIX_MAX], communes))
    raise LieuIllisible("code_postal", "Le code postal manque", remede, question)


def _choisir(nom: str, lieux: list[Lieu]) -> Lieu | None:
    """The one commune of the list that bears this name; arrondissements come after their city."""
    cle = cle_commune(nom)
    return next((lieu for lieu in lieux if lieu.cle == cle), None)


def _proches(nom: str, lieux: list[Lieu]) -> list[Lieu]:
    """The communes of the list whose names look alike, nearest first: proposals, never a choice."""
    cle = cle_commune(nom)
    contenues = [lieu for lieu in lieux if lieu.cle.startswith(f"{cle} ") or cle.startswith(f"{lieu.cle} ")]
    noms = {lieu.insee: lieu.cle for lieu in lieux}
    ressemblantes = process.extract(cle, noms, scorer=fuzz.WRatio, score_cutoff=75, limit=3)
    ordre = [lieu.insee for lieu in contenues] + [insee for _, _, insee in ressemblantes]
    par_insee = {lieu.insee: lieu for lieu in lieux}
    return [par_insee[insee] for insee in dict.fromkeys(ordre)]


def _codes(lieux: list[Lieu], communes: Communes) -> str:
    """« 54000 ou 54100 pour Nancy »."""
    return ", ".join(f"{_ou(communes.codes_de[lieu.insee][:3])} pour {lieu.nom}" for lieu in lieux)


def _departement(code: str) -> str:
    return code[:3] if code[:2] in {"97", "98"} else code[:2]


def _ou(noms: list[str]) -> str:
    return noms[0] if len(noms) == 1 else f"{', '.join(noms[:-1])} ou {noms[-1]}" if noms else ""
