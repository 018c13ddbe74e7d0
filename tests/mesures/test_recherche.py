"""What a judge sees when looking for a mandataire."""

import datetime
import re

import pytest
from django.utils import timezone

from emjpm.commun.texte import normaliser
from emjpm.geographie.cartes import oublier
from emjpm.geographie.distance import entre
from mandataires.models import Mandataire
from mesures import presentation_recherche
from mesures.carte_resultats import plan_des_resultats
from mesures.disponibilite import avec_disponibilite, charges
from mesures.origine import Ambigu, depuis_tribunal, resoudre
from mesures.presentation_recherche import titre
from mesures.recherche import Ordre, chercher, issue
from tests.factories import (
    LIEUX,
    LieuFactory,
    MandataireFactory,
    MesureFactory,
    commune,
    tribunal,
    utilisateur_du_tribunal,
)

from .chercher import criteres


def charger(mandataire, en_cours: int = 0, en_attente: int = 0):
    MesureFactory.create_batch(en_cours, mandataire=mandataire)
    MesureFactory.create_batch(en_attente, mandataire=mandataire, en_attente=True)


def personne(nom, capacite=10, ville="Metz", charge=0, **autres):
    mandataire = MandataireFactory(nom=nom, capacite=capacite, ville=ville, **autres)
    charger(mandataire, charge)
    return mandataire


def sans_position(nom, **autres):
    mandataire = personne(nom, **autres)
    mandataire.lieux.update(latitude=None, longitude=None, precision="")
    return mandataire


def noms(resultats) -> list[str]:
    return [c.nom for c in resultats.candidats]


def lignes(reponse) -> list[str]:
    return re.findall(r'em-resultat__nom"><a [^>]*>([^<]+)<', reponse.content.decode().replace("\u00a0", " "))


def titre_de(reponse) -> str:
    return re.search(r'em-bilan__titre"[^>]*>([^<]*)<', reponse.content.decode().replace("\u00a0", " ")).group(1)


def test_rank_is_room_then_near_then_most_room_then_name(metz):
    personne("Zoé Proche", capacite=1)
    personne("Abel Proche", capacite=3)
    personne("Bruno Proche", capacite=3)
    personne("Loin Libre", ville="Thionville", capacite=100)
    sans_position("Sans Adresse", capacite=50)
    personne("Complet Proche", capacite=2, charge=2)
    personne("Débordé Proche", capacite=1, charge=3)
    personne("Capacité Inconnue", capacite=None)
    personne("Pause Loin", ville="Thionville", pause_debut=timezone.localdate())
    assert noms(chercher(criteres(metz))) == [
        "Abel Proche",
        "Bruno Proche",
        "Zoé Proche",
        "Loin Libre",
        "Sans Adresse",
        "Complet Proche",
        "Débordé Proche",
        "Capacité Inconnue",
        "Pause Loin",
    ]


def test_other_orders(metz):
    personne("Claire", capacite=2, ville="Thionville")
    personne("Alain", capacite=1)
    personne("Bérénice", capacite=9, ville="Saint-Avold")
    sans_position("Denis", capacite=5)
    par = {ordre: noms(chercher(criteres(metz, ordre=ordre))) for ordre in Ordre.values}
    assert par[Ordre.NOM] == ["Alain", "Bérénice", "Claire", "Denis"]
    assert par[Ordre.DISTANCE] == ["Alain", "Claire", "Bérénice", "Denis"]
    assert par[Ordre.DISPONIBILITE] == ["Bérénice", "Denis", "Claire", "Alain"]


def test_distance_is_great_circle_to_the_nearest_place(metz):
    service = MandataireFactory(service=True, ville="Nancy")
    LieuFactory(mandataire=service, commune=commune("Thionville"))
    (trouve,) = chercher(criteres(metz)).candidats
    attendu = entre(*LIEUX["Metz"][4:], *LIEUX["Thionville"][4:])
    assert trouve.distance == pytest.approx(attendu, rel=1e-6)


def test_figures_are_the_one_formula(metz):
    charger(personne("Libre", capacite=9), en_cours=2, en_attente=1)
    charger(personne("Débordée", capacite=1), en_cours=3)
    charger(personne("Inconnue", capacite=None), en_attente=2)
    personne("En pause", pause_debut=timezone.localdate() - datetime.timedelta(days=3))
    resultats = chercher(criteres(metz))
    annotes = {m.pk: m for m in avec_disponibilite(Mandataire.objects.all())}
    for candidat in resultats.candidats:
        attendu = annotes[candidat.pk]
        assert candidat.dispo.valeur == attendu.disponibilite
        assert (candidat.dispo.en_cours, candidat.dispo.en_attente) == (attendu.nb_en_cours, attendu.nb_en_attente)
    assert charges(Mandataire.objects.all()) == {
        pk: (m.nb_en_cours, m.nb_en_attente) for pk, m in annotes.items() if m.nb_en_cours or m.nb_en_attente
    }
    bilan = resultats.bilan
    assert bilan.places == sum(m.disponibilite for m in annotes.values() if (m.disponibilite or 0) > 0) == 6
    assert (bilan.nombre, bilan.avec_place, bilan.complets, bilan.pauses, bilan.inconnues) == (4, 1, 1, 1, 1)


def test_only_the_habilitated_by_default_and_wider_on_demand(metz):
    personne("Du tribunal")
    personne("Du département", habilite=[tribunal("Thionville")])
    personne("De loin", habilite=[tribunal("Paris")], ville="Paris")
    MandataireFactory(nom="Sans compte", membre=False)
    assert noms(chercher(criteres(metz))) == ["Du tribunal"]
    assert set(noms(chercher(criteres(metz, habilites="departement")))) == {"Du tribunal", "Du département"}
    assert set(noms(chercher(criteres(metz, habilites="france")))) == {"Du tribunal", "Du département", "De loin"}


def test_filters(metz):
    personne("Petit", capacite=1)
    personne("Grand", capacite=8, ville="Thionville")
    MandataireFactory(prepose=True, nom="Préposée", capacite=4)
    personne("Au repos", pause_debut=timezone.localdate())
    sans_position("Introuvable", capacite=6)
    assert set(noms(chercher(criteres(metz, places=5)))) == {"Grand", "Introuvable"}
    assert noms(chercher(criteres(metz, type="prepose"))) == ["Préposée"]
    rayon = chercher(criteres(metz, rayon=25))
    assert set(noms(rayon)) == {"Petit", "Préposée", "Au repos"}
    assert rayon.sans_position == 1
    actifs = chercher(criteres(metz, actifs=True))
    assert "Au repos" not in noms(actifs)
    assert actifs.pauses_masquees == 1


@pytest.mark.parametrize(
    "texte", ["bellerive", "BÉLLERIVE", "Camille Bellerive", "belerive", "bellerrive", "camille@exemple.fr"]
)
def test_text_forgives_accents_and_slips(metz, texte):
    personne("Camille Bellerive", courriel="camille@exemple.fr")
    personne("Noé Rochebleue")
    assert noms(chercher(criteres(metz, texte=texte))) == ["Camille Bellerive"]


def test_text_finds_the_town_and_says_when_it_only_looks_alike(metz, juge):
    personne("Doriane Sentefleur", ville="Saint-Avold")
    personne("Noé Rochebleue")
    assert noms(chercher(criteres(metz, texte="st avold"))) == ["Doriane Sentefleur"]
    assert not chercher(criteres(metz, texte="Sentefleur")).approchants
    assert "Aucun nom n’est exactement « santefleur » : voici les plus ressemblants" in juge.get(
        "/recherche/?texte=santefleur"
    ).content.decode().replace("\u00a0", " ")


def test_the_page_of_the_court(juge, metz):
    charger(personne("Camille Bellerive", capacite=4), en_cours=1)
    personne("Régis Hautbuisson", capacite=0)
    reponse = juge.get("/recherche/")
    page = reponse.content.decode().replace("\u00a0", " ")
    assert titre_de(reponse) == "2 mandataires habilités au tribunal judiciaire de Metz"
    assert lignes(reponse) == ["Camille Bellerive", "Régis Hautbuisson"]
    assert "Ordre : ceux qui ont de la place, puis les plus proches" in page
    assert 'id="avec-place">Ont de la place <span class="em-groupe__nombre">1<' in page
    assert 'id="sans-place">Sans place aujourd’hui <span class="em-groupe__nombre">1<' in page
    assert "à moins de 1" in page
    assert 'value="Tribunal judiciaire de Metz"' in page
    assert 'aria-label="N° 1, Camille Bellerive, 3 places, à moins de 1' in page


def test_from_a_commune_or_a_postal_code(juge, metz):
    personne("Camille Bellerive")
    personne("Basile Clairsentier", ville="Thionville")
    for lieu in ("Thionville", "57100", "thionville (57)", "57100 Thionville"):
        reponse = juge.get("/recherche/", {"lieu": lieu})
        assert lignes(reponse) == ["Basile Clairsentier", "Camille Bellerive"], lieu
        assert "27" in reponse.content.decode().replace("\u00a0", " ")
    assert titre_de(reponse) == "2 mandataires habilités au tribunal judiciaire de Metz, autour de Thionville (57)"


def test_an_ambiguous_place_is_asked_and_each_answer_leads_to_one_place(juge, metz):
    autre = commune("Thionville")
    autre.pk, autre.nom, autre.nom_normalise = "01999", "Metz", "metz"
    autre.departement = commune("Bourg-en-Bresse").departement
    autre.save(force_insert=True)
    autre.codes_postaux.set(commune("Bourg-en-Bresse").codes_postaux.all())
    personne("Camille Bellerive")
    page = juge.get("/recherche/?lieu=metz&places=3").content.decode().replace("\u00a0", " ")
    assert "« metz » : de quel lieu s’agit-il ?" in page
    assert "em-resultat" not in page.replace("em-resultats", "")
    assert "places=3" in page
    question = resoudre("metz", metz)
    assert isinstance(question, Ambigu)
    for proposition in question.propositions:
        reponse = juge.get("/recherche/", {"lieu": proposition.texte})
        assert "de quel lieu" not in reponse.content.decode().replace("\u00a0", " "), proposition


def test_an_unknown_place_keeps_the_results_of_the_court(juge):
    commune("Thionville")
    personne("Camille Bellerive")
    page = juge.get("/recherche/?lieu=Thionvile").content.decode().replace("\u00a0", " ")
    assert "Aucun lieu ne ressemble à « Thionvile »" in page
    assert ">Thionville (57)</a>" in page
    assert "Camille Bellerive" in page


def test_odd_values_count_for_nothing(juge):
    personne("Camille Bellerive")
    reponse = juge.get("/recherche/?rayon=abc&type=xyz&places=-4&ordre=hasard&page=zut&habilites=mars&actifs=")
    assert lignes(reponse) == ["Camille Bellerive"]


def test_nobody_found_shows_the_ways_out(juge, metz):
    personne("Petit", capacite=2)
    personne("Loin", capacite=9, ville="Thionville")
    reponse = juge.get("/recherche/?places=5&rayon=10")
    page = reponse.content.decode().replace("\u00a0", " ")
    assert titre_de(reponse) == (
        "Aucun mandataire habilité au tribunal judiciaire de Metz avec au moins 5 places, "
        "à moins de 10 km du tribunal judiciaire de Metz"
    )
    voies = re.findall(r"<li><a href=\"([^\"]*)\">([^<]*)</a>", page)
    assert [libelle for _, libelle in voies] == ["Sans condition de places", "Dans un rayon de 50 km"]
    for url, _ in voies:  # each way keeps its promise
        assert lignes(juge.get("/recherche/" + url.replace("&amp;", "&")))
    assert lignes(reponse) == ["Petit"]


def test_a_court_without_anybody_says_so(metz, ouvrir_session):
    client = ouvrir_session(utilisateur_du_tribunal(metz))
    assert "Aucun mandataire n’a déclaré ce tribunal." in client.get("/recherche/").content.decode().replace(
        "\u00a0", " "
    )


def test_when_nobody_has_room_the_least_loaded_is_shown(metz):
    personne("Complet", capacite=1, charge=1)
    personne("Débordé", capacite=1, charge=4)
    sortie = issue(criteres(metz, places=1))
    assert not sortie.a_de_la_place
    assert sortie.proche.nom == "Complet"


def test_the_title_carries_the_criteria(metz):
    base = criteres(metz)
    assert titre(base, 1) == "1 mandataire habilité au tribunal judiciaire de Metz"
    assert titre(criteres(metz, habilites="departement", type="service"), 7) == "7 services habilités en Moselle"


def test_pages_of_twenty_never_overlap(juge):
    for rang in range(25):
        MandataireFactory(nom=f"Personne {rang:02d}", nom_normalise=normaliser(f"Personne {rang:02d}"))
    premiere, seconde = lignes(juge.get("/recherche/")), lignes(juge.get("/recherche/?page=2"))
    assert (len(premiere), len(seconde)) == (20, 5)
    assert not set(premiere) & set(seconde)
    assert "1 à 20 sur 25" in juge.get("/recherche/").content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("adresse", ["/recherche/", "/recherche/?lieu=57100", "/recherche/?texte=camille&ordre=nom"])
def test_queries_do_not_grow_with_the_results(juge, django_assert_max_num_queries, adresse):
    for rang in range(3):
        charger(MandataireFactory(nom=f"Camille {rang}"), 1)
    with django_assert_max_num_queries(12) as peu:
        juge.get(adresse)
    for rang in range(12):
        service = MandataireFactory(service=True, nom=f"Camille et autres {rang}")
        LieuFactory(mandataire=service, commune=commune("Thionville"))
        charger(service, 2, 1)
    oublier()  # the towns of the map are read once, then kept
    with django_assert_max_num_queries(12) as beaucoup:
        juge.get(adresse)
    assert len(beaucoup) == len(peu)


def test_only_courts_search(troupe, client):
    for qui in ("mandataire", "service", "agent", "support"):
        assert troupe.clients[qui].get("/recherche/").status_code == 403, qui
    assert client.get("/recherche/").status_code == 302


def test_a_mandataire_too_far_does_not_widen_the_map(metz):
    def plan():
        depuis = depuis_tribunal(metz)
        return plan_des_resultats(depuis, presentation_recherche.lignes(chercher(criteres(metz)).candidats, 1, depuis))

    personne("Près", ville="Thionville")
    seul = plan()
    personne("Loin", ville="Fort-de-France")
    deux = plan()
    assert deux.rayon_km == seul.rayon_km < 60
    assert len(deux.hors_carte) == 1
