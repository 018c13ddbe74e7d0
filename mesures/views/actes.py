"""Stub: to be written."""

from django.http import Http404


def creer(request, *args, **kwargs):
    raise Http404


def modifier(request, *args, **kwargs):
    raise Http404


def valider(request, *args, **kwargs):
    raise Http404


def decliner(request, *args, **kwargs):
    raise Http404


def terminer(request, *args, **kwargs):
    raise Http404


def rouvrir(request, *args, **kwargs):
    raise Http404


def supprimer(request, *args, **kwargs):
    raise Http404
