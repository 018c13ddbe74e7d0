"""The home of a mandataire: what waits, how many more they can take, what they follow."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from emjpm.commun.templatetags.emjpm import jours_depuis, nombre
from emjpm.comptes.droits import pour_mandataires
from mandataires.droits import membre_de, peut_modifier_profil
from mandataires.forms import CapaciteForm
from mandataires.manques import manques as manques_du_profil
from mandataires.models import CAPACITE_MAX, Lieu, Mandataire
from mesures.activite import Activite, activite_de, douze_mois
from mesures.disponibilite import disponibilite_de
from mesures.droits import peut_importer
from mesures.models import ApercuImport, Mesure

from .listes import avec_attente, reservees
from .outils import le_mandataire, lire_et_ecrire

AUCUNE_MESURE = "mandataire.aucune_mesure"
"""The journal's act for « Je n’en ai aucune »: what closes the third step of the first login."""
ETAPES_PASSEES = "mandataire.passer_etapes"
"""The journal's act for « Ne plus afficher ces étapes »."""
EN_ROUTE = "premiers_pas"
"""The cookie of whoever was shown the three steps: the first page without any says, once, that all is ready."""
A_CONFIRMER = 30
"""Days after which the freshness gains a badge."""
VISIBLES = 5


@dataclass(frozen=True)
class Etapes:
    """The three steps of the first login."""

    verifie: bool
    capacite: bool
    liste: bool
    restantes: int = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "restantes", 3 - self.verifie - self.capacite - self.liste)

    @property
    def courante(self) -> str:
        """The first step still to do."""
        return next((nom for nom in ("verifie", "capacite", "liste") if not getattr(self, nom)), "")

    @property
    def phrase(self) -> str:
        mots = {1: "Encore une étape", 2: "Encore deux étapes", 3: "Encore trois étapes"}
        return mots.get(self.restantes, "")


def _etapes(mandataire: Mandataire, activite: Activite) -> Etapes:
    """Read without a query as soon as one mesure goes on."""
    liste = (
        bool(activite.tous)
        or Mesure.objects.filter(mandataire=mandataire).exists()
        or _a_note(mandataire, AUCUNE_MESURE)
    )
    return Etapes(mandataire.verifie_le is not None, mandataire.capacite is not None, liste)


@lire_et_ecrire
@pour_mandataires
def tableau_de_bord(request: HttpRequest) -> HttpResponse:
    mandataire = le_mandataire(request)
    if request.method == "POST":
        return _passer(request, mandataire) if "passer" in request.POST else _aucune_mesure(request, mandataire)
    return afficher(request, mandataire, CapaciteForm(initial={"capacite": mandataire.capacite}))


def afficher(request: HttpRequest, mandataire: Mandataire, form: CapaciteForm) -> HttpResponse:
    """The page, with its one-field form: as recorded, or as refused (views.profil), what was typed kept."""
    membre = membre_de(request.user, mandataire)
    activite = activite_de(mandataire, membre.lieu_id if membre else None)
    etapes = _etapes(mandataire, activite)
    contexte = {
        "mandataire": mandataire,
        "form": form,
        "dispo": disponibilite_de(mandataire),
        "renouvellements": activite.renouvellements,
        "etapes": etapes,
        "attente": [avec_attente(m) for m in reservees(request.user)[:VISIBLES]] if activite.en_attente else [],
        "attente_total": activite.en_attente,
        "capacite_max": CAPACITE_MAX,
        "lieu": mandataire.lieux.select_related("commune").first(),
        "antenne": membre.lieu if membre else None,
        "modifie_profil": peut_modifier_profil(request.user, mandataire),
        # Asked only where it is offered: to whoever has no mesure yet.
        "importer": not activite.en_cours and peut_importer(request.user, mandataire),
    }
    if etapes.restantes and not _a_note(mandataire, ETAPES_PASSEES):
        reponse = render(request, "mesures/premiere_connexion.html", contexte)
        options = {"httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
        reponse.set_cookie(EN_ROUTE, mandataire.pk, **options)
        return reponse
    pret = not etapes.restantes and request.COOKIES.get(EN_ROUTE) == str(mandataire.pk)
    if pret:  # whichever step was the last, and wherever it was done
        disponible = nombre(contexte["dispo"].valeur)
        messages.success(request, f"Tout est prêt. Les tribunaux voient votre disponibilité : {disponible}.")
    mois, entier = douze_mois(Mesure.objects.pour(request.user))
    contexte |= {
        "a_confirmer": (jours_depuis(mandataire.actualise_le) or 0) > A_CONFIRMER,
        "apercu": ApercuImport.objects.pour(request.user).values_list("cree_le", flat=True).first(),
        "manques": _manques(mandataire, contexte["lieu"], activite, contexte["modifie_profil"]),
        "en_cours": activite.en_cours,
        "natures": activite.natures(),
        "tribunaux": activite.tribunaux() if activite.en_cours else [],
        "mois": mois,
        "annee_entiere": entier,
    }
    reponse = render(request, "mesures/tableau_de_bord.html", contexte)
    if pret:
        reponse.delete_cookie(EN_ROUTE, samesite="Lax")
    return reponse


def _a_note(mandataire: Mandataire, acte: str) -> bool:
    return Evenement.objects.sur(mandataire).filter(acte=acte).exists()


def _noter_une_fois(request: HttpRequest, mandataire: Mandataire, acte: str) -> None:
    """What this page writes, sent twice or not."""
    with transaction.atomic():
        if not _a_note(mandataire, acte):
            journal.noter(par=request.user, acte=acte, objet=mandataire)


def _aucune_mesure(request: HttpRequest, mandataire: Mandataire) -> HttpResponse:
    """« Je n’en ai aucune »: the third step of the first login."""
    _noter_une_fois(request, mandataire, AUCUNE_MESURE)
    messages.success(request, "C’est noté : aucune mesure en cours.")
    return redirect("tableau_de_bord")


def _passer(request: HttpRequest, mandataire: Mandataire) -> HttpResponse:
    """The steps are not shown again; what they ask stays in the pages they lead to."""
    _noter_une_fois(request, mandataire, ETAPES_PASSEES)
    return redirect("tableau_de_bord")


def _manques(mandataire: Mandataire, lieu: Lieu | None, activite: Activite, modifie_profil: bool) -> list[dict]:
    """What is missing, in the profile and in the mesures: one list."""
    lignes = []
    for manque in manques_du_profil(mandataire, lieu) if modifie_profil else []:
        fixe = manque.champ == "telephone_portable" and mandataire.telephone
        suite = " : les tribunaux vous joignent au fixe seulement" if fixe else ""
        libelle = f"{manque.libelle[:1].upper()}{manque.libelle[1:]}"
        url = f"{reverse('mes_informations_modifier')}#id_{manque.champ}"
        lignes.append({"phrase": f"{libelle} manque{suite}.", "quoi": manque.libelle, "url": url})
    for combien, cle, sans, quoi in (
        (activite.sans_rg, "rg", "de numéro RG", "sans numéro RG"),
        (activite.sans_annee, "naissance", "d’année de naissance", "sans année de naissance"),
    ):
        if combien:
            sujet = "1 mesure en cours n’a pas" if combien == 1 else f"{nombre(combien)} mesures en cours n’ont pas"
            lesquelles = "la mesure" if combien == 1 else f"les {nombre(combien)} mesures"
            url = f"{reverse('mesures_en_cours')}?manque={cle}"
            lignes.append({"phrase": f"{sujet} {sans}.", "quoi": f"{lesquelles} {quoi}", "url": url})
    return lignes
