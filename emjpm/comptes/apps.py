from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "emjpm.comptes"
    label = "comptes"
    verbose_name = "Comptes"
