"""A base that several threads or processes share, and what an import left in it."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.db import connection, connections

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Utilisateur
from mandataires.models import Mandataire, Membre
from mesures.import_excel import services
from mesures.import_excel.analyse import analyser
from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures, Mesure
from tests import factories

from .fabrique import rangee, xlsx


def service(membres: int = 2, nom: str = "Les Trois Ponts") -> tuple[Mandataire, list[Utilisateur]]:
    """A service and its members."""
    mandataire = factories.MandataireFactory(service=True, nom=nom, capacite=5000)
    for _ in range(membres - 1):
        Membre.objects.create(mandataire=mandataire, utilisateur=factories.UtilisateurFactory(role="service"))
    return mandataire, [m.utilisateur for m in mandataire.membres.select_related("utilisateur").order_by("pk")]


def apercu(lignes: int, **changements):
    """The preview of a workbook of this many good rows (the court and the commune of Metz exist)."""
    lu = analyser(xlsx([rangee(n, **changements) for n in range(lignes)]))
    assert len(lu.pretes) == lignes
    return lu


def deposer(contenu, mandataire: Mandataire, gens: list[Utilisateur]) -> list[ApercuImport]:
    """The same preview, by each of these members."""
    return [services.deposer(apercu=contenu, mandataire=mandataire, par=par) for par in gens]


def mettre_en_commun(tmp_path, monkeypatch) -> str | None:
    """From now on other threads share the base: on SQLite, a copy in a file (its path), since threads that share a
    base in memory lock each other out at once instead of waiting. The caller's own thread keeps the former one."""
    if connection.vendor != "sqlite":
        return None
    fichier = str(tmp_path / "base.sqlite3")
    with connection.cursor() as curseur:
        curseur.execute("VACUUM INTO %s", [fichier])
    monkeypatch.setitem(connections.settings["default"], "NAME", fichier)
    return fichier


def ensemble(taches: list[Callable[[], Any]]) -> list[Any]:
    """Run the tasks at the same instant, a thread each; their results, or the exceptions they raised."""
    depart, resultats = threading.Barrier(len(taches)), [None] * len(taches)

    def courir(rang: int, tache) -> None:
        try:
            depart.wait(30)
            resultats[rang] = tache()
        except Exception as erreur:
            resultats[rang] = erreur
        finally:
            connections["default"].close()

    fils = [threading.Thread(target=courir, args=paire) for paire in enumerate(taches)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(90)
    assert not any(fil.is_alive() for fil in fils)
    return resultats


def a_part(tache: Callable[[], Any]) -> Any:
    """Run one task in a thread of its own, on the shared base."""
    [resultat] = ensemble([tache])
    if isinstance(resultat, Exception):
        raise resultat
    return resultat


def laisse(mandataire: Mandataire) -> SimpleNamespace:
    """What the base holds of this mandataire's import."""
    imports = ImportMesures.objects.filter(mandataire=mandataire)
    mesures = {str(pk) for pk in Mesure.objects.filter(mandataire=mandataire).values_list("pk", flat=True)}
    traces = Evenement.objects.filter(acte="mesure.importer", objet_type="mesures.mesure").values_list("objet_id")
    fins = Evenement.objects.filter(acte="import.confirmer", objet_id__in=[str(i.pk) for i in imports])
    adresses = list(mandataire.membres.values_list("utilisateur__email", flat=True))
    return SimpleNamespace(
        imports=[i.nombre for i in imports],
        mesures=len(mesures),
        journal=len(mesures & {pk for (pk,) in traces}) + fins.count(),
        courriels=sorted(Courriel.objects.filter(destinataire__in=adresses).values_list("destinataire", flat=True)),
        apercus=ApercuImport.objects.filter(mandataire=mandataire).count(),
    )
