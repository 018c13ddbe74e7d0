"""The forms of « Mes informations »."""

from .capacites import CapacitesForm
from .lieux import LieuForm
from .membres import InvitationForm, MembreForm
from .profil import CapaciteForm, PratiqueForm, ProfilForm

__all__ = ["CapaciteForm", "CapacitesForm", "InvitationForm", "LieuForm", "MembreForm", "PratiqueForm", "ProfilForm"]
