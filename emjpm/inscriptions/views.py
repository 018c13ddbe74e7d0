"""Stub: to be written."""

from django.http import Http404


def choisir_role(request, *args, **kwargs):
    raise Http404


def inscrire(request, *args, **kwargs):
    raise Http404
