"""The words of the search: its title, its rows, its counts. Nothing here decides who is found, or in what order."""

from dataclasses import dataclass

from emjpm.commun.templatetags.emjpm import km, nombre
from mandataires.enums import ATOUTS, Langue
from mandataires.models import Lieu, Mandataire

from .disponibilite import Disponibilite
from .origine import Origine
from .recherche import Candidat, Criteres, Habilites, Resultats

_NOMS = {
    "": ("mandataire", "mandataires"),
    Mandataire.Categorie.INDIVIDUEL: ("mandataire individuel", "mandataires individuels"),
    Mandataire.Categorie.PREPOSE: ("préposé", "préposés"),
    Mandataire.Categorie.SERVICE: ("service", "services"),
}
_COLLECTIFS = {Mandataire.Categorie.PREPOSE: "établissements", Mandataire.Categorie.SERVICE: "antennes"}
_CHAMPS = [
    *("nom", "principal", "latitude", "longitude", "precision", "commune__nom", "commune__departement"),
    *(f"mandataire__{champ}" for champ in ("categorie", "nom", "telephone", "telephone_portable", "courriel")),
    "mandataire__actualise_le",
]


@dataclass
class Ligne:
    """One row of the results; `sur_la_carte` is told by the map once drawn."""

    numero: int
    mandataire: Mandataire
    dispo: Disponibilite
    distance: float | None
    lieu: Lieu | None
    approximative: bool
    commune: str
    precision: str
    sur_la_carte: bool = False

    @property
    def distance_lisible(self) -> str:
        """« à 8 km », « à 25 km environ », « Distance inconnue »."""
        if self.distance is None:
            return "Distance inconnue"
        return f"{km(self.distance)} environ" if self.approximative and self.distance >= 1 else km(self.distance)

    @property
    def etat_lisible(self) -> str:
        """For the pin, in words: « 6 places », « complet », « 4 au-dessus de la capacité »…"""
        return {
            "libre": f"{nombre(self.dispo.valeur)} place{'s' if self.dispo.valeur > 1 else ''}"
            if self.dispo.a_de_la_place
            else "",
            "complet": "complet",
            "audela": f"{nombre(self.dispo.au_dela)} au-dessus de la capacité",
            "pause": "activité en pause",
            "inconnue": "capacité non renseignée",
        }[self.dispo.etat]


@dataclass(frozen=True)
class Groupe:
    """A part of the list under its heading (none when there is a single list)."""

    cle: str
    titre: str
    nombre: int | None
    lignes: list[Ligne]


def places_lisibles(places: int | None) -> str:
    """For an antenne: « 48 places », « complète », « places partagées » when it has no capacity of its own."""
    if places is None:
        return "places partagées"
    return f"{nombre(places)} place{'s' if places > 1 else ''}" if places > 0 else "complète"


def lignes(candidats: list[Candidat], premier: int, origine: Origine) -> list[Ligne]:
    """The rows of a page, in the order given, in one query; a second one when somebody has no place at all."""
    voulus = [c.pk for c in candidats]
    mandataires: dict[int, Mandataire] = {}
    lieux: dict[int, list[Lieu]] = {}
    for lieu in Lieu.objects.filter(mandataire__in=voulus).select_related("mandataire", "commune").only(*_CHAMPS):
        mandataires.setdefault(lieu.mandataire_id, lieu.mandataire)
        lieux.setdefault(lieu.mandataire_id, []).append(lieu)
    if sans_lieu := [pk for pk in voulus if pk not in mandataires]:
        mandataires |= Mandataire.objects.in_bulk(sans_lieu)
    return [
        _ligne(mandataires[c.pk], lieux.get(c.pk, []), c, premier + rang, origine) for rang, c in enumerate(candidats)
    ]


def _ligne(mandataire: Mandataire, lieux: list[Lieu], candidat: Candidat, numero: int, origine: Origine) -> Ligne:
    proche = next((lieu for lieu in lieux if lieu.pk == candidat.lieu_proche), None)
    montre = proche or (lieux[0] if lieux else None)
    approximative = proche is not None and (proche.approximatif or origine.approximative)
    precisions = []
    if proche is not None and len(lieux) > 1:
        precisions.append(f"la plus proche de {len(lieux)} {_COLLECTIFS.get(mandataire.categorie, 'adresses')}")
    if mandataire.est_prepose and proche is not None and proche.nom:
        precisions = [proche.nom]
    if proche is None:
        precisions.append("établissement à compléter" if mandataire.est_prepose else "adresse à compléter")
    elif proche.approximatif:
        precisions.append("position approximative")
    return Ligne(
        numero=numero,
        mandataire=mandataire,
        dispo=candidat.dispo,
        distance=candidat.distance,
        lieu=proche,
        approximative=approximative,
        commune=_commune(montre, origine),
        precision=", ".join(precisions),
    )


def _commune(lieu: Lieu | None, origine: Origine) -> str:
    """« Woippy », « Pont-à-Mousson (54) » when it is in another département."""
    if lieu is None or lieu.commune is None:
        return ""
    return lieu.commune.nom if lieu.commune.departement_id == origine.departement else str(lieu.commune)


def titre(criteres: Criteres, trouves: int) -> str:
    """The search in one sentence, so that a printed page stands alone.

    « 13 mandataires habilités au tribunal judiciaire de Metz », « Aucun préposé avec au moins 5 places à moins de
    10 km de Bitche (57) ».
    """
    singulier, pluriel = _NOMS[criteres.type]
    debut = f"Aucun {singulier}" if trouves == 0 else f"{nombre(trouves)} {singulier if trouves == 1 else pluriel}"
    s = "s" if trouves > 1 else ""
    morceaux = [debut]
    tribunal = criteres.tribunal.nom[:1].lower() + criteres.tribunal.nom[1:]
    if criteres.habilites == Habilites.TRIBUNAL:
        morceaux.append(f"habilité{s} au {tribunal}")
    elif criteres.habilites == Habilites.DEPARTEMENT:
        morceaux.append(f"habilité{s} {criteres.tribunal.commune.departement.locatif}")
    else:
        morceaux.append("dans toute la France")
    if criteres.places:
        morceaux.append(f"avec au moins {criteres.places} place{'s' if criteres.places > 1 else ''}")
    if criteres.atout:
        morceaux.append(_atout(criteres.atout))
    if criteres.etablissement:
        morceaux.append(f"exerçant à « {criteres.etablissement} »")
    if criteres.actifs:
        morceaux.append("hors activités en pause")
    if criteres.texte:
        morceaux.append(f"pour « {criteres.texte} »")
    phrase = " ".join(morceaux)
    if criteres.rayon:
        return f"{phrase}, à moins de {criteres.rayon} km {criteres.origine.complement}"
    if criteres.origine.est_tribunal and criteres.origine.nom == criteres.tribunal.nom:
        return phrase
    return f"{phrase}, autour {criteres.origine.complement}"


def _atout(cle: str) -> str:
    """« de langue allemande » has no rule in French: « langue : allemand », « compétence : successions »."""
    mot = ATOUTS[cle][:1].lower() + ATOUTS[cle][1:]
    return f"(langue : {mot})" if cle in Langue.values else f"(compétence : {mot})"


def combien(resultats: Resultats) -> tuple[int, str]:
    """(3, « préposés, 2 ont de la place »), (1, « service complet »): what a looser search would give."""
    bilan, categorie = resultats.bilan, resultats.criteres.type
    if bilan.nombre == 1:
        seul = resultats.candidats[0]
        nom = _NOMS[categorie or seul.categorie][0]
        if seul.places:
            return 1, f"{nom} avec {nombre(seul.places)} place{'s' if seul.places > 1 else ''}"
        etats = {"pause": "activité en pause", "inconnue": "capacité non renseignée"}
        return 1, f"{nom}, {etats.get(seul.dispo.etat, 'complet')}"
    nom = _NOMS[categorie][1]
    if not bilan.avec_place:
        return bilan.nombre, f"{nom}, sans place aujourd’hui"
    if bilan.avec_place == bilan.nombre:
        return bilan.nombre, f"{nom}, tous ont de la place"
    return bilan.nombre, f"{nom}, {nombre(bilan.avec_place)} {'ont' if bilan.avec_place > 1 else 'a'} de la place"
