"""Who bears these words: in the name, the name of a place, its town, an e-mail; else who bears words that look alike.

The exact words are looked for by the database, in columns without accents or capitals; the look-alikes by rapidfuzz
over the words of the candidates. Nothing depends on the database's own rules: both give the same answers.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from rapidfuzz import process
from rapidfuzz.distance import OSA

from emjpm.geographie.querysets import nom_de_commune
from mandataires.models import Lieu, Mandataire

LONGUEUR_MIN, LONGUEUR_DEUX = 4, 8
"""From so many letters a word may be mistyped once, from so many twice: a letter lost, added, changed, or two swapped
(optimal string alignment)."""
MOTS_MAX = 8
"""Each word is looked for in every name: beyond so many, nobody is described any better."""
_ABREGES = {"saint": "st", "sainte": "ste", "saints": "sts", "saintes": "stes"}


def contenant(mandataires: QuerySet[Mandataire], texte: str, *, lieux_seuls: bool = False) -> tuple[set[int], bool]:
    """(keys of the mandataires found, are they only look-alikes?). One query, two when only look-alikes are found.

    `lieux_seuls`: the names and towns of their places alone.

    A text without any letter or digit finds nobody.
    """
    mots = _mots(texte)
    adresse = texte.strip().lower() if "@" in texte and not lieux_seuls else ""
    if not mots:
        return set(), False
    tous = Q()
    for mot in mots:
        tous &= _porte(mot, lieux_seuls)
    exacts = mandataires.filter(_a_l_adresse(adresse) if adresse else tous | _identifiant(mots, lieux_seuls))
    trouves = set(exacts.order_by().values_list("pk", flat=True))
    if adresse or trouves:
        return trouves, False
    return _ressemblants(mandataires, mots, lieux_seuls), True


def _mots(texte: str) -> list[str]:
    """The words that tell something, each once; a lone letter counts only when there is nothing else."""
    tous = list(dict.fromkeys(nom_de_commune(texte).split()))
    return ([mot for mot in tous if len(mot) > 1] or tous)[:MOTS_MAX]


def _lieux(condition: Q) -> Exists:
    return Exists(Lieu.objects.filter(condition, mandataire=OuterRef("pk")))


def _porte(mot: str, lieux_seuls: bool) -> Q:
    """The word, in the name or at one of the places; « saint » is also written « st » in a name."""
    trouve = Q(_lieux(Q(nom_normalise__contains=mot) | Q(commune__nom_normalise__contains=mot)))
    if not lieux_seuls:
        trouve |= Q(nom_normalise__contains=mot)
        if mot in _ABREGES:  # the name keeps what was typed; places and towns are written in full
            trouve |= Q(nom_normalise__regex=rf"(^| ){_ABREGES[mot]}( |$)")
    return trouve


def _identifiant(mots: list[str], lieux_seuls: bool) -> Q:
    """A single word may also be what comes before the @ of an e-mail."""
    if lieux_seuls or len(mots) > 1:
        return Q(pk=None)
    return Q(courriel__iregex=rf"{mots[0]}[^@]*@", partage_courriel=True)  # a hidden one is not guessed either


def _a_l_adresse(adresse: str) -> Q:
    return Q(courriel__icontains=adresse, partage_courriel=True) | Q(_lieux(Q(courriel__icontains=adresse)))


def _ressemblants(mandataires: QuerySet[Mandataire], mots: list[str], lieux_seuls: bool) -> set[int]:
    """Those with, for each word, a word that holds it or looks like it. One query, whatever their number."""
    porteurs: dict[str, set[int]] = {}
    textes = mandataires.order_by().values_list(
        "pk", "nom_normalise", "lieux__nom_normalise", "lieux__commune__nom_normalise"
    )
    for pk, nom, lieu, commune in textes:
        propre = "" if lieux_seuls else nom_de_commune(nom)
        for mot in f"{propre} {lieu or ''} {commune or ''}".split():
            porteurs.setdefault(mot, set()).add(pk)
    trouves: set[int] | None = None
    for mot in mots:
        proches = {autre for autre in porteurs if mot in autre}
        if len(mot) >= LONGUEUR_MIN:
            fautes = 1 if len(mot) < LONGUEUR_DEUX else 2
            alike = process.extract(mot, porteurs.keys(), scorer=OSA.distance, score_cutoff=fautes, limit=None)
            proches |= {autre for autre, _, _ in alike}
        siens = set().union(*(porteurs[autre] for autre in proches)) if proches else set()
        trouves = siens if trouves is None else trouves & siens
    return trouves or set()
