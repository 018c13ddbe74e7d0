"""The courts and their people, for the team."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as NumeroInvalide
from stdnum.fr import siret as siret_stdnum

from emjpm.commun.administration import AdminJournalise
from emjpm.commun.texte import normaliser
from emjpm.geographie.querysets import nom_de_commune

from .models import MembreTribunal, Tribunal


class TribunalForm(forms.ModelForm):
    class Meta:
        model = Tribunal
        fields = [
            "nom",
            "code",
            "type",
            "ville",
            "commune",
            "siret",
            "adresse",
            "telephone",
            "courriel",
            "ferme_le",
            "successeur",
        ]

    def clean_siret(self) -> str | None:
        """A blank SIRET is no SIRET: several courts have none."""
        try:
            return siret_stdnum.validate(self.cleaned_data["siret"]) if self.cleaned_data["siret"] else None
        except NumeroInvalide as erreur:
            raise ValidationError("Ce SIRET n’est pas valide : vérifiez les 14 chiffres.") from erreur

    def clean_successeur(self) -> Tribunal | None:
        """A court cannot, through its successors, take over from itself."""
        successeur = self.cleaned_data["successeur"]
        suivant, vus = successeur, set()
        while suivant and suivant.pk not in vus:
            if suivant.pk == self.instance.pk:
                raise ValidationError("Ce tribunal serait son propre successeur.")
            vus.add(suivant.pk)
            suivant = suivant.successeur
        return successeur


class FermeFiltre(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [("ouvert", "Ouverts"), ("ferme", "Fermés")]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(ferme_le__isnull=self.value() == "ouvert")


@admin.register(Tribunal)
class TribunalAdmin(AdminJournalise):
    form = TribunalForm
    nom_acte = "tribunal"
    list_display = ["nom", "type", "commune", "siret", "telephone", "ferme_le", "successeur"]
    list_filter = [FermeFiltre, "type"]
    list_select_related = ["commune", "successeur"]
    search_fields = ["nom_normalise", "code", "siret"]
    search_help_text = "Nom (sans souci des accents), code ou SIRET"
    autocomplete_fields = ["commune", "successeur"]
    list_per_page = 50

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, nom_de_commune(search_term))

    def save_model(self, request, obj, form, change):
        obj.nom_normalise = nom_de_commune(obj.nom)
        super().save_model(request, obj, form, change)


@admin.register(MembreTribunal)
class MembreTribunalAdmin(AdminJournalise):
    nom_acte = "membre_tribunal"
    list_display = ["utilisateur", "tribunal", "cabinet"]
    list_select_related = ["utilisateur", "tribunal"]
    search_fields = ["utilisateur__nom", "utilisateur__prenom", "utilisateur__email", "tribunal__nom_normalise"]
    autocomplete_fields = ["tribunal"]
    raw_id_fields = ["utilisateur"]

    def get_search_results(self, request, queryset, search_term):
        trouves, doublons = super().get_search_results(request, queryset, search_term)
        return trouves | queryset.filter(tribunal__nom_normalise__contains=normaliser(search_term)), doublons
