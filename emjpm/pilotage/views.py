"""Stub: to be written."""

from django.http import Http404


def vue_d_ensemble(request, *args, **kwargs):
    raise Http404
