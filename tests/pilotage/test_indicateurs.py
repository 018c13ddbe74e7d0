"""Each figure, against the hand-made cast."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emjpm.pilotage import indicateurs
from emjpm.pilotage.indicateurs import Base, instantane
from mandataires.models import Mandataire
from mesures.disponibilite import avec_disponibilite, disponibilite_de
from tests import factories

pytestmark = pytest.mark.django_db


def chiffres(portraits):
    bilan = indicateurs.bilan(portraits)
    return {cle: getattr(bilan, cle).valeur for cle in ("mandataires", "places", "trop", "total", "souhaitees", "part")}


def test_la_france_compte_chaque_mandataire_une_fois(distribution):
    assert chiffres(instantane().tous) == {
        "mandataires": 7,
        "places": 109,  # 6 + 100 + 3
        "trop": 3,
        "total": 106,
        "souhaitees": 116,  # 10 + 2 + 100 + 1 + 3: neither the pause nor the unknown
        "part": 91.4,
    }


def test_par_habilitation_un_mandataire_compte_dans_chacun_de_ses_departements(distribution):
    photo = instantane()
    moselle, meurthe = photo.de(["57"]), photo.de(["54"])
    assert chiffres(moselle) == {
        "mandataires": 3,
        "places": 6,
        "trop": 3,
        "total": 3,
        "souhaitees": 12,
        "part": 25.0,
    }
    assert chiffres(meurthe)["mandataires"] == 3
    assert chiffres(meurthe)["places"] == 106
    # Alix is in both, and once in the région.
    assert chiffres(photo.de(["57", "54"])) == {
        "mandataires": 5,
        "places": 106,
        "trop": 3,
        "total": 103,
        "souhaitees": 112,
        "part": 92.0,
    }


def test_par_residence_un_mandataire_compte_la_ou_est_son_lieu_principal(distribution):
    photo = instantane(Base.RESIDENCE)
    assert {p.pk for p in photo.de(["57"])} == {
        distribution.alix.pk,
        distribution.basile.pk,
        distribution.colombe.pk,
        distribution.gaspard.pk,
    }
    assert chiffres(photo.de(["54"]))["mandataires"] == 2
    assert chiffres(photo.tous) == chiffres(instantane().tous)


def test_les_etats_des_mesures(distribution):
    tous = instantane().tous
    assert indicateurs.mesures_en_cours(tous).valeur == 15
    assert indicateurs.mesures_en_attente(tous).valeur == 1
    eteintes = indicateurs.mesures_eteintes(tous)
    assert eteintes.valeur == 2  # the one of 400 days ago is out of the period
    assert "12 mois" in eteintes.definition


def test_une_mesure_eteinte_il_y_a_un_an_jour_pour_jour_sort_de_la_periode(distribution):
    jour = timezone.localdate()
    limite = indicateurs.il_y_a_un_an(jour)
    factories.MesureFactory(mandataire=distribution.flore, eteinte=True, date_fin=limite)
    factories.MesureFactory(mandataire=distribution.flore, eteinte=True, date_fin=limite + datetime.timedelta(days=1))
    assert instantane().portraits[distribution.flore.pk].eteintes == 1
    assert indicateurs.il_y_a_un_an(datetime.date(2028, 2, 29)) == datetime.date(2027, 2, 28)


def test_aucune_mesure_eteinte_se_dit(distribution):
    assert indicateurs.mesures_eteintes(instantane().de(["01"])).definition == "Aucune mesure éteinte sur 12 mois."


def test_types_pause_capacite_inconnue_et_fraicheur(distribution):
    bilan = indicateurs.bilan(instantane().tous)
    assert (bilan.individuels.valeur, bilan.preposes.valeur, bilan.services.valeur) == (4, 1, 2)
    assert bilan.en_pause.valeur == 1
    assert bilan.non_renseignees.valeur == 1
    assert round(bilan.a_jour.valeur) == 86  # Flore never updated anything


def test_chaque_chiffre_dit_sa_definition(distribution):
    bilan = indicateurs.bilan(instantane().tous)
    definitions = {cle: getattr(bilan, cle).definition.replace("\xa0", " ") for cle in bilan.__slots__}
    assert definitions["places"] == "chez les 3 mandataires qui en ont"
    assert definitions["trop"] == "mesures en trop, chez 1 mandataire"
    assert definitions["total"] == "soit 91,4 % des 116 mesures souhaitées"
    assert definitions["non_renseignees"] == "soit 14 % des mandataires"
    assert all(definitions.values())


def test_une_pause_en_capacite_inconnue_n_ajoute_aucune_place(distribution):
    avant = chiffres(instantane().tous)
    factories.MandataireFactory(capacite=None, habilite=[distribution.metz], pause_debut=timezone.localdate())
    apres = chiffres(instantane().tous)
    assert apres == avant | {"mandataires": 8}


def test_un_territoire_sans_mandataire_n_a_pas_de_part_libre(distribution):
    vide = instantane().de(["75"])
    assert indicateurs.part_libre(vide).valeur is None
    assert indicateurs.a_jour(vide).valeur is None
    assert indicateurs.disponibilite_totale(vide).valeur == 0


def test_la_disponibilite_totale_est_la_somme_des_disponibilites_montrees_ailleurs(distribution):
    visibles = list(avec_disponibilite(Mandataire.objects.visibles()))
    objets = [disponibilite_de(m) for m in visibles]
    tous = instantane().tous
    assert indicateurs.disponibilite_totale(tous).valeur == sum(d.valeur or 0 for d in objets)
    assert indicateurs.disponibilite_totale(tous).valeur == sum(m.disponibilite or 0 for m in visibles)
    assert indicateurs.places_disponibles(tous).valeur == sum(d.valeur for d in objets if d.a_de_la_place)
    assert indicateurs.surcapacite(tous).valeur == -sum(d.valeur for d in objets if d.etat == "audela")
    assert {p.pk: p.disponible for p in tous} == {m.pk: m.disponibilite for m in visibles}


@pytest.mark.parametrize("base", Base)
def test_un_territoire_lu_seul_donne_les_memes_chiffres_que_dans_le_pays(distribution, base):
    for departements in (["57"], ["54"], ["54", "57"], ["01"]):
        pays, seul = instantane(base), instantane(base, departements)
        assert indicateurs.bilan(seul.tous) == indicateurs.bilan(pays.de(departements))


def test_ceux_qui_ne_comptent_dans_aucun_departement(distribution):
    assert instantane().sans_departement == 1  # Gaspard
    assert instantane(Base.RESIDENCE).sans_departement == 0


def test_quatre_requetes_quel_que_soit_le_nombre(distribution):
    def requetes():
        with CaptureQueriesContext(
            connection,
        ) as faites:
            instantane()
        return len(faites)

    avant = requetes()
    for ville in ("Metz", "Nancy", "Paris", "Fort-de-France", "Thionville"):
        factories.MesureFactory(
            mandataire=factories.MandataireFactory(ville=ville, habilite=[factories.tribunal(ville)])
        )
    assert requetes() == avant == 4
