from django.apps import AppConfig


class MesuresConfig(AppConfig):
    name = "mesures"
    label = "mesures"
    verbose_name = "Mesures"
