"""Previews live 24 hours and rows left aside 30 days: those kept in the former shape must not break a page.

A preview of before cannot be completed (it did not hold what was understood of the rows to fix): its owner is asked for
the file again, as for one that expired. The rows left aside keep their line and their reason.
"""

from django.db import migrations


def reprendre(apps, schema_editor):
    apps.get_model("mesures", "ApercuImport").objects.all().delete()
    for import_ in apps.get_model("mesures", "ImportMesures").objects.exclude(restes=[]).iterator():
        import_.restes = [
            reste
            if "sort" in reste
            else {**reste, "sort": "a_corriger", "valeurs": {}, "problemes": [], "pourquoi": reste.get("pourquoi", [])}
            for reste in import_.restes
        ]
        import_.save(update_fields=["restes"])


class Migration(migrations.Migration):
    dependencies = [("mesures", "0002_annulation_import")]
    operations = [migrations.RunPython(reprendre, migrations.RunPython.noop)]
