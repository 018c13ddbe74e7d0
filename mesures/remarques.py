"""What deserves a second look in a reservation, said while it is typed and once it is made. Nothing here blocks."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from emjpm.commun.templatetags.emjpm import date_longue
from mandataires.models import Mandataire
from tribunaux.models import Tribunal

from .enums import Statut
from .models import Mesure
from .numero_rg import forme_habituelle
from .services.reservation import meme_numero_au_tribunal

CONNUES_MAX = 3
DEJA_EXERCEE = "Ce mandataire exerce déjà cette mesure. Cochez « renouvellement » ou corrigez le numéro."
DEJA_RESERVEE = "Cette mesure est déjà réservée auprès de ce mandataire. Corrigez le numéro."
AU_RENOUVELLEMENT = {Statut.EN_COURS: DEJA_EXERCEE, Statut.EN_ATTENTE: DEJA_RESERVEE}


@dataclass(frozen=True)
class Remarques:
    """Sentences to put beside the fields, and the mesures of the court that already bear the number."""

    connues: list[Mesure] = field(default_factory=list)
    deja: str = ""
    forme: str = ""
    date: str = ""
    age: str = ""
    renouvelable: Mesure | None = None
    """The mesure en cours of this mandataire under this number."""


def age_mineur(annee: int | None) -> str:
    ans = timezone.localdate().year - annee if annee else 18
    return f"Cette personne a {ans} an{'s' if ans > 1 else ''} : confirmez l’année." if 0 <= ans < 18 else ""


def date_passee(jour: date | None) -> str:
    return "Cette date est passée." if jour and jour < timezone.localdate() else ""


def forme_inhabituelle(numero: str) -> str:
    return "Forme inhabituelle : vérifiez le numéro." if numero and not forme_habituelle(numero) else ""


def remarquer(
    tribunal: Tribunal,
    mandataire: Mandataire,
    *,
    numero_rg: str = "",
    date_previsionnelle: date | None = None,
    annee_naissance: int | None = None,
    renouvellement: bool = False,
) -> Remarques:
    """About a reservation not made yet, in one query."""
    memes = list(meme_numero_au_tribunal(tribunal, numero_rg))
    siennes = {m.statut: m for m in memes if m.mandataire_id == mandataire.pk and m.vivante}
    renouvelable = siennes.get(Statut.EN_COURS)
    fautive = next((s for s in AU_RENOUVELLEMENT if s in siennes), None)
    if renouvellement and renouvelable is not None:
        fautive = None
    return Remarques(
        connues=[m for m in memes if m not in siennes.values()][:CONNUES_MAX],
        deja=AU_RENOUVELLEMENT[fautive] if fautive else "",
        forme=forme_inhabituelle(numero_rg),
        date=date_passee(date_previsionnelle),
        age=age_mineur(annee_naissance),
        renouvelable=renouvelable,
    )


def a_relire(mesure: Mesure) -> list[str]:
    """About a reservation that is made: sentences that stand without the fields beside them."""
    phrases = []
    if forme := forme_inhabituelle(mesure.numero_rg):
        phrases.append(f"Numéro RG {mesure.numero_rg}. {forme}")
    if passee := date_passee(mesure.date_previsionnelle):
        phrases.append(f"Jugement prévu le {date_longue(mesure.date_previsionnelle)}. {passee}")
    if age := age_mineur(mesure.annee_naissance):
        phrases.append(age)
    if mesure.renouvelle and not _meme_personne(mesure, mesure.renouvelle):
        phrases.append(f"La mesure renouvelée est celle d’une autre personne : {mesure.renouvelle.personne}. Vérifiez.")
    return phrases


def _meme_personne(a: Mesure, b: Mesure) -> bool:
    """As far as what is known of both tells."""
    faits = ((getattr(a, champ), getattr(b, champ)) for champ in ("civilite", "annee_naissance"))
    return all(x == y for x, y in faits if x and y)
