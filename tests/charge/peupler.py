"""A base of national size, by the demo's own generators, written in large batches."""

import itertools
import random
import time

from emjpm.support.demo import mandataires as demo_mandataires
from emjpm.support.demo import mesures as demo_mesures
from emjpm.support.demo.comptes import Comptes, lieux_par_mandataire
from emjpm.support.groupes import installer
from mesures.enums import Statut
from mesures.models import Mesure

LOT = 5000


def _lignes(hasard, fiches, territoire, vivantes: int, eteintes: int):
    """Mesures one by one: the living shared out by capacity, then the ended ones."""
    antennes = lieux_par_mandataire([f.mandataire for f in fiches])
    autour = {}
    for f in fiches:
        siennes = territoire.par_departement[f.lieux[0].commune.departement_id]
        autour[f.mandataire.pk] = hasard.choices(siennes, [c.population for c in siennes], k=12)
    poids = [f.mandataire.capacite or 30 for f in fiches]
    etats = itertools.chain(
        itertools.repeat(None, vivantes), itertools.repeat(Statut.ETEINTE, eteintes)
    )  # None: en cours, sometimes en attente
    tirage = iter(())
    for rang, etat in enumerate(etats, start=1):
        f = next(tirage, None)
        if f is None:
            tirage = iter(hasard.choices(fiches, poids, k=LOT))
            f = next(tirage)
        yield demo_mesures.mesure(
            hasard,
            rang,
            f.mandataire,
            statut=etat or (Statut.EN_ATTENTE if hasard.random() < 0.03 else Statut.EN_COURS),
            tribunaux=f.tribunaux,
            communes=autour[f.mandataire.pk],
            lieux=antennes.get(f.mandataire.pk, []),
        )


def peupler(mandataires: int, vivantes: int, eteintes: int, graine: int = 1) -> None:
    """Fills an empty base that holds the référentiel; prints its progress."""
    hasard, debut = random.Random(graine), time.monotonic()
    installer()
    territoire = demo_mandataires.Territoire.lire()
    comptes = Comptes(hasard)
    fiches = comptes.mandataires() + demo_mandataires.fiches(hasard, mandataires, territoire)
    # Capacities follow the load, so that the base has room and surcapacity as the real one.
    charge = vivantes / max(1, sum(f.mandataire.capacite or 0 for f in fiches))
    for f in fiches:
        if f.mandataire.capacite:
            f.mandataire.capacite = round(f.mandataire.capacite * charge * hasard.uniform(0.95, 1.3))
    demo_mandataires.ecrire(fiches)
    comptes.tribunal_et_etat()
    print(f"  {len(fiches)} mandataires en {time.monotonic() - debut:.0f} s", flush=True)
    lignes, faites = _lignes(hasard, fiches, territoire, vivantes, eteintes), 0
    while lot := list(itertools.islice(lignes, LOT)):
        # A number is unique by mandataire and court: ranks beyond 99,999 carry a suffix of their own.
        for i, ligne in enumerate(lot, start=faites):
            if i >= 100_000:
                ligne.numero_rg = ligne.rg_normal = f"{ligne.rg_normal}-{i // 100_000}"
        Mesure.objects.bulk_create(lot, batch_size=LOT)
        faites += len(lot)
        if faites % 100_000 == 0:
            print(f"  {faites} mesures en {time.monotonic() - debut:.0f} s", flush=True)
