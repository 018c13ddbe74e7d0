"""The names of the places already there become searchable."""

from django.db import migrations

from emjpm.geographie.querysets import nom_de_commune

LOT = 1000


def normaliser_les_noms(apps, schema_editor):
    Lieu = apps.get_model("mandataires", "Lieu")
    lot = []
    for lieu in Lieu.objects.exclude(nom="").only("pk", "nom").iterator(chunk_size=LOT):
        lieu.nom_normalise = nom_de_commune(lieu.nom)
        lot.append(lieu)
        if len(lot) == LOT:
            Lieu.objects.bulk_update(lot, ["nom_normalise"])
            lot = []
    Lieu.objects.bulk_update(lot, ["nom_normalise"])


class Migration(migrations.Migration):
    dependencies = [("mandataires", "0002_profil_structure")]
    operations = [migrations.RunPython(normaliser_les_noms, migrations.RunPython.noop)]
