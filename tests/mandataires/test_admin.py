"""The team's pages: found without accents, corrected with a line of journal, reference data read-only."""

import pytest
from django.urls import reverse

from emjpm.commun.models import Evenement
from mandataires.models import Mandataire
from tribunaux.models import Tribunal

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(troupe):
    return troupe.clients["support"]


@pytest.mark.parametrize(
    ("page", "q", "mot"),
    [
        ("geographie_commune", "métz", "Metz"),
        ("geographie_commune", "57000", "Metz"),
        ("geographie_departement", "moselle", "Moselle"),
        ("geographie_region", "Grand", "Grand Est"),
        ("tribunaux_tribunal", "METZ", "Tribunal judiciaire de Metz"),
        ("tribunaux_membretribunal", "rivemorte", "Rivemorte"),
        ("mandataires_mandataire", "BELLÉRIVE", "Camille Bellerive"),
    ],
)
def test_searching(support, page, q, mot):
    reponse = support.get(reverse(f"admin:{page}_changelist"), {"q": q})
    assert reponse.status_code == 200
    assert reponse.context["cl"].result_count >= 1
    assert mot in reponse.content.decode()


def test_reference_geography_is_read_only(support):
    for page in ("commune", "departement", "region"):
        assert support.get(reverse(f"admin:geographie_{page}_add")).status_code == 403
    assert support.post(reverse("admin:geographie_commune_change", args=["57463"]), {"nom": "X"}).status_code == 403


def formulaire(reponse):
    """The values of an admin page's form and inlines, as a browser would post them."""
    contexte = reponse.context["adminform"].form
    formulaires = [
        contexte,
        *(
            f
            for s in reponse.context["inline_admin_formsets"]
            for f in [s.formset.management_form, *s.formset.initial_forms]
        ),
    ]
    champs = [f[nom] for f in formulaires for nom in f.fields]
    return {c.html_name: "" if c.value() is None else c.value() for c in champs}


def test_correcting_a_mandataire_is_journalised(troupe, support):
    url = reverse("admin:mandataires_mandataire_change", args=[troupe.mandataire.pk])
    donnees = formulaire(support.get(url)) | {"nom": "Camille Bélleroche", "siret": "732 829 320 00074"}
    reponse = support.post(url, donnees)
    assert reponse.status_code == 302, reponse.context["errors"]
    m = Mandataire.objects.get(pk=troupe.mandataire.pk)
    assert (m.nom_normalise, m.siret) == ("camille belleroche", "73282932000074")
    ligne = Evenement.objects.sur(m).get(acte="mandataire.modifier")
    assert ligne.par == troupe.gens["support"]
    assert set(ligne.changements) == {"nom", "siret"}


def test_support_corrects_the_practice_and_names_nobody(troupe, support):
    url = reverse("admin:mandataires_mandataire_change", args=[troupe.mandataire.pk])
    donnees = formulaire(support.get(url))
    refus = support.post(url, donnees | {"secteur": "Chez Mme Durandal"})
    assert "semble contenir un nom" in refus.content.decode()
    ajout = {"atouts-TOTAL_FORMS": 1, "atouts-0-cle": "fsl", "atouts-0-mandataire": troupe.mandataire.pk}
    assert support.post(url, donnees | ajout | {"secteur": "Toute la Moselle"}).status_code == 302
    assert Mandataire.objects.get(pk=troupe.mandataire.pk).secteur == "Toute la Moselle"
    assert [str(a) for a in troupe.mandataire.atouts.all()] == ["Langue des signes française"]
    actes = set(Evenement.objects.sur(troupe.mandataire).values_list("acte", flat=True))
    assert actes >= {"mandataire.modifier", "mandataire.atout_ajouter"}


def test_correcting_a_court(troupe, support):
    url = reverse("admin:tribunaux_tribunal_change", args=[troupe.metz.pk])
    donnees = formulaire(support.get(url))
    assert support.post(url, donnees | {"siret": "17570111900058"}).status_code == 200
    assert support.post(url, donnees | {"successeur": troupe.metz.pk, "ferme_le": "01/01/2026"}).status_code == 200
    assert support.post(url, donnees | {"telephone": "03 87 56 75 00"}).status_code == 302
    metz = Tribunal.objects.get(pk=troupe.metz.pk)
    assert (metz.telephone, metz.siret) == ("03 87 56 75 00", None)
    assert Evenement.objects.sur(metz).get().acte == "tribunal.modifier"
