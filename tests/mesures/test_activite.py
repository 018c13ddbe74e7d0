"""The mandataire's own figures: twelve months that follow the dates, and what the home page counts once."""

from datetime import date

import pytest
from django.utils import timezone

from mandataires.models import Mandataire
from mesures.activite import activite_de, douze_mois
from mesures.disponibilite import disponibilite_de
from mesures.enums import Statut
from mesures.import_excel.models import VERSION
from mesures.models import ApercuImport, Mesure
from mesures.services import mandat
from tests import factories
from tests.factories import MesureFactory

from .test_mandat_vues import texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


def test_douze_mois_suivent_les_dates(troupe):
    Mesure.objects.all().delete()
    tous = {"mandataire": troupe.mandataire}
    MesureFactory(date_jugement=date(2024, 1, 5), **tous)
    MesureFactory(date_jugement=date(2026, 2, 28), **tous)
    MesureFactory(date_jugement=date(2025, 1, 1), eteinte=True, date_fin=date(2026, 3, 1), **tous)
    MesureFactory(en_attente=True, **tous)
    mois, entier = douze_mois(Mesure.objects.all(), date(2026, 4, 15))
    assert entier
    assert [m.long for m in mois[-3:]] == ["février 2026", "mars 2026", "avril 2026"]
    assert [(m.en_cours, m.commencees, m.terminees) for m in mois[-4:]] == [(2, 0, 0), (3, 1, 0), (2, 0, 1), (2, 0, 0)]
    Mesure.objects.filter(date_jugement__lt=date(2026, 1, 1)).delete()
    mois, entier = douze_mois(Mesure.objects.all(), date(2026, 4, 15))
    assert ([m.long for m in mois], entier) == (["février 2026", "mars 2026", "avril 2026"], False)


def test_un_renouvellement_ne_fait_ni_une_mesure_de_plus_ni_une_de_moins(troupe):
    """A reconduction is an event of the mesure: it began once, at its first judgment."""
    Mesure.objects.all().delete()
    suivie = MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.metz, date_jugement=date(2020, 1, 5))
    aujourdhui = timezone.localdate()
    avant = douze_mois(Mesure.objects.all())
    demande = MesureFactory(
        mandataire=troupe.mandataire,
        tribunal=troupe.metz,
        en_attente=True,
        renouvelle=suivie,
        numero_rg=suivie.numero_rg,
        reserve_par=troupe.gens["magistrat"],
    )
    mandat.valider(par=troupe.gens["mandataire"], mesure=demande, date_jugement=aujourdhui)
    assert suivie.evolutions.count() == 1
    assert douze_mois(Mesure.objects.all()) == avant
    assert [(m.en_cours, m.commencees, m.terminees) for m in avant[0]] == [(1, 0, 0)] * 12


def test_terminer_puis_rouvrir_revient_au_meme(troupe):
    Mesure.objects.filter(mandataire=troupe.mandataire).exclude(pk=troupe.mesure.pk).delete()
    avant = douze_mois(Mesure.objects.filter(mandataire=troupe.mandataire))
    moi = troupe.gens["mandataire"]
    mandat.eteindre(par=moi, mesure=troupe.mesure, motif="deces", date_fin=timezone.localdate())
    pendant, _ = douze_mois(Mesure.objects.filter(mandataire=troupe.mandataire))
    assert (pendant[-1].en_cours, pendant[-1].terminees, pendant[-2].en_cours) == (0, 1, 1)
    troupe.mesure.refresh_from_db()
    mandat.rouvrir(par=moi, mesure=troupe.mesure)
    assert douze_mois(Mesure.objects.filter(mandataire=troupe.mandataire)) == avant


def test_les_comptes_de_l_accueil_disent_la_disponibilite(troupe, django_assert_num_queries):
    """One grouped count gives the same numbers as the one formula, renewals apart."""
    m = troupe.mandataire
    MesureFactory.create_batch(3, mandataire=m, tribunal=troupe.metz, nature="curatelle_simple", numero_rg="")
    MesureFactory(mandataire=m, tribunal=troupe.metz, en_attente=True, renouvelle=troupe.mesure)
    MesureFactory(mandataire=m, eteinte=True)
    attendue = disponibilite_de(Mandataire.objects.get(pk=m.pk))
    lu = Mandataire.objects.get(pk=m.pk)
    with django_assert_num_queries(1):
        activite = activite_de(lu)
        assert disponibilite_de(lu) == attendue
    assert (activite.en_cours, activite.en_attente, activite.renouvellements) == (4, 2, 1)
    assert (activite.sans_rg, activite.sans_annee) == (3, 0)
    assert [(p.libelle, p.nombre) for p in activite.natures()] == [("Curatelle simple", 3), ("Tutelle", 1)]
    assert [(p.libelle, p.nombre, p.pourcent) for p in activite.tribunaux()] == [
        ("Tribunal judiciaire de Metz", 4, 100)
    ]


def test_limite_a_une_antenne_voit_la_sienne(troupe):
    Mandataire.objects.update(verifie_le=timezone.now())
    antenne = factories.LieuFactory(mandataire=troupe.service, nom="Antenne nord")
    MesureFactory(mandataire=troupe.service, lieu=antenne)
    MesureFactory.create_batch(4, mandataire=troupe.service)
    MesureFactory(mandataire=troupe.service, en_attente=True)
    troupe.service.membres.update(lieu=antenne, administrateur=False)
    page = texte(troupe.clients["service"].get("/tableau-de-bord/"))
    assert "Votre mesure en cours" in page
    assert "réservée par un tribunal" not in page  # it is not of this antenne
    assert "94 mesures peuvent encore vous être confiées" in page  # the service's own: 100 − 5 − 1
    assert Mesure.objects.filter(mandataire=troupe.service, statut=Statut.EN_COURS).count() == 5


def test_un_import_commence_attend(troupe):
    Mandataire.objects.update(verifie_le=timezone.now())
    client, m = troupe.clients["mandataire"], troupe.mandataire
    assert "1 import à terminer" not in texte(client.get("/tableau-de-bord/"))
    ApercuImport.objects.create(mandataire=m, par=troupe.gens["mandataire"], donnees={"version": VERSION})
    page = texte(client.get("/tableau-de-bord/"))
    assert "1 import à terminer" in page
    assert "Votre classeur est lu, rien n’est encore importé." in page
