"""What the screens of a mandataire say in each of their states (screens of the week: words, marks, the way back)."""

import datetime

import pytest
from django import forms
from django.urls import reverse
from django.utils import timezone

from emjpm.commun import formulaires
from emjpm.commun.models import Evenement
from mandataires.models import Mandataire, Membre
from mesures.enums import Nature
from tests import factories
from tests.conftest import ouvrir

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
TABLEAU, INFORMATIONS = reverse("tableau_de_bord"), reverse("mes_informations")
REPRENDRE = reverse("mes_informations_reprendre")


@pytest.fixture
def client(troupe):
    """The mandataire, past the steps of the first login."""
    Mandataire.objects.update(verifie_le=timezone.now(), actualise_le=timezone.now())
    return troupe.clients["mandataire"]


def lire(client, url: str, **parametres) -> str:
    return client.get(url, parametres).content.decode()


class TestQuiJeSuis:
    @pytest.mark.parametrize(
        ("qui", "civilite", "mots"),
        [
            ("mandataire", "madame", "Mandataire individuelle"),
            ("mandataire", "monsieur", "Mandataire individuel"),
            ("prepose", "madame", "Préposée d’établissement"),
            ("prepose", "monsieur", "Préposé d’établissement"),
        ],
    )
    def test_one_person_is_told_in_their_gender(self, troupe, client, qui, civilite, mots):
        personne = troupe.gens[qui]
        personne.civilite = civilite
        personne.save()
        Mandataire.objects.filter(pk=troupe.prepose.pk).update(capacite=3)
        factories.MesureFactory(mandataire=troupe.prepose, tribunal=troupe.metz)
        client = ouvrir(personne)
        assert f"{mots}, Metz (57)</p>" in lire(client, TABLEAU)
        page = lire(client, INFORMATIONS)
        assert f"<dd>{mots}</dd>" in page
        assert f"{mots}, Metz (57)</p>" in page.split("Ce que voit un magistrat")[1]

    def test_whoever_is_limited_to_an_antenne_reads_which(self, troupe, client):
        antenne = factories.LieuFactory(mandataire=troupe.service, nom="Antenne de Thionville")
        factories.MesureFactory(mandataire=troupe.service, tribunal=troupe.metz, lieu=antenne)
        personne = factories.UtilisateurFactory(role="service")
        Membre.objects.create(utilisateur=personne, mandataire=troupe.service, lieu=antenne)
        assert "Les Trois Ponts, Antenne de Thionville</p>" in lire(ouvrir(personne), TABLEAU)
        assert "Les Trois Ponts, Metz (57)</p>" in lire(troupe.clients["service"], TABLEAU)

    def test_the_account_is_one_click_away(self, troupe, client):
        page = lire(client, INFORMATIONS)
        for nom in ("account_email", "account_change_password", "mfa_index", "usersessions_list", "mes_donnees",
                    "compte_fermer"):  # fmt: skip
            assert f'href="{reverse(nom)}"' in page.split('id="titre-compte"')[1]


class TestSouhaitZero:
    def test_no_wish_and_nothing_running(self, troupe, client):
        troupe.mandataire.mesures.all().delete()
        client.post(TABLEAU)  # « Je n’en ai aucune »
        client.post(reverse("mes_informations_capacite"), {"capacite": "0"})
        assert "Vous ne souhaitez pas de nouvelle mesure" in lire(client, TABLEAU)

    def test_a_wish_that_is_met_keeps_its_words(self, troupe, client):
        client.post(reverse("mes_informations_capacite"), {"capacite": "2"})
        page = lire(client, TABLEAU)
        assert "Vous suivez autant de mesures que souhaité" in page
        assert "ne souhaitez pas" not in page


class TestReprendre:
    @pytest.fixture
    def pause(self, troupe):
        def poser(dans: int, jours: int | None):
            debut = timezone.localdate() + datetime.timedelta(days=dans)
            fin = None if jours is None else debut + datetime.timedelta(days=jours)
            Mandataire.objects.filter(pk=troupe.mandataire.pk).update(
                pause_debut=debut, pause_fin=fin, pause_motif="Congé"
            )

        return poser

    def test_one_click_ends_the_pause(self, troupe, client, pause):
        pause(-2, 30)
        page = lire(client, TABLEAU)
        assert f'action="{REPRENDRE}"' in page
        assert "Mettre mon activité en pause" not in page
        dit = client.post(REPRENDRE, follow=True).content.decode()
        assert "Activité reprise. Votre disponibilité est de 8." in dit
        m = Mandataire.objects.get(pk=troupe.mandataire.pk)
        assert (m.pause_debut, m.pause_fin, m.pause_motif) == (None, None, "")
        assert "Votre activité n’est pas en pause." in client.post(REPRENDRE, follow=True).content.decode()
        assert Evenement.objects.sur(m).filter(acte="mandataire.reprendre").count() == 1
        assert client.get(REPRENDRE).status_code == 405

    def test_a_pause_to_come_is_cancelled(self, troupe, client, pause):
        pause(10, None)
        assert "Annuler la pause</button>" in lire(client, INFORMATIONS)
        dit = client.post(f"{REPRENDRE}?next={INFORMATIONS}", follow=True)
        assert dit.redirect_chain == [(INFORMATIONS, 302)]
        assert "Pause annulée. Votre disponibilité est de 8." in dit.content.decode()

    def test_a_pause_that_is_over_is_no_pause(self, troupe, client, pause):
        pause(-30, 10)
        ligne = lire(client, INFORMATIONS).split("<dt>Pause</dt>")[1].split("</dd>")[0]
        assert "Aucune" in ligne
        assert "Annuler" not in ligne

    def test_of_a_service_its_administrators_only(self, troupe, client):
        simple = factories.UtilisateurFactory(role="service")
        Membre.objects.create(mandataire=troupe.service, utilisateur=simple)
        assert ouvrir(simple).post(REPRENDRE).status_code == 403


class TestOuJeSuis:
    @pytest.mark.parametrize(
        ("laquelle", "onglet"), [("mesure", "mesures_en_cours"), ("reservee", "mesures_en_attente")]
    )
    def test_a_mesure_lights_the_tab_of_its_state(self, troupe, client, laquelle, onglet):
        page = lire(client, reverse("mesure", args=[getattr(troupe, laquelle).pk]))
        assert f'href="{reverse(onglet)}" aria-current="true"' in page
        assert page.count("aria-current") == 1

    def test_what_i_did_myself_is_told_to_me(self, troupe, client):
        url = reverse("mesure_valider", args=[troupe.reservee.pk])
        reponses = {"date_jugement": timezone.localdate().isoformat(), "lieu_vie": "domicile"}
        client.post(url, reponses)
        assert "Vous avez validé cette mesure à " in client.post(url, reponses, follow=True).content.decode()

    def test_ending_a_mandate_reminds_of_evolutions(self, troupe, client):
        page = lire(client, reverse("mesure_terminer", args=[troupe.mesure.pk]))
        assert f'href="{reverse("evolution_noter", args=[troupe.mesure.pk])}">Notez plutôt une évolution</a>' in page


@pytest.mark.parametrize(
    ("champs", "mots"),
    [
        ({}, "57000 Metz"),
        ({"code_postal": ""}, "Metz (57)"),
        ({"commune": None, "code_postal": "6760", "ville": "Virton", "pays": "BE"}, "6760 Virton (Belgique)"),
    ],
)
def test_a_postal_code_already_tells_the_departement(troupe, client, champs, mots):
    mesure = factories.MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.metz, **champs)
    assert f"<dt>Commune</dt><dd>{mots}</dd>" in lire(client, reverse("mesure", args=[mesure.pk]))


class TestListeDense:
    def test_short_words_in_the_columns_of_a_service(self, troupe, client):
        antenne = factories.LieuFactory(mandataire=troupe.service, nom="Antenne d’Amnéville")
        commun = {"mandataire": troupe.service, "tribunal": troupe.metz}
        factories.MesureFactory(lieu=antenne, nature=Nature.SAUVEGARDE_JUSTICE, **commun)
        factories.MesureFactory(nature=Nature.MAJ, **commun)
        corps = lire(troupe.clients["service"], reverse("mesures_en_cours")).split("<tbody")[1].split("</tbody>")[0]
        for mots in (">Sauvegarde de justice<", ">Accompagnement judiciaire<", ">Amnéville<", ">Sans antenne<"):
            assert mots in corps

    def test_what_was_done_is_a_sentence(self, troupe, client):
        tardive = factories.MesureFactory(
            mandataire=troupe.mandataire, tribunal=troupe.metz, date_jugement=timezone.localdate()
        )
        donnees = {
            "acte": "eteindre",
            "faire": "1",
            "mesures": f"{troupe.mesure.pk},{tardive.pk}",
            "toutes-motif": "deces",
            "toutes-date_fin": (timezone.localdate() - datetime.timedelta(days=1)).isoformat(),
        }
        page = client.post(reverse("mesures_groupe"), donnees).content.decode()
        assert "RG 21B00167</a> est dans «\u00a0Mesures éteintes\u00a0». Votre disponibilité passe de" in page


def test_a_question_is_not_followed_by_a_colon():
    class Question(formulaires.FormulaireDsfr, forms.Form):
        ou = forms.CharField(label="Où vit la personne\u00a0?", error_messages={"required": "Choisissez un lieu."})
        quand = forms.CharField(label="Date", error_messages={"required": "Écrivez la date."})

    phrases = [faute.phrase for faute in formulaires.fautes(Question({}))]
    assert phrases == ["Où vit la personne\u00a0? Choisissez un lieu.", "Date\u00a0: écrivez la date."]
