"""The outbox: nothing lost, nothing sent twice, whatever the mail server does."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from psycopg_pool import PoolTimeout

from emjpm.commun import courriels
from emjpm.commun.models import Courriel


class ServeurFerme(BaseEmailBackend):
    """Refuses the first `echecs` mails."""

    def __init__(self, echecs: int):
        super().__init__()
        self.echecs = echecs

    def send_messages(self, messages):
        if self.echecs:
            self.echecs -= 1
            raise smtplib.SMTPServerDisconnected("secret@exemple.fr refusé")
        return mail.get_connection().send_messages(messages)


@pytest.mark.django_db
class TestOutbox:
    def deposer(self, *adresses):
        return courriels.deposer_texte("Mesure réservée", "Bonjour,\n\nhttps://exemple.fr/mesures/", adresses)

    def test_one_row_per_address_blank_and_double_ones_dropped(self):
        assert self.deposer("a@exemple.fr", "b@exemple.fr", "a@exemple.fr", "") == 2
        assert Courriel.objects.count() == 2

    def test_a_refused_mail_waits_then_leaves_once(self):
        self.deposer("a@exemple.fr")
        transport = ServeurFerme(echecs=1)
        assert courriels.envoyer_prochain(transport) is False
        ligne = Courriel.objects.get()
        assert ligne.prochain_essai_le > timezone.now()
        assert ligne.derniere_erreur == "SMTPServerDisconnected"  # the kind, never the text
        assert courriels.envoyer_prochain(transport) is None  # not before its time
        Courriel.objects.update(prochain_essai_le=timezone.now())
        assert courriels.envoyer_prochain(transport) is True
        assert courriels.envoyer_prochain(transport) is None
        assert [m.to for m in mail.outbox] == [["a@exemple.fr"]]

    def test_given_up_after_the_last_delay_and_kept(self):
        self.deposer("a@exemple.fr")
        for _ in range(len(Courriel.DELAIS) + 1):
            Courriel.objects.update(prochain_essai_le=timezone.now())
            assert courriels.envoyer_prochain(ServeurFerme(echecs=1)) is False
        assert Courriel.objects.get().abandonne_le is not None
        assert courriels.envoyer_prochain() is None

    def test_undone_with_the_transaction_it_tells(self):
        with transaction.atomic():
            self.deposer("a@exemple.fr")
            transaction.set_rollback(True)
        assert not Courriel.objects.exists()

    def test_the_command_sends_all_and_says_so(self, capsys):
        self.deposer("a@exemple.fr", "b@exemple.fr", "c@exemple.fr")
        call_command("envoyer_courriels")
        assert len(mail.outbox) == 3
        assert "3 courriel(s) envoyé(s)" in capsys.readouterr().out
        assert mail.outbox[0].alternatives[0].mimetype == "text/html"

    @pytest.mark.parametrize("panne", [OperationalError, InterfaceError, PoolTimeout])
    def test_the_base_away_does_not_stop_the_sender(self, monkeypatch, capsys, panne):
        def absente(transport):
            raise panne

        monkeypatch.setattr("emjpm.support.management.commands.envoyer_courriels.envoyer_prochain", absente)
        call_command("envoyer_courriels")
        assert "Base de données injoignable" in capsys.readouterr().err

    def test_a_template_without_subject_is_a_mistake_of_ours(self, settings):
        chargeur = ("django.template.loaders.locmem.Loader", {"courriels/sans_objet.txt": "Bonjour"})
        options = {k: v for k, v in settings.TEMPLATES[0]["OPTIONS"].items() if k != "loaders"}
        settings.TEMPLATES = [
            {**settings.TEMPLATES[0], "APP_DIRS": False, "OPTIONS": {**options, "loaders": [chargeur]}}
        ]
        with pytest.raises(ValueError, match="Objet"):
            courriels.deposer("sans_objet", "a@exemple.fr", {})
        assert not Courriel.objects.exists()
