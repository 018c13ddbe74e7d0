"""Many judges at once on the last places: a real base, real threads."""

import threading
import uuid

import pytest
from django.db import connection, connections

from emjpm.comptes.models import Utilisateur
from mesures.enums import Statut
from mesures.models import Mesure
from mesures.services import reservation as services
from tests.factories import MandataireFactory, tribunal, utilisateur_du_tribunal


@pytest.mark.django_db(transaction=True)
def test_twenty_judges_on_the_last_three_places(tmp_path, monkeypatch):
    """Exactly three pass, the others are asked. On SQLite the base is first copied to a file: threads that share a
    base in memory lock each other out at once instead of waiting."""
    metz = tribunal("Metz")
    juges = [utilisateur_du_tribunal(metz) for _ in range(20)]
    mandataire = MandataireFactory(capacite=3)
    if connection.vendor == "sqlite":
        fichier = str(tmp_path / "base.sqlite3")
        with connection.cursor() as curseur:
            curseur.execute("VACUUM INTO %s", [fichier])
        monkeypatch.setitem(connections.settings["default"], "NAME", fichier)
    resultats, depart = [], threading.Barrier(len(juges))

    def reserver(rang: int, pk: int) -> None:
        try:
            juge = Utilisateur.objects.select_related("membre_tribunal__tribunal").get(pk=pk)
            donnees = {"numero_rg": f"26C{rang:05d}", "civilite": "madame", "nature": "tutelle"}
            connections["default"].close()  # a pool smaller than the crowd must not hold everybody at the start
            depart.wait(20)
            services.reserver(par=juge, mandataire=mandataire, donnees=donnees, cle=uuid.uuid4())
            resultats.append("reservee")
        except services.ConfirmationRequise:
            resultats.append("a confirmer")
        except Exception as erreur:
            resultats.append(repr(erreur))
        finally:
            connections["default"].close()

    def lancer(cible, *arguments) -> None:
        fil = threading.Thread(target=cible, args=arguments)
        fil.start()
        fils.append(fil)

    fils: list[threading.Thread] = []
    for rang, juge in enumerate(juges):
        lancer(reserver, rang, juge.pk)
    for fil in fils:
        fil.join(60)
    assert sorted(resultats) == ["a confirmer"] * 17 + ["reservee"] * 3

    comptes = []

    def relire() -> None:
        comptes.append(Mesure.objects.filter(mandataire=mandataire.pk, statut=Statut.EN_ATTENTE).count())
        connections["default"].close()

    lancer(relire)
    fils[-1].join(20)
    assert comptes == [3]
