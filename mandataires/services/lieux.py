"""Places of practice: the main address, the antennes of a service, the establishments of a préposé.

Positions: an act writes the commune's point at once; the view asks the geocoder afterwards, outside the transaction
(`emjpm.geographie.geocodage.situer`), and `preciser_position` writes the better point.
"""

from typing import Any

from django.db import transaction

from emjpm.commun import journal
from emjpm.comptes.models import Utilisateur
from emjpm.geographie.geocodage import Position
from emjpm.geographie.querysets import nom_de_commune

from ..models import Invitation, Lieu, Mandataire
from .commun import ActeImpossible, actualiser, verrouiller

CHAMPS_LIEU = ["nom", "adresse", "complement", "code_postal", "commune", "finess", "telephone", "courriel", "capacite"]
CHAMPS_ADRESSE = ["adresse", "complement", "code_postal", "commune"]
CHAMPS_MONTRES = ["affichage", "adresse_affichee"]


def situer_lieu(lieu: Lieu) -> None:
    """Put a place (not saved) at its commune's point; without a commune it has no position."""
    if lieu.commune is None:
        lieu.latitude = lieu.longitude = None
        lieu.precision = ""
    else:
        lieu.latitude, lieu.longitude = lieu.commune.latitude, lieu.commune.longitude
        lieu.precision = Lieu.Precision.COMMUNE


def nouveau_lieu(mandataire: Mandataire, champs: dict[str, Any], *, principal: bool) -> Lieu:
    """A place (not saved) at its commune's point, its name searchable."""
    lieu = Lieu(
        mandataire=mandataire, principal=principal, **{c: champs[c] for c in CHAMPS_LIEU if champs.get(c) is not None}
    )
    lieu.nom_normalise = nom_de_commune(lieu.nom)
    situer_lieu(lieu)
    return lieu


def lieu_principal(mandataire: Mandataire) -> Lieu | None:
    """The main place, or the only one that stands for it."""
    return mandataire.lieux.select_related("commune__departement").order_by("-principal", "pk").first()


def deplacer_principal(mandataire: Mandataire, adresse: dict[str, Any] | None) -> tuple[Lieu | None, dict]:
    """Save the address of the main place and what is shown of it; (the place if it moved, what changed).

    The caller holds the lock of the mandataire and writes the line of journal.
    """
    if adresse is None:
        return None, {}
    lieu = lieu_principal(mandataire)
    if lieu is None:
        if not any(adresse.get(champ) for champ in CHAMPS_ADRESSE):
            return None, {}
        lieu = nouveau_lieu(mandataire, adresse, principal=True)
        lieu.save()
        return lieu, {"adresse": [None, "ajoutée"]}
    bouge, changements = _ecrire(lieu, {c: v for c, v in adresse.items() if c in (*CHAMPS_ADRESSE, *CHAMPS_MONTRES)})
    return lieu if bouge else None, {f"lieu.{champ}": valeurs for champ, valeurs in changements.items()}


def _ecrire(lieu: Lieu, champs: dict[str, Any]) -> tuple[bool, dict[str, list]]:
    """Write these fields; (did it move, what changed). A place that moved goes to its commune's point."""
    avant = journal.photo(lieu, champs)
    for champ, valeur in champs.items():
        setattr(lieu, champ, valeur)
    changements = journal.difference(avant, journal.photo(lieu, champs))
    bouge = any(champ in changements for champ in CHAMPS_ADRESSE)
    if changements:
        lieu.nom_normalise = nom_de_commune(lieu.nom)
        if bouge:
            situer_lieu(lieu)
        lieu.save()
    return bouge, changements


@transaction.atomic
def preciser_position(*, lieu: Lieu, par: Utilisateur | None, position: Position) -> bool:
    """Write the geocoder's point, unless the place moved again meanwhile. True if written."""
    ecrits = Lieu.objects.filter(
        pk=lieu.pk, adresse=lieu.adresse, code_postal=lieu.code_postal, commune_id=lieu.commune_id
    ).update(latitude=position.latitude, longitude=position.longitude, precision=position.precision)
    if ecrits:
        journal.noter(
            par=par, acte="lieu.situer", objet=lieu, changements={"precision": [lieu.precision, position.precision]}
        )
    return bool(ecrits)


def deja_la(mandataire: Mandataire, champs: dict[str, Any], sauf: Lieu | None = None) -> tuple[str, str] | None:
    """(field, French sentence) when such a place is already in the list: an establishment is one by its FINESS, or by
    its name in a postal code; an antenne by its name.
    """
    autres = mandataire.lieux.exclude(pk=sauf.pk if sauf else None)
    nom = nom_de_commune(champs.get("nom", ""))
    if not mandataire.est_prepose:
        pris = bool(nom) and autres.filter(nom_normalise=nom).exists()
        return ("nom", "Une autre antenne porte ce nom.") if pris else None
    finess = champs.get("finess", "")
    if finess and autres.filter(finess=finess).exists():
        return "finess", "Cet établissement est déjà dans votre liste."
    memes = autres.filter(nom_normalise=nom, code_postal=champs.get("code_postal", ""))
    if finess:  # two numbers are two establishments
        memes = memes.filter(finess="")
    return ("nom", "Cet établissement est déjà dans votre liste.") if nom and memes.exists() else None


def _refuser_double(mandataire: Mandataire, champs: dict[str, Any], sauf: Lieu | None = None) -> None:
    double = deja_la(mandataire, champs, sauf)
    if double is not None:
        raise ActeImpossible(double[1])


@transaction.atomic
def ajouter_lieu(*, mandataire: Mandataire, par: Utilisateur, champs: dict[str, Any], principal: bool = False) -> Lieu:
    """One more antenne or establishment (`champs`: some of CHAMPS_LIEU). The first of all is the main one.

    Raises ActeImpossible when it is already in the list (a double click waits for the first, then is told).
    """
    mandataire = verrouiller(mandataire)
    _refuser_double(mandataire, champs)
    principal = principal or not mandataire.lieux.exists()
    if principal:
        mandataire.lieux.filter(principal=True).update(principal=False)
    lieu = nouveau_lieu(mandataire, champs, principal=principal)
    lieu.save()
    actualiser(mandataire)
    changements = {"lieu": [None, lieu.pk], "nom": [None, lieu.nom], "principal": [None, principal]}
    journal.noter(par=par, acte="lieu.ajouter", objet=mandataire, changements=changements)
    return lieu


@transaction.atomic
def modifier_lieu(
    *, lieu: Lieu, par: Utilisateur, champs: dict[str, Any], principal: bool = False
) -> tuple[Lieu, bool]:
    """Correct a place; (the place, did it move). `principal` makes it the main one: it is never unmade by itself.

    Raises Lieu.DoesNotExist when somebody removed it meanwhile, ActeImpossible when another one is the same.
    """
    mandataire = verrouiller(lieu.mandataire)
    lieu = mandataire.lieux.select_related("commune").get(pk=lieu.pk)
    _refuser_double(mandataire, champs, sauf=lieu)
    devient = principal and not lieu.principal
    if devient:
        mandataire.lieux.filter(principal=True).update(principal=False)
        lieu.principal = True
        lieu.save(update_fields=["principal", "modifie_le"])
    bouge, changements = _ecrire(lieu, {c: v for c, v in champs.items() if c in CHAMPS_LIEU})
    if devient:
        changements["principal"] = [False, True]
    if changements:
        actualiser(mandataire)
        noms = {"lieu": [lieu.pk, lieu.pk]} | changements
        journal.noter(par=par, acte="lieu.modifier", objet=mandataire, changements=noms)
    return lieu, bouge


def refus_de_retrait(lieu: Lieu) -> str:
    """Why a place cannot be removed now, in a French sentence; empty when it can."""
    prepose = lieu.mandataire.est_prepose
    if not lieu.mandataire.lieux.exclude(pk=lieu.pk).exists():
        return "Gardez au moins un établissement." if prepose else "Gardez au moins une adresse : celle du siège."
    if lieu.principal:
        return (
            "Choisissez d’abord un autre établissement de rattachement."
            if prepose
            else "Choisissez d’abord un autre siège."
        )
    limites = [str(m.utilisateur) for m in lieu.membres.select_related("utilisateur")]
    if limites:  # removing it would open the whole service to them
        return f"L’accès de {', '.join(limites)} est limité à cette antenne : changez-le d’abord dans « Membres »."
    return ""


@transaction.atomic
def retirer_lieu(*, lieu: Lieu, par: Utilisateur) -> int:
    """Remove an antenne or an establishment; how many mesures are without one from now on.

    Its mesures lose the link in this very transaction, its pending invitations are cancelled. Raises ActeImpossible
    with the sentence of `refus_de_retrait`. A correction of the team is no news of the mandataire.
    """
    mandataire = verrouiller(lieu.mandataire)
    lieu = mandataire.lieux.select_related("mandataire").get(pk=lieu.pk)
    refus = refus_de_retrait(lieu)
    if refus:
        raise ActeImpossible(refus)
    detachees = lieu.mesures.update(lieu=None)
    invitations = Invitation.objects.filter(lieu=lieu).count()
    journal.noter(
        par=par,
        acte="lieu.retirer",
        objet=mandataire,
        changements={
            "lieu": [lieu.pk, None],
            "nom": [str(lieu), None],
            "mesures": [detachees, 0],
            "invitations": [invitations, 0],
        },
    )
    lieu.delete()
    if par.est_mandataire:
        actualiser(mandataire)
    return detachees
