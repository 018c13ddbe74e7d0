"""Writing a mandataire's profile: each act in one transaction, with its line of journal.

Positions: an act writes the commune's point at once; the view asks the geocoder afterwards, outside the transaction
(`emjpm.geographie.geocodage.situer`), and `preciser_position` writes the better point.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.texte import normaliser
from emjpm.comptes.models import Utilisateur
from emjpm.geographie.geocodage import Position
from emjpm.geographie.querysets import nom_de_commune
from tribunaux.models import MembreTribunal, Tribunal

from .enums import ATOUTS
from .models import Atout, Habilitation, Lieu, Mandataire, Observation

CHAMPS_PROFIL = [
    "nom",
    "siret",
    "telephone",
    "telephone_portable",
    "courriel",
    "capacite",
    "pause_debut",
    "pause_fin",
    "pause_motif",
    "secteur",
    "preferences",
    "tendance",
]
CHAMPS_LIEU = ["nom", "adresse", "complement", "code_postal", "commune", "finess", "telephone", "courriel", "capacite"]
CHAMPS_ADRESSE = ["adresse", "complement", "code_postal", "commune"]


def actualiser(mandataire: Mandataire) -> None:
    """The mandataire has just touched their profile or their mesures: the freshness shown to the courts."""
    mandataire.actualise_le = timezone.now()
    Mandataire.objects.filter(pk=mandataire.pk).update(actualise_le=mandataire.actualise_le)


def situer_lieu(lieu: Lieu) -> None:
    """Put a place (not saved) at its commune's point; without a commune it has no position."""
    if lieu.commune is None:
        lieu.latitude = lieu.longitude = None
        lieu.precision = ""
    else:
        lieu.latitude, lieu.longitude = lieu.commune.latitude, lieu.commune.longitude
        lieu.precision = Lieu.Precision.COMMUNE


@transaction.atomic
def creer(
    *,
    par: Utilisateur | None,
    categorie: str,
    nom: str,
    siret: str = "",
    telephone: str = "",
    telephone_portable: str = "",
    courriel: str = "",
    capacite: int | None = None,
    lieux: Iterable[dict[str, Any]] = (),
    tribunaux: Iterable[Tribunal] = (),
) -> Mandataire:
    """A new mandataire with places (dicts of CHAMPS_LIEU; the first is the main one) and habilitations.

    Raises IntegrityError when the SIRET is another mandataire's.
    """
    mandataire = Mandataire.objects.create(
        categorie=categorie,
        nom=nom,
        nom_normalise=normaliser(nom),
        siret=siret,
        telephone=telephone,
        telephone_portable=telephone_portable,
        courriel=courriel,
        capacite=capacite,
    )
    for rang, champs in enumerate(lieux):
        _nouveau_lieu(mandataire, champs, principal=rang == 0).save()
    cours = list({t.pk: t for t in tribunaux}.values())
    Habilitation.objects.bulk_create(Habilitation(mandataire=mandataire, tribunal=t) for t in cours)
    journal.noter(
        par=par,
        acte="mandataire.creer",
        objet=mandataire,
        changements={"categorie": [None, categorie], "tribunaux": [None, [t.code for t in cours]]},
    )
    return mandataire


def _nouveau_lieu(mandataire: Mandataire, champs: dict[str, Any], *, principal: bool) -> Lieu:
    lieu = Lieu(
        mandataire=mandataire, principal=principal, **{c: champs[c] for c in CHAMPS_LIEU if champs.get(c) is not None}
    )
    lieu.nom_normalise = nom_de_commune(lieu.nom)
    situer_lieu(lieu)
    return lieu


def lieu_principal(mandataire: Mandataire) -> Lieu | None:
    """The main place, or the only one that stands for it."""
    return mandataire.lieux.select_related("commune__departement").order_by("-principal", "pk").first()


def atouts_de(mandataire: Mandataire) -> list[str]:
    """The keys of its languages and skills, in the order of enums.ATOUTS."""
    siens = set(mandataire.atouts.values_list("cle", flat=True))
    return [cle for cle in ATOUTS if cle in siens]


def empreinte(mandataire: Mandataire, lieu: Lieu | None) -> str:
    """A short mark of what the profile form shows: it differs when somebody saved in between."""
    valeurs = {c: str(v) for c, v in journal.photo(mandataire, CHAMPS_PROFIL).items()}
    valeurs["atouts"] = str(atouts_de(mandataire))
    if lieu:
        valeurs |= {f"lieu.{c}": str(v) for c, v in journal.photo(lieu, CHAMPS_ADRESSE).items()}
    return hashlib.sha256(json.dumps(valeurs, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def enregistrer_profil(
    *,
    mandataire: Mandataire,
    par: Utilisateur,
    profil: dict[str, Any],
    atouts: Iterable[str] | None = None,
    adresse: dict[str, Any] | None = None,
    personne: dict[str, str] | None = None,
) -> Lieu | None:
    """Save what the form gave. `profil`: some of CHAMPS_PROFIL; `atouts`: all the keys of languages and skills (None:
    unchanged); `adresse`: CHAMPS_ADRESSE of the main place; `personne`: prenom and nom of the account, for those who
    are one person.

    Returns the main place when it moved (its position is then the commune's), else None.
    """
    mandataire = Mandataire.objects.select_for_update().get(pk=mandataire.pk)
    avant = journal.photo(mandataire, CHAMPS_PROFIL)
    for champ in CHAMPS_PROFIL:
        if champ in profil:
            setattr(mandataire, champ, profil[champ])
    if personne:
        par.prenom, par.nom = personne["prenom"], personne["nom"]
        par.save(update_fields=["prenom", "nom", "modifie_le"])
        mandataire.nom = par.get_full_name()
    mandataire.nom_normalise = normaliser(mandataire.nom)
    mandataire.actualise_le = mandataire.verifie_le = timezone.now()  # the form shows everything: it is verified
    mandataire.save(update_fields=[*CHAMPS_PROFIL, "nom_normalise", "actualise_le", "verifie_le", "modifie_le"])
    changements = journal.difference(avant, journal.photo(mandataire, CHAMPS_PROFIL)) | _changer_atouts(
        mandataire, atouts
    )
    lieu, changements_lieu = _deplacer(mandataire, adresse)
    journal.noter(par=par, acte="mandataire.modifier", objet=mandataire, changements=changements | changements_lieu)
    return lieu


def _changer_atouts(mandataire: Mandataire, cles: Iterable[str] | None) -> dict[str, list]:
    """Make its languages and skills these ones; the change, for the journal."""
    if cles is None:
        return {}
    avant, voulus = atouts_de(mandataire), set(cles)
    apres = [cle for cle in ATOUTS if cle in voulus]
    if avant == apres:
        return {}
    mandataire.atouts.exclude(cle__in=apres).delete()
    Atout.objects.bulk_create(Atout(mandataire=mandataire, cle=cle) for cle in apres if cle not in avant)
    return {"atouts": [avant, apres]}


def _deplacer(mandataire: Mandataire, adresse: dict[str, Any] | None) -> tuple[Lieu | None, dict]:
    """Save the address of the main place; (the place if it moved, its changes)."""
    if adresse is None:
        return None, {}
    lieu = lieu_principal(mandataire)
    if lieu is None:
        if not any(adresse.values()):
            return None, {}
        lieu = _nouveau_lieu(mandataire, adresse, principal=True)
        lieu.save()
        return lieu, {"adresse": [None, "ajoutée"]}
    avant = journal.photo(lieu, CHAMPS_ADRESSE)
    for champ in CHAMPS_ADRESSE:
        setattr(lieu, champ, adresse[champ])
    changements = journal.difference(avant, journal.photo(lieu, CHAMPS_ADRESSE))
    if not changements:
        return None, {}
    situer_lieu(lieu)
    lieu.save()
    return lieu, {f"lieu.{champ}": valeurs for champ, valeurs in changements.items()}


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


def _modifier(mandataire: Mandataire, par: Utilisateur, acte: str, **champs) -> Mandataire:
    """Change a few fields, the freshness and the journal; the caller holds the transaction."""
    verrouille = Mandataire.objects.select_for_update().get(pk=mandataire.pk)
    avant = journal.photo(verrouille, champs)
    for champ, valeur in champs.items():
        setattr(verrouille, champ, valeur)
    verrouille.actualise_le = timezone.now()
    verrouille.save(update_fields=[*champs, "actualise_le", "modifie_le"])
    changements = journal.difference(avant, journal.photo(verrouille, champs))
    journal.noter(par=par, acte=acte, objet=verrouille, changements=changements)
    return verrouille


@transaction.atomic
def changer_capacite(*, mandataire: Mandataire, par: Utilisateur, capacite: int | None) -> Mandataire:
    """Set the nombre de mesures souhaitées (0 to CAPACITE_MAX, None: unknown)."""
    return _modifier(mandataire, par, "mandataire.capacite", capacite=capacite)


@transaction.atomic
def confirmer_a_jour(*, mandataire: Mandataire, par: Utilisateur) -> Mandataire:
    """« Tout est à jour »: the mandataire read their information today."""
    return _modifier(mandataire, par, "mandataire.confirmer", verifie_le=timezone.now())


@transaction.atomic
def mettre_en_pause(
    *, mandataire: Mandataire, par: Utilisateur, debut: date, fin: date | None = None, motif: str = ""
) -> Mandataire:
    """Pause the activity from a day to another, both included; the reason is shown to the courts."""
    return _modifier(mandataire, par, "mandataire.pause", pause_debut=debut, pause_fin=fin, pause_motif=motif)


@transaction.atomic
def reprendre(*, mandataire: Mandataire, par: Utilisateur) -> Mandataire:
    """End or cancel the pause."""
    return _modifier(mandataire, par, "mandataire.reprendre", pause_debut=None, pause_fin=None, pause_motif="")


@transaction.atomic
def observer(*, mandataire: Mandataire, par: Utilisateur, texte: str) -> Observation:
    """A note of the author's court on a mandataire, read by that court alone. The same text twice is one observation.

    The journal says that one was written, not what: support reads the journal. Its line is about the observation, so
    that the history of the mandataire does not tell that a court wrote something.
    Raises MembreTribunal.DoesNotExist for somebody of no court.
    """
    membre = MembreTribunal.objects.select_for_update().get(utilisateur=par)  # a double click waits for the first
    deja = Observation.objects.filter(mandataire=mandataire, tribunal=membre.tribunal_id, par=par, texte=texte).first()
    if deja:
        return deja
    observation = Observation.objects.create(
        mandataire=mandataire, tribunal_id=membre.tribunal_id, par=par, texte=texte
    )
    journal.noter(
        par=par,
        acte="observation.ajouter",
        objet=observation,
        changements={"mandataire": [None, mandataire.pk], "tribunal": [None, membre.tribunal_id]},
    )
    return observation


@transaction.atomic
def retirer_observation(*, observation: Observation, par: Utilisateur) -> None:
    """Delete it: nothing of its text is kept anywhere."""
    journal.noter(
        par=par,
        acte="observation.retirer",
        objet=observation,
        changements={"mandataire": [observation.mandataire_id, None], "tribunal": [observation.tribunal_id, None]},
    )
    observation.delete()
