"""What is kept, and for how long (docs/exploitation.md). Each rule deletes what is past its time and says how many."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from mesures.import_excel.services import oublier_restes
from mesures.models import Mesure

JOURNAL = timedelta(days=365)
COURRIELS = timedelta(days=30)


def sessions_finies() -> int:
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]


def courriels_partis() -> int:
    """Mails sent, or given up, more than 30 days ago: their text is no longer needed."""
    limite = timezone.now() - COURRIELS
    partis = Courriel.objects.filter(envoye_le__lt=limite) | Courriel.objects.filter(abandonne_le__lt=limite)
    return partis.delete()[0]


def journal_ancien() -> int:
    """Lines of more than 12 months, except those that tell the story of a mesure that is still here."""
    vieux = Evenement.objects.filter(le__lt=timezone.now() - JOURNAL)
    return vieux.exclude(objet_type=Mesure._meta.label_lower).delete()[0]


REGLES = {
    "sessions finies": sessions_finies,
    "courriels partis depuis 30 jours": courriels_partis,
    "lignes de journal de plus de 12 mois": journal_ancien,
    "aperçus d’import périmés et lignes laissées de côté": oublier_restes,
}
