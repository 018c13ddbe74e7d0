"""Stub: to be written."""

from django.http import Http404


def recherche(request, *args, **kwargs):
    raise Http404
