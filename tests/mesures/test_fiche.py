"""The fiche of a mandataire, as a court or an agent sees it."""

import datetime
import itertools
import re

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from emjpm.commun.templatetags.emjpm import date_longue
from mandataires.models import Atout, Mandataire, Observation
from mesures import portrait
from mesures.disponibilite import avec_disponibilite
from mesures.enums import Nature
from tests.factories import (
    LieuFactory,
    MandataireFactory,
    MesureFactory,
    commune,
    tribunal,
    utilisateur_du_tribunal,
)


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
    texte = page(troupe.clients["agent"], gens)
    assert "Autres natures" in texte
    assert "Curatelle simple" not in texte
    # One of the tutelles is another court's: Metz, which knows its own, reads them with the rest.
    assert "Tutelle et autres natures" in page(troupe.clients["magistrat"], gens)
    # 13 are en cours: « Metz 10 » beside that total would tell that three live elsewhere.
    assert "Metz et d’autres communes, qui en comptent moins de 5 : 13." in texte
    assert "Metz 10" not in texte
    assert "Saint-Avold" not in texte.split('id="ou"')[1]


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
@pytest.mark.parametrize("nom", ["mandataire", "service"])
def test_twelve_queries_whatever_the_size(troupe, qui, nom, django_assert_max_num_queries):
    m = getattr(troupe, nom)
    url = f"/mandataires/{m.pk}/?lieu=57100"
    commune("Thionville")
    MesureFactory.create_batch(6, mandataire=m)
    with django_assert_max_num_queries(12) as peu:
        troupe.clients[qui].get(url)
    for ville in ("Saint-Avold", "Nancy", "Thionville"):
        antenne = LieuFactory(mandataire=m, commune=commune(ville))
        MesureFactory.create_batch(6, mandataire=m, commune=commune(ville), lieu=antenne, tribunal=tribunal(ville))
        Atout.objects.create(mandataire=m, cle={"Saint-Avold": "deu", "Nancy": "fsl"}.get(ville, "memoire"))
        auteur = utilisateur_du_tribunal(troupe.metz)
        Observation.objects.create(mandataire=m, tribunal=troupe.metz, par=auteur, texte=ville)
    with django_assert_max_num_queries(12) as beaucoup:
        page = troupe.clients[qui].get(url).content.decode()
    assert "Par tribunal" in page
    assert len(beaucoup) == len(peu)


def test_the_figures_are_those_of_the_search(troupe):
    """One grouped count serves the page: it must say what the one formula says, renewals aside."""
    MesureFactory.create_batch(3, mandataire=troupe.mandataire)
    MesureFactory(mandataire=troupe.mandataire, en_attente=True, renouvelle=troupe.mesure, tribunal=troupe.metz)
    comptes = portrait.comptes_de(troupe.mandataire)
    portrait.charger(troupe.mandataire, comptes)
    annote = avec_disponibilite(Mandataire.objects.filter(pk=troupe.mandataire.pk)).get()
    assert (annote.nb_en_cours, annote.nb_en_attente) == (4, 1)
    assert (troupe.mandataire.nb_en_cours, troupe.mandataire.nb_en_attente) == (4, 1)
    assert portrait.avec_le_tribunal(comptes, troupe.metz) == {"en_cours": 4, "en_attente": 2}


@given(st.dictionaries(st.integers(0, 30), st.integers(1, 40), max_size=15), st.integers(0, 6), st.integers(1, 8))
def test_no_subtraction_between_the_figures_shown_gives_a_small_count(nombres, inconnus, maximum):
    total = sum(nombres.values()) + inconnus
    montrees = portrait.retenir(nombres, total, maximum)
    assert all(n >= portrait.SEUIL and nombres[cle] == n for cle, n in montrees)
    reste = total - sum(n for _, n in montrees)
    assert not montrees or reste == 0 or reste >= portrait.SEUIL
    parts = portrait._parts({str(cle): n for cle, n in nombres.items()}, {str(c): f"N{c}" for c in nombres}, "autres")
    assert all(part.nombre >= portrait.SEUIL for part in parts)
    assert not parts or sum(part.nombre for part in parts) == sum(nombres.values())


def test_a_small_rest_takes_the_smallest_row_along(troupe):
    m = troupe.voisin
    MesureFactory.create_batch(9, mandataire=m, nature=Nature.TUTELLE)
    MesureFactory.create_batch(7, mandataire=m, nature=Nature.CURATELLE_RENFORCEE)
    MesureFactory.create_batch(2, mandataire=m, nature=Nature.MAJ)
    lignes = [(p.nom, p.nombre) for p in portrait.parts_par_nature(portrait.comptes_de(m))]
    assert lignes == [("Tutelle", 10), ("Curatelle renforcée et autres natures", 9)]  # one tutelle is the cast's


@given(
    st.dictionaries(st.integers(0, 12), st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=10),
    st.tuples(st.integers(0, 6), st.integers(0, 6)),
    st.integers(1, 8),
)
def test_nor_less_what_the_reader_s_own_court_has(lignes, inconnus, maximum):
    nombres = {cle: siennes + autres for cle, (siennes, autres) in lignes.items() if siennes + autres}
    siennes = {cle: n for cle, (n, _) in lignes.items()}
    total, en_tout = sum(nombres.values()) + sum(inconnus), sum(siennes.values()) + inconnus[0]
    montrees = portrait.retenir(nombres, total, maximum, siennes, en_tout)
    restes = [n - siennes[cle] for cle, n in montrees]
    restes.append(total - en_tout - sum(restes))
    assert not montrees or all(n == 0 or n >= portrait.SEUIL for n in restes)


@pytest.mark.parametrize("siennes", [(0, 0, 0, 0), (2, 0, 0, 0), (0, 3, 0, 0), (4, 1, 0, 0)])
def test_whoever_knows_the_rules_counts_no_small_number_backwards(siennes):
    """Every way to share up to 16 mesures between four natures: the same rows must come from two of them at least,
    where they would tell a row, or what is left beside a named one, of fewer than 5. « B 5, C et autres 6 » would.
    """
    mondes: dict[tuple, list] = {}
    for compte in itertools.product(range(17), repeat=4):
        if sum(compte) <= 16 and all(n >= sienne for n, sienne in zip(compte, siennes, strict=True)):
            nombres = {cle: n for cle, n in zip("ABCD", compte, strict=True) if n}
            parts = portrait._parts(nombres, {c: c for c in "ABCD"}, "autres", dict(zip("ABCD", siennes, strict=True)))
            vu = (sum(compte), *((part.nom, part.nombre) for part in parts))
            mondes.setdefault(vu, []).append(tuple(n - s for n, s in zip(compte, siennes, strict=True)))
    nommes = [(vu, possibles) for vu, possibles in mondes.items() if any(" et " in nom for nom, _ in vu[1:])]
    assert nommes
    for vu, possibles in nommes:
        montrees = {nom.split(" et ")[0] for nom, _ in vu[1:]}
        reste = {sum(n for cle, n in zip("ABCD", monde, strict=True) if cle not in montrees) for monde in possibles}
        for valeurs in (reste, *(set(ligne) for ligne in zip(*possibles, strict=True))):
            assert len(valeurs) > 1 or not 0 < min(valeurs) < portrait.SEUIL, vu


def test_one_adult_of_another_court_is_not_found_by_subtraction(troupe):
    """The judge of Metz knows their own 24: what is left of a row would be the one mesure of Thionville."""
    m = MandataireFactory(nom="Solange Unique", capacite=100)
    MesureFactory.create_batch(12, mandataire=m, nature=Nature.TUTELLE)
    MesureFactory.create_batch(12, mandataire=m, nature=Nature.CURATELLE_SIMPLE, commune=commune("Nancy"))
    MesureFactory(mandataire=m, tribunal=troupe.thionville, nature=Nature.TUTELLE, commune=commune("Nancy"))
    comptes = portrait.comptes_de(m)
    lignes = [(p.nom, p.nombre) for p in portrait.parts_par_nature(comptes, troupe.metz)]
    assert lignes == [("Tutelle et autres natures", 25)]
    assert [p.nombre for p in portrait.parts_par_tribunal(comptes, troupe.metz)] == [25]
    texte = page(troupe.clients["magistrat"], m)
    assert "Nancy et d’autres communes : 25." in texte
    assert "12" not in re.sub("<[^>]*>", "", texte.partition("Où vivent les personnes")[2].partition("Observations")[0])
    agent = page(troupe.clients["agent"], m)  # reads no mesure: nothing to take off
    assert "Nancy 13, Metz 12." in agent
    assert [p.nombre for p in portrait.parts_par_nature(comptes)] == [13, 12]


def test_pratique_says_what_was_said_and_nothing_else(troupe):
    m = troupe.mandataire
    vide = page(troupe.clients["magistrat"], m)
    assert "Ce mandataire n’a rien précisé." in vide
    assert "<dt>Absences</dt><dd>Aucune annoncée</dd>" in vide
    assert "<dt>Langues</dt>" not in vide
    debut = timezone.localdate() + datetime.timedelta(days=10)
    Mandataire.objects.filter(pk=m.pk).update(
        secteur="Metz et la vallée de l’Orne", tendance="reduction", pause_debut=debut, pause_motif="Congé"
    )
    for cle in ("ltz", "fsl", "succession"):
        Atout.objects.create(mandataire=m, cle=cle)
    for qui in ("magistrat", "agent"):
        texte = page(troupe.clients[qui], m)
        assert "<dt>Secteur</dt><dd>Metz et la vallée de l’Orne</dd>" in texte
        assert "<dt>Langues</dt><dd>Langue des signes française, luxembourgeois</dd>" in texte
        assert "<dt>Compétences</dt><dd>Successions</dd>" in texte
        assert "<dt>Évolution</dt><dd>Réduit peu à peu son activité</dd>" in texte
        assert f"À partir du {date_longue(debut)}, date de reprise inconnue (congé)" in texte
        assert "Préférences" not in texte
        assert "rien précisé" not in texte


@pytest.mark.parametrize(
    ("champs", "mots", "malgre_tout"),
    [
        ({"capacite": 2}, "<span>Complet</span>", True),
        ({"capacite": 1}, "Complet, 1 au-dessus de la capacité", True),
        ({"capacite": None}, "Capacité non renseignée", False),
        ({"pause_debut": datetime.date(2026, 1, 1)}, "Activité en pause, date de reprise inconnue", True),
        ({"capacite": 3}, "place pour une nouvelle mesure", False),
    ],
)
def test_the_words_of_each_state(troupe, champs, mots, malgre_tout):
    Mandataire.objects.filter(pk=troupe.mandataire.pk).update(**champs)
    texte = page(troupe.clients["magistrat"], troupe.mandataire)
    assert mots in texte
    assert ("Vous pourrez confirmer malgré tout." in texte) == malgre_tout
    assert "Réserver une mesure" in texte


def test_the_tab_of_the_search_is_marked_on_the_fiche(troupe):
    page = troupe.clients["magistrat"].get(f"/mandataires/{troupe.mandataire.pk}/").content.decode()
    assert 'href="/recherche/" aria-current="true"' in page
    page = troupe.clients["agent"].get(f"/mandataires/{troupe.mandataire.pk}/").content.decode()
    assert 'href="/pilotage/" aria-current="true"' in page
