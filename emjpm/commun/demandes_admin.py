"""A queue of requests in Django's admin: the oldest first, answered one by one or several at once, each answer told."""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from .formulaires import suite


class MotifForm(forms.Form):
    """The reason of a refusal; `refus`: the button pressed refuses, so that one is due."""

    longueur = 500
    motif = forms.CharField(
        label="Motif du refus",
        required=False,
        help_text="Envoyé tel quel à la personne. À remplir seulement pour refuser.",
        widget=forms.Textarea(attrs={"cols": 60, "rows": 3}),
    )

    def __init__(self, *args, refus: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.refus = refus

    def clean_motif(self) -> str:
        motif = self.cleaned_data["motif"].strip()
        if len(motif) > self.longueur:
            raise forms.ValidationError(f"Le motif tient en {self.longueur} caractères.")
        if self.refus and not motif:
            raise forms.ValidationError("Indiquez le motif du refus.")
        return motif


class FileDeDemandes(admin.ModelAdmin):
    """Nothing is added nor deleted here. A subclass gives:

    - `nommer(demande)`: whose request it is, in a message;
    - `contexte(request, demande)`: what the page of a request shows, its `title` included;
    - `decider(request, demande, form)`: do what the button says, tell it, say where to go (raises `impossible`);
    - its actions, which call `repondre_a_tous` and `refuser_tous`.
    """

    formulaire = MotifForm
    impossible: type[Exception]
    """What an answer raises when it cannot be given; its text is a sentence, its `court` a few words."""
    entre, dernier = ", ", " et "
    """What separates the names of a message."""
    list_display_links = None
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def initial(self, demande) -> dict:
        return {}

    def _gabarit(self, nom: str) -> str:
        return f"admin/{self.opts.app_label}/{self.opts.model_name}/{nom}.html"

    # --- one -----------------------------------------------------------------------------------------------------
    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None) -> HttpResponse:
        demande = self.get_object(request, object_id)
        if demande is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, demande):
            raise PermissionDenied
        form = self.formulaire(initial=self.initial(demande))
        if request.method == "POST":
            if not self.has_change_permission(request, demande):
                raise PermissionDenied
            form = self.formulaire(request.POST, refus="_refuser" in request.POST)
            if form.is_valid():
                try:
                    return self.decider(request, demande, form)
                except self.impossible as erreur:
                    form.add_error(None, str(erreur))
        contexte = {
            **self.admin_site.each_context(request),
            "demande": demande,
            "form": form,
            "opts": self.opts,
            "original": demande,
            **self.contexte(request, demande),
        }
        return TemplateResponse(request, self._gabarit("demande"), contexte)

    # --- several at once -----------------------------------------------------------------------------------------
    def _choisies(self, request, queryset):
        """Those ticked, even if somebody answered them meanwhile and the list no longer holds them: it is then said."""
        if request.POST.get("select_across") == "1":
            return queryset
        cles = request.POST.getlist(ACTION_CHECKBOX_NAME)
        return self.get_queryset(request).filter(pk__in=cles).order_by(*self.ordering)

    def refuser_tous(self, request, queryset, refuser: Callable) -> HttpResponse | None:
        """One reason for all, asked on the next page; `refuser(demande, motif)`."""
        form = MotifForm(request.POST if "_refuser" in request.POST else None, refus=True)
        form.longueur = self.formulaire.longueur
        if form.is_bound and form.is_valid():
            motif = form.cleaned_data["motif"]
            self.repondre_a_tous(request, queryset, lambda demande: refuser(demande, motif), "refusée")
            return None
        contexte = {
            **self.admin_site.each_context(request),
            "title": "Refuser ces demandes",
            "form": form,
            "demandes": self._choisies(request, queryset),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "opts": self.opts,
        }
        return TemplateResponse(request, self._gabarit("refuser"), contexte)

    def repondre_a_tous(self, request, queryset, repondre: Callable, participe: str) -> None:
        """Each in its own transaction: one that cannot be answered stops none of the others."""
        faites, impossibles = [], []
        for demande in self._choisies(request, queryset):
            nom = self.nommer(demande)
            try:
                repondre(demande)
            except self.impossible as erreur:
                mots = getattr(erreur, "court", "") or str(erreur).rstrip(".")
                impossibles.append(f"{nom}, {suite(mots)}")
            else:
                faites.append(nom)
        if faites:
            s, leur = ("s", "leur") if len(faites) > 1 else ("", "lui")
            noms = self.dernier.join(filter(None, [self.entre.join(faites[:-1]), faites[-1]]))
            mots = f"{len(faites)} demande{s} {participe}{s} : {noms}. Un e-mail {leur} a été envoyé."
            messages.success(request, mots)
        if impossibles:
            s = "s" if len(impossibles) > 1 else ""
            messages.warning(request, f"{len(impossibles)} demande{s} non {participe}{s} : {' ; '.join(impossibles)}.")

    def vers_la_file(self) -> HttpResponse:
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
