"""What is kept, and for how long (docs/exploitation.md). Each rule deletes what is past its time and says how many."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Utilisateur
from emjpm.comptes.services import EFFACEE, oublier
from mandataires.models import Lieu, Mandataire
from mesures.import_excel.services import oublier_restes
from mesures.models import Mesure

JOURNAL = timedelta(days=365)
COURRIELS = timedelta(days=30)
COMPTES_FERMES = timedelta(days=365)


def sessions_finies() -> int:
    """Sessions past their end, and where they were opened from (IP, browser): kept no longer than they are."""
    finies = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return finies


def comptes_fermes() -> int:
    """Accounts closed 12 months ago: who held them is erased. The mesures and their story stay."""
    limite = timezone.now() - COMPTES_FERMES
    vieux = Utilisateur.objects.filter(statut=Utilisateur.Statut.FERME, statut_le__lt=limite)
    oublies = 0
    for utilisateur in vieux.exclude(email__endswith=EFFACEE):
        with transaction.atomic():
            utilisateur.demandes.all().delete()
            _oublier_le_mandataire(getattr(utilisateur, "membre", None))
            oublier(utilisateur)
        oublies += 1
    return oublies


def _oublier_le_mandataire(membre) -> None:
    """The ways to reach somebody who retired; the name stays, for the courts whose mesures they followed."""
    if membre is None or membre.mandataire.est_service or membre.mandataire.retire_le is None:
        return
    vide = {"telephone": "", "courriel": ""}
    Mandataire.objects.filter(pk=membre.mandataire_id).update(**vide, telephone_portable="", siret="")
    Lieu.objects.filter(mandataire=membre.mandataire_id).update(
        **vide, adresse="", complement="", adresse_affichee="", affichage=Lieu.Affichage.COMMUNE
    )


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
    "comptes fermés depuis 12 mois, personne effacée": comptes_fermes,
    "aperçus d’import périmés et lignes laissées de côté": oublier_restes,
}
