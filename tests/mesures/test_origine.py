"""Where a search starts from: no street stays in an address, every commune can be searched (docs/adr/0011)."""

import re

import pytest

from emjpm.commun.texte import normaliser
from emjpm.geographie.models import CodePostal, Commune
from tests.factories import MandataireFactory, commune, departement

from .chercher import page_de

ILLISIBLE = "Aucun lieu ne ressemble à ce que vous avez écrit. Écrivez la commune ou le code postal."
NOTE = "l’adresse n’est pas gardée"


@pytest.fixture(autouse=True)
def _quelqu_un_a_trouver(metz):
    MandataireFactory(nom="Camille Bellerive", habilite=[metz])


def creer(nom: str, code: str = "57998", insee: str = "57998") -> Commune:
    lieu = Commune.objects.create(
        insee=insee,
        nom=nom,
        nom_normalise=normaliser(nom),
        departement=departement("57"),
        population=3000,
        latitude=49.2,
        longitude=6.2,
    )
    lieu.codes_postaux.add(CodePostal.objects.get_or_create(code=code)[0])
    return lieu


@pytest.mark.parametrize(
    "nom", ["Rue", "Chemin", "La Rue-Saint-Pierre", "Saint-Clément-de-la-Place", "Saulon-la-Rue", "Le Quai"]
)
def test_a_commune_named_like_a_street_is_searched(juge, nom):
    creer(nom)
    for saisi in (f"57998 {nom}", nom, f"{nom} (57)", f"57 {nom}", f"{nom} 57998", f"commune de {nom} 57998 Cedex 2"):
        reponse = juge.get("/recherche/", {"lieu": saisi}, follow=True)
        assert len(reponse.redirect_chain) <= 1, saisi
        court = nom.removeprefix("Le ")
        assert f"{court} (57)" in page_de(reponse) or f"57998 {nom}" in page_de(reponse), saisi
    assert juge.get("/recherche/", {"lieu": f"57998 {nom}"}).status_code == 200
    assert juge.get("/recherche/", {"lieu": f"57998 {nom}", "commune_seule": "1"}).status_code == 200


@pytest.mark.parametrize(
    ("saisi", "secret"),
    [
        ("chez Mme Durand, 57000 Metz", "Durand"),
        ("EHPAD Les Glycines 57000 Metz", "Glycines"),
        ("57000 Metz, 12 cours Leopold", "Leopold"),
        ("Metz, 12 cours Leopold", "Leopold"),
        ("Bat B appt 12, 57000 Metz", "Bat"),
        ("12, rue Serpenoise 57000 Metz", "Serpenoise"),
        ("lieu-dit La Ferme 57000 Metz", "lieu-dit"),
        ("3 sq. Camoufle 57000 Metz", "Camoufle"),
        ("57000 Metz cedex 1 rue Haute", "Haute"),
        ("12 rue Pasteur, 57000", "Pasteur"),
    ],
)
def test_only_the_commune_of_an_address_stays(juge, saisi, secret):
    for de_plus in ({}, {"commune_seule": "1"}):
        reponse = juge.get("/recherche/", {"lieu": saisi, "places": "1"} | de_plus)
        assert reponse.status_code == 302
        assert "lieu=57000+Metz" in reponse.url
        assert "places=1" in reponse.url
        page = page_de(juge.get(reponse.url))
        assert NOTE in page
        assert secret not in page


@pytest.mark.parametrize(
    ("saisi", "secret"),
    [
        ("12 rue des Lilas", "des Lilas"),
        ("12 rue des Lilas Xyzville", "des Lilas"),
        ("rue des Lilas", "des Lilas"),
        ("chez Mme Durand", "Durand"),
        ("Appartement de gauche, Xyzville", "gauche"),
        ("la maison rouge au bord du canal", "canal"),
        ("tribunal, 12 rue des Lilas", "des Lilas"),
    ],
)
def test_an_address_without_a_commune_is_forgotten(juge, saisi, secret):
    creer("Les Lilas", "57997", "57997")
    reponse = juge.get("/recherche/", {"lieu": saisi, "places": "1"})
    assert reponse.status_code == 302
    assert "lieu=" not in reponse.url
    page = page_de(juge.get(reponse.url))
    assert ILLISIBLE in page
    assert secret not in page
    assert "Camille Bellerive" in page
    fragment = page_de(juge.get(reponse.url, headers={"HX-Request": "true"}))
    assert 'value="Tribunal judiciaire de Metz"' in fragment  # the field gives up the street too


def test_a_street_of_a_postal_code_of_several_communes_asks_which(juge):
    creer("Lorry", "57050", "57996")
    creer("Plappeville", "57050", "57995")
    reponse = juge.get("/recherche/", {"lieu": "57050 Xyzville, 12 rue des Lilas"}, follow=True)
    assert len(reponse.redirect_chain) == 1
    assert "Lilas" not in reponse.redirect_chain[0][0]
    assert "de quel lieu" in page_de(reponse)
    assert "Lilas" not in page_de(reponse)


@pytest.mark.parametrize(
    "saisi", ["Mtez", "metz 57", "57 Metz", "57000 Metz", "57000 Metzz", "Metz (57)", "57000 METZ CEDEX 1"]
)
def test_a_commune_alone_is_left_as_typed(juge, saisi):
    assert juge.get("/recherche/", {"lieu": saisi}).status_code == 200


def test_the_departement_comes_before_or_after(juge):
    assert "autour de Metz (57)" in page_de(juge.get("/recherche/", {"lieu": "57 Metz"}))


def test_a_postal_code_nobody_has_is_said(juge):
    page = page_de(juge.get("/recherche/", {"lieu": "99999"}))
    assert "Aucune commune n’a le code postal 99999" in page
    assert "Aucun lieu ne ressemble" not in page


def test_a_departement_proposes_its_communes(juge):
    commune("Thionville")
    page = page_de(juge.get("/recherche/", {"lieu": "moselle"}))
    assert "« Moselle » est un département : écrivez une commune. Par exemple : " in page
    assert ">Thionville (57)</a>" in page


@pytest.mark.parametrize("saisi", ["12 rue des Lilas, 57000 Metz", "12 rue des Lilas"])
def test_no_link_of_a_fiche_or_a_reservation_carries_a_street(troupe, saisi):
    client, pk = troupe.clients["magistrat"], troupe.mandataire.pk
    for url in (f"/mandataires/{pk}/", f"/mandataires/{pk}/reserver/"):
        page = page_de(client.get(url, {"lieu": saisi, "rayon": "25"}))
        assert "Lilas" not in page
        liens = re.findall(r'(?:href|action)="([^"]*rayon=25[^"]*)"', page)
        assert liens
        assert all("lieu=57000+Metz" in lien for lien in liens) or "Metz" not in saisi
    reponse = client.get("/recherche/resultats.xlsx", {"lieu": saisi})
    assert "Lilas" not in str(reponse.headers)


def test_a_departement_after_a_comma_narrows_even_when_a_commune_bears_its_name(metz, juge):
    """« Saint-Denis, La Réunion »: there is a commune called La Réunion, in Lot-et-Garonne."""
    commune("Bourg-en-Bresse")
    creer("Ain")
    reponse = juge.get("/recherche/", {"lieu": "Bourg-en-Bresse, Ain"})
    assert reponse.status_code == 200, "a place and its département are no street"
    assert "autour de Bourg-en-Bresse (01)" in page_de(reponse)
