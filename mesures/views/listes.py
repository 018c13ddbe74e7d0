"""Stub: to be written."""

from django.http import Http404


def en_cours(request, *args, **kwargs):
    raise Http404


def en_attente(request, *args, **kwargs):
    raise Http404


def eteintes(request, *args, **kwargs):
    raise Http404
