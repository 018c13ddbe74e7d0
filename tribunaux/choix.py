"""The chooser of courts, that works without JavaScript: chosen ones, answers of the search, all of them by région."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from emjpm.geographie.querysets import nom_de_commune

from .models import Tribunal

REPONSES_MAX = 40


@dataclass
class ChoixTribunaux:
    """What templates/inscriptions/_choix_tribunaux.html and _parcourir.html show."""

    cherche: str
    choisis: list[Tribunal]
    reponses: list[Tribunal] = field(default_factory=list)
    nombre: int = 0
    par_region: list[tuple[str, list[Tribunal]]] = field(default_factory=list)


def choisir(cherche: str, choisis: Iterable, *, parcourir: bool = True, sauf: Iterable[int] = ()) -> ChoixTribunaux:
    """`cherche` as typed; `choisis`: keys as sent (what is not a key is left aside); `sauf`: never offered."""
    cles = {int(c) for c in choisis if str(c).isdecimal() and len(str(c)) < 12}
    cherche = cherche.strip()[:80]
    ouverts = Tribunal.objects.ouverts().exclude(pk__in=list(sauf))
    choix = ChoixTribunaux(cherche=cherche, choisis=list(ouverts.filter(pk__in=cles)))
    if cherche:
        trouves = Tribunal.objects.ressemblant(cherche).exclude(pk__in=[*cles, *sauf])
        choix.reponses = list(
            trouves.select_related("commune__departement").prefetch_related("predecesseurs")[:REPONSES_MAX]
        )
        for tribunal in choix.reponses:
            tribunal.reprise = _ancien(tribunal, cherche)
    if parcourir:
        tous = list(ouverts.select_related("commune__departement__region"))
        choix.nombre = len(tous)
        regions: dict[str, list[Tribunal]] = {}
        for tribunal in tous:
            if tribunal.pk not in cles:
                regions.setdefault(tribunal.commune.departement.region.nom, []).append(tribunal)
        choix.par_region = sorted(regions.items())
    return choix


def _ancien(tribunal: Tribunal, cherche: str) -> str:
    """« tribunal d’instance de … » when the search met a closed court this one took over, else nothing."""
    mots = nom_de_commune(cherche).split()
    sien = f"{tribunal.nom_normalise} {tribunal.commune.departement.nom_normalise} {tribunal.commune.departement_id}"
    if all(mot in sien.lower() for mot in mots):
        return ""
    for ancien in tribunal.predecesseurs.all():
        if any(mot in ancien.nom_normalise and mot not in sien for mot in mots):
            return ancien.nom[:1].lower() + ancien.nom[1:]
    return ""
