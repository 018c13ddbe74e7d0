"""`relancer`: what an unanswered reservation brings, to whom, once."""

import datetime
import time
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Role, Utilisateur
from mandataires.models import Lieu, Mandataire, Membre
from mesures.delais import attend_depuis, jours_d_attente
from mesures.enums import Statut
from mesures.models import Mesure
from mesures.services import rappels
from mesures.services.mandat import decliner
from mesures.services.reservation import modifier_reservation
from tests.factories import MandataireFactory, MesureFactory, UtilisateurFactory, commune, utilisateur_du_tribunal
from tests.securite.foule import ailleurs, ensemble, sur_un_vrai_fichier

PARIS = ZoneInfo("Europe/Paris")


def il_y_a(jours: int):
    return timezone.now() - datetime.timedelta(days=jours)


def relancer(**options) -> str:
    sortie = StringIO()
    call_command("relancer", stdout=sortie, **options)
    return sortie.getvalue()


def recus(compte) -> list[Courriel]:
    return list(Courriel.objects.filter(destinataire=compte.email).order_by("pk"))


def texte(courriel) -> str:
    return courriel.texte.replace("\u00a0", " ")


@pytest.fixture
def juge(troupe):
    return troupe.gens["magistrat"]


@pytest.fixture
def reserver(troupe, juge):
    def faire(rg: str, jours: int, **champs):
        options = {"mandataire": troupe.mandataire, "tribunal": troupe.metz, "reserve_par": juge, **champs}
        return MesureFactory(en_attente=True, numero_rg=rg, **{"reserve_le": il_y_a(jours), **options})

    return faire


# --- Days -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reservee", "maintenant", "jours"),
    [
        # 14 days and 23 hours within fifteen midnights or not: pages count days, so do the reminders
        (datetime.datetime(2026, 11, 1, 0, 30), datetime.datetime(2026, 11, 15, 23, 30), 14),
        (datetime.datetime(2026, 11, 1, 10, 0), datetime.datetime(2026, 11, 16, 9, 0), 15),
        (datetime.datetime(2026, 11, 1, 23, 59), datetime.datetime(2026, 11, 16, 0, 0), 15),
        (datetime.datetime(2026, 11, 1, 23, 59), datetime.datetime(2026, 11, 15, 23, 59), 14),
        (datetime.datetime(2026, 10, 10, 0, 0), datetime.datetime(2026, 11, 8, 23, 59), 29),
        (datetime.datetime(2026, 10, 10, 23, 59), datetime.datetime(2026, 11, 9, 0, 0), 30),
        # across the change of hour of spring
        (datetime.datetime(2026, 3, 15, 23, 30), datetime.datetime(2026, 3, 30, 0, 10), 15),
    ],
)
def test_days_are_those_of_the_calendar_in_france(reservee, maintenant, jours):
    reservee, maintenant = reservee.replace(tzinfo=PARIS), maintenant.replace(tzinfo=PARIS)
    assert jours_d_attente(reservee, maintenant) == jours
    for seuil in (14, 15, 29, 30):
        assert (reservee < attend_depuis(seuil, maintenant)) == (jours >= seuil)


@pytest.mark.parametrize(("jours", "attendu"), [(14, None), (15, 15), (29, 15), (30, 30), (400, 30)])
def test_which_reminder_after_how_many_days(troupe, reserver, jours, attendu):
    mesure = reserver("26A00001", jours)
    relancer()
    mesure.refresh_from_db()
    assert (bool(mesure.rappel_15_le), bool(mesure.rappel_30_le)) == (attendu == 15, attendu == 30)
    assert len(recus(troupe.gens["mandataire"])) == (attendu is not None)


# --- Who is told, of what ---------------------------------------------------------------------------


def test_first_reminder_gathers_what_waits(troupe, reserver, juge):
    reserver("26A00001", 16)
    reserver("26A00002", 21, urgence=True)
    reserver("26A00003", 3)
    assert "2 réservation(s) rappelée(s) : 1 courriel(s), 0 avis" in relancer()
    (courriel,) = recus(troupe.gens["mandataire"])
    assert courriel.sujet.replace("\u00a0", " ") == "Rappel : 2 réservations attendent votre réponse"
    lu = texte(courriel)
    assert lu.index("26A00002") < lu.index("26A00001")
    assert "26A00003" not in lu
    assert "[Urgent] Tutelle" in lu
    assert "Femme, " in lu
    assert f"/mesures/{Mesure.objects.get(numero_rg='26A00001').pk}/" in lu
    assert not recus(juge)


def test_one_waiting_is_told_in_the_singular(troupe, reserver):
    reserver("26A00001", 16)
    relancer()
    (courriel,) = recus(troupe.gens["mandataire"])
    assert "une réservation attend votre réponse" in courriel.sujet
    assert "Une mesure réservée auprès de Camille Bellerive n’a pas encore de réponse" in texte(courriel)


def test_second_reminder_tells_who_reserved_once(troupe, reserver, juge):
    mesure = reserver("26A00001", 30, rappel_15_le=il_y_a(15))
    relancer()
    relancer()
    (second,) = recus(troupe.gens["mandataire"])
    assert second.sujet.startswith("Second rappel")
    (avis,) = recus(juge)
    lu = texte(avis)
    assert "Camille Bellerive n’a ni validé ni décliné la mesure" in lu
    assert f"/mesures/{mesure.pk}/annuler/?chercher=1" in lu
    assert "01 99 00 41 27" in lu
    assert "rien n’est annulé sans vous" in lu


def test_after_the_first_the_second_comes_in_its_time(troupe, reserver):
    mesure = reserver("26A00001", 15)
    relancer()
    Mesure.objects.filter(pk=mesure.pk).update(reserve_le=il_y_a(30), rappel_15_le=il_y_a(15))
    relancer()
    assert [c.sujet.split(" :")[0] for c in recus(troupe.gens["mandataire"])] == ["Rappel", "Second rappel"]
    mesure.refresh_from_db()
    assert mesure.statut == Statut.EN_ATTENTE


def test_each_antenne_hears_of_its_own(troupe, reserver):
    metz, thionville = (
        Lieu.objects.create(mandataire=troupe.service, nom=nom, commune=commune("Metz"))
        for nom in ("Metz", "Thionville")
    )
    gens = {}
    for nom, lieu in (("messin", metz), ("thionvillois", thionville), ("siege", None)):
        gens[nom] = UtilisateurFactory(role=Role.SERVICE, email=f"{nom}@exemple.fr")
        Membre.objects.create(utilisateur=gens[nom], mandataire=troupe.service, lieu=lieu)
    reserver("26A00001", 16, mandataire=troupe.service, lieu=metz)
    reserver("26A00002", 16, mandataire=troupe.service, lieu=thionville)
    relancer()
    lus = {nom: [texte(c) for c in recus(personne)] for nom, personne in gens.items()}
    assert {nom: len(siens) for nom, siens in lus.items()} == {"messin": 1, "thionvillois": 1, "siege": 1}
    assert "26A00001" in lus["messin"][0]
    assert "26A00002" not in lus["messin"][0]
    assert "26A00001" not in lus["thionvillois"][0]
    assert all(rg in lus["siege"][0] for rg in ("26A00001", "26A00002"))


def test_nobody_to_tell_is_said_to_the_court_once(troupe, reserver, juge):
    """An account suspended: no « reminder sent » is shown, the court learns it at 30 days, and only once."""
    Utilisateur.objects.filter(pk=troupe.gens["mandataire"].pk).update(statut="suspendu")
    jeune, vieille = reserver("26A00001", 16), reserver("26A00002", 31)
    relancer()
    relancer()
    for mesure in (jeune, vieille):
        mesure.refresh_from_db()
        assert (mesure.rappel_15_le, mesure.rappel_30_le) == (None, None)
    assert not recus(troupe.gens["mandataire"])
    (avis,) = recus(juge)
    assert "26A00002" in texte(avis)
    assert "Aucun rappel n’a pu lui être envoyé" in texte(avis)


def test_who_left_the_court_is_not_written_to(troupe, reserver):
    parti = utilisateur_du_tribunal(troupe.thionville)
    inactif = utilisateur_du_tribunal(troupe.metz, is_active=False)
    reserver("26A00001", 31, reserve_par=parti)
    reserver("26A00002", 31, reserve_par=inactif)
    reserver("26A00003", 31, reserve_par=None)
    relancer()
    assert not recus(parti)
    assert not recus(inactif)
    assert len(recus(troupe.gens["mandataire"])) == 1


def test_a_clerk_is_told_as_a_judge(troupe, reserver):
    reserver("26A00001", 31, reserve_par=troupe.gens["greffier"])
    relancer()
    assert len(recus(troupe.gens["greffier"])) == 1


def test_a_renewal_is_recalled_as_such(troupe, reserver):
    reserver("21B00167", 16, renouvelle=troupe.mesure)
    relancer()
    assert "Renouvellement : Tutelle" in texte(recus(troupe.gens["mandataire"])[0])


# --- What does not start the count again, what stops it ---------------------------------------------


def test_answered_meanwhile_gets_none(troupe, reserver):
    declinee = reserver("26A00001", 31)
    reserver("26A00002", 31, statut=Statut.ANNULEE, clos_le=timezone.now())
    decliner(par=troupe.gens["mandataire"], mesure=declinee, motif="plus_de_place")
    relancer()
    assert not recus(troupe.gens["mandataire"])


def test_answered_between_the_choice_and_the_lock(troupe, reserver, monkeypatch):
    """The run chose this mandataire, then the answer came: what is due is read again under the lock."""
    mesure = reserver("26A00001", 31)
    assert troupe.mandataire.pk in rappels.mandataires_a_relancer()
    decliner(par=troupe.gens["mandataire"], mesure=mesure, motif="plus_de_place")
    assert rappels.relancer(mandataire_pk=troupe.mandataire.pk) == []


def test_an_edit_or_a_pause_changes_nothing(troupe, reserver, juge):
    mesure = reserver("26A00001", 16)
    relancer()
    modifier_reservation(par=juge, mesure=mesure, donnees={"cabinet": "9"}, version=1)
    troupe.mandataire.pause_debut = timezone.localdate()
    troupe.mandataire.save()
    Courriel.objects.all().delete()
    relancer()
    assert not Courriel.objects.exists()
    Mesure.objects.filter(pk=mesure.pk).update(reserve_le=il_y_a(30))
    relancer()
    assert len(recus(troupe.gens["mandataire"])) == 1


def test_an_edit_drawn_before_the_reminder_is_accepted(reserver, juge):
    """The reminder changes no version: a court that had the form open is not told of a conflict."""
    mesure = reserver("26A00001", 16)
    relancer()
    assert modifier_reservation(par=juge, mesure=mesure, donnees={"cabinet": "9"}, version=1).cabinet == "9"


def test_the_mandataire_does_not_look_fresh(troupe, reserver):
    reserver("26A00001", 16)
    avant = type(troupe.mandataire).objects.get(pk=troupe.mandataire.pk).actualise_le
    relancer()
    assert type(troupe.mandataire).objects.get(pk=troupe.mandataire.pk).actualise_le == avant


# --- Once ---------------------------------------------------------------------------------------------


def test_dry_run_says_and_writes_nothing(troupe, reserver):
    reserver("26A00001", 16)
    reserver("26A00002", 33)
    dit = relancer(simuler=True)
    assert "2 réservation(s) rappelée(s) : 2 courriel(s), 1 avis aux tribunaux. Rien n’a été écrit." in dit
    assert "26A0" not in dit
    assert "@" not in dit
    assert not Courriel.objects.exists()
    assert not Evenement.objects.filter(acte="mesure.rappeler").exists()
    assert not Mesure.objects.exclude(rappel_15_le=None, rappel_30_le=None).exists()


def test_twice_in_a_row_is_once(reserver):
    reserver("26A00001", 16)
    reserver("26A00002", 33)
    relancer()
    avant = (Courriel.objects.count(), Evenement.objects.count())
    assert "0 réservation(s) rappelée(s)" in relancer()
    assert (Courriel.objects.count(), Evenement.objects.count()) == avant


@pytest.mark.django_db(transaction=True)
def test_twice_at_once_is_once(troupe, reserver, tmp_path, monkeypatch):
    for rang in range(4):
        reserver(f"26A0000{rang}", 16)
        reserver(f"26A0010{rang}", 33, mandataire=troupe.voisin)
    sur_un_vrai_fichier(tmp_path, monkeypatch)
    ensemble(*[relancer] * 6)

    def bilan():
        return (
            Courriel.objects.filter(sujet__contains="appel").count(),
            Courriel.objects.filter(sujet__startswith="Sans").count(),
            Evenement.objects.filter(acte="mesure.rappeler").count(),
            Mesure.objects.exclude(rappel_15_le=None, rappel_30_le=None).count(),
        )

    assert ailleurs(bilan) == (2, 1, 8, 8)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_mails_double(troupe, reserver, monkeypatch):
    """Negative control of the row lock. On SQLite there is none: its IMMEDIATE transaction alone excludes the others."""
    reserver("26A00001", 16)
    ecrire = rappels._ecrire_au_mandataire

    def lentement(*donnees):
        time.sleep(0.3)
        return ecrire(*donnees)

    monkeypatch.setattr(rappels, "verrouiller", lambda pk: Mandataire.objects.get(pk=pk))
    monkeypatch.setattr(rappels, "_ecrire_au_mandataire", lentement)
    ensemble(*[relancer] * 3)
    envoyes = Courriel.objects.filter(sujet__startswith="Rappel").count()
    assert envoyes == 1 if connection.vendor == "sqlite" else envoyes > 1


def test_one_that_fails_does_not_stop_the_others(troupe, reserver, monkeypatch):
    reserver("26A00001", 16)
    reserver("26A00002", 16, mandataire=troupe.voisin)
    vrai = rappels.relancer

    def capricieux(*, mandataire_pk, simuler):
        if mandataire_pk == troupe.mandataire.pk:
            raise RuntimeError("panne")
        return vrai(mandataire_pk=mandataire_pk, simuler=simuler)

    monkeypatch.setattr(rappels, "relancer", capricieux)
    with pytest.raises(CommandError, match="1 mandataire"):
        relancer()
    assert len(recus(troupe.gens["voisin"])) == 1


def test_queries_do_not_grow_with_the_reservations(troupe, reserver, django_assert_max_num_queries):
    reserver("26A00001", 16)
    reserver("26A00002", 33)
    with django_assert_max_num_queries(40) as peu:
        relancer(simuler=True)
    for rang in range(10, 20):
        reserver(f"26A000{rang}", 16)
        reserver(f"26A001{rang}", 33)
    with django_assert_max_num_queries(40) as beaucoup:
        relancer(simuler=True)
    assert len(beaucoup) == len(peu)


# --- What is shown ------------------------------------------------------------------------------------


def test_the_court_and_the_story_tell_it(troupe, reserver):
    jeune, vieille = reserver("26A00001", 16), reserver("26A00002", 34, rappel_15_le=il_y_a(19))
    relancer()
    page = troupe.clients["greffier"].get("/mesures/").content.decode()
    assert page.count("Rappel envoyé le ") == 1
    assert page.count("Rappels envoyés le ") == 2  # in the decisions and in the table
    histoire = troupe.clients["magistrat"].get(f"/mesures/{jeune.pk}/").content.decode()
    assert "Rappel envoyé au mandataire" in histoire
    assert "15 jours ou plus après la réservation" in histoire
    assert "équipe e-MJPM" not in histoire.split("Ce qui s’est passé")[1]
    assert Evenement.objects.sur(vieille).filter(acte="mesure.rappeler").get().changements == {"jours": 30}


def test_nothing_alarming_to_the_mandataire(troupe, reserver):
    reserver("26A00001", 16)
    relancer()
    for adresse in ("/mesures/en-attente/", "/tableau-de-bord/"):
        assert "appel envoyé" not in troupe.clients["mandataire"].get(adresse).content.decode()


def test_another_mandataire_gets_nothing(troupe, reserver):
    reserver("26A00001", 31)
    MandataireFactory()
    relancer()
    assert {c.destinataire for c in Courriel.objects.all()} == {
        troupe.gens["mandataire"].email,
        troupe.gens["magistrat"].email,
    }
