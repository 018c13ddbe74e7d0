"""Stub: to be written."""

from django.http import Http404


def tableau_de_bord(request, *args, **kwargs):
    raise Http404
