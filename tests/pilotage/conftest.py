"""A hand-made country: Moselle, Meurthe-et-Moselle and Ain, every case of the figures once."""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from mesures.enums import MotifFin, Statut
from tests import factories


def _mesures(mandataire, **combien):
    for trait, nombre in combien.items():
        factories.MesureFactory.create_batch(
            nombre, mandataire=mandataire, **({trait: True} if trait != "en_cours" else {})
        )


@pytest.fixture
def distribution(db):
    """Mandataires by first name; see the comment of each for what they add to the figures."""
    metz, thionville = factories.tribunal("Metz"), factories.tribunal("Thionville")
    nancy, bourg = factories.tribunal("Nancy"), factories.tribunal("Bourg-en-Bresse")
    hier = timezone.localdate() - datetime.timedelta(days=1)
    gens = {
        # +6 places, in both départements, lives in Moselle
        "alix": factories.MandataireFactory(nom="Alix", capacite=10, habilite=[metz, nancy]),
        # 3 above the wish, two courts of the same département
        "basile": factories.MandataireFactory(nom="Basile", capacite=2, habilite=[metz, thionville]),
        # paused: counts as 0, and not in what is wished
        "colombe": factories.MandataireFactory(
            prepose=True, nom="Colombe", capacite=20, habilite=[metz], pause_debut=hier
        ),
        # unknown capacity: never a 0
        "dune": factories.MandataireFactory(service=True, nom="Dune", capacite=None, habilite=[nancy], ville="Nancy"),
        # +100 places
        "erable": factories.MandataireFactory(
            service=True, nom="Érable", capacite=100, habilite=[nancy], ville="Nancy"
        ),
        # full
        "flore": factories.MandataireFactory(
            nom="Flore", capacite=1, habilite=[bourg], ville="Bourg-en-Bresse", actualise_le=None
        ),
        # habilitated nowhere: in the total of the country only
        "gaspard": factories.MandataireFactory(nom="Gaspard", capacite=3, habilite=[]),
        # no validated account: in no figure
        "personne": factories.MandataireFactory(nom="Personne", capacite=50, habilite=[metz], membre=False),
    }
    _mesures(gens["alix"], en_cours=3, en_attente=1)
    _mesures(gens["basile"], en_cours=5)
    _mesures(gens["colombe"], en_cours=4)
    _mesures(gens["dune"], en_cours=2)
    _mesures(gens["flore"], en_cours=1)
    _mesures(gens["personne"], en_cours=7)
    for date_fin in (hier, hier, hier - datetime.timedelta(days=400)):
        factories.MesureFactory(
            mandataire=gens["erable"], statut=Statut.ETEINTE, date_fin=date_fin, motif_fin=MotifFin.MAINLEVEE
        )
    return SimpleNamespace(metz=metz, thionville=thionville, nancy=nancy, bourg=bourg, **gens)
