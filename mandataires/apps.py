from django.apps import AppConfig


class MandatairesConfig(AppConfig):
    name = "mandataires"
    label = "mandataires"
    verbose_name = "Mandataires"
