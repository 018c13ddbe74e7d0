"""The named accounts of the demo and the stories they begin in."""

import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from emjpm.commun.texte import normaliser
from emjpm.comptes.demo import MOT_DE_PASSE_DEMO
from emjpm.comptes.models import Perimetre, Role, Utilisateur
from emjpm.geographie.models import Commune
from emjpm.inscriptions.models import DemandeInscription, EtablissementDeclare
from mandataires.enums import Competence, Langue, Tendance
from mandataires.models import Lieu, Mandataire, Observation
from mesures.enums import MotifDeclin, Nature, Statut
from mesures.models import Mesure
from mesures.numero_rg import forme_normale
from tribunaux.models import MembreTribunal, Tribunal

from ..groupes import GROUPE_SUPPORT
from . import numeros
from .mandataires import Fiche, lieu
from .noms import PRENOMS, nom_de_famille


class Comptes:
    """Builds the accounts; one hash serves them all (the password is public)."""

    def __init__(self, hasard):
        self.hasard = hasard
        self.hache = make_password(MOT_DE_PASSE_DEMO)
        self.metz = Tribunal.objects.get(code="tj-metz")
        self.ville = Commune.objects.prefetch_related("codes_postaux").get(insee="57463")

    def utilisateur(self, nom_du_compte: str, civilite: str, prenom: str, nom: str, role: str, **champs) -> Utilisateur:
        """An account of the demo, not saved."""
        return Utilisateur(
            email=f"{nom_du_compte}@exemple.fr", civilite=civilite, prenom=prenom, nom=nom, role=role,
            **{"statut": Utilisateur.Statut.VALIDE, "password": self.hache, **champs},
        )  # fmt: skip

    def lieu(self, commune: Commune, **champs) -> Lieu:
        return lieu(self.hasard, commune, **champs)

    def mandataires(self) -> list[Fiche]:
        """mandataire@, prepose@, service@ (with antennes) and nouveau@ (nothing entered yet), all at Metz."""
        voisins = list(Tribunal.objects.filter(code__in=["tj-thionville", "tprx-saint-avold"]))
        communes = {c.insee: c for c in Commune.objects.filter(insee__in=["57463", "57672", "57606"])
                    .prefetch_related("codes_postaux")}  # fmt: skip
        maintenant = timezone.now()

        def fiche(
            compte, civilite, prenom, nom, categorie, affiche, rang, capacite, tribunaux, lieux, *, atouts=(), **champs
        ):
            return Fiche(
                self.utilisateur(compte, civilite, prenom, nom, categorie),
                Mandataire(
                    categorie=categorie, nom=affiche, nom_normalise=normaliser(affiche), capacite=capacite,
                    siret="" if categorie == "prepose" else numeros.siret(rang), telephone=numeros.telephone(rang),
                    courriel=f"{compte}@exemple.fr",
                    **{"verifie_le": maintenant, "actualise_le": maintenant - datetime.timedelta(days=21), **champs},
                ),
                lieux, tribunaux, list(atouts),
            )  # fmt: skip

        metz, thionville, saint_avold = (communes[i] for i in ("57463", "57672", "57606"))
        return [
            fiche("mandataire", "madame", "Camille", "Bellerive", "individuel", "Camille Bellerive", 990001, 40,
                  [self.metz, *voisins], [self.lieu(metz, principal=True, adresse="12 rue des Trois Boulangers")],
                  secteur="Metz, Thionville et la vallée de l’Orne", preferences="Tutelles et curatelles renforcées",
                  atouts=[Langue.ALLEMAND, Langue.LUXEMBOURGEOIS, Competence.TRANSFRONTALIER, Competence.SUCCESSION]),
            fiche("prepose", "madame", "Colombe", "Douxruisseau", "prepose", "Colombe Douxruisseau", 990002, 35,
                  [self.metz], [self.lieu(metz, principal=True, nom="EHPAD Les Glycines",
                                      finess=numeros.finess("57", 990002))],
                  tendance=Tendance.STABLE, atouts=[Competence.MEMOIRE]),
            fiche("service", "monsieur", "Samuel", "Rochefeinte", "service", "Service mandataire Les Trois Ponts",
                  990003, 260, [self.metz, *voisins],
                  [self.lieu(metz, principal=True, nom="Antenne de Metz", adresse="3 quai Félix Maréchal",
                             capacite=140),
                   self.lieu(thionville, nom="Antenne de Thionville", capacite=80),
                   self.lieu(saint_avold, nom="Antenne de Saint-Avold")],
                  secteur="Toute la Moselle", preferences="Toutes natures de mesures", tendance=Tendance.CROISSANCE,
                  atouts=[Langue.LSF, Langue.ALLEMAND, Langue.ITALIEN, Competence.PSYCHIQUE]),
            fiche("nouveau", "monsieur", "Étienne", "Largeombre", "individuel", "Étienne Largeombre", 990004, None,
                  [self.metz], [self.lieu(metz, principal=True, adresse="5 rue Serpenoise")],
                  verifie_le=None, actualise_le=None),
        ]  # fmt: skip

    def tribunal_et_etat(self) -> dict[str, Utilisateur]:
        """magistrat@, greffier@, agent@ and support@."""
        gens = {
            "magistrat": self.utilisateur("magistrat", "madame", "Agathe", "Rivemorte", Role.MAGISTRAT),
            "greffier": self.utilisateur("greffier", "monsieur", "Rémi", "Hautbuisson", Role.GREFFIER),
            "agent": self.utilisateur("agent", "madame", "Odile", "Montfiction", Role.DIRECTION),
            "support": self.utilisateur("support", "monsieur", "Basile", "Clairsentier", Role.SUPPORT, is_staff=True),
        }
        for compte in gens.values():
            compte.save()
            EmailAddress.objects.create(user=compte, email=compte.email, verified=True, primary=True)
        MembreTribunal.objects.create(utilisateur=gens["magistrat"], tribunal=self.metz, cabinet="2")
        MembreTribunal.objects.create(utilisateur=gens["greffier"], tribunal=self.metz)
        Perimetre.objects.create(utilisateur=gens["agent"], niveau=Perimetre.Niveau.NATIONAL)
        gens["support"].groups.add(Group.objects.get(name=GROUPE_SUPPORT))
        return gens

    def demandes(self) -> None:
        """attente@ and ten more in the queue of the support, some of them doubtful."""
        maintenant = timezone.now()
        deja = Mandataire.objects.exclude(siret="").order_by("pk").first()
        cas = [("attente", "individuel", numeros.siret(991000), True)]
        cas += [(f"demande{i}", "individuel", numeros.siret(991000 + i), True) for i in range(1, 5)]
        cas += [("demande5", "individuel", deja.siret, True), ("demande6", "individuel", numeros.siret(991006), False),
                ("demande7", "prepose", "", True), ("demande8", "magistrat", "", True),
                ("demande9", "service", numeros.siret(991009), True)]  # fmt: skip
        for rang, (compte, role, siret, verifiee) in enumerate(cas):
            civilite = self.hasard.choice(["madame", "monsieur"])
            prenom, nom = self.hasard.choice(PRENOMS[civilite]), nom_de_famille(self.hasard)
            depose = maintenant - datetime.timedelta(days=9 - rang, hours=rang)
            personne = self.utilisateur(
                compte, civilite, prenom, nom, role, statut=Utilisateur.Statut.EN_ATTENTE, cree_le=depose,
                date_joined=depose,
            )  # fmt: skip
            personne.save()
            EmailAddress.objects.create(user=personne, email=personne.email, verified=verifiee, primary=True)
            est_mandataire = role in {"individuel", "prepose", "service"}
            demande = DemandeInscription.objects.create(
                utilisateur=personne, role=role, siret=siret, cree_le=depose,
                telephone=numeros.telephone(991000 + rang) if est_mandataire else "",
                adresse="8 place Saint-Louis" if est_mandataire else "",
                code_postal="57000" if est_mandataire else "", commune=self.ville if est_mandataire else None,
                tribunal=None if est_mandataire else self.metz, cabinet="" if est_mandataire else "1",
                nom_service="Association tutélaire du Val Clair" if role == "service" else "",
                capacite=30 if role == "individuel" else None,
            )  # fmt: skip
            if est_mandataire:
                demande.tribunaux.add(self.metz)
            if role == "prepose":
                EtablissementDeclare.objects.create(
                    demande=demande, nom="Centre hospitalier du Val", finess=numeros.finess("57", 991007),
                    code_postal="57000", commune=self.ville,
                )  # fmt: skip


def reservations_du_magistrat(magistrat: Utilisateur, mandataire: Mandataire, voisins: list[Mandataire]) -> None:
    """What magistrat@ follows: waiting ones (one urgent, one reminded, one unanswered for 34 days), a declined one."""
    maintenant, metz = timezone.now(), magistrat.membre_tribunal.tribunal
    ville = Commune.objects.get(insee="57463")

    def reserver(rg, qui, jours, **champs):
        return Mesure.objects.create(**{
            "mandataire": qui, "tribunal": metz, "cabinet": "2", "statut": Statut.EN_ATTENTE, "numero_rg": rg,
            "rg_normal": forme_normale(rg), "nature": Nature.CURATELLE_RENFORCEE, "civilite": "monsieur",
            "annee_naissance": 1959, "commune": ville, "code_postal": "57000", "reserve_par": magistrat,
            "reserve_le": maintenant - datetime.timedelta(days=jours),
            "date_previsionnelle": timezone.localdate() + datetime.timedelta(days=12 - jours), **champs,
        })  # fmt: skip

    def rappele(*jours):
        """The reminders already sent, so many days ago: at 15 days, then at 30."""
        return {champ: maintenant - datetime.timedelta(days=j)
                for champ, j in zip(("rappel_15_le", "rappel_30_le"), jours, strict=False)}  # fmt: skip

    lignes = [
        reserver("26B00731", mandataire, 5, nature=Nature.TUTELLE, civilite="madame", annee_naissance=1947,
                 urgence=True, message="Logement à vider avant la fin du mois : merci d’appeler le greffe."),
        reserver("26A00541", mandataire, 34, annee_naissance=1972, **rappele(19, 4)),
        reserver("26B00588", mandataire, 20, nature=Nature.CURATELLE_SIMPLE, annee_naissance=1988, **rappele(5)),
        reserver("26B00702", voisins[0], 8, statut=Statut.DECLINEE, motif_declin=MotifDeclin.CONFLIT,
                 precision_cloture="Je connais la famille de la personne.",
                 clos_le=maintenant - datetime.timedelta(days=3)),
        reserver("26C00097", voisins[1], 2, civilite="madame", annee_naissance=1935),
    ]  # fmt: skip
    Evenement.objects.bulk_create(journal.evenement(par=magistrat, acte="mesure.reserver", objet=m) for m in lignes)
    for ligne in lignes:
        Evenement.objects.sur(ligne).filter(acte="mesure.reserver").update(le=ligne.reserve_le)
        for jours, quand in ((15, ligne.rappel_15_le), (30, ligne.rappel_30_le)):
            if quand:
                rappel = journal.evenement(par=None, acte="mesure.rappeler", objet=ligne, changements={"jours": jours})
                rappel.le = quand
                rappel.save()


def observations_du_tribunal(magistrat: Utilisateur, greffier: Utilisateur, mandataires: list[Mandataire]) -> None:
    """What the court of magistrat@ notes on two mandataires: the first by both, the second by the greffe."""
    maintenant, metz = timezone.now(), magistrat.membre_tribunal.tribunal
    premier, second = mandataires
    lignes = [
        (premier, magistrat, 82, "Préfère être appelée avant une réservation urgente."),
        (premier, greffier, 255, "Bonne connaissance des dossiers transfrontaliers."),
        (second, greffier, 40, "Joindre l’antenne la plus proche plutôt que le siège."),
    ]
    Observation.objects.bulk_create(
        Observation(mandataire=qui, tribunal=metz, par=par, texte=texte, le=maintenant - datetime.timedelta(days=jours))
        for qui, par, jours, texte in lignes
    )


def lieux_par_mandataire(mandataires: list[Mandataire]) -> dict[int, list[Lieu]]:
    """Antennes of the services: what a mesure may be attached to."""
    antennes: dict[int, list[Lieu]] = {}
    for antenne in Lieu.objects.filter(mandataire__in=mandataires, mandataire__categorie="service"):
        antennes.setdefault(antenne.mandataire_id, []).append(antenne)
    return antennes
