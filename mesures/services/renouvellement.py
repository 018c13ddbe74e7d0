"""A renewal: a reservation that continues a mesure of the same mandataire, and takes no place of its own.

Validated, it becomes a dated event on the mesure it renews, never a second one (needs.md 15). When that mesure ends
first, the reservation is an ordinary one again. Every function here runs inside the act's transaction, the mandataire
locked (commun.verrouiller).
"""

from datetime import date

from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from emjpm.commun.templatetags.emjpm import date_longue
from mandataires.models import Mandataire
from mesures.enums import GenreEvolution, Statut
from mesures.models import Evolution, Mesure
from tribunaux.models import Tribunal

from .chaine import Chaine
from .commun import (
    DEJA_EN_RENOUVELLEMENT,
    RELATIONS,
    ActeImpossible,
    avertir_tribunal,
    enregistrer,
    noter,
    passer,
)
from .evolutions import inserer

PLUS_EN_COURS = "La mesure à renouveler n’est plus en cours chez ce mandataire. Décochez « renouvellement »."
CONTINUES = ("nature", "champ", "cabinet", "numero_rg")
"""What the new judgment says of the mesure it continues; the rest stays as it was, the date of its judgment first."""


class RenouvellementImpossible(ActeImpossible):
    """The mesure to renew ended, or its renewal is already asked."""


def renouvelables(mandataire: Mandataire, tribunal: Tribunal):
    """The mesures a court may renew: its own, en cours with this mandataire, by number."""
    return mandataire.mesures.en_cours().filter(tribunal=tribunal).select_related("commune").order_by("rg_normal", "pk")


def exiger_renouvelable(mandataire: Mandataire, tribunal: Tribunal, mesure: Mesure) -> Mesure:
    """The mesure as it is now; RenouvellementImpossible when it cannot be renewed."""
    actuelle = renouvelables(mandataire, tribunal).filter(pk=mesure.pk).select_related("lieu").first()
    if actuelle is None:
        raise RenouvellementImpossible(PLUS_EN_COURS)
    if actuelle.renouvellements.en_attente().exists():
        raise RenouvellementImpossible(DEJA_EN_RENOUVELLEMENT)
    return actuelle


def faute_date(mesure: Mesure, jour: date) -> str:
    """A renewal is judged after what it renews."""
    derniere = mesure.evolutions.filter(genre=GenreEvolution.RECONDUCTION).order_by("date").last()
    renouvele = derniere.date if derniere else mesure.date_jugement
    if renouvele and jour < renouvele:
        return f"Le {date_longue(jour)} précède le jugement renouvelé, du {date_longue(renouvele)}."
    return ""


def encore_en_cours(reservation: Mesure) -> Mesure | None:
    """The mesure this reservation renews, if it still goes on."""
    if reservation.renouvelle_id is None:
        return None
    memes = Mesure.objects.en_cours().filter(pk=reservation.renouvelle_id, tribunal=reservation.tribunal_id)
    return memes.select_related(*RELATIONS).first()


def continuer(*, par, reservation: Mesure, mesure: Mesure, date_jugement: date) -> None:
    """The renewal is judged: `mesure` goes on with what the new judgment says; `reservation` is settled.

    What the court left blank erases nothing; what a later evolution changed stays (chaine.py). NumeroDejaPris when
    another mesure bears the new number.
    """
    faute = faute_date(mesure, date_jugement)
    if faute:
        raise ActeImpossible(faute)
    avant = journal.photo(reservation, ("statut", "date_jugement"))
    passer(reservation, "renouveler")
    reservation.date_jugement, reservation.valide_le = date_jugement, timezone.now()
    enregistrer(reservation)  # first: it lets go of the number
    noter(reservation, par=par, acte="renouveler", avant=avant, continuee=mesure.pk)
    etat = journal.photo(mesure, CONTINUES)
    evolution = Evolution(
        mesure=mesure, genre=GenreEvolution.RECONDUCTION, date=date_jugement, reservation=reservation, par=par
    )
    donnees = {champ: getattr(reservation, champ) for champ in CONTINUES}
    inserer(Chaine(mesure), evolution, {champ: valeur for champ, valeur in donnees.items() if valeur})
    enregistrer(mesure)
    noter(
        mesure,
        par=par,
        acte="renouveler",
        avant=etat,
        jugement=date_jugement,
        reservation=reservation.pk,
        reservee_le=reservation.reserve_le,
    )
    avertir_tribunal(reservation, "mesure_renouvelee", {"renouvelee": mesure})


def detacher(*, par, mesure: Mesure) -> list[Mesure]:
    """`mesure` ended: its pending renewal is an ordinary reservation from now on, and takes the place set free."""
    reservations = list(mesure.renouvellements.en_attente().select_related(*RELATIONS))
    for reservation in reservations:
        avant = journal.photo(reservation, ("renouvelle",))
        reservation.renouvelle = None
        enregistrer(reservation)
        noter(reservation, par=par, acte="detacher", avant=avant)
    return reservations


def a_rattacher(mesure: Mesure) -> Mesure | None:
    """The reservation that stopped being the renewal of this ended mesure, if nobody answered it since. Two queries."""
    candidates = Mesure.objects.en_attente().filter(
        mandataire=mesure.mandataire_id, tribunal=mesure.tribunal_id, renouvelle=None, reserve_le__isnull=False
    )
    reservations = {str(r.pk): r for r in candidates.select_related(*RELATIONS).order_by("-pk")}
    traces = Evenement.objects.filter(
        acte="mesure.detacher", objet_type=Mesure._meta.label_lower, objet_id__in=list(reservations)
    )
    derniere = {trace.objet_id: trace for trace in traces.order_by("le", "pk")}
    for cle, reservation in reservations.items():
        if cle in derniere and derniere[cle].changements.get("renouvelle") == [mesure.pk, None]:
            return reservation
    return None


def rattacher(*, par, mesure: Mesure) -> Mesure | None:
    """`mesure` is about to be reopened: undoing its end gives its renewal back what it was, with those who follow the
    mesure now. Call it before.

    Without it the number of the mesure would be taken by the very reservation that renews it.
    """
    reservation = a_rattacher(mesure)
    if reservation is not None:
        avant = journal.photo(reservation, ("renouvelle", "lieu"))
        reservation.renouvelle, reservation.lieu = mesure, mesure.lieu
        enregistrer(reservation)
        noter(reservation, par=par, acte="rattacher", avant=avant)
    return reservation


def a_un_renouvellement(mesure: Mesure) -> bool:
    """Does a renewal of it wait? Its place would go to it if the mesure ended."""
    return mesure.statut == Statut.EN_COURS and mesure.renouvellements.en_attente().exists()
