from django.apps import AppConfig


class PilotageConfig(AppConfig):
    name = "emjpm.pilotage"
    label = "pilotage"
    verbose_name = "Pilotage"
