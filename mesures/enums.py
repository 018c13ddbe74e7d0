"""The words of a mesure: stored key → label (docs/lexique.md), and the table of its transitions (docs/etats.md)."""

from django.db.models import TextChoices


class Statut(TextChoices):
    EN_ATTENTE = "en_attente", "En attente"
    EN_COURS = "en_cours", "En cours"
    ETEINTE = "eteinte", "Éteinte"
    # A reservation that led nowhere. It never became a mesure: it counts in no figure, but it is not forgotten.
    DECLINEE = "declinee", "Déclinée"
    ANNULEE = "annulee", "Annulée"
    # A renewal the mandataire validated: it lives on in the mesure it renewed.
    RENOUVELEE = "renouvelee", "Renouvellement validé"


VIVANTES = (Statut.EN_ATTENTE, Statut.EN_COURS)
"""A reservation or a mandate that still goes on. What takes a place is narrower: `MesureQuerySet.comptees`."""

TRANSITIONS: dict[str, tuple[Statut | None, Statut]] = {
    "reserver": (None, Statut.EN_ATTENTE),
    "creer": (None, Statut.EN_COURS),
    "importer": (None, Statut.EN_COURS),
    "valider": (Statut.EN_ATTENTE, Statut.EN_COURS),
    "renouveler": (Statut.EN_ATTENTE, Statut.RENOUVELEE),
    "decliner": (Statut.EN_ATTENTE, Statut.DECLINEE),
    "annuler": (Statut.EN_ATTENTE, Statut.ANNULEE),
    "eteindre": (Statut.EN_COURS, Statut.ETEINTE),
    "rouvrir": (Statut.ETEINTE, Statut.EN_COURS),
}
"""act → (from, to). The other acts change no state; docs/etats.md says who may do what."""


class Nature(TextChoices):
    """Civil code art. 425 s.; CASF art. L. 271-1 (MAJ)."""

    CURATELLE_SIMPLE = "curatelle_simple", "Curatelle simple"
    CURATELLE_RENFORCEE = "curatelle_renforcee", "Curatelle renforcée"
    TUTELLE = "tutelle", "Tutelle"
    SAUVEGARDE_JUSTICE = "sauvegarde_justice", "Sauvegarde de justice avec mandat spécial"
    MAJ = "mesure_accompagnement_judiciaire", "Mesure d’accompagnement judiciaire (MAJ)"
    SUBROGE_CURATEUR = "subroge_curateur", "Subrogé curateur"
    SUBROGE_TUTEUR = "subroge_tuteur", "Subrogé tuteur"
    MANDAT_PROTECTION_FUTURE = "mandat_protection_future", "Mandat de protection future"
    AD_HOC = "mesure_ad_hoc", "Mesure ad hoc"


ECHELLES = (
    (Nature.MAJ, Nature.SAUVEGARDE_JUSTICE, Nature.CURATELLE_SIMPLE, Nature.CURATELLE_RENFORCEE, Nature.TUTELLE),
    (Nature.SUBROGE_CURATEUR, Nature.SUBROGE_TUTEUR),
)
"""Natures a judge may put in the place of one another, the lightest first (CC 442); the others stand alone."""


class Champ(TextChoices):
    BIEN = "protection_bien", "aux biens"
    PERSONNE = "protection_personne", "à la personne"
    BIEN_PERSONNE = "protection_bien_personne", "aux biens et à la personne"


class LieuVie(TextChoices):
    DOMICILE = "domicile", "Domicile"
    ETABLISSEMENT = "etablissement", "Établissement"
    ETABLISSEMENT_DOMICILE = (
        "etablissement_conservation_domicile",
        "Établissement avec conservation du domicile",
    )
    SDF = "sdf", "Sans domicile fixe"


EN_ETABLISSEMENT = (LieuVie.ETABLISSEMENT, LieuVie.ETABLISSEMENT_DOMICILE)


class TypeEtablissement(TextChoices):
    PERSONNES_AGEES = "personnes_agees", "Personnes âgées"
    PERSONNES_HANDICAPEES = "personnes_handicapees", "Personnes handicapées"
    HOSPITALIER = "hospitalier", "Hospitalier"
    PSYCHIATRIQUE = "psychiatrique", "Psychiatrique"
    AUTRE_SOCIAL = "autre_social", "Autre établissement social ou médico-social"
    AUTRE = "autre", "Autre"


class MotifFin(TextChoices):
    MAINLEVEE = "mainlevee", "Mainlevée"
    DECES = "deces", "Décès"
    CADUCITE = "caducite", "Caducité"
    DESSAISISSEMENT_FAMILLE = "dessaisissement_famille", "Dessaisissement en faveur de la famille"
    DESSAISISSEMENT_AUTRE_MJPM = "dessaisissement_autre_mjpm", "Dessaisissement en faveur d’un autre MJPM"


class MotifDeclin(TextChoices):
    PLUS_DE_PLACE = "plus_de_place", "Je n’ai plus de place"
    TROP_ELOIGNE = "trop_eloigne", "Trop éloigné"
    CONFLIT = "conflit", "Conflit d’intérêts"
    ABSENCE = "absence", "Absence ou congé"
    AUTRE = "autre", "Autre raison"


class GenreEvolution(TextChoices):
    """What may happen to a running mesure: a dated event on it, never a new one (domain.md §2)."""

    RECONDUCTION = "reconduction", "Reconduction"
    AGGRAVATION = "aggravation", "Aggravation"
    ALLEGEMENT = "allegement", "Allègement"
    LIEU_VIE = "lieu_vie", "Lieu de vie"
    CHAMP = "champ", "Champ"

    @property
    def nom(self) -> str:
        """Inside a sentence: « l’aggravation », « le changement de lieu de vie »."""
        return {
            GenreEvolution.RECONDUCTION: "la reconduction",
            GenreEvolution.AGGRAVATION: "l’aggravation",
            GenreEvolution.ALLEGEMENT: "l’allègement",
            GenreEvolution.LIEU_VIE: "le changement de lieu de vie",
            GenreEvolution.CHAMP: "le changement de champ",
        }[self]

    @property
    def titre(self) -> str:
        """As a title: « Aggravation », « Changement de lieu de vie »."""
        titre = self.nom.removeprefix("l’").removeprefix("la ").removeprefix("le ")
        return titre[:1].upper() + titre[1:]

    @property
    def accord(self) -> str:
        """« e » after a feminine: aggravation notée, allègement noté."""
        return "e" if self in {GenreEvolution.RECONDUCTION, GenreEvolution.AGGRAVATION} else ""

    @property
    def decidee(self) -> bool:
        """Is it a judge's decision? A change of home is not."""
        return self != GenreEvolution.LIEU_VIE


class Pays(TextChoices):
    FRANCE = "FR", "France"
    BELGIQUE = "BE", "Belgique"


class Prestation(TextChoices):
    AAH = "AAH", "AAH"
    ALS = "ALS", "ALS"
    APA = "APA", "APA"
    APL = "APL", "APL"
    ASI = "ASI", "ASI"
    ASPA = "ASPA", "ASPA"
    PCH = "PCH", "PCH"
    RSA = "RSA", "RSA"
