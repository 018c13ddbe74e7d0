"""Every page × every odd value, in the address and in the form: a sentence, never an error of ours."""

import re

import pytest
from django.urls import reverse

from tests import factories

HOSTILES = [
    "\x00",
    "a\x00b",
    "²²²²",
    "²",
    "٣",
    "9" * 30,
    "9" * 5000,
    "-1",
    "1e400",
    "nan",
    "0001-01-01",
    "9999-12-31",
    "99999-99-99",
    "31/02/2026",
    "';--",
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A1",
    "😀" * 300,
    "\u202e\u0000\ufeff",
    "x\r\nSet-Cookie: a=b",
    "00000000-0000-0000-0000-00000000000g",
    "%00%ff",
    "//pirate.example",
]
POUR_LES_FORMULAIRES = ["a\x00b", "²²²²", "9" * 30, "9999-12-31"]
"""A form is sent once per field and value: the four that found faults."""

LISTES = {
    "mandataire": {
        "tableau_de_bord": ["page"],
        "mesures_en_cours": [
            "q",
            "nature",
            "tribunal",
            "lieu_vie",
            "tri",
            "manque",
            "antenne",
            "departement",
            "cabinet",
            "commune",
            "par",
            "cochees",
            "page",
        ],
        "mesures_eteintes": ["q", "nature", "tribunal", "lieu_vie", "tri", "page"],
        "mesures_en_attente": ["page"],
        "mesure_creer": ["tribunal", "cabinet", "numero_rg"],
        "mes_informations_modifier": ["next", "champ"],
        "importer": ["page"],
    },
    "magistrat": {
        "recherche": [
            "lieu",
            "rayon",
            "habilites",
            "type",
            "places",
            "texte",
            "actifs",
            "ordre",
            "page",
            "rg",
            "nature",
        ],
        "mesures_tribunal": ["etat", "rg", "nature", "cabinet", "mandataire", "tri", "page"],
    },
    "agent": {
        "pilotage": [
            "region",
            "departement",
            "base",
            "tri",
            "tri_regions",
            "tri_departements",
            "tri_tribunaux",
            "format",
        ]
    },
    "anonyme": {
        "communes_json": ["q"],
        "contact": ["sujet"],
        "account_login": ["next"],
        "account_reset_password": ["next"],
        "account_signup": ["next"],
        "pas_a_pas": ["role"],
    },
}


@pytest.fixture
def clients(troupe, client):
    for c in troupe.clients.values():
        c.raise_request_exception = True
    return {**troupe.clients, "anonyme": client}


@pytest.mark.parametrize("acteur", sorted(LISTES))
def test_addresses(clients, troupe, acteur):
    for nom, champs in LISTES[acteur].items():
        for champ in champs:
            for valeur in HOSTILES:
                reponse = clients[acteur].get(reverse(nom), {champ: valeur})
                assert reponse.status_code < 500, (nom, champ, valeur[:40])
                assert b"<script>alert" not in reponse.content
    if acteur == "magistrat":
        for nom in ("fiche", "reserver"):
            for champ in ("lieu", "rg", "nature", "page"):
                for valeur in HOSTILES:
                    chemin = reverse(nom, args=[troupe.mandataire.pk])
                    assert clients[acteur].get(chemin, {champ: valeur}).status_code < 500, (nom, champ, valeur[:40])


CHAMP = re.compile(r"<(?:input|select|textarea|button)\b[^>]*?\bname=\"([^\"]+)\"[^>]*>", re.S)
VALEUR = re.compile(r"\bvalue=\"([^\"]*)\"")


def champs_de(html: str) -> dict[str, str]:
    """The fields of the forms of a page, with a value: what a browser would send, roughly."""
    trouves = {}
    for balise in CHAMP.finditer(html):
        if 'type="submit"' in balise[0] or balise[0].startswith("<button"):
            continue
        valeur = VALEUR.search(balise[0])
        trouves.setdefault(balise[1], valeur[1] if valeur else "")
    trouves.pop("csrfmiddlewaretoken", None)
    return trouves


JUSTES = {
    "numero_rg": "26C00099",
    "nature": "tutelle",
    "civilite": "madame",
    "annee_naissance": "1947",
    "commune": "Metz",
    "code_postal": "57000",
    "pays": "FR",
    "date_jugement": "2026-01-05",
    "lieu_vie": "etablissement",
    "type_etablissement": "autre",
    "motif": "autre",
    "precision": "Plus de place",
    "raison": "Erreur",
    "capacite": "12",
    "courriel": "a@exemple.fr",
    "email": "neuf@exemple.fr",
    "password1": "une phrase assez longue",
    "prenom": "Anne",
    "nom": "Dupré",
    "telephone": "0387567500",
    "adresse": "1 rue Haute",
    "siret": "73282932000074",
    "sujet": "question",
    "message": "Bonjour",
}


def formulaires(troupe):
    eteinte = factories.MesureFactory(mandataire=troupe.mandataire, tribunal=troupe.metz, eteinte=True)
    reservee = factories.MesureFactory(
        mandataire=troupe.mandataire, tribunal=troupe.metz, en_attente=True, reserve_par=troupe.gens["magistrat"]
    )
    inscriptions = "individuel prepose service magistrat greffier direction-departementale direction-regionale".split()
    return [
        ("mandataire", reverse("mesure_creer"), {"tribunal": troupe.metz.pk}),
        ("mandataire", reverse("mesure_modifier", args=[troupe.mesure.pk]), {"tribunal": troupe.metz.pk}),
        ("mandataire", reverse("mesure_valider", args=[troupe.reservee.pk]), {}),
        ("mandataire", reverse("mesure_decliner", args=[troupe.reservee.pk]), {}),
        ("mandataire", reverse("mesure_terminer", args=[troupe.mesure.pk]), {"motif": "deces"}),
        ("mandataire", reverse("mesure_rouvrir", args=[eteinte.pk]), {}),
        ("mandataire", reverse("mes_informations_modifier"), {"commune": ""}),
        ("mandataire", reverse("mes_informations_capacite"), {"next": "/"}),
        ("mandataire", reverse("account_email"), {"action_add": "1"}),
        ("mandataire", reverse("account_change_password"), {}),
        ("magistrat", reverse("reserver", args=[troupe.mandataire.pk]), {}),
        ("magistrat", reverse("reserver", args=[troupe.service.pk]), {"lieu": troupe.service.lieux.first().pk}),
        ("magistrat", reverse("reservation_modifier", args=[reservee.pk]), {}),
        ("magistrat", reverse("mesure_annuler", args=[reservee.pk]), {}),
        ("magistrat", reverse("mesures_tribunal"), {"classer": "1"}),
        ("anonyme", reverse("contact"), {}),
        ("anonyme", reverse("account_login"), {"next": "/"}),
        ("anonyme", reverse("account_reset_password"), {}),
        *(
            ("anonyme", reverse("inscription", args=[role]), {"tribunaux": troupe.metz.pk, "tribunal": troupe.metz.pk})
            for role in inscriptions
        ),
        ("anonyme", reverse("inscription", args=["prepose"]), {"ajouter": "1", "nb_etablissements": "2"}),
        ("anonyme", reverse("inscription", args=["prepose"]), {"retirer": "1", "nb_etablissements": "2"}),
        ("anonyme", reverse("inscription", args=["individuel"]), {"chercher": "1", "chercher_tribunal": "Metz"}),
    ]


def test_forms(clients, troupe, settings):
    """One field at a time is hostile, the others are right: what the form lets through meets the database."""
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from django.core.cache import cache

    for acteur, chemin, en_plus in formulaires(troupe):
        page = clients[acteur].get(chemin)
        donnees = champs_de(page.content.decode()) if page.status_code == 200 else {}
        donnees = {**donnees, **{c: v for c, v in JUSTES.items() if c in donnees}, **en_plus}
        donnees.pop("site", None)
        for champ in [*donnees, "communes"]:
            for valeur in POUR_LES_FORMULAIRES:
                cache.clear()
                reponse = clients[acteur].post(chemin, {**donnees, champ: valeur})
                assert reponse.status_code < 500, (chemin, champ, valeur[:40])
                assert b"<script>alert" not in reponse.content, (chemin, champ)
