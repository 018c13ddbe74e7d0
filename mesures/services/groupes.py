"""The acts of a mandataire on several mesures: each one is the act on one mesure, in its own transaction.

What can be done is done; the rest is left as it was, with why. Asked twice, nothing is done twice: a mesure that
already is as asked is told apart from those that changed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied

from mandataires.models import Lieu
from mesures import droits
from mesures.enums import Statut
from mesures.models import Mesure
from tribunaux.models import Tribunal

from . import mandat
from .commun import ActeImpossible, NumeroDejaPris, refus, sigle_et_ville

MAXIMUM = 250
"""Mesures one act may touch at once: the longest page, some seconds of work."""
PLUS_LA_VOTRE = "elle vient de passer à une antenne qui n’est pas la vôtre : elle est laissée telle quelle."
ENTRE_TEMPS = "quelqu’un vient de la modifier : elle est laissée telle quelle. Vérifiez-la, puis recommencez."


@dataclass(frozen=True)
class Refus:
    """A mesure left as it was."""

    mesure: Mesure
    pourquoi: str


@dataclass
class Bilan:
    """What became of each mesure."""

    faites: list[Mesure] = field(default_factory=list)
    deja: list[Mesure] = field(default_factory=list)
    """Those that already were as asked: nothing was written."""
    refus: list[Refus] = field(default_factory=list)


@dataclass(frozen=True)
class Fin:
    """One mandate to end."""

    mesure: Mesure
    motif: str
    date_fin: date


def eteindre(*, par, fins: Iterable[Fin]) -> Bilan:
    """End several mandates, each with its motif and its date."""
    bilan = Bilan()
    for fin in fins:
        _essayer(bilan, fin.mesure, lambda fin=fin: _eteindre(par, fin))
    return bilan


def changer_tribunal(*, par, mesures: Iterable[Mesure], tribunal: Tribunal, cabinet: str = "") -> Bilan:
    """Move mesures to another court. The cabinet of the former court is not kept: it is one of its own."""
    bilan = Bilan()
    for mesure in mesures:
        faits = {"tribunal": tribunal, "cabinet": cabinet}
        if mesure.tribunal_id == tribunal.pk and not cabinet:
            faits = {}  # it is there already: its cabinet is left alone
        _essayer(bilan, mesure, lambda m=mesure, f=faits: _modifier(par, m, f))
    return bilan


def changer_antenne(*, par, mesures: Iterable[Mesure], lieu: Lieu | None) -> Bilan:
    """Move mesures to another antenne of their service; None: to none."""
    bilan = Bilan()
    for mesure in mesures:
        _essayer(bilan, mesure, lambda m=mesure: _modifier(par, m, {"lieu": lieu}))
    return bilan


def _essayer(bilan: Bilan, mesure: Mesure, acte: Callable[[], bool]) -> None:
    """Do one; say where it ends. What it refuses touches none of the others."""
    try:
        (bilan.faites if acte() else bilan.deja).append(mesure)
    except mandat.ConflitDeVersion:
        bilan.refus.append(Refus(mesure, ENTRE_TEMPS))
    except PermissionDenied:
        bilan.refus.append(Refus(mesure, PLUS_LA_VOTRE))
    except ActeImpossible as erreur:
        phrase = str(erreur)
        bilan.refus.append(Refus(mesure, f"{phrase[:1].lower()}{phrase[1:]}"))


def _eteindre(par, fin: Fin) -> bool:
    """True when it ended now; False when the same end was already written."""
    actuelle = Mesure.objects.filter(pk=fin.mesure.pk).first()
    if actuelle and (actuelle.statut, actuelle.motif_fin, actuelle.date_fin) == (
        Statut.ETEINTE,
        fin.motif,
        fin.date_fin,
    ):
        return False
    if actuelle and not droits.peut_eteindre(par, actuelle):
        raise ActeImpossible(refus(actuelle))
    mandat.eteindre(par=par, mesure=fin.mesure, motif=fin.motif, date_fin=fin.date_fin)
    return True


def _modifier(par, mesure: Mesure, faits: dict) -> bool:
    if not droits.peut_modifier(par, mesure):
        raise ActeImpossible("Elle ne peut pas être modifiée.")
    if not faits:
        return False
    try:
        apres = mandat.modifier(par=par, mesure=mesure, version=mesure.version, faits=faits)
    except NumeroDejaPris:
        ailleurs, ici = sigle_et_ville(faits["tribunal"]), sigle_et_ville(mesure.tribunal)
        raise ActeImpossible(f"Ce numéro existe déjà au {ailleurs} : mesure laissée au {ici}.") from None
    return apres.version != mesure.version
