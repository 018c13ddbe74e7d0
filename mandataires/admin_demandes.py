"""The team answers the requests of a court, singly or several at once: the oldest first."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from emjpm.commun import demandes_admin
from emjpm.commun.templatetags.emjpm import jours_depuis
from emjpm.commun.texte import normaliser

from . import services
from .models import DemandeTribunal


class MotifForm(demandes_admin.MotifForm):
    longueur = 300


class FiltreReponse(admin.SimpleListFilter):
    """Those that wait, unless others are asked for."""

    title, parameter_name = "réponse", "reponse"

    def lookups(self, request, model_admin):
        return [("acceptees", "Acceptées"), ("refusees", "Refusées"), ("toutes", "Toutes")]

    def choices(self, changelist):
        premiere, *autres = super().choices(changelist)
        return [{**premiere, "display": "En attente"}, *autres]

    def queryset(self, request, queryset):
        filtres = {"acceptees": {"acceptee": True}, "refusees": {"acceptee": False}, "toutes": {}}
        return queryset.filter(**filtres.get(self.value(), {"traitee_le": None}))


@admin.register(DemandeTribunal)
class DemandeTribunalAdmin(demandes_admin.FileDeDemandes):
    formulaire, impossible = MotifForm, services.ActeImpossible
    entre = dernier = " ; "
    list_display = ("anciennete", "qui", "tribunal", "deja", "reponse")
    list_filter = (FiltreReponse,)
    search_fields = ("mandataire__nom_normalise", "tribunal__nom_normalise")
    search_help_text = "Nom du mandataire ou du tribunal"
    ordering = ("le", "pk")
    actions = ("accepter", "refuser")

    def get_queryset(self, request):
        demandes = super().get_queryset(request).select_related("mandataire", "tribunal__commune__departement", "par")
        return demandes.prefetch_related("mandataire__habilitations__tribunal")

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, normaliser(search_term))

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        n = DemandeTribunal.objects.filter(traitee_le=None).count()
        titre = f"{n} demande{'s' if n > 1 else ''} de tribunal en attente" if n else "Aucune demande en attente"
        return super().changelist_view(request, {"title": titre, **(extra_context or {})})

    def nommer(self, demande) -> str:
        return f"{demande.mandataire}, {demande.tribunal.nom_court}"

    # --- the queue -----------------------------------------------------------------------------------------------
    @admin.display(description="Depuis", ordering="le")
    def anciennete(self, demande):
        jours = jours_depuis(demande.le)
        return "aujourd’hui" if jours <= 0 else f"{jours} jour{'s' if jours > 1 else ''}"

    @admin.display(description="Mandataire", ordering="mandataire__nom_normalise")
    def qui(self, demande):
        return format_html(
            '<a href="{}"><strong>{}</strong></a><br><span class="em-admin-note">{}</span>',
            reverse("admin:mandataires_demandetribunal_change", args=[demande.pk]),
            demande.mandataire,
            demande.mandataire.get_categorie_display(),
        )

    @admin.display(description="Déjà habilité")
    def deja(self, demande):
        cours = ", ".join(h.tribunal.nom_court for h in demande.mandataire.habilitations.all())
        return cours or "aucun"

    @admin.display(description="Réponse")
    def reponse(self, demande):
        if demande.traitee_le is None:
            return "en attente"
        return "acceptée" if demande.acceptee else f"refusée : {demande.motif}"

    @admin.action(description="Accepter les demandes sélectionnées", permissions=["change"])
    def accepter(self, request, queryset):
        return self.repondre_a_tous(
            request, queryset, lambda d: services.accepter_tribunal(demande=d, par=request.user), "acceptée"
        )

    @admin.action(description="Refuser les demandes sélectionnées, avec un motif", permissions=["change"])
    def refuser(self, request, queryset):
        return self.refuser_tous(
            request,
            queryset,
            lambda d, motif: services.refuser_tribunal(demande=d, par=request.user, motif=motif),
        )

    # --- one -----------------------------------------------------------------------------------------------------
    def decider(self, request, demande, form) -> HttpResponse:
        if "_refuser" in request.POST:
            services.refuser_tribunal(demande=demande, par=request.user, motif=form.cleaned_data["motif"])
            mots = "Demande refusée"
        else:
            services.accepter_tribunal(demande=demande, par=request.user)
            mots = "Demande acceptée"
        messages.success(request, f"{mots} : {self.nommer(demande)}. Un e-mail lui a été envoyé.")
        return self.vers_la_file()

    def contexte(self, request, demande) -> dict:
        return {
            "title": f"{demande.mandataire} demande le {demande.tribunal.nom_court}",
            "habilitations": demande.mandataire.habilitations.all(),
            "a_decider": demande.traitee_le is None and self.has_change_permission(request, demande),
        }
