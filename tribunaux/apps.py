from django.apps import AppConfig


class TribunauxConfig(AppConfig):
    name = "tribunaux"
    label = "tribunaux"
    verbose_name = "Tribunaux"
