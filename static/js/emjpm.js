/* Small comforts: every page works without this file. */
(function () {
  "use strict";

  // A refused form: the focus goes to the summary of its errors.
  function montrerErreurs(racine) {
    var erreurs = racine.querySelector("[data-erreurs]");
    if (erreurs) { erreurs.focus(); }
  }

  // A link of the summary leads to its field; the focus follows.
  document.addEventListener("click", function (evenement) {
    var lien = evenement.target.closest("[data-erreurs] a[href^='#']");
    var champ = lien && document.getElementById(lien.getAttribute("href").slice(1));
    if (champ) { evenement.preventDefault(); champ.focus(); champ.scrollIntoView({ block: "center" }); }
  });

  // [data-imprimer]: a button shown only where it can work.
  function preparerImpression(racine) {
    racine.querySelectorAll("[data-imprimer]").forEach(function (bouton) { bouton.hidden = false; });
  }
  document.addEventListener("click", function (evenement) {
    if (evenement.target.closest("[data-imprimer]")) { evenement.preventDefault(); window.print(); }
  });

  // [data-repere="p3"]: pointing at a row lights its pin up.
  function eclairer(evenement, allume) {
    var ligne = evenement.target.closest && evenement.target.closest("[data-repere]");
    var repere = ligne && document.getElementById(ligne.dataset.repere);
    if (repere) { repere.classList.toggle("em-montre", allume); }
  }
  ["mouseover", "focusin"].forEach(function (nom) {
    document.addEventListener(nom, function (e) { eclairer(e, true); });
  });
  ["mouseout", "focusout"].forEach(function (nom) {
    document.addEventListener(nom, function (e) { eclairer(e, false); });
  });

  // More than a commune typed where one is asked: it must leave this browser as little as it can (docs/adr/0011). The
  // server reads better and has the last word: a text this cannot shorten is given back as it is.
  window.emjpmCommune = function (texte) {
    var saisi = texte.trim(), code = saisi.match(/^(.*?)\b(\d{5}\b[^,\d]*cedex\s*\d{1,2}\b|\b\d{5}\b[^,\d]*)/i);
    if (code) {
      var avant = code[1].trim(), suite = code[2].trim(), plus = suite.length > 5;
      return plus || /[\d,]/.test(avant) || avant.split(/\s+/).length > 4 ? suite : saisi;
    }
    if (!/\d/.test(saisi)) { return saisi; }  // « Saint-Denis, La Réunion »: the server tells a street from a département
    var parties = saisi.split(",").map(function (p) { return p.trim(); });
    var lisibles = parties.filter(function (p) { return p && !/\d/.test(p); });
    return parties.length > 1 && lisibles.length ? lisibles[lisibles.length - 1] : saisi;
  };
  // « 12 rue des… », or what can be shortened: no suggestion is asked for it.
  window.emjpmAdresse = function (texte) {
    return /(^|\s)\d{1,4}\s*(bis|ter|quater|[a-d])?[\s,]+[^\d\s]+\s+\S/i.test(texte)
      || window.emjpmCommune(texte) !== texte.trim();
  };

  // input[data-communes]: suggestions in a <datalist> (data-communes-valeur="nom" to write the bare name).
  var attente;
  function suggerer(champ) {
    var saisi = champ.value.trim();
    if (saisi.length < 2 || window.emjpmAdresse(saisi)) { return; }
    fetch((champ.dataset.communes || "/geographie/communes.json") + "?q=" + encodeURIComponent(saisi))
      .then(function (reponse) { return reponse.ok ? reponse.json() : {}; })
      .then(function (donnees) {
        var lignes = donnees.communes || [];
        var liste = document.getElementById(champ.id + "_suggestions");
        if (!liste) {
          liste = document.createElement("datalist");
          liste.id = champ.id + "_suggestions";
          champ.after(liste);
          champ.setAttribute("list", liste.id);
        }
        liste.replaceChildren.apply(liste, lignes.map(function (ligne) {
          var option = document.createElement("option");
          option.value = ligne[champ.dataset.communesValeur || "libelle"];
          return option;
        }));
      })
      .catch(function () { /* no suggestion: the field still works */ });
  }
  document.addEventListener("input", function (evenement) {
    var champ = evenement.target.closest("input[data-communes]");
    if (!champ) { return; }
    window.clearTimeout(attente);
    attente = window.setTimeout(function () { suggerer(champ); }, 200);
  });

  // input[type=file][data-octets-max]: a file too large is said before it is sent.
  document.addEventListener("change", function (evenement) {
    var champ = evenement.target.closest("input[type=file][data-octets-max]");
    if (!champ) { return; }
    var fichier = champ.files[0], limite = Number(champ.dataset.octetsMax);
    var mega = String(Math.floor(limite / 1048576));
    champ.setCustomValidity(fichier && fichier.size > limite
      ? "Ce fichier dépasse " + mega + "\u00a0Mo. Rien n’a été envoyé." : "");
    champ.reportValidity();
  });

  // select[data-seulement-si="lieu_vie etablissement"]: open only when the answer to « lieu_vie » begins so.
  function accorder(select) {
    var regle = select.dataset.seulementSi.split(" ");
    var champs = select.form ? select.form.querySelectorAll("[name='" + regle[0] + "']") : [];
    var reponse = Array.prototype.find.call(champs, function (c) { return c.type !== "radio" || c.checked; });
    select.disabled = !reponse || reponse.value.indexOf(regle[1]) !== 0;
    if (select.disabled) { select.value = ""; }
  }
  function accorderTout() { document.querySelectorAll("select[data-seulement-si]").forEach(accorder); }
  document.addEventListener("change", function (evenement) {
    if (evenement.target.form && evenement.target.form.querySelector("select[data-seulement-si]")) { accorderTout(); }
  });

  // htmx: what is being replaced is busy; a form with data-focus="resultats" leads to what it brought.
  document.addEventListener("htmx:beforeRequest", function (evenement) {
    evenement.detail.target.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", function (evenement) {
    evenement.detail.target.removeAttribute("aria-busy");
  });
  document.addEventListener("htmx:afterSettle", function (evenement) {
    preparerImpression(document);
    var demande = evenement.detail.requestConfig;
    var parBouton = demande && demande.triggeringEvent && demande.triggeringEvent.type === "submit";
    var cible = parBouton && demande.elt.dataset.focus && document.getElementById(demande.elt.dataset.focus);
    if (cible) { cible.focus(); return; }
    // The link that was followed went away with what it replaced (a page of a list): the focus goes to what came.
    var arrivee = evenement.detail.target;
    if (document.activeElement === document.body && arrivee.matches("[tabindex='-1']")) {
      arrivee.focus({ preventScroll: true });
    }
  });

  montrerErreurs(document);
  preparerImpression(document);
  accorderTout();
})();
