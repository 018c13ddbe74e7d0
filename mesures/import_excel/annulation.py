"""The team cancels an import: what nobody touched since goes away, the rest stays, and it can be done again."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from emjpm.commun import courriels, journal
from emjpm.commun.models import Evenement
from emjpm.commun.templatetags.emjpm import date_longue, nombre
from emjpm.comptes.models import Utilisateur
from mandataires.models import Mandataire
from mesures.enums import Statut
from mesures.models import ImportMesures, Mesure
from mesures.services.commun import ActeImpossible, verrouiller

from .services import adresses_des_membres

IMPORTER = "mesure.importer"
"""The line of journal an import leaves on each mesure; any other one means that somebody touched it."""
PAQUET = 1_000

# Every act on a mesure bumps its version (services.commun.enregistrer) or leaves a line of journal (`classer`); both
# are looked at, so that an act written tomorrow with only one of them still saves the mesure from deletion.
_AUTRE_ACTE = Exists(
    Evenement.objects.filter(
        objet_type=Mesure._meta.label_lower, objet_id=Cast(OuterRef("pk"), CharField(max_length=40))
    ).exclude(acte=IMPORTER)
)
# A court asked to renew it: somebody relies on it.
_A_RENOUVELER = Exists(Mesure.objects.en_attente().filter(renouvelle=OuterRef("pk")))
_INTACTE = Q(statut=Statut.EN_COURS, version=1) & ~_AUTRE_ACTE & ~_A_RENOUVELER


@dataclass(frozen=True)
class Annulation:
    """What a cancellation does, or would do."""

    retirees: int
    gardees: list[Mesure]
    """Touched since the import, with their court; oldest first."""


def prevoir(import_: ImportMesures) -> Annulation:
    """What `annuler` would do now: two queries, whatever the number of mesures."""
    return Annulation(_intactes(import_).count(), list(_touchees(import_)))


def gardees(import_: ImportMesures) -> QuerySet[Mesure]:
    """The mesures of a cancelled import that are still there."""
    return import_.mesures.select_related("tribunal").order_by("pk")


def dernier_annule(mandataire: Mandataire) -> ImportMesures | None:
    """The last import cancelled by the team, as long as it was not done again."""
    dernier = (
        ImportMesures.objects.filter(mandataire=mandataire).order_by(F("annule_le").desc(nulls_first=True)).first()
    )
    return dernier if dernier and dernier.annule_le else None


@transaction.atomic
def annuler(*, import_: ImportMesures, par: Utilisateur) -> Annulation:
    """Delete the mesures of an import nobody touched since; the others stay as they are.

    ActeImpossible when it is cancelled already. The lock of the mandataire is that of every act on their mesures:
    one is either touched before, and kept, or looked for after, and gone. Their freshness does not move: the
    mandataire did nothing.
    """
    mandataire = verrouiller(import_.mandataire_id)
    import_ = ImportMesures.objects.select_related("annule_par").get(pk=import_.pk)
    if import_.annule_le:
        raise ActeImpossible(deja_annule(import_))
    effet = Annulation(_retirer(import_, par), list(gardees(import_)))
    import_.annule_le, import_.annule_par = timezone.now(), par
    import_.retirees, import_.gardees, import_.restes = effet.retirees, len(effet.gardees), []
    import_.save(update_fields=["annule_le", "annule_par", "retirees", "gardees", "restes"])
    journal.noter(
        par=par,
        acte="import.annuler",
        objet=import_,
        changements={"retirees": [None, import_.retirees], "gardees": [None, import_.gardees]},
    )
    courriels.deposer("import_annule", adresses_des_membres(mandataire), {"import": import_, "mandataire": mandataire})
    return effet


def deja_annule(import_: ImportMesures) -> str:
    """What to say to the second of two people of the team: who did it, when, with what effect."""
    le = timezone.localtime(import_.annule_le)
    par = f" par {import_.annule_par}" if import_.annule_par else ""
    effet = ""
    if import_.retirees is not None:
        retirees, conservees = import_.retirees, import_.gardees or 0
        effet = (
            f" : {nombre(retirees)} mesure{_s(retirees)} retirée{_s(retirees)}, "
            f"{nombre(conservees)} gardée{_s(conservees)}"
        )
    return f"Cet import a déjà été annulé{par}, le {date_longue(le)} à {le.hour}\u00a0h\u00a0{le:%M}{effet}."


def _s(combien: int) -> str:
    return "s" if combien > 1 else ""


def _intactes(import_: ImportMesures) -> QuerySet[Mesure]:
    return import_.mesures.filter(_INTACTE).order_by("pk")


def _touchees(import_: ImportMesures) -> QuerySet[Mesure]:
    return gardees(import_).exclude(_INTACTE)


def _retirer(import_: ImportMesures, par: Utilisateur) -> int:
    """Delete the untouched ones, a thousand at a time, with a line of journal each: the number, the court, no more.

    The facts are not copied there, unlike `mesure.supprimer`: the mandataire's file holds them, and comes back.
    """
    perdues = list(_intactes(import_).only("pk", "numero_rg", "tribunal_id", "importee_par_id"))
    for debut in range(0, len(perdues), PAQUET):
        paquet = perdues[debut : debut + PAQUET]
        Evenement.objects.bulk_create(
            journal.evenement(
                par=par,
                acte="mesure.retirer",
                objet=mesure,
                changements={
                    "import": [import_.pk, None],
                    "numero_rg": [mesure.numero_rg, None],
                    "tribunal": [mesure.tribunal_id, None],
                },
            )
            for mesure in paquet
        )
        Mesure.objects.filter(pk__in=[mesure.pk for mesure in paquet]).delete()
    return len(perdues)
