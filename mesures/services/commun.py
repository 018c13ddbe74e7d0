"""What every act on a mesure shares: the refusal, the lock, the transition, who is written to at the court.

An act is a keyword-only function in one transaction: lock the mandataire, move along TRANSITIONS, write, note in the
journal, put the mails in the outbox, refresh what courts see of the mandataire's freshness.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.courriels import deposer
from emjpm.commun.models import Evenement
from emjpm.commun.templatetags.emjpm import date_longue
from emjpm.comptes.models import ROLES_TRIBUNAL, Role, Utilisateur
from mandataires.models import Mandataire
from mesures import droits
from mesures.enums import EN_ETABLISSEMENT, TRANSITIONS, VIVANTES, LieuVie, Nature, Statut
from mesures.models import Mesure
from mesures.numero_rg import forme_normale
from tribunaux.models import Tribunal

PAGE_DEJA_SERVIE = "Cette page a déjà servi. Ouvrez-la à nouveau depuis la recherche."
CONTRAINTE_RG = "mesure_rg_unique_par_mandataire"
CONTRAINTE_RENOUVELLEMENT = "mesure_un_renouvellement_a_la_fois"
DEJA_EN_RENOUVELLEMENT = "Un renouvellement de cette mesure attend déjà une réponse."


class ActeImpossible(Exception):
    """The act has no sense any more, or never had; `str()` is the French sentence to show."""


def exiger(faute: str) -> None:
    """ActeImpossible with this sentence, unless there is nothing wrong."""
    if faute:
        raise ActeImpossible(faute)


class NumeroDejaPris(ActeImpossible):
    """Another living mesure of the mandataire has this number at this court: `mesure` (None if it went away)."""

    def __init__(self, tribunal: Tribunal, mesure: Mesure | None):
        self.mesure = mesure
        etat = "en attente" if mesure and mesure.statut == Statut.EN_ATTENTE else "en cours"
        self.debut = f"Ce numéro RG est déjà celui d’une mesure {etat} au {sigle_et_ville(tribunal)}."
        suite = f", ou ouvrez la mesure {mesure.numero_rg}" if mesure else ""
        super().__init__(f"{self.debut} Vérifiez le numéro{suite}.")


def sigle_et_ville(tribunal: Tribunal) -> str:
    """« TJ de Metz », « TP du Raincy »: the long name with its type in initials, the article kept."""
    sigle = "TP" if tribunal.type == Tribunal.Type.TPRX else tribunal.type
    reste = tribunal.nom.removeprefix(tribunal.get_type_display()).strip()
    return f"{sigle} {reste}" if reste and reste != tribunal.nom else tribunal.nom_court


def verrouiller(mandataire_pk: int) -> Mandataire:
    """The mandataire's row, locked until the end of the transaction: acts that count places take turns.

    PostgreSQL locks the row; on SQLite the IMMEDIATE transaction already excludes every other writer.
    """
    return Mandataire.objects.select_for_update().get(pk=mandataire_pk)


RELATIONS = ("mandataire", "tribunal", "lieu", "reserve_par", "commune")


def relire(mesure: Mesure) -> Mesure:
    """The mesure as it is now, inside the lock of its mandataire (select its relations with it)."""
    return Mesure.objects.select_related(*RELATIONS).get(pk=mesure.pk)


def ouvrir(par, mesure: Mesure) -> Mesure:
    """For an act of the mandataire: lock them, then read the mesure again as it is now.

    PermissionDenied when it is not, or no longer, one of `par`'s: whoever calls, an act asks `droits` itself.
    """
    verrouiller(mesure.mandataire_id)
    try:
        actuelle = relire(mesure)
    except Mesure.DoesNotExist:
        raise ActeImpossible("Cette mesure a été supprimée entre-temps.") from None
    if not droits.est_la_sienne(par, actuelle):
        raise PermissionDenied
    return actuelle


def sans_adresse(nature: str, lieu_vie: str) -> bool:
    """No address is kept for a person without a home, nor for a mesure ad hoc."""
    return lieu_vie == LieuVie.SDF or nature == Nature.AD_HOC


def accorder(mesure: Mesure) -> None:
    """Make its facts consistent: no type out of an establishment, no address where none is kept."""
    if mesure.lieu_vie not in EN_ETABLISSEMENT:
        mesure.type_etablissement = ""
    if sans_adresse(mesure.nature, mesure.lieu_vie):
        mesure.pays, mesure.code_postal, mesure.commune, mesure.ville = "", "", None, ""


def passer(mesure: Mesure, acte: str) -> None:
    """Set the statut this act leads to; ActeImpossible when the table does not allow it from here."""
    depart, arrivee = TRANSITIONS[acte]
    if mesure.pk is None:
        if depart is not None:
            raise ActeImpossible("Cette mesure n’existe pas.")
    elif mesure.statut != depart:
        raise ActeImpossible(refus(mesure))
    mesure.statut = arrivee


def enregistrer(mesure: Mesure) -> None:
    """Save with the next version. NumeroDejaPris when the number is taken, even by a request running at once.

    Call it inside the act's transaction. Sets `rg_normal` from `numero_rg`.
    """
    mesure.rg_normal = forme_normale(mesure.numero_rg)
    refuser_doublon(mesure)
    if mesure.pk:
        mesure.version += 1
    try:
        with transaction.atomic():
            mesure.save()
    except IntegrityError as erreur:
        if CONTRAINTE_RENOUVELLEMENT in str(erreur) or "renouvelle_id" in str(erreur):
            raise ActeImpossible(DEJA_EN_RENOUVELLEMENT) from erreur
        if "cle_reservation" in str(erreur):
            raise ActeImpossible(PAGE_DEJA_SERVIE) from erreur
        if CONTRAINTE_RG not in str(erreur) and "rg_normal" not in str(erreur):
            raise
        raise NumeroDejaPris(mesure.tribunal, _meme_numero(mesure)) from erreur


def _meme_numero(mesure: Mesure) -> Mesure | None:
    """Who holds this number: a living mesure, unless one of the two renews the other.

    Stricter than the constraint, which lets any renewal be: the day it stops being one, its number must be free.
    """
    autres = (
        Mesure.objects.vivantes()
        .filter(mandataire=mesure.mandataire_id, tribunal=mesure.tribunal_id, rg_normal=mesure.rg_normal)
        .exclude(pk=mesure.pk)
        .order_by("-statut", "pk")  # the one en cours first
    )
    lies = {mesure.renouvelle_id, mesure.pk} - {None}
    return next((a for a in autres if a.pk not in lies and a.renouvelle_id not in {mesure.pk} - {None}), None)


def refuser_doublon(mesure: Mesure) -> None:
    """NumeroDejaPris when another living mesure of the mandataire has the same number at the same court."""
    if not mesure.rg_normal or mesure.statut not in VIVANTES:
        return
    autre = _meme_numero(mesure)
    if autre:
        raise NumeroDejaPris(mesure.tribunal, autre)


def noter(mesure: Mesure, *, par, acte: str, avant: dict | None = None, **autres) -> Evenement:
    """The journal's line « mesure.<acte> »: the fields of `avant` (a journal.photo) that differ now, plus `autres`."""
    changements = journal.difference(avant, journal.photo(mesure, avant)) if avant else {}
    return journal.noter(par=par, acte=f"mesure.{acte}", objet=mesure, changements=changements | autres)


# --- Who is told at the court ---------------------------------------------------------------------------


def joignable(juge, tribunal_id: int) -> bool:
    """Is the person who reserved still of this court, and there to be written to?"""
    if juge is None or not juge.is_active or not juge.est_valide:
        return False
    membre = getattr(juge, "membre_tribunal", None)
    return membre is not None and membre.tribunal_id == tribunal_id


def qui_suit(mesures: Iterable[Mesure], avis: str = "") -> dict[Utilisateur, list[Mesure]]:
    """{who is told at the court: of which mesures}: whoever reserved; gone, the greffiers of the court, or failing them
    its magistrats. Nobody for a mesure that no court reserved.

    `avis`: the choice of « Mon compte » that such a mail respects, whoever is written to. One query a court where
    somebody left, if the mesures come with their `reserve_par__membre_tribunal`.
    """
    relais: dict[int, list[Utilisateur]] = {}
    suivies: dict[Utilisateur, list[Mesure]] = {}
    for mesure in filter(droits.reservee, mesures):
        if joignable(mesure.reserve_par, mesure.tribunal_id):
            gens = [mesure.reserve_par]
        else:
            if mesure.tribunal_id not in relais:
                relais[mesure.tribunal_id] = _relais(mesure.tribunal_id, avis)
            gens = relais[mesure.tribunal_id]
        for quelquun in gens:
            if not avis or getattr(quelquun, avis):
                suivies.setdefault(quelquun, []).append(mesure)
    return suivies


def _relais(tribunal_id: int, avis: str) -> list[Utilisateur]:
    voulu = {avis: True} if avis else {}
    gens = Utilisateur.objects.filter(
        membre_tribunal__tribunal=tribunal_id, statut=Utilisateur.Statut.VALIDE, is_active=True, **voulu
    ).order_by("pk")
    return list(gens.filter(role=Role.GREFFIER)) or list(gens.filter(role=Role.MAGISTRAT))


def reservees_par(quelquun: Utilisateur, mesures: Iterable[Mesure]) -> bool:
    """« que vous avez réservées »: did this very person reserve them all?"""
    return all(mesure.reserve_par_id == quelquun.pk for mesure in mesures)


def avertir_tribunal(mesure: Mesure, modele: str, contexte: dict | None = None) -> int:
    """Mail to whoever follows it at the court; returns how many mails were put."""
    return sum(
        deposer(
            modele,
            quelquun.email,
            {"mesure": mesure, "vous": reservees_par(quelquun, [mesure]), **(contexte or {})},
        )
        for quelquun in qui_suit([mesure])
    )


# --- Who did what, in words -------------------------------------------------------------------------


def auteur(evenement: Evenement, lecteur=None, tribunal: Tribunal | None = None) -> str:
    """« vous », the colleague's name, « le TJ de Metz », « le greffe du TJ de Metz », « l’équipe e-MJPM »."""
    if lecteur is not None and evenement.par_id and evenement.par_id == lecteur.pk:
        return "vous"
    if evenement.role in ROLES_TRIBUNAL:
        nom = sigle_et_ville(tribunal) if tribunal else "tribunal"
        return f"le greffe du {nom}" if evenement.role == Role.GREFFIER else f"le {nom}"
    if evenement.role == Role.SUPPORT or evenement.par is None:
        return "l’équipe e-MJPM"
    return evenement.par.get_full_name()


def instant(quand) -> str:
    """« à 10 h 41 » today, else « le 22 novembre 2026 »."""
    local = timezone.localtime(quand)
    if local.date() == timezone.localdate():
        return f"à {local.hour}\u00a0h\u00a0{local.minute:02d}"
    return f"le {date_longue(local)}"


def dernier(mesure: Mesure, *actes: str) -> Evenement | None:
    """The last line of the journal for one of these acts."""
    voulus = [f"mesure.{a}" for a in actes]
    return Evenement.objects.sur(mesure).filter(acte__in=voulus).select_related("par").first()


_PHRASES = {
    # act that led here: what to say to someone who comes too late
    "valider": "{qui} a validé cette mesure {quand}.",
    "renouveler": "{qui} a validé ce renouvellement {quand}.",
    "decliner": "{qui} a décliné cette mesure {quand}.",
    "annuler": "{qui} a annulé cette réservation {quand}. Il n’y a rien à faire.",
    "rouvrir": "{qui} a rouvert cette mesure {quand}.",
}
_ETATS = {
    Statut.EN_ATTENTE: "Cette mesure est encore en attente de votre réponse.",
    Statut.EN_COURS: "Cette mesure est déjà en cours.",
    Statut.ETEINTE: "Ce mandat est déjà terminé.",
    Statut.DECLINEE: "Cette mesure a déjà été déclinée.",
    Statut.ANNULEE: "Le tribunal a annulé cette réservation. Il n’y a rien à faire.",
    Statut.RENOUVELEE: "Ce renouvellement a déjà été validé.",
}


def refus(mesure: Mesure, lecteur=None) -> str:
    """Why an act is refused now: what happened meanwhile, by whom and when, as far as the journal tells. To `lecteur`,
    what they did themself is « Vous avez… ».
    """
    if mesure.statut == Statut.ETEINTE and isinstance(mesure.date_fin, date):
        return f"Ce mandat est déjà terminé depuis le {date_longue(mesure.date_fin)}."
    menant_ici = [a for a, (_, arrivee) in TRANSITIONS.items() if arrivee == mesure.statut]
    trace = dernier(mesure, *menant_ici)
    phrase = _PHRASES.get(trace.acte.removeprefix("mesure.")) if trace else None
    if phrase is None:
        return _ETATS[Statut(mesure.statut)]
    qui = auteur(trace, lecteur, tribunal=mesure.tribunal)
    if qui == "vous":
        phrase = phrase.replace("{qui} a ", "Vous avez ", 1)
    return phrase.format(qui=qui[:1].upper() + qui[1:], quand=instant(trace.le))
