"""A mandataire's list: what it holds at a glance, what the words typed may match, in which order rows come."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Left

from emjpm.geographie.models import Departement
from emjpm.geographie.querysets import nom_de_commune
from mandataires.models import Mandataire
from mandataires.mots import MotsDuLieu
from mesures.numero_rg import forme_normale
from tribunaux.models import Tribunal

from .activite import MANQUES
from .enums import Pays

RELATIONS = ("commune", "tribunal", "lieu__commune")
"""What a row shows of other tables (an antenne without a name is called by its commune)."""

ORDRES = {
    "jugement": ("date_jugement", "pk"),
    "rg": ("rg_normal", "pk"),
    "dossier": ("numero_dossier", "pk"),
    "commune": (F("commune__nom_normalise").asc(nulls_last=True), "ville", "pk"),
    "nature": ("nature", "-date_jugement", "pk"),
    "tribunal": ("tribunal__nom_normalise", "cabinet", "pk"),
    "naissance": (F("annee_naissance").asc(nulls_last=True), "pk"),
    "lieu": ("lieu_vie", "pk"),
    "antenne": (F("lieu__nom_normalise").asc(nulls_last=True), "lieu", "pk"),
    "fin": ("date_fin", "pk"),
}
"""Key of `?tri=` → order; « -key » is the reverse."""
DEFAUT = "-jugement"
EN_MOTS = {
    "jugement": ("du jugement le plus ancien au plus récent", "du jugement le plus récent au plus ancien"),
    "rg": ("par numéro RG", "par numéro RG, du dernier au premier"),
    "dossier": ("par dossier", "par dossier, du dernier au premier"),
    "commune": ("par commune, de A à Z", "par commune, de Z à A"),
    "nature": ("par nature", "par nature, en ordre inverse"),
    "tribunal": ("par tribunal et cabinet, de A à Z", "par tribunal et cabinet, de Z à A"),
    "naissance": ("de la personne la plus âgée à la plus jeune", "de la personne la plus jeune à la plus âgée"),
    "lieu": ("par lieu de vie", "par lieu de vie, en ordre inverse"),
    "antenne": ("par {nom}, de A à Z", "par {nom}, de Z à A"),
    "fin": ("de la fin la plus ancienne à la plus récente", "de la fin la plus récente à la plus ancienne"),
}
"""Key of an order → how a sentence says it: as it is, then reversed."""

SANS_ANTENNE = "0"
BELGIQUE = "BE"


def ordre_en_mots(tri: str, mots: MotsDuLieu) -> str:
    """« du jugement le plus récent au plus ancien », « par antenne, de A à Z »."""
    return EN_MOTS[tri.removeprefix("-")][tri.startswith("-")].format(nom=mots.nom)


def ordonner(mesures: QuerySet, tri: str) -> QuerySet:
    """In this order; an unknown one gives the latest judgment first."""
    inverse, cle = tri.startswith("-"), tri.removeprefix("-")
    if cle not in ORDRES:
        return mesures.order_by("-date_jugement", "-pk")
    if not inverse:
        return mesures.order_by(*ORDRES[cle])
    return mesures.order_by(*(_renverser(terme) for terme in ORDRES[cle]))


def _renverser(terme):
    if isinstance(terme, str):
        return terme[1:] if terme.startswith("-") else f"-{terme}"
    return terme.expression.desc(nulls_last=True)


# --- What the filters can offer -----------------------------------------------------------------------


@dataclass(frozen=True)
class Registre:
    """What a list holds, whatever the filters: how many, and the choices that find something."""

    total: int
    tribunaux: list[tuple[str, str]]
    cabinets: list[str]
    departements: list[tuple[str, str]]
    antennes: list[tuple[str, str]]
    """Or establishments. Empty where there is nothing to choose: an individuel, or a member limited to one."""
    mots: MotsDuLieu


def registre(mesures: QuerySet, mandataire: Mandataire, *, antennes: bool) -> Registre:
    """One grouped count of the list, then the names of the courts, of the départements and of the antennes.

    Named one by one: joined, PostgreSQL walks through the mesures of every court of the list.
    """
    champs = ("tribunal", "cabinet", "lieu", "pays")
    groupes = list(mesures.order_by().annotate(ou=Left("commune", 3)).values_list(*champs, "ou").annotate(n=Count("*")))
    codes = {_departement(ou) for *_, ou, _ in groupes if ou}
    departements = [
        (d.code, f"{d.nom} ({d.code})") for d in Departement.objects.filter(code__in=codes).order_by("code")
    ]
    if any(pays == Pays.BELGIQUE for _, _, _, pays, _, _ in groupes):
        departements.append((BELGIQUE, "Belgique"))
    tribunaux = Tribunal.objects.filter(pk__in={g[0] for g in groupes}).only("pk", "nom_normalise", "type", "ville")
    return Registre(
        total=sum(g[-1] for g in groupes),
        tribunaux=[
            (str(t.pk), t.nom_court) for t in sorted(tribunaux.order_by(), key=lambda t: (t.nom_normalise, t.pk))
        ],
        cabinets=sorted({g[1] for g in groupes} - {""}),
        departements=departements,
        antennes=antennes_de(mandataire) if antennes else [],
        mots=mandataire.mots_du_lieu,
    )


def _departement(insee: str) -> str:
    """« 574 » → « 57 », « 972 » → « 972 »: the département that an INSEE code begins with."""
    return insee if insee[:2] in {"97", "98"} else insee[:2]


def antennes_de(mandataire: Mandataire) -> list[tuple[str, str]]:
    """The places a mesure may be followed by, then none of them (mandataires.mots for how they are called)."""
    lieux = [(str(lieu.pk), str(lieu)) for lieu in mandataire.lieux_de_suivi()]
    return [*lieux, (SANS_ANTENNE, mandataire.mots_du_lieu.sans)] if lieux else []


# --- Searching ----------------------------------------------------------------------------------------


def rechercher(mesures: QuerySet, texte: str) -> QuerySet:
    """Mesures where every word is found: RG (normal form), dossier, commune (accents forgiven), birth year."""
    entier = forme_normale(texte)
    if not entier:
        return mesures
    hors_de_france = _villes(mesures)
    tous = Q()
    for mot in texte.split():
        tous &= _un_mot(mot, hors_de_france)
    return mesures.filter(tous | Q(rg_normal__contains=entier))


def _villes(mesures: QuerySet) -> dict[str, str]:
    """{town: its normal form} of those that are in no referential: « Liège » is found as « liege » too. One query."""
    connues = mesures.filter(commune=None).exclude(ville="").order_by().values_list("ville", flat=True).distinct()
    return {ville: nom_de_commune(ville) for ville in connues}


def _un_mot(mot: str, hors_de_france: dict[str, str]) -> Q:
    trouve = Q(numero_dossier__icontains=mot)
    if normal := forme_normale(mot):
        trouve |= Q(rg_normal__contains=normal)
    if nom := nom_de_commune(mot):
        trouve |= Q(commune__nom_normalise__contains=nom)
        if villes := [ville for ville, forme in hors_de_france.items() if nom in forme]:
            trouve |= Q(ville__in=villes)
    if mot.isdecimal():
        trouve |= Q(code_postal__startswith=mot)
        if len(mot) == 4:
            trouve |= Q(annee_naissance=int(mot))
    return trouve


def filtrer(mesures: QuerySet, valeurs: dict) -> QuerySet:
    """Apply the values of FiltresForm (absent ones change nothing)."""
    for champ in ("nature", "lieu_vie", "tribunal", "cabinet", "commune"):
        if valeurs.get(champ):
            mesures = mesures.filter(**{champ: valeurs[champ]})
    if antenne := valeurs.get("antenne"):
        mesures = mesures.filter(lieu=None if antenne == SANS_ANTENNE else antenne)
    if departement := valeurs.get("departement"):
        ou = {"pays": Pays.BELGIQUE} if departement == BELGIQUE else {"commune__departement": departement}
        mesures = mesures.filter(**ou)
    if manque := valeurs.get("manque"):
        mesures = mesures.filter(MANQUES[manque])
    return rechercher(mesures, valeurs.get("q", ""))
