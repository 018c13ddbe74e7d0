"""Acting on the mesures checked in a list: end them, move them to a court, an antenne, an establishment; export them.

The list posts what was checked here; the page that asks for more posts here again, with `faire`. Somebody else's
mesure is never among them (`Mesure.objects.pour`); what cannot be done is told, line by line, and left as it was.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from emjpm.commun.templatetags.emjpm import nombre, pluriel
from emjpm.comptes.droits import pour_mandataires
from mesures.enums import Statut
from mesures.forms.groupes import AntenneForm, LignesDeFin, TribunalForm
from mesures.listes import RELATIONS
from mesures.models import Mesure
from mesures.services import groupes
from mesures.services.commun import sigle_et_ville

from .listes import Demande, demande, fichier
from .outils import disponibilite_actuelle, effet

AUCUNE = "Cochez au moins une mesure."
_CLES_MAX = 5000


@require_http_methods(["GET", "HEAD", "POST"])
@pour_mandataires
def agir(request: HttpRequest) -> HttpResponse:
    """POST acte=eteindre|tribunal|antenne|exporter; the filters of the list are in the address."""
    eteintes = request.POST.get("liste") == "eteintes"
    voulue = demande(request, Statut.ETEINTE if eteintes else Statut.EN_COURS)
    acte = request.POST.get("acte", "")
    if request.method != "POST" or acte not in _ACTES:
        return redirect(_retour(request, eteintes))
    choisies = _choisies(request, voulue)
    combien = choisies.count()
    if not combien:
        messages.error(request, AUCUNE)
        return redirect(_retour(request, eteintes))
    if acte == "exporter":
        return fichier(request, voulue, choisies, "xlsx")
    if combien > groupes.MAXIMUM:
        messages.error(
            request,
            f"Vous avez coché {nombre(combien)} mesures. Agissez sur {groupes.MAXIMUM} au plus à la fois : "
            "précisez les filtres.",
        )
        return redirect(_retour(request, eteintes))
    return _ACTES[acte](request, voulue, list(choisies.select_related(*RELATIONS, "mandataire")))


def _retour(request: HttpRequest, eteintes: bool = False) -> str:
    """The list these mesures were checked in, its filters kept."""
    parametres = request.GET.copy()
    parametres.pop("cochees", None)
    adresse = reverse("mesures_eteintes" if eteintes else "mesures_en_cours")
    return f"{adresse}?{parametres.urlencode()}" if parametres else adresse


def _cles(valeurs: list[str]) -> list[int]:
    return [int(v) for v in valeurs if v.isascii() and v.isdigit() and len(v) < 19][:_CLES_MAX]


def _choisies(request: HttpRequest, voulue: Demande) -> QuerySet[Mesure]:
    """The rows checked; with `toutes`, all of the filtered list but those unchecked on the page that was seen."""
    if "faire" in request.POST:  # some of them may have ended meanwhile: the act tells it
        return voulue.miennes.filter(pk__in=_cles(request.POST.get("mesures", "").split(",")))
    cochees = _cles(request.POST.getlist("mesure"))
    if request.POST.get("toutes"):
        return voulue.mesures.exclude(pk__in=set(_cles(request.POST.getlist("vue"))) - set(cochees))
    return voulue.mesures.model.objects.pour(request.user).filter(pk__in=cochees, statut=voulue.statut)


def _page(request: HttpRequest, modele: str, acte: str, mesures: list[Mesure], **contexte) -> HttpResponse:
    contexte |= {
        "acte": acte,
        "mesures": mesures,
        "cles": ",".join(str(m.pk) for m in mesures),
        "retour": _retour(request),
    }
    return render(request, f"mesures/groupe_{modele}.html", contexte)


# --- The acts -----------------------------------------------------------------------------------------


def _eteindre(request: HttpRequest, voulue: Demande, mesures: list[Mesure]) -> HttpResponse:
    if "faire" not in request.POST:
        return _page(request, "fin", "eteindre", mesures, lignes=LignesDeFin(mesures))
    avant = disponibilite_actuelle(voulue.mandataire)
    lignes = LignesDeFin(mesures, request.POST)
    fins = lignes.fins()
    bilan = groupes.eteindre(par=request.user, fins=fins)
    suite = effet(avant, disponibilite_actuelle(voulue.mandataire)) if bilan.faites else ""
    termines = f"{nombre(len(bilan.faites))} mandat{pluriel(bilan.faites)} terminé{pluriel(bilan.faites)}"
    restent = {m.pk for m in mesures} - {fin.mesure.pk for fin in fins}
    if not restent and not bilan.refus:
        messages.success(request, f"{termines}. {suite}".strip() if bilan.faites else _deja_termines(bilan.deja))
        return redirect(_retour(request))
    lignes.garder(restent)
    gardees = [ligne.mesure for ligne in lignes.lignes]
    return _page(request, "fin", "eteindre", gardees, lignes=lignes, bilan=bilan, titre_fait=termines, suite=suite)


def _deja_termines(mesures: list[Mesure]) -> str:
    if len(mesures) == 1:
        return "Ce mandat est déjà terminé. Rien n’a changé."
    return f"Ces {nombre(len(mesures))} mandats sont déjà terminés. Rien n’a changé."


def _tribunal(request: HttpRequest, voulue: Demande, mesures: list[Mesure]) -> HttpResponse:
    form = TribunalForm(request.POST if "faire" in request.POST else None, mandataire=voulue.mandataire)
    if "faire" not in request.POST or not form.is_valid():
        return _page(request, "changer", "tribunal", mesures, form=form)
    choix = form.cleaned_data
    bilan = groupes.changer_tribunal(par=request.user, mesures=mesures, **choix)
    return _changees(request, voulue, "tribunal", bilan, form, f"au {sigle_et_ville(choix['tribunal'])}")


def _antenne(request: HttpRequest, voulue: Demande, mesures: list[Mesure]) -> HttpResponse:
    """Not for whoever is limited to one: what they write stays in their own."""
    if not voulue.registre.antennes:
        raise PermissionDenied
    form = AntenneForm(request.POST if "faire" in request.POST else None, mandataire=voulue.mandataire)
    if "faire" not in request.POST or not form.is_valid():
        return _page(request, "changer", "antenne", mesures, form=form, mots=voulue.registre.mots)
    lieu, sans = form.lieu(), voulue.registre.mots.sans
    bilan = groupes.changer_antenne(par=request.user, mesures=mesures, lieu=lieu)
    return _changees(request, voulue, "antenne", bilan, form, f"à « {lieu} »" if lieu else f"en « {sans} »")


def _changees(request: HttpRequest, voulue: Demande, acte: str, bilan: groupes.Bilan, form, vers: str) -> HttpResponse:
    """« 3 mesures passent au TJ de Thionville. »; what stays is told with its reason, and can be answered again."""
    faites = len(bilan.faites)
    phrase = f"{nombre(faites)} mesure{pluriel(faites)} passe{pluriel(faites, 'nt')} {vers}." if faites else ""
    if not bilan.refus:
        messages.success(request, phrase or f"Rien n’a changé : tout est déjà {vers}.")
        return redirect(_retour(request))
    restent = [refus.mesure for refus in bilan.refus]
    contexte = {"form": form, "mots": voulue.registre.mots, "bilan": bilan, "titre_fait": phrase}
    return _page(request, "changer", acte, restent, **contexte)


_ACTES = {"eteindre": _eteindre, "tribunal": _tribunal, "antenne": _antenne, "exporter": None}
