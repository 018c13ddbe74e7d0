"""The words people write, as data: one line more here teaches the import a new one (each line is tested).

Everything is compared after emjpm.commun.texte.normaliser: lower case, no accent, no punctuation.
"""

from emjpm.commun.texte import normaliser
from mesures.enums import Champ, LieuVie, Nature, TypeEtablissement

# --- What stands for « nothing » ------------------------------------------------------------------
VIDES = frozenset(
    "|na|n a|neant|nc|n c|nr|n r|ns|null|none|nan|vide|inconnu|inconnue|non renseigne|non renseignee|non connu|"
    "non communique|sans objet|so|s o|aucun|aucune|ras|nd|n d".split("|")
)
"""Normal forms read as empty. « - », « ? », « # » have an empty normal form. « #N/A » too reads as « n a »."""

# --- Types of mesure ------------------------------------------------------------------------------
NATURES: dict[str, Nature] = {
    "curatelle simple": Nature.CURATELLE_SIMPLE,
    "cs": Nature.CURATELLE_SIMPLE,
    "curatelle s": Nature.CURATELLE_SIMPLE,
    "cur simple": Nature.CURATELLE_SIMPLE,
    "curatelle renforcee": Nature.CURATELLE_RENFORCEE,
    "cr": Nature.CURATELLE_RENFORCEE,
    "curatelle r": Nature.CURATELLE_RENFORCEE,
    "cur renforcee": Nature.CURATELLE_RENFORCEE,
    "cur renf": Nature.CURATELLE_RENFORCEE,
    "curatelle renf": Nature.CURATELLE_RENFORCEE,
    "tutelle": Nature.TUTELLE,
    "tut": Nature.TUTELLE,
    "tutelle complete": Nature.TUTELLE,
    "tutelle allegee": Nature.TUTELLE,
    "sauvegarde de justice": Nature.SAUVEGARDE_JUSTICE,
    "sauvegarde justice": Nature.SAUVEGARDE_JUSTICE,
    "sauvegarde": Nature.SAUVEGARDE_JUSTICE,
    "sj": Nature.SAUVEGARDE_JUSTICE,
    "sdj": Nature.SAUVEGARDE_JUSTICE,
    "sauvegarde de justice avec mandat special": Nature.SAUVEGARDE_JUSTICE,
    "sauvegarde avec mandat special": Nature.SAUVEGARDE_JUSTICE,
    "mandat special": Nature.SAUVEGARDE_JUSTICE,
    "sauvegarde de justice mandat special": Nature.SAUVEGARDE_JUSTICE,
    "mesure d accompagnement judiciaire": Nature.MAJ,
    "mesure accompagnement judiciaire": Nature.MAJ,
    "mesure d accompagnement judiciaire maj": Nature.MAJ,
    "accompagnement judiciaire": Nature.MAJ,
    "maj": Nature.MAJ,
    "subroge curateur": Nature.SUBROGE_CURATEUR,
    "subrogee curatrice": Nature.SUBROGE_CURATEUR,
    "subroge curatelle": Nature.SUBROGE_CURATEUR,
    "subrogation curatelle": Nature.SUBROGE_CURATEUR,
    "sub curateur": Nature.SUBROGE_CURATEUR,
    "subroge tuteur": Nature.SUBROGE_TUTEUR,
    "subrogee tutrice": Nature.SUBROGE_TUTEUR,
    "subroge tutelle": Nature.SUBROGE_TUTEUR,
    "subrogation tutelle": Nature.SUBROGE_TUTEUR,
    "sub tuteur": Nature.SUBROGE_TUTEUR,
    "mandat de protection future": Nature.MANDAT_PROTECTION_FUTURE,
    "mandat protection future": Nature.MANDAT_PROTECTION_FUTURE,
    "mpf": Nature.MANDAT_PROTECTION_FUTURE,
    "mesure ad hoc": Nature.AD_HOC,
    "ad hoc": Nature.AD_HOC,
    "adhoc": Nature.AD_HOC,
    "mesure adhoc": Nature.AD_HOC,
    "mandat ad hoc": Nature.AD_HOC,
    "tuteur ad hoc": Nature.AD_HOC,
    "tutelle ad hoc": Nature.AD_HOC,
    "curateur ad hoc": Nature.AD_HOC,
    "curatelle ad hoc": Nature.AD_HOC,
    "administrateur ad hoc": Nature.AD_HOC,
    "mandataire ad hoc": Nature.AD_HOC,
    **{str(n.value).replace("_", " "): n for n in Nature},
}

NATURES_REFUSEES: dict[str, str] = {
    "habilitation familiale": "Ce n’est pas une mesure confiée à un mandataire judiciaire",
    "habilitation familiale generale": "Ce n’est pas une mesure confiée à un mandataire judiciaire",
    "habilitation familiale speciale": "Ce n’est pas une mesure confiée à un mandataire judiciaire",
    "masp": "La MASP est une mesure administrative, elle n’est pas confiée à un mandataire judiciaire",
    "mesure d accompagnement social personnalise": (
        "La MASP est une mesure administrative, elle n’est pas confiée à un mandataire judiciaire"
    ),
}

NATURES_IMPRECISES: dict[str, tuple[str, tuple[Nature, ...]]] = {
    **dict.fromkeys(
        ("curatelle", "cur", "curateur", "curatrice", "curatelle amenagee", "curatelle renforcee amenagee"),
        (
            "Le texte ne dit pas si la curatelle est simple ou renforcée",
            (Nature.CURATELLE_SIMPLE, Nature.CURATELLE_RENFORCEE),
        ),
    ),
    **dict.fromkeys(
        ("subroge", "subrogee", "subrogation"),
        (
            "Le texte ne dit pas s’il s’agit d’un subrogé tuteur ou curateur",
            (Nature.SUBROGE_CURATEUR, Nature.SUBROGE_TUTEUR),
        ),
    ),
}
"""Texts that mean one of several natures: the page asks which."""

NATURES_CONNUES: dict[str, object] = {**NATURES, **NATURES_REFUSEES, **NATURES_IMPRECISES}

CHAMPS: dict[str, Champ] = {
    "aux biens": Champ.BIEN,
    "biens": Champ.BIEN,
    "bien": Champ.BIEN,
    "des biens": Champ.BIEN,
    "protection bien": Champ.BIEN,
    "protection des biens": Champ.BIEN,
    "aux biens seulement": Champ.BIEN,
    "a la personne": Champ.PERSONNE,
    "personne": Champ.PERSONNE,
    "pers": Champ.PERSONNE,
    "de la personne": Champ.PERSONNE,
    "protection personne": Champ.PERSONNE,
    "protection de la personne": Champ.PERSONNE,
    "aux biens et a la personne": Champ.BIEN_PERSONNE,
    "a la personne et aux biens": Champ.BIEN_PERSONNE,
    "aux biens a la personne": Champ.BIEN_PERSONNE,
    "biens et personne": Champ.BIEN_PERSONNE,
    "personne et biens": Champ.BIEN_PERSONNE,
    "biens personne": Champ.BIEN_PERSONNE,
    "biens et pers": Champ.BIEN_PERSONNE,
    "biens pers": Champ.BIEN_PERSONNE,
    "bp": Champ.BIEN_PERSONNE,
    "protection bien personne": Champ.BIEN_PERSONNE,
    "protection des biens et de la personne": Champ.BIEN_PERSONNE,
    "des biens et de la personne": Champ.BIEN_PERSONNE,
}

# --- The adult ------------------------------------------------------------------------------------
CIVILITES: dict[str, str] = {
    **dict.fromkeys("h m mr monsieur homme masculin masc mons messieurs garcon male".split(), "monsieur"),
    **dict.fromkeys(
        "f mme mlle madame mademoiselle femme feminin fem melle mrs dame fille female md".split(), "madame"
    ),
}

_E, _D = LieuVie.ETABLISSEMENT, LieuVie.DOMICILE
_T = TypeEtablissement
RESIDENCES: dict[str, tuple[LieuVie, str]] = {
    **dict.fromkeys(
        (
            "domicile|a domicile|au domicile|dom|domicile personnel|logement personnel|logement autonome|appartement|"
            "maison|logement|chez lui|chez elle|chez soi|en famille|famille|chez ses parents|logement prive|"
            "a son domicile|locataire|proprietaire|hlm|logement social|famille d accueil|accueil familial"
        ).split("|"),
        (_D, ""),
    ),
    **dict.fromkeys(
        "etablissement|en etablissement|etab|etabl|etablissements|institution|structure".split("|"), (_E, "")
    ),
    **dict.fromkeys(
        (
            "ehpad|en ehpad|maison de retraite|usld|residence autonomie|foyer logement|residence senior|"
            "etablissement pour personnes agees|personnes agees|etablissement personnes agees|marpa|ehpa"
        ).split("|"),
        (_E, _T.PERSONNES_AGEES),
    ),
    **dict.fromkeys(
        (
            "mas|fam|foyer de vie|foyer|foyer d hebergement|foyer occupationnel|foyer d accueil medicalise|"
            "maison d accueil specialisee|esat|ime|eam|eanm|foyer de vie pour adultes handicapes|"
            "etablissement pour personnes handicapees|personnes handicapees|etablissement personnes handicapees"
        ).split("|"),
        (_E, _T.PERSONNES_HANDICAPEES),
    ),
    **dict.fromkeys(
        "hopital|a l hopital|centre hospitalier|ch|chu|chr|clinique|ssr|hospitalisation|hospitalise|"
        "etablissement hospitalier|hospitalier|smr".split("|"),
        (_E, _T.HOSPITALIER),
    ),
    **dict.fromkeys(
        "hopital psychiatrique|psychiatrie|chs|hp|epsm|centre hospitalier specialise|clinique psychiatrique|"
        "etablissement psychiatrique|psychiatrique|ums".split("|"),
        (_E, _T.PSYCHIATRIQUE),
    ),
    **dict.fromkeys(
        "chrs|pension de famille|maison relais|residence sociale|residence accueil|lhss|lam|chambre d hotel social|"
        "foyer de jeunes travailleurs|fjt|autre etablissement social ou medico social".split("|"),
        (_E, _T.AUTRE_SOCIAL),
    ),
    **dict.fromkeys("prison|detention|centre penitentiaire|maison d arret|incarcere".split("|"), (_E, _T.AUTRE)),
    **dict.fromkeys(
        "etablissement avec conservation du domicile|etablissement conservation domicile|"
        "etablissement et domicile|etab et domicile|etablissement domicile conserve|"
        "en etablissement avec conservation du domicile|etablissement avec conservation domicile".split("|"),
        (LieuVie.ETABLISSEMENT_DOMICILE, ""),
    ),
    # How the export of one's own list says a kind of establishment (mesures.export_mesures).
    "autre etablissement": (_E, _T.AUTRE),
    **{
        f"etablissement avec conservation du domicile {normaliser(genre.label)}": (
            LieuVie.ETABLISSEMENT_DOMICILE,
            genre,
        )
        for genre in TypeEtablissement
    },
    **dict.fromkeys(
        "sdf|sans domicile fixe|sans domicile|sans abri|a la rue|rue|sans logement|sans adresse".split("|"),
        (LieuVie.SDF, ""),
    ),
}

# Words after which « établissement » or « curatelle » no longer says what is: never read, asked.
MOTS_QUI_NIENT = frozenset(
    "non pas ex ancien ancienne sorti sortie refuse refusee ou attente demande projet fin conjugal familial "
    "parental".split()
)

# Words that tell a place where someone lives from a person's name, when the whole text is not known.
MOTS_D_HEBERGEMENT = frozenset(
    "parents pere mere fils fille soeur frere conjoint epoux epouse ami amie voisin tiers caravane camping hotel squat "
    "habitat inclusif partage colocation studio chambre peniche mobil home tente voiture hebergement heberge".split()
)

PAYS: dict[str, str] = {
    **dict.fromkeys("france|fr|f|fra".split("|"), "FR"),
    **dict.fromkeys("belgique|be|b|bel|belgium|belgie".split("|"), "BE"),
}

# Belgian towns where French adults often live, with a postal code: enough to tell 1000 Bruxelles from 01000 Bourg.
VILLES_BELGES: dict[str, str] = {
    "bruxelles": "1000",
    "wavre": "1300",
    "nivelles": "1400",
    "liege": "4000",
    "verviers": "4800",
    "huy": "4500",
    "namur": "5000",
    "dinant": "5500",
    "philippeville": "5600",
    "couvin": "5660",
    "charleroi": "6000",
    "chimay": "6460",
    "bastogne": "6600",
    "arlon": "6700",
    "virton": "6760",
    "messancy": "6780",
    "libramont": "6800",
    "florenville": "6820",
    "bouillon": "6830",
    "bertrix": "6880",
    "marche en famenne": "6900",
    "mons": "7000",
    "la louviere": "7100",
    "tournai": "7500",
    "antoing": "7640",
    "peruwelz": "7600",
    "mouscron": "7700",
    "comines warneton": "7780",
    "ath": "7800",
    "leuze en hainaut": "7900",
}
