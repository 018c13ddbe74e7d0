"""Stub: to be written."""

from django.http import Http404


def accueil(request, *args, **kwargs):
    raise Http404


def contact(request, *args, **kwargs):
    raise Http404


def pas_a_pas(request, *args, **kwargs):
    raise Http404


def demo_courriels(request, *args, **kwargs):
    raise Http404
