"""Stub: to be written."""

from django.http import Http404


def mesures_tribunal(request, *args, **kwargs):
    raise Http404
