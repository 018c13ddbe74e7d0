"""« Ce qui s’est passé »: the journal of a mesure told in plain French."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from emjpm.commun.models import Evenement
from emjpm.commun.templatetags.emjpm import date_longue, nombre
from emjpm.comptes.models import Civilite
from emjpm.geographie.models import Commune
from mandataires.models import Lieu
from tribunaux.models import Tribunal

from . import enums
from .models import Evolution, Mesure
from .services.commun import auteur

TITRES = {
    "reserver": "Mesure réservée",
    "modifier_reservation": "Réservation modifiée",
    "annuler": "Réservation annulée",
    "creer": "Mesure créée",
    "importer": "Mesure importée",
    "valider": "Mesure validée",
    "renouveler": "Renouvellement",
    "detacher": "Ce n’est plus un renouvellement",
    "rattacher": "De nouveau un renouvellement",
    "decliner": "Mesure déclinée",
    "modifier": "Correction",
    "eteindre": "Mandat terminé",
    "rouvrir": "Mesure rouverte",
    "evoluer": "Évolution notée",
    "corriger_evolution": "Évolution corrigée",
    "retirer_evolution": "Évolution retirée",
    "rappeler": "Rappel envoyé au mandataire",
    "signaler": "Sans réponse, signalée au tribunal",
}
EVOLUTIONS = {"evoluer": "noté", "corriger_evolution": "corrigé", "retirer_evolution": "retiré"}
DISCRETS = {"modifier", "modifier_reservation", "corriger_evolution", "retirer_evolution", "rappeler", "signaler"}
"""Corrections and reminders: a hollow dot. The others changed the mandate."""
AUTOMATIQUES = {"rappeler", "signaler"}
"""Nobody's act: a daily command (services.rappels)."""
DETAILLES = {"modifier", "modifier_reservation", "renouveler", *EVOLUTIONS}
"""Acts told field by field."""

LIBELLES = {
    "nature": "Nature",
    "champ": "Champ",
    "date_jugement": "Date du jugement",
    "tribunal": "Tribunal",
    "cabinet": "Cabinet",
    "numero_rg": "Numéro RG",
    "numero_dossier": "Numéro de dossier",
    "civilite": "Civilité",
    "annee_naissance": "Année de naissance",
    "lieu_vie": "Lieu de vie",
    "type_etablissement": "Type d’établissement",
    "pays": "Pays",
    "code_postal": "Code postal",
    "commune": "Commune",
    "ville": "Ville",
    "ressources_annee": "Année des ressources",
    "ressources_niveau": "Ressources de l’année",
    "prestations": "Prestations perçues",
    "lieu": "Antenne",
    "urgence": "Urgence",
    "date_previsionnelle": "Jugement prévu",
    "message": "Message",
    "le": "Date",
    "jusqu_au": "Nouvelle fin",
}
_ENUMS = {
    "nature": enums.Nature,
    "champ": enums.Champ,
    "civilite": Civilite,
    "lieu_vie": enums.LieuVie,
    "type_etablissement": enums.TypeEtablissement,
    "pays": enums.Pays,
    "motif_fin": enums.MotifFin,
    "motif_declin": enums.MotifDeclin,
}
_OBJETS = {"commune": Commune, "tribunal": Tribunal, "lieu": Lieu}
VIDE = "non renseigné"


@dataclass(frozen=True)
class Changement:
    libelle: str
    avant: str
    apres: str


@dataclass(frozen=True)
class Ligne:
    titre: str
    le: datetime
    qui: str
    fort: bool
    texte: str = ""
    changements: list[Changement] = field(default_factory=list)


@dataclass(frozen=True)
class Etape:
    """An evolution as the history of the mandate shows it."""

    evolution: Evolution
    genre: enums.GenreEvolution
    titre: str
    qui: str
    changements: list[Changement]


def histoire(mesure: Mesure, lecteur) -> list[Etape]:
    """What happened to the mandate, in the order of the dates: not who typed what and when, which `raconter` tells.

    Two queries at most, whatever the length. A court reads it all: nothing there is the mandataire's own.
    """
    evolutions = list(mesure.evolutions.select_related("par"))
    noms = _noms_des(e.changements for e in evolutions)
    return [
        Etape(
            evolution=e,
            genre=enums.GenreEvolution(e.genre),
            titre="Renouvellement" if e.reservation_id else enums.GenreEvolution(e.genre).titre,
            qui="vous" if e.par_id == lecteur.pk else e.par.get_full_name() if e.par else "",
            changements=_changements(parlants(e.changements), noms, mesure),
        )
        for e in evolutions
    ]


def changements_de(evolution: Evolution) -> list[Changement]:
    """What one evolution changed, in words; its mesure and its mandataire are read too."""
    return _changements(parlants(evolution.changements), _noms_des([evolution.changements]), evolution.mesure)


def parlants(changements: dict) -> dict:
    """What is worth reading: not what stayed, nor the postal code and the country of a commune that is named."""
    changes = {c: paire for c, paire in changements.items() if not isinstance(paire, list) or _differe(paire)}
    if {"commune", "ville"} & set(changes):
        changes = {c: v for c, v in changes.items() if c not in {"code_postal", "pays"}}
    return {c: v for c, v in changes.items() if c != "pays" or "" not in v}


def _differe(paire: list) -> bool:
    return len(paire) == 2 and (paire[0] or "") != (paire[1] or "")


def depuis(etapes: list[Etape], mesure: Mesure) -> dict[str, date]:
    """Since when a fact is what it is, where an evolution says it and nothing corrected it since."""
    dates = {}
    for etape in etapes:
        for champ in ("nature", "champ", "lieu_vie"):
            paire = etape.evolution.changements.get(champ)
            if paire and paire[0] != paire[1]:
                dates[champ] = etape.evolution.date if paire[1] == getattr(mesure, champ) else None
    return {champ: jour for champ, jour in dates.items() if jour}


def raconter(mesure: Mesure, lecteur) -> list[Ligne]:
    """The story, newest first, in a constant number of queries. A court reads the acts, not the corrections nor
    the mandataire's own file number.
    """
    evenements = [
        e for e in Evenement.objects.sur(mesure).select_related("par") if e.acte.removeprefix("mesure.") in TITRES
    ]
    if lecteur.est_du_tribunal:
        evenements = [e for e in evenements if e.acte != "mesure.modifier"]
    noms = _noms(evenements)
    lignes = [_ligne(e, mesure, lecteur, noms) for e in evenements]
    if not any(e.acte.removeprefix("mesure.") in {"reserver", "creer", "importer"} for e in evenements):
        lignes.append(_origine(mesure, lecteur))
    return lignes


def _ligne(evenement: Evenement, mesure: Mesure, lecteur, noms: dict) -> Ligne:
    acte = evenement.acte.removeprefix("mesure.")
    donnees = evenement.changements or {}
    return Ligne(
        titre=_titre(acte, donnees),
        le=evenement.le,
        qui="" if acte in AUTOMATIQUES else auteur(evenement, lecteur, mesure.tribunal),
        fort=acte not in DISCRETS,
        texte=_texte(acte, mesure, donnees),
        changements=(
            _changements(parlants(donnees), noms, mesure) if acte in DETAILLES and "continuee" not in donnees else []
        ),
    )


def _titre(acte: str, donnees: dict) -> str:
    if acte == "renouveler":
        if "continuee" in donnees:  # on the reservation; the other line is on the mesure it renewed
            return "Renouvellement validé"
        reservee = donnees.get("reservee_le")
        return f"Renouvellement (réservation du {_date(reservee)})" if reservee else TITRES[acte]
    if acte in EVOLUTIONS and donnees.get("genre") in enums.GenreEvolution.values:
        genre = enums.GenreEvolution(donnees["genre"])
        return f"{genre.titre} {EVOLUTIONS[acte]}{genre.accord}"
    if acte == "reserver" and donnees.get("renouvelle"):
        return "Renouvellement réservé"
    return TITRES[acte]


def changements_lus(donnees: dict, avant: Mesure, apres: Mesure) -> list[Changement]:
    """What a correction of a reservation changed, for an e-mail: the person in one line, never a birth year alone."""
    lignes = []
    if avant.personne != apres.personne:
        lignes.append(Changement("Personne", avant.personne, apres.personne))
    autres = {c: v for c, v in donnees.items() if c not in {"civilite", "annee_naissance", "commune", "code_postal"}}
    noms = {("lieu", str(m.lieu_id)): str(m.lieu) for m in (avant, apres) if m.lieu_id}
    return lignes + _changements(autres, noms, apres)


def _texte(acte: str, mesure: Mesure, donnees: dict) -> str:
    """The sentence of an act that is not a list of corrections."""
    if acte in {"valider", "creer"}:
        jugement, lieu = _apres(donnees, "date_jugement"), _apres(donnees, "lieu_vie")
        mots = [f"Jugement du {_date(jugement)}" if jugement else ""]
        mots.append(f"lieu de vie : {_valeur('lieu_vie', lieu, {}).lower()}" if lieu else "")
        phrase = ", ".join(m for m in mots if m)
        return phrase[:1].upper() + phrase[1:]
    if acte == "renouveler" and "continuee" in donnees:
        return f"Jugement du {_date(_apres(donnees, 'date_jugement'))}. Il continue la mesure renouvelée."
    if acte == "renouveler":
        return f"Jugement de renouvellement du {_date(donnees['jugement'])}" if donnees.get("jugement") else ""
    if acte == "detacher":
        return "La mesure à renouveler n’est plus en cours. La réservation prend une place."
    if acte == "rattacher":
        return "La mesure à renouveler a été rouverte. La réservation ne prend pas de place."
    if acte == "eteindre":
        return f"{_valeur('motif_fin', _apres(donnees, 'motif_fin'), {})}, le {_date(_apres(donnees, 'date_fin'))}"
    if acte == "decliner":
        motif = _valeur("motif_declin", _apres(donnees, "motif_declin"), {})
        precision = _apres(donnees, "precision_cloture")
        return f"{motif}. {precision}" if precision else motif
    if acte == "annuler":
        return mesure.precision_cloture if mesure.statut == enums.Statut.ANNULEE else ""
    if acte == "reserver":
        nature = _apres(donnees, "nature")
        return _valeur("nature", nature, {}) if nature else ""
    if acte in {"evoluer", "retirer_evolution"}:
        terme = f", jusqu’au {_date(donnees['jusqu_au'])}" if donnees.get("jusqu_au") else ""
        return f"Au {_date(donnees.get('le'))}{terme}"
    if acte == "rappeler":
        return f"{donnees.get('jours')} jours ou plus après la réservation"
    if acte == "signaler":
        return "Aucun compte de ce mandataire ne peut recevoir de rappel."
    return ""


def _origine(mesure: Mesure, lecteur) -> Ligne:
    """How the mesure came, when the journal does not hold it (imported in one act, or older than the journal)."""
    if mesure.reserve_le:
        return Ligne("Mesure réservée", mesure.reserve_le, f"le {mesure.tribunal.nom_court}", True)
    if mesure.importee_par_id:
        importeur = mesure.importee_par.par
        qui = "vous" if importeur == lecteur else importeur.get_full_name() if importeur else "l’équipe e-MJPM"
        return Ligne("Mesure importée", mesure.importee_par.le, qui, True)
    return Ligne("Mesure créée", mesure.cree_le, "", True)


def _apres(donnees: dict, champ: str) -> Any:
    valeur = donnees.get(champ)
    return valeur[1] if isinstance(valeur, list) and len(valeur) == 2 else valeur


def _changements(donnees: dict, noms: dict, mesure: Mesure) -> list[Changement]:
    libelles = LIBELLES | {"lieu": mesure.mandataire.mots_du_lieu.titre} if "lieu" in donnees else LIBELLES
    return [
        Changement(libelles[champ], _valeur(champ, paire[0], noms), _valeur(champ, paire[1], noms))
        for champ, paire in donnees.items()
        if champ in LIBELLES and isinstance(paire, list) and len(paire) == 2
    ]


def _date(iso: Any) -> str:
    try:
        return date_longue(date.fromisoformat(str(iso)[:10]))
    except ValueError:
        return str(iso or "")


def _valeur(champ: str, valeur: Any, noms: dict) -> str:
    if valeur in (None, ""):
        return "sans objet" if champ == "type_etablissement" else VIDE
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if champ in _ENUMS:
        choix = _ENUMS[champ]
        return str(choix(valeur).label) if valeur in choix.values else str(valeur)
    if champ in _OBJETS:
        return noms.get((champ, str(valeur)), str(valeur))
    if champ == "ressources_niveau":
        return f"{nombre(valeur)} €"
    if isinstance(valeur, list):
        return ", ".join(map(str, valeur)) or VIDE
    return _date(valeur) if champ.startswith("date_") or champ in {"le", "jusqu_au"} else str(valeur)


def _noms(evenements: list[Evenement]) -> dict[tuple[str, str], str]:
    return _noms_des(evenement.changements or {} for evenement in evenements)


def _noms_des(donnees: Iterable[dict]) -> dict[tuple[str, str], str]:
    """Names of the communes, courts and antennes the changes speak of: at most one query for each kind."""
    donnees, noms = list(donnees), {}
    for champ, modele in _OBJETS.items():
        cles = set()
        for changements in donnees:
            paire = changements.get(champ)
            if isinstance(paire, list):
                cles |= {cle for cle in paire if cle not in (None, "")}
        if cles:
            noms |= {(champ, str(o.pk)): str(o) for o in modele.objects.filter(pk__in=cles)}
    return noms
