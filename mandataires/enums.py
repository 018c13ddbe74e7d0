"""What a mandataire says of their practice: the keys courts search by (needs.md: languages, sign language, skills)."""

from django.db.models import TextChoices


class Langue(TextChoices):
    """Languages spoken with the adults, French apart. ISO 639-3 keys."""

    LSF = "fsl", "Langue des signes française"
    ALLEMAND = "deu", "Allemand"
    ALSACIEN = "gsw", "Alsacien"
    ANGLAIS = "eng", "Anglais"
    ARABE = "ara", "Arabe"
    ARMENIEN = "hye", "Arménien"
    BASQUE = "eus", "Basque"
    BERBERE = "ber", "Berbère"
    BRETON = "bre", "Breton"
    CHINOIS = "zho", "Chinois"
    CORSE = "cos", "Corse"
    CREOLE = "cpf", "Créole"
    ESPAGNOL = "spa", "Espagnol"
    ITALIEN = "ita", "Italien"
    LUXEMBOURGEOIS = "ltz", "Luxembourgeois"
    NEERLANDAIS = "nld", "Néerlandais"
    POLONAIS = "pol", "Polonais"
    PORTUGAIS = "por", "Portugais"
    ROUMAIN = "ron", "Roumain"
    RUSSE = "rus", "Russe"
    TAMOUL = "tam", "Tamoul"
    TURC = "tur", "Turc"
    UKRAINIEN = "ukr", "Ukrainien"
    VIETNAMIEN = "vie", "Vietnamien"


class Competence(TextChoices):
    """What a file may ask beyond the ordinary."""

    ADDICTIONS = "addictions", "Addictions"
    AUTISME = "autisme", "Autisme et déficience intellectuelle"
    ETRANGERS = "etrangers", "Droit des étrangers"
    DETENTION = "detention", "Détention"
    ENTREPRISE = "entreprise", "Entreprise ou exploitation agricole"
    TRANSFRONTALIER = "transfrontalier", "Dossiers transfrontaliers"
    PRECARITE = "precarite", "Grande précarité, sans domicile"
    MEMOIRE = "memoire", "Maladies de la mémoire"
    PATRIMOINE = "patrimoine", "Patrimoine important"
    PSYCHIQUE = "psychique", "Handicap psychique"
    SUCCESSION = "succession", "Successions"
    SURENDETTEMENT = "surendettement", "Surendettement"
    VIOLENCES = "violences", "Victimes de violences"


class Tendance(TextChoices):
    """Where the activity is going, in the mandataire's own words of choice."""

    CROISSANCE = "croissance", "Souhaite davantage de mesures"
    STABLE = "stable", "Activité stable"
    REDUCTION = "reduction", "Réduit peu à peu son activité"


ATOUTS = {**dict(Langue.choices), **dict(Competence.choices)}
"""Key → words, languages and skills together: what one field of the search asks."""
