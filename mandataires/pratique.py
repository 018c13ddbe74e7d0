"""What a mandataire says of their practice, in words: « Pratique » on the fiche, « Mes informations »."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from emjpm.commun.templatetags.emjpm import date_longue

from .enums import Competence, Langue
from .models import Mandataire
from .services import atouts_de


@dataclass(frozen=True)
class Pratique:
    """Each field is a sentence, empty when nothing was said."""

    secteur: str
    preferences: str
    langues: str
    competences: str
    tendance: str

    @property
    def vide(self) -> bool:
        return not (self.secteur or self.preferences or self.langues or self.competences or self.tendance)


def pratique(mandataire: Mandataire) -> Pratique:
    """One query: the languages and skills."""
    atouts = atouts_de(mandataire)
    return Pratique(
        secteur=mandataire.secteur,
        preferences=mandataire.preferences,
        langues=enumerer(Langue, atouts),
        competences=enumerer(Competence, atouts),
        tendance=mandataire.get_tendance_display(),
    )


def enumerer(choix: type[Langue] | type[Competence], cles: Container[str]) -> str:
    """« Allemand, langue des signes française »: the labels of the keys that are of this kind."""
    noms = [membre.label for membre in choix if membre in cles]
    return ", ".join([*noms[:1], *(nom[:1].lower() + nom[1:] for nom in noms[1:])])


def absence(mandataire: Mandataire, jour: date | None = None) -> str:
    """« Du 3 décembre 2026 au 5 janvier 2027, congé »: the pause under way or to come; empty without one."""
    debut, fin = mandataire.pause_debut, mandataire.pause_fin
    jour = jour or timezone.localdate()
    if debut is None or (fin is not None and fin < jour):
        return ""
    if fin is None:
        quand = f"{'Depuis le' if debut <= jour else 'À partir du'} {date_longue(debut)}, date de reprise inconnue"
    elif fin == debut:
        quand = f"Le {date_longue(debut)}"
    else:
        quand = f"Du {date_longue(debut)} au {date_longue(fin)}"
    return f"{quand} ({mandataire.pause_motif.lower()})" if mandataire.pause_motif else quand
