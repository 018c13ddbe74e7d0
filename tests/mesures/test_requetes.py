"""What each page of a mandataire asks of the database: as much for 5,000 mesures as for 5. Every address is tried."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emjpm.comptes.models import Role
from emjpm.geographie.cartes import oublier
from mandataires import urls as urls_du_profil
from mandataires.models import Habilitation, Mandataire, Membre
from mesures import urls as urls_des_mesures
from mesures.models import Evolution, Mesure
from tests import factories

from .test_listes import peupler

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]
PEU, BEAUCOUP = 5, 1667
"""Of each of three states: enough to have some in each place, then 5,001 in all."""
AU_TRIBUNAL = {
    "recherche", "recherche_bilan", "recherche_export", "fiche", "observer", "observation_retirer", "reserver",
    "reserver_rg", "mesures_tribunal_imprimer", "mesures_tribunal_exporter", "reservation_confirmee",
    "reservation_modifier", "mesure_annuler",
}  # fmt: skip
SANS_PAGE = {
    "mesures_tribunal",  # leads to « Mesures en cours »
    "importer_confirmer", "importer_apercu", "importer_annoter", "importer_laissees", "importer_avancement",
    "importer_modele",  # of a file, whatever the mesures: tests/mesures/import_excel
    "compte_fermer", "compte_reprendre",  # the password is asked first: tests/mesures/test_fermeture.py
    "tout_est_a_jour",  # a link of a mail: tests/mesures/test_rappeler_lien.py
    "mes_informations_capacite", "mes_informations_a_jour", "mes_informations_reprendre",  # acts, tried below
    "demande_tribunal_annuler", "invitation_renvoyer", "invitation_annuler",  # acts on other rows than mesures
}  # fmt: skip
ENVOIS = {"mesures_exporter", "eteintes_exporter", "mesures_groupe"}
"""Reached by a POST."""
AUTRES = {
    "mandataire": {"antenne", "antennes", "etablissement", "etablissements", "membre", "membres"},
    "prepose": {"antenne", "antennes", "membre", "membres"},
    "service": {"etablissement", "etablissements"},
}
"""Pages of the other categories, by the first word of their names."""


def noms() -> set[str]:
    return {u.name for module in (urls_des_mesures, urls_du_profil) for u in module.urlpatterns} - AU_TRIBUNAL


@pytest.fixture
def monde(troupe):
    """One mesure in each state with a story, two places and a colleague, apart from the thousands."""
    qui = {}
    for nom in AUTRES:
        mandataire = getattr(troupe, nom)
        lieu = factories.LieuFactory(mandataire=mandataire, nom="Antenne nord")
        collegue = factories.UtilisateurFactory(role=Role.SERVICE if nom == "service" else mandataire.categorie)
        membre = Membre.objects.create(mandataire=mandataire, utilisateur=collegue)
        tous = {"mandataire": mandataire, "tribunal": troupe.metz}
        cours = factories.MesureFactory(**tous)
        evolution = Evolution.objects.create(mesure=cours, genre="reconduction", date=cours.date_jugement)
        habilitation = Habilitation.objects.create(mandataire=mandataire, tribunal=factories.tribunal("Thionville"))
        qui[nom] = {
            "en_cours": cours.pk,
            "eteinte": factories.MesureFactory(eteinte=True, **tous).pk,
            "en_attente": factories.MesureFactory(en_attente=True, reserve_par=troupe.gens["magistrat"], **tous).pk,
            "evolution": evolution.pk,
            "lieu": lieu.pk,
            "membre": membre.pk,
            "habilitation": habilitation.pk,
        }
    return qui


def adresse(nom: str, monde: dict) -> str:
    etats = {"mesure_valider": "en_attente", "mesure_decliner": "en_attente", "mesure_rouvrir": "eteinte"}
    if nom in {"evolution_corriger", "evolution_retirer"}:
        args = [monde["en_cours"], monde["evolution"]]
    elif (nom.startswith(("mesure_", "evolution_")) and nom != "mesure_creer") or nom == "mesure":
        args = [monde[etats.get(nom, "en_cours")]]
    elif nom.startswith(("lieu_", "antenne_", "etablissement_")) and nom.endswith(("_modifier", "_retirer")):
        args = [monde["lieu"]]
    elif nom.startswith("membre_"):
        args = [monde["membre"]]
    else:
        args = [monde["habilitation"]] if nom == "tribunal_quitter" else []
    return reverse(nom, args=args)


def compter(client, methode: str, url: str, envoi: dict | None = None) -> tuple[int, int]:
    """(status, queries), the whole answer read; each page reads for itself the towns of its map."""
    oublier()
    with CaptureQueriesContext(connection) as capture:
        reponse = getattr(client, methode)(url, envoi)
        if reponse.streaming:
            b"".join(reponse.streaming_content)
    return reponse.status_code, len(capture)


def tout_lire(client, monde: dict) -> dict[str, tuple[int, int]]:
    lus = {}
    for nom in sorted(noms() - SANS_PAGE - ENVOIS):
        lus[nom] = compter(client, "get", adresse(nom, monde))
    for nom in ("mesures_exporter", "eteintes_exporter"):
        for genre in ("xlsx", "csv"):
            lus[nom, genre] = compter(client, "post", reverse(nom), {"format": genre})
    return lus


@pytest.mark.parametrize("qui", AUTRES)
def test_chaque_page_coute_autant_pour_cinq_mille_mesures(troupe, monde, qui):
    client, mandataire, juge = troupe.clients[qui], getattr(troupe, qui), troupe.gens["magistrat"]
    peupler(mandataire, PEU, juge)
    peu = tout_lire(client, monde[qui])
    peupler(mandataire, BEAUCOUP - PEU, juge, depuis=PEU)
    assert tout_lire(client, monde[qui]) == peu
    # Not compared for nothing: each page was there, but those of another category.
    ailleurs = {str(nom): statut for nom, (statut, _) in peu.items() if statut != 200}
    assert {nom.split("_")[0] for nom in ailleurs} == AUTRES[qui], ailleurs
    assert max(n for _, n in peu.values()) <= 16, sorted(peu.items(), key=lambda ligne: -ligne[1][1])[:3]


@pytest.mark.parametrize("acte", ["eteindre", "tribunal", "antenne", "exporter"])
def test_agir_sur_plusieurs_coute_autant_quel_que_soit_leur_nombre(troupe, monde, acte):
    """The page that asks: the acts themselves are one transaction a mesure."""
    client, service = troupe.clients["service"], troupe.service
    peupler(service, 250, troupe.gens["magistrat"])
    cles = list(Mesure.objects.en_cours().filter(mandataire=service).values_list("pk", flat=True))
    url = reverse("mesures_groupe")
    peu = compter(client, "post", url, {"acte": acte, "mesure": cles[:5]})
    assert compter(client, "post", url, {"acte": acte, "mesure": cles[:250]}) == peu
    toutes = {"acte": acte, "toutes": "1", "vue": cles[:50], "mesure": cles[:50]}
    assert compter(client, "post", url, toutes)[1] <= 20


@pytest.mark.parametrize(
    ("nom", "envoi"),
    [
        ("mes_informations_capacite", {"capacite": "60"}),
        ("mes_informations_a_jour", {}),
        ("mes_informations_reprendre", {}),
    ],
)
def test_les_actes_du_profil_aussi(troupe, nom, envoi):
    client, juge = troupe.clients["mandataire"], troupe.gens["magistrat"]
    pause = {"pause_debut": date(2026, 1, 5)}
    peupler(troupe.mandataire, PEU, juge)
    Mandataire.objects.filter(pk=troupe.mandataire.pk).update(**pause)
    peu = compter(client, "post", reverse(nom), envoi)
    peupler(troupe.mandataire, 300, juge, depuis=PEU)
    Mandataire.objects.filter(pk=troupe.mandataire.pk).update(**pause)
    envoi = dict.fromkeys(envoi, "61")
    assert compter(client, "post", reverse(nom), envoi) == peu
