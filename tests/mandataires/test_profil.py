"""« Mes informations »: what a mandataire sees and changes; what a neighbour never touches."""

import datetime

import pytest
from django.urls import reverse

from emjpm.commun.models import Evenement
from emjpm.geographie.geocodage import Position
from emjpm.geographie.models import CodePostal, Commune
from mandataires import services
from mandataires.forms import ProfilForm
from mandataires.models import CAPACITE_MAX, Atout, Lieu, Mandataire, Membre
from tests import factories

PAGE, FORMULAIRE = "/mes-informations/", "/mes-informations/modifier/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


@pytest.fixture
def client(troupe):
    return troupe.clients["mandataire"]


def donnees(client, **changements):
    """What the browser would post: every field as the page shows it, then some changed."""
    form = client.get(FORMULAIRE).context["form"]
    valeurs = {nom: form[nom].value() for nom in form.fields}
    return {nom: "" if v is None else v for nom, v in valeurs.items()} | changements


def poster(client, **changements):
    return client.post(FORMULAIRE, donnees(client, **changements), follow=True)


def erreurs(reponse):
    return {champ: liste[0] for champ, liste in reponse.context["form"].errors.items()}


@pytest.mark.parametrize("qui", ["mandataire", "prepose", "service"])
def test_the_page_shows_what_the_courts_see(troupe, qui):
    reponse = troupe.clients[qui].get(PAGE)
    assert reponse.status_code == 200
    texte = reponse.content.decode()
    assert getattr(troupe, qui).nom in texte
    assert "Tribunal judiciaire de Metz" in texte
    assert "em-carte-geo" in texte
    assert ("SIRET" in texte) == (qui != "prepose")
    assert troupe.clients[qui].get(FORMULAIRE).status_code == 200


def test_what_is_missing_is_said_first(troupe, client):
    Mandataire.objects.filter(pk=troupe.mandataire.pk).update(capacite=None, telephone="", siret="")
    troupe.mandataire.lieux.all().delete()
    texte = client.get(PAGE).content.decode()
    assert "4 informations manquent." in texte
    assert "Adresse non située" in texte
    assert f"{FORMULAIRE}#id_capacite" in texte
    assert poster(client, capacite="12").status_code == 200  # what is missing does not block


def test_same_number_of_queries_for_more_places_and_members(troupe, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = troupe.clients["service"]
    client.get(PAGE)  # the towns of the map are read once, then kept
    with CaptureQueriesContext(connection) as avant:
        client.get(PAGE)
    for rang in range(5):
        factories.LieuFactory(mandataire=troupe.service, nom=f"Antenne {rang}")
        Membre.objects.create(mandataire=troupe.service, utilisateur=factories.UtilisateurFactory(role="service"))
    with CaptureQueriesContext(connection) as apres:
        client.get(PAGE)
    assert len(apres) == len(avant)


def test_saving_changes_the_profile_the_freshness_and_the_journal(troupe, client):
    Mandataire.objects.update(actualise_le=None, verifie_le=None)
    reponse = poster(
        client,
        capacite="85",
        siret="732 829 320 00074",
        telephone="03 87 56 75 00",
        telephone_portable="06 39 98 12 34",
        courriel="bureau@exemple.fr",
        nom="Bellerive-Dupré",
    )
    assert "Profil enregistré." in reponse.content.decode()
    m = Mandataire.objects.get(pk=troupe.mandataire.pk)
    assert (m.capacite, m.siret, m.telephone.as_e164) == (85, "73282932000074", "+33387567500")
    assert m.courriel == "bureau@exemple.fr"
    assert m.nom.endswith("Bellerive-Dupré")
    assert m.nom_normalise.endswith("bellerive dupre")
    assert m.actualise_le
    assert m.verifie_le
    ligne = Evenement.objects.sur(m).get(acte="mandataire.modifier")
    assert ligne.par == troupe.gens["mandataire"]
    assert ligne.changements["capacite"] == [10, 85]


@pytest.mark.parametrize(
    ("champ", "valeur", "mot"),
    [
        ("capacite", "-3", "de 0 à 10 000"),
        ("capacite", "1000000000", "de 0 à 10 000"),
        ("capacite", "douze", "nombre entier"),
        ("capacite", "12,5", "nombre entier"),
        ("siret", "123", "Il manque 11 chiffres"),
        ("siret", "73282932000075", "chiffre est faux"),
        ("siret", "abc", "chiffres"),
        ("telephone", "12", "n’est pas valide"),
        ("telephone_portable", "06 06 06", "n’est pas valide"),
        ("courriel", "nulle part", "adresse complète"),
        ("courriel", "", "adresse électronique"),
        ("code_postal", "57999", "Aucune commune pour 57999"),
        ("code_postal", "abc", "Aucune commune"),
        ("pause_debut", "demain", "Écrivez une date"),
        ("nom", "", "Écrivez votre nom"),
    ],
)
def test_each_error_has_its_sentence_beside_its_field_and_nothing_is_written(troupe, client, champ, valeur, mot):
    avant = Mandataire.objects.filter(pk=troupe.mandataire.pk).values().get()
    reponse = poster(client, **{champ: valeur, "adresse": "99 rue du Brouillon"})
    assert reponse.status_code == 200
    assert mot in erreurs(reponse)[champ]
    texte = reponse.content.decode()
    assert "Rien n’est perdu" in texte
    assert "99 rue du Brouillon" in texte  # what was typed stays
    assert Mandataire.objects.filter(pk=troupe.mandataire.pk).values().get() == avant
    assert not Evenement.objects.sur(troupe.mandataire).exists()


def test_a_pause_ends_after_it_begins(client):
    assert erreurs(poster(client, pause_debut="2026-12-10", pause_fin="2026-12-09")) == {
        "pause_fin": "La pause finit avant de commencer."
    }
    assert "pause_debut" in erreurs(poster(client, pause_fin="2026-12-09"))


def test_a_pause_is_shown_and_lifted(troupe, client):
    jour = datetime.date.today().isoformat()
    poster(client, pause_debut=jour, pause_motif="Congé")
    m = Mandataire.objects.get(pk=troupe.mandataire.pk)
    assert m.en_pause()
    assert "Activité en pause" in client.get(PAGE).content.decode()
    poster(client, pause_debut="")
    m.refresh_from_db()
    assert (m.pause_debut, m.pause_motif) == (None, "")


def test_the_practice_is_saved_with_the_rest_and_shown(troupe, client):
    assert client.get(PAGE).content.decode().count("Non précisé.") == 5
    reponse = poster(
        client,
        secteur="Metz et la vallée de l’Orne",
        preferences="Tutelles",
        tendance="croissance",
        langues=["ltz", "deu"],
        competences=["succession"],
    )
    texte = reponse.content.decode()
    for dit in ("Metz et la vallée de l’Orne", "Tutelles", "Souhaite davantage de mesures"):
        assert dit in texte
    assert "<dd>Allemand, luxembourgeois</dd>" in texte
    assert "<dd>Successions</dd>" in texte
    ligne = Evenement.objects.sur(troupe.mandataire).get(acte="mandataire.modifier")
    assert ligne.changements["atouts"] == [[], ["deu", "ltz", "succession"]]
    assert ligne.changements["tendance"] == ["", "croissance"]

    poster(client, langues=["deu", "fsl"], competences=[])
    assert services.atouts_de(troupe.mandataire) == ["fsl", "deu"]
    ligne = Evenement.objects.sur(troupe.mandataire).filter(acte="mandataire.modifier").first()
    assert ligne.changements == {"atouts": [["deu", "ltz", "succession"], ["fsl", "deu"]]}
    poster(client, langues=[], secteur="")
    assert not troupe.mandataire.atouts.exists()
    assert Mandataire.objects.get(pk=troupe.mandataire.pk).secteur == ""


@pytest.mark.parametrize(
    ("champ", "valeur", "mot"),
    [
        ("secteur", "Chez Mme Durandal", "semble contenir un nom"),
        ("preferences", "Pas M. Lepetit", "semble contenir un nom"),
        ("secteur", "x" * 201, "200 caractères"),
        ("preferences", "x" * 301, "300 caractères"),
        ("langues", ["klingon"], "de la liste"),
        ("competences", ["deu"], "de la liste"),
    ],
)
def test_a_refused_practice_writes_nothing_and_keeps_what_was_ticked(troupe, client, champ, valeur, mot):
    reponse = poster(client, **({"langues": ["pol"]} | {champ: valeur}))
    assert mot in erreurs(reponse)[champ]
    assert not troupe.mandataire.atouts.exists()
    if champ != "langues":
        assert reponse.context["form"]["langues"].value() == ["pol"]
        assert "Langues\xa0: polonais" in reponse.content.decode().replace("&nbsp;", "\xa0")


def test_ticked_boxes_come_first_and_survive_the_list_of_communes(troupe, client):
    Atout.objects.create(mandataire=troupe.mandataire, cle="vie")
    assert client.get(FORMULAIRE).context["form"].fields["langues"].choices[0][0] == "vie"
    reponse = client.post(FORMULAIRE, donnees(client, acte="communes", langues=["por", "vie"], competences=["memoire"]))
    form = reponse.context["form"]
    assert form["langues"].value() == ["por", "vie"]
    assert form["competences"].value() == ["memoire"]
    assert services.atouts_de(troupe.mandataire) == ["vie"]


def test_a_skill_added_meanwhile_is_a_change_like_another(troupe, client):
    vieux = donnees(client, secteur="Metz")
    Atout.objects.create(mandataire=troupe.mandataire, cle="autisme")
    assert "modifiées depuis que vous avez ouvert la page" in client.post(FORMULAIRE, vieux).content.decode()
    assert services.atouts_de(troupe.mandataire) == ["autisme"]


def test_a_siret_belongs_to_one(troupe, client):
    Mandataire.objects.filter(pk=troupe.voisin.pk).update(siret="73282932000074")
    assert "autre compte" in erreurs(poster(client, siret="73282932000074"))["siret"]


def test_moving_takes_the_new_communes_point(troupe, client):
    factories.commune("Thionville")
    poster(client, adresse="3 quai des Exemples", code_postal="57100", commune="")  # the only one of its code
    lieu = Lieu.objects.get(mandataire=troupe.mandataire)
    assert (lieu.commune.nom, lieu.precision, lieu.latitude) == ("Thionville", "commune", lieu.commune.latitude)


def test_communes_button_fills_the_list_and_keeps_what_was_typed(troupe, client):
    voisine = Commune.objects.create(
        insee="57999", nom="Voisine", nom_normalise="voisine", departement_id="57", latitude=49, longitude=6
    )
    voisine.codes_postaux.add(CodePostal.objects.get(code="57000"))
    reponse = client.post(FORMULAIRE, donnees(client, acte="communes", code_postal="57 000", capacite="77", commune=""))
    texte = reponse.content.decode()
    assert "Voisine (57)" in texte
    assert "Metz (57)" in texte
    assert 'value="77"' in texte
    assert "Rien n’est perdu" not in texte
    assert Mandataire.objects.get(pk=troupe.mandataire.pk).capacite == 10
    assert "Choisissez la commune." in erreurs(poster(client, commune="")).values()
    assert "commune" in erreurs(poster(client, commune="75056"))


def test_extra_fields_change_nothing(troupe, client):
    poster(
        client,
        categorie="service",
        statut="valide",
        is_staff="on",
        role="support",
        mandataire=str(troupe.voisin.pk),
        tribunaux=str(troupe.thionville.pk),
        latitude="0",
        verifie_le="2000-01-01",
    )
    m, u = Mandataire.objects.get(pk=troupe.mandataire.pk), troupe.gens["mandataire"]
    u.refresh_from_db()
    assert m.categorie == "individuel"
    assert (u.role, u.is_staff) == ("individuel", False)
    assert [t.pk for t in m.tribunaux.all()] == [troupe.metz.pk]
    assert m.lieux.get().latitude == factories.commune("Metz").latitude
    assert Mandataire.objects.get(pk=troupe.voisin.pk).actualise_le == troupe.voisin.actualise_le


def test_the_neighbours_data_is_nowhere(troupe, client):
    texte = client.get(PAGE).content.decode() + client.get(FORMULAIRE).content.decode()
    assert "Clairsentier" not in texte


def test_a_stale_form_is_told_then_saved(troupe, client):
    vieux = donnees(client, capacite="20")
    services.changer_capacite(mandataire=troupe.mandataire, par=troupe.gens["mandataire"], capacite=30)
    reponse = client.post(FORMULAIRE, vieux)
    assert "modifiées depuis que vous avez ouvert la page" in reponse.content.decode()
    assert Mandataire.objects.get(pk=troupe.mandataire.pk).capacite == 30
    form = reponse.context["form"]
    client.post(FORMULAIRE, vieux | {"version": form["version"].value()})
    assert Mandataire.objects.get(pk=troupe.mandataire.pk).capacite == 20


def test_two_forms_saved_at_the_same_instant_lose_nothing(troupe, client, monkeypatch):
    """The second passed the check before the first was written: the lock checks again."""
    envoi, valider = donnees(client, secteur="Toute la Moselle"), ProfilForm.is_valid

    def et_un_collegue_enregistre(form):
        bon = valider(form)
        services.changer_capacite(mandataire=troupe.mandataire, par=troupe.gens["mandataire"], capacite=30)
        return bon

    monkeypatch.setattr(ProfilForm, "is_valid", et_un_collegue_enregistre)
    reponse = client.post(FORMULAIRE, envoi)
    assert "modifiées depuis que vous avez ouvert la page" in reponse.content.decode()
    assert "Toute la Moselle" in reponse.content.decode()
    m = Mandataire.objects.get(pk=troupe.mandataire.pk)
    assert (m.capacite, m.secteur) == (30, "")
    monkeypatch.undo()
    client.post(FORMULAIRE, envoi | {"version": reponse.context["form"]["version"].value()})
    assert Mandataire.objects.get(pk=m.pk).secteur == "Toute la Moselle"


def test_only_administrators_change_a_service(troupe, ouvrir_session):
    simple = factories.UtilisateurFactory(role="service")
    Membre.objects.create(mandataire=troupe.service, utilisateur=simple)
    client = ouvrir_session(simple)
    texte = client.get(PAGE).content.decode()
    assert "Modifier mon profil" not in texte
    assert client.get(FORMULAIRE).status_code == 403
    assert client.post(FORMULAIRE, {"nom": "Autre"}).status_code == 403
    assert client.post(reverse("mes_informations_capacite"), {"capacite": "5"}).status_code == 403
    assert client.post(reverse("mes_informations_a_jour")).status_code == 403
    assert poster(troupe.clients["service"], nom="Les Quatre Ponts").status_code == 200
    assert Mandataire.objects.get(pk=troupe.service.pk).nom_normalise == "les quatre ponts"


@pytest.mark.parametrize("qui", ["magistrat", "greffier", "agent", "support"])
def test_others_have_no_such_page(troupe, qui):
    for url in (PAGE, FORMULAIRE):
        assert troupe.clients[qui].get(url).status_code == 403


def test_capacity_from_the_dashboard(troupe, client):
    url = reverse("mes_informations_capacite")
    reponse = client.post(url, {"capacite": "85", "next": PAGE}, follow=True)
    assert reponse.redirect_chain == [(PAGE, 302)]
    # The cast follows one mesure and one more waits for an answer.
    assert "Nombre de mesures souhaitées enregistré : 85. Votre disponibilité est de 83." in reponse.content.decode()
    assert "Rien n’a changé." in client.post(url, {"capacite": "85"}, follow=True).content.decode()
    assert Mandataire.objects.get(pk=troupe.mandataire.pk).capacite == 85
    for mauvaise in ("-3", "1000000000", "", "x", str(CAPACITE_MAX + 1)):
        texte = client.post(url, {"capacite": mauvaise, "next": PAGE}).content.decode()
        erreur = texte.split('id="capacite_erreur"')[1]  # beside the field, and what was typed is kept
        assert "Écrivez un nombre entier, de 0 à 10 000." in erreur.split("</div>")[0]
        assert f'name="capacite" value="{mauvaise}"' in texte
        assert "<title>Erreur" in texte
        assert 'href="/tableau-de-bord/" aria-current="true"' in texte
    assert Mandataire.objects.get(pk=troupe.mandataire.pk).capacite == 85
    assert client.post(url, {"capacite": "0"}).url == reverse("tableau_de_bord")
    for ailleurs in ("https://mechant.exemple/", "//mechant.exemple", "javascript:alert(1)"):
        assert client.post(url, {"capacite": "9", "next": ailleurs}).url == reverse("tableau_de_bord")
    assert client.get(url).status_code == 405


def test_all_is_up_to_date(troupe, client):
    Mandataire.objects.update(verifie_le=None, actualise_le=None)
    assert client.get(reverse("mes_informations_a_jour")).status_code == 405
    texte = client.post(reverse("mes_informations_a_jour"), follow=True).content.decode()
    assert "Merci. Les tribunaux voient que vos informations sont à jour au " in texte
    m = Mandataire.objects.get(pk=troupe.mandataire.pk)
    assert m.verifie_le
    assert m.actualise_le
    assert Mandataire.objects.get(pk=troupe.voisin.pk).verifie_le is None


class TestGeocodeur:
    @pytest.fixture(autouse=True)
    def _allume(self, settings):
        settings.GEOCODEUR_ACTIF = True

    def test_the_better_point_is_written_after_the_transaction(self, troupe, client, monkeypatch):
        from django.db import connection

        vus = []

        def situer(adresse, code_postal, commune):
            vus.append((adresse, code_postal, commune.nom, Lieu.objects.get(mandataire=troupe.mandataire).adresse))
            assert len(connection.savepoint_ids) == profondeur  # no transaction of ours is open
            return Position(49.12, 6.17, "adresse")

        profondeur = len(connection.savepoint_ids)
        monkeypatch.setattr("emjpm.geographie.geocodage.situer", situer)
        poster(client, adresse="12 rue des Exemples")
        assert vus == [("12 rue des Exemples", "57000", "Metz", "12 rue des Exemples")]
        lieu = Lieu.objects.get(mandataire=troupe.mandataire)
        assert (lieu.latitude, lieu.longitude, lieu.precision) == (49.12, 6.17, "adresse")

    def test_an_address_not_found_is_saved_with_a_warning(self, troupe, client, monkeypatch):
        monkeypatch.setattr(
            "emjpm.geographie.geocodage.situer",
            lambda a, c, commune: Position(commune.latitude, commune.longitude, "commune"),
        )
        texte = poster(client, adresse="12 rue Introuvable").content.decode()
        assert "Adresse introuvable : votre commune servira de point de départ." in texte
        assert Lieu.objects.get(mandataire=troupe.mandataire).precision == "commune"

    def test_an_unchanged_address_calls_nobody(self, client, monkeypatch):
        monkeypatch.setattr("emjpm.geographie.geocodage.situer", lambda *a: pytest.fail("appel inutile"))
        poster(client, capacite="12")
        client.get(PAGE)

    def test_a_place_that_moved_meanwhile_keeps_its_new_point(self, troupe):
        lieu = troupe.mandataire.lieux.get()
        Lieu.objects.update(adresse="ailleurs")
        ecrit = services.preciser_position(lieu=lieu, par=None, position=Position(1.0, 2.0, "adresse"))
        assert not ecrit
        assert Lieu.objects.get(pk=lieu.pk).latitude != 1.0
