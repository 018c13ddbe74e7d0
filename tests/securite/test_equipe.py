"""The team cannot turn the admin into a way in."""

import pytest
from django.urls import reverse

from emjpm.commun.courriels import deposer_texte
from emjpm.commun.models import Courriel
from emjpm.comptes.models import Role
from emjpm.support import groupes
from tests import factories
from tests.conftest import ouvrir


@pytest.fixture
def support(db):
    membre = factories.UtilisateurFactory(role=Role.SUPPORT, is_staff=True)
    membre.groups.add(groupes.installer())
    return ouvrir(membre)


def test_the_outbox_does_not_show_the_links_that_open_an_account(support):
    deposer_texte("Mot de passe", "Ouvrez http://x/mot-de-passe/nouveau/1a-cle-secrete/ puis…", ["a@exemple.fr"])
    courriel = Courriel.objects.get()
    page = support.get(reverse("admin:commun_courriel_change", args=[courriel.pk])).content.decode()
    assert "Ouvrez http://x/mot-de-passe/nouveau/…" in page
    assert "cle-secrete" not in page


@pytest.mark.parametrize(
    "chemin",
    ["/admin/comptes/utilisateur/?password__startswith=pbkdf2", "/admin/commun/courriel/?texte__contains=cle"],
)
def test_no_letter_by_letter_search(support, chemin):
    assert support.get(chemin).status_code == 400


def test_contact_limit_holds_an_hour(db, settings, monkeypatch):
    from emjpm.support import services

    instant = [1_000_000.0]
    monkeypatch.setattr(services.time, "time", lambda: instant[0])
    assert [services.trop_de_messages("x") for _ in range(6)] == [False] * 5 + [True]
    instant[0] += 3599
    assert services.trop_de_messages("x")
