"""What the overview shows of a territory, gathered once for the page and for the workbook."""

from dataclasses import dataclass, field

from django.db.models import Q

from mandataires.models import Mandataire
from tribunaux.models import Tribunal

from . import carte, indicateurs, tableaux
from .indicateurs import Base, Bilan, Instantane
from .mots import accord
from .tableaux import Ligne, Tableau
from .territoires import OUTRE_MER, Atlas, Niveau, Territoire

TYPES = {
    Mandataire.Categorie.INDIVIDUEL: "Individuels",
    Mandataire.Categorie.PREPOSE: "Préposés",
    Mandataire.Categorie.SERVICE: "Services",
}


@dataclass
class VueDEnsemble:
    """A territory seen by an agent. `groupes`: (heading of the rows, rows), from the widest to the narrowest."""

    territoire: Territoire
    base: Base
    photo: Instantane
    bilan: Bilan
    groupes: list[tuple[str, list[Ligne]]]
    types: list[Ligne]
    departements: dict[str, Ligne]
    tribunaux: list[Tribunal] = field(default_factory=list)
    hors_lignes: int = 0
    """How many mandataires count in the total and in no row."""

    @property
    def total(self) -> Ligne:
        return Ligne(self.territoire.nom, self.bilan)

    def carte(self) -> carte.Carte | None:
        if self.territoire.niveau == Niveau.NATIONAL:
            return carte.carte_nationale(self.departements)
        return carte.carte_zoomee(self.departements, self.tribunaux)

    def legende(self) -> list[tableaux.Legende]:
        """How many départements of the map each class has; courts in a département, collectivités outre-mer."""
        if self.territoire.niveau == Niveau.DEPARTEMENTAL:
            return tableaux.legende(self.groupes[0][1], ("tribunal", "tribunaux"))
        dessinees = [ligne for code, ligne in self.departements.items() if carte.est_dessine(code)]
        if not dessinees:
            return tableaux.legende(self.departements.values(), ("collectivité", "collectivités"))
        return tableaux.legende(dessinees)

    @property
    def definition(self) -> str:
        return _definition(self.base, self.territoire)

    @property
    def a_part(self) -> str:
        """Those who count in the total and in no row, if any."""
        return _a_part(self.hors_lignes, self.base, self.territoire)

    def tableau_court(self, tri: str) -> Tableau:
        """Beside the map: the level below, by default from the least to the most room."""
        entete, lignes = self.groupes[0]
        return tableaux.tableau(
            titre=f"Disponibilité par {entete.lower()}",
            entete=entete,
            colonnes=tableaux.COURTES,
            lignes=lignes,
            total=self.total,
            ancre="ou",
            tri=tri,
            defaut="part",
            adresse=lambda cle: self.url(tri=cle),
        )

    def tableaux_complets(self, tri: dict[str, str]) -> list[Tableau]:
        """Under the map, folded: every figure of each level. `tri`: by heading in lower case."""
        return [
            tableaux.tableau(
                titre=_titre_complet(entete, lignes),
                entete=entete,
                colonnes=tableaux.COMPLETES,
                lignes=lignes,
                total=self.total,
                ancre=nom,
                tri=tri.get(nom, ""),
                adresse=lambda cle, nom=nom: self.url(**{f"tri_{nom}": cle}),
            )
            for entete, lignes in self.groupes
            for nom in [NOMS[entete]]
        ]

    def tableau_types(self) -> Tableau:
        return tableaux.tableau(
            titre="Mandataires, mesures et places par type",
            entete="Type",
            colonnes=tableaux.PAR_TYPE,
            lignes=self.types,
            total=Ligne("Ensemble", self.bilan),
            ancre="types",
        )

    def url(self, **autres: str) -> str:
        return self.territoire.url(base=suite_base(self.base), **autres)

    @property
    def suite_base(self) -> str:
        return suite_base(self.base)


def suite_base(base: Base) -> str:
    """The way of counting as the addresses write it: nothing for the usual one."""
    return "" if base == Base.HABILITATION else base.value


NOMS = {"Région": "regions", "Département": "departements", "Tribunal": "tribunaux"}


def vue_d_ensemble(atlas: Atlas, territoire: Territoire, base: Base) -> VueDEnsemble:
    """Reads everything the page prints about a territory: 4 queries, 6 for a département."""
    photo = indicateurs.instantane(base, territoire.departements)
    jour = photo.jour
    suite = suite_base(base)

    def lignes(territoires: list[Territoire]) -> list[Ligne]:
        return [
            Ligne(t.nom, indicateurs.bilan(photo.de(t.departements), jour), t.code, t.url(base=suite))
            for t in territoires
        ]

    codes = territoire.departements or [c for c, d in atlas.departements.items() if _montrer(d, photo)]
    departements = lignes([atlas.departement(code) for code in codes])
    tribunaux: list[Tribunal] = []
    hors_lignes = photo.sans_departement
    if territoire.niveau == Niveau.NATIONAL:
        regions = [r for r in atlas.enfants(territoire) if r.code != OUTRE_MER or photo.de(r.departements)]
        groupes = [("Région", lignes(regions)), ("Département", departements)]
    elif territoire.niveau == Niveau.REGIONAL:
        groupes = [("Département", departements)]
    else:
        tribunaux = _tribunaux(territoire)
        habilites = indicateurs.par_tribunal(photo, [t.pk for t in tribunaux])
        hors_lignes = len(photo.portraits.keys() - {p.pk for liste in habilites.values() for p in liste})
        bilans = {t.pk: indicateurs.bilan(habilites.get(t.pk, []), jour) for t in tribunaux}
        groupes = [("Tribunal", [Ligne(t.nom, bilans[t.pk], t.code, abrege=t.nom_court) for t in tribunaux])]
    types = indicateurs.par_type(photo.tous)
    return VueDEnsemble(
        territoire=territoire,
        base=base,
        photo=photo,
        bilan=indicateurs.bilan(photo.tous, jour),
        groupes=groupes,
        types=[Ligne(TYPES[c], indicateurs.bilan(portraits, jour), c.value) for c, portraits in types.items()],
        tribunaux=tribunaux,
        hors_lignes=hors_lignes,
        departements={ligne.cle: ligne for ligne in departements},
    )


def _montrer(departement, photo: Instantane) -> bool:
    """Collectivités d'outre-mer are on no map: they are listed when they have someone."""
    return departement.region_id != OUTRE_MER or departement.code in photo.departements


def _tribunaux(territoire: Territoire) -> list[Tribunal]:
    """Courts seated in the département: the open ones, and the closed ones that still have mandataires."""
    sieges = Tribunal.objects.filter(commune__departement__in=territoire.departements).select_related("commune")
    return list(sieges.filter(Q(ferme_le=None) | Q(habilitations__isnull=False)).distinct())


def _titre_complet(entete: str, lignes: list[Ligne]) -> str:
    """« Les 101 départements en tableau »; the collectivités d’outre-mer are not counted among them."""
    if entete == "Tribunal":
        combien, nom = len(lignes), "tribunaux"
    elif entete == "Région":
        combien, nom = sum(ligne.cle != OUTRE_MER for ligne in lignes), "régions"
    else:
        combien, nom = sum(carte.est_dessine(ligne.cle) for ligne in lignes), "départements"
    outre_mer = entete != "Tribunal" and len(lignes) > combien
    if not combien and outre_mer:
        return "Les collectivités d’outre-mer en tableau"
    if combien < 2:
        return f"Tous les chiffres du {entete.lower()}" if combien else "Aucun tribunal à mettre en tableau"
    return f"Les {combien} {nom}{' et les collectivités d’outre-mer' if outre_mer else ''} en tableau"


def _definition(base: Base, territoire: Territoire) -> str:
    """What the rows count, printed above them and in the exports."""
    if territoire.niveau == Niveau.DEPARTEMENTAL:
        parmi = "" if base == Base.HABILITATION else ", parmi les mandataires qui résident dans le département"
        compte = (
            f"par tribunal d’habilitation{parmi}. Un mandataire habilité pour plusieurs tribunaux compte dans "
            "chacun, une seule fois dans le total."
        )
    elif base == Base.HABILITATION:
        compte = (
            "par département d’habilitation. Un mandataire habilité dans plusieurs départements compte dans "
            "chacun, une seule fois dans le total."
        )
    else:
        compte = "par département de résidence, celui du lieu d’exercice principal : chacun compte dans un seul."
    return (
        f"Disponibilité totale rapportée aux mesures souhaitées, {compte} "
        "Les mesures sont comptées avec leur mandataire, où que vive la personne protégée."
    )


def _a_part(combien: int, base: Base, territoire: Territoire) -> str:
    if not combien:
        return ""
    manque = "tribunal d’habilitation" if base == Base.HABILITATION else "lieu d’exercice principal localisé"
    ou = "aucun département"
    if territoire.niveau == Niveau.DEPARTEMENTAL:
        manque, ou = "habilitation à un tribunal de ce département", "aucune ligne"
    comptes = "compté" if combien == 1 else "comptés"
    return f"{accord(combien, 'mandataire')} sans {manque} : {comptes} dans le total, dans {ou}."
