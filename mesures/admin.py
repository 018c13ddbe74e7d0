"""Admin: support finds a mesure and reads it; nothing is typed nor deleted here (the acts are in mesures.services)."""

from django.contrib import admin

from emjpm.commun.administration import LectureSeule
from emjpm.commun.texte import normaliser

from .models import ImportMesures, Mesure
from .numero_rg import forme_normale


@admin.register(Mesure)
class MesureAdmin(LectureSeule):
    list_display = ["rg_affiche", "nature", "personne_affichee", "tribunal", "mandataire", "statut", "date_jugement"]
    list_filter = ["statut", "nature", "urgence"]
    list_select_related = ["tribunal", "mandataire", "commune"]
    show_full_result_count = False
    search_fields = ["rg_normal"]
    search_help_text = "Numéro RG (avec ou sans espaces), ou nom du mandataire"

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


@admin.register(ImportMesures)
class ImportMesuresAdmin(LectureSeule):
    list_display = ["mandataire", "le", "nombre", "par", "annule_le"]
    list_select_related = ["mandataire", "par"]
    search_fields = ["mandataire__nom_normalise"]
