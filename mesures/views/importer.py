"""Stub: to be written."""

from django.http import Http404


def importer(request, *args, **kwargs):
    raise Http404


def modele(request, *args, **kwargs):
    raise Http404


def apercu(request, *args, **kwargs):
    raise Http404


def confirmer(request, *args, **kwargs):
    raise Http404
