"""Filters of the team's queue, with their counts."""

from django.contrib import admin
from django.db.models import Count

from .doublons import Annuaire, examiner
from .models import ROLES_OUVERTS, DemandeInscription
from .verification import avec_de_quoi_decider, numero, verifiee

Etat = DemandeInscription.Etat


class _Filtre(admin.SimpleListFilter):
    """Choices with a count beside each; the first one is the default and has no parameter."""

    defaut = "Tous"

    def nombres(self) -> dict[str, int]:
        return {}

    def choices(self, changelist):
        self.changelist = changelist
        nombres = self.nombres()
        for valeur, libelle in [(None, self.defaut), *self.lookup_choices]:
            nombre = nombres.get(valeur)
            yield {
                "selected": self.value() == valeur,
                "query_string": changelist.get_query_string(
                    {self.parameter_name: valeur} if valeur else {}, [] if valeur else [self.parameter_name]
                ),
                "display": libelle if nombre is None else f"{libelle} ({nombre})",
            }


class FiltreEtat(_Filtre):
    title, parameter_name, defaut = "état", "etat", "En attente"

    def lookups(self, request, model_admin):
        return [(Etat.VALIDEE.value, "Validées"), (Etat.REFUSEE.value, "Refusées"), ("toutes", "Toutes")]

    def nombres(self):
        comptes = DemandeInscription.objects.order_by().values_list("etat").annotate(n=Count("pk"))
        return {None if etat == Etat.EN_ATTENTE else etat: n for etat, n in comptes}

    def queryset(self, request, queryset):
        if self.value() == "toutes":
            return queryset
        return queryset.filter(etat=self.value() or Etat.EN_ATTENTE)


class FiltreRole(_Filtre):
    title, parameter_name = "rôle", "role"

    def lookups(self, request, model_admin):
        return [(role.value, role.label) for role in ROLES_OUVERTS]

    def nombres(self):
        en_attente = DemandeInscription.objects.filter(etat=Etat.EN_ATTENTE).order_by()
        return dict(en_attente.values_list("role").annotate(n=Count("pk")))

    def queryset(self, request, queryset):
        return queryset.filter(role=self.value()) if self.value() else queryset


def a_verifier(request) -> dict[str, list[int]]:
    """Waiting requests that deserve a second look, by reason; computed once per page."""
    if not hasattr(request, "_a_verifier"):
        request.annuaire = Annuaire()
        demandes = list(avec_de_quoi_decider(DemandeInscription.objects.filter(etat=Etat.EN_ATTENTE)))
        examiner(demandes, request.annuaire)
        request._a_verifier = {
            "siret": [d.pk for d in demandes if numero(d).valide is False],
            "doublon": [d.pk for d in demandes if d.doublons],
            "email": [d.pk for d in demandes if not verifiee(d)],
        }
    return request._a_verifier


class FiltreAVerifier(_Filtre):
    title, parameter_name, defaut = "point à vérifier", "verifier", "Tout"

    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(request, *args, **kwargs)

    def lookups(self, request, model_admin):
        return [("siret", "SIRET non valide"), ("doublon", "Doublon possible"), ("email", "E-mail non vérifié")]

    def nombres(self):
        return {raison: len(cles) for raison, cles in a_verifier(self.request).items()}

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=a_verifier(request)[self.value()]) if self.value() else queryset
