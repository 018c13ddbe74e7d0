"""Admin: support finds a mesure and reads it; the only act from here is to cancel an import.

Nothing is typed nor deleted otherwise (the acts are in mesures.services).
"""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join

from emjpm.commun.administration import LectureSeule
from emjpm.commun.templatetags.emjpm import date_longue, nombre
from emjpm.commun.texte import normaliser

from .import_excel import annulation
from .import_excel.services import DUREE_RESTES
from .models import Consultation, Evolution, ImportMesures, Mesure
from .numero_rg import forme_normale
from .recit import changements_de
from .services import consultations
from .services.commun import ActeImpossible

NOMMEES = 20
"""Mesures named one by one in a message; the others are behind a link."""


class EvolutionEnLigne(admin.TabularInline):
    """The history of the mandate, read as the mandataire reads it; corrected by them alone."""

    model, fk_name = Evolution, "mesure"
    extra = 0
    can_delete = False
    fields = readonly_fields = ["date", "genre", "jusqu_au", "changes", "par", "cree_le"]
    ordering = ["date", "pk"]

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("mesure", "par")

    @admin.display(description="ce qui change")
    def changes(self, evolution: Evolution) -> str:
        return " ; ".join(f"{c.libelle} : {c.avant} → {c.apres}" for c in changements_de(evolution)) or "rien d’autre"


@admin.register(Mesure)
class MesureAdmin(LectureSeule):
    inlines = [EvolutionEnLigne]
    list_display = ["rg_affiche", "nature", "personne_affichee", "tribunal", "mandataire", "statut", "date_jugement"]
    list_filter = ["statut", "nature", "urgence"]
    list_select_related = ["tribunal", "mandataire", "commune"]
    show_full_result_count = False
    search_fields = ["rg_normal"]
    search_help_text = "Numéro RG (avec ou sans espaces), ou nom du mandataire"

    def render_change_form(self, request, context, **options):
        """The team's reading leaves its trace too."""
        consultations.noter(par=request.user, mesure=context["original"])
        return super().render_change_form(request, context, **options)

    @admin.display(description="numéro RG", ordering="rg_normal", empty_value="—")
    def rg_affiche(self, mesure: Mesure) -> str:
        return mesure.numero_rg or "Sans n° RG"

    @admin.display(description="personne")
    def personne_affichee(self, mesure: Mesure) -> str:
        return mesure.personne

    def get_search_results(self, request, queryset, search_term):
        """By the normal form of the number, or by the mandataire's name without accents."""
        if not search_term.strip():
            return queryset, False
        par_numero = queryset.filter(rg_normal__contains=forme_normale(search_term))
        par_nom = queryset.filter(mandataire__nom_normalise__contains=normaliser(search_term) or " ")
        return par_numero | par_nom, False


@admin.register(Consultation)
class ConsultationAdmin(LectureSeule):
    list_display = ["jour", "utilisateur", "mesure"]
    list_select_related = ["utilisateur"]
    show_full_result_count = False
    search_fields = ["=mesure", "=utilisateur__email"]
    search_help_text = "Numéro interne d’une mesure (dans l’adresse de sa page), ou adresse électronique entière"


class FiltreEtat(admin.SimpleListFilter):
    title, parameter_name = "état", "etat"

    def lookups(self, request, model_admin):
        return [("valable", "En vigueur"), ("annule", "Annulé")]

    def queryset(self, request, queryset):
        if self.value() in {"valable", "annule"}:
            return queryset.filter(annule_le__isnull=self.value() == "valable")
        return queryset


@admin.register(ImportMesures)
class ImportMesuresAdmin(LectureSeule):
    list_display = ["mandataire", "le", "nombre", "par", "annule_le"]
    list_filter = [FiltreEtat]
    list_select_related = ["mandataire", "par"]
    ordering = ["-le", "-pk"]
    search_fields = ["mandataire__nom_normalise"]
    search_help_text = "Nom du mandataire (sans souci des accents)"
    fields = ["pour", "le", "par", "nombre", "lignes_du_fichier", "lignes_a_saisir"]
    readonly_fields = ["pour", "lignes_du_fichier", "lignes_a_saisir"]

    def has_annuler_permission(self, request) -> bool:
        return request.user.has_perm("mesures.annuler_importmesures") and self.has_view_permission(request)

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, normaliser(search_term) or search_term)

    @admin.display(description="mandataire")
    def pour(self, import_: ImportMesures) -> str:
        adresse = reverse("admin:mandataires_mandataire_change", args=[import_.mandataire_id])
        return format_html('<a href="{}">{}</a>', adresse, import_.mandataire)

    @admin.display(description="lignes du fichier")
    def lignes_du_fichier(self, import_: ImportMesures) -> str:
        """« 71 lues, 1 à corriger, 1 déjà présente, 0 ignorée »: the figures told to the mandataire."""
        mots = {
            "lues": "lue{}",
            "a_corriger": "à corriger",
            "deja_presentes": "déjà présente{}",
            "ignorees": "ignorée{}",
        }
        connus = [(import_.bilan[cle], mot) for cle, mot in mots.items() if isinstance(import_.bilan.get(cle), int)]
        return ", ".join(f"{nombre(n)} {mot.format('s' if n > 1 else '')}" for n, mot in connus) or "—"

    @admin.display(description="lignes à saisir à la main")
    def lignes_a_saisir(self, import_: ImportMesures) -> str:
        if not import_.restes:
            return "aucune en mémoire"
        combien, jour = len(import_.restes), date_longue(import_.le + DUREE_RESTES)
        return f"{nombre(combien)}, montrée{'s' if combien > 1 else ''} au mandataire jusqu’au {jour}"

    # --- cancel it -----------------------------------------------------------------------------------
    def get_urls(self):
        annuler = path(
            "<path:object_id>/annuler/",
            self.admin_site.admin_view(self.annuler_view),
            name="mesures_importmesures_annuler",
        )
        return [annuler, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None) -> HttpResponse:
        """Read only; with what a cancellation would do, or did."""
        import_ = self.get_object(request, unquote(object_id)) if self.has_view_permission(request) else None
        contexte = self._effet(request, import_) if import_ else {}
        return super().change_view(
            request, object_id, form_url, {"title": "Import", **contexte, **(extra_context or {})}
        )

    def annuler_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say what will happen, then do it."""
        if not self.has_annuler_permission(request):
            raise PermissionDenied
        import_ = self.get_object(request, unquote(object_id))
        if import_ is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        fiche = redirect("admin:mesures_importmesures_change", import_.pk)
        if request.method == "POST":
            try:
                effet = annulation.annuler(import_=import_, par=request.user)
            except ActeImpossible as erreur:
                messages.warning(request, str(erreur))
            else:
                messages.success(request, _compte_rendu(import_, effet))
            return fiche
        if import_.annule_le:
            messages.info(request, annulation.deja_annule(import_))
            return fiche
        contexte = {
            **self.admin_site.each_context(request),
            **self._effet(request, import_),
            "title": "Annuler cet import",
            "original": import_,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/mesures/importmesures/annuler.html", contexte)

    def _effet(self, request, import_: ImportMesures) -> dict:
        """What the templates say of a cancellation, past or possible."""
        if import_.annule_le:
            conservees = list(annulation.gardees(import_)[:NOMMEES])
            combien = import_.mesures.count()
            return {"conservees": liens(conservees, combien, import_), "combien": combien, "peut_annuler": False}
        effet = annulation.prevoir(import_)
        combien = len(effet.gardees)
        return {
            "a_retirer": effet.retirees,
            "conservees": liens(effet.gardees, combien),
            "combien": combien,
            "disparues": max(0, import_.nombre - effet.retirees - combien),
            "peut_annuler": self.has_annuler_permission(request),
        }


def liens(mesures: list[Mesure], combien: int, import_: ImportMesures | None = None) -> str:
    """« 21B00167 (TJ Metz), 22A00010 (TJ Metz) et 45 autres »: each a link, and all of them when `import_` is given
    (cancelled: what is left of it is what was kept).
    """
    nommees = mesures[:NOMMEES]
    texte = format_html_join(
        ", ",
        '<a href="{}">{}</a> ({})',
        (
            (
                reverse("admin:mesures_mesure_change", args=[mesure.pk]),
                mesure.numero_rg or f"{mesure.get_nature_display()} sans n° RG",
                mesure.tribunal.nom_court,
            )
            for mesure in nommees
        ),
    )
    autres = combien - len(nommees)
    if autres > 0:
        mots = f"{nombre(autres)} autre{'s' if autres > 1 else ''}"
        if import_ is not None:
            liste = f"{reverse('admin:mesures_mesure_changelist')}?importee_par__id__exact={import_.pk}"
            mots = format_html('<a href="{}">{}</a>', liste, mots)
        texte = format_html("{} et {}", texte, mots)
    return format_html('<span class="em-admin-fil">{}</span>', texte)  # links amid words: underlined


def _compte_rendu(import_: ImportMesures, effet: annulation.Annulation) -> str:
    """« Import annulé : 69 mesures retirées, 2 gardées : … Le mandataire en est averti et peut le refaire. »"""
    s = "s" if effet.retirees > 1 else ""
    mots = f"{nombre(effet.retirees)} mesure{s} retirée{s}" if effet.retirees else "aucune mesure retirée"
    suite = "Le mandataire en est averti par e-mail et peut refaire son import."
    combien = len(effet.gardees)
    if not combien:
        return f"Import annulé : {mots}. {suite}"
    gardees = f"{nombre(combien)} gardée{'s' if combien > 1 else ''}"
    return format_html("Import annulé : {}, {} : {}. {}", mots, gardees, liens(effet.gardees, combien, import_), suite)
