"""Stub: to be written."""

from django.http import Http404


def mes_informations(request, *args, **kwargs):
    raise Http404


def modifier(request, *args, **kwargs):
    raise Http404


def capacite(request, *args, **kwargs):
    raise Http404


def a_jour(request, *args, **kwargs):
    raise Http404
