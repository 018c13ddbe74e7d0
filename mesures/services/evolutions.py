"""What happens to a mandate that goes on: noter, corriger, retirer a dated event (docs/etats.md).

The order of the dates decides what the mesure is today (chaine.py). Refusals are ActeImpossible; MesureChangee when
somebody saved the mesure since the page was drawn: nothing is written then.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from emjpm.commun.templatetags.emjpm import date_longue
from mandataires.services import actualiser
from mesures import droits
from mesures.enums import ECHELLES, EN_ETABLISSEMENT, Champ, GenreEvolution, LieuVie, Nature, Statut, TypeEtablissement
from mesures.models import Evolution, Mesure

from . import commun
from .chaine import GROUPES, LIEU, Chaine, Valeurs, apres, decrire, groupes_de, natures_possibles
from .commun import ActeImpossible, accorder, auteur, enregistrer, exiger, instant, ouvrir, refus

FAITS = {
    GenreEvolution.RECONDUCTION: (),
    GenreEvolution.AGGRAVATION: ("nature", "champ"),
    GenreEvolution.ALLEGEMENT: ("nature", "champ"),
    GenreEvolution.LIEU_VIE: LIEU,
    GenreEvolution.CHAMP: ("champ",),
}
"""The facts each kind may change, and no other."""

ANNEES_MAX = 30
"""A new end further than this is a slip of the pen (CC 442: at most twenty years)."""

DEJA_RETIREE = "Cette évolution a déjà été retirée."
DU_TRIBUNAL = (
    "Ce renouvellement a été réservé par un tribunal : il ne se retire pas. Corrigez sa date, ou écrivez à l’équipe."
)
NOMS = {
    "nature": "la nature",
    "champ": "le champ",
    "lieu_vie": "le lieu de vie",
    "cabinet": "le cabinet",
    "numero_rg": "le numéro RG",
}


class MesureChangee(ActeImpossible):
    """Somebody saved the mesure since the page was drawn; `mesure` is as it is now."""

    def __init__(self, mesure: Mesure, lecteur):
        self.mesure = mesure
        trace = Evenement.objects.sur(mesure).select_related("par").first()
        qui = auteur(trace, lecteur, mesure.tribunal) if trace else "quelqu’un"
        quand = f" {instant(trace.le)}" if trace else ""
        self.debut = (
            f"Vous avez modifié cette mesure dans une autre fenêtre{quand}."
            if qui == "vous"
            else f"{qui[:1].upper()}{qui[1:]} a modifié cette mesure{quand}."
        )
        super().__init__(f"{self.debut} Votre saisie est gardée : relisez-la, puis enregistrez à nouveau.")


@dataclass(frozen=True)
class Ecriture:
    """What an act did. `faite` False: it was so already (double click). `restes`: what it left as it is, and why."""

    mesure: Mesure
    evolution: Evolution
    faite: bool = True
    restes: list[str] = field(default_factory=list)


# --- Rules shared with the forms ----------------------------------------------------------------------


def faute_date(mesure: Mesure, genre: str, jour: date) -> str:
    """What is wrong with the date of an evolution, or nothing: from the judgment to today, or to the end."""
    aujourdhui = timezone.localdate()
    if jour > aujourdhui:
        return f"Le {date_longue(jour)} est dans le futur. Écrivez une date jusqu’au {date_longue(aujourdhui)}."
    if mesure.date_jugement and jour < mesure.date_jugement:
        quoi = "La décision" if GenreEvolution(genre).decidee else "Le changement"
        return f"{quoi} ne peut pas précéder le jugement du {date_longue(mesure.date_jugement)}."
    if mesure.date_fin and jour > mesure.date_fin:
        return f"Le mandat a pris fin le {date_longue(mesure.date_fin)} : écrivez une date qui précède."
    return ""


def faute_terme(jour: date, jusqu_au: date | None) -> str:
    """What is wrong with the new end of a mesure, or nothing."""
    if jusqu_au is None:
        return ""
    if jusqu_au <= jour:
        return f"La nouvelle fin doit suivre la décision du {date_longue(jour)}."
    if jusqu_au.year > jour.year + ANNEES_MAX:
        return f"Le {date_longue(jusqu_au)} est trop loin. Vérifiez l’année."
    return ""


def sans_issue(genre: str, nature: str) -> str:
    """Why no nature is heavier, or lighter, than this one; empty when some are."""
    if natures_possibles(genre, nature):
        return ""
    if genre == GenreEvolution.AGGRAVATION and nature == Nature.TUTELLE:
        return "La tutelle est déjà la mesure la plus protectrice."
    if not any(nature in echelle for echelle in ECHELLES):
        quoi = "ne s’aggrave pas" if genre == GenreEvolution.AGGRAVATION else "ne s’allège pas"
        return f"« {Nature(nature).label} » {quoi}. Si la nature a été mal saisie, modifiez la mesure."
    mot = "plus protectrice" if genre == GenreEvolution.AGGRAVATION else "plus légère"
    return f"Aucune nature n’est {mot} que « {Nature(nature).label} »."


def _exiger_version(mesure: Mesure, version: int, par) -> None:
    if mesure.version != version:
        raise MesureChangee(mesure, par)


def _valeurs(mesure: Mesure, genre: str, faits: dict[str, Any]) -> Valeurs:
    """The facts as the history keeps them: keys, whole groups, consistent with one another, nothing blank but homes."""
    inconnus = set(faits) - set(FAITS[GenreEvolution(genre)])
    if inconnus:
        raise ValueError(f"not facts of this evolution: {sorted(inconnus)}")
    plates = {c: v.pk if isinstance(v, Model) else v for c, v in faits.items()}
    if genre != GenreEvolution.LIEU_VIE:
        return {champ: valeur for champ, valeur in plates.items() if valeur}
    essai = Mesure(nature=mesure.nature)
    for champ in LIEU:
        setattr(essai, Mesure._meta.get_field(champ).attname, plates[champ])
    accorder(essai)
    return journal.photo(essai, LIEU)


def _exiger_valeurs(genre: str, valeurs: Valeurs) -> None:
    if genre in {GenreEvolution.AGGRAVATION, GenreEvolution.ALLEGEMENT}:
        exiger("" if valeurs.get("nature") in Nature.values else "Choisissez une nature différente.")
    if genre == GenreEvolution.CHAMP or valeurs.get("champ"):
        exiger("" if valeurs.get("champ") in Champ.values else "Choisissez un champ différent.")
    if genre == GenreEvolution.LIEU_VIE:
        lieu_vie, type_ = valeurs["lieu_vie"], valeurs["type_etablissement"]
        exiger("" if lieu_vie in LieuVie.values else "Choisissez un lieu de vie.")
        manque = lieu_vie in EN_ETABLISSEMENT and type_ not in TypeEtablissement.values
        exiger("Choisissez le type d’établissement." if manque else "")


def _exiger_changement(evolution: Evolution) -> None:
    """An aggravation makes heavier, an allègement lighter, the others change what their name says."""
    changees = evolution.changements
    if evolution.genre in {GenreEvolution.AGGRAVATION, GenreEvolution.ALLEGEMENT}:
        if "nature" not in changees:
            raise ActeImpossible("Choisissez une nature différente.")
        depart, arrivee = changees["nature"]
        if arrivee not in natures_possibles(evolution.genre, depart):
            sens = "plus protectrice" if evolution.genre == GenreEvolution.AGGRAVATION else "plus légère"
            raise ActeImpossible(
                f"Au {date_longue(evolution.date)}, la mesure était « {Nature(depart).label} » : "
                f"« {Nature(arrivee).label} » n’est pas {sens}."
            )
    elif evolution.genre == GenreEvolution.CHAMP and not changees:
        raise ActeImpossible("Choisissez un champ différent.")
    elif evolution.genre == GenreEvolution.LIEU_VIE and not changees:
        raise ActeImpossible("Rien ne change : choisissez un autre lieu de vie ou une autre adresse.")


def _deja(chaine: Chaine, genre: str, jour: date, jusqu_au: date | None, voulues: Valeurs) -> Evolution | None:
    """The very same evolution, noted already: a double click, Back and resend."""
    for evolution in chaine.evolutions:
        if (evolution.genre, evolution.date, evolution.jusqu_au) != (genre, jour, jusqu_au):
            continue
        dites = {c: paire[1] for c, paire in evolution.changements.items()}
        if all(dites.get(c, v) == v for c, v in voulues.items()) and set(dites) <= set(voulues):
            return evolution
    return None


# --- The acts -----------------------------------------------------------------------------------------


@transaction.atomic
def noter(
    *, par, mesure: Mesure, version: int, genre: str, jour: date, faits: dict[str, Any], jusqu_au: date | None = None
) -> Ecriture:
    """Something happened to a mesure en cours: what it is today follows, unless a later evolution says otherwise."""
    mesure = ouvrir(par, mesure)
    if mesure.statut != Statut.EN_COURS:
        raise ActeImpossible(refus(mesure))
    voulues = _valeurs(mesure, genre, faits)
    _exiger_valeurs(genre, voulues)
    chaine = Chaine(mesure)
    deja = _deja(chaine, genre, jour, jusqu_au, voulues)
    if deja is not None:
        return Ecriture(mesure, deja, faite=False)
    _exiger_version(mesure, version, par)
    exiger(faute_date(mesure, genre, jour))
    exiger(faute_terme(jour, jusqu_au))
    evolution = Evolution(mesure=mesure, genre=genre, date=jour, jusqu_au=jusqu_au, par=par)
    inserer(chaine, evolution, voulues)
    enregistrer(mesure)
    commun.noter(
        mesure,
        par=par,
        acte="evoluer",
        evolution=evolution.pk,
        genre=genre,
        le=jour,
        jusqu_au=jusqu_au,
        **evolution.changements,
    )
    actualiser(mesure.mandataire)
    return Ecriture(mesure, evolution)


def inserer(chaine: Chaine, evolution: Evolution, voulues: Valeurs) -> None:
    """Put a new evolution in the history, and save it; the mesure is changed, not saved. Inside the act's lock."""
    chaine.poser(evolution, voulues)
    _exiger_changement(evolution)
    chaine.verifier()
    chaine.enregistrer()
    evolution.save()


@transaction.atomic
def corriger(
    *, par, evolution: Evolution, version: int, jour: date, faits: dict[str, Any], jusqu_au: date | None = None
) -> Ecriture:
    """Correct its date, its end, its facts. Of a renewal reserved by a court, the dates alone."""
    mesure, chaine, evolution = _reprendre(par, evolution)
    genre, ancien = evolution.genre, (evolution.date, evolution.jusqu_au, dict(evolution.changements))
    voulues = _valeurs(mesure, genre, faits)
    _exiger_valeurs(genre, voulues)
    if evolution.reservation_id or genre == GenreEvolution.RECONDUCTION:
        voulues = {c: paire[1] for c, paire in evolution.changements.items()}
    exiger(faute_date(mesure, genre, jour))
    exiger(faute_terme(jour, jusqu_au))
    restes = _deplacer(chaine, evolution, jour, voulues)
    evolution.jusqu_au = jusqu_au
    _exiger_changement(evolution)
    if ancien == (evolution.date, evolution.jusqu_au, evolution.changements):
        return Ecriture(mesure, evolution, faite=False)
    _exiger_version(mesure, version, par)
    chaine.verifier()
    chaine.enregistrer()
    evolution.save()
    if evolution.reservation_id and ancien[0] != jour:  # one date for one judgment
        Mesure.objects.filter(pk=evolution.reservation_id).update(date_jugement=jour)
    enregistrer(mesure)
    commun.noter(
        mesure, par=par, acte="corriger_evolution", evolution=evolution.pk, genre=genre, **_ecart(ancien, evolution)
    )
    actualiser(mesure.mandataire)
    return Ecriture(mesure, evolution, restes=restes)


@transaction.atomic
def retirer(*, par, evolution: Evolution, version: int) -> Ecriture:
    """Take out one that never was. The facts go back to what they were, unless something changed them since."""
    mesure, chaine, evolution = _reprendre(par, evolution)
    if not droits.peut_retirer_evolution(par, evolution):
        raise ActeImpossible(DU_TRIBUNAL)
    _exiger_version(mesure, version, par)
    etat = dict(evolution.changements)
    restes = restes_apres_retrait(chaine, evolution)
    for groupe in groupes_de(evolution):
        chaine.oter(evolution, groupe)
    chaine.verifier()
    chaine.enregistrer()
    pk, perdue = evolution.pk, {c: [b, a] for c, (a, b) in etat.items()}
    evolution.delete()
    enregistrer(mesure)
    commun.noter(
        mesure, par=par, acte="retirer_evolution", evolution=pk, genre=evolution.genre, le=evolution.date, **perdue
    )
    actualiser(mesure.mandataire)
    return Ecriture(mesure, evolution, restes=restes)


def restes_apres_retrait(chaine: Chaine, evolution: Evolution) -> list[str]:
    """What its removal would leave as it is, in words: changed again by a later evolution, or corrected by hand."""
    phrases = []
    for groupe in groupes_de(evolution):
        nom, suivante = NOMS[groupe[0]], chaine.suivante(evolution, groupe)
        if suivante is not None:
            debut, e = f"{nom[:1].upper()}{nom[1:]}", "e" if nom.startswith("la ") else ""
            phrases.append(f"{debut} reste : {decrire(suivante)} l’a changé{e} depuis.")
        elif apres(evolution, groupe) != journal.photo(chaine.mesure, groupe):
            phrases.append(_reste(nom))
    return phrases


def _reste(nom: str) -> str:
    """« Le champ reste : il a été corrigé depuis. »"""
    feminin = nom.startswith("la ")
    return f"{nom[:1].upper()}{nom[1:]} reste : {'elle' if feminin else 'il'} a été corrigé{'e' * feminin} depuis."


def _reprendre(par, evolution: Evolution) -> tuple[Mesure, Chaine, Evolution]:
    mesure = ouvrir(par, evolution.mesure)
    if not droits.peut_corriger_evolution(par, mesure):
        raise PermissionDenied
    chaine = Chaine(mesure)
    actuelle = chaine.celle(evolution.pk)
    if actuelle is None:
        raise ActeImpossible(DEJA_RETIREE)
    actuelle.mesure = mesure
    return mesure, chaine, actuelle


def _deplacer(chaine: Chaine, evolution: Evolution, jour: date, voulues: Valeurs) -> list[str]:
    """Give it this date and these facts; returns what had been corrected by hand since and stays, in words."""
    ancien_jour, restes, a_poser = evolution.date, [], {}
    for groupe in GROUPES:
        la, voulue = groupe[0] in evolution.changements, groupe[0] in voulues
        if not la and not voulue:
            continue
        nouvelles = {champ: voulues[champ] for champ in groupe} if voulue else {}
        evolution.date = jour
        ensuite = chaine.suivante(evolution, groupe)
        evolution.date = ancien_jour
        if la and voulue and chaine.suivante(evolution, groupe) is ensuite:
            fait = chaine.changer(evolution, groupe, nouvelles)
        else:
            fait = chaine.oter(evolution, groupe) if la else True
            a_poser |= nouvelles
        if not fait:
            restes.append(_reste(NOMS[groupe[0]]))
    evolution.date = jour
    chaine.poser(evolution, a_poser)
    return restes


def _ecart(ancien: tuple, evolution: Evolution) -> dict[str, list]:
    """{field: [before, after]} of what the evolution itself says."""
    jour, jusqu_au, changements = ancien
    ecart = {"le": [jour, evolution.date], "jusqu_au": [jusqu_au, evolution.jusqu_au]}
    for champ in changements.keys() | evolution.changements.keys():
        ecart[champ] = [changements.get(champ, [None, None])[1], evolution.changements.get(champ, [None, None])[1]]
    return {champ: paire for champ, paire in ecart.items() if paire[0] != paire[1]}
