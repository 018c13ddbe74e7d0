from django.apps import AppConfig


class GeographieConfig(AppConfig):
    name = "emjpm.geographie"
    label = "geographie"
    verbose_name = "Géographie"
