"""The mandataires, for the team: find one (accents and typos aside), correct, with a line of journal each time."""

from django import forms
from django.contrib import admin

from emjpm.commun.administration import AdminJournalise
from emjpm.commun.texte import normaliser
from emjpm.geographie.querysets import nom_de_commune

from . import services
from .admin_demandes import DemandeTribunalAdmin
from .models import Atout, CapaciteDepartement, Habilitation, Lieu, Mandataire, Membre
from .validateurs import chiffres, sans_nom

__all__ = ["DemandeTribunalAdmin", "MandataireAdmin"]


class MandataireForm(forms.ModelForm):
    # Written « 732 829 320 00074 » or bare: the model's 14 characters are for the digits.
    siret = forms.CharField(label="SIRET", max_length=20, required=False)

    class Meta:
        model = Mandataire
        fields = ["categorie", *services.CHAMPS_PROFIL]

    def clean_siret(self) -> str:
        return chiffres(self.cleaned_data["siret"])

    def clean_secteur(self) -> str:
        return sans_nom(self.cleaned_data["secteur"])

    def clean_preferences(self) -> str:
        return sans_nom(self.cleaned_data["preferences"])


class LieuEnLigne(admin.StackedInline):
    model = Lieu
    extra = 0
    autocomplete_fields = ["commune"]
    readonly_fields = ["latitude", "longitude", "precision"]


class MembreEnLigne(admin.TabularInline):
    model = Membre
    extra = 0
    raw_id_fields = ["utilisateur", "lieu"]


class HabilitationEnLigne(admin.TabularInline):
    model = Habilitation
    extra = 0
    autocomplete_fields = ["tribunal"]


class CapaciteEnLigne(admin.TabularInline):
    model = CapaciteDepartement
    extra = 0


class AtoutEnLigne(admin.TabularInline):
    model = Atout
    extra = 0
    verbose_name = "langue ou compétence"
    verbose_name_plural = "langues et compétences"


@admin.register(Mandataire)
class MandataireAdmin(AdminJournalise):
    form = MandataireForm
    nom_acte = "mandataire"
    list_display = ["nom", "categorie", "siret", "capacite", "courriel", "actualise_le"]
    list_filter = ["categorie"]
    search_fields = ["nom_normalise", "siret", "courriel", "membres__utilisateur__email"]
    search_help_text = "Nom (sans souci des accents), SIRET ou adresse électronique"
    readonly_fields = ["verifie_le", "actualise_le", "cree_le", "modifie_le"]
    inlines = [LieuEnLigne, MembreEnLigne, HabilitationEnLigne, CapaciteEnLigne, AtoutEnLigne]
    list_per_page = 50

    def get_search_results(self, request, queryset, search_term):
        terme = chiffres(search_term) if chiffres(search_term).isdigit() else search_term
        if "@" not in terme:
            terme = normaliser(terme)
        return super().get_search_results(request, queryset, terme)

    def save_model(self, request, obj, form, change):
        obj.nom_normalise = normaliser(obj.nom)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        """A place whose commune was changed goes to that commune's point; its name stays searchable."""
        if formset.model is Lieu:
            for ligne in formset.forms:
                ligne.instance.nom_normalise = nom_de_commune(ligne.instance.nom)
                if "commune" in ligne.changed_data or (ligne.has_changed() and "adresse" in ligne.changed_data):
                    services.situer_lieu(ligne.instance)
        super().save_formset(request, form, formset, change)
