"""What a mandataire does with a mesure: creer, modifier, valider, decliner, eteindre, rouvrir, supprimer.

docs/etats.md shows who may do what. Each act is one transaction: lock, transition, write, journal, mails, freshness.
Refusals are ActeImpossible (commun.py), and for a stale form ConflitDeVersion: nothing is written then.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.courriels import deposer
from emjpm.commun.models import Evenement
from emjpm.commun.templatetags.emjpm import date_longue
from emjpm.commun.texte import nom_possible, propre
from emjpm.comptes.models import Utilisateur
from mandataires.droits import membre_de
from mandataires.models import Mandataire
from mandataires.services import actualiser
from mesures import droits
from mesures.enums import LieuVie, MotifDeclin, MotifFin, Statut
from mesures.models import Mesure

from . import renouvellement
from .chaine import decrire
from .commun import (
    ActeImpossible,
    accorder,
    avertir_tribunal,
    enregistrer,
    exiger,
    noter,
    ouvrir,
    passer,
    qui_suit,
    sigle_et_ville,
    verrouiller,
)

FAITS = (
    "nature",
    "champ",
    "date_jugement",
    "tribunal",
    "cabinet",
    "numero_rg",
    "numero_dossier",
    "civilite",
    "annee_naissance",
    "lieu_vie",
    "type_etablissement",
    "pays",
    "code_postal",
    "commune",
    "ville",
    "ressources_annee",
    "ressources_niveau",
    "prestations",
    "lieu",
)
"""The facts a mandataire writes. Nothing else can be set by a form: not the statut, the owner nor who reserved."""

ADRESSE = ("pays", "code_postal", "commune", "ville")
NON_SUPPRIMABLE = (
    "Cette mesure a été réservée par un tribunal : elle ne peut pas être supprimée. Modifiez-la, ou écrivez à l’équipe."
)
NON_SUPPRIMABLE_RENOUVELEE = (
    "Cette mesure a été renouvelée par un tribunal : elle ne peut pas être supprimée. Modifiez-la, ou écrivez à "
    "l’équipe."
)
RENOUVELLEMENT_ATTENDU = (
    "Un renouvellement de cette mesure attend votre réponse : elle ne peut pas changer de tribunal avant."
)
JUGEMENT_MIN = date(1950, 1, 1)


class ConflitDeVersion(Exception):
    """Somebody saved the mesure since the form was drawn: `actuelle` is stored, `saisie` was typed."""

    def __init__(self, actuelle: Mesure, saisie: dict[str, Any]):
        self.actuelle, self.saisie = actuelle, saisie
        self.trace: Evenement | None = Evenement.objects.sur(actuelle).select_related("par").first()
        super().__init__("Cette mesure a été modifiée entre-temps.")


class PageDejaServie(ActeImpossible):
    """The page that created `mesure` is sent again with something else: it may be another mesure."""

    def __init__(self, mesure: Mesure):
        self.mesure = mesure
        nom = f"La mesure {mesure.numero_rg}" if mesure.numero_rg else "Une mesure sans numéro RG"
        super().__init__(
            f"{nom} est déjà créée depuis cette page. Pour la corriger, ouvrez-la dans « Mesures en cours ». "
            "Pour en créer une autre, enregistrez à nouveau."
        )


@dataclass(frozen=True)
class Creation:
    mesure: Mesure
    nouvelle: bool
    """False: the same form had already created it (double click, Back and resend)."""


# --- Rules shared with the forms ----------------------------------------------------------------------


def faute_date_jugement(jour: date) -> str:
    """What is wrong with a date of judgment, or nothing."""
    if jour > timezone.localdate():
        return f"Le {date_longue(jour)} est dans le futur. Écrivez la date du jugement reçu."
    if jour < JUGEMENT_MIN:
        return f"Le {date_longue(jour)} est trop ancien. Vérifiez l’année."
    return ""


def faute_date_fin(mesure: Mesure, jour: date) -> str:
    """What is wrong with a date of end, or nothing: from the judgment to today (domain.md §3)."""
    aujourdhui = timezone.localdate()
    if jour > aujourdhui:
        return f"Le {date_longue(jour)} est dans le futur. Écrivez une date jusqu’au {date_longue(aujourdhui)}."
    if mesure.date_jugement and jour < mesure.date_jugement:
        return f"Le {date_longue(jour)} précède le jugement du {date_longue(mesure.date_jugement)}."
    evolution = mesure.evolutions.filter(date__gt=jour).last()
    return f"Le {date_longue(jour)} précède {decrire(evolution)}." if evolution else ""


def faute_jugement_et_suite(mesure: Mesure, jour: date) -> str:
    """A judgment cannot come after what happened to the mesure it opened."""
    evolution = mesure.evolutions.filter(date__lt=jour).first()
    return f"Le {date_longue(jour)} suit {decrire(evolution)}. Corrigez la date qui est fausse." if evolution else ""


def adresse_connue(mesure: Mesure) -> bool:
    return bool(mesure.code_postal or mesure.commune_id or mesure.ville)


def _poser(mesure: Mesure, par, faits: dict[str, Any]) -> None:
    """Write facts on the mesure, made consistent: no address without a home, no type out of an establishment."""
    inconnus = set(faits) - set(FAITS)
    if inconnus:
        raise ValueError(f"not facts of a mesure: {sorted(inconnus)}")
    for champ, valeur in faits.items():
        setattr(mesure, champ, valeur)
    accorder(mesure)
    membre = getattr(par, "membre", None)
    if membre and membre.mandataire_id == mesure.mandataire_id and membre.lieu_id:
        mesure.lieu_id = membre.lieu_id  # limited to an antenne: what they write stays there
    if mesure.lieu_id and mesure.lieu.mandataire_id != mesure.mandataire_id:
        raise ActeImpossible("Cette antenne n’est pas une des vôtres.")


# --- The acts -----------------------------------------------------------------------------------------


@transaction.atomic
def creer(*, par, mandataire: Mandataire, faits: dict[str, Any], cle: UUID | None = None) -> Creation:
    """A mesure en cours, typed by hand. `cle` comes with the form: the same one never creates twice.

    PageDejaServie when it comes again with other facts: nothing is dropped in silence.
    """
    mandataire = verrouiller(mandataire.pk)
    if membre_de(par, mandataire) is None:
        raise PermissionDenied
    deja = Mesure.objects.filter(cle_reservation=cle).first() if cle else None
    if deja is not None and deja.mandataire_id != mandataire.pk:
        deja = cle = None
    mesure = Mesure(mandataire=mandataire, cle_reservation=cle)
    _poser(mesure, par, faits)
    if deja is not None:
        if journal.photo(mesure, FAITS) != journal.photo(deja, FAITS):
            raise PageDejaServie(deja)
        return Creation(deja, nouvelle=False)
    exiger("" if mesure.date_jugement else "Écrivez la date du jugement.")
    exiger(faute_date_jugement(mesure.date_jugement))
    passer(mesure, "creer")
    vide = journal.photo(Mesure(), (*FAITS, "statut"))
    enregistrer(mesure)
    noter(mesure, par=par, acte="creer", avant=vide)
    actualiser(mandataire)
    return Creation(mesure, nouvelle=True)


@transaction.atomic
def modifier(*, par, mesure: Mesure, version: int, faits: dict[str, Any]) -> Mesure:
    """Correct facts. ConflitDeVersion when the mesure changed since `version` and says something else.

    The returned mesure keeps its version when nothing differed: nothing is written then.
    """
    actuelle = ouvrir(par, mesure)
    if actuelle.statut not in {Statut.EN_COURS, Statut.ETEINTE}:
        raise ActeImpossible("Cette mesure n’est pas en cours : elle ne peut pas être modifiée.")
    avant = journal.photo(actuelle, FAITS)
    stockee = copy(actuelle)
    _poser(actuelle, par, faits)
    if journal.photo(actuelle, FAITS) == avant:
        return actuelle
    if version != actuelle.version:
        raise ConflitDeVersion(stockee, faits)
    attendus = list(actuelle.renouvellements.en_attente())
    if attendus and actuelle.tribunal_id != stockee.tribunal_id:
        raise ActeImpossible(RENOUVELLEMENT_ATTENDU)
    exiger("" if actuelle.date_jugement else "Écrivez la date du jugement.")
    exiger(faute_date_jugement(actuelle.date_jugement))
    exiger(faute_jugement_et_suite(actuelle, actuelle.date_jugement))
    if actuelle.date_fin:
        exiger(faute_date_fin(actuelle, actuelle.date_fin))
    enregistrer(actuelle)
    noter(actuelle, par=par, acte="modifier", avant=avant)
    for attendu in attendus:  # answered by those who follow the mesure
        if attendu.lieu_id != actuelle.lieu_id:
            lieu = journal.photo(attendu, ("lieu",))
            attendu.lieu = actuelle.lieu
            enregistrer(attendu)
            noter(attendu, par=par, acte="modifier", avant=lieu)
    actualiser(actuelle.mandataire)
    return actuelle


@transaction.atomic
def valider(
    *,
    par,
    mesure: Mesure,
    date_jugement: date,
    lieu_vie: str = "",
    type_etablissement: str = "",
    numero_dossier: str = "",
    adresse: dict[str, Any] | None = None,
) -> Mesure:
    """The paper judgment came: the mesure begins. Everything the court gave is kept as it is.

    `adresse` (pays, code_postal, commune, ville) is used only where the court gave none. A renewal continues the
    mesure it renews (renouvellement.continuer), where the rest is known: of it only the date is asked. NumeroDejaPris
    when that mesure would bear the number of another.
    """
    mesure = ouvrir(par, mesure)
    renouvelee = renouvellement.encore_en_cours(mesure)
    if renouvelee is not None and mesure.statut == Statut.EN_ATTENTE:
        exiger(faute_date_jugement(date_jugement))
        renouvellement.continuer(par=par, reservation=mesure, mesure=renouvelee, date_jugement=date_jugement)
        actualiser(mesure.mandataire)
        return mesure
    avant = journal.photo(mesure, (*FAITS, "statut", "renouvelle"))
    passer(mesure, "valider")
    mesure.renouvelle = None  # what it renewed is no more: it begins a mesure
    exiger(faute_date_jugement(date_jugement))
    exiger("" if lieu_vie in LieuVie.values else "Choisissez un lieu de vie.")
    faits = {
        "date_jugement": date_jugement,
        "lieu_vie": lieu_vie,
        "type_etablissement": type_etablissement,
        "numero_dossier": numero_dossier or mesure.numero_dossier,
    }
    if adresse and not adresse_connue(mesure):
        faits |= {champ: adresse[champ] for champ in ADRESSE}
    _poser(mesure, par, faits)
    mesure.valide_le = timezone.now()
    enregistrer(mesure)
    noter(mesure, par=par, acte="valider", avant=avant)
    avertir_tribunal(mesure, "mesure_validee")
    actualiser(mesure.mandataire)
    return mesure


@transaction.atomic
def decliner(*, par, mesure: Mesure, motif: str, precision: str = "") -> Mesure:
    """Answer the court that this one cannot be taken, and why. The reservation is kept, out of every figure."""
    precision = propre(precision)
    mesure = ouvrir(par, mesure)
    avant = journal.photo(mesure, ("statut", "motif_declin", "precision_cloture"))
    passer(mesure, "decliner")
    exiger("" if motif in MotifDeclin.values else "Choisissez une raison.")
    exiger("Précisez la raison." if motif == MotifDeclin.AUTRE and not precision else "")
    exiger("Ce texte semble contenir un nom. Retirez-le." if nom_possible(precision) else "")
    mesure.motif_declin, mesure.precision_cloture, mesure.clos_le = motif, precision, timezone.now()
    enregistrer(mesure)
    noter(mesure, par=par, acte="decliner", avant=avant)
    avertir_tribunal(mesure, "mesure_declinee")
    actualiser(mesure.mandataire)
    return mesure


@transaction.atomic
def eteindre(*, par, mesure: Mesure, motif: str, date_fin: date) -> Mesure:
    """End the mandate, with its motif and a date between the judgment and today.

    Its pending renewal, if any, becomes an ordinary reservation: it takes the place set free.
    """
    mesure = ouvrir(par, mesure)
    avant = journal.photo(mesure, ("statut", "motif_fin", "date_fin"))
    passer(mesure, "eteindre")
    exiger("" if motif in MotifFin.values else "Choisissez un motif.")
    exiger(faute_date_fin(mesure, date_fin))
    mesure.motif_fin, mesure.date_fin = motif, date_fin
    enregistrer(mesure)
    noter(mesure, par=par, acte="eteindre", avant=avant)
    _annoncer_la_fin(mesure, renouvellement.detacher(par=par, mesure=mesure))
    actualiser(mesure.mandataire)
    return mesure


def qui_saura_la_fin(mesure: Mesure, reservations: Iterable[Mesure] | None = None) -> list[Utilisateur]:
    """Whoever reserved it, renewed it or waits for its renewal, unless they asked not to be told of ends.

    `reservations`: those that renewed it until now; None while it goes on.
    """
    if reservations is None:
        reservations = mesure.renouvellements.en_attente().select_related("reserve_par__membre_tribunal")
    validees = mesure.renouvellements.filter(statut=Statut.RENOUVELEE).select_related("reserve_par__membre_tribunal")
    return sorted(qui_suit((mesure, *reservations, *validees), "avis_fin_mandat"), key=lambda juge: juge.pk)


def _annoncer_la_fin(mesure: Mesure, reservations: list[Mesure]) -> None:
    adresses = [juge.email for juge in qui_saura_la_fin(mesure, reservations)]
    contexte = {"mesure": mesure, "tribunal": sigle_et_ville(mesure.tribunal)}
    deposer("mesure_terminee", adresses, {**contexte, "renouvellement": reservations[0] if reservations else None})


@transaction.atomic
def rouvrir(*, par, mesure: Mesure) -> Mesure:
    """Undo an end, and what it did to a pending renewal.

    NumeroDejaPris when another living mesure has taken its number meanwhile.
    """
    mesure = ouvrir(par, mesure)
    avant = journal.photo(mesure, ("statut", "motif_fin", "date_fin"))
    passer(mesure, "rouvrir")
    renouvellement.rattacher(par=par, mesure=mesure)
    mesure.motif_fin, mesure.date_fin = "", None
    enregistrer(mesure)
    noter(mesure, par=par, acte="rouvrir", avant=avant)
    actualiser(mesure.mandataire)
    return mesure


def refus_de_supprimer(mesure: Mesure) -> str:
    """Why a mesure is not a typing error, or nothing."""
    if droits.reservee(mesure):
        return NON_SUPPRIMABLE
    return NON_SUPPRIMABLE_RENOUVELEE if droits.renouvelee_par_un_tribunal(mesure) else ""


@transaction.atomic
def supprimer(*, par, mesure: Mesure) -> None:
    """Remove a mesure typed by mistake: the row goes, its last state stays in the journal."""
    mesure = ouvrir(par, mesure)
    exiger(refus_de_supprimer(mesure))
    etat = journal.photo(mesure, (*FAITS, "statut", "date_fin", "motif_fin"))
    perdu = {champ: [valeur, None] for champ, valeur in etat.items() if valeur not in (None, "")}
    noter(mesure, par=par, acte="supprimer", **perdu)
    mandataire = mesure.mandataire
    if mesure.statut == Statut.EN_COURS:
        Mesure.objects.filter(pk=mesure.pk).update(rg_normal="")  # its renewal takes the number before it goes
        renouvellement.detacher(par=par, mesure=mesure)
    mesure.delete()
    actualiser(mandataire)
