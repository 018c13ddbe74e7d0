/* The rows checked in a list: how many, the whole page at once. The page works without this file. */
(function () {
  "use strict";
  var lot = document.querySelector("[data-lot]");
  if (!lot) { return; }
  var cases = Array.prototype.slice.call(lot.querySelectorAll("input[name='mesure']"));
  var tout = lot.querySelector("[data-tout-cocher]");
  var compte = lot.querySelector("[data-compte]");
  var toutes = lot.querySelector("[data-toutes]");
  var total = Number(compte.dataset.total);
  var vide = "Cochez des mesures pour agir sur plusieurs à la fois";

  function nombre(n) { return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f"); }

  // With « toutes », what is unchecked here is left out of the whole list: the server counts the same way.
  function dire() {
    var cochees = cases.filter(function (c) { return c.checked; }).length;
    var n = toutes ? total - (cases.length - cochees) : cochees;
    if (n === 0) { compte.textContent = vide; }
    else if (toutes && n === total && n > 1) { compte.textContent = "Les " + nombre(n) + " mesures de la liste sont cochées."; }
    else if (!toutes && cochees === cases.length && total > cases.length) {
      compte.textContent = "Les " + nombre(n) + " mesures de la page sont cochées.";
    } else { compte.textContent = n === 1 ? "1 mesure cochée" : nombre(n) + " mesures cochées"; }
    tout.checked = cochees === cases.length;
    tout.indeterminate = cochees > 0 && cochees < cases.length;
  }

  function teinter(c) { c.closest("tr").classList.toggle("em-choisie", c.checked); }

  tout.hidden = false;
  lot.querySelector("[data-sans-script]").hidden = true;
  tout.addEventListener("change", function () {
    cases.forEach(function (c) { c.checked = tout.checked; teinter(c); });
    dire();
  });
  lot.addEventListener("change", function (evenement) {
    if (evenement.target.name === "mesure") { teinter(evenement.target); dire(); }
  });
  cases.forEach(teinter);
  if (cases.some(function (c) { return c.checked; })) { dire(); }
})();
