"""Reading mandataires: adjectives filter, `avec_…` annotates, `pour` restricts to what someone may see."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from emjpm.comptes.models import Role, Utilisateur


class ObservationQuerySet(models.QuerySet):
    def pour(self, utilisateur):
        """Those of this person's court; nobody else ever reads one, not even the mandataire."""
        membre = getattr(utilisateur, "membre_tribunal", None) if utilisateur.est_du_tribunal else None
        return self.filter(tribunal=membre.tribunal_id) if membre else self.none()


class MandataireQuerySet(models.QuerySet):
    def visibles(self):
        """Those the courts may see: not closing down, and at least one of their people has a validated account."""
        from .models import Membre

        valides = Membre.objects.filter(
            mandataire=OuterRef("pk"),
            utilisateur__statut=Utilisateur.Statut.VALIDE,
            utilisateur__is_active=True,
        )
        return self.filter(Exists(valides), retire_le=None)

    def habilites_pour(self, tribunal):
        """Those on the list of a court."""
        return self.filter(Exists(self._habilitations().filter(tribunal=tribunal)))

    def habilites_dans(self, departements):
        """Those on the list of a court seated in one of these départements (codes)."""
        return self.filter(Exists(self._habilitations().filter(tribunal__commune__departement__in=departements)))

    def actifs(self, jour=None):
        """Not paused on this day."""
        return self.exclude(self.en_pause_q(jour))

    @staticmethod
    def en_pause_q(jour=None) -> Q:
        """The SQL side of `Mandataire.en_pause`."""
        jour = jour or timezone.localdate()
        return Q(pause_debut__lte=jour) & (Q(pause_fin=None) | Q(pause_fin__gte=jour))

    def avec_atout(self, cle: str):
        """Those who speak this language, or have this skill (a key of enums.ATOUTS)."""
        from .models import Atout

        return self.filter(Exists(Atout.objects.filter(mandataire=OuterRef("pk"), cle=cle)))

    def pour(self, utilisateur):
        """The mandataires this person may open.

        Courts: every visible one. Agents: the directory of their territory (courts or places there).
        Mandataires: their own. Anyone else: none.
        """
        if utilisateur.role in {Role.MAGISTRAT, Role.GREFFIER}:
            return self.visibles()
        if utilisateur.role == Role.DIRECTION:
            return self.visibles().du_territoire(getattr(utilisateur, "perimetre", None))
        if utilisateur.est_mandataire:
            return self.filter(membres__utilisateur=utilisateur)
        return self.none()

    def du_territoire(self, perimetre):
        """Those of an agent's territory, by court of habilitation or by place of practice."""
        if perimetre is None:
            return self.none()
        if perimetre.departement_id:
            codes = [perimetre.departement_id]
        elif perimetre.region_id:
            codes = list(perimetre.region.departements.values_list("code", flat=True))
        else:
            return self
        from .models import Lieu

        lieux = Lieu.objects.filter(mandataire=OuterRef("pk"), commune__departement__in=codes)
        habilitations = self._habilitations().filter(tribunal__commune__departement__in=codes)
        return self.filter(Exists(habilitations) | Exists(lieux))

    @staticmethod
    def _habilitations():
        from .models import Habilitation

        return Habilitation.objects.filter(mandataire=OuterRef("pk"))
