"""What a court follows: the mesures it reserved or that are its own, and those that demand a decision.

The tabs, their filters and their columns are in `suivi_listes`.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When, Window
from django.urls import reverse
from django.utils import timezone

from emjpm.commun.templatetags.emjpm import MOIS
from tribunaux.models import Tribunal

from .delais import SECOND_RAPPEL, attend_depuis, jours_d_attente
from .enums import Statut
from .models import Mesure

RECENT = timedelta(days=30)
DECISIONS_MONTREES = 20
RELATIONS = ("mandataire", "commune", "lieu", "renouvelle")


def du_tribunal(tribunal: Tribunal) -> QuerySet[Mesure]:
    return Mesure.objects.filter(tribunal=tribunal)


def a_decider(tribunal_id: int) -> QuerySet[Mesure]:
    """Declined and not settled, or unanswered for 30 days.

    Settled: filed away, or reserved again under the same number since (with anybody: the court took its decision),
    unless the court cancelled that one too: the person has nobody again.
    """
    reprise = (
        Mesure.objects.filter(tribunal=tribunal_id, rg_normal=OuterRef("rg_normal"), reserve_le__gt=OuterRef("clos_le"))
        .exclude(rg_normal="")
        .exclude(statut=Statut.ANNULEE)
    )
    return Mesure.objects.filter(tribunal=tribunal_id).filter(
        Q(Q(statut=Statut.DECLINEE, classee_le=None), ~Exists(reprise))
        | Q(statut=Statut.EN_ATTENTE, reserve_le__lt=attend_depuis(SECOND_RAPPEL))
    )


def jour_et_mois(quand) -> str:
    """« 4 novembre », with the year when it is another one."""
    jour = timezone.localdate(quand)
    annee = "" if jour.year == timezone.localdate().year else f" {jour.year}"
    return f"{'1er' if jour.day == 1 else jour.day} {MOIS[jour.month - 1]}{annee}"


def rappels(mesure: Mesure) -> str:
    """« Rappel envoyé le 4 novembre », « Rappels envoyés le 4 et le 19 novembre », or nothing."""
    jours = [jour_et_mois(quand) for quand in (mesure.rappel_15_le, mesure.rappel_30_le) if quand]
    if not jours:
        return ""
    if len(jours) == 1:
        return f"Rappel envoyé le {jours[0]}"
    premier, second = jours
    jour, _, suite = premier.partition(" ")
    return f"Rappels envoyés le {jour if second.endswith(f' {suite}') else premier} et le {second}"


@dataclass(frozen=True)
class Decision:
    """One line of « demandent une décision »."""

    mesure: Mesure
    premiere: bool = False

    @property
    def personne(self) -> str:
        """« homme de 67 ans, Woippy (57) »: inside a sentence."""
        courte = self.mesure.personne_courte
        courte = (courte[:1].lower() + courte[1:]).replace(", ", " de ", int(self.mesure.annee_naissance is not None))
        return ", ".join(p for p in (courte, self.mesure.nom_commune) if p)

    @property
    def declinee(self) -> bool:
        return self.mesure.statut == Statut.DECLINEE

    @property
    def jours(self) -> int:
        return jours_d_attente(self.mesure.reserve_le)

    @property
    def rappels(self) -> str:
        return rappels(self.mesure)

    @property
    def adresse_recherche(self) -> str:
        return adresse_recherche(self.mesure)


def decisions(tribunal: Tribunal) -> tuple[list[Decision], int]:
    """(the first ones in the order they should be taken, how many there are): declined first, then the oldest."""
    declinees_d_abord = Case(When(statut=Statut.DECLINEE, then=Value(0)), default=Value(1))
    premieres = (
        a_decider(tribunal.pk)
        .select_related(*RELATIONS)
        .annotate(en_tout=Window(Count("*")))
        .order_by(declinees_d_abord, "reserve_le", "pk")
    )
    mesures = list(premieres[:DECISIONS_MONTREES])
    return [Decision(m, premiere=rang == 0) for rang, m in enumerate(mesures)], mesures[0].en_tout if mesures else 0


def adresse_recherche(mesure: Mesure) -> str:
    """The search, around where the person lives; the number and the nature follow into the next reservation."""
    parametres = {"rg": mesure.numero_rg, "nature": mesure.nature}
    if mesure.commune:
        parametres["lieu"] = f"{mesure.code_postal} {mesure.commune.nom}" if mesure.code_postal else str(mesure.commune)
    return f"{reverse('recherche')}?{urlencode({nom: v for nom, v in parametres.items() if v})}"


def recentes(tribunal: Tribunal) -> list[Mesure]:
    """What the court reserved and that was validated, or ended, within 30 days; the latest act first, ten at most."""
    depuis = timezone.now() - RECENT
    reservees = du_tribunal(tribunal).filter(reserve_le__isnull=False).select_related(*RELATIONS)
    validees = reservees.filter(statut__in=[Statut.EN_COURS, Statut.RENOUVELEE], valide_le__gte=depuis)
    finies = reservees.filter(statut=Statut.ETEINTE, date_fin__gte=timezone.localdate(depuis))
    # Two readings rather than one « or »: each has its index.
    lues = [(timezone.localdate(m.valide_le), m) for m in validees.order_by("-valide_le", "-pk")[:10]]
    lues += [(m.date_fin, m) for m in finies.order_by("-date_fin", "-pk")[:10]]
    return [m for _, m in sorted(lues, key=lambda lue: (lue[0], lue[1].pk), reverse=True)[:10]]


def reprises(mesures: list[Mesure]) -> dict[int, Mesure]:
    """{pk of a closed reservation: the latest one made under its number at its court since}, in one query."""
    closes = [m for m in mesures if m.rg_normal and m.clos_le]
    if not closes:
        return {}
    suivantes: dict[str, list[Mesure]] = {}
    trouvees = (
        Mesure.objects.filter(tribunal=closes[0].tribunal_id, rg_normal__in={m.rg_normal for m in closes})
        .filter(reserve_le__isnull=False)
        .select_related("mandataire")
        .order_by("reserve_le", "pk")
    )
    for mesure in trouvees:
        suivantes.setdefault(mesure.rg_normal, []).append(mesure)
    resultat = {}
    for close in closes:
        apres = [m for m in suivantes.get(close.rg_normal, ()) if m.reserve_le > close.clos_le]
        if apres:
            resultat[close.pk] = apres[-1]
    return resultat
