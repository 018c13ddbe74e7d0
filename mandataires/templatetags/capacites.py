"""{% detail_capacite mandataire as detail %}: « au plus 50 en Moselle, 30 dans l’Ain », or nothing."""

from django import template

from emjpm.commun.templatetags.emjpm import nombre
from mandataires.models import Mandataire

register = template.Library()


@register.simple_tag
def detail_capacite(mandataire: Mandataire) -> str:
    """One query, spared when the page knows that there is none (`capacite_detaillee`).

    A number told before the whole was lowered is brought back to the whole: it never contradicts it.
    """
    if mandataire.capacite is None or not getattr(mandataire, "capacite_detaillee", True):
        return ""
    morceaux = [
        f"{nombre(min(ligne.capacite, mandataire.capacite))} {ligne.departement.locatif}"
        for ligne in mandataire.capacites.select_related("departement")
    ]
    return f"au plus {', '.join(morceaux)}" if morceaux else ""
