"""One's data: all of it, nobody else's, never a formula."""

import io

import openpyxl
import pytest

from emjpm.commun.courriels import deposer_texte
from emjpm.commun.journal import noter
from emjpm.commun.models import Evenement
from emjpm.comptes.models import Utilisateur
from emjpm.inscriptions.models import DemandeInscription
from emjpm.support import mes_donnees
from emjpm.support.mes_donnees import feuilles
from mandataires.models import DemandeTribunal, Habilitation, Lieu, Mandataire, Membre, Observation
from mandataires.services import demander_tribunaux
from mesures.models import Evolution, ImportMesures, Mesure
from tests.comptes.test_compte import reconnu
from tests.conftest import ouvrir
from tests.factories import MesureFactory, UtilisateurFactory, tribunal

pytestmark = pytest.mark.django_db
ADRESSE = "/mon-compte/mes-donnees/"


def classeur(personne) -> dict[str, list[tuple]]:
    client = ouvrir(personne)
    reconnu(client)
    reponse = client.post(ADRESSE)
    assert reponse["Content-Disposition"] == 'attachment; filename="mes-donnees-e-mjpm.xlsx"'
    lu = openpyxl.load_workbook(io.BytesIO(reponse.content))
    return {f.title: list(f.iter_rows(values_only=True)) for f in lu}


def tout(feuilles: dict) -> str:
    return "\n".join(str(cellule) for lignes in feuilles.values() for ligne in lignes for cellule in ligne)


def test_a_post_and_the_password_again(troupe):
    client = troupe.clients["mandataire"]
    assert "Confirmer que c’est vous" in client.post(ADRESSE, follow=True).content.decode()
    assert not Evenement.objects.exists()
    reconnu(client)
    page = client.get(ADRESSE).content.decode()
    assert "vos mesures et leurs évolutions" in page
    assert not Evenement.objects.exists()
    client.post(ADRESSE)
    assert Evenement.objects.get().acte == "compte.telecharger_donnees"


def test_all_that_is_held_on_a_mandataire(troupe):
    personne = troupe.gens["mandataire"]
    demande = DemandeInscription.objects.create(
        utilisateur=personne, role="individuel", etat="validee", adresse="3 rue Haute"
    )
    demande.tribunaux.add(tribunal("Nancy"))
    demande.etablissements.create(nom="EHPAD Les Glycines")
    demander_tribunaux(mandataire=troupe.mandataire, par=personne, tribunaux=[troupe.thionville])
    noter(par=personne, acte="mandataire.capacite", objet=troupe.mandataire, changements={"capacite": [8, 10]})
    deposer_texte(
        "Bonjour", "Ouvrez http://x/mot-de-passe/nouveau/1-cle/ ou http://x/tout-est-a-jour/a:b:c/", personne.email
    )
    lu = classeur(personne)
    assert list(lu) == ["Compte", "Demandes d’inscription", "Établissements déclarés", "Profil", "Lieux d’exercice",
                        "Tribunaux", "Tribunaux demandés", "Imports", "Mesures", "Évolutions", "Journal de vos actes",
                        "Mesures consultées", "Courriels reçus", "Sessions"]  # fmt: skip
    assert lu["Demandes d’inscription"][1][-1] == "Tribunal judiciaire de Nancy"
    assert lu["Tribunaux demandés"][1][0] == "Tribunal judiciaire de Thionville"
    assert lu["Établissements déclarés"][1][0] == "EHPAD Les Glycines"
    assert ("Adresse électronique", personne.email) in lu["Compte"]
    assert ("Mandataire", "Camille Bellerive") in lu["Compte"]
    assert "3 rue Haute" in tout(lu)
    assert ("Nombre de mesures souhaitées", 10) in lu["Profil"]
    titres = lu["Mesures"][0]
    lignes = [dict(zip(titres, ligne, strict=True)) for ligne in lu["Mesures"][1:]]
    assert [x["Numéro RG"] for x in lignes] == ["21B00167", "26C00001"]
    assert lignes[0]["Nature de la mesure"] == "Tutelle"
    assert lignes[0]["Tribunal"] == "Tribunal judiciaire de Metz"
    assert lignes[0]["Date du jugement"].year == 2021
    assert any(ligne[1] == "mandataire.capacite" and ligne[4] == "capacite" for ligne in lu["Journal de vos actes"])
    assert "/mot-de-passe/nouveau/…" in tout(lu)
    assert "1-cle" not in tout(lu)
    assert "a:b:c" not in tout(lu)


def test_nothing_of_anybody_else(troupe):
    """Everybody else acts, writes and is written to: none of it is in the file."""
    personne, juge = troupe.gens["mandataire"], troupe.gens["magistrat"]
    Mesure.objects.filter(pk=troupe.reservee.pk).update(reserve_par=juge)
    Observation.objects.create(mandataire=troupe.mandataire, tribunal=troupe.metz, par=juge, texte="Répond tard.")
    noter(par=troupe.gens["voisin"], acte="mesure.secrete", objet=troupe.mesure)
    noter(par=personne, acte="compte.inviter", objet=personne, changements={"courriel": [None, juge.email]})
    deposer_texte("Pour un autre", "Autre texte", troupe.gens["voisin"].email)
    lu = tout(classeur(personne))
    for nom, autre in troupe.gens.items():
        if nom != "mandataire":
            assert autre.email not in lu, nom
    for secret in ("22A00010", "Basile Clairsentier", "Rivemorte", "Répond tard", "mesure.secrete", "Pour un autre",
                   "Thionville", "pbkdf2", "md5$"):  # fmt: skip
        assert secret not in lu, secret


def test_of_a_service_only_one_s_own(troupe):
    MesureFactory(mandataire=troupe.service, tribunal=troupe.metz, numero_rg="24S00001")
    collegue = UtilisateurFactory(role="service", nom="Vallonclair")
    Membre.objects.create(mandataire=troupe.service, utilisateur=collegue)
    lu = classeur(troupe.gens["service"])
    assert "Mesures" not in lu
    assert ("Service", "Les Trois Ponts") in lu["Compte"]
    assert "24S00001" not in tout(lu)
    assert "Vallonclair" not in tout(lu)


@pytest.mark.parametrize("qui", ["magistrat", "greffier", "agent", "agent_national", "prepose", "support"])
def test_every_role(troupe, qui):
    lu = classeur(troupe.gens[qui])
    assert troupe.gens[qui].email in tout(lu)
    if qui == "magistrat":
        assert ("Tribunal", "Tribunal judiciaire de Metz") in lu["Compte"]
        assert "Mesures" not in lu
        assert "21B00167" not in tout(lu)


def test_no_formula(troupe):
    troupe.mandataire.secteur = "=HYPERLINK(1)"
    troupe.mandataire.save()
    Mesure.objects.filter(pk=troupe.mesure.pk).update(numero_dossier="@SUM(1)", message="=1+1")
    lu = classeur(troupe.gens["mandataire"])
    assert "'=HYPERLINK(1)" in tout(lu)
    assert "'@SUM(1)" in tout(lu)
    assert not any(
        isinstance(c, str) and c.startswith("=") for lignes in lu.values() for ligne in lignes for c in ligne
    )


def test_six_thousand_mesures_in_the_same_number_of_queries(troupe, django_assert_max_num_queries):
    def compter():
        with django_assert_max_num_queries(40) as requetes:
            personne = Utilisateur.objects.get(pk=troupe.gens["mandataire"].pk)
            lignes = sum(len(list(f.lignes)) for f in feuilles(personne))
        return len(requetes), lignes

    peu, _ = compter()
    modele = Mesure.objects.get(pk=troupe.mesure.pk)
    champs = {c.attname: getattr(modele, c.attname) for c in Mesure._meta.concrete_fields if not c.primary_key}
    Mesure.objects.bulk_create(
        [Mesure(**champs | {"numero_rg": f"20A{n:05}", "rg_normal": f"20A{n:05}"}) for n in range(6000)], 500
    )
    beaucoup, lignes = compter()
    assert lignes > 6000
    assert beaucoup == peu
    assert len(classeur(troupe.gens["mandataire"])["Mesures"]) == 6003


# Why a field is not in the file: an identifier or a lock of ours, whose the row is, somebody else's name, or a note of
# the team that the first sheet says how to ask for.
TUS = {
    Utilisateur: "id password is_superuser is_staff cree_le",
    DemandeInscription: "id modifie_le utilisateur decide_par note_interne",
    Mandataire: "id nom_normalise modifie_le",
    Lieu: "id mandataire nom_normalise cree_le modifie_le",
    Habilitation: "id mandataire",
    DemandeTribunal: "id mandataire par",
    ImportMesures: "id mandataire par bilan annule_par",
    Mesure: "id mandataire version rg_normal reserve_par cle_reservation classee_le importee_par",
    Evolution: "id reservation par",
}
DITS = {
    Utilisateur: mes_donnees._COMPTE,
    DemandeInscription: mes_donnees._DEMANDE,
    Mandataire: mes_donnees._MANDATAIRE,
    Lieu: mes_donnees._LIEU,
    Habilitation: ["tribunal", "depuis"],
    DemandeTribunal: mes_donnees._DEMANDE_TRIBUNAL,
    ImportMesures: mes_donnees._IMPORT,
    Mesure: mes_donnees._MESURE,
    Evolution: mes_donnees._EVOLUTION,
}


@pytest.mark.parametrize("modele", TUS, ids=lambda m: m.__name__)
def test_every_field_is_given_or_kept_back_on_purpose(modele):
    """A new field has to be thought of."""
    champs = {c.name for c in [*modele._meta.concrete_fields, *modele._meta.many_to_many]} - {"groups"}
    champs -= {"user_permissions", "tribunaux"} if modele in {Utilisateur, Mandataire} else set()
    assert champs == set(DITS[modele]) | set(TUS[modele].split())
