from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "emjpm.support"
    label = "support"
    verbose_name = "Support"
