"""Reading a mesure leaves a trace: who, which one, which day; once, and only where it was read."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from mesures.models import Consultation
from mesures.services import mandat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


def lues() -> set[tuple[str, int]]:
    return set(Consultation.objects.values_list("utilisateur__role", "mesure"))


@pytest.mark.parametrize(
    ("qui", "page"),
    [
        ("mandataire", "/mesures/{}/"),
        ("mandataire", "/mesures/{}/valider/"),
        ("mandataire", "/mesures/{}/decliner/"),
        ("magistrat", "/mesures/{}/"),
        ("greffier", "/mesures/{}/"),
        ("magistrat", "/mesures/{}/reservation/"),
        ("greffier", "/mesures/{}/annuler/"),
        ("support", "/admin/mesures/mesure/{}/change/"),
    ],
)
def test_who_reads_is_known(troupe, qui, page):
    for _ in range(2):
        assert troupe.clients[qui].get(page.format(troupe.reservee.pk)).status_code == 200
    lue = Consultation.objects.get()
    assert (lue.utilisateur, lue.mesure, lue.jour) == (troupe.gens[qui], troupe.reservee.pk, timezone.localdate())


def test_the_next_day_is_another_line(troupe):
    troupe.clients["mandataire"].get(f"/mesures/{troupe.mesure.pk}/")
    Consultation.objects.update(jour=timezone.localdate() - timedelta(days=1))
    troupe.clients["mandataire"].get(f"/mesures/{troupe.mesure.pk}/")
    assert Consultation.objects.count() == 2


def test_what_was_not_read_leaves_nothing(troupe):
    """A list, somebody else's mesure, nobody's: nothing was read."""
    for page in ("/mesures/en-cours/", f"/mesures/{troupe.mesure_voisine.pk}/", "/mesures/999999/"):
        troupe.clients["mandataire"].get(page)
    assert lues() == set()


def test_a_mesure_deleted_leaves_who_read_it(troupe):
    numero = troupe.mesure.pk
    troupe.clients["mandataire"].get(f"/mesures/{numero}/")
    mandat.supprimer(par=troupe.gens["mandataire"], mesure=troupe.mesure)
    assert lues() == {("individuel", numero)}
    page = troupe.clients["support"].get("/admin/mesures/consultation/", {"q": str(numero)}).content.decode()
    assert "1 consultation" in page


def test_it_touches_neither_the_story_nor_the_freshness(troupe):
    troupe.mandataire.refresh_from_db()
    avant = troupe.mandataire.actualise_le
    troupe.clients["magistrat"].get(f"/mesures/{troupe.reservee.pk}/")
    troupe.mandataire.refresh_from_db()
    assert troupe.mandataire.actualise_le == avant
    assert "Modifiée le" not in troupe.clients["mandataire"].get("/mesures/en-attente/").content.decode()


def test_forgotten_after_a_year(troupe):
    for jours in (400, 364):
        Consultation.objects.create(
            mesure=1, utilisateur=troupe.gens["agent"], jour=timezone.localdate() - timedelta(days=jours)
        )
    call_command("purger")
    assert Consultation.objects.count() == 1
