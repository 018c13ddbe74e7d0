"""The fiche of a mandataire, as a court or an agent sees it."""

from django.db.models import Count
from django.shortcuts import get_object_or_404, render

from emjpm.comptes.droits import reserve_a
from emjpm.comptes.models import Role
from mandataires.models import Mandataire
from mesures import portrait
from mesures.disponibilite import disponibilite_de
from mesures.enums import VIVANTES, Statut
from mesures.origine import Origine, depuis_tribunal, resoudre

from .acces import adresse_recherche, membre_du_tribunal, suite


@reserve_a(Role.MAGISTRAT, Role.GREFFIER, Role.DIRECTION)
def fiche(request, pk: int):
    """Availability, contact, practice, shares. An agent sees neither reservation nor « Avec votre tribunal »."""
    mandataire = get_object_or_404(Mandataire.objects.pour(request.user), pk=pk)
    tribunal = membre_du_tribunal(request).tribunal if request.user.est_du_tribunal else None
    origine = origine_demandee(request, tribunal) if tribunal else None
    lieux = portrait.lieux_de(mandataire)
    antennes = portrait.antennes(mandataire, origine, lieux)
    communes = portrait.communes_de_vie(mandataire)
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
        "habilitations": mandataire.habilitations.select_related("tribunal"),
        "par_nature": portrait.parts_par_nature(mandataire),
        "par_tribunal": portrait.parts_par_tribunal(mandataire),
        "communes": communes,
        "carte": portrait.carte_des_communes(communes, origine or _point_de_depart(antennes, communes)),
        "avec_le_tribunal": _avec_le_tribunal(mandataire, tribunal) if tribunal else None,
        "suite": suite(request),
        "retour": adresse_recherche(request),
    }
    return render(request, "recherche/fiche.html", contexte)


def origine_demandee(request, tribunal) -> Origine:
    """From where the person was searching (?lieu=), when it is one place; else the court."""
    trouvee = resoudre(request.GET.get("lieu", "")[:120], tribunal)
    return trouvee if isinstance(trouvee, Origine) else depuis_tribunal(tribunal)


def _avec_le_tribunal(mandataire: Mandataire, tribunal) -> dict[str, int]:
    comptes = dict(
        mandataire.mesures.filter(tribunal=tribunal, statut__in=VIVANTES)
        .order_by()
        .values_list("statut")
        .annotate(n=Count("pk"))
    )
    return {"en_cours": comptes.get(Statut.EN_COURS, 0), "en_attente": comptes.get(Statut.EN_ATTENTE, 0)}


def _point_de_depart(antennes: list, communes) -> Origine | None:
    """For an agent: the map is drawn around the main place, else around the first commune."""
    situee = next((a.lieu for a in antennes if a.lieu.latitude is not None), None)
    if situee is not None:
        departement = situee.commune.departement_id if situee.commune else ""
        return Origine(situee.latitude, situee.longitude, str(situee), "", departement=departement)
    if communes.montrees:
        commune = communes.montrees[0][0]
        return Origine(commune.latitude, commune.longitude, commune.nom, "", departement=commune.departement_id)
    return None
