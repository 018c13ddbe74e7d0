"""What a user does on the pages of the import, and what they read."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mesures.import_excel.models import ApercuImport


def envoyer(client, octets, suivre=True, **autres):
    fichier = SimpleUploadedFile("DURAND-Paul.xlsx", octets)
    return client.post(reverse("importer"), {"classeur": fichier, **autres}, follow=suivre)


def page(reponse) -> str:
    return " ".join(reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def confirmer(client, **autres):
    depot = ApercuImport.objects.first()
    donnees = {"cle": depot.cle, "nombre": len(depot.apercu.pretes)} if depot else {"cle": ""}
    return client.post(reverse("importer_confirmer"), donnees | autres, follow=True)
