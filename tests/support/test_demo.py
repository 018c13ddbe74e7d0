"""The demo: the same France each time, its accounts in the state the README promises, nowhere but in the demo."""

import pytest
from django.core.management import CommandError, call_command

from emjpm.commun import journal
from emjpm.commun.models import Evenement
from emjpm.comptes.demo import COMPTES, MOT_DE_PASSE_DEMO
from emjpm.comptes.models import Utilisateur
from emjpm.support.groupes import PERMISSIONS, installer
from mandataires.models import Atout, Mandataire
from mesures.enums import Statut
from mesures.models import Evolution, Mesure
from mesures.services import evolutions as evolutions_services
from mesures.services.chaine import Chaine
from tribunaux.models import Tribunal


@pytest.mark.django_db
@pytest.mark.parametrize("commande", ["peupler_demo", "preparer_demo"])
def test_refused_outside_the_demo(commande):
    with pytest.raises(CommandError, match="démonstration"):
        call_command(commande)
    assert not Utilisateur.objects.exists()


@pytest.fixture
def demo(db, settings):
    settings.DEMO = True
    call_command("charger_referentiel", verbosity=0)
    call_command("peupler_demo", mandataires=60, mesures=800, verbosity=0)


def test_seeded_france(demo):
    ouverts = Tribunal.objects.ouverts()
    assert ouverts.count() > 280
    assert not [t for t in ouverts if t.habilitations.count() < 3], "a court without mandataires"
    assert abs(Mesure.objects.count() - 800) < 60
    assert set(Mesure.objects.values_list("statut", flat=True)) >= {Statut.EN_COURS, Statut.EN_ATTENTE, Statut.ETEINTE}
    for mesure in Mesure.objects.order_by("?")[:40]:
        mesure.full_clean(exclude=["mandataire", "tribunal", "commune"])
    for mandataire in Mandataire.objects.order_by("?")[:40]:
        mandataire.full_clean()

    comptes = {u.email: u for u in Utilisateur.objects.filter(email__in=[adresse for adresse, *_ in COMPTES])}
    assert len(comptes) == len(COMPTES) == 9
    assert all(u.check_password(MOT_DE_PASSE_DEMO) for u in comptes.values())
    assert comptes["attente@exemple.fr"].statut == Utilisateur.Statut.EN_ATTENTE
    nouveau = comptes["nouveau@exemple.fr"].membre.mandataire
    assert nouveau.capacite is None
    assert not nouveau.mesures.exists()
    support = comptes["support@exemple.fr"]
    assert not support.is_superuser
    assert support.has_perm("inscriptions.change_demandeinscription")

    metz = comptes["magistrat@exemple.fr"].membre_tribunal.tribunal
    assert metz.observations.values("mandataire").distinct().count() == 2
    assert Mandataire.objects.exclude(secteur="").count() > 15
    assert comptes["mandataire@exemple.fr"].membre.mandataire.atouts.count() == 4
    for atout in Atout.objects.all():
        atout.full_clean()

    for compte in ("mandataire", "service"):
        siennes = comptes[f"{compte}@exemple.fr"].membre.mandataire.mesures.en_cours()
        evolutions = Evolution.objects.filter(mesure__in=siennes).select_related("mesure")
        assert evolutions, compte
        for evolution in evolutions:
            evolution.full_clean(exclude=["mesure", "par"])
            assert not evolutions_services.faute_date(evolution.mesure, evolution.genre, evolution.date)
            Chaine(evolution.mesure).verifier()
            for champ, (_, apres) in evolution.changements.items():  # what is told leads to what is
                assert journal.photo(evolution.mesure, [champ]) == {champ: apres}
            assert Evenement.objects.sur(evolution.mesure).filter(acte="mesure.evoluer").exists()
        dites = siennes.exclude(ressources_niveau=None)
        assert 0 < dites.count() < siennes.count()
        assert dites.exclude(prestations=[]).exists()
    assert Evolution.objects.values("genre").distinct().count() >= 3

    call_command("peupler_demo", verbosity=0)  # a second call changes nothing
    assert Utilisateur.objects.filter(email="mandataire@exemple.fr").count() == 1


@pytest.mark.django_db
def test_support_group_is_what_the_code_says():
    groupe = installer()
    assert groupe.permissions.count() == sum(map(len, PERMISSIONS.values()))
    codes = set(groupe.permissions.values_list("codename", flat=True))
    assert not codes & {"change_group", "delete_utilisateur", "change_mesure", "delete_mesure"}
    assert installer().permissions.count() == groupe.permissions.count()
