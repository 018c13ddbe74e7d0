"""The fiche of a mandataire, as a court or an agent sees it."""

import pytest

from mesures.enums import Nature
from tests.factories import LieuFactory, MandataireFactory, MesureFactory, commune, tribunal


def page(client, mandataire, **parametres) -> str:
    reponse = client.get(f"/mandataires/{mandataire.pk}/", parametres)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u00a0", " ")


def test_a_court_reads_availability_contact_and_its_own_mesures(troupe):
    MesureFactory.create_batch(3, mandataire=troupe.mandataire, tribunal=troupe.metz)
    texte = page(troupe.clients["magistrat"], troupe.mandataire)
    assert "5</strong> <span>places pour une nouvelle mesure" in texte  # 10 − 4 en cours − 1 en attente
    assert "01 99 00 41 27" in texte
    assert troupe.mandataire.courriel in texte
    assert "4 mesures en cours, 1 en attente." in texte
    assert "Réserver une mesure" in texte
    assert (
        'Tribunal judiciaire de Metz <span class="fr-badge fr-badge--info fr-badge--no-icon fr-badge--sm">le vôtre'
        in texte
    )


def test_the_distance_is_from_the_place_searched(troupe):
    texte = page(troupe.clients["magistrat"], troupe.mandataire, lieu="57100")
    assert "27 km environ</strong> de Thionville (57)" in texte.replace("\xa0", " ").replace("\u202f", " ")
    assert f"/mandataires/{troupe.mandataire.pk}/reserver/?lieu=57100" in texte


def test_small_shares_are_gathered_and_small_communes_never_shown(troupe):
    gens = troupe.voisin
    MesureFactory.create_batch(6, mandataire=gens, nature=Nature.TUTELLE)
    MesureFactory.create_batch(3, mandataire=gens, nature=Nature.CURATELLE_SIMPLE)
    MesureFactory.create_batch(3, mandataire=gens, nature=Nature.AD_HOC, commune=commune("Saint-Avold"))
    texte = page(troupe.clients["magistrat"], gens)
    assert "Autres natures" in texte
    assert "Curatelle simple" not in texte
    assert "Metz 10" in texte
    assert "Saint-Avold" not in texte


def test_fewer_than_five_mesures_are_not_detailed(troupe):
    texte = page(troupe.clients["magistrat"], troupe.mandataire)
    assert "Moins de 5 mesures : elles ne sont pas détaillées." in texte
    assert "Par nature" not in texte


def test_a_service_shows_its_antennes_the_nearest_first(troupe):
    siege = troupe.service.lieux.get()
    loin = LieuFactory(
        mandataire=troupe.service, nom="Antenne de Thionville", commune=commune("Thionville"), capacite=40
    )
    MesureFactory.create_batch(2, mandataire=troupe.service, lieu=loin)
    MesureFactory(mandataire=troupe.service, lieu=siege)
    texte = page(troupe.clients["magistrat"], troupe.service)
    assert texte.index("Metz, siège") < texte.index("Antenne de Thionville")
    assert "<strong>38</strong>" in texte
    assert "<strong>partagées</strong>" in texte


def test_an_agent_reads_it_without_what_belongs_to_courts(troupe):
    texte = page(troupe.clients["agent"], troupe.mandataire)
    assert "Réserver" not in texte
    assert "Avec votre tribunal" not in texte
    assert "Résultats de la recherche" not in texte
    loin = MandataireFactory(habilite=[tribunal("Paris")], ville="Paris")
    assert troupe.clients["agent"].get(f"/mandataires/{loin.pk}/").status_code == 404
    assert troupe.clients["agent_national"].get(f"/mandataires/{loin.pk}/").status_code == 200


def test_who_may_open_it(troupe):
    cache = MandataireFactory(membre=False)
    url = f"/mandataires/{troupe.mandataire.pk}/"
    assert troupe.clients["magistrat"].get(f"/mandataires/{cache.pk}/").status_code == 404
    assert troupe.clients["magistrat"].get("/mandataires/999999/").status_code == 404
    assert troupe.clients["greffier"].get(url).status_code == 200
    for qui in ("mandataire", "voisin", "support"):
        assert troupe.clients[qui].get(url).status_code == 403, qui


@pytest.mark.parametrize("qui", ["magistrat", "agent"])
def test_queries_do_not_grow(troupe, qui, django_assert_max_num_queries):
    url = f"/mandataires/{troupe.service.pk}/"
    LieuFactory(mandataire=troupe.service, commune=commune("Thionville"))
    MesureFactory.create_batch(6, mandataire=troupe.service)
    with django_assert_max_num_queries(20) as peu:
        troupe.clients[qui].get(url)
    for ville in ("Saint-Avold", "Nancy", "Thionville"):
        antenne = LieuFactory(mandataire=troupe.service, commune=commune(ville))
        MesureFactory.create_batch(6, mandataire=troupe.service, commune=commune(ville), lieu=antenne)
    with django_assert_max_num_queries(20) as beaucoup:
        troupe.clients[qui].get(url)
    assert len(beaucoup) <= len(peu)


def test_the_tab_of_the_search_is_marked_on_the_fiche(troupe):
    page = troupe.clients["magistrat"].get(f"/mandataires/{troupe.mandataire.pk}/").content.decode()
    assert 'href="/recherche/" aria-current="true"' in page
    page = troupe.clients["agent"].get(f"/mandataires/{troupe.mandataire.pk}/").content.decode()
    assert 'href="/pilotage/" aria-current="true"' in page
