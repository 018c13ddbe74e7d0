"""The outbox and the journal in Django's admin: read, send again, never rewrite."""

import re

from django.contrib import admin, messages
from django.db import transaction
from django.utils import timezone

from .administration import LectureSeule
from .journal import noter
from .models import Courriel, Evenement

# The links that act without a sign-in: a reset, the confirmation of an address, an invitation (it opens an account),
# « tout est à jour », a preference. They are their addressee's alone.
_LIEN_SECRET = re.compile(
    r"(/mot-de-passe/nouveau/|/inscription/confirmer/|/invitation/|/tout-est-a-jour/|/ne-plus-recevoir/)[^\s/]+/?"
)


def sans_lien_secret(texte: str) -> str:
    """The text of a mail, without the keys of its links: the team must not be able to use them."""
    return _LIEN_SECRET.sub(r"\1…", texte)


class FiltreEnvoi(admin.SimpleListFilter):
    title, parameter_name = "état", "etat"

    def lookups(self, request, model_admin):
        return [("envoye", "Envoyé"), ("attente", "En attente"), ("abandonne", "Abandonné")]

    def queryset(self, request, queryset):
        if self.value() == "envoye":
            return queryset.filter(envoye_le__isnull=False)
        if self.value() == "attente":
            return queryset.filter(envoye_le__isnull=True, abandonne_le__isnull=True)
        if self.value() == "abandonne":
            return queryset.filter(abandonne_le__isnull=False)
        return queryset


@admin.register(Courriel)
class CourrielAdmin(LectureSeule):
    list_display = ("cree_le", "destinataire", "sujet", "etat", "essais", "derniere_erreur")
    list_filter = (FiltreEnvoi,)
    search_fields = ("destinataire", "sujet")
    date_hierarchy = "cree_le"
    exclude = ("html", "texte", "desabonnement")
    readonly_fields = ("message",)
    actions = ("renvoyer",)

    def lookup_allowed(self, lookup, value, request=None) -> bool:
        """`?texte__contains=` would tell a key letter by letter."""
        return not lookup.startswith(("texte", "html", "desabonnement")) and super().lookup_allowed(
            lookup, value, request
        )

    @admin.display(description="message")
    def message(self, courriel):
        return sans_lien_secret(courriel.texte)

    @admin.display(description="état")
    def etat(self, courriel):
        if courriel.envoye_le:
            return f"envoyé le {timezone.localtime(courriel.envoye_le):%d/%m/%Y à %H:%M}"
        return "abandonné" if courriel.abandonne_le else "en attente"

    @admin.action(description="Renvoyer", permissions=["view"])
    def renvoyer(self, request, queryset):
        """What was sent leaves again as a new mail; what failed is tried again now."""
        nombre = 0
        with transaction.atomic():
            for courriel in queryset.order_by("pk"):
                origine = courriel.pk
                if courriel.envoye_le:
                    courriel.pk, courriel.cree_le = None, timezone.now()
                courriel.envoye_le = courriel.abandonne_le = None
                courriel.essais, courriel.derniere_erreur = 0, ""
                courriel.prochain_essai_le = timezone.now()
                courriel.save()
                noter(par=request.user, acte="courriel.renvoyer", objet=courriel, changements={"de": [None, origine]})
                nombre += 1
        s = "s" if nombre > 1 else ""
        messages.success(request, f"{nombre} courriel{s} à renvoyer : {'ils partent' if s else 'il part'} à l’instant.")


@admin.register(Evenement)
class EvenementAdmin(LectureSeule):
    list_display = ("le", "par", "role", "acte", "objet_type", "objet_id")
    list_filter = ("role", "objet_type")
    list_select_related = ("par",)
    search_fields = ("acte", "=objet_id", "par__nom", "par__email")
    search_help_text = "Acte, identifiant de l’objet, ou personne"
    date_hierarchy = "le"
    show_full_result_count = False
