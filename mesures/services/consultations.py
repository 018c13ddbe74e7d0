"""Reading a mesure leaves a trace: who, which one, which day (docs/adr/0015-consultations.md)."""

from emjpm.comptes.models import Utilisateur
from mesures.models import Consultation, Mesure


def noter(*, par: Utilisateur, mesure: Mesure) -> None:
    """One line a day and a person; one query, which writes nothing when the line is there."""
    Consultation.objects.bulk_create([Consultation(mesure=mesure.pk, utilisateur=par)], ignore_conflicts=True)
