"""« Télécharger mes données » (RGPD, art. 15 and 20): all that is held on one person, in one workbook, and nobody else.

Of a service, what the person did and their own account: its mesures are not theirs. Observations of a court are read by
that court alone (domain.md §1): the note of the first sheet says whom to ask.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from emjpm.commun.admin import sans_lien_secret
from emjpm.commun.journal import noter
from emjpm.commun.models import Courriel, Evenement
from emjpm.commun.tableur import Feuille, reponse_xlsx
from emjpm.commun.templatetags.emjpm import date_courte
from emjpm.comptes.models import Utilisateur
from emjpm.comptes.sessions import appareil
from emjpm.inscriptions.models import DemandeInscription, EtablissementDeclare
from mandataires.models import DemandeTribunal, Habilitation, Lieu, Mandataire, Membre
from mesures.models import Evolution, ImportMesures, Mesure

_COMPTE = (
    "email civilite prenom nom role statut statut_le motif_statut is_active partage_courriel avis_fin_mandat "
    "avis_mise_a_jour avis_attente fermeture_demandee_le last_login date_joined modifie_le"
).split()
_DEMANDE = (
    "cree_le role etat motif_refus decide_le siret telephone telephone_portable adresse complement code_postal commune "
    "capacite service nom_service tribunal cabinet niveau region departement tribunaux"
).split()
_MANDATAIRE = (
    "categorie nom siret telephone telephone_portable courriel partage_courriel capacite pause_debut pause_fin "
    "pause_motif secteur preferences tendance retire_le rappele_le verifie_le actualise_le cree_le"
).split()
_LIEU = (
    "nom principal adresse complement code_postal commune latitude longitude precision affichage adresse_affichee "
    "finess telephone courriel capacite"
).split()
# Not who reserved it: the court is enough.
_MESURE = (
    "numero_rg numero_dossier tribunal cabinet statut nature champ date_jugement civilite annee_naissance lieu_vie "
    "type_etablissement code_postal commune ville pays prestations ressources_annee ressources_niveau lieu urgence "
    "date_previsionnelle message reserve_le renouvelle rappel_15_le rappel_30_le valide_le date_fin motif_fin clos_le "
    "motif_declin precision_cloture cree_le modifie_le"
).split()
_EVOLUTION = "mesure genre date jusqu_au changements cree_le".split()
_ETABLISSEMENT = "nom finess code_postal commune".split()
_DEMANDE_TRIBUNAL = "tribunal le traitee_le acceptee motif".split()
_IMPORT = "le nombre annule_le retirees gardees restes".split()


def _titre(modele: type[models.Model] | models.Model, champ: str) -> str:
    nom = str(modele._meta.get_field(champ).verbose_name)
    return nom[:1].upper() + nom[1:]


def _valeur(objet: models.Model, champ: str) -> Any:
    """What a person reads of a field: its label, the name of what it points to, a list in words."""
    if objet._meta.get_field(champ).many_to_many:
        return ", ".join(map(str, getattr(objet, champ).all()))
    affichage = getattr(objet, f"get_{champ}_display", None)
    valeur = affichage() if affichage else getattr(objet, champ)
    if isinstance(valeur, models.Model):
        return str(valeur)
    if isinstance(valeur, list):
        return ", ".join(map(str, valeur))
    if isinstance(valeur, dict):
        return ", ".join(valeur)
    return valeur


def _fiche(titre: str, objet: models.Model | None, champs: list[str], autres: Iterable = ()) -> Feuille:
    """One object, a line a field."""
    lignes = [(_titre(objet, c), _valeur(objet, c)) for c in champs] if objet else []
    return Feuille(titre, ("Information", "Valeur"), [*lignes, *autres], largeurs=(40, 60))


def _liste(titre: str, modele: type[models.Model], champs: list[str], objets: models.QuerySet) -> Feuille:
    """One line an object, read as they are written."""
    lignes = ([_valeur(o, c) for c in champs] for o in objets.iterator(chunk_size=1000))
    return Feuille(titre, [_titre(modele, c) for c in champs], lignes)


def feuilles(utilisateur: Utilisateur) -> Iterator[Feuille]:
    """The sheets, the account first. A constant number of queries per thousand rows."""
    facteurs = [("Double authentification", a.get_type_display()) for a in utilisateur.authenticator_set.all()]
    compte = _fiche("Compte", utilisateur, _COMPTE, [*_rattachements(utilisateur), *facteurs])
    compte.notes = (
        f"e-MJPM, données de {utilisateur} au {date_courte(timezone.localdate())}.",
        "Les observations qu’un tribunal écrit sur un mandataire ne sont lues que de lui : "
        "pour y accéder, ou à une note de l’équipe sur votre demande, écrivez à l’équipe, « Aide et contact ».",
    )
    yield compte
    demandes = DemandeInscription.objects.filter(utilisateur=utilisateur)
    relations = ("commune", "service", "tribunal", "region", "departement")
    demandes = demandes.select_related(*relations).prefetch_related("tribunaux")
    yield _liste("Demandes d’inscription", DemandeInscription, _DEMANDE, demandes)
    declares = EtablissementDeclare.objects.filter(demande__utilisateur=utilisateur).select_related("commune")
    yield _liste("Établissements déclarés", EtablissementDeclare, _ETABLISSEMENT, declares)
    mandataire = _le_sien(utilisateur)
    if mandataire is not None:
        yield from _du_mandataire(mandataire)
    yield _actes(utilisateur)
    lues = utilisateur.consultations.values_list("jour", "mesure")
    yield Feuille("Mesures consultées", ("Le", "Identifiant"), lues.iterator(chunk_size=1000))
    yield _courriels(utilisateur)
    ouvertes = UserSession.objects.filter(user=utilisateur).order_by("-created_at")
    sessions = [(s.created_at, appareil(s.user_agent), s.user_agent, s.ip) for s in ouvertes]
    yield Feuille("Sessions", ("Ouverte le", "Appareil", "Navigateur", "Adresse IP"), sessions)


def _rattachements(utilisateur: Utilisateur) -> Iterator[tuple[str, Any]]:
    """Where one works."""
    membre = Membre.objects.select_related("mandataire", "lieu").filter(utilisateur=utilisateur).first()
    if membre is not None:
        yield ("Service" if membre.mandataire.est_service else "Mandataire", membre.mandataire.nom)
        yield ("Administrateur", membre.administrateur)
        yield ("Limité à l’antenne", str(membre.lieu or ""))
    if tribunal := getattr(utilisateur, "membre_tribunal", None):
        yield ("Tribunal", str(tribunal.tribunal))
        yield ("Cabinet", tribunal.cabinet)
    if perimetre := getattr(utilisateur, "perimetre", None):
        yield ("Territoire", str(perimetre))


def _le_sien(utilisateur: Utilisateur) -> Mandataire | None:
    """The mandataire who is this person: not the service they work for."""
    membre = Membre.objects.select_related("mandataire").filter(utilisateur=utilisateur).first()
    return membre.mandataire if membre and not membre.mandataire.est_service else None


def _du_mandataire(mandataire: Mandataire) -> Iterator[Feuille]:
    atouts = [("Langue ou compétence", str(a)) for a in mandataire.atouts.all()]
    capacites = [("Capacité par département", str(c)) for c in mandataire.capacites.select_related("departement")]
    yield _fiche("Profil", mandataire, _MANDATAIRE, [*atouts, *capacites])
    yield _liste("Lieux d’exercice", Lieu, _LIEU, mandataire.lieux.select_related("commune"))
    habilitations = mandataire.habilitations.select_related("tribunal")
    yield _liste("Tribunaux", Habilitation, ["tribunal", "depuis"], habilitations)
    demandes = mandataire.demandes_tribunaux.select_related("tribunal")
    yield _liste("Tribunaux demandés", DemandeTribunal, _DEMANDE_TRIBUNAL, demandes)
    yield _liste("Imports", ImportMesures, _IMPORT, mandataire.imports.order_by("pk"))
    mesures = mandataire.mesures.select_related("tribunal", "commune", "lieu__commune", "renouvelle").order_by("pk")
    yield _liste("Mesures", Mesure, _MESURE, mesures)
    evolutions = Evolution.objects.filter(mesure__mandataire=mandataire).select_related("mesure").order_by("pk")
    yield _liste("Évolutions", Evolution, _EVOLUTION, evolutions)


def _actes(utilisateur: Utilisateur) -> Feuille:
    """What they did: the fields that changed, not their values, which may be somebody else's."""
    actes = Evenement.objects.filter(par=utilisateur).order_by("-le", "-pk")
    lignes = (
        (e.le, e.acte, e.objet_type, e.objet_id, ", ".join(e.changements)) for e in actes.iterator(chunk_size=1000)
    )
    return Feuille("Journal de vos actes", ("Le", "Acte", "Sur", "Identifiant", "Champs"), lignes)


def _courriels(utilisateur: Utilisateur) -> Feuille:
    """What was written to them these 30 days, without the keys of its links: a workbook is passed around."""
    recus = Courriel.objects.filter(destinataire__iexact=utilisateur.email).order_by("-cree_le", "-pk")
    lignes = ((c.cree_le, c.envoye_le, c.sujet, sans_lien_secret(c.texte)) for c in recus.iterator(chunk_size=1000))
    return Feuille("Courriels reçus", ("Écrit le", "Envoyé le", "Objet", "Texte"), lignes, largeurs=(18, 18, 60, 80))


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def mes_donnees(request: HttpRequest) -> HttpResponse:
    """The page says what the file holds; the POST gives it, and the journal keeps that it was given."""
    if request.method != "POST":
        return render(request, "account/mes_donnees.html", {"mandataire": _le_sien(request.user)})
    with transaction.atomic():
        noter(par=request.user, acte="compte.telecharger_donnees", objet=request.user)
    return reponse_xlsx("mes-donnees-e-mjpm", feuilles(request.user))
