"""`rappeler`: « vos informations sont-elles à jour ? », to whom, once a month. Its link: test_rappeler_lien."""

import datetime
import re
import time
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Utilisateur
from mandataires.models import Mandataire, Membre
from mesures.services import fraicheur
from tests.factories import LieuFactory, MandataireFactory, MesureFactory, UtilisateurFactory
from tests.securite.foule import ailleurs, ensemble, sur_un_vrai_fichier

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def il_y_a(jours: int):
    return timezone.now() - datetime.timedelta(days=jours)


def dans(jours: int):
    return timezone.localdate() + datetime.timedelta(days=jours)


def changer(mandataire, **champs):
    Mandataire.objects.filter(pk=mandataire.pk).update(**champs)


def rappeler(**options) -> str:
    sortie = StringIO()
    call_command("rappeler", stdout=sortie, **options)
    return sortie.getvalue()


def texte(courriel) -> str:
    return courriel.texte.replace("\u00a0", " ").replace("\u202f", " ")


def page(reponse) -> str:
    return reponse.content.decode().replace("\u00a0", " ")


def lien(courriel, quoi="tout-est-a-jour") -> str:
    return re.search(rf"http://127\.0\.0\.1:8000(/{quoi}/\S+/)", courriel.texte).group(1)


def compte(mandataire) -> Utilisateur:
    return mandataire.membres.get().utilisateur


# --- Who and when -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dite", "maintenant", "du"),
    [
        (datetime.datetime(2026, 11, 1, 23, 59), datetime.datetime(2026, 12, 1, 0, 0), True),
        (datetime.datetime(2026, 11, 1, 0, 0), datetime.datetime(2026, 11, 30, 23, 59), False),
        # across the change of hour, both ways: days of the calendar, not 720 hours
        (datetime.datetime(2026, 10, 10, 23, 59), datetime.datetime(2026, 11, 9, 0, 1), True),
        (datetime.datetime(2026, 3, 10, 23, 59), datetime.datetime(2026, 4, 9, 0, 1), True),
        (datetime.datetime(2026, 3, 10, 0, 30), datetime.datetime(2026, 4, 8, 23, 59), False),
    ],
)
def test_thirty_days_of_the_calendar_in_france(muet, dite, maintenant, du):
    changer(muet, actualise_le=dite.replace(tzinfo=PARIS))
    assert fraicheur.dus(maintenant.replace(tzinfo=PARIS)).filter(pk=muet.pk).exists() is du
    changer(muet, actualise_le=dite.replace(tzinfo=PARIS) - datetime.timedelta(days=100))
    changer(muet, rappele_le=dite.replace(tzinfo=PARIS))
    assert fraicheur.dus(maintenant.replace(tzinfo=PARIS)).filter(pk=muet.pk).exists() is du


def test_never_updated_is_counted_from_the_verification_then_from_the_creation(muet):
    changer(muet, actualise_le=None, verifie_le=il_y_a(10), cree_le=il_y_a(50))
    assert "0 mandataire(s)" in rappeler()
    changer(muet, verifie_le=None)
    rappeler()
    assert "n’ont pas encore été vérifiées depuis l’ouverture du compte" in texte(Courriel.objects.get())


def test_the_mail_says_what_courts_see_and_what_waits(muet):
    for rang in range(3):
        MesureFactory(mandataire=muet, numero_rg=f"21A0000{rang}")
    reservee = MesureFactory(mandataire=muet, en_attente=True, numero_rg="26C00001")
    assert "1 mandataire(s) rappelé(s) : 1 courriel(s)." in rappeler()
    courriel = Courriel.objects.get()
    assert courriel.destinataire == compte(muet).email
    assert courriel.sujet == "Vos informations sont-elles à jour ?"
    lu = texte(courriel)
    assert "il y a 5 semaines" in lu
    assert "Mesures souhaitées : 10\nEn cours : 3\nEn attente : 1\nDisponibilité : 6\n" in lu
    assert "1 mesure réservée par un tribunal attend votre réponse" in lu
    assert reservee.numero_rg not in lu
    muet.refresh_from_db()
    assert timezone.localdate(muet.rappele_le) == timezone.localdate()
    assert timezone.localdate(muet.actualise_le) == timezone.localdate(il_y_a(40))  # they did nothing
    assert Evenement.objects.get(acte="mandataire.rappeler").changements == {"courriels": 1}


def test_unknown_capacity_is_said_never_a_zero(muet):
    changer(muet, capacite=None)
    rappeler()
    assert "Mesures souhaitées : non renseigné" in texte(Courriel.objects.get())
    assert "Disponibilité : inconnue" in texte(Courriel.objects.get())


def test_twice_is_once_and_again_a_month_later(muet):
    rappeler()
    assert "0 mandataire(s) rappelé(s)" in rappeler()
    assert Courriel.objects.count() == 1
    changer(muet, rappele_le=il_y_a(29))
    rappeler()
    assert Courriel.objects.count() == 1
    changer(muet, rappele_le=il_y_a(30))
    rappeler()
    assert Courriel.objects.count() == 2


def test_dry_run_writes_nothing(muet):
    dit = rappeler(simuler=True)
    assert f"Mandataire {muet.pk} : 1 courriel(s)" in dit
    assert "Rien n’a été écrit." in dit
    assert "@" not in dit
    assert not Courriel.objects.exists()
    assert not Evenement.objects.exists()
    muet.refresh_from_db()
    assert muet.rappele_le is None


def test_who_is_left_alone(muet):
    frais = MandataireFactory(actualise_le=il_y_a(29))
    parti = MandataireFactory(actualise_le=il_y_a(90), retire_le=il_y_a(1))
    ferme = MandataireFactory(actualise_le=il_y_a(90))
    Utilisateur.objects.filter(pk=compte(ferme).pk).update(statut="suspendu")
    attend = MandataireFactory(actualise_le=il_y_a(90))
    Utilisateur.objects.filter(pk=compte(attend).pk).update(statut="en_attente")
    refuse = MandataireFactory(actualise_le=il_y_a(90))
    Utilisateur.objects.filter(pk=compte(refuse).pk).update(avis_mise_a_jour=False)
    rappeler()
    assert list(Courriel.objects.values_list("destinataire", flat=True)) == [compte(muet).email]
    for autre in (frais, parti, ferme, attend, refuse):
        autre.refresh_from_db()
        assert autre.rappele_le is None


@pytest.mark.parametrize(
    ("debut", "fin", "silence", "du"),
    [
        (-40, 6, 40, False),  # paused, and not nearly over
        (-40, 5, 40, True),  # a few days before the end
        (-40, 0, 40, True),
        (-40, -1, 40, True),  # over
        (3, 60, 40, True),  # not begun
        (-40, None, 89, False),  # no end: quarterly
        (-40, None, 90, True),
    ],
)
def test_a_pause_is_respected(muet, debut, fin, silence, du):
    changer(
        muet,
        pause_debut=dans(debut),
        pause_fin=None if fin is None else dans(fin),
        pause_motif="Congé",
        actualise_le=il_y_a(silence),
    )
    assert ("1 mandataire(s)" in rappeler()) is du
    assert "0 mandataire(s)" in rappeler()  # once
    if du and debut < 0 and (fin is None or fin >= 0):
        assert "Activité en pause" in texte(Courriel.objects.get())
        assert "Disponibilité : 0 (10 sans la pause)" in texte(Courriel.objects.get())


def test_a_long_pause_is_reminded_quarterly_not_monthly(muet):
    changer(muet, pause_debut=dans(-200), actualise_le=il_y_a(200), rappele_le=il_y_a(89))
    assert "0 mandataire(s)" in rappeler()
    changer(muet, rappele_le=il_y_a(90))
    assert "1 mandataire(s)" in rappeler()


def membre(service, **champs):
    personne = UtilisateurFactory(role="service", **champs.pop("compte", {}))
    Membre.objects.create(mandataire=service, utilisateur=personne, **champs)
    return personne


def test_of_a_service_the_administrators_then_the_members():
    service = MandataireFactory(service=True, nom="Les Trois Ponts", actualise_le=il_y_a(40))
    chef = compte(service)
    autre = membre(service, administrateur=True, compte={"avis_mise_a_jour": False})
    simple = membre(service, lieu=LieuFactory(mandataire=service))
    rappeler()
    (courriel,) = Courriel.objects.all()
    assert courriel.destinataire == chef.email
    assert "La dernière mise à jour de Les Trois Ponts date du" in texte(courriel)
    # no administrator's account is open any more: the members
    Utilisateur.objects.filter(pk__in=[chef.pk, autre.pk]).update(statut="suspendu")
    changer(service, rappele_le=None)
    Courriel.objects.all().delete()
    rappeler()
    assert Courriel.objects.get().destinataire == simple.email


def test_each_one_gets_their_own_link_and_nobody_reads_another_s_address():
    service = MandataireFactory(service=True, actualise_le=il_y_a(40))
    chef, autre = compte(service), membre(service, administrateur=True)
    rappeler()
    deux = {c.destinataire: c for c in Courriel.objects.all()}
    assert set(deux) == {chef.email, autre.email}
    assert len({lien(c) for c in deux.values()}) == 2
    for adresse, courriel in deux.items():
        assert not any(a in courriel.texte for a in deux if a != adresse)


def test_one_that_fails_does_not_stop_the_others(muet, monkeypatch):
    autre = MandataireFactory(actualise_le=il_y_a(40))
    vrai = fraicheur.rappeler

    def capricieux(*, mandataire_pk, simuler):
        if mandataire_pk == muet.pk:
            raise RuntimeError("panne")
        return vrai(mandataire_pk=mandataire_pk, simuler=simuler)

    monkeypatch.setattr(fraicheur, "rappeler", capricieux)
    with pytest.raises(CommandError, match="1 mandataire"):
        rappeler()
    assert Courriel.objects.get().destinataire == compte(autre).email


def test_queries_do_not_grow_with_the_mesures(muet, django_assert_max_num_queries):
    MesureFactory(mandataire=muet, numero_rg="21A00001")
    with django_assert_max_num_queries(20) as peu:
        rappeler(simuler=True)
    for rang in range(10, 30):
        MesureFactory(mandataire=muet, numero_rg=f"21A000{rang}", en_attente=rang % 2 == 0)
    with django_assert_max_num_queries(20) as beaucoup:
        rappeler(simuler=True)
    assert len(beaucoup) == len(peu)


@pytest.mark.django_db(transaction=True)
def test_twice_at_once_is_once(tmp_path, monkeypatch):
    for _ in range(4):
        MandataireFactory(actualise_le=il_y_a(40))
    sur_un_vrai_fichier(tmp_path, monkeypatch)
    ensemble(*[rappeler] * 6)

    def bilan():
        return Courriel.objects.count(), Evenement.objects.count(), Mandataire.objects.exclude(rappele_le=None).count()

    assert ailleurs(bilan) == (4, 4, 4)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_mails_double(muet, monkeypatch):
    """Negative control of the row lock. On SQLite there is none: its IMMEDIATE transaction alone excludes the others."""
    ecrire = fraicheur._contexte

    def lentement(mandataire):
        time.sleep(0.3)
        return ecrire(mandataire)

    monkeypatch.setattr(fraicheur, "verrouiller", lambda pk: Mandataire.objects.get(pk=pk))
    monkeypatch.setattr(fraicheur, "_contexte", lentement)
    ensemble(*[rappeler] * 3)
    envoyes = Courriel.objects.count()
    assert envoyes == 1 if connection.vendor == "sqlite" else envoyes > 1
