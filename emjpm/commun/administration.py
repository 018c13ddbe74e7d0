"""Bases of the admin pages: what the team may only read, and what it corrects with a line in the journal."""

from django.contrib import admin
from django.db import transaction

from . import journal


class LectureSeule(admin.ModelAdmin):
    """A table the team may look at; nobody may add, change or delete here."""

    list_per_page = 50

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class AdminJournalise(admin.ModelAdmin):
    """`nom_acte`: the object's word in the journal (« tribunal » gives « tribunal.modifier »).

    Rows edited inline are journalised too, on the object of the page.
    """

    nom_acte = ""

    def _noter(self, request, objet, verbe: str, changements: dict | None = None) -> None:
        mot = self.nom_acte or objet._meta.model_name
        journal.noter(par=request.user, acte=f"{mot}.{verbe}", objet=objet, changements=changements)

    def save_model(self, request, obj, form, change):
        champs = [c.name for c in obj._meta.concrete_fields if c.name in form.changed_data]
        avant = journal.photo(type(obj)._default_manager.get(pk=obj.pk), champs) if change else {}
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            changements = journal.difference(avant, journal.photo(obj, champs)) if change else {}
            if not change or changements:
                self._noter(request, obj, "modifier" if change else "creer", changements)

    def delete_model(self, request, obj):
        with transaction.atomic():
            self._noter(request, obj, "supprimer", {"nom": [str(obj), None]})
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            for objet in queryset:
                self._noter(request, objet, "supprimer", {"nom": [str(objet), None]})
            super().delete_queryset(request, queryset)

    def save_formset(self, request, form, formset, change):
        with transaction.atomic():
            super().save_formset(request, form, formset, change)
            initiales = {ligne.instance.pk: ligne.initial for ligne in formset.initial_forms}
            for objet in formset.new_objects:
                self._noter_ligne(request, form.instance, "ajouter", objet, {})
            for objet, champs in formset.changed_objects:
                avant = {c: initiales[objet.pk].get(c) for c in champs}
                apres = {c: objet.serializable_value(c) for c in champs}
                self._noter_ligne(request, form.instance, "modifier", objet, journal.difference(avant, apres))
            for objet in formset.deleted_objects:
                self._noter_ligne(request, form.instance, "retirer", objet, {})

    def _noter_ligne(self, request, page, verbe: str, objet, changements: dict) -> None:
        """The row by its name (its key is gone when it was deleted), then the fields that changed."""
        mot, nom = objet._meta.model_name, str(objet)
        presence = {"ajouter": [None, nom], "modifier": [nom, nom], "retirer": [nom, None]}[verbe]
        self._noter(request, page, f"{mot}_{verbe}", {mot: presence} | changements)
