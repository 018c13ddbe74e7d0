"""What the team needs to decide a request: number and its validity, courts, address verified or not."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from emjpm.commun.templatetags.emjpm import jours_depuis
from emjpm.commun.templatetags.emjpm import siret as siret_lisible
from emjpm.comptes.models import Role
from mandataires.validateurs import valider_finess, valider_siret

from .models import DemandeInscription

_RAISONS = {
    "siret_cle": "clé de contrôle fausse",
    "siret_longueur": "il n’a pas 14 chiffres",
    "finess_cle": "clé de contrôle fausse",
    "finess_longueur": "il n’a pas 9 caractères",
}


@dataclass(frozen=True)
class Numero:
    """SIRET or FINESS as shown; `valide` None where the role has none."""

    texte: str = ""
    valide: bool | None = None
    raison: str = ""


@dataclass(frozen=True)
class FileDAttente:
    """« 11 demandes en attente, la plus ancienne depuis 9 jours »."""

    nombre: int
    titre: str


def depuis(jours: int) -> str:
    return "aujourd’hui" if jours <= 0 else f"{jours} jour{'s' if jours > 1 else ''}"


def file_d_attente() -> FileDAttente:
    """How many requests wait, in words; two queries."""
    en_attente = DemandeInscription.objects.filter(etat=DemandeInscription.Etat.EN_ATTENTE)
    premiere = en_attente.order_by("cree_le").first()
    if premiere is None:
        return FileDAttente(0, "Aucune demande en attente")
    nombre = en_attente.count()
    age = depuis(jours_depuis(premiere.cree_le))
    age = f"depuis {age}" if age[0].isdigit() else f"déposée {age}"
    return FileDAttente(nombre, f"{nombre} demande{'s' if nombre > 1 else ''} en attente, la plus ancienne {age}")


def avec_de_quoi_decider(demandes: QuerySet) -> QuerySet:
    """The rows with all that the queue shows, in a constant number of queries."""
    return demandes.select_related(
        "utilisateur", "tribunal", "service", "region", "departement", "commune", "decide_par"
    ).prefetch_related("tribunaux", "etablissements__commune", "utilisateur__emailaddress_set")


def verifiee(demande: DemandeInscription) -> bool:
    """Has the person confirmed the address of the account?"""
    adresse = demande.utilisateur.email.lower()
    return any(a.verified and a.email.lower() == adresse for a in demande.utilisateur.emailaddress_set.all())


def numero(demande: DemandeInscription) -> Numero:
    """Needs `demande.doublons` (see emjpm.inscriptions.doublons) to say « déjà celui d’un autre compte »."""
    if demande.role == Role.PREPOSE:
        return _finess([e.finess for e in demande.etablissements.all() if e.finess])
    if demande.role not in {Role.INDIVIDUEL, Role.SERVICE} or demande.service_id:
        return Numero()
    if not demande.siret:
        return Numero("", False, "SIRET absent")
    lisible = siret_lisible(demande.siret)
    try:
        valider_siret(demande.siret)
    except ValidationError as erreur:
        return Numero(lisible, False, _RAISONS.get(erreur.code, "ce n’est pas un SIRET"))
    if any(d.siret_identique for d in getattr(demande, "doublons", [])):
        return Numero(lisible, False, "déjà celui d’un autre compte")
    return Numero(lisible, True)


def _finess(numeros: list[str]) -> Numero:
    if not numeros:
        return Numero("", False, "FINESS absent")
    for texte in numeros:
        try:
            valider_finess(texte)
        except ValidationError as erreur:
            return Numero(", ".join(numeros), False, _RAISONS.get(erreur.code, "ce n’est pas un FINESS"))
    return Numero(", ".join(numeros), True)


def ou(demande: DemandeInscription) -> str:
    """« TJ Nancy, TJ Épinal », « TJ Metz, cabinet 2 », « Moselle (57) », the service joined."""
    if demande.role in {Role.MAGISTRAT, Role.GREFFIER}:
        cabinet = f", cabinet {demande.cabinet}" if demande.cabinet else ""
        return f"{demande.tribunal.nom_court}{cabinet}" if demande.tribunal else ""
    if demande.role == Role.DIRECTION:
        return str(demande.departement or demande.region or "France entière")
    if demande.service_id:
        return f"membre de {demande.service}"
    return ", ".join(t.nom_court.replace(" ", "\u00a0") for t in demande.tribunaux.all())


def role_court(demande: DemandeInscription) -> str:
    if demande.role == Role.DIRECTION:
        return f"Agent, niveau {demande.get_niveau_display().lower()}"
    return {Role.INDIVIDUEL: "Individuel", Role.PREPOSE: "Préposé", Role.SERVICE: "Service"}.get(
        demande.role, demande.get_role_display()
    )


def effet(demande: DemandeInscription) -> str:
    """The sentence under the buttons: what « Valider » does."""
    if demande.service_id:
        quoi = f"ouvre le compte comme membre de {demande.service}, dont les administrateurs sont prévenus"
    elif demande.role in {Role.INDIVIDUEL, Role.PREPOSE, Role.SERVICE}:
        n = len(demande.tribunaux.all())
        quoi = f"crée le compte et {f'ses {n} habilitations' if n > 1 else 'son habilitation'}"
    else:
        quoi = "ouvre le compte"
    return f"Valider {quoi}, et prévient la personne par e-mail."
