"""The ministry's list of courts (open data, « juridictions »): bytes → rows → plan → writes.

Reading never raises anything but `FichierIllisible`, whose text is a sentence for whoever runs the command.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from stdnum.exceptions import ValidationError as NumeroInvalide
from stdnum.fr import siret as siret_stdnum

from emjpm.commun import journal
from emjpm.commun.texte import propre
from emjpm.geographie.querysets import nom_de_commune
from emjpm.geographie.telephones import numero_francais, numero_lisible

from .chargement import code_ancien
from .models import Tribunal
from .reconnaissance import Annuaire, decouper

TAILLE_MAX = 10 * 1024 * 1024
COLONNES = ("LIBELLE_LONG_ES_FILS", "COMMUNE_SIEGE_INSEE_FILS", "SIRET_FILS")
ECRITS = ("siret", "adresse", "telephone", "courriel", "ferme_le")
_DATES = ("%m/%d/%y", "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d")


class FichierIllisible(Exception):
    """The file cannot be understood; the message says why, in French."""


@dataclass(frozen=True)
class Ligne:
    """One court of the file, values already cleaned; `remarques` are sentences about what could not be used."""

    numero: int
    nom: str
    type: str | None
    insee: str
    siret: str
    adresse: str
    telephone: str
    courriel: str
    ferme_le: datetime.date | None
    remarques: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"ligne {self.numero}, {self.nom} ({self.insee or 'commune inconnue'})"


@dataclass
class Changement:
    tribunal: Tribunal
    champs: dict[str, list]
    nouveau: bool = False


@dataclass
class Plan:
    """What reading the file would change. Nothing is written by making it."""

    lues: int = 0
    rapprochees: int = 0
    changements: list[Changement] = field(default_factory=list)
    alias: list[Changement] = field(default_factory=list)
    inconnues: list[Ligne] = field(default_factory=list)
    ambigues: list[tuple[Ligne, list[Tribunal]]] = field(default_factory=list)
    fermetures_sans_successeur: list[Tribunal] = field(default_factory=list)
    remarques: list[str] = field(default_factory=list)


def lire(contenu: bytes) -> list[Ligne]:
    """The rows of the file, whatever its encoding (UTF-8, BOM, CP1252) and separator (comma, semicolon, tab)."""
    if len(contenu) > TAILLE_MAX:
        raise FichierIllisible("Ce fichier dépasse 10 Mo : ce n’est pas la liste des juridictions.")
    if not contenu.strip():
        raise FichierIllisible("Ce fichier est vide.")
    if b"\x00" in contenu or contenu[:4] == b"PK\x03\x04":
        raise FichierIllisible("Ce fichier n’est pas du texte. Exportez le tableau au format CSV.")
    try:
        texte = contenu.decode("utf-8-sig")
    except UnicodeDecodeError:
        texte = contenu.decode("cp1252", errors="replace")
    entete = texte.split("\n", 1)[0]
    separateur = max(";,\t", key=entete.count)
    try:
        lignes = list(csv.DictReader(io.StringIO(texte, newline=""), delimiter=separateur))
    except csv.Error as erreur:
        raise FichierIllisible("Ce fichier n’est pas un CSV lisible.") from erreur
    titres = {(t or "").strip().upper() for t in (lignes[0] if lignes else {}) if t}
    manquantes = [c for c in COLONNES if c not in titres]
    if manquantes:
        raise FichierIllisible(f"Colonnes absentes : {', '.join(manquantes)}. Attendu : l’export des juridictions.")
    lues = [_ligne(rang, brut) for rang, brut in enumerate(lignes, start=2)]
    return [ligne for ligne in lues if ligne.nom]


def _ligne(numero: int, brut: dict) -> Ligne:
    cellules = {k.strip().upper(): propre(v) for k, v in brut.items() if isinstance(k, str) and isinstance(v, str)}
    remarques = []
    siret = re.sub(r"\D", "", cellules.get("SIRET_FILS", ""))
    if siret:
        try:
            siret_stdnum.validate(siret)
        except NumeroInvalide:
            remarques.append(f"SIRET {siret[:20]} non valide, laissé de côté")
            siret = ""
    brut_telephone = cellules.get("NUMERO_TELEPHONE_FILS", "")
    telephone = numero_francais(brut_telephone) if brut_telephone else None
    if brut_telephone and telephone is None:
        remarques.append(f"téléphone {brut_telephone[:30]} non valide, laissé de côté")
    courriel = cellules.get("MAIL_FILS", "").lower()
    if courriel:
        try:
            validate_email(courriel)
        except ValidationError:
            remarques.append("adresse électronique non valide, laissée de côté")
            courriel = ""
    brut_date = cellules.get("DATE_FERMETURE_FILS", "")
    ferme_le = _date(brut_date)
    if brut_date and ferme_le is None:
        remarques.append(f"date de fermeture {brut_date[:20]} non comprise, laissée de côté")
    nom = cellules.get("LIBELLE_LONG_ES_FILS", "").replace("'", "’")
    insee = cellules.get("COMMUNE_SIEGE_INSEE_FILS", "").upper()
    adresse = ", ".join(
        filter(None, (cellules.get("ADRESS_PRINCIPAL_FILS", ""), cellules.get("ADRESS_COMPLEMENT_FILS", "")))
    )
    return Ligne(
        numero=numero,
        nom=nom[:120],
        type=_type(cellules),
        insee=insee.zfill(5) if insee.isdigit() else insee,
        siret=siret,
        adresse=adresse[:200],
        telephone=numero_lisible(telephone) if telephone else "",
        courriel=courriel,
        ferme_le=ferme_le,
        remarques=tuple(remarques),
    )


def _type(cellules: dict[str, str]) -> str | None:
    for titre in ("LIBELLE_COURT_ES_FILS", "LIBELLE_LONG_ES_FILS", "LIBELLE_LONG_TES_FILS"):
        lu = decouper(cellules.get(titre, ""))[0]
        if lu:
            return lu.value
    return None


def _date(texte: str) -> datetime.date | None:
    """The file of 2021 writes « 1/1/20 » (month first)."""
    for forme in _DATES:
        try:
            return datetime.datetime.strptime(texte, forme).date()
        except ValueError:
            continue
    return None


def preparer(lignes: Iterable[Ligne]) -> Plan:
    """Match each row with a court of ours: SIRET, then type and commune, then name. Open rows come first."""
    plan, annuaire, vus = Plan(), Annuaire(), set()
    sirets = {t.siret: t for t in annuaire.tribunaux if t.siret}
    for ligne in sorted(lignes, key=lambda ligne: (ligne.ferme_le is not None, ligne.numero)):
        plan.lues += 1
        plan.remarques += [f"{ligne} : {remarque}." for remarque in ligne.remarques]
        trouves = _rapprocher(ligne, annuaire, sirets)
        if not trouves and ligne.ferme_le:
            _alias(ligne, annuaire, sirets, plan)
        elif not trouves:
            plan.inconnues.append(ligne)
        elif len(trouves) > 1:
            plan.ambigues.append((ligne, trouves))
        elif trouves[0].pk in vus:
            if not ligne.ferme_le:
                plan.remarques.append(f"{ligne} : deuxième ligne pour {trouves[0]}, laissée de côté.")
        else:
            vus.add(trouves[0].pk)
            plan.rapprochees += 1
            _comparer(ligne, trouves[0], sirets, plan)
    return plan


def _rapprocher(ligne: Ligne, annuaire: Annuaire, sirets: dict[str, Tribunal]) -> list[Tribunal]:
    if ligne.siret in sirets:
        return [sirets[ligne.siret]]
    nom = nom_de_commune(ligne.nom)
    sur_place = [t for t in annuaire.tribunaux if t.type == ligne.type and t.commune_id == ligne.insee]
    ouverts = [t for t in sur_place if not t.ferme_le]
    if len(ouverts) > 1:
        ouverts = [t for t in ouverts if t.nom_normalise == nom] or ouverts
    if ouverts:
        return ouverts
    exacts = [t for t in annuaire.tribunaux if t.nom_normalise == nom and t.type == ligne.type]
    departement = ligne.insee[:3] if ligne.insee[:2] in {"97", "98"} else ligne.insee[:2]
    if departement:
        exacts = [t for t in exacts if t.commune.departement_id == departement]
    if exacts:
        return exacts
    if ligne.ferme_le:
        return []
    trouve = annuaire.chercher(f"{ligne.nom} {departement}")
    return [t for t in trouve.tribunaux if t.type == ligne.type] if trouve.maniere in {"nom", "ville"} else []


def _comparer(ligne: Ligne, tribunal: Tribunal, sirets: dict[str, Tribunal], plan: Plan) -> None:
    """What the row changes in a court. An empty cell changes nothing."""
    champs = {}
    for champ in ECRITS:
        avant, apres = getattr(tribunal, champ), getattr(ligne, champ)
        if not apres or apres == avant:
            continue
        if champ == "siret" and apres in sirets and sirets[apres].pk != tribunal.pk:
            plan.remarques.append(f"{ligne} : le SIRET {apres} est déjà celui de {sirets[apres]}.")
            continue
        if champ == "ferme_le" and (tribunal.ferme_le or apres > timezone.localdate()):
            continue
        champs[champ] = [avant, apres]
    if "siret" in champs:
        sirets[ligne.siret] = tribunal
    if champs:
        plan.changements.append(Changement(tribunal, champs))
    if "ferme_le" in champs and not tribunal.successeur_id:
        plan.fermetures_sans_successeur.append(tribunal)


def _alias(ligne: Ligne, annuaire: Annuaire, sirets: dict[str, Tribunal], plan: Plan) -> None:
    """A court that closed and is not ours: it becomes a name (and a SIRET) of the court that took over."""
    departement = ligne.insee[:3] if ligne.insee[:2] in {"97", "98"} else ligne.insee[:2]
    successeurs = annuaire.chercher(f"{ligne.nom} {departement}").tribunaux
    if len(successeurs) != 1:
        (plan.ambigues.append((ligne, successeurs)) if successeurs else plan.inconnues.append(ligne))
        return
    code = code_ancien(ligne.nom, departement)
    if code in annuaire.par_code:
        return
    alias = Tribunal(
        code=code,
        nom=ligne.nom,
        nom_normalise=nom_de_commune(ligne.nom),
        type=ligne.type or successeurs[0].type,
        commune=successeurs[0].commune,
        ville=(decouper(ligne.nom)[1].title() or successeurs[0].ville)[:80],
        siret=ligne.siret if ligne.siret and ligne.siret not in sirets else None,
        ferme_le=ligne.ferme_le,
        successeur=successeurs[0],
    )
    if alias.siret:
        sirets[alias.siret] = alias
    annuaire.par_code[code] = alias
    plan.alias.append(Changement(alias, {"successeur": [None, successeurs[0].code]}, nouveau=True))


@transaction.atomic
def ecrire(plan: Plan, *, par=None) -> int:
    """Write a plan, with one line of journal for each court; returns how many courts changed."""
    for changement in plan.changements:
        tribunal = changement.tribunal
        for champ, (_, apres) in changement.champs.items():
            setattr(tribunal, champ, apres)
        tribunal.save(update_fields=[*changement.champs, "modifie_le"])
    for changement in plan.alias:
        changement.tribunal.save()
    tous = [*plan.changements, *plan.alias]
    for changement in tous:
        journal.noter(par=par, acte="tribunal.importer", objet=changement.tribunal, changements=changement.champs)
    return len(tous)
