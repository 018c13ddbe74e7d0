"""The words of the search: its title, its rows, its counts. Nothing here decides who is found, or in what order."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone

from emjpm.commun.templatetags.emjpm import km, nombre
from emjpm.geographie.telephones import lien_et_mots
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


@dataclass(frozen=True)
class Ligne:
    """One row of the results, made of what it shows and nothing else: two equal rows are drawn alike (templatetags)."""

    numero: int
    pk: int
    nom: str
    categorie: str
    courriel: str
    telephone: tuple[str, str] | None
    """(link, words) of the number to call first."""
    actualise_le: datetime | None
    dispo: Disponibilite
    distance: float | None
    commune: str
    commune_entiere: str
    """« Woippy (57) », wherever the search starts from."""
    precision: str
    approximative: bool
    """The distance: the place, or where it is measured from, is the point of a commune."""
    repere: tuple[float, float, bool] | None
    """Where its pin goes (latitude, longitude), and whether that is the point of a commune; None: nowhere known."""
    jour: date
    """Today: « il y a 12 jours » is true for a day."""

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


def places_lisibles(places: int | None, en_tout: int | None = None, confondus: str = "") -> str:
    """For an antenne: « 48 places », « complète », « places partagées » when it has no capacity of its own.

    `en_tout`: what the mandataire itself has left, never to be passed: where an antenne announces more, its words are
    « 3 places, toutes antennes confondues » (`confondus`).
    """
    if places is None:
        return "places partagées"
    if en_tout is not None and 0 < places > en_tout:
        reste = f"{nombre(en_tout)} place{'s' if en_tout > 1 else ''}" if en_tout > 0 else "plus de place"
        return f"{reste}, {confondus}"
    return f"{nombre(places)} place{'s' if places > 1 else ''}" if places > 0 else "complète"


@dataclass(frozen=True)
class _Place:
    """A place of a mandataire, as light as a page of rows allows."""

    pk: int
    nom: str
    point: tuple[float, float] | None
    approximatif: bool
    commune: str
    departement: str


def lignes(candidats: list[Candidat], premier: int, origine: Origine) -> list[Ligne]:
    """The rows of a page, in the order given, in one query whatever their number."""
    lues = (
        Mandataire.objects.filter(pk__in=[c.pk for c in candidats])
        .order_by("pk", "-lieux__principal", "lieux__nom", "lieux__pk")
        .values_list(
            *("pk", "courriel", "partage_courriel", "actualise_le"),
            *(Cast(numero, CharField()) for numero in ("telephone", "telephone_portable")),  # spare their parsing
            *(f"lieux__{champ}" for champ in ("pk", "nom", "latitude", "longitude", "precision")),
            *("lieux__commune__nom", "lieux__commune__departement"),
        )
    )
    gens: dict[int, tuple] = {}
    places: dict[int, list[_Place]] = {}
    for pk, courriel, partage, maj, fixe, portable, lieu, nom, *point_et_commune in lues:
        latitude, longitude, precision, commune, departement = point_et_commune
        gens[pk] = courriel if partage else "", maj, fixe or portable
        if lieu is not None:
            point = None if latitude is None else (latitude, longitude)
            approximatif = precision == Lieu.Precision.COMMUNE
            place = _Place(lieu, nom, point, approximatif, commune or "", departement or "")
            places.setdefault(pk, []).append(place)
    jour = timezone.localdate()
    return [
        _ligne(c, premier + rang, *gens[c.pk], places.get(c.pk, []), origine, jour) for rang, c in enumerate(candidats)
    ]


def _ligne(
    candidat: Candidat,
    numero: int,
    courriel: str,
    actualise_le: datetime | None,
    telephone: str,
    places: list[_Place],
    origine: Origine,
    jour: date,
) -> Ligne:
    proche = next((place for place in places if place.pk == candidat.lieu_proche), None)
    montre = proche or (places[0] if places else None)
    prepose = candidat.categorie == Mandataire.Categorie.PREPOSE
    precisions = []
    if proche is not None and len(places) > 1:
        precisions.append(f"la plus proche de {len(places)} {_COLLECTIFS.get(candidat.categorie, 'adresses')}")
    if prepose and proche is not None and proche.nom:
        precisions = [proche.nom]
    if proche is None:
        precisions.append("établissement à compléter" if prepose else "adresse à compléter")
    elif proche.approximatif:
        precisions.append("position approximative")
    entiere = f"{montre.commune} ({montre.departement})" if montre and montre.commune else ""
    ici = montre is not None and montre.departement == origine.departement
    return Ligne(
        numero=numero,
        pk=candidat.pk,
        nom=candidat.nom,
        categorie=str(Mandataire.Categorie(candidat.categorie).label),
        courriel=courriel,
        telephone=lien_et_mots(telephone) if telephone else None,
        actualise_le=actualise_le,
        dispo=candidat.dispo,
        distance=candidat.distance,
        commune=montre.commune if ici else entiere,  # the département is said when it is another one
        commune_entiere=entiere,
        precision=", ".join(precisions),
        approximative=proche is not None and (proche.approximatif or origine.approximative),
        repere=(*proche.point, proche.approximatif) if proche else None,
        jour=jour,
    )


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
    if criteres.texte:
        morceaux.append(f"pour « {criteres.texte} »")
    phrase = " ".join(morceaux) + (", hors activités en pause" if criteres.actifs else "")
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
