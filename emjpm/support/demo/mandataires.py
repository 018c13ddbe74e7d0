"""Mandataires placed where people live, habilitated at the courts around."""

import bisect
import datetime
import heapq
import itertools
import random
from dataclasses import dataclass, field
from functools import cached_property

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from emjpm.commun.texte import normaliser
from emjpm.comptes.models import Utilisateur
from emjpm.geographie.distance import entre
from emjpm.geographie.models import Commune
from emjpm.geographie.querysets import nom_de_commune
from mandataires.enums import Competence, Langue, Tendance
from mandataires.models import Atout, Habilitation, Lieu, Mandataire, Membre
from tribunaux.models import Tribunal

from . import numeros
from .noms import ETABLISSEMENTS, NOMS_DE_SERVICES, PRENOMS, nom_de_famille

LOT = 2000


@dataclass
class Territoire:
    """Where people live, and which courts are around: read once."""

    communes: list[Commune]
    tribunaux: list[Tribunal]

    @classmethod
    def lire(cls) -> "Territoire":
        communes = (
            Commune.objects.filter(population__gt=0)
            .exclude(insee__in=["75056", "13055", "69123"])  # their arrondissements are in the list
            .prefetch_related("codes_postaux")
            .select_related("departement")
            .order_by("insee")
        )
        tribunaux = Tribunal.objects.ouverts().select_related("commune").order_by("code")
        return cls(list(communes), list(tribunaux))

    @cached_property
    def _poids(self) -> list[int]:
        return list(itertools.accumulate(c.population for c in self.communes))

    @cached_property
    def par_departement(self) -> dict[str, list[Commune]]:
        groupes: dict[str, list[Commune]] = {}
        for commune in self.communes:
            groupes.setdefault(commune.departement_id, []).append(commune)
        return groupes

    @cached_property
    def _proches(self) -> dict[str, list[Tribunal]]:
        return {}

    def commune_au_hasard(self, hasard: random.Random) -> Commune:
        """A commune, drawn by population."""
        return self.communes[bisect.bisect(self._poids, hasard.randrange(self._poids[-1]))]

    def tribunaux_proches(self, commune: Commune, nombre: int) -> list[Tribunal]:
        """The courts nearest to a commune, at most five."""
        if commune.insee not in self._proches:
            self._proches[commune.insee] = heapq.nsmallest(
                5,
                self.tribunaux,
                key=lambda t: entre(commune.latitude, commune.longitude, t.commune.latitude, t.commune.longitude),
            )
        return self._proches[commune.insee][:nombre]


@dataclass
class Fiche:
    """A mandataire and what goes with it, before anything is written."""

    utilisateur: Utilisateur
    mandataire: Mandataire
    lieux: list[Lieu]
    tribunaux: list[Tribunal]
    atouts: list[str] = field(default_factory=list)


DU_PAYS = {
    **dict.fromkeys(("67", "68"), (Langue.ALSACIEN, Langue.ALLEMAND)),
    "57": (Langue.ALLEMAND, Langue.LUXEMBOURGEOIS),
    **dict.fromkeys(("22", "29", "35", "56"), (Langue.BRETON,)),
    "64": (Langue.BASQUE, Langue.ESPAGNOL),
    **dict.fromkeys(("2A", "2B"), (Langue.CORSE, Langue.ITALIEN)),
    **dict.fromkeys(("971", "972", "973", "974"), (Langue.CREOLE,)),
    **dict.fromkeys(("59", "62"), (Langue.NEERLANDAIS, Langue.POLONAIS)),
    **dict.fromkeys(("66", "31", "09"), (Langue.ESPAGNOL,)),
}
"""What is spoken in a département besides French."""
D_AILLEURS = (Langue.ANGLAIS, Langue.ANGLAIS, Langue.ARABE, Langue.PORTUGAIS, Langue.ESPAGNOL, Langue.LSF, Langue.TURC)
PREFERENCES = ("Tutelles et curatelles renforcées", "Personnes à domicile", "Personnes en établissement",
               "Toutes natures de mesures")  # fmt: skip


def dire_sa_pratique(fiche: Fiche, rang: int, commune: Commune) -> None:
    """Two in three say something of their practice. Its own draw: the rest of the demo does not depend on it."""
    hasard = random.Random(f"pratique {rang}")  # noqa: S311
    if hasard.random() > 0.66:
        return
    m = fiche.mandataire
    m.secteur = hasard.choice([f"{commune.nom} et ses environs", f"30 km autour de {commune.nom}", ""])
    m.preferences = hasard.choice([*PREFERENCES, "", ""])
    m.tendance = hasard.choice([*Tendance.values, "", ""])
    langues = [langue for langue in DU_PAYS.get(commune.departement_id, ()) if hasard.random() < 0.5]
    langues += [langue for langue in (hasard.choice(D_AILLEURS),) if hasard.random() < 0.4]
    fiche.atouts = [*dict.fromkeys(langues), *hasard.sample(Competence.values, hasard.choice([0, 1, 1, 2, 3]))]


def lieu(hasard: random.Random, commune: Commune, **champs) -> Lieu:
    """A place of practice, not saved: seven in eight at an address near the commune's point, else that point."""
    code = min((c.code for c in commune.codes_postaux.all()), default="")
    situe = not commune.point_approximatif and hasard.random() < 0.875
    ecart = (lambda: hasard.gauss(0, 0.006)) if situe else (lambda: 0)
    return Lieu(
        commune=commune,
        code_postal=code,
        latitude=round(commune.latitude + ecart(), 5),
        longitude=round(commune.longitude + ecart(), 5),
        precision=Lieu.Precision.ADRESSE if situe else Lieu.Precision.COMMUNE,
        **champs,
    )


def fiche(hasard: random.Random, rang: int, territoire: Territoire, commune: Commune) -> Fiche:
    """The rang-th mandataire of the demo: 70 % individuels, 15 % préposés, 15 % services."""
    categorie = hasard.choices(["individuel", "prepose", "service"], [70, 15, 15])[0]
    civilite = hasard.choice(["madame", "monsieur"])
    prenom, nom = hasard.choice(PRENOMS[civilite]), nom_de_famille(hasard)
    capacite = {"individuel": (15, 60), "prepose": (15, 50), "service": (60, 260)}[categorie]
    nombre_de_tribunaux = {"individuel": (1, 3), "prepose": (1, 1), "service": (2, 4)}[categorie]
    lieux = [lieu(hasard, commune, principal=True, adresse=f"{hasard.randint(1, 80)} rue de la Fontaine")]
    affiche = f"{prenom} {nom}"
    if categorie == "prepose":
        lieux[0].nom = hasard.choice(ETABLISSEMENTS).format(commune.nom)
        lieux[0].finess = numeros.finess(commune.departement_id, rang)
    if categorie == "service":
        affiche = hasard.choice(NOMS_DE_SERVICES).format(commune.nom)
        voisines = [c for c in territoire.par_departement[commune.departement_id] if c.population > 4000]
        lieux[0].nom = f"Antenne de {commune.nom}"
        lieux += [
            lieu(hasard, c, nom=f"Antenne de {c.nom}")
            for c in hasard.sample(voisines, min(len(voisines), hasard.randint(0, 3)))
            if c != commune
        ]
    aujourdhui = timezone.now()
    pause = hasard.random() < 0.03
    jour = timezone.localdate()
    reprise = jour + datetime.timedelta(days=hasard.randint(10, 90)) if hasard.random() < 0.7 else None
    resultat = Fiche(
        utilisateur=Utilisateur(
            email=f"demo{rang:04d}@exemple.fr", civilite=civilite, prenom=prenom, nom=nom, role=categorie,
            statut=Utilisateur.Statut.VALIDE, password=make_password(None),
        ),
        mandataire=Mandataire(
            categorie=categorie, nom=affiche, nom_normalise=normaliser(affiche),
            siret="" if categorie == "prepose" else numeros.siret(rang),
            telephone=numeros.telephone(rang), courriel=f"contact{rang:04d}@exemple.fr",
            capacite=None if hasard.random() < 0.05 else hasard.randint(*capacite),
            pause_debut=jour - datetime.timedelta(days=hasard.randint(1, 40)) if pause else None,
            pause_fin=reprise if pause else None,
            pause_motif=hasard.choice(["Congé", "Formation", ""]) if pause else "",
            verifie_le=aujourdhui,
            actualise_le=aujourdhui - datetime.timedelta(days=min(400, int(hasard.expovariate(1 / 30)))),
        ),
        lieux=lieux,
        tribunaux=territoire.tribunaux_proches(commune, hasard.randint(*nombre_de_tribunaux)),
    )  # fmt: skip
    dire_sa_pratique(resultat, rang, commune)
    return resultat


def ecrire(fiches: list[Fiche]) -> None:
    """Everything in a few bulk inserts, accounts verified."""
    Utilisateur.objects.bulk_create([f.utilisateur for f in fiches], LOT)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=f.utilisateur, email=f.utilisateur.email, verified=True, primary=True) for f in fiches], LOT
    )
    Mandataire.objects.bulk_create([f.mandataire for f in fiches], LOT)
    for f in fiches:
        for un_lieu in f.lieux:
            un_lieu.mandataire = f.mandataire
            un_lieu.nom_normalise = nom_de_commune(un_lieu.nom)
    Lieu.objects.bulk_create([un_lieu for f in fiches for un_lieu in f.lieux], LOT)
    Membre.objects.bulk_create(
        [Membre(utilisateur=f.utilisateur, mandataire=f.mandataire, administrateur=True) for f in fiches], LOT
    )
    Habilitation.objects.bulk_create(
        [Habilitation(mandataire=f.mandataire, tribunal=t) for f in fiches for t in dict.fromkeys(f.tribunaux)], LOT
    )
    Atout.objects.bulk_create([Atout(mandataire=f.mandataire, cle=cle) for f in fiches for cle in f.atouts], LOT)


def fiches(hasard: random.Random, nombre: int, territoire: Territoire) -> list[Fiche]:
    """`nombre` mandataires by population, then so that no court is without at least three."""
    liste = [fiche(hasard, rang, territoire, territoire.commune_au_hasard(hasard)) for rang in range(1, nombre + 1)]
    servis = {t.pk: 0 for t in territoire.tribunaux}
    for f in liste:
        for t in f.tribunaux:
            servis[t.pk] += 1
    for tribunal in territoire.tribunaux:
        manque = 3 - servis[tribunal.pk]
        if manque > 0:
            siege = tribunal.commune
            proches = sorted(
                (f for f in liste if tribunal not in f.tribunaux),
                key=lambda f: entre(siege.latitude, siege.longitude, f.lieux[0].latitude, f.lieux[0].longitude),
            )
            for f in proches[:manque]:
                f.tribunaux.append(tribunal)
    return liste
