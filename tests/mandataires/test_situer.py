"""`situer_adresses`: a better point when the geocoder knows, the commune's when it does not."""

import pytest
from django.core.management import call_command

from emjpm.commun.models import Evenement
from emjpm.geographie.geocodage import Position

from .. import factories


@pytest.mark.django_db
def test_places_at_their_commune_are_located(monkeypatch, settings, capsys):
    settings.GEOCODEUR_ACTIF = True
    connu = factories.MandataireFactory().lieux.get()
    inconnu = factories.MandataireFactory().lieux.get()
    sans_adresse = factories.MandataireFactory().lieux.get()
    for lieu, adresse in ((connu, "12 rue Serpenoise"), (inconnu, "lieu-dit introuvable")):
        lieu.adresse = adresse
        lieu.save()

    def situer(adresse, code_postal, commune):
        assert adresse, "an empty address must not be asked for"
        return Position(49.1, 6.2, "adresse") if "Serpenoise" in adresse else Position(49.12, 6.18, "commune")

    monkeypatch.setattr("emjpm.geographie.geocodage.situer", situer)
    call_command("situer_adresses")
    for lieu in (connu, inconnu, sans_adresse):
        lieu.refresh_from_db()
    assert (connu.latitude, connu.precision) == (49.1, "adresse")
    assert (inconnu.precision, sans_adresse.precision) == ("commune", "commune")
    assert Evenement.objects.sur(connu).filter(acte="lieu.situer").exists()
    assert "1 lieu(x) situé(s) sur 2" in capsys.readouterr().out


@pytest.mark.django_db
def test_switched_off_it_asks_nothing(settings, monkeypatch, capsys):
    settings.GEOCODEUR_ACTIF = False
    monkeypatch.setattr("emjpm.geographie.geocodage.situer", lambda *a: pytest.fail("asked"))
    call_command("situer_adresses")
    assert "éteint" in capsys.readouterr().out
