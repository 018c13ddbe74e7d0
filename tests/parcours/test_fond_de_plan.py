"""The map of IGN beside the results: asked for, shown, left; nothing is fetched before, nothing breaks without it."""

import itertools
import math
import os

import pytest
from playwright.sync_api import expect

from .accessibilite import violations

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.skipif("EMJPM_ADRESSE" in os.environ, reason="le serveur de tuiles est celui des essais"),
]
ETAT = "[data-fond-de-plan-etat]"


@pytest.fixture
def juge(personne, tuiles):
    tuiles.mode, tuiles.demandes = "image", []
    quelquun = personne()
    quelquun.se_connecte("magistrat")
    return quelquun


def demander(page):
    page.get_by_role("button", name="Fond de plan IGN").click()


def test_nothing_is_fetched_before_it_is_asked_for(juge, tuiles):
    vues = []
    juge.page.on("request", lambda r: vues.append(r.url))
    juge.va("/recherche/")
    juge.page.wait_for_load_state("networkidle")
    assert not [u for u in vues if "leaflet/" in u or not u.startswith(juge.page.url.split("/recherche")[0])]
    assert tuiles.demandes == []


def test_the_same_pins_on_the_map_of_ign_and_back(juge, tuiles):
    page = juge.va("/recherche/")
    noms = page.locator("a.em-plan__repere").evaluate_all("e => e.map(a => a.getAttribute('aria-label')).sort()")
    demander(page)
    page.wait_for_selector(".em-plan-ign--vu .leaflet-tile-loaded")
    assert tuiles.demandes
    epingles = page.locator(".em-plan-ign [data-epingle]")
    assert sorted(epingles.evaluate_all("e => e.map(a => a.getAttribute('aria-label'))")) == noms
    assert page.locator(".em-volet-carte svg.em-plan").is_hidden()
    assert "© IGN" in page.inner_text(".em-plan-ign")
    assert violations(page) == []
    page.locator("#r1").hover()
    assert "em-montre" in page.get_attribute('[data-epingle="p1"]', "class")
    page.locator('[data-epingle="p1"]').focus()
    assert "em-montre" in page.get_attribute("#r1", "class")
    page.keyboard.press("Enter")
    page.wait_for_url("**#r1")
    page.get_by_role("button", name="Carte dessinée").click()
    assert page.locator(".em-plan-ign").count() == 0
    assert page.locator(".em-volet-carte svg.em-plan").is_visible()


def test_the_choice_stays_when_the_results_change(juge):
    page = juge.va("/recherche/")
    demander(page)
    page.wait_for_selector(".em-plan-ign--vu .leaflet-tile-loaded")
    page.select_option("select[name=rayon]", "25")
    page.wait_for_url("**rayon=25**")
    page.wait_for_selector(".em-plan-ign--vu .leaflet-tile-loaded")
    assert page.locator(".em-plan-ign").count() == 1
    assert page.get_by_role("button", name="Carte dessinée").is_visible()


@pytest.mark.parametrize("mode", ["refus", "silence"])
def test_a_map_that_does_not_answer_gives_the_drawn_one_back(juge, tuiles, mode):
    tuiles.mode = mode
    page = juge.va("/recherche/")
    demander(page)
    page.locator(ETAT, has_text="Le fond de plan n’est pas joignable.").wait_for()
    assert page.locator(".em-volet-carte svg.em-plan").is_visible()
    assert page.locator(".em-plan-ign").count() == 0
    assert page.get_by_role("button", name="Fond de plan IGN").is_visible()
    juge.ennuis.clear()  # the browser itself says that the tiles were refused


def demander_et_voir(page):
    demander(page)
    page.wait_for_selector(".em-plan-ign--vu .leaflet-tile-loaded")
    return page


def milieu(page, selecteur: str) -> tuple[float, float]:
    boite = page.locator(selecteur).first.bounding_box()
    return boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2


def test_pins_are_where_people_are_and_do_not_cover_each_other(juge):
    page = demander_et_voir(juge.va("/recherche/"))
    assert math.dist(milieu(page, ".em-plan-ign .em-plan__origine"), milieu(page, ".em-plan-ign__cercle")) < 3
    ronds = page.locator(".em-plan-ign [data-epingle]").evaluate_all(
        "e => e.map(a => a.getBoundingClientRect()).map(r => [r.x + r.width / 2, r.y + r.height / 2])"
    )
    assert min(math.dist(a, b) for a, b in itertools.combinations(ronds, 2)) > 26


def test_the_number_of_a_row_leads_to_its_pin(juge):
    page = demander_et_voir(juge.va("/recherche/"))
    page.click('[data-repere="p1"] a.em-resultat__rang')
    expect(page.locator("#p1")).to_be_focused()


def test_pressed_twice_or_after_back_there_is_one_map(juge):
    page = juge.va("/recherche/")
    page.get_by_role("button", name="Fond de plan IGN").evaluate("b => { b.click(); b.click(); b.click(); }")
    page.wait_for_selector(".em-plan-ign--vu")
    assert page.locator(".em-plan-ign").count() == 1
    page.get_by_role("button", name="Carte dessinée").click()
    page.select_option("select[name=rayon]", "25")
    page.wait_for_url("**rayon=25**")
    page.go_back()
    expect(page.locator("select[name=rayon]")).not_to_have_value("25")
    demander_et_voir(page)
    assert page.locator(".em-plan-ign").count() == 1


def test_a_tile_missing_at_the_border_is_nothing(juge, tuiles):
    tuiles.mode = "bord"
    page = demander_et_voir(juge.va("/recherche/"))
    page.wait_for_timeout(4500)
    assert page.locator(".em-plan-ign--vu").is_visible()
    juge.ennuis.clear()  # the browser itself says that a tile was refused


def test_new_results_while_the_tiles_are_awaited(juge, tuiles):
    """The tiles of the first request, and its delay, take nothing from the map of the second."""
    tuiles.mode = "silence"
    page = juge.va("/recherche/")
    demander(page)
    page.wait_for_selector(".em-plan-ign", state="attached")
    tuiles.mode = "image"
    page.select_option("select[name=rayon]", "25")
    page.wait_for_url("**rayon=25**")
    page.wait_for_selector(".em-plan-ign--vu")
    page.wait_for_timeout(4500)
    assert page.locator(".em-plan-ign--vu").is_visible()
    juge.ennuis.clear()
