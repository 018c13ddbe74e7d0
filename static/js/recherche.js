/* The search: an address without empty criteria, a pin that lights its row up. The page works without this file. */
(function () {
  "use strict";

  // What is not asked stays out of the address: a search is a link that people keep and send.
  document.addEventListener("htmx:configRequest", function (evenement) {
    var donnees = evenement.detail.formData;
    if (!donnees || evenement.detail.verb !== "get") { return; }
    Array.from(donnees.keys()).forEach(function (nom) {
      if (!donnees.get(nom)) { donnees.delete(nom); }
    });
  });
  document.addEventListener("submit", function (evenement) {
    var formulaire = evenement.target;
    if (!formulaire.matches("form.em-recherche")) { return; }
    Array.from(formulaire.elements).forEach(function (champ) {
      if (champ.name && !champ.value && !champ.disabled) {
        champ.disabled = true;
        window.setTimeout(function () { champ.disabled = false; }, 0);
      }
    });
  }, true);

  // A street stays in this browser: only its commune is asked, and the page says so.
  function garderLaCommune(evenement) {
    var formulaire = evenement.target.form || evenement.target;
    if (!formulaire.matches || !formulaire.matches("form.em-recherche")) { return; }
    var champ = formulaire.elements.lieu, caches = formulaire.querySelector("#recherche-caches");
    if (!champ) { return; }
    var commune = window.emjpmCommune(champ.value);
    if (commune === champ.value.trim()) { return; }
    champ.value = commune;
    var note = document.createElement("input");
    note.type = "hidden";
    note.name = "commune_seule";
    note.value = "1";
    caches.append(note);
  }
  document.addEventListener("change", garderLaCommune, true);
  document.addEventListener("submit", garderLaCommune, true);

  // A pin pointed at lights its row up, as a row does its pin.
  function eclairer(evenement, allume) {
    var repere = evenement.target.closest && evenement.target.closest("a.em-plan__repere");
    var ligne = repere && document.querySelector('[data-repere="' + repere.id + '"]');
    if (ligne) { ligne.classList.toggle("em-montre", allume); }
  }
  ["mouseover", "focusin"].forEach(function (nom) {
    document.addEventListener(nom, function (e) { eclairer(e, true); });
  });
  ["mouseout", "focusout"].forEach(function (nom) {
    document.addEventListener(nom, function (e) { eclairer(e, false); });
  });
})();
