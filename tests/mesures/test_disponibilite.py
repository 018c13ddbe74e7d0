"""The formula of domain.md §4, in Python and in SQL, and the words of its states."""

from datetime import date, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from mandataires.models import Mandataire
from mesures.disponibilite import Disponibilite, avec_disponibilite, disponibilite_de
from mesures.enums import Statut
from tests.factories import MandataireFactory, MesureFactory

from .test_mandat import mesure_en


def rendre(dispo: Disponibilite) -> str:
    gabarit = '{% include "composants/disponibilite.html" with dispo=dispo only %}'
    html = Template(gabarit).render(Context({"dispo": dispo}))
    import re
    from html import unescape

    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize(
    ("capacite", "en_cours", "en_attente", "pause", "valeur", "etat"),
    [
        (80, 74, 3, False, 3, "libre"),
        (10, 8, 2, False, 0, "complet"),
        (10, 12, 2, False, -4, "audela"),
        (None, 12, 2, False, None, "inconnue"),
        (80, 74, 3, True, 0, "pause"),
        (None, 0, 0, True, 0, "pause"),
        (0, 0, 0, False, 0, "complet"),
    ],
)
def test_une_formule(capacite, en_cours, en_attente, pause, valeur, etat):
    dispo = Disponibilite(capacite, en_cours, en_attente, pause)
    assert (dispo.valeur, dispo.etat) == (valeur, etat)


@pytest.mark.parametrize(
    ("dispo", "mots"),
    [
        (Disponibilite(80, 74, 3), "3 mesures peuvent encore vous être confiées"),
        (Disponibilite(78, 74, 3), "1 mesure peut encore vous être confiée"),
        (Disponibilite(77, 74, 3), "Vous suivez autant de mesures que souhaité"),
        (Disponibilite(73, 74, 3), "Vous suivez 4 mesures de plus que souhaité"),
        (Disponibilite(None, 74, 3), "Non renseignée"),
        (Disponibilite(80, 74, 3, True, date(2027, 1, 15), "congé"), "Activité en pause jusqu’au 15 janvier 2027"),
        (Disponibilite(80, 74, 3, True, None, "congé"), "Motif affiché aux tribunaux : congé."),
    ],
)
def test_les_mots(dispo, mots):
    assert mots in rendre(dispo)


def test_le_chiffre_au_dela_est_negatif():
    assert "−4" in rendre(Disponibilite(73, 74, 3))


@pytest.mark.django_db
def test_sql_et_python_disent_la_meme_chose():
    aujourdhui = timezone.localdate()
    jour = timedelta(days=1)
    cas = [
        MandataireFactory(capacite=10),
        MandataireFactory(capacite=1),
        MandataireFactory(capacite=None),
        MandataireFactory(capacite=10, pause_debut=aujourdhui),
        MandataireFactory(capacite=10, pause_debut=aujourdhui - jour, pause_fin=aujourdhui),
        MandataireFactory(capacite=10, pause_debut=aujourdhui - 9 * jour, pause_fin=aujourdhui - jour),
        MandataireFactory(capacite=10, pause_debut=aujourdhui + jour),
    ]
    for mandataire in cas:
        for statut in Statut.values:
            mesure_en(statut, mandataire=mandataire)
        MesureFactory(mandataire=mandataire)
    attendus = [7, -2, None, 0, 0, 7, 7]
    annotes = {m.pk: m.disponibilite for m in avec_disponibilite(Mandataire.objects.all())}
    assert [annotes[m.pk] for m in cas] == attendus
    assert [disponibilite_de(Mandataire.objects.get(pk=m.pk)).valeur for m in cas] == attendus
