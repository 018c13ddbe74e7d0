"""Once only: fifty confirmations at the same instant leave one import. What guards it is taken away in turn."""

import contextlib
import functools
import threading
from collections import Counter
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from mandataires.models import Mandataire
from mesures.import_excel import services
from mesures.import_excel.analyse import analyser
from mesures.import_excel.models import ApercuImport
from mesures.models import ImportMesures, Mesure

from .ensemble import a_part, apercu, deposer, ensemble, laisse, mettre_en_commun, service
from .fabrique import rangee, xlsx

pytestmark = pytest.mark.django_db(transaction=True)
CONTRAINTE = next(c for c in ImportMesures._meta.constraints if c.name == "import_une_seule_fois")
LIGNES = 40


def une_seule_fois(mandataire, gens, lignes=LIGNES) -> None:
    """One import, its mesures, a line of journal for each and one for the import, a mail for each member."""
    reste = a_part(lambda: laisse(mandataire))
    assert (reste.imports, reste.mesures, reste.journal) == ([lignes], lignes, lignes + 1)
    assert reste.courriels == sorted(u.email for u in gens)
    assert reste.apercus == 0


def confirmer(depot: ApercuImport):
    """A confirmation by the person the preview belongs to, as read when the page was drawn."""
    return lambda: services.appliquer(apercu=depot, par=depot.par)


def test_fifty_confirmations_of_one_preview(tmp_path, monkeypatch):
    mandataire, gens = service()
    [depot] = deposer(apercu(LIGNES), mandataire, gens[:1])
    mettre_en_commun(tmp_path, monkeypatch)
    issues = ensemble([confirmer(depot)] * 50)
    assert Counter(type(i).__name__ for i in issues) == {"ImportMesures": 1, "DejaImporte": 49}, issues
    assert {i.fait.nombre for i in issues if isinstance(i, services.DejaImporte)} == {LIGNES}
    une_seule_fois(mandataire, gens)


def test_fifty_confirmations_of_two_members(tmp_path, monkeypatch):
    mandataire, gens = service()
    depots = deposer(apercu(LIGNES), mandataire, gens)
    mettre_en_commun(tmp_path, monkeypatch)
    issues = ensemble([confirmer(d) for d in depots] * 25)
    assert Counter(type(i).__name__ for i in issues) == {"ImportMesures": 1, "DejaImporte": 49}, issues
    une_seule_fois(mandataire, gens)


def test_uploads_at_the_same_instant_leave_one_preview(tmp_path, monkeypatch):
    """A double click without JavaScript: the second preview replaces the first, nobody meets an error."""
    mandataire, [par] = service(membres=1)
    contenu = apercu(LIGNES)
    mettre_en_commun(tmp_path, monkeypatch)
    issues = ensemble([lambda: services.deposer(apercu=contenu, mandataire=mandataire, par=par)] * 8)
    assert Counter(type(i).__name__ for i in issues) == {"ApercuImport": 8}, issues
    assert a_part(ApercuImport.objects.count) == 1


def test_answers_given_at_the_same_instant_all_count(tmp_path, monkeypatch):
    mandataire, [par] = service(membres=1)
    contenu = analyser(xlsx([rangee(n, annee_naissance=f"{40 + n}") for n in range(8)]))
    services.deposer(apercu=contenu, mandataire=mandataire, par=par)
    onglets = [ApercuImport.objects.get() for _ in range(8)]
    mettre_en_commun(tmp_path, monkeypatch)
    taches = [
        functools.partial(services.repondre, apercu=onglet, reponses={q.cle: q.choix[0].cle})
        for onglet, q in zip(onglets, contenu.questions, strict=True)
    ]
    issues = ensemble(taches)
    assert issues == [1] * 8
    assert a_part(lambda: len(ApercuImport.objects.get().apercu.pretes)) == 8


def test_fifty_clicks_of_two_members(tmp_path, monkeypatch, ouvrir_session):
    """As browsers: everyone is sent on to a page, nobody sees an error, and the page tells who did it."""
    mandataire, gens = service()
    depots = deposer(apercu(LIGNES), mandataire, gens)
    sessions = [ouvrir_session(par).cookies for par in gens]
    mettre_en_commun(tmp_path, monkeypatch)
    adresse = reverse("importer_confirmer")

    def cliquer(rang: int):
        client = Client(raise_request_exception=False)
        client.cookies = sessions[rang].copy()
        reponse = client.post(adresse, {"cle": depots[rang].cle})
        return reponse.status_code, reponse.get("Location")

    issues = ensemble([lambda: cliquer(0), lambda: cliquer(1)] * 25)
    assert Counter(issues) == {(302, reverse("importer")): 50}
    une_seule_fois(mandataire, gens)

    def relire() -> list[str]:
        pages = []
        for cookies in sessions:
            client = Client()
            client.cookies = cookies.copy()
            pages.append(client.get(reverse("importer")).content.decode())
        return pages

    pages = a_part(relire)
    assert all(f"{LIGNES} mesures importées" in p.replace("\u00a0", " ") for p in pages)
    assert sum("par vous" in p for p in pages) == 1


# --- Negative controls: the race is real, and each guard counts ------------------------------------------


@contextlib.contextmanager
def sans_contrainte():
    """The shared base without its unique constraint, given back afterwards."""

    def retirer() -> None:
        with connection.schema_editor() as schema:
            schema.remove_constraint(ImportMesures, CONTRAINTE)

    def remettre() -> None:
        Mesure.objects.all().delete()
        ImportMesures.objects.all().delete()
        with connection.schema_editor() as schema:
            schema.add_constraint(ImportMesures, CONTRAINTE)

    a_part(retirer)
    try:
        yield
    finally:
        a_part(remettre)


def sans_verrou(monkeypatch) -> None:
    """« Look, then write »: neither the row's lock nor the transaction, which is SQLite's own lock."""
    monkeypatch.setattr(services, "verrouiller", lambda pk: Mandataire.objects.get(pk=pk))
    monkeypatch.setattr(services, "transaction", SimpleNamespace(atomic=contextlib.nullcontext))


def en_se_croisant(taches: list, attente: float) -> list:
    """The tasks, where whoever is about to write the import waits for another one to be (`attente` seconds at most):
    both have then seen that none was done. The guards keep the second one from coming, or from writing."""
    croisement = threading.Barrier(2)

    def attendre(executer, sql, params, many, context):
        if sql.startswith('INSERT INTO "mesures_importmesures"'):
            with contextlib.suppress(threading.BrokenBarrierError):
                croisement.wait(attente)
        return executer(sql, params, many, context)

    def courir(tache):
        with connection.execute_wrapper(attendre):
            return tache()

    return [functools.partial(courir, tache) for tache in taches]


@pytest.mark.parametrize(
    ("contrainte", "verrou", "imports"),
    [(True, True, 1), (False, True, 1), (True, False, 1), (False, False, 2)],
    ids=["both", "lock alone", "constraint alone", "neither"],
)
def test_each_guard_is_enough_and_without_any_the_race_is_lost(tmp_path, monkeypatch, contrainte, verrou, imports):
    """Two members, twenty confirmations, rows without RG (a number would be refused twice by its own constraint).

    Without the lock and the constraint the import is done twice: the test above can fail.
    """
    mandataire, gens = service()
    depots = deposer(apercu(5, numero_rg=None), mandataire, gens)
    mettre_en_commun(tmp_path, monkeypatch)
    if not verrou:
        sans_verrou(monkeypatch)
    with contextlib.nullcontext() if contrainte else sans_contrainte():
        issues = ensemble(en_se_croisant([confirmer(d) for d in depots] * 10, attente=1 if verrou else 20))
        reste = a_part(lambda: laisse(mandataire))
    assert len(reste.imports) == imports, issues
    assert reste.mesures == 5 * imports
    assert sum(isinstance(i, ImportMesures) for i in issues) == imports
