from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commun", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="courriel",
            name="desabonnement",
            field=models.CharField(blank=True, max_length=300, verbose_name="adresse de désabonnement"),
        ),
    ]
