"""Who takes the measures: one table for the three categories, their places of practice, their courts, their people."""

from .demandes import CapaciteDepartement, DemandeTribunal, Invitation
from .mandataire import CAPACITE_MAX, Habilitation, Lieu, Mandataire, Membre
from .pratique import Atout, Observation

__all__ = [
    "CAPACITE_MAX",
    "Atout",
    "CapaciteDepartement",
    "DemandeTribunal",
    "Habilitation",
    "Invitation",
    "Lieu",
    "Mandataire",
    "Membre",
    "Observation",
]
