"""How long a reservation has waited, in civil days of France: what a page says and what a reminder does agree."""

from datetime import datetime, time, timedelta

from django.utils import timezone

PREMIER_RAPPEL = 15
SECOND_RAPPEL = 30
"""Days without an answer after which the mandataire is reminded; at the second, the court is told too. Nothing is ever
purged (domain.md §3)."""


def attend_depuis(jours: int, maintenant: datetime | None = None) -> datetime:
    """The instant before which a reservation has waited for `jours` days at least (`reserve_le__lt`).

    Reserved on 1 November, whatever the hour, it has waited for 15 days from the first minute of 16 November: the
    first midnight of 2 November is the bound.
    """
    jour = timezone.localdate(maintenant) - timedelta(days=jours - 1)
    return timezone.make_aware(datetime.combine(jour, time.min))


def jours_d_attente(reserve_le: datetime, maintenant: datetime | None = None) -> int:
    """Civil days since then."""
    return (timezone.localdate(maintenant) - timezone.localdate(reserve_le)).days
