from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comptes", "0003_preferences")]

    operations = [
        migrations.AlterField(
            model_name="utilisateur",
            name="statut",
            field=models.CharField(
                choices=[
                    ("en_attente", "En attente de validation"),
                    ("valide", "Validé"),
                    ("refuse", "Refusé"),
                    ("suspendu", "Suspendu"),
                    ("ferme", "Fermé à sa demande"),
                ],
                default="en_attente",
                max_length=12,
            ),
        ),
    ]
