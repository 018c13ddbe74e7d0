"""The list of a court as a workbook: what its page shows, one row a mesure, never more than « Femme, 1947, Metz »."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from emjpm.commun.tableur import Feuille
from emjpm.commun.templatetags.emjpm import date_courte, nombre

from .models import Mesure
from .suivi_listes import Onglet

_TOUJOURS = ("en_attente", "en_cours", "eteintes", "closes", "renouvelees")
_RESERVATIONS = ("en_attente", "closes", "renouvelees")
_MANDATS = ("en_cours", "eteintes")


def _jour(instant) -> Any:
    return timezone.localdate(instant) if instant else None


def _qui(mesure: Mesure) -> str:
    return str(mesure.reserve_par) if mesure.reserve_par else ""


# title, width, tabs it is in, value
_COLONNES: tuple[tuple[str, int, tuple[str, ...], Callable[[Mesure], Any]], ...] = (
    ("N° RG", 16, _TOUJOURS, lambda m: m.numero_rg),
    ("État", 14, _TOUJOURS, lambda m: m.get_statut_display()),
    ("Nature", 34, _TOUJOURS, lambda m: m.get_nature_display()),
    ("Champ", 28, _TOUJOURS, lambda m: m.get_champ_display()),
    ("Cabinet", 10, _TOUJOURS, lambda m: m.cabinet),
    ("Mandataire", 32, _TOUJOURS, lambda m: m.mandataire.nom),
    ("Antenne ou établissement", 24, _TOUJOURS, lambda m: str(m.lieu) if m.lieu else ""),
    ("Civilité", 10, _TOUJOURS, lambda m: m.get_civilite_display()),
    ("Année de naissance", 12, _TOUJOURS, lambda m: m.annee_naissance),
    ("Code postal", 10, _TOUJOURS, lambda m: m.code_postal),
    ("Commune", 26, _TOUJOURS, lambda m: m.nom_commune),
    ("Urgente", 9, ("en_attente",), lambda m: m.urgence),
    ("Renouvellement", 14, ("en_attente", "closes"), lambda m: bool(m.renouvelle_id)),
    ("Réservée le", 12, _TOUJOURS, lambda m: _jour(m.reserve_le)),
    ("Réservée par", 24, _TOUJOURS, _qui),
    ("Jugement prévu le", 12, _RESERVATIONS, lambda m: m.date_previsionnelle),
    ("Premier rappel le", 12, ("en_attente",), lambda m: _jour(m.rappel_15_le)),
    ("Second rappel le", 12, ("en_attente",), lambda m: _jour(m.rappel_30_le)),
    ("Date du jugement", 12, _MANDATS, lambda m: m.date_jugement),
    ("Validée le", 12, (*_MANDATS, "renouvelees"), lambda m: _jour(m.valide_le)),
    ("Mesure renouvelée", 16, ("renouvelees",), lambda m: m.renouvelle.numero_rg if m.renouvelle else ""),
    ("Fin le", 12, ("eteintes",), lambda m: m.date_fin),
    ("Motif de fin", 30, ("eteintes",), lambda m: m.get_motif_fin_display()),
    ("Close le", 12, ("closes",), lambda m: _jour(m.clos_le)),
    ("Raison", 50, ("closes",), lambda m: m.precision_cloture or m.get_motif_declin_display()),
)


def feuille(onglet: Onglet, mesures: Iterable[Mesure], compte: int, tribunal: str, criteres: str) -> Feuille:
    """The sheet of a tab; `criteres` are the filters in words."""
    colonnes = [c for c in _COLONNES if onglet.cle in c[2]]
    lignes = ([valeur(m) for _, _, _, valeur in colonnes] for m in mesures)
    notes = [
        f"{tribunal}, {onglet.nom.lower()}{f' ({criteres})' if criteres else ''} : "
        f"{nombre(compte)} ligne{'s' if compte > 1 else ''}, le {date_courte(timezone.localdate())}"
    ]
    return Feuille(onglet.nom, [c[0] for c in colonnes], lignes, notes, [c[1] for c in colonnes])
