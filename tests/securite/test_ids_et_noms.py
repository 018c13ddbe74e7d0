"""What is not yours answers as what does not exist; what would name a protected adult is refused everywhere."""

import re

import pytest
from django.utils import timezone

from emjpm.commun.models import Courriel, Evenement
from mesures.models import Mesure
from tests import factories
from tests.mesures.test_reservation import ouvrir as formulaire
from tests.mesures.test_reservation import url

pytestmark = pytest.mark.django_db
ABSENT = 987654321
AUJOURDHUI = timezone.localdate().isoformat()


def corps(reponse, *ids) -> tuple[int, str]:
    """The answer, without what changes at each request nor the id itself."""
    page = re.sub(r'name="(csrfmiddlewaretoken|cle)" value="[^"]*"', "", reponse.content.decode())
    for pk in ids:
        page = re.sub(rf"\b{pk}\b", "n", page)
    return reponse.status_code, page


@pytest.mark.parametrize(
    ("acteur", "acte", "envoi"),
    [
        ("mandataire", "modifier", {"version": "1", "nature": "tutelle"}),
        ("mandataire", "valider", {"date_jugement": AUJOURDHUI, "lieu_vie": "sdf"}),
        ("mandataire", "decliner", {"motif": "charge"}),
        ("mandataire", "terminer", {"motif": "deces", "date_fin": AUJOURDHUI}),
        ("mandataire", "rouvrir", {}),
        ("mandataire", "supprimer", {}),
        ("magistrat_voisin", "annuler", {"raison": "Doublon"}),
        ("magistrat_voisin", "reservation/modifier", {"version": "1"}),
        ("magistrat_voisin", "reservation", {}),
    ],
)
def test_acts_on_what_is_not_yours(troupe, acteur, acte, envoi):
    if acteur == "mandataire":
        cible = factories.MesureFactory(mandataire=troupe.voisin, tribunal=troupe.metz, en_attente=True)
    else:
        cible = troupe.reservee
    avant = Mesure.objects.values().get(pk=cible.pk)
    client = troupe.clients[acteur]
    autrui = client.post(f"/mesures/{cible.pk}/{acte}/", envoi)
    absente = client.post(f"/mesures/{ABSENT}/{acte}/", envoi)
    assert autrui.status_code == 404
    assert corps(autrui, cible.pk) == corps(absente, ABSENT)
    assert Mesure.objects.values().get(pk=cible.pk) == avant
    assert not Evenement.objects.exists()


def test_ids_inside_a_form(troupe):
    """An antenne of somebody else, a declined reservation of another court: told as absent ones."""
    factories.LieuFactory(mandataire=troupe.service, nom="Antenne de Thionville")
    autre = troupe.voisin.lieux.get().pk
    juge, service = troupe.clients["magistrat"], troupe.clients["service"]
    for client, adresse, envoi in (
        (juge, url(troupe.service), formulaire(juge, troupe.service)),
        (service, "/mesures/creer/", {"nature": "tutelle", "tribunal": troupe.metz.pk}),
    ):
        pages = {corps(client.post(adresse, envoi | {"lieu": pk}), autre, ABSENT) for pk in (autre, ABSENT)}
        assert len(pages) == 1, adresse
        assert pages.pop()[0] == 200
    declinee = factories.MesureFactory(
        mandataire=troupe.voisin, tribunal=troupe.thionville, en_attente=True, statut="declinee"
    )
    reponses = [juge.post("/mesures/", {"classer": pk}) for pk in (declinee.pk, ABSENT)]
    assert corps(reponses[0], declinee.pk) == corps(reponses[1], ABSENT)
    assert Mesure.objects.get(pk=declinee.pk).classee_le is None


NOMS = ["Mme Durand", "MADAME DURAND", "mme Durand", "M. Paul O’Brien", "Monsieur\u00a0Le Goff", "née le 12/03/1947"]


@pytest.mark.parametrize("nom", NOMS)
def test_no_free_text_takes_the_name_of_an_adult(troupe, nom):
    juge, mandataire = troupe.clients["magistrat"], troupe.clients["mandataire"]
    reservation = formulaire(juge, troupe.mandataire)
    faits = {
        "nature": "tutelle",
        "date_jugement": "2026-01-10",
        "tribunal": troupe.metz.pk,
        "civilite": "madame",
        "lieu_vie": "domicile",
        "pays": "BE",
        "code_postal": "6760",
        "ville": "Virton",
    }
    attente = f"/mesures/{troupe.reservee.pk}"
    envois = [
        *((juge, url(troupe.mandataire), reservation | {c: nom}) for c in ("message", "cabinet", "numero_rg")),
        *(
            (mandataire, "/mesures/creer/", faits | {c: nom})
            for c in ("numero_dossier", "numero_rg", "cabinet", "ville")
        ),
        (mandataire, f"/mesures/{troupe.mesure.pk}/modifier/", faits | {"version": "1", "numero_dossier": nom}),
        (mandataire, f"{attente}/valider/", {"date_jugement": AUJOURDHUI, "lieu_vie": "sdf", "numero_dossier": nom}),
        (mandataire, f"{attente}/decliner/", {"motif": "autre", "precision": nom}),
        (juge, f"{attente}/annuler/", {"raison": f"Erreur de dossier : {nom}"}),
        (juge, f"{attente}/reservation/modifier/", reservation | {"version": "1", "message": nom}),
    ]
    avant = list(Mesure.objects.order_by("pk").values())
    for client, adresse, envoi in envois:
        reponse = client.post(adresse, envoi)
        assert reponse.status_code == 200, (adresse, envoi)
        assert re.search(r"nom|personne", reponse.content.decode()), adresse
    assert list(Mesure.objects.order_by("pk").values()) == avant
    assert not Courriel.objects.exists()
    # the same forms pass without it
    assert mandataire.post("/mesures/creer/", faits | {"numero_dossier": "TUT-2021-034"}).status_code == 302
    assert mandataire.post(f"{attente}/decliner/", {"motif": "autre", "precision": "Trop loin"}).status_code == 302
