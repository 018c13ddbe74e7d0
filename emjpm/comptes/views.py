"""Stub: to be written."""

from django.http import Http404


def en_attente(request, *args, **kwargs):
    raise Http404


def mon_compte(request, *args, **kwargs):
    raise Http404
