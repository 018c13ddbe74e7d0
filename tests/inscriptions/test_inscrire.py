"""Asking for an account: what is checked, what is kept, what is never told."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from emjpm.commun.models import Courriel, Evenement
from emjpm.comptes.models import Utilisateur
from emjpm.geographie.models import CodePostal
from emjpm.inscriptions.models import DemandeInscription
from mandataires.models import Mandataire
from tests.comptes.test_connexion import connecter, lien, ouverte, texte
from tests.factories import MandataireFactory, UtilisateurFactory, commune, departement, tribunal

pytestmark = pytest.mark.django_db

SIRET = "73282932000074"
SECRET = "une phrase assez longue"
SUCCES = "Demande envoyée. Confirmez votre adresse : un message est parti à"


@pytest.fixture(autouse=True)
def _lieux(db):
    for ville in ("Metz", "Thionville", "Nancy"):
        tribunal(ville)
    commune("Saint-Avold")


def donnees(**autres) -> dict:
    valeurs = {
        "civilite": "madame",
        "prenom": "Églantine",
        "nom": "Clairvoie",
        "email": "eglantine.clairvoie@exemple.fr",
        "password1": SECRET,
        "siret": "732 829 320 00074",
        "telephone": "01 99 00 41 27",
        "telephone_portable": "",
        "adresse": "12 rue des Tilleuls",
        "complement": "",
        "code_postal": "57000",
        "commune": "Metz",
        "capacite": "",
        "tribunaux": [tribunal("Metz").pk, tribunal("Nancy").pk],
        **autres,
    }
    return {c: v for c, v in valeurs.items() if v is not None}


def inscrire(role="individuel", client=None, **autres):
    return (client or Client()).post(f"/inscription/{role}/", donnees(**autres), follow=True)


def test_eight_situations(client):
    page = texte(client.get("/inscription/"))
    liens = re.findall(r'href="(/inscription/[a-z-]+/)"', page)
    assert len(liens) == 8
    for adresse in liens:
        assert client.get(adresse).status_code == 200
    assert client.get("/inscription/support/").status_code == 404


def test_whole_story_of_a_mandataire(client, troupe):
    assert SUCCES in texte(inscrire(client=client, capacite="45"))
    personne = Utilisateur.objects.get(email="eglantine.clairvoie@exemple.fr")
    assert (personne.statut, personne.role, personne.prenom) == ("en_attente", "individuel", "Églantine")
    assert personne.check_password(SECRET)
    demande = personne.demandes.get()
    assert (demande.siret, demande.commune.nom, demande.capacite) == (SIRET, "Metz", 45)
    assert {t.ville for t in demande.tribunaux.all()} == {"Metz", "Nancy"}
    assert Evenement.objects.filter(acte="inscription.deposer", par=personne).count() == 1
    assert Courriel.objects.filter(sujet__startswith="Nouvelle demande").count() == 1
    # too early, address not confirmed, then confirmed: no session
    connecter(client, personne.email, SECRET)
    assert not ouverte(client)
    client.post(lien(Courriel.objects.filter(destinataire=personne.email).first()))
    page = texte(connecter(client, personne.email, SECRET))
    assert "Une personne de l’équipe e-MJPM doit la valider avant votre première connexion." in page
    assert "2 tribunaux d’agrément" in page
    assert not ouverte(client)
    # the team validates, in the admin
    adresse = f"/admin/inscriptions/demandeinscription/{demande.pk}/change/"
    page = texte(troupe.clients["support"].post(adresse, {"_valider": "Valider"}, follow=True))
    assert "Demande validée : Églantine Clairvoie. Un e-mail lui a été envoyé." in page
    connecter(client, personne.email, SECRET)
    assert ouverte(client)
    mandataire = Mandataire.objects.get(siret=SIRET)
    lieu = mandataire.lieux.get()
    assert (mandataire.nom_normalise, mandataire.capacite) == ("eglantine clairvoie", 45)
    assert (lieu.latitude, lieu.precision, lieu.principal) == (49.1196, "commune", True)
    assert mandataire.habilitations.count() == 2
    assert "Votre demande est validée" in Courriel.objects.filter(destinataire=personne.email).first().sujet


@pytest.mark.parametrize(
    ("champ", "valeur", "mots"),
    [
        ("siret", "732 829 320 00075", "Ce numéro ne peut pas exister : un chiffre est faux."),
        ("siret", "732 829 320 000", "Il manque 2 chiffres : un SIRET en a 14."),
        ("siret", "", "Écrivez votre SIRET."),
        ("code_postal", "57999", "Ce code postal n’existe pas. Exemple : 57000"),
        ("code_postal", "metz", "Ce code postal n’existe pas. Exemple : 57000"),
        ("commune", "Thionville", "Thionville n’a pas le code 57000. Choisissez : Metz"),
        ("tribunaux", [], "Choisissez au moins un tribunal."),
        ("tribunaux", ["999999"], "Un des tribunaux choisis n’existe plus"),
        ("tribunaux", ["abc"], "Un des tribunaux choisis n’existe pas"),
        ("telephone", "01 99 00", "Ce numéro n’est pas complet. Exemple : 01 99 00 41 27"),
        ("telephone_portable", "abc", "Ce numéro n’est pas complet."),
        ("capacite", "-3", "Écrivez un nombre entier, de 0 à 10 000."),
        ("capacite", "1000000000", "Écrivez un nombre entier, de 0 à 10 000."),
        ("capacite", "beaucoup", "Écrivez un nombre entier, de 0 à 10 000."),
        ("password1", "7lettre", "7 caractères : il en faut au moins 12."),
        ("password1", "administrator", "Ce mot de passe est trop courant."),
        ("password1", "Églantine.Clairvoie", "Ce mot de passe ressemble trop à votre nom ou à votre adresse."),
        ("password1", "123456789012345", "Ce mot de passe ne contient que des chiffres."),
        ("email", "eglantine", "Écrivez une adresse complète. Exemple : nom@exemple.fr"),
        ("civilite", "autre", "Sélectionnez un choix valide."),
        ("prenom", "   ", "Écrivez votre prénom."),
        ("nom", "x" * 200, "80 caractères"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_is_lost(champ, valeur, mots):
    reponse = inscrire(**{champ: valeur})
    page = texte(reponse)
    assert mots in page
    assert "Rien n’est perdu." in page
    assert "<title>Erreur : S’inscrire comme mandataire individuel" in page
    assert 'value="12 rue des Tilleuls"' in page
    assert SECRET not in page
    if champ != "tribunaux":
        assert "2 tribunaux choisis" in page
    assert not Utilisateur.objects.exists()
    assert not Courriel.objects.exists()


def test_siret_of_an_account(client):
    MandataireFactory(siret=SIRET)
    assert "Ce SIRET est déjà celui d’un compte. Contactez l’équipe si c’est le vôtre." in texte(inscrire())


@pytest.mark.parametrize("numero", ["0199004127", "+33 1 99 00 41 27", "01.99.00.41.27", "06 39 98 20 14"])
def test_telephone_as_people_write_it(numero):
    assert SUCCES in texte(inscrire(telephone=numero))


def test_overseas_telephone_keeps_its_own_code():
    inscrire(telephone="0262 20 20 20")
    assert str(DemandeInscription.objects.get().telephone.as_e164) == "+262262202020"


class TestCommune:
    """One postal code, several communes."""

    @pytest.fixture(autouse=True)
    def _voisine(self):
        code = CodePostal.objects.get(code="57500")
        thionville = commune("Thionville")
        thionville.codes_postaux.add(code)

    def test_alone_in_its_code_it_need_not_be_typed(self):
        assert SUCCES in texte(inscrire(commune=""))
        assert DemandeInscription.objects.get().commune.nom == "Metz"

    def test_asked_by_radio_buttons_when_there_is_a_doubt(self):
        page = texte(inscrire(code_postal="57500", commune=""))
        assert "2 communes ont le code 57500. Choisissez : Thionville, Saint-Avold" in page
        assert 'type="radio" id="id_commune" name="commune" value="57672"' in page
        assert 'value="12 rue des Tilleuls"' in page
        assert SUCCES in texte(inscrire(code_postal="57500", commune="57606"))
        assert DemandeInscription.objects.get().commune.nom == "Saint-Avold"

    @pytest.mark.parametrize("nom", ["saint avold", "ST-AVOLD", "Saint-Avold Cedex 2"])
    def test_name_as_people_write_it(self, nom):
        inscrire(code_postal="57 500", commune=nom)
        assert DemandeInscription.objects.get().commune.nom == "Saint-Avold"

    def test_choice_made_then_another_code(self):
        assert SUCCES in texte(inscrire(code_postal="57000", commune="57606"))
        assert DemandeInscription.objects.get().commune.nom == "Metz"


class TestTribunaux:
    """The chooser of courts, without JavaScript."""

    def test_search_keeps_what_was_typed_and_chosen(self, client):
        metz = tribunal("Metz").pk
        envoi = donnees(tribunaux=[metz], chercher="1", chercher_tribunal="moselle", siret="faux", password1="")
        page = texte(client.post("/inscription/individuel/", envoi))
        assert "1 tribunal choisi" in page
        assert f'name="tribunaux" value="{metz}" checked' in page
        assert "Autres tribunaux pour « moselle »" in page
        assert "Tribunal judiciaire de Thionville" in page
        assert 'value="faux"' in page
        assert "à corriger" not in page
        assert not Utilisateur.objects.exists()

    def test_search_without_answer(self, client):
        page = texte(
            client.post("/inscription/individuel/", donnees(chercher="1", chercher_tribunal="xyz", tribunaux=[]))
        )
        assert "Aucun tribunal pour « xyz ». Essayez la ville ou le département." in page

    def test_all_courts_are_there_without_searching(self, client):
        page = texte(client.get("/inscription/individuel/"))
        assert "Parcourir les 3 tribunaux par région" in page
        assert "Grand Est (3)" in page

    def test_closed_court_answers_its_successor(self, client):
        tribunal("Saint-Avold", "TI", ferme_le="2020-01-01", successeur=tribunal("Metz"))
        envoi = donnees(chercher="1", chercher_tribunal="saint-avold", tribunaux=[])
        page = texte(client.post("/inscription/individuel/", envoi))
        assert "Tribunal judiciaire de Metz, qui a repris le tribunal d’instance de Saint-Avold" in page

    def test_live_search_returns_the_fragment(self, client):
        page = texte(
            client.get(
                "/inscription/individuel/",
                {"chercher_tribunal": "thion", "tribunaux": tribunal("Metz").pk},
                headers={"HX-Request": "true"},
            )
        )
        assert page.strip().startswith('<div id="tribunaux-choix">')
        assert "1 tribunal choisi" in page
        assert "Tribunal judiciaire de Thionville" in page

    def test_searching_is_not_an_attempt_to_sign_up(self, client, settings):
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signup": "2/h/ip"}
        for _ in range(5):
            assert client.post("/inscription/individuel/", donnees(chercher="1")).status_code == 200


def test_too_many_requests_from_one_machine(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signup": "2/h/ip"}
    codes = [inscrire(email=f"p{n}@exemple.fr", siret="").status_code for n in range(4)]
    assert codes == [200, 200, 429, 429]


def test_known_unknown_and_waiting_addresses_are_told_the_same():
    """Same status, same body; the known person gets another mail, and nothing of theirs changes."""
    UtilisateurFactory(email="connue@exemple.fr", prenom="Ancienne")
    UtilisateurFactory(email="patiente@exemple.fr", en_attente=True)
    UtilisateurFactory(email="neuve@exemple.fr", en_attente=True, adresse_verifiee=False)
    UtilisateurFactory(email="refusee@exemple.fr", statut="refuse")
    vues = set()
    for adresse in ("connue", "patiente", "neuve", "refusee", "jamaisvu"):
        reponse = inscrire(email=f"{adresse}@exemple.fr", siret=SIRET)
        vues.add((reponse.status_code, reponse.redirect_chain[-1], texte(reponse).replace(adresse, "xxx")))
    assert len(vues) == 1
    assert SUCCES in vues.pop()[2]
    assert Utilisateur.objects.get(email="connue@exemple.fr").prenom == "Ancienne"
    assert DemandeInscription.objects.count() == 1
    mails = dict(Courriel.objects.exclude(sujet__startswith="Nouvelle").values_list("destinataire", "sujet"))
    assert mails["connue@exemple.fr"] == "Vous avez déjà un compte"
    assert mails["jamaisvu@exemple.fr"] == "Confirmez votre adresse"
    assert len(mails) == 5


def test_two_requests_at_once_for_one_address(monkeypatch):
    """Both passed the check of the form; the database stops the second, who is told the same."""
    UtilisateurFactory(email="eglantine.clairvoie@exemple.fr")
    libre = ("eglantine.clairvoie@exemple.fr", False)
    monkeypatch.setattr("allauth.account.internal.flows.manage_email.email_already_exists", lambda *a, **k: libre)
    assert SUCCES in texte(inscrire())
    assert not DemandeInscription.objects.exists()
    assert Courriel.objects.get().sujet == "Vous avez déjà un compte"


def test_nobody_raises_their_rights_by_posting_more():
    plus = {"is_staff": "on", "is_superuser": "on", "is_active": "", "role": "support", "statut": "valide"}
    plus |= {"mandataire": "1", "etat": "validee", "service": "1", "groups": "1", "niveau": "national"}
    Client().post("/inscription/individuel/", donnees() | plus)
    personne = Utilisateur.objects.get()
    assert (personne.role, personne.statut) == ("individuel", "en_attente")
    assert not personne.is_staff
    assert not personne.is_superuser
    demande = personne.demandes.get()
    assert (demande.etat, demande.service, demande.niveau) == ("en_attente", None, "")
    assert not EmailAddress.objects.get().verified


def test_refused_person_asks_again_with_the_same_address(client):
    personne = UtilisateurFactory(
        email="eglantine.clairvoie@exemple.fr", statut="refuse", motif_statut="SIRET d’une autre personne"
    )
    connecter(client, personne.email)
    page = texte(inscrire(client=client))
    assert "Votre demande est en attente de validation" in page
    personne.refresh_from_db()
    assert (personne.statut, personne.motif_statut, personne.nom) == ("en_attente", "", "Clairvoie")
    assert personne.demandes.get().etat == "en_attente"


def test_prepose_declares_establishments(client):
    envoi = donnees(siret=None, adresse=None, complement=None, code_postal=None, commune=None, nb_etablissements="1")
    envoi |= {"etablissement_1_nom": "EHPAD Les Glycines", "etablissement_1_finess": "570000646"}
    envoi |= {"etablissement_1_code_postal": "57000", "etablissement_1_commune": ""}
    page = texte(client.post("/inscription/prepose/", {**envoi, "ajouter": "1"}))
    assert 'value="EHPAD Les Glycines"' in page
    assert 'name="etablissement_2_nom"' in page
    assert "à corriger" not in page
    deux = {**envoi, "nb_etablissements": "2", "etablissement_2_nom": "CH de Thionville"}
    page = texte(client.post("/inscription/prepose/", {**deux, "etablissement_2_finess": "570000647"}))
    assert "Ce numéro FINESS n’est pas valide" in page
    assert "Écrivez un code postal. Exemple : 57000" in page
    page = texte(client.post("/inscription/prepose/", {**deux, "retirer": "1"}))
    assert 'value="CH de Thionville"' in page
    assert "EHPAD" not in page
    trois = {**deux, "nb_etablissements": "3", "etablissement_2_code_postal": "57100"}
    assert SUCCES in texte(client.post("/inscription/prepose/", trois, follow=True))
    demande = DemandeInscription.objects.get()
    assert [(e.nom, e.commune.nom) for e in demande.etablissements.all()] == [
        ("EHPAD Les Glycines", "Metz"),
        ("CH de Thionville", "Thionville"),
    ]


@pytest.mark.parametrize("nombre", ["0", "-1", "9999999999999999999999", "abc", "", "６"])
def test_prepose_odd_count_of_establishments(client, nombre):
    assert client.post("/inscription/prepose/", donnees(nb_etablissements=nombre)).status_code == 200
    assert client.post("/inscription/prepose/", donnees(nb_etablissements=nombre, ajouter="1")).status_code == 200
    assert client.post("/inscription/prepose/", donnees(nb_etablissements=nombre, retirer="x")).status_code == 200


def test_service_joined_needs_nothing_else():
    service = MandataireFactory(service=True, nom="Les Trois Ponts")
    rien = dict.fromkeys(("siret", "telephone", "adresse", "code_postal", "commune"), "n’importe quoi")
    assert SUCCES in texte(inscrire("service", **rien, service=service.pk, tribunaux=[]))
    demande = DemandeInscription.objects.get()
    assert (demande.service, demande.siret, demande.nom_service) == (service, "", "")


def test_new_service_is_described():
    page = texte(inscrire("service", siret="", tribunaux=[]))
    assert "Écrivez le nom du service." in page
    assert "Écrivez le SIRET du service." in page
    assert '<details class="em-repli fr-mb-3w" open>' in page
    assert SUCCES in texte(inscrire("service", nom_service="Passerelle"))
    demande = DemandeInscription.objects.get()
    assert (demande.nom_service, demande.siret, demande.tribunaux.count()) == ("Passerelle", SIRET, 2)


def test_courts_and_agents():
    metz = tribunal("Metz")
    assert "Choisissez votre tribunal." in texte(inscrire("magistrat"))
    inscrire("magistrat", tribunal=metz.pk, cabinet="2", email="m@exemple.fr")
    inscrire("greffier", tribunal=metz.pk, email="g@exemple.fr")
    assert "Choisissez votre département." in texte(inscrire("direction-departementale"))
    inscrire("direction-departementale", departement="57", email="d@exemple.fr")
    inscrire("direction-regionale", region=departement("57").region_id, email="r@exemple.fr")
    inscrire("direction-nationale", email="n@exemple.fr", region="44", niveau="regional")
    demandes = {d.utilisateur.email[0]: d for d in DemandeInscription.objects.all()}
    assert (demandes["m"].tribunal, demandes["m"].cabinet) == (metz, "2")
    assert demandes["g"].role == "greffier"
    assert (demandes["d"].niveau, demandes["d"].departement_id) == ("departemental", "57")
    assert demandes["r"].niveau == "regional"
    assert (demandes["n"].niveau, demandes["n"].region) == ("national", None)


def test_signed_in_person_is_sent_home(troupe):
    assert troupe.clients["magistrat"].get("/inscription/").status_code == 302
    assert troupe.clients["magistrat"].get("/inscription/individuel/").status_code == 302


def test_names_cannot_break_a_mail():
    inscrire(nom="Clairvoie\r\nBcc: tous@exemple.fr", prenom="<b>É</b>")
    mail = Courriel.objects.get(sujet__startswith="Nouvelle demande")
    assert "\n" not in mail.sujet
    assert "<b>É</b>" in mail.texte
    assert "<b>" not in mail.html
