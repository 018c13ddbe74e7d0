"""Is it still true? One friendly mail a month to a mandataire who changed nothing for 30 days, and its one-click link.

The link acts without a sign-in, on a POST only: mail gateways open links before people do (needs.md 8). It is signed,
tied to one person and one mandataire, serves once, 45 days, and only while that person may say so from their account.
Days are civil days of France (mesures.delais), as on the pages.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.courriels import deposer
from emjpm.comptes.liens import desabonnement
from emjpm.comptes.models import Utilisateur
from mandataires.models import Mandataire, Membre
from mandataires.querysets import MandataireQuerySet
from mandataires.services import confirmer_a_jour
from mesures.delais import attend_depuis
from mesures.disponibilite import disponibilite_de, renouvellements_en_attente

from .commun import verrouiller

SANS_NOUVELLE = 30
"""Days without an update after which the reminder is due; also the least between two of them."""
PAUSE_SANS_FIN = 90
"""The same two for a pause without an end: somebody who is ill is not written to each month."""
FIN_DE_PAUSE = 5
"""A pause that has an end silences the reminder until so many days before it."""
VALIDITE = timedelta(days=45)
_SEL = "mesures.fraicheur"
AVIS = "avis_mise_a_jour"


# --- Who is due --------------------------------------------------------------------------------------


def dus(maintenant: datetime | None = None) -> QuerySet[Mandataire]:
    """The mandataires whose reminder is due: visible to the courts, quiet for 30 days, not reminded meanwhile.

    Never updated: counted from the verification, else from the creation. Somebody at least must want the mail.
    """
    jour = timezone.localdate(maintenant)
    voulu = Membre.objects.filter(
        mandataire=OuterRef("pk"),
        utilisateur__statut=Utilisateur.Statut.VALIDE,
        utilisateur__is_active=True,
        **{f"utilisateur__{AVIS}": True},
    )
    en_pause = MandataireQuerySet.en_pause_q(jour)
    # Written out: NOT over columns that may be NULL is neither true nor false.
    actif = Q(pause_debut=None) | Q(pause_debut__gt=jour) | Q(pause_fin__lt=jour)
    finit = en_pause & Q(pause_fin__lte=jour + timedelta(days=FIN_DE_PAUSE))
    longue = en_pause & Q(pause_fin=None) & _silence(PAUSE_SANS_FIN, maintenant)
    return (
        Mandataire.objects.visibles()
        .annotate(dite_le=Coalesce("actualise_le", "verifie_le", "cree_le"))
        .filter(Exists(voulu), _silence(SANS_NOUVELLE, maintenant), actif | finit | longue)
    )


def _silence(jours: int, maintenant: datetime | None) -> Q:
    """Neither an update nor a reminder for so many days."""
    limite = attend_depuis(jours, maintenant)
    return Q(dite_le__lt=limite) & (Q(rappele_le=None) | Q(rappele_le__lt=limite))


def mandataires_a_rappeler() -> list[int]:
    return list(dus().order_by("pk").values_list("pk", flat=True))


def responsables(mandataire: Mandataire) -> list[Utilisateur]:
    """Who may say that all is up to date: the person; of a service its administrators, else every member."""
    ouverts = (
        Utilisateur.objects.filter(membre__mandataire=mandataire, statut=Utilisateur.Statut.VALIDE, is_active=True)
        .select_related("membre")
        .order_by("pk")
    )
    gens = list(ouverts)
    if mandataire.est_service:
        return [u for u in gens if u.membre.administrateur] or gens
    return gens


# --- The mail ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rappel:
    """What one mandataire was sent."""

    mandataire: Mandataire
    courriels: int


@transaction.atomic
def rappeler(*, mandataire_pk: int, simuler: bool = False) -> Rappel | None:
    """Remind one mandataire, if it is still due; None when it is not, or when nobody wants the mail.

    Under the lock of the acts: two runs at once send each mail once, an update made meanwhile is enough. The freshness
    does not move: the mandataire did nothing. `simuler` undoes what it did.
    """
    mandataire = verrouiller(mandataire_pk)
    if not dus().filter(pk=mandataire_pk).exists():
        return None
    gens = [u for u in responsables(mandataire) if getattr(u, AVIS)]
    if not gens:
        return None
    contexte = _contexte(mandataire)
    maintenant = timezone.now()
    courriels = 0
    for personne in gens:
        contexte |= {"lien": lien(mandataire, personne, maintenant)}
        courriels += deposer("a_jour", personne.email, contexte, desabonnement=desabonnement(personne, AVIS))
    Mandataire.objects.filter(pk=mandataire.pk).update(rappele_le=maintenant)
    journal.noter(par=None, acte="mandataire.rappeler", objet=mandataire, changements={"courriels": courriels})
    if simuler:
        transaction.set_rollback(True)
    return Rappel(mandataire, courriels)


def _contexte(mandataire: Mandataire) -> dict:
    return {
        "mandataire": mandataire,
        "dispo": disponibilite_de(mandataire),
        "depuis": mandataire.actualise_le or mandataire.verifie_le or mandataire.cree_le,
        "jamais": mandataire.actualise_le is None and mandataire.verifie_le is None,
        "attendent": mandataire.mesures.en_attente().count(),
        "renouvellements": renouvellements_en_attente(mandataire),
        "validite": VALIDITE.days,
    }


# --- Its link ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lien:
    """A link that may act: whose, on what, and since when it exists."""

    mandataire: Mandataire
    personne: Utilisateur
    emis_le: datetime

    @property
    def confirme_le(self) -> datetime | None:
        """When all was said up to date since this link was written, by it or otherwise: it has no use any more."""
        verifie = self.mandataire.verifie_le
        return verifie if verifie and verifie > self.emis_le else None


def lien(mandataire: Mandataire, personne: Utilisateur, emis_le: datetime) -> str:
    # Microseconds: an instant of the database, compared with others of the database.
    jeton = signing.dumps([mandataire.pk, personne.pk, round(emis_le.timestamp() * 1_000_000)], salt=_SEL)
    return f"{settings.URL_SITE}{reverse('tout_est_a_jour', args=[jeton])}"


def lire(jeton: str) -> Lien | None:
    """What a link may do now. None: forged, expired, its person or its mandataire left."""
    try:
        pk, personne_pk, emis = signing.loads(jeton, salt=_SEL, max_age=VALIDITE)
        emis_le = datetime.fromtimestamp(emis / 1_000_000, UTC)
    except (signing.BadSignature, TypeError, ValueError, OverflowError):
        return None
    mandataire = Mandataire.objects.filter(pk=pk, retire_le=None).first()
    if mandataire is None:
        return None
    personne = next((u for u in responsables(mandataire) if u.pk == personne_pk), None)
    return Lien(mandataire, personne, emis_le) if personne else None


@transaction.atomic
def confirmer(jeton: str) -> Lien | None:
    """« Tout est à jour », by the link. Once: again, or after another confirmation, nothing is written."""
    trouve = lire(jeton)
    if trouve is None:
        return None
    verrouiller(trouve.mandataire.pk)
    trouve = lire(jeton)  # again, inside the lock
    if trouve is None or trouve.confirme_le:
        return trouve
    mandataire = confirmer_a_jour(mandataire=trouve.mandataire, par=trouve.personne)
    return Lien(mandataire, trouve.personne, trouve.emis_le)
