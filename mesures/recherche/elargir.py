"""The ways out of an empty page: criteria lifted one by one, and the nearest with room, all criteria lifted."""

from dataclasses import dataclass, replace
from typing import Any

from mandataires.enums import ATOUTS
from mandataires.models import Habilitation, Mandataire

from .candidats import Candidat, candidats, compter, lire
from .classement import Resultats
from .complete import retenir
from .criteres import RAYONS, Criteres, Habilites
from .texte import contenant


@dataclass(frozen=True)
class Elargissement:
    """One criterion lifted, and who would then appear."""

    libelle: str
    parametres: dict[str, str | None]
    resultats: Resultats


@dataclass(frozen=True)
class Issue:
    """What to do of an empty page: criteria to lift one by one, and the nearest with room, all criteria lifted.

    `habilite`: the nearest is on the list of the court. Nobody has room: the least loaded, `a_de_la_place` False.
    """

    voies: list[Elargissement]
    proche: Candidat | None
    habilite: bool = True

    @property
    def a_de_la_place(self) -> bool:
        return self.proche is not None and self.proche.dispo.a_de_la_place


def issue(criteres: Criteres) -> Issue:
    """The ways out of an empty page. Everybody is read once, then tried against each looser set of criteria."""
    tous = _Tous(criteres)
    voies: list[Elargissement] = []
    for libelle, champ, valeur in _voies(criteres):
        if any(champ in voie.parametres for voie in voies):  # the smallest step that gives someone is enough
            continue
        resultats = tous.essayer(replace(criteres, **{champ: valeur}))
        if resultats.candidats:
            voies.append(Elargissement(libelle, {champ: str(valeur) if valeur else None}, resultats))
    for niveau in (Habilites.TRIBUNAL, Habilites.FRANCE):
        trouves = tous.essayer(Criteres(criteres.tribunal, criteres.origine, habilites=niveau)).candidats
        if trouves and trouves[0].dispo.a_de_la_place:
            return Issue(voies, trouves[0], niveau == Habilites.TRIBUNAL)
    connus = [c for c in tous.lus if c.dispo.sans_pause is not None and not c.pause]
    moins_charge = max(connus, key=lambda c: (c.dispo.sans_pause, -c.km), default=None)
    return Issue(voies, moins_charge, moins_charge is not None and moins_charge.pk in tous.niveaux[Habilites.TRIBUNAL])


class _Tous:
    """Every mandataire courts may see, counted, and who answers each criterion: 3 queries, and 1 to 2 a text."""

    def __init__(self, criteres: Criteres):
        ouverts = candidats(Criteres(criteres.tribunal, criteres.origine, habilites=Habilites.FRANCE))
        self.lus = lire(ouverts, criteres.origine)
        compter(self.lus)
        departement = criteres.tribunal.commune.departement_id
        autour = Habilitation.objects.filter(tribunal__commune__departement=departement).order_by()
        autour = list(autour.values_list("mandataire", "tribunal"))
        self.niveaux = {
            Habilites.FRANCE: None,
            Habilites.TRIBUNAL: {pk for pk, tribunal in autour if tribunal == criteres.tribunal.pk},
            Habilites.DEPARTEMENT: {pk for pk, _ in autour},
        }
        self.atouts = set(ouverts.avec_atout(criteres.atout).values_list("pk", flat=True)) if criteres.atout else None
        self.textes = contenant(ouverts, criteres.texte)[0] if criteres.texte else None
        self.etablissements = (
            contenant(ouverts, criteres.etablissement, lieux_seuls=True)[0] if criteres.etablissement else None
        )

    def essayer(self, essai: Criteres) -> Resultats:
        conditions = [
            self.niveaux[essai.habilites],
            self.atouts if essai.atout else None,
            self.textes if essai.texte else None,
            self.etablissements if essai.etablissement else None,
        ]
        voulus = [pks for pks in conditions if pks is not None]
        types = {essai.type} if essai.type else set(Mandataire.Categorie.values)
        if essai.etablissement:
            types &= {Mandataire.Categorie.PREPOSE.value}
        return retenir([c for c in self.lus if c.categorie in types and all(c.pk in pks for pks in voulus)], essai)


def _voies(criteres: Criteres) -> list[tuple[str, str, Any]]:
    """(words, criterion, its looser value), the smallest step first for each criterion."""
    voies: list[tuple[str, str, Any]] = []
    if criteres.places:
        voies.append(("Sans condition de places", "places", 0))
    if criteres.rayon:
        voies += [(f"Dans un rayon de {r} km", "rayon", r) for r in RAYONS if r > criteres.rayon]
        voies.append(("Sans limite de distance", "rayon", None))
    if criteres.type:
        voies.append(("Tous les types de mandataires", "type", ""))
    if criteres.texte:
        voies.append((f"Sans « {criteres.texte} »", "texte", ""))
    if criteres.etablissement:
        voies.append((f"Sans l’établissement « {criteres.etablissement} »", "etablissement", ""))
    if criteres.atout:
        mot = ATOUTS[criteres.atout]
        voies.append((f"Sans « {mot[:1].lower()}{mot[1:]} »", "atout", ""))
    if criteres.actifs:
        voies.append(("Avec les activités en pause", "actifs", False))
    if criteres.habilites == Habilites.TRIBUNAL:
        locatif = criteres.tribunal.commune.departement.locatif
        voies.append((f"Habilités {locatif}", "habilites", Habilites.DEPARTEMENT))
    if criteres.habilites != Habilites.FRANCE:
        voies.append(("Habilités dans toute la France", "habilites", Habilites.FRANCE))
    return voies
