"""A field says what it is, what it wants and what is wrong with it, whatever its widget."""

import re
from datetime import date

import pytest
from django import forms
from django.template.loader import render_to_string

from emjpm.commun.formulaires import FormulaireDsfr, fautes


class Essai(FormulaireDsfr, forms.Form):
    nom = forms.CharField(label="Nom", help_text="Nom d’usage", widget=forms.TextInput(attrs={"class": "em-moyen"}))
    courriel = forms.EmailField(label="Adresse électronique", required=False)
    civilite = forms.ChoiceField(
        label="Civilité", choices=[("m", "Madame"), ("s", "Monsieur")], widget=forms.RadioSelect, help_text="La vôtre"
    )
    langues = forms.MultipleChoiceField(
        label="Langues", choices=[("fr", "Français")], widget=forms.CheckboxSelectMultiple
    )
    type_ = forms.ChoiceField(label="Type", choices=[("Groupe", [("a", "A")]), ("b", "B")])
    accord = forms.BooleanField(label="D’accord", help_text="Vraiment")
    classeur = forms.FileField(label="Fichier", help_text="10 Mo au plus")
    jour = forms.DateField(label="Jour", widget=forms.DateInput(attrs={"type": "date"}))
    capacite = forms.IntegerField(label="Mesures souhaitées")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def champ(form, nom: str, **options) -> str:
    return render_to_string("composants/champ.html", {"champ": form[nom], **options})


def attribut(html: str, balise: str, nom: str) -> str:
    debut = re.search(rf"<{balise}\b[^>]*>", html).group()
    trouve = re.search(rf'\b{nom}="([^"]*)"', debut)
    return trouve.group(1) if trouve else ""


def test_l_aide_est_lue_avec_le_champ():
    html = champ(Essai(), "nom")
    assert attribut(html, "input", "aria-describedby") == "id_nom_aide"
    assert 'id="id_nom_aide">Nom d’usage</span>' in html
    assert attribut(html, "input", "class") == "fr-input em-moyen"
    assert "erreur" not in html


@pytest.mark.parametrize(
    ("nom", "balise", "decrit"),
    [
        ("nom", "input", "id_nom_aide id_nom_erreur"),
        ("type_", "select", "id_type__erreur"),
        ("accord", "input", "id_accord_aide id_accord_erreur"),
        ("classeur", "input", "id_classeur_aide id_classeur_erreur"),
        ("jour", "input", "id_jour_erreur"),
    ],
)
def test_l_erreur_est_lue_apres_l_aide(nom, balise, decrit):
    html = champ(Essai({}), nom)
    assert attribut(html, balise, "aria-describedby") == decrit
    assert attribut(html, balise, "aria-invalid") == "true"
    assert f'id="{decrit.split()[-1]}"' in html
    assert "--error" in html


@pytest.mark.parametrize("nom", ["civilite", "langues"])
def test_un_groupe_de_choix_dit_son_aide_et_son_erreur(nom):
    html = champ(Essai({}), nom)
    lus = attribut(html, "fieldset", "aria-labelledby").split()
    assert lus[0] == f"id_{nom}_legende"
    assert lus[-1] == f"id_{nom}_erreur"
    assert all(f'id="{identifiant}"' in html for identifiant in lus)


def test_un_champ_rendu_seul_garde_ses_descriptions():
    assert 'aria-describedby="id_nom_aide id_nom_erreur"' in str(Essai({})["nom"])


def test_optionnel_se_dit_sauf_dans_une_recherche():
    class Recherche(Essai):
        marquer_optionnels = False

    assert "Adresse électronique (optionnel)" in champ(Essai(), "courriel")
    assert "(optionnel)" not in champ(Essai(), "nom")
    assert "(optionnel)" not in champ(Recherche(), "courriel")


def test_le_navigateur_recoit_la_date_qu_il_comprend():
    assert 'value="2026-11-02"' in champ(Essai(initial={"jour": date(2026, 11, 2)}), "jour")


def test_le_libelle_peut_etre_remplace_et_rien_n_est_interprete():
    html = champ(Essai({"nom": '"><script>'}), "nom", libelle="<b>Nom</b>")
    assert "&lt;b&gt;Nom&lt;/b&gt;" in html
    assert "<script>" not in html


def test_le_resume_mene_a_chaque_champ():
    form = Essai({"courriel": "x"})
    html = render_to_string("composants/erreurs.html", {"form": form})
    assert "9 champs à corriger. Rien n’est perdu." in html
    page = str(form)
    for faute in fautes(form):
        assert f'href="#{faute.cible}"' in html
        assert f'id="{faute.cible}"' in page
    assert "Nom\u00a0: ce champ est obligatoire." in html
    assert 'tabindex="-1"' in html


def test_un_formulaire_neuf_n_a_pas_de_resume():
    assert render_to_string("composants/erreurs.html", {"form": Essai()}).strip() == ""


def test_une_erreur_generale_se_lit_seule():
    class Connexion(FormulaireDsfr, forms.Form):
        def clean(self):
            raise forms.ValidationError("Adresse ou mot de passe incorrect.")

    html = render_to_string("composants/erreurs.html", {"form": Connexion({})})
    assert "Adresse ou mot de passe incorrect." in html
    assert "à corriger" not in html


def test_un_formulaire_d_ailleurs_a_la_meme_allure():
    class Ailleurs(forms.Form):
        code = forms.CharField(label="Code")

    html = str(Ailleurs({}))
    assert "1 champ à corriger. Rien n’est perdu." in html
    assert "fr-input--error" in html
