from django.apps import AppConfig


class CommunConfig(AppConfig):
    name = "emjpm.commun"
    label = "commun"
    verbose_name = "Journal et courriels"
