"""What the team corrects inside a mandataire's page: places and people, nothing lost without a word."""

import pytest
from django.urls import reverse
from django.utils import timezone

from emjpm.commun.models import Evenement
from mandataires import services
from mandataires.models import Invitation, Lieu, Mandataire, Membre
from tests import factories
from tests.mandataires.test_admin import formulaire

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(troupe):
    return troupe.clients["support"]


@pytest.fixture
def antenne(troupe) -> Lieu:
    return factories.LieuFactory(mandataire=troupe.service, nom="Antenne de Thionville", principal=False)


def page(mandataire) -> str:
    return reverse("admin:mandataires_mandataire_change", args=[mandataire.pk])


def ligne(donnees: dict, prefixe: str, pk: int) -> str:
    """« lieux-1 »: the row of this key in what the page posts."""
    return next(
        c.rsplit("-", 1)[0] for c, v in donnees.items() if c.startswith(prefixe) and c.endswith("-id") and v == pk
    )


def retirer(support, mandataire, prefixe: str, pk: int, **plus):
    donnees = formulaire(support.get(page(mandataire)))
    rang = ligne(donnees, prefixe, pk)
    return support.post(
        page(mandataire), donnees | {f"{rang}-DELETE": "on"} | {f"{rang}-{c}": v for c, v in plus.items()}
    )


def erreurs(reponse) -> str:
    return " ".join(str(e) for s in reponse.context["inline_admin_formsets"] for e in s.formset.non_form_errors())


class TestLieux:
    def test_a_limited_member_keeps_the_antenne(self, troupe, support, antenne):
        """Without it they would see the whole service."""
        limitee = Membre.objects.create(
            mandataire=troupe.service, utilisateur=factories.UtilisateurFactory(role="service"), lieu=antenne
        )
        refus = retirer(support, troupe.service, "lieux", antenne.pk, detacher="on")
        assert f"Antenne de Thionville. L’accès de {limitee.utilisateur} est limité à cette antenne" in erreurs(refus)
        limitee.refresh_from_db()
        assert limitee.lieu == antenne

    def test_the_seat_stays(self, troupe, support, antenne):
        siege = troupe.service.lieux.get(principal=True)
        assert "Choisissez d’abord un autre siège" in erreurs(retirer(support, troupe.service, "lieux", siege.pk))
        assert troupe.service.lieux.count() == 2

    def test_mesures_are_told_then_kept(self, troupe, support, antenne):
        mesures = factories.MesureFactory.create_batch(2, mandataire=troupe.service, lieu=antenne)
        fraicheur = troupe.service.actualise_le
        refus = retirer(support, troupe.service, "lieux", antenne.pk)
        assert "Antenne de Thionville. 2 mesures y sont : cochez aussi" in erreurs(refus)
        assert Lieu.objects.filter(pk=antenne.pk).exists()
        Invitation.objects.create(
            mandataire=troupe.service, courriel="a@exemple.fr", lieu=antenne, expire_le=timezone.now(), empreinte="x"
        )
        fait = retirer(support, troupe.service, "lieux", antenne.pk, detacher="on")
        assert fait.status_code == 302
        assert not Lieu.objects.filter(pk=antenne.pk).exists()
        for mesure in mesures:
            mesure.refresh_from_db()
            assert (mesure.mandataire, mesure.lieu) == (troupe.service, None)
        changements = Evenement.objects.sur(troupe.service).get(acte="lieu.retirer").changements
        assert (changements["mesures"], changements["invitations"]) == ([2, 0], [1, 0])
        # The team's correction is not a sign of life of the service.
        assert Mandataire.objects.get(pk=troupe.service.pk).actualise_le == fraicheur

    def test_a_street_corrected_goes_back_to_its_commune_and_is_journalised(self, troupe, support):
        lieu = troupe.mandataire.lieux.get()
        Lieu.objects.filter(pk=lieu.pk).update(precision="adresse", latitude=1, longitude=1, adresse="1 rue Haute")
        donnees = formulaire(support.get(page(troupe.mandataire)))
        rang = ligne(donnees, "lieux", lieu.pk)
        support.post(page(troupe.mandataire), donnees | {f"{rang}-adresse": "2 rue Haute"})
        lieu.refresh_from_db()
        assert (lieu.precision, lieu.latitude) == ("commune", lieu.commune.latitude)
        changements = Evenement.objects.sur(troupe.mandataire).get(acte="mandataire.lieu_modifier").changements
        assert changements["adresse"] == ["1 rue Haute", "2 rue Haute"]


class TestMembres:
    def test_an_administrator_stays(self, troupe, support):
        Membre.objects.create(mandataire=troupe.service, utilisateur=factories.UtilisateurFactory(role="service"))
        chef = troupe.gens["service"].membre
        assert services.DERNIER in erreurs(retirer(support, troupe.service, "membres", chef.pk))
        donnees = formulaire(support.get(page(troupe.service)))
        del donnees[f"{ligne(donnees, 'membres', chef.pk)}-administrateur"]
        assert services.DERNIER in erreurs(support.post(page(troupe.service), donnees))
        chef.refresh_from_db()
        assert chef.administrateur

    def test_only_an_antenne_of_the_service(self, troupe, support, antenne):
        ailleurs = factories.LieuFactory(mandataire=factories.MandataireFactory(service=True), nom="Ailleurs")
        simple = Membre.objects.create(
            mandataire=troupe.service, utilisateur=factories.UtilisateurFactory(role="service")
        )
        donnees = formulaire(support.get(page(troupe.service)))
        rang = ligne(donnees, "membres", simple.pk)
        assert support.post(page(troupe.service), donnees | {f"{rang}-lieu": ailleurs.pk}).status_code == 200
        chef = support.post(
            page(troupe.service), donnees | {f"{rang}-lieu": antenne.pk, f"{rang}-administrateur": "on"}
        )
        assert "agit pour tout le service" in erreurs(chef)
        assert support.post(page(troupe.service), donnees | {f"{rang}-lieu": antenne.pk}).status_code == 302
        simple.refresh_from_db()
        assert simple.lieu == antenne
        changements = Evenement.objects.sur(troupe.service).get(acte="mandataire.membre_modifier").changements
        assert changements["lieu"] == [None, antenne.pk]

    def test_a_judge_is_no_member(self, troupe, support):
        donnees = formulaire(support.get(page(troupe.service)))
        ajout = {"membres-TOTAL_FORMS": 2, "membres-1-utilisateur": troupe.gens["magistrat"].pk, "membres-1-lieu": "",
                 "membres-1-id": "", "membres-1-mandataire": troupe.service.pk}  # fmt: skip
        refus = support.post(page(troupe.service), donnees | ajout)
        assert "a le rôle « Magistrat »" in erreurs(refus)
        assert not Membre.objects.filter(utilisateur=troupe.gens["magistrat"]).exists()


class TestRevenir:
    def test_a_service_everybody_left_comes_back_once_somebody_answers_for_it(self, troupe, support):
        liste = reverse("admin:mandataires_mandataire_changelist")
        envoi = {"action": "revenir", "_selected_action": [troupe.service.pk]}
        assert "n’est pas retiré" in support.post(liste, envoi, follow=True).content.decode()
        chef = troupe.gens["service"]
        chef.fermeture_demandee_le = troupe.service.retire_le = timezone.now()
        chef.save()
        troupe.service.save()
        assert "Les Trois Ponts" in support.get(liste, {"recherches": "retires"}).content.decode()
        assert "Les Trois Ponts" not in support.get(liste, {"recherches": "presents"}).content.decode()
        assert "aucun compte ouvert" in support.post(liste, envoi, follow=True).content.decode()
        assert troupe.service not in Mandataire.objects.visibles()
        Membre.objects.create(mandataire=troupe.service, utilisateur=factories.UtilisateurFactory(role="service"))
        texte = support.post(liste, envoi, follow=True).content.decode()
        assert "Les Trois Ponts : les tribunaux le voient à nouveau." in texte
        assert troupe.service in Mandataire.objects.visibles()
        assert Evenement.objects.sur(troupe.service).get(acte="mandataire.revenir").par == troupe.gens["support"]
