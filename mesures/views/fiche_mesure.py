"""Stub: to be written."""

from django.http import Http404


def mesure(request, *args, **kwargs):
    raise Http404
