"""Stub: to be written."""

from django.http import Http404


def fiche(request, *args, **kwargs):
    raise Http404
