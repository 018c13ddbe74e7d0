"""The public pages, the frame around them, the pages of errors, writing to the team."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core import mail
from django.db import OperationalError
from django.http import Http404
from django.test import RequestFactory
from django.urls import reverse

from emjpm.commun import vues
from emjpm.commun.models import Courriel
from emjpm.comptes.droits import page_d_accueil
from emjpm.support.views import demo_courriels


def html(reponse) -> str:
    return reponse.content.decode()


def menu(reponse) -> list[str]:
    nav = re.search(r'<nav class="fr-nav".*?</nav>', html(reponse), re.S).group()
    return [" ".join(re.sub(r"<[^>]+>", "", a).split()) for a in re.findall(r"<a .*?</a>", nav, re.S)]


def ecrire(client, **champs):
    donnees = {"sujet": "question", "courriel": "jeanne@exemple.fr", "message": "Comment m’inscrire ?", **champs}
    return client.post("/contact/", donnees)


@pytest.mark.django_db
def test_l_accueil_dit_a_quoi_sert_le_site_et_laisse_entrer(client):
    reponse = client.get("/")
    assert reponse.status_code == 200
    assert 'action="/connexion/"' in html(reponse)
    assert 'name="login"' in html(reponse)
    assert 'name="password"' in html(reponse)
    assert menu(reponse) == ["Accueil", "Pas à pas"]


def test_chacun_va_droit_a_son_travail(troupe):
    for nom, client in troupe.clients.items():
        reponse = client.get("/")
        assert reponse.status_code == 302, nom
        assert reponse.url == page_d_accueil(troupe.gens[nom]), nom


def test_les_onglets_sont_ceux_du_role(troupe):
    assert menu(troupe.clients["mandataire"].get("/contact/")) == [
        "Tableau de bord", "Mesures en cours", "Mesures en attente 1 à traiter", "Importer", "Mes informations",
    ]  # fmt: skip
    assert menu(troupe.clients["voisin"].get("/contact/"))[2] == "Mesures en attente"
    assert menu(troupe.clients["magistrat"].get("/contact/")) == ["Recherche", "Mesures du tribunal"]
    assert menu(troupe.clients["agent"].get("/contact/")) == ["Vue d’ensemble"]
    assert menu(troupe.clients["support"].get("/contact/")) == ["Administration"]


@pytest.mark.django_db
def test_l_onglet_present_est_marque(client):
    assert '<a class="fr-nav__link" href="/pas-a-pas/" aria-current="page">' in html(client.get("/pas-a-pas/"))


def test_l_en_tete_dit_qui_agit_et_d_ou(troupe):
    assert "Agathe Rivemorte, TJ Metz" in html(troupe.clients["magistrat"].get("/contact/"))
    assert "agent départemental" in html(troupe.clients["agent"].get("/contact/"))


def test_se_deconnecter_est_un_formulaire(troupe):
    page = html(troupe.clients["mandataire"].get("/contact/"))
    assert '<form method="post" action="/deconnexion/">' in page
    assert 'href="/deconnexion/"' not in page


@pytest.mark.parametrize("nom", ["mandataire", "magistrat", "agent"])
def test_le_cadre_coute_peu(troupe, nom, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):  # session, person, then the frame
        troupe.clients[nom].get("/pas-a-pas/")


@pytest.mark.django_db
def test_un_message_part_a_l_equipe_qui_peut_repondre(client, settings):
    reponse = ecrire(client, message="L’import de D’Arc & fils échoue <b>toujours</b>.")
    assert reponse.status_code == 302
    courriel = Courriel.objects.get()
    assert courriel.destinataire == settings.COURRIEL_SUPPORT
    assert courriel.repondre_a == "jeanne@exemple.fr"
    assert courriel.sujet == "Une question, par jeanne@exemple.fr"
    assert "D’Arc & fils échoue <b>toujours</b>." in courriel.texte
    assert "&lt;b&gt;toujours&lt;/b&gt;" in courriel.html
    assert mail.outbox == []
    assert "L’équipe vous répond à jeanne@exemple.fr." in html(client.get("/contact/"))


def test_l_adresse_de_qui_est_connecte_est_deja_la(troupe):
    client, utilisateur = troupe.clients["mandataire"], troupe.gens["mandataire"]
    assert f'value="{utilisateur.email}"' in html(client.get("/contact/"))
    ecrire(client)
    assert f"De {utilisateur}, Mandataire individuel" in Courriel.objects.get().texte


@pytest.mark.django_db
@pytest.mark.parametrize("faute", [{"sujet": ""}, {"sujet": "x"}, {"courriel": "jeanne"}, {"message": "  "},
                                   {"message": "a" * 5001}])  # fmt: skip
def test_un_message_incomplet_ne_perd_rien(client, faute):
    reponse = ecrire(client, **faute)
    assert reponse.status_code == 200
    page = html(reponse)
    assert "1 champ à corriger. Rien n’est perdu." in page
    assert "<title>Erreur : Contacter l’équipe — e-MJPM</title>" in page
    assert faute.get("courriel", "jeanne@exemple.fr") in page
    assert not Courriel.objects.exists()


@pytest.mark.django_db
def test_un_robot_ne_fait_rien_partir(client):
    assert ecrire(client, site="https://exemple.test").status_code == 302
    assert not Courriel.objects.exists()


@pytest.mark.django_db
def test_le_sixieme_message_de_l_heure_attend(client):
    for _ in range(5):
        assert ecrire(client).status_code == 302
    reponse = ecrire(client)
    assert reponse.status_code == 429
    assert "Réessayez un peu plus tard." in html(reponse)
    assert "Comment m’inscrire" in html(reponse)
    assert Courriel.objects.count() == 5


@pytest.mark.django_db
def test_un_saut_de_ligne_dans_le_sujet_ou_l_adresse_ne_passe_pas(client):
    ecrire(client, courriel="a@exemple.fr\nBcc: b@exemple.fr")
    assert not Courriel.objects.exists()


@pytest.mark.django_db
def test_un_lien_peut_proposer_le_sujet(client):
    assert '<option value="donnees" selected>' in html(client.get("/contact/?sujet=donnees"))
    assert client.get("/contact/?sujet=%3Cscript%3E").status_code == 200


@pytest.mark.django_db
def test_le_pas_a_pas_mene_a_chaque_role(client):
    page = html(client.get("/pas-a-pas/"))
    ancres = re.findall(r'<li><a href="#([a-z]+)">', page)
    assert ancres == ["mandataire", "tribunal", "agent", "equipe"]
    assert all(f'id="{ancre}"' in page for ancre in ancres)
    assert "Modifier mon profil" in page


@pytest.mark.django_db
def test_une_image_absente_n_est_pas_montree(client):
    for image in re.findall(r'<img class="em-pas__image" src="/static/([^"]+)"', html(client.get("/pas-a-pas/"))):
        assert finders.find(image)


@pytest.mark.django_db
def test_les_courriels_ne_se_lisent_que_dans_la_demonstration(rf, settings):
    requete = rf.get("/demo/courriels/")
    requete.user = AnonymousUser()
    with pytest.raises(Http404):
        demo_courriels(requete)


@pytest.mark.django_db
def test_une_adresse_inconnue_a_sa_page(client):
    reponse = client.get("/cette-page-n-existe-pas/")
    assert reponse.status_code == 404
    assert "Page introuvable" in html(reponse)


def test_une_porte_fermee_a_sa_page(troupe):
    reponse = troupe.clients["mandataire"].get(reverse("pilotage"))
    assert reponse.status_code == 403
    assert "Cette page ne vous est pas ouverte" in html(reponse)


@pytest.mark.parametrize(
    ("erreur", "statut"), [(ValueError("valeur saisie"), 500), (OperationalError("base partie"), 503)]
)
def test_la_page_de_panne_ne_demande_rien_a_la_base(erreur, statut):
    """Without the django_db mark, any query would fail the test."""
    try:
        raise erreur
    except type(erreur):
        reponse = vues.erreur(RequestFactory().get("/"))
    assert reponse.status_code == statut
    assert "<h1" in html(reponse)
    assert str(erreur) not in html(reponse)


def test_les_autres_pages_d_erreur_ne_demandent_rien_a_la_base():
    requete = RequestFactory().get("/")
    for vue in (vues.page_introuvable, vues.acte_interdit, vues.jeton_refuse, vues.requete_refusee):
        assert "<h1" in html(vue(requete)), vue


@pytest.mark.django_db
@pytest.mark.usefixtures("_gabarits_stricts")
def test_les_gabarits_ne_citent_aucune_variable_inconnue(client):
    for adresse in ("/", "/contact/", "/pas-a-pas/"):
        assert client.get(adresse).status_code == 200
    assert client.post("/contact/", {}).status_code == 200


@pytest.mark.parametrize(
    ("nom", "qui", "quelle", "onglet"),
    [
        ("mesure", "mandataire", "mesure", "Mesures en cours"),
        ("mesure_modifier", "mandataire", "mesure", "Mesures en cours"),
        ("mesure_valider", "mandataire", "reservee", "Mesures en attente"),
        ("mesure_decliner", "mandataire", "reservee", "Mesures en attente"),
        ("mesure", "magistrat", "mesure", "Mesures du tribunal"),
    ],
)
def test_une_page_sans_onglet_allume_celui_de_sa_section(troupe, nom, qui, quelle, onglet):
    page = troupe.clients[qui].get(reverse(nom, args=[getattr(troupe, quelle).pk])).content.decode()
    allume = re.search(r'aria-current="true"[^>]*>\s*([^<]+)', page)
    assert allume
    assert allume.group(1).strip() == onglet
