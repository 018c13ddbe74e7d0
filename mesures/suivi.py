"""What a court follows: the mesures it reserved or that are its own, and those that demand a decision."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from tribunaux.models import Tribunal

from .enums import Statut
from .models import Mesure
from .numero_rg import forme_normale

SANS_REPONSE = timedelta(days=30)
"""A reservation unanswered for so long is flagged to the court, never purged (domain.md §3)."""
RECENT = timedelta(days=30)

ETATS: dict[str, tuple[str, tuple[Statut, ...]]] = {
    "en_attente": ("En attente", (Statut.EN_ATTENTE,)),
    "en_cours": ("En cours", (Statut.EN_COURS,)),
    "eteintes": ("Éteintes", (Statut.ETEINTE,)),
    "closes": ("Déclinées ou annulées", (Statut.DECLINEE, Statut.ANNULEE)),
}
"""Tabs: key in the address → (words, states)."""

_RELATIONS = ("mandataire", "commune", "lieu")
_TRIS = {
    "reservee": "reserve_le",
    "jugement": "date_previsionnelle",
    "date_jugement": "date_jugement",
    "fin": "date_fin",
    "clos": "clos_le",
}
_TRI_PAR_DEFAUT = {"en_attente": "reservee", "en_cours": "-date_jugement", "eteintes": "-fin", "closes": "-clos"}


def du_tribunal(tribunal: Tribunal) -> QuerySet[Mesure]:
    return Mesure.objects.filter(tribunal=tribunal)


def a_decider(tribunal_id: int) -> QuerySet[Mesure]:
    """Declined and not filed away, then unanswered for 30 days; the oldest first in each."""
    depuis = timezone.now() - SANS_REPONSE
    return Mesure.objects.filter(tribunal=tribunal_id).filter(
        Q(statut=Statut.DECLINEE, classee_le=None) | Q(statut=Statut.EN_ATTENTE, reserve_le__lte=depuis)
    )


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
        return (timezone.localdate() - timezone.localtime(self.mesure.reserve_le).date()).days

    @property
    def adresse_recherche(self) -> str:
        return adresse_recherche(self.mesure)


def decisions(tribunal: Tribunal) -> list[Decision]:
    """In the order they should be taken: declined first, then the oldest reservation."""
    mesures = a_decider(tribunal.pk).select_related(*_RELATIONS)
    rangees = sorted(mesures, key=lambda m: (m.statut != Statut.DECLINEE, m.reserve_le or m.cree_le, m.pk))
    return [Decision(m, premiere=rang == 0) for rang, m in enumerate(rangees)]


def adresse_recherche(mesure: Mesure) -> str:
    """The search, around where the person lives; the number and the nature follow into the next reservation."""
    parametres = {"rg": mesure.numero_rg, "nature": mesure.nature}
    if mesure.commune:
        parametres["lieu"] = f"{mesure.code_postal} {mesure.commune.nom}" if mesure.code_postal else str(mesure.commune)
    return f"{reverse('recherche')}?{urlencode({nom: v for nom, v in parametres.items() if v})}"


def comptes_par_etat(tribunal: Tribunal) -> dict[str, int]:
    """{tab: how many}, in one count."""
    par_statut = dict(du_tribunal(tribunal).order_by().values_list("statut").annotate(n=Count("pk")))
    return {cle: sum(par_statut.get(s, 0) for s in statuts) for cle, (_, statuts) in ETATS.items()}


COLONNES = {
    "en_attente": (("reservee", "Réservée"), ("jugement", "Jugement prévu")),
    "en_cours": (("date_jugement", "Jugement"),),
    "eteintes": (("fin", "Fin"),),
    "closes": (("clos", "Close"),),
}
VIDES = {
    "en_attente": "Aucune mesure en attente.",
    "en_cours": "Aucune mesure en cours.",
    "eteintes": "Aucune mesure éteinte.",
    "closes": "Aucune réservation déclinée ou annulée.",
}


@dataclass(frozen=True)
class Colonne:
    """A sortable column: `tri` is what its link asks, `sens` how it is sorted now (aria-sort), if it is."""

    nom: str
    tri: str
    sens: str = ""


def _tri(etat: str, demande: str) -> str:
    connus = {cle for cle, _ in COLONNES[etat]}
    return demande if demande.removeprefix("-") in connus else _TRI_PAR_DEFAUT[etat]


def colonnes(etat: str, demande: str) -> list[Colonne]:
    """The sortable columns of a tab, as they are sorted."""
    tri = _tri(etat, demande)
    rangees = []
    for cle, nom in COLONNES[etat]:
        if tri == cle:
            rangees.append(Colonne(nom, f"-{cle}", "ascending"))
        else:
            rangees.append(Colonne(nom, cle, "descending" if tri == f"-{cle}" else ""))
    return rangees


def liste(tribunal: Tribunal, etat: str, filtres: dict, tri: str = "") -> QuerySet[Mesure]:
    """The rows of a tab. `tri`: « reservee », « -jugement »…; the default is the oldest reservation first."""
    mesures = du_tribunal(tribunal).filter(statut__in=ETATS[etat][1]).select_related(*_RELATIONS)
    if filtres.get("rg"):
        saisi = filtres["rg"].strip()
        mesures = mesures.filter(Q(rg_normal__istartswith=forme_normale(saisi)) | Q(numero_rg__icontains=saisi))
    for champ in ("nature", "cabinet", "mandataire"):
        if filtres.get(champ):
            mesures = mesures.filter(**{champ: filtres[champ]})
    tri = _tri(etat, tri)
    champ = F(_TRIS[tri.removeprefix("-")])
    ordre = champ.desc(nulls_last=True) if tri.startswith("-") else champ.asc(nulls_last=True)
    return mesures.order_by(ordre, "pk")


def recentes(tribunal: Tribunal) -> list[Mesure]:
    """What the court reserved and that was validated, or ended, within 30 days; newest first, ten at most."""
    depuis = timezone.now() - RECENT
    mesures = (
        du_tribunal(tribunal)
        .filter(reserve_le__isnull=False)
        .filter(
            Q(statut=Statut.EN_COURS, valide_le__gte=depuis)
            | Q(statut=Statut.ETEINTE, date_fin__gte=timezone.localdate(depuis))
        )
        .select_related(*_RELATIONS)
        .order_by("-valide_le", "-pk")
    )
    return list(mesures[:10])


def choix_de_filtres(tribunal: Tribunal) -> tuple[list[str], list[tuple[int, str]]]:
    """(cabinets, mandataires) present in the court's mesures."""
    mesures = du_tribunal(tribunal).order_by()
    cabinets = sorted(c for c in mesures.values_list("cabinet", flat=True).distinct() if c)
    mandataires = mesures.values_list("mandataire", "mandataire__nom", "mandataire__nom_normalise").distinct()
    return cabinets, [(pk, nom) for pk, nom, _ in sorted(mandataires, key=lambda m: (m[2], m[0]))]
