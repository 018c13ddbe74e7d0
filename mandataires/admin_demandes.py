"""The team answers the requests of a court, singly or several at once: the oldest first."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from emjpm.commun.templatetags.emjpm import jours_depuis

from . import services
from .models import DemandeTribunal

LISTE = "admin:mandataires_demandetribunal_changelist"


class MotifForm(forms.Form):
    motif = forms.CharField(
        label="Motif du refus",
        required=False,
        max_length=300,
        help_text="Envoyé tel quel au mandataire. À remplir seulement pour refuser.",
        error_messages={"max_length": "Le motif tient en 300 caractères."},
        widget=forms.Textarea(attrs={"cols": 60, "rows": 3}),
    )

    def __init__(self, *args, refus: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.refus = refus

    def clean_motif(self) -> str:
        motif = self.cleaned_data["motif"].strip()
        if self.refus and not motif:
            raise forms.ValidationError("Indiquez le motif du refus.")
        return motif


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
class DemandeTribunalAdmin(admin.ModelAdmin):
    list_display = ("anciennete", "qui", "tribunal", "deja", "reponse")
    list_display_links = None
    list_filter = (FiltreReponse,)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("mandataire__nom_normalise", "tribunal__nom_normalise")
    search_help_text = "Nom du mandataire ou du tribunal"
    ordering = ("le", "pk")
    actions = ("accepter", "refuser")

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def get_queryset(self, request):
        demandes = super().get_queryset(request).select_related("mandataire", "tribunal__commune__departement", "par")
        return demandes.prefetch_related("mandataire__habilitations__tribunal")

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        n = DemandeTribunal.objects.filter(traitee_le=None).count()
        titre = f"{n} demande{'s' if n > 1 else ''} de tribunal en attente" if n else "Aucune demande en attente"
        return super().changelist_view(request, {"title": titre, **(extra_context or {})})

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

    # --- several at once -----------------------------------------------------------------------------------------
    @admin.action(description="Accepter les demandes sélectionnées", permissions=["change"])
    def accepter(self, request, queryset):
        self._repondre(request, queryset, lambda d: services.accepter_tribunal(demande=d, par=request.user), "acceptée")

    @admin.action(description="Refuser les demandes sélectionnées, avec un motif", permissions=["change"])
    def refuser(self, request, queryset):
        """One reason for all, asked on the next page."""
        form = MotifForm(request.POST if "_refuser" in request.POST else None, refus=True)
        if form.is_bound and form.is_valid():
            motif = form.cleaned_data["motif"]
            self._repondre(
                request,
                queryset,
                lambda d: services.refuser_tribunal(demande=d, par=request.user, motif=motif),
                "refusée",
            )
            return None
        contexte = {
            **self.admin_site.each_context(request),
            "title": "Refuser ces demandes",
            "form": form,
            "demandes": self._choisies(request, queryset),
            "action_checkbox_name": admin.helpers.ACTION_CHECKBOX_NAME,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/mandataires/demandetribunal/refuser.html", contexte)

    def _choisies(self, request, queryset):
        """Those ticked, even if somebody answered them meanwhile and the list no longer holds them: it is then said."""
        if request.POST.get("select_across") == "1":
            return queryset
        cles = request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME)
        return self.get_queryset(request).filter(pk__in=cles).order_by(*self.ordering)

    def _repondre(self, request, queryset, repondre, participe: str) -> None:
        """Each in its own transaction: one that cannot be answered stops none of the others."""
        faites, impossibles = [], []
        for demande in self._choisies(request, queryset):
            nom = f"{demande.mandataire}, {demande.tribunal.nom_court}"
            try:
                repondre(demande)
            except services.ActeImpossible as refus:
                impossibles.append(f"{nom} ({str(refus)[:1].lower()}{str(refus)[1:].rstrip('.')})")
            else:
                faites.append(nom)
        if faites:
            s = "s" if len(faites) > 1 else ""
            mots = f"{len(faites)} demande{s} {participe}{s} : {' ; '.join(faites)}. Un e-mail est parti."
            messages.success(request, mots)
        if impossibles:
            s = "s" if len(impossibles) > 1 else ""
            messages.warning(request, f"{len(impossibles)} demande{s} non {participe}{s} : {' ; '.join(impossibles)}.")

    # --- one -----------------------------------------------------------------------------------------------------
    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None) -> HttpResponse:
        demande = self.get_object(request, object_id)
        if demande is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        peut = self.has_change_permission(request, demande)
        if not peut and not self.has_view_permission(request, demande):
            raise PermissionDenied
        form = MotifForm(request.POST or None, refus="_refuser" in request.POST)
        if request.method == "POST":
            if not peut:
                raise PermissionDenied
            if form.is_valid() and self._decider(request, demande, form):
                return redirect(LISTE)
        contexte = {
            **self.admin_site.each_context(request),
            "title": f"{demande.mandataire} demande le {demande.tribunal.nom_court}",
            "demande": demande,
            "habilitations": demande.mandataire.habilitations.all(),
            "a_decider": demande.traitee_le is None and peut,
            "form": form,
            "opts": self.opts,
            "original": demande,
        }
        return TemplateResponse(request, "admin/mandataires/demandetribunal/demande.html", contexte)

    def _decider(self, request, demande, form) -> bool:
        """Do what the button says; False when it could not be done (the page says why)."""
        try:
            if "_refuser" in request.POST:
                services.refuser_tribunal(demande=demande, par=request.user, motif=form.cleaned_data["motif"])
                mots = "Demande refusée"
            else:
                services.accepter_tribunal(demande=demande, par=request.user)
                mots = "Demande acceptée"
        except services.ActeImpossible as refus:
            form.add_error(None, str(refus))
            return False
        messages.success(request, f"{mots} : {demande.mandataire}, {demande.tribunal.nom_court}. Un e-mail est parti.")
        return True
