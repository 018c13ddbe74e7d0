/* The map of IGN in place of the drawn one, when somebody asks for it: nothing is fetched before. */
(function () {
  "use strict";
  var DELAI = 4000;
  var choisi = false, carte = null;

  function bouton() { return document.querySelector("[data-fond-de-plan]"); }

  function dire(texte) {
    var etat = document.querySelector("[data-fond-de-plan-etat]");
    if (etat) { etat.textContent = texte; }
  }

  // Leaflet itself, once.
  var chargement = null;
  function charger(depuis) {
    chargement = chargement || new Promise(function (fait, rate) {
      var style = document.createElement("link"), script = document.createElement("script");
      style.rel = "stylesheet";
      style.href = depuis.dataset.style;
      script.src = depuis.dataset.script;
      script.onload = fait;
      script.onerror = function () { chargement = null; rate(); };
      document.head.append(style, script);
    });
    return chargement;
  }

  function nombres(texte) { return (texte || "").trim().split(/\s+/).filter(Boolean).map(Number); }

  function montrer() {
    var commande = bouton(), dessin = document.querySelector(".em-volet-carte .em-plan");
    if (!commande || !dessin || dessin.hidden) { return; }
    charger(commande).then(function () { tracer(commande, dessin); }, function () { renoncer(); });
  }

  function tracer(commande, dessin) {
    var boite = dessin.getBoundingClientRect();
    var cadre = document.createElement("div");
    cadre.className = "em-plan-ign";
    cadre.setAttribute("role", "group");
    cadre.setAttribute("aria-label", dessin.getAttribute("aria-label"));
    cadre.style.height = Math.max(300, Math.round(boite.height)) + "px";
    dessin.before(cadre);
    dessin.setAttribute("hidden", "");
    var centre = nombres(dessin.dataset.centre), points = [centre];
    carte = window.L.map(cadre, { zoomControl: false, scrollWheelZoom: false, maxZoom: 18 });
    window.L.control.zoom({ zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer" }).addTo(carte);
    carte.attributionControl.setPrefix(false);
    var reperes = Array.from(dessin.querySelectorAll("a.em-plan__repere"));
    reperes.forEach(function (repere) { points.push(nombres(repere.dataset.point)); });
    carte.fitBounds(points, { padding: [24, 24], maxZoom: 14 });
    nombres(dessin.dataset.cercles).forEach(function (km) {
      window.L.circle(centre, { radius: km * 1000, className: "em-plan-ign__cercle", interactive: false }).addTo(carte);
    });
    window.L.marker(centre, {
      icon: window.L.divIcon({ className: "em-epingle em-epingle--origine", iconSize: [18, 18] }),
      interactive: false, keyboard: false
    }).addTo(carte);
    reperes.forEach(epingler);
    poserLesTuiles(commande);
    choisi = true;
    commande.textContent = "Carte dessinée";
    commande.setAttribute("aria-pressed", "true");
  }

  function epingler(repere) {
    var point = nombres(repere.dataset.point), classes = ["em-epingle"];
    ["libre", "complet", "approx"].forEach(function (nom) {
      if (repere.classList.contains("em-plan__repere--" + nom)) { classes.push("em-epingle--" + nom); }
    });
    var numero = repere.id.slice(1);
    var epingle = window.L.marker(point, {
      icon: window.L.divIcon({ className: classes.join(" "), html: numero, iconSize: [26, 26] }), riseOnHover: true
    }).addTo(carte);
    var element = epingle.getElement();
    element.dataset.epingle = repere.id;
    element.setAttribute("role", "link");
    element.setAttribute("aria-label", repere.getAttribute("aria-label"));
    epingle.on("click keypress", function (evenement) {
      var touche = evenement.originalEvent && evenement.originalEvent.key;
      if (evenement.type === "click" || touche === "Enter") { window.location.hash = "r" + numero; }
    });
  }

  function poserLesTuiles(commande) {
    var couche = window.L.tileLayer(commande.dataset.fondDePlan, { attribution: "© IGN – Géoplateforme" });
    var attente = window.setTimeout(renoncer, DELAI), vue = false;
    couche.on("tileload", function () { vue = true; window.clearTimeout(attente); });
    couche.on("tileerror", function () { if (!vue) { window.clearTimeout(attente); renoncer(); } });
    couche.addTo(carte);
  }

  function retirer() {
    var cadre = document.querySelector(".em-plan-ign"), commande = bouton();
    if (carte) { carte.remove(); carte = null; }
    if (cadre) {
      cadre.nextElementSibling.removeAttribute("hidden");
      cadre.remove();
    }
    if (commande) {
      commande.textContent = "Fond de plan IGN";
      commande.setAttribute("aria-pressed", "false");
    }
    choisi = false;
  }

  function renoncer() {
    retirer();
    dire("Le fond de plan n’est pas joignable.");
  }

  // A row lights its pin up here as it does on the drawing, and back.
  function eclairer(evenement, allume) {
    var cible = evenement.target.closest ? evenement.target : null;
    var ligne = cible && cible.closest("[data-repere]"), epingle = cible && cible.closest("[data-epingle]");
    var autre = ligne && document.querySelector('[data-epingle="' + ligne.dataset.repere + '"]');
    if (epingle) { autre = document.querySelector('[data-repere="' + epingle.dataset.epingle + '"]'); }
    if (autre) { autre.classList.toggle("em-montre", allume); }
  }
  ["mouseover", "focusin"].forEach(function (nom) {
    document.addEventListener(nom, function (e) { eclairer(e, true); });
  });
  ["mouseout", "focusout"].forEach(function (nom) {
    document.addEventListener(nom, function (e) { eclairer(e, false); });
  });

  function preparer() {
    var commande = bouton();
    if (!commande) { return; }
    commande.hidden = false;
    if (choisi) { carte = null; montrer(); }  // the results were refreshed: the choice stays
  }
  document.addEventListener("click", function (evenement) {
    if (!evenement.target.closest("[data-fond-de-plan]")) { return; }
    dire("");
    if (choisi) { retirer(); } else { montrer(); }
  });
  document.addEventListener("htmx:afterSettle", preparer);
  preparer();
})();
