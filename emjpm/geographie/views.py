"""Stub: to be written."""

from django.http import Http404


def communes_json(request, *args, **kwargs):
    raise Http404
