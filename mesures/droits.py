"""Who may do what to a mesure. Asked by views, templates and services alike; being allowed to see it comes first
(`Mesure.objects.pour`), so these functions speak of mesures the person can already open.
"""

from mandataires.droits import membre_de
from mesures.enums import Statut
from mesures.models import ImportMesures


def est_la_sienne(utilisateur, mesure) -> bool:
    """Does this person work for the mandataire of the mesure (and for its antenne, if limited to one)?"""
    membre = getattr(utilisateur, "membre", None) if utilisateur.est_mandataire else None
    if membre is None or membre.mandataire_id != mesure.mandataire_id:
        return False
    return membre.lieu_id is None or membre.lieu_id == mesure.lieu_id


def est_de_son_tribunal(utilisateur, mesure) -> bool:
    """Is this person a magistrat or a greffier of the court of the mesure?"""
    membre = getattr(utilisateur, "membre_tribunal", None) if utilisateur.est_du_tribunal else None
    return membre is not None and membre.tribunal_id == mesure.tribunal_id


def reservee(mesure) -> bool:
    """Did a court reserve it? Such a mesure is never deleted."""
    return bool(mesure.reserve_le or mesure.reserve_par_id)


def peut_valider(utilisateur, mesure) -> bool:
    return mesure.statut == Statut.EN_ATTENTE and est_la_sienne(utilisateur, mesure)


peut_decliner = peut_valider


def peut_modifier(utilisateur, mesure) -> bool:
    """The mandataire corrects the facts of a mesure that began; a closed reservation is history."""
    return mesure.statut in {Statut.EN_COURS, Statut.ETEINTE} and est_la_sienne(utilisateur, mesure)


def peut_eteindre(utilisateur, mesure) -> bool:
    return mesure.statut == Statut.EN_COURS and est_la_sienne(utilisateur, mesure)


def peut_rouvrir(utilisateur, mesure) -> bool:
    return mesure.statut == Statut.ETEINTE and est_la_sienne(utilisateur, mesure)


def peut_noter_evolution(utilisateur, mesure) -> bool:
    """Something happens to a mandate that goes on."""
    return mesure.statut == Statut.EN_COURS and est_la_sienne(utilisateur, mesure)


peut_corriger_evolution = peut_modifier
"""The history is corrected as the facts are, after the end too."""


def peut_retirer_evolution(utilisateur, evolution) -> bool:
    """Never the renewal a court asked for."""
    return evolution.reservation_id is None and peut_corriger_evolution(utilisateur, evolution.mesure)


def renouvelee_par_un_tribunal(mesure) -> bool:
    """Did a court renew it? What it reserved lives on in this mesure."""
    return mesure.renouvellements.filter(statut=Statut.RENOUVELEE).exists()


def peut_supprimer(utilisateur, mesure) -> bool:
    """Only a typing error: never what a court reserved, or renewed."""
    return (
        mesure.statut in {Statut.EN_COURS, Statut.ETEINTE}
        and not reservee(mesure)
        and est_la_sienne(utilisateur, mesure)
        and not renouvelee_par_un_tribunal(mesure)
    )


def peut_modifier_reservation(utilisateur, mesure) -> bool:
    """The court edits or cancels its reservation as long as nobody answered."""
    return mesure.statut == Statut.EN_ATTENTE and est_de_son_tribunal(utilisateur, mesure)


peut_annuler = peut_modifier_reservation


def peut_importer(utilisateur, mandataire) -> bool:
    """Once for the mandataire, by a member who sees all of it: one limited to an antenne would spend it for all."""
    membre = membre_de(utilisateur, mandataire)
    if membre is None or membre.lieu_id:
        return False
    return not ImportMesures.objects.filter(mandataire=mandataire, annule_le=None).exists()
