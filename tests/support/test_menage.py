"""What is forgotten, and what is not."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from emjpm.commun import courriels, journal
from emjpm.commun.models import Courriel, Evenement


@pytest.mark.django_db
def test_old_lines_and_mails_go_recent_ones_and_stories_of_mesures_stay(troupe, capsys):
    maintenant = timezone.now()
    agent, mesure = troupe.gens["agent"], troupe.mesure
    vieux_profil = journal.noter(par=agent, acte="mandataire.capacite", objet=troupe.mandataire)
    vieille_mesure = journal.noter(par=agent, acte="mesure.creer", objet=mesure)
    Evenement.objects.update(le=maintenant - timedelta(days=400))
    recente = journal.noter(par=agent, acte="mandataire.capacite", objet=troupe.mandataire)
    for adresse, jours in (("parti@exemple.fr", 31), ("hier@exemple.fr", 1)):
        courriels.deposer_texte("Sujet", "Texte", adresse)
        Courriel.objects.filter(destinataire=adresse).update(envoye_le=maintenant - timedelta(days=jours))
    courriels.deposer_texte("Sujet", "Texte", "attend@exemple.fr")
    Courriel.objects.filter(destinataire="attend@exemple.fr").update(cree_le=maintenant - timedelta(days=60))

    call_command("purger")

    restent = set(Evenement.objects.values_list("pk", flat=True))
    assert vieux_profil.pk not in restent
    assert {vieille_mesure.pk, recente.pk} <= restent
    assert set(Courriel.objects.values_list("destinataire", flat=True)) == {"hier@exemple.fr", "attend@exemple.fr"}
    assert "lignes de journal de plus de 12 mois : 1" in capsys.readouterr().out
