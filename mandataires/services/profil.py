"""Writing a mandataire's profile: each act in one transaction, with its line of journal."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.texte import normaliser
from emjpm.comptes.models import Utilisateur
from tribunaux.models import Tribunal

from ..enums import ATOUTS
from ..models import Atout, Habilitation, Lieu, Mandataire
from .commun import ActeImpossible, actualiser, verrouiller
from .lieux import CHAMPS_ADRESSE, CHAMPS_MONTRES, deplacer_principal, lieu_principal, nouveau_lieu

CHANGE_ENTRE_TEMPS = (
    "Ces informations ont été modifiées depuis que vous avez ouvert la page. "
    "Votre saisie est gardée : vérifiez-la, puis enregistrez à nouveau."
)
CHAMPS_PROFIL = [
    "nom",
    "siret",
    "telephone",
    "telephone_portable",
    "courriel",
    "partage_courriel",
    "capacite",
    "pause_debut",
    "pause_fin",
    "pause_motif",
    "secteur",
    "preferences",
    "tendance",
]


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
        nouveau_lieu(mandataire, champs, principal=rang == 0).save()
    cours = list({t.pk: t for t in tribunaux}.values())
    Habilitation.objects.bulk_create(Habilitation(mandataire=mandataire, tribunal=t) for t in cours)
    journal.noter(
        par=par,
        acte="mandataire.creer",
        objet=mandataire,
        changements={"categorie": [None, categorie], "tribunaux": [None, [t.code for t in cours]]},
    )
    return mandataire


def atouts_de(mandataire: Mandataire) -> list[str]:
    """The keys of its languages and skills, in the order of enums.ATOUTS."""
    siens = set(mandataire.atouts.values_list("cle", flat=True))
    return [cle for cle in ATOUTS if cle in siens]


def empreinte(mandataire: Mandataire, lieu: Lieu | None) -> str:
    """A short mark of what the profile form shows: it differs when somebody saved in between."""
    valeurs = {c: str(v) for c, v in journal.photo(mandataire, CHAMPS_PROFIL).items()}
    valeurs["atouts"] = str(atouts_de(mandataire))
    if lieu:
        valeurs |= {f"lieu.{c}": str(v) for c, v in journal.photo(lieu, [*CHAMPS_ADRESSE, *CHAMPS_MONTRES]).items()}
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
    version: str = "",
) -> Lieu | None:
    """Save what the form gave. `profil`: some of CHAMPS_PROFIL; `atouts`: all the keys of languages and skills (None:
    unchanged); `adresse`: CHAMPS_ADRESSE and CHAMPS_MONTRES of the main place; `personne`: prenom and nom of the
    account, for those who are one person; `version`: the `empreinte` the form was drawn from.

    Returns the main place when it moved (its position is then the commune's), else None. Raises ActeImpossible when
    somebody saved in between.
    """
    mandataire = verrouiller(mandataire)
    if version and version != empreinte(mandataire, lieu_principal(mandataire)):
        raise ActeImpossible(CHANGE_ENTRE_TEMPS)
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
    lieu, changements_lieu = deplacer_principal(mandataire, adresse)
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


def _modifier(mandataire: Mandataire, par: Utilisateur, acte: str, **champs) -> Mandataire:
    """Change a few fields, the freshness and the journal; the caller holds the transaction."""
    verrouille = verrouiller(mandataire)
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
def revenir(*, mandataire: Mandataire, par: Utilisateur) -> None:
    """Back in the searches: everybody had left it (mesures.services.fermeture), and somebody answers for it again.

    Raises ActeImpossible. Whoever asked for their account to be closed takes the request back themself.
    """
    mandataire = verrouiller(mandataire)
    if mandataire.retire_le is None:
        raise ActeImpossible(f"{mandataire} n’est pas retiré des recherches.")
    if not mandataire.membres.filter(
        utilisateur__statut=Utilisateur.Statut.VALIDE,
        utilisateur__is_active=True,
        utilisateur__fermeture_demandee_le=None,
    ).exists():
        raise ActeImpossible(f"{mandataire} n’a aucun compte ouvert qui reste : personne n’y répondrait.")
    avant, mandataire.retire_le = mandataire.retire_le, None
    mandataire.save(update_fields=["retire_le", "modifie_le"])
    journal.noter(par=par, acte="mandataire.revenir", objet=mandataire, changements={"retire_le": [avant, None]})


@transaction.atomic
def reprendre(*, mandataire: Mandataire, par: Utilisateur) -> Mandataire:
    """End or cancel the pause."""
    return _modifier(mandataire, par, "mandataire.reprendre", pause_debut=None, pause_fin=None, pause_motif="")


@transaction.atomic
def detailler_capacite(*, mandataire: Mandataire, par: Utilisateur, capacites: dict[str, int | None]) -> bool:
    """At most how many mesures in each département (code → number, None: not told). True when something changed.

    A detail of the one capacity, which it never replaces: nothing is summed into it.
    """
    mandataire = verrouiller(mandataire)
    avant = dict(mandataire.capacites.values_list("departement", "capacite"))
    apres = {code: n for code, n in {**avant, **capacites}.items() if n is not None}
    if avant == apres:
        return False
    mandataire.capacites.exclude(departement__in=apres).delete()
    for code, capacite in apres.items():
        if avant.get(code) != capacite:
            mandataire.capacites.update_or_create(departement_id=code, defaults={"capacite": capacite})
    actualiser(mandataire)
    codes = sorted(avant.keys() | apres.keys())
    changements = {code: [avant.get(code), apres.get(code)] for code in codes if avant.get(code) != apres.get(code)}
    journal.noter(par=par, acte="mandataire.capacite_departements", objet=mandataire, changements=changements)
    return True
