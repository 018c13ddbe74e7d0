"""Invented names of professionals. None is a protected adult: the application has no place for those."""

PRENOMS = {
    "madame": (
        "Agathe Camille Colombe Doriane Maëlle Odile Élise Ninon Solène Apolline Clarisse Garance Hélène Inès Jeanne "
        "Lison Margaux Noémie Oriane Pauline Romane Suzanne Violette Yasmine Zoé Armelle Bérénice Fanny Léonie Mathilde"
    ).split(),
    "monsieur": (
        "Basile Étienne Lucien Régis Samuel Noé Achille Bastien Corentin Denis Émile Fabrice Gaspard Hugo Ismaël Jules "
        "Karim Léo Marius Nathan Octave Paulin Quentin Rémi Sylvain Théo Ulysse Victor Xavier Yannick"
    ).split(),
}

_DEBUTS = (
    "Belle Clair Haut Large Grand Roche Pont Font Mont Val Bois Champ Chante Douce Fleur Haute Mer Pré Rive Sente "
    "Tour Verte Vieux Brise Côte Étang Feuille Gué Jolie Lande"
).split()
_FINS = (
    "rive sentier buisson ombre voile lune bleue fontaine morte moulin ruisseau marche feuille plaine source combe "
    "croix dame étoile fort garde île lac neige orme pierre roche saule terre vigne"
).split()


def nom_de_famille(hasard) -> str:
    return hasard.choice(_DEBUTS) + hasard.choice(_FINS)


NOMS_DE_SERVICES = (
    "Association tutélaire {}",
    "Service mandataire Les Trois Ponts, {}",
    "Union tutélaire {}",
    "La Passerelle Bleue, {}",
    "Association d’aide aux majeurs protégés {}",
    "Accompagner et protéger, {}",
)

ETABLISSEMENTS = (
    "EHPAD Les Glycines", "EHPAD du Parc", "Résidence Les Tilleuls", "Centre hospitalier de {}", "EHPAD Bel Air",
    "Maison d’accueil Les Alizés", "Hôpital local de {}", "Foyer de vie La Clairière",
)  # fmt: skip
