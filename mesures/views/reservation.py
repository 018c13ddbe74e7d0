"""Stub: to be written."""

from django.http import Http404


def reserver(request, *args, **kwargs):
    raise Http404


def confirmee(request, *args, **kwargs):
    raise Http404


def annuler(request, *args, **kwargs):
    raise Http404


def modifier_reservation(request, *args, **kwargs):
    raise Http404
