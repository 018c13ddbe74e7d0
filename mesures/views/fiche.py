"""The fiche of a mandataire, as a court or an agent sees it, and what the court notes on it."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from emjpm.comptes.droits import pour_tribunaux, reserve_a
from emjpm.comptes.models import Role
from mandataires import services
from mandataires.droits import peut_retirer_observation
from mandataires.models import CapaciteDepartement, Habilitation, Lieu, Mandataire, Observation
from mandataires.pratique import absence, pratique
from mesures import portrait
from mesures.disponibilite import disponibilite_de
from mesures.forms.observation import ObservationForm
from mesures.origine import Origine, depuis_tribunal

from .acces import adresse_recherche, lieu_demande, membre_du_tribunal, suite


@reserve_a(Role.MAGISTRAT, Role.GREFFIER, Role.DIRECTION)
def fiche(request, pk: int):
    """Availability, contact, practice, shares. An agent sees neither reservation nor what belongs to courts."""
    return _page(request, pk, ObservationForm())


@pour_tribunaux
def observer(request, pk: int):
    """POST: the court notes something. A refused text comes back on the fiche, as it was typed."""
    if request.method != "POST":  # the address of a refused text, opened again
        return redirect(_adresse(request, pk))
    mandataire = get_object_or_404(Mandataire.objects.pour(request.user), pk=pk)
    form = ObservationForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, form)
    membre_du_tribunal(request)
    services.observer(mandataire=mandataire, par=request.user, texte=form.cleaned_data["texte"])
    messages.success(request, "Observation enregistrée.")
    return redirect(_adresse(request, pk))


@pour_tribunaux
def retirer_observation(request, pk: int, observation: int):
    """GET asks, naming what would be removed; POST removes."""
    membre_du_tribunal(request)
    lisibles = Observation.objects.pour(request.user).filter(mandataire=pk)
    ligne = get_object_or_404(lisibles.select_related("mandataire", "tribunal", "par__membre_tribunal"), pk=observation)
    if not peut_retirer_observation(request.user, ligne):
        raise Http404
    if request.method == "POST":
        services.retirer_observation(observation=ligne, par=request.user)
        messages.success(request, "Observation retirée.")
        return redirect(_adresse(request, pk))
    return render(
        request, "recherche/observation_retirer.html", {"observation": ligne, "retour": _adresse(request, pk)}
    )


def _adresse(request, pk: int) -> str:
    return f"{reverse('fiche', args=[pk])}{suite(request)}#obs"


def _page(request, pk: int, form: ObservationForm):
    tribunal = membre_du_tribunal(request).tribunal if request.user.est_du_tribunal else None
    mandataire, lieux = _mandataire(request, pk)
    comptes = portrait.comptes_de(mandataire)
    portrait.charger(mandataire, comptes)
    origine = _origine(request, tribunal, lieux)
    antennes = portrait.antennes(mandataire, origine, lieux, comptes)
    communes = portrait.communes_de_vie(mandataire, comptes, tribunal)
    dispo = disponibilite_de(mandataire)
    contexte = {
        "mandataire": mandataire,
        "dispo": dispo,
        "sans_antenne": dispo.en_cours + dispo.en_attente - sum(a.en_cours + a.en_attente for a in antennes),
        "tribunal": tribunal,
        "origine": origine,
        "principal": next((lieu for lieu in lieux if lieu.principal), lieux[0] if lieux else None),
        "antennes": antennes,
        "proche": antennes[0] if antennes and antennes[0].distance is not None else None,
        "pratique": pratique(mandataire),
        "absence": absence(mandataire),
        "habilitations": _habilitations(mandataire, tribunal),
        "par_nature": portrait.parts_par_nature(comptes, tribunal),
        "par_tribunal": portrait.parts_par_tribunal(comptes, tribunal),
        "communes": communes,
        "carte": portrait.carte_des_communes(communes, origine or _point_de_depart(antennes, communes)),
        "suite": suite(request),
        "retour": adresse_recherche(request),
    }
    if tribunal:
        contexte |= {
            "avec_le_tribunal": portrait.avec_le_tribunal(comptes, tribunal),
            "lecteurs": tribunal.nom[:1].lower() + tribunal.nom[1:],
            "observations": _observations(request, mandataire),
            "form": form,
        }
    return render(request, "recherche/fiche.html", contexte)


def _mandataire(request, pk: int) -> tuple[Mandataire, list[Lieu]]:
    """The mandataire, if this person may open it, and its places, the main one first: one query for both."""
    visibles = Mandataire.objects.pour(request.user).filter(pk=pk)
    detail = CapaciteDepartement.objects.filter(mandataire=OuterRef("mandataire"))
    lieux = list(
        Lieu.objects.filter(mandataire__in=visibles)
        .select_related("mandataire", "commune")
        .annotate(capacite_detaillee=Exists(detail))
    )
    mandataire = lieux[0].mandataire if lieux else get_object_or_404(visibles)
    if lieux:
        mandataire.capacite_detaillee = lieux[0].capacite_detaillee
    for lieu in lieux:
        lieu.mandataire = mandataire
    return mandataire, lieux


def _habilitations(mandataire: Mandataire, tribunal) -> list[Habilitation]:
    """The reader's own court first, then by name."""
    lignes = mandataire.habilitations.select_related("tribunal")
    ailleurs = (lambda h: h.tribunal_id != tribunal.pk) if tribunal else (lambda h: True)
    return sorted(lignes.order_by(), key=lambda h: (ailleurs(h), h.tribunal.nom_normalise, h.tribunal_id))


def _origine(request, tribunal, lieux: list[Lieu]) -> Origine | None:
    """None for an agent. Without a place of practice nothing is near or far: what was searched is not looked up."""
    if tribunal is None:
        return None
    return origine_demandee(request, tribunal) if lieux else depuis_tribunal(tribunal)


def _observations(request, mandataire: Mandataire) -> list[tuple[Observation, bool]]:
    """Those of the court, and whether this person may remove each."""
    lignes = Observation.objects.pour(request.user).filter(mandataire=mandataire)
    return [
        (ligne, peut_retirer_observation(request.user, ligne))
        for ligne in lignes.select_related("par__membre_tribunal")
    ]


def origine_demandee(request, tribunal) -> Origine:
    """From where the person was searching (?lieu=), when it is one place; else the court."""
    trouvee = lieu_demande(request, tribunal)
    return trouvee if isinstance(trouvee, Origine) else depuis_tribunal(tribunal)


def _point_de_depart(antennes: list, communes) -> Origine | None:
    """For an agent: the map is drawn around the main place, else around the first commune."""
    situee = next((a.lieu for a in antennes if a.lieu.latitude is not None), None)
    if situee is not None:
        departement = situee.commune.departement_id if situee.commune else ""
        return Origine(situee.latitude, situee.longitude, str(situee), "", departement=departement)
    if communes.dessinees:
        commune = communes.dessinees[0][1]
        return Origine(commune.latitude, commune.longitude, commune.nom, "", departement=commune.departement_id)
    return None
