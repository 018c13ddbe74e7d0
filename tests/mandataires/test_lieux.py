"""Establishments of a préposé, antennes of a service: stories, and what nobody else may touch."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emjpm.commun.models import Evenement
from mandataires.models import Lieu, Mandataire, Membre
from mesures.antennes import tableau
from mesures.disponibilite import disponibilite_de
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
ANTENNES, ETABLISSEMENTS = "/mes-informations/antennes/", "/mes-informations/etablissements/"
FINESS, AUTRE_FINESS = "570000646", "570099903"


def erreurs(reponse) -> dict[str, str]:
    return {champ: liste[0] for champ, liste in reponse.context["form"].errors.items()}


def saisie(**champs) -> dict:
    ville = factories.commune(champs.pop("ville", "Metz"))
    code = ville.codes_postaux.get().code
    return {"nom": "Rive Gauche", "code_postal": code, "commune": ville.pk, **champs}


class TestPrepose:
    @pytest.fixture
    def client(self, troupe):
        troupe.prepose.lieux.update(nom="EHPAD Les Glycines", nom_normalise="ehpad les glycines", capacite=6)
        return troupe.clients["prepose"]

    def test_a_story(self, troupe, client):
        texte = client.get(ETABLISSEMENTS).content.decode()
        assert "Rattachement" in texte
        assert "SIRET" not in texte
        url = reverse("etablissement_ajouter")
        assert (
            erreurs(client.post(url, saisie(finess="57000064")))["finess"] == "Il manque un chiffre : 57000064 en a 8."
        )
        assert "vérifiez le dernier chiffre" in erreurs(client.post(url, saisie(finess="570000647")))["finess"]
        fait = client.post(url, saisie(nom="Clinique Sainte-Exemple", finess=FINESS, ville="Thionville"), follow=True)
        texte = fait.content.decode()
        assert "Établissement ajouté : Clinique Sainte-Exemple." in texte
        assert "Renseignez Clinique Sainte-Exemple pour que la somme soit complète." in texte
        double = client.post(url, saisie(nom="Autre nom", finess="570 000 646"))
        assert erreurs(double)["finess"] == "Cet établissement est déjà dans votre liste."
        assert 'value="Autre nom"' in double.content.decode()  # what was typed stays
        lieu = troupe.prepose.lieux.get(finess=FINESS)
        assert (lieu.nom_normalise, lieu.precision, lieu.principal) == ("clinique sainte exemple", "commune", False)
        # Its capacity: the sum stands beside the one number, which stays the one that counts.
        modifier = reverse("etablissement_modifier", args=[lieu.pk])
        client.post(modifier, saisie(nom=lieu.nom, finess=FINESS, ville="Thionville", capacite="9", principal="on"))
        texte = client.get(ETABLISSEMENTS).content.decode()
        assert "Vos établissements en souhaitent 15 : c’est 10 qui compte." in texte
        assert "Prendre la somme, 15, comme nombre en tout" in texte
        assert Mandataire.objects.get(pk=troupe.prepose.pk).capacite == 10
        client.post(reverse("mes_informations_capacite"), {"capacite": "15", "next": ETABLISSEMENTS})
        assert "Prendre la somme" not in client.get(ETABLISSEMENTS).content.decode()
        # The attachment moved; it is not removed, the other may be.
        lieu.refresh_from_db()
        assert lieu.principal
        assert troupe.prepose.lieux.filter(principal=True).count() == 1
        refus = client.post(reverse("etablissement_retirer", args=[lieu.pk])).content.decode()
        assert "Choisissez d’abord un autre établissement de rattachement." in refus
        ancien = troupe.prepose.lieux.get(principal=False)
        client.post(reverse("etablissement_retirer", args=[ancien.pk]))
        assert (
            "Gardez au moins un établissement."
            in client.post(reverse("etablissement_retirer", args=[lieu.pk])).content.decode()
        )
        actes = Evenement.objects.sur(troupe.prepose).values_list("acte", flat=True)
        assert sorted(actes) == ["lieu.ajouter", "lieu.modifier", "lieu.retirer", "mandataire.capacite"]

    def test_a_double_click_adds_one(self, troupe, client):
        for _ in range(2):
            client.post(reverse("etablissement_ajouter"), saisie(nom="Hôpital de l’Exemple"))
        assert troupe.prepose.lieux.filter(nom="Hôpital de l’Exemple").count() == 1

    def test_the_judge_finds_the_new_establishment(self, troupe, client):
        client.post(reverse("etablissement_ajouter"), saisie(nom="Résidence Pré-Imaginaire"))
        reponse = troupe.clients["magistrat"].get(reverse("recherche"), {"texte": "pre imaginaire"})
        assert "Colombe Douxruisseau" in reponse.content.decode()

    def test_extra_fields_change_nothing(self, troupe, client):
        client.post(
            reverse("etablissement_ajouter"),
            saisie(mandataire=troupe.voisin.pk, latitude="0", courriel="x@exemple.fr", siret="1", affichage="autre"),
        )
        lieu = troupe.prepose.lieux.get(nom="Rive Gauche")
        assert (lieu.courriel, lieu.affichage) == ("", "adresse")
        assert lieu.latitude == factories.commune("Metz").latitude
        assert not troupe.voisin.lieux.filter(nom="Rive Gauche").exists()


class TestService:
    @pytest.fixture
    def client(self, troupe):
        troupe.service.lieux.update(nom="Metz, siège", nom_normalise="metz siege", capacite=60)
        return troupe.clients["service"]

    def test_antennes_their_counts_and_the_difference_explained(self, troupe, client):
        client.post(reverse("antenne_ajouter"), saisie(nom="Thionville", ville="Thionville", capacite="20"))
        antenne = troupe.service.lieux.get(nom="Thionville")
        for lieu, combien in ((antenne, 3), (None, 5)):
            factories.MesureFactory.create_batch(combien, mandataire=troupe.service, tribunal=troupe.metz, lieu=lieu)
        # 60 + (20 − 3) = 77 announced; the service: 100 − 8 = 92 = 77 + 20 − 5.
        texte = client.get(ANTENNES).content.decode()
        assert "Pourquoi 92, et non 77" in texte
        assert (
            "S’y ajoutent 20 mesures souhaitées qui ne sont dans aucune antenne, moins 5 mesures sans antenne." in texte
        )
        assert "77 + 20 − 5 = <strong>92</strong>" in texte
        assert "Répartir" in texte
        Mandataire.objects.filter(pk=troupe.service.pk).update(capacite=70)
        texte = client.get(ANTENNES).content.decode()
        assert "Elles souhaitent 80 mesures, le service 70. C’est 70 qui compte pour les tribunaux." in texte
        assert "77 − 10 − 5 = <strong>62</strong>" in texte

    def test_removing_one_moves_its_mesures_in_the_same_act(self, troupe, client):
        antenne = factories.LieuFactory(mandataire=troupe.service, nom="Thionville", capacite=20)
        mesure = factories.MesureFactory(mandataire=troupe.service, tribunal=troupe.metz, lieu=antenne)
        avant = disponibilite_de(Mandataire.objects.get(pk=troupe.service.pk))
        url = reverse("antenne_retirer", args=[antenne.pk])
        assert "Sa mesure passe en « Sans antenne »." in client.get(url).content.decode()
        assert Lieu.objects.filter(pk=antenne.pk).exists()  # a GET removes nothing
        assert "Antenne retirée : Thionville." in client.post(url, follow=True).content.decode()
        mesure.refresh_from_db()
        assert mesure.lieu is None
        assert disponibilite_de(Mandataire.objects.get(pk=troupe.service.pk)) == avant
        ligne = Evenement.objects.sur(troupe.service).get(acte="lieu.retirer")
        assert ligne.changements["mesures"] == [1, 0]

    def test_an_antenne_somebody_is_limited_to_stays(self, troupe, client):
        """Removing it would have opened the whole service to them."""
        antenne = factories.LieuFactory(mandataire=troupe.service, nom="Thionville")
        limite = factories.UtilisateurFactory(role="service", nom="Beaulaurier", prenom="Farah")
        Membre.objects.create(mandataire=troupe.service, utilisateur=limite, lieu=antenne)
        texte = client.post(reverse("antenne_retirer", args=[antenne.pk])).content.decode()
        assert "L’accès de Farah Beaulaurier est limité à cette antenne" in texte
        assert Lieu.objects.filter(pk=antenne.pk).exists()

    def test_the_seat_and_the_name(self, troupe, client):
        siege = troupe.service.lieux.get()
        assert "Gardez au moins une adresse" in client.get(reverse("antenne_retirer", args=[siege.pk])).content.decode()
        assert erreurs(client.post(reverse("antenne_ajouter"), saisie(nom="METZ, siege")))["nom"] == (
            "Une autre antenne porte ce nom."
        )

    def test_a_member_reads_and_acts_not_and_a_limited_one_sees_theirs(self, troupe, client, ouvrir_session):
        antenne = factories.LieuFactory(mandataire=troupe.service, nom="Thionville", capacite=20)
        simple, limite = (factories.UtilisateurFactory(role="service") for _ in range(2))
        Membre.objects.create(mandataire=troupe.service, utilisateur=simple)
        Membre.objects.create(mandataire=troupe.service, utilisateur=limite, lieu=antenne)
        for qui in (simple, limite):
            sien = ouvrir_session(qui)
            texte = sien.get(ANTENNES).content.decode()
            assert "Thionville" in texte
            assert "Ajouter une antenne" not in texte
            assert ("Metz, siège" in texte) == (qui is simple)
            assert ("Disponibilité du service" in texte) == (qui is simple)
            for nom, args in (
                ("antenne_ajouter", []),
                ("antenne_modifier", [antenne.pk]),
                ("antenne_retirer", [antenne.pk]),
            ):
                for methode in ("get", "post"):
                    assert getattr(sien, methode)(reverse(nom, args=args), saisie()).status_code == 403
        assert troupe.service.lieux.count() == 2

    def test_same_queries_whatever_the_number(self, troupe, client):
        client.get(ANTENNES)
        with CaptureQueriesContext(connection) as peu:
            client.get(ANTENNES)
        for rang in range(6):
            lieu = factories.LieuFactory(mandataire=troupe.service, nom=f"Antenne {rang}", capacite=rang)
            factories.MesureFactory(mandataire=troupe.service, tribunal=troupe.metz, lieu=lieu)
        with CaptureQueriesContext(connection) as beaucoup:
            client.get(ANTENNES)
        assert len(peu) == len(beaucoup) <= 12

    def test_a_number_no_base_can_hold_is_no_antenne(self, client):
        for nom in ("antenne_modifier", "antenne_retirer", "membre_modifier", "tribunal_quitter"):
            assert client.get(reverse(nom, args=[10**30])).status_code == 404

    def test_an_individuel_has_no_such_page(self, troupe):
        for adresse in (ANTENNES, ETABLISSEMENTS, "/mes-informations/membres/"):
            assert troupe.clients["mandataire"].get(adresse).status_code == 404
        assert troupe.clients["service"].get(ETABLISSEMENTS).status_code == 404


@pytest.mark.parametrize("capacite", [None, 0, 50, 70, 100])
@pytest.mark.parametrize("capacites", [(), (None,), (30,), (30, 40), (30, None, 12), (0,)])
def test_every_column_adds_up(troupe, capacite, capacites):
    """The equation holds whatever the places wish: what they announce + the rest − what they do not count."""
    m = troupe.service
    m.lieux.all().delete()
    m.capacite = capacite
    m.save()
    for rang, c in enumerate(capacites):
        lieu = factories.LieuFactory(mandataire=m, nom=f"A{rang}", capacite=c)
        factories.MesureFactory.create_batch(rang + 1, mandataire=m, tribunal=troupe.metz, lieu=lieu)
    factories.MesureFactory.create_batch(2, mandataire=m, tribunal=troupe.metz)
    t = tableau(Mandataire.objects.get(pk=m.pk), list(m.lieux.all()))
    assert sum(r.en_cours for r in t.rangs) + t.sans.en_cours == t.dispo.en_cours
    if capacite is None:
        assert t.reste is None
        assert not t.ecart
    else:
        assert t.places + t.reste - t.charge_partagee == t.dispo.sans_pause
        if t.ecart:
            assert t.explication
            assert str(abs(t.places)) in t.equation
