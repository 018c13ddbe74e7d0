"""Reference geography in the admin: to be read, never edited (it comes from `charger_referentiel`)."""

from django.contrib import admin

from emjpm.commun.administration import LectureSeule

from .models import Commune, Departement, Region
from .querysets import nom_de_commune


@admin.register(Region)
class RegionAdmin(LectureSeule):
    list_display = ["nom", "code"]
    search_fields = ["nom", "code"]


@admin.register(Departement)
class DepartementAdmin(LectureSeule):
    list_display = ["nom", "code", "region"]
    list_select_related = ["region"]
    search_fields = ["nom", "nom_normalise", "code"]


@admin.register(Commune)
class CommuneAdmin(LectureSeule):
    list_display = ["nom", "insee", "departement", "population", "source_point"]
    list_select_related = ["departement"]
    list_filter = ["source_point", "est_arrondissement"]
    search_fields = ["nom_normalise", "insee"]
    search_help_text = "Nom (sans souci des accents), « metz 57 », code postal ou code INSEE"

    def get_search_results(self, request, queryset, search_term):
        """As everywhere on the site: accents and « St » do not matter; a postal code finds its communes."""
        trouvees, doublons = super().get_search_results(request, queryset, nom_de_commune(search_term))
        if search_term.strip():
            proches = Commune.objects.ressemblant(search_term).values_list("pk", flat=True)[:500]
            trouvees = trouvees | queryset.filter(pk__in=list(proches))
        return trouvees, doublons
