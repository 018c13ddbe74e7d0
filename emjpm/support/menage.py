"""What is kept, and for how long (docs/exploitation.md). Each rule deletes what is past its time and says how many."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Utilisateur
from emjpm.comptes.services import EFFACEE, OUBLIABLES, oublier
from mandataires.models import Invitation, Lieu, Mandataire
from mandataires.services import situer_lieu
from mesures.import_excel.services import oublier_restes
from mesures.models import Consultation, Mesure
from mesures.views.tableau_de_bord import AUCUNE_MESURE, ETAPES_PASSEES

JOURNAL = timedelta(days=365)
COURRIELS = timedelta(days=30)
COMPTES_FERMES = timedelta(days=365)
INVITATIONS = timedelta(days=90)
PREMIERS_PAS = (AUCUNE_MESURE, ETAPES_PASSEES)
"""Lines of journal that are a state too: what somebody dismissed does not come back a year later."""


def sessions_finies() -> int:
    """Sessions past their end, and where they were opened from (IP, browser): kept no longer than they are."""
    finies = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return finies


def comptes_fermes() -> int:
    """Accounts closed, or refused, 12 months ago: who held them is erased. The mesures and their story stay."""
    limite = timezone.now() - COMPTES_FERMES
    vieux = Utilisateur.objects.filter(statut__in=OUBLIABLES, statut_le__lt=limite)
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
    vide |= {"adresse": "", "complement": "", "adresse_affichee": "", "affichage": Lieu.Affichage.COMMUNE}
    for lieu in Lieu.objects.filter(mandataire=membre.mandataire_id).select_related("commune"):
        for champ, valeur in vide.items():
            setattr(lieu, champ, valeur)
        situer_lieu(lieu)  # the point of a street is the street
        lieu.save()


def invitations_finies() -> int:
    """Invitations used, cancelled or expired 90 days ago: the address of somebody who may never have come."""
    limite = timezone.now() - INVITATIONS
    return Invitation.objects.filter(expire_le__lt=limite).delete()[0]


def courriels_partis() -> int:
    """Mails sent, or given up, more than 30 days ago: their text is no longer needed."""
    limite = timezone.now() - COURRIELS
    partis = Courriel.objects.filter(envoye_le__lt=limite) | Courriel.objects.filter(abandonne_le__lt=limite)
    return partis.delete()[0]


def journal_ancien() -> int:
    """Lines of more than 12 months, except those that tell the story of a mesure that is still here."""
    vieux = Evenement.objects.filter(le__lt=timezone.now() - JOURNAL)
    return vieux.exclude(objet_type=Mesure._meta.label_lower).exclude(acte__in=PREMIERS_PAS).delete()[0]


def consultations_anciennes() -> int:
    """Who read a mesure more than 12 months ago."""
    limite = timezone.localdate() - JOURNAL
    return Consultation.objects.filter(jour__lt=limite).delete()[0]


REGLES = {
    "sessions finies": sessions_finies,
    "courriels partis depuis 30 jours": courriels_partis,
    "lignes de journal de plus de 12 mois": journal_ancien,
    "consultations de plus de 12 mois": consultations_anciennes,
    "comptes fermés ou refusés depuis 12 mois, personne effacée": comptes_fermes,
    "invitations finies depuis 90 jours": invitations_finies,
    "aperçus d’import périmés et lignes laissées de côté": oublier_restes,
}
