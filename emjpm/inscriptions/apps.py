from django.apps import AppConfig


class InscriptionsConfig(AppConfig):
    name = "emjpm.inscriptions"
    label = "inscriptions"
    verbose_name = "Inscriptions"
