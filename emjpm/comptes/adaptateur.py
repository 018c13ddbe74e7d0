"""allauth, bent to our rules."""

from allauth.account.adapter import DefaultAccountAdapter


class Adaptateur(DefaultAccountAdapter):
    pass
