"""The steps of each role, as /pas-a-pas/ tells them. A picture shows where its file exists.

No-break spaces are the template's work (`insecables`)."""

from dataclasses import dataclass
from functools import cache

from django.contrib.staticfiles import finders


@dataclass(frozen=True)
class Etape:
    """One step; `image` is the name of a picture in static/img/pas-a-pas/, without its extension."""

    titre: str
    texte: str
    image: str = ""

    @property
    def fichier(self) -> str:
        """The static path of the picture, or nothing while it has not been made."""
        return _fichier(self.image) if self.image else ""


@dataclass(frozen=True)
class Chemin:
    """What one role does, in order."""

    ancre: str
    titre: str
    resume: str
    etapes: tuple[Etape, ...]


@cache
def _fichier(image: str) -> str:
    chemin = f"img/pas-a-pas/{image}.webp"
    return chemin if finders.find(chemin) else ""


def parcours() -> tuple[Chemin, ...]:
    """Every role's steps."""
    return PARCOURS


PARCOURS = (
    Chemin(
        "mandataire",
        "Mandataire",
        "Individuel, préposé d’établissement ou service : les tribunaux voient votre disponibilité et vous "
        "réservent des mesures.",
        (
            Etape(
                "S’inscrire",
                "Choisissez votre situation, puis donnez votre identité, votre adresse électronique, votre SIRET "
                "ou votre établissement, et tous vos tribunaux d’agrément. Ouvrez ensuite le lien reçu par e-mail.",
                "inscription",
            ),
            Etape(
                "Attendre la validation",
                "L’équipe e-MJPM vérifie chaque demande. Tant que ce n’est pas fait, la connexion vous le dit. "
                "Sa réponse vous est écrite.",
                "attente",
            ),
            Etape(
                "Vérifier vos informations",
                "À la première connexion, ouvrez « Mes informations », puis « Modifier mon profil ». Indiquez le "
                "nombre total de mesures souhaitées, mesures en cours comprises : votre disponibilité apparaît.",
                "mes-informations",
            ),
            Etape(
                "Indiquer vos mesures",
                "Créez-les une par une, ou sélectionnez votre classeur (Excel, LibreOffice ou CSV) dans « Importer ». "
                "L’aperçu montre tout avant d’enregistrer ; chaque erreur dit sa ligne, sa colonne et son remède.",
                "importer",
            ),
            Etape(
                "Répondre aux tribunaux",
                "Une réservation vous est annoncée par e-mail et paraît dans « Mesures en attente ». Validez-la "
                "quand le jugement arrive, avec sa date et le lieu de vie, ou déclinez-la en disant pourquoi.",
                "mesures-en-attente",
            ),
            Etape(
                "Tenir vos mesures à jour",
                "Dans « Mesures en cours », modifiez une mesure ou mettez fin au mandat avec son motif et sa date. "
                "Votre disponibilité suit aussitôt, partout.",
                "mesures-en-cours",
            ),
        ),
    ),
    Chemin(
        "tribunal",
        "Magistrat, greffier",
        "Trouver qui peut prendre une mesure, près de la personne, et la lui réserver.",
        (
            Etape(
                "S’inscrire",
                "Choisissez « Magistrat » ou « Greffier », puis votre tribunal et votre cabinet. L’équipe e-MJPM "
                "valide votre demande et vous écrit.",
                "inscription-tribunal",
            ),
            Etape(
                "Chercher un mandataire",
                "La recherche montre les mandataires habilités à votre tribunal : ceux qui ont de la place, puis "
                "les plus proches. Indiquez la commune ou le code postal où vit la personne pour mesurer les "
                "distances de là.",
                "recherche",
            ),
            Etape(
                "Lire une fiche",
                "Mesures en cours, en attente et souhaitées, date de la dernière mise à jour, coordonnées, lieux "
                "d’exercice, tribunaux d’agrément.",
                "fiche",
            ),
            Etape(
                "Réserver une mesure",
                "Numéro RG, nature, année de naissance, commune : jamais de nom. Si le mandataire est complet ou en "
                "pause, une confirmation vous est demandée. Il est prévenu par e-mail.",
                "reserver",
            ),
            Etape(
                "Suivre la réponse",
                "« Mesures du tribunal » montre chaque réservation : en attente, validée ou déclinée avec son motif. "
                "Tant qu’elle attend, vous pouvez la modifier ou l’annuler.",
                "mesures-tribunal",
            ),
        ),
    ),
    Chemin(
        "agent",
        "Agent de l’État",
        "Connaître l’offre et la demande d’un département, d’une région ou du pays.",
        (
            Etape(
                "S’inscrire",
                "Choisissez « Agent de l’État », puis votre niveau et votre territoire. L’équipe e-MJPM valide votre "
                "demande et vous écrit.",
                "inscription-agent",
            ),
            Etape(
                "Lire la vue d’ensemble",
                "Mandataires par catégorie, mesures en attente et en cours, places disponibles et surcapacité de "
                "votre territoire. La définition de chaque chiffre est écrite à côté de lui.",
                "pilotage",
            ),
            Etape(
                "Passer de la carte au tableau",
                "La carte des départements et le tableau disent la même chose. Ouvrez un territoire pour le détail.",
                "pilotage-carte",
            ),
        ),
    ),
    Chemin(
        "equipe",
        "Équipe e-MJPM",
        "Ouvrir les accès, et eux seuls.",
        (
            Etape(
                "Lire la file des demandes",
                "Dans l’administration, les demandes d’inscription vont de la plus ancienne à la plus récente, avec "
                "le rôle, la validité du SIRET, les tribunaux demandés et les doublons possibles.",
                "support-demandes",
            ),
            Etape(
                "Valider ou refuser",
                "Une par une ou plusieurs à la fois. Un refus porte un motif. La personne reçoit un e-mail dans les "
                "deux cas.",
                "support-demande",
            ),
            Etape(
                "Suivre ce qui s’est passé",
                "Chaque acte laisse une ligne dans le journal : qui, quand, quoi, avant et après.",
                "support-journal",
            ),
        ),
    ),
)
