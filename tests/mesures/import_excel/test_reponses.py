"""What the user settles on the page: small questions, an unknown column, the sheet to read."""

import pytest
from django.urls import reverse

from mesures.import_excel import services
from mesures.import_excel.models import ApercuImport
from mesures.models import Mesure
from tests import factories

from .fabrique import TITRES, rangee, xlsx
from .gestes import confirmer, envoyer, page
from .test_reconnaissance import commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_gabarits_stricts")]


@pytest.fixture(autouse=True)
def moselle(db):
    for ville in ("Metz", "Thionville"):
        factories.tribunal(ville)
    factories.tribunal("Saint-Avold", "TPRX")
    commune("Montigny-lès-Metz", "57480", "57950")
    commune("Le Ban-Saint-Martin", "57049", "57050")
    commune("Longeville-lès-Metz", "57412", "57050")
    factories.commune("Nancy")


def depot() -> ApercuImport:
    return ApercuImport.objects.get()


def question(debut: str):
    return next(q for q in depot().apercu.questions if q.enonce.startswith(debut))


def repondre(client, reponses: dict[str, str], **autres):
    """Answers by the beginning of the question and the words of the choice."""
    donnees = {"cle": depot().cle, **autres}
    for debut, mots in reponses.items():
        q = question(debut)
        cles = {c.libelle: c.cle for c in q.choix} | {"laisser": "laisser"}
        donnees[f"question-{q.cle}"] = cles[mots]
    return client.post(reverse("importer_apercu"), donnees, follow=True)


def test_one_answer_settles_all_its_rows(client_nouveau):
    lignes = [rangee(n) for n in range(3)]
    lignes += [rangee(n, tribunal="TJ St Avold") for n in range(3, 8)]
    lignes += [rangee(8, ville="Montigny", code_postal="57950"), rangee(9, annee_naissance="46")]
    texte = page(envoyer(client_nouveau, xlsx(lignes)))
    assert "3 questions, pour 7 lignes" in texte
    assert "10 si vous répondez aux 3 questions" in texte
    assert "Quel tribunal est « TJ St Avold » ?" in texte
    assert "5 lignes : 5, 6, 7, 8 et 9" in texte
    assert "à corriger dans votre classeur" not in texte  # the questions are enough
    texte = page(
        repondre(
            client_nouveau,
            {
                "Quel tribunal": "Tribunal de proximité de Saint-Avold",
                "Quelle ville": "Montigny-lès-Metz (57950)",
                "« 46 »": "Oui, 1946",
            },
        )
    )
    assert "7 lignes de plus sont prêtes." in texte
    confirmer(client_nouveau)
    assert Mesure.objects.filter(tribunal__code="tprx-saint-avold").count() == 5
    assert Mesure.objects.get(rg_normal="22B00008").commune.nom == "Montigny-lès-Metz"
    assert Mesure.objects.get(rg_normal="22B00009").annee_naissance == 1946


def test_the_likely_answer_is_proposed_and_a_guess_never(client_nouveau):
    lignes = [rangee(1, tribunal="TJ St Avold"), rangee(2, annee_naissance="12/03/46")]
    texte = page(envoyer(client_nouveau, xlsx(lignes)))
    assert texte.count(" checked>") == 1
    assert question("Quel tribunal").defaut == question("Quel tribunal").choix[0].cle
    assert question("« 46 »").defaut == ""
    assert "12/03/46" not in texte  # a birth date is not shown
    assert "12/03/46" not in str(depot().donnees)


def test_nothing_is_proposed_for_a_siret_excel_spoiled(client_nouveau):
    metz = factories.tribunal("Metz")
    metz.siret = "17570111200018"
    metz.save()
    envoyer(client_nouveau, xlsx([rangee(1, tribunal="1,75701E+13")]))
    q = question("Quel tribunal")
    assert [c.libelle for c in q.choix] == [metz.nom]
    assert q.defaut == ""


def test_any_other_court_may_be_chosen_from_the_list(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1, tribunal="TJ St Avold")]))
    thionville, q = factories.tribunal("Thionville"), question("Quel tribunal")
    page(
        client_nouveau.post(
            reverse("importer_apercu"),
            {"cle": depot().cle, f"question-{q.cle}": "autre", f"autre-{q.cle}": thionville.pk},
            follow=True,
        )
    )
    assert depot().apercu.pretes[0]["tribunal"] == thionville.pk
    assert "Tribunal judiciaire de Thionville" in page(client_nouveau.get(reverse("importer_apercu")))


def test_what_is_ticked_wins_over_a_court_left_in_the_list(client_nouveau):
    """The radio on the screen says Saint-Avold: a list touched before must not say otherwise in silence."""
    envoyer(client_nouveau, xlsx([rangee(1, tribunal="TJ St Avold")]))
    q, autre = question("Quel tribunal"), factories.tribunal("Thionville").pk
    adresse = reverse("importer_apercu")
    client_nouveau.post(adresse, {"cle": depot().cle, f"question-{q.cle}": q.defaut, f"autre-{q.cle}": autre})
    assert depot().apercu.pretes[0]["tribunal"] == factories.tribunal("Saint-Avold", "TPRX").pk


def test_a_court_never_written_is_asked_once(nouveau, client_nouveau):
    metz = nouveau.tribunaux.get()
    envoyer(client_nouveau, xlsx([rangee(n, tribunal=None) for n in range(5)]))
    q = question("Le tribunal n’est pas écrit")
    assert [c.libelle for c in q.choix] == [metz.nom]
    assert q.defaut == q.choix[0].cle
    texte = page(repondre(client_nouveau, {"Le tribunal": metz.nom}))
    assert "5 lignes de plus sont prêtes." in texte


def test_the_wrong_file_sent_by_mistake_loses_no_answer(client_nouveau):
    lignes = [rangee(1, tribunal="TJ St Avold"), rangee(2)]
    envoyer(client_nouveau, xlsx(lignes))
    repondre(client_nouveau, {"Quel tribunal": "Tribunal de proximité de Saint-Avold"})
    envoyer(client_nouveau, xlsx([rangee(9)]))
    texte = page(envoyer(client_nouveau, xlsx(lignes)))
    assert "2 lignes lues, 2 prêtes" in texte


def test_an_answer_is_changed_alone(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1, annee_naissance="46"), rangee(2, annee_naissance="51")]))
    q46 = question("« 46 »")
    repondre(client_nouveau, {"« 46 »": "Oui, 1946", "« 51 »": "Oui, 1951"})
    texte = page(client_nouveau.post(reverse("importer_apercu"), {"cle": depot().cle, "changer": q46.cle}, follow=True))
    assert "1 question" in texte
    assert [p["annee_naissance"] for p in depot().apercu.pretes] == [1951]


def test_rows_that_only_wait_for_an_answer_are_told_before_confirming(client_nouveau):
    lignes = [rangee(1), rangee(2, annee_naissance="46"), rangee(3, civilite="X")]
    envoyer(client_nouveau, xlsx(lignes))
    texte = page(client_nouveau.get(reverse("importer_confirmer")))
    assert "En attente de réponse" in texte
    assert "1 ligne n’attend que votre réponse à une question" in texte
    assert "<dt>À corriger</dt><dd><strong>1</strong>" in texte


def test_names_are_accepted_once_for_the_same_columns(client_nouveau):
    titres = ["Nom", *TITRES]
    envoyer(client_nouveau, xlsx([["DURAND Paul", *rangee(1)]], titres))
    client_nouveau.post(reverse("importer_apercu"), {"cle": depot().cle})
    assert not depot().noms_a_accepter
    envoyer(client_nouveau, xlsx([["DURAND Paul", *rangee(1)], ["PETIT Luc", *rangee(2)]], titres))
    assert not depot().noms_a_accepter
    envoyer(client_nouveau, xlsx([["DURAND Paul", "Anne", *rangee(1)]], ["Nom", "Prénom", *TITRES]))
    assert depot().noms_a_accepter


def test_what_is_no_answer_changes_nothing(client_nouveau):
    ferme = factories.tribunal("Nancy", ferme_le="2019-12-31")
    envoyer(client_nouveau, xlsx([rangee(1, tribunal="TJ St Avold"), rangee(2, annee_naissance="46")]))
    q, annee = question("Quel tribunal"), question("« 46 »")
    for donnees in (
        {f"question-{q.cle}": "n’importe quoi"},
        {f"autre-{q.cle}": "999999"},
        {f"autre-{q.cle}": ferme.pk},
        {f"autre-{q.cle}": "1 OR 1=1"},
        {f"question-{annee.cle}": "t1"},
        {"question-inconnue": "laisser"},
        {f"question-{annee.cle}": q.defaut},
    ):
        reponse = client_nouveau.post(reverse("importer_apercu"), {"cle": depot().cle, **donnees}, follow=True)
        assert reponse.status_code == 200
        assert not depot().apercu.pretes, donnees


def test_leaving_aside_is_an_answer_and_can_be_taken_back(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1), rangee(2, annee_naissance="46")]))
    texte = page(repondre(client_nouveau, {"« 46 »": "laisser"}))
    assert "Oui, 1946" not in texte
    assert "1 ligne à corriger dans votre classeur" in texte
    assert "« 46 », est-ce 1946 ? <strong>Lignes laissées de côté</strong>" in texte
    texte = page(client_nouveau.post(reverse("importer_apercu"), {"cle": depot().cle, "reposer": "1"}, follow=True))
    assert "« 46 », est-ce 1946 ?" in texte


def test_answers_are_kept_for_the_corrected_file(client_nouveau):
    lignes = [rangee(1, tribunal="TJ St Avold"), rangee(2, date_jugement="31/02/2020")]
    envoyer(client_nouveau, xlsx(lignes))
    repondre(client_nouveau, {"Quel tribunal": "Tribunal de proximité de Saint-Avold"})
    texte = page(envoyer(client_nouveau, xlsx([lignes[0], rangee(2)])))
    assert "2 lignes lues, 2 prêtes" in texte


def test_an_answer_does_not_excuse_another_fault(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1, annee_naissance="46", date_jugement="31/02/2020")]))
    texte = page(repondre(client_nouveau, {"« 46 »": "Oui, 1946"}))
    assert "Le 31 février n’existe pas" in texte
    assert not depot().apercu.pretes


def test_an_answer_that_contradicts_the_row_is_seen(client_nouveau):
    """Born in 2012, judged in 2011: the answer is taken, the contradiction told."""
    envoyer(client_nouveau, xlsx([rangee(1, annee_naissance="12", date_jugement="01/06/2011")]))
    texte = page(repondre(client_nouveau, {"« 12 »": "2012"}))
    assert "Le jugement précède la naissance" in texte


def test_rows_made_the_same_by_an_answer_do_not_both_go_in(client_nouveau):
    lignes = [
        rangee(1, tribunal="TP Saint-Avold", numero_rg="21B00001"),
        rangee(2, tribunal="TJ St Avold", numero_rg="21B00001"),
    ]
    envoyer(client_nouveau, xlsx(lignes))
    texte = page(repondre(client_nouveau, {"Quel tribunal": "Tribunal de proximité de Saint-Avold"}))
    assert "Même numéro et même tribunal qu’à la ligne 2" in texte
    assert len(depot().apercu.pretes) == 1


def test_a_postal_code_of_several_towns_asks_which(client_nouveau):
    envoyer(client_nouveau, xlsx([rangee(1, code_postal="57050", ville=None), rangee(2, ville="Nancy")]))
    assert {c.libelle for c in question("Quelle ville est « 57050 »").choix} == {
        "Le Ban-Saint-Martin (57050)",
        "Longeville-lès-Metz (57050)",
        "Importer sans la commune",
    }
    contraire = {c.libelle for c in question("Quelle ville est « Nancy », 57000").choix}
    assert contraire == {"Nancy (54000)", "Metz (57000)", "Importer sans la commune"}
    repondre(
        client_nouveau,
        {"Quelle ville est « 57050 »": "Importer sans la commune", "Quelle ville est « Nancy »": "Nancy (54000)"},
    )
    lues = [(p["code_postal"], p["commune"]) for p in depot().apercu.pretes]
    assert lues == [("", None), ("54000", "54395")]


def test_an_unknown_antenne_is_asked(ouvrir_session):
    service = factories.MandataireFactory(service=True, nom="Les Trois Ponts", capacite=100)
    service.lieux.update(nom="Antenne de Metz")
    client = ouvrir_session(service.membres.get().utilisateur)
    titres = [*TITRES, "Antenne"]
    lignes = [[*rangee(1), "metz"], [*rangee(2), "Secteur Nord"], [*rangee(3), None]]
    texte = page(envoyer(client, xlsx(lignes, titres)))
    assert "Quelle antenne est « Secteur Nord » ?" in texte
    page(repondre(client, {"Quelle antenne": "Antenne de Metz"}))
    confirmer(client)
    antenne = service.lieux.get()
    assert list(Mesure.objects.order_by("rg_normal").values_list("lieu", flat=True)) == [antenne.pk, antenne.pk, None]


# --- Columns and sheets ------------------------------------------------------------------------------
ODD = [t if t != "Cabinet" else "Ch." for t in TITRES]


def test_an_unknown_column_is_assigned_on_the_page(client_nouveau):
    octets = xlsx([rangee(1)], ODD)
    texte = page(envoyer(client_nouveau, octets))
    assert 'name="colonne-K"' in texte
    assert "Titre non reconnu" in texte
    assert depot().apercu.pretes[0]["cabinet"] == ""
    texte = page(envoyer(client_nouveau, octets, **{"colonne-K": "cabinet"}))
    assert depot().apercu.pretes[0]["cabinet"] == "2"
    assert '<option value="cabinet" selected>' in texte
    # The corrected file of the same shape needs no second choice; another title is another column.
    envoyer(client_nouveau, xlsx([rangee(1), rangee(2)], ODD))
    assert [p["cabinet"] for p in depot().apercu.pretes] == ["2", "2"]
    envoyer(client_nouveau, xlsx([rangee(1)], [*ODD[:-1], "Remarques"]))
    assert depot().apercu.pretes[0]["cabinet"] == ""


def test_a_column_taken_from_another_is_said(client_nouveau):
    titres = [*TITRES, "Vraie date"]
    octets = xlsx([[*rangee(1), "02/02/2022"]], titres)
    envoyer(client_nouveau, octets)
    texte = page(envoyer(client_nouveau, octets, **{"colonne-L": "date_jugement"}))
    assert depot().apercu.pretes[0]["date_jugement"] == "2022-02-02"
    assert "Même information que la colonne L : non reprise" in texte


def test_a_column_of_names_is_never_assigned(client_nouveau):
    octets = xlsx([["DURAND Paul", *rangee(1)]], ["Nom", *TITRES])
    envoyer(client_nouveau, octets)
    texte = page(envoyer(client_nouveau, octets, **{"colonne-A": "numero_dossier"}))
    assert "e-MJPM ne doit contenir aucun nom" in texte
    assert "DURAND" not in texte
    assert "DURAND" not in str(depot().donnees)


def test_a_doubtful_title_may_be_said_to_hold_references(client_nouveau):
    titres = ["Majeur" if t == "Numéro de dossier" else t for t in TITRES]
    octets = xlsx([rangee(1), rangee(2, numero_dossier="DURAND Paul")], titres)
    envoyer(client_nouveau, octets)
    assert depot().noms_a_accepter
    envoyer(client_nouveau, octets, **{"colonne-H": "numero_dossier"})
    assert [p["numero_dossier"] for p in depot().apercu.pretes] == ["2021-001", ""]
    assert depot().noms_a_accepter  # the cell that reads like a name is still stopped


def test_the_sheet_to_read_is_chosen(client_nouveau):
    def autre(livre, _):
        feuille = livre.create_sheet("Antenne nord")
        feuille.append(TITRES)
        feuille.append(rangee(50))

    octets = xlsx([rangee(n) for n in range(3)], preparer=autre)
    texte = page(envoyer(client_nouveau, octets))
    assert "2 feuilles contiennent des mesures. Laquelle importer ?" in texte
    assert len(depot().apercu.pretes) == 3
    texte = page(envoyer(client_nouveau, octets, feuille="2"))
    assert [p["numero_rg"] for p in depot().apercu.pretes] == ["22B00050"]
    assert "deuxième feuille" in texte
    for absurde in ("7", "-1", "x", "99999999999", ""):
        envoyer(client_nouveau, octets, feuille=absurde)
        assert len(depot().apercu.pretes) == 3


def test_the_preview_holds_nothing_but_normalised_rows(client_nouveau):
    titres = [*TITRES, "Observations", "Nom"]
    ligne = [*rangee(1), "voir CANARI1 au greffe", "CANARI2"]
    faux = [*rangee(2, date_jugement="CANARI3 Paul", nature="CANARI4 Jean", lieu_vie="CANARI5 Anne"), "CANARI6", "x"]
    envoyer(client_nouveau, xlsx([ligne, faux], titres, avant=[["Dossiers de CANARI7 Marie"]]))
    assert "CANARI" not in str(depot().donnees)


def test_answers_write_one_preview_only(troupe):
    """A neighbour's key, or none, answers nothing."""
    envoyer(troupe.clients["mandataire"], xlsx([rangee(1, annee_naissance="46")]))
    envoyer(troupe.clients["voisin"], xlsx([rangee(2, annee_naissance="46")]))
    mien = ApercuImport.objects.get(mandataire=troupe.mandataire)
    q = mien.apercu.questions[0]
    for cle in (mien.cle, "", "00000000-0000-0000-0000-000000000000"):
        troupe.clients["voisin"].post(
            reverse("importer_apercu"), {"cle": cle, f"question-{q.cle}": q.choix[0].cle}, follow=True
        )
    for d in ApercuImport.objects.all():
        assert not d.apercu.pretes


def test_twelve_questions_at_once_the_most_useful_first(client_nouveau):
    lignes, n = [], 0
    for annee in range(40, 60):
        for _ in range(1 + (annee == 59)):
            n += 1
            lignes.append(rangee(n, annee_naissance=f"{annee}"))
    texte = page(envoyer(client_nouveau, xlsx(lignes)))
    assert texte.count("Non, année inconnue") == 12
    assert texte.index("« 59 »") < texte.index("« 40 »")
    assert "à corriger dans votre classeur" not in texte
    assert "Ensuite, 8 autres questions pour 8 lignes." in texte


def test_query_count_does_not_depend_on_questions(client_nouveau, django_assert_max_num_queries):
    for combien in (2, 12):
        lignes = [rangee(n, tribunal=f"TJ Saint-Avol{'d' * (n % 3)}{n}") for n in range(combien)]
        envoyer(client_nouveau, xlsx(lignes))
        with django_assert_max_num_queries(16):
            client_nouveau.get(reverse("importer_apercu"))


def test_services_count_what_answers_bring(nouveau):
    from mesures.import_excel.analyse import analyser

    par = nouveau.membres.get().utilisateur
    apercu = analyser(xlsx([rangee(1, annee_naissance="46"), rangee(2)]), nouveau)
    d = services.deposer(apercu=apercu, mandataire=nouveau, par=par)
    q = apercu.questions[0]
    assert services.repondre(apercu=d, reponses={q.cle: q.choix[0].cle}) == 1
    assert services.repondre(apercu=d, reponses={q.cle: q.choix[0].cle}) == 0
    services.reposer(apercu=d)
    assert len(ApercuImport.objects.get().apercu.pretes) == 1
