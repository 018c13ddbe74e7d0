"""The invariants hold in the database, whatever Python forgets: bulk_create, update and plain SQL."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from mesures.models import ImportMesures, Mesure
from tests import factories
from tests.factories import MesureFactory

pytestmark = pytest.mark.django_db

INTERDITS = {
    "mesure_statut_connu": {"statut": "perdue"},
    "mesure_nature_connue": {"nature": "autre"},
    "mesure_en_cours_jugee": {"date_jugement": None},
    "mesure_fin_entiere": {"date_fin": date(2025, 1, 1)},
    "mesure_fin_sans_date": {"statut": "eteinte", "motif_fin": "deces"},
    "mesure_fin_sans_motif": {"statut": "eteinte", "date_fin": date(2025, 1, 1)},
    "mesure_motif_inconnu": {"statut": "eteinte", "date_fin": date(2025, 1, 1), "motif_fin": "oubli"},
    "mesure_fin_apres_jugement": {"statut": "eteinte", "date_fin": date(2020, 1, 1), "motif_fin": "deces"},
    "mesure_annee_plausible": {"annee_naissance": 1899},
    "mesure_sdf_sans_adresse": {"lieu_vie": "sdf"},
    "mesure_type_si_etablissement": {"type_etablissement": "autre"},
}


def nouvelle(**champs) -> Mesure:
    """A good mesure, not saved."""
    base = {
        "mandataire": factories.MandataireFactory(),
        "tribunal": factories.tribunal("Metz"),
        "statut": "en_cours",
        "nature": "tutelle",
        "date_jugement": date(2021, 6, 9),
        "lieu_vie": "domicile",
        "code_postal": "57000",
        "commune": factories.commune("Metz"),
    }
    return Mesure(**(base | champs))


@pytest.mark.parametrize("champs", INTERDITS.values(), ids=INTERDITS)
def test_bulk_create(champs):
    with pytest.raises(IntegrityError), transaction.atomic():
        Mesure.objects.bulk_create([nouvelle(**champs)])
    assert not Mesure.objects.exists()


@pytest.mark.parametrize("champs", INTERDITS.values(), ids=INTERDITS)
def test_sql(champs):
    mesure = MesureFactory()
    colonnes = ", ".join(f"{connection.ops.quote_name(nom)} = %s" for nom in champs)
    valeurs = [v.isoformat() if isinstance(v, date) else v for v in champs.values()]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(f"UPDATE mesures_mesure SET {colonnes} WHERE id = %s", [*valeurs, mesure.pk])
    mesure.refresh_from_db()
    assert mesure.version == 1


class TestNumeroUnique:
    def test_parmi_les_vivantes(self):
        une = MesureFactory(numero_rg="21B00167")
        for statut in ({}, {"en_attente": True}):
            with pytest.raises(IntegrityError), transaction.atomic():
                MesureFactory(mandataire=une.mandataire, numero_rg="21 b 00167", **statut)

    def test_libre_une_fois_eteinte_ailleurs_ou_vide(self):
        une = MesureFactory(numero_rg="21B00167")
        tous = {"mandataire": une.mandataire, "numero_rg": "21B00167"}
        MesureFactory(eteinte=True, **tous)
        MesureFactory(tribunal=factories.tribunal("Nancy"), **tous)
        MesureFactory(numero_rg="21B00167")
        MesureFactory.create_batch(2, mandataire=une.mandataire, numero_rg="")
        assert Mesure.objects.count() == 6

    def test_le_suffixe_distingue(self):
        une = MesureFactory(numero_rg="17/A/00775")
        MesureFactory(mandataire=une.mandataire, numero_rg="17/A/00775-1")
        MesureFactory(mandataire=une.mandataire, numero_rg="17/A/00775-2")


def test_un_import_vivant_par_mandataire():
    mandataire = factories.MandataireFactory()
    premier = ImportMesures.objects.create(mandataire=mandataire, nombre=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportMesures.objects.create(mandataire=mandataire, nombre=3)
    premier.annule_le = premier.le
    premier.save()
    ImportMesures.objects.create(mandataire=mandataire, nombre=3)
