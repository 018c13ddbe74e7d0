"""What a profile lacks, in the words of « Mes informations »."""

from dataclasses import dataclass

from .models import Lieu, Mandataire


@dataclass(frozen=True)
class Manque:
    """One missing information: what to add, where it is shown on the page."""

    champ: str
    libelle: str
    ancre: str


def manques(mandataire: Mandataire, lieu: Lieu | None) -> list[Manque]:
    """The information a court would look for and not find, the most useful first."""
    liste = []
    if mandataire.capacite is None:
        liste.append(Manque("capacite", "le nombre de mesures souhaitées", "activite"))
    if lieu is None or lieu.latitude is None:
        liste.append(Manque("code_postal", "votre adresse", "adresse"))
    if not mandataire.telephone and not mandataire.telephone_portable:
        liste.append(Manque("telephone", "un numéro de téléphone", "telephones"))
    elif not mandataire.telephone_portable and not mandataire.est_service:
        liste.append(Manque("telephone_portable", "votre téléphone portable", "telephones"))
    if not mandataire.courriel:
        liste.append(Manque("courriel", "une adresse électronique de contact", "courriel"))
    if not mandataire.siret and not mandataire.est_prepose:
        liste.append(Manque("siret", "votre SIRET", "siret"))
    return liste
