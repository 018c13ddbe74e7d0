/* The map of IGN in place of the drawn one, when somebody asks for it: nothing is fetched before (docs/adr/0012).
   Its pins are the links of the drawing, with their names, colours, numbers and ids: what lights them up, or leads to
   them, does not know which map is shown. */
(function () {
  "use strict";
  // After « Back », htmx puts the whole page in place again and runs its scripts anew: one set of listeners is enough.
  if (window.emjpmFondDePlan) { window.emjpmFondDePlan(); return; }

  var DELAI = 4000;  // ms left to the first tile
  var ECART = 29;    // px between the centres of two pins, as on the drawing
  var SVG = "http://www.w3.org/2000/svg";
  var choisi = false;  // kept while the page lives: the next results come on the same map
  var essai = null;    // what is shown or being loaded: {commande, dessin, cadre, carte, attente}

  function bouton() { return document.querySelector("[data-fond-de-plan]"); }
  function nombres(texte) { return (texte || "").trim().split(/\s+/).filter(Boolean).map(Number); }

  function dire(texte) {
    var etat = document.querySelector("[data-fond-de-plan-etat]");
    if (etat) { etat.textContent = texte; }
  }

  // --- Leaflet and its styles, once ---------------------------------------------------------------
  var chargement = null;
  function demander(genre, attributs) {
    return new Promise(function (fait, rate) {
      var element = Object.assign(document.createElement(genre), attributs);
      element.onload = fait;
      element.onerror = function () { element.remove(); rate(new Error(genre)); };
      document.head.append(element);
    });
  }
  function charger(depuis) {
    chargement = chargement || Promise.all([
      demander("link", { rel: "stylesheet", href: depuis.style }),
      demander("link", { rel: "stylesheet", href: depuis.styleNotre }),
      demander("script", { src: depuis.script })
    ]).catch(function (erreur) { chargement = null; throw erreur; });
    return chargement;
  }

  // --- From one map to the other ------------------------------------------------------------------
  function montrer() {
    var commande = bouton(), dessin = document.querySelector(".em-volet-carte svg.em-plan");
    if (!commande || !dessin) { return; }
    var ici = essai = { commande: commande, dessin: dessin };
    choisi = true;
    commande.textContent = "Carte dessinée";
    dire("Chargement du fond de plan…");
    charger(commande.dataset).then(function () { if (essai === ici) { tracer(ici); } })
      .catch(function () { renoncer(ici); });
  }

  function retirer() {
    var ici = essai;
    essai = null;
    if (!ici) { return; }
    window.clearTimeout(ici.attente);
    if (ici.carte) { ici.carte.remove(); }
    if (ici.cadre) { ici.cadre.replaceWith(ici.dessin); }
    ici.commande.textContent = "Fond de plan IGN";
  }

  function renoncer(ici) {
    if (essai !== ici) { return; }
    choisi = false;
    retirer();
    dire("Le fond de plan n’est pas joignable.");
  }

  // --- The map: laid behind the drawing, which gives way to its first tile ------------------------
  function tracer(ici) {
    var L = window.L, calme = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    var plan = document.createElement("div");
    ici.cadre = document.createElement("div");
    ici.cadre.className = "em-plan-cadre";
    plan.className = "em-plan-ign";
    plan.setAttribute("role", "group");
    plan.setAttribute("aria-label", ici.dessin.getAttribute("aria-label"));
    ici.dessin.replaceWith(ici.cadre);
    ici.cadre.append(ici.dessin, plan);
    // Neither the wheel nor one finger: both scroll the page over the map.
    var carte = ici.carte = L.map(plan, {
      zoomControl: false, scrollWheelZoom: false, dragging: !L.Browser.mobile, minZoom: 4, maxZoom: 18,
      zoomAnimation: !calme, fadeAnimation: !calme, markerZoomAnimation: !calme, inertia: !calme
    });
    carte.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer" }).addTo(carte);
    var centre = nombres(ici.dessin.dataset.centre), rayons = nombres(ici.dessin.dataset.cercles);
    var reperes = Array.from(ici.dessin.querySelectorAll("a.em-plan__repere")).reverse();  // in the order of the rows
    var points = reperes.map(function (repere) { return nombres(repere.dataset.point); });
    carte.fitBounds(
      points.length ? [centre].concat(points) : L.latLng(centre).toBounds(2000 * (rayons[0] || 10)),
      { padding: [34, 34], maxZoom: 12, animate: false }
    );
    rayons.forEach(function (km) { cercle(carte, centre, km); });
    figure(carte, centre, dessiner("path", { "class": "em-plan__origine", d: "M0 -9l9 9l-9 9l-9 -9Z" }), -1);
    poserLesReperes(carte, centre, points, reperes);
    poserLesTuiles(ici, plan);
  }

  function poserLesTuiles(ici, plan) {
    var couche = window.L.tileLayer(ici.commande.dataset.fondDePlan, { maxZoom: 18, attribution: "© IGN – Géoplateforme" });
    var vue = false;
    couche.on("tileload", function () {
      if (vue || essai !== ici) { return; }
      vue = true;
      window.clearTimeout(ici.attente);
      ici.dessin.remove();
      plan.classList.add("em-plan-ign--vu");
      plan.querySelectorAll("[data-epingle]").forEach(function (lien) { lien.id = lien.dataset.epingle; });
      dire("");
    });
    // All have answered and none is an image. One that fails is nothing: IGN has none far beyond the borders.
    couche.on("load", function () { if (!vue) { renoncer(ici); } });
    ici.attente = window.setTimeout(function () { renoncer(ici); }, DELAI);
    couche.addTo(ici.carte);
  }

  // --- What is drawn on it ------------------------------------------------------------------------
  function dessiner(genre, attributs, texte) {
    var element = document.createElementNS(SVG, genre);
    Object.keys(attributs).forEach(function (nom) { element.setAttribute(nom, attributs[nom]); });
    if (texte) { element.textContent = texte; }
    return element;
  }

  function toile() {
    return dessiner("svg", { viewBox: "-16 -16 32 32", width: 32, height: 32, "aria-hidden": "true", focusable: "false" });
  }

  /* Something at a point, that answers to nothing by itself. */
  function figure(carte, point, dessin, rang) {
    var svg = dessin;
    if (dessin.namespaceURI === SVG) { (svg = toile()).append(dessin); }
    return window.L.marker(point, {
      icon: window.L.divIcon({ className: "em-plan-ign__figure", html: svg, iconSize: [32, 32] }),
      interactive: false, keyboard: false, zIndexOffset: 1000 * rang
    }).addTo(carte);
  }

  function cercle(carte, centre, km) {
    window.L.circle(centre, { radius: km * 1000, className: "em-plan-ign__cercle", interactive: false }).addTo(carte);
    var ecart = 0.707 * km / 111.2;  // degrees, on the diagonal
    var bord = [centre[0] - ecart, centre[1] + ecart / Math.cos(centre[0] * Math.PI / 180)];
    figure(carte, bord, dessiner("text", { "class": "em-plan-ign__nom", y: 4 }, km + "\u00a0km"), -1);
  }

  function epingle(repere) {
    var lien = document.createElement("a"), svg = toile();
    lien.className = repere.getAttribute("class");
    lien.href = repere.getAttribute("href");
    lien.draggable = false;
    lien.setAttribute("aria-label", repere.getAttribute("aria-label"));
    lien.dataset.epingle = repere.id;
    svg.append(dessiner("circle", { r: 13 }), dessiner("text", { y: 4 }, repere.id.slice(1)));
    lien.append(svg);
    return lien;
  }

  function poserLesReperes(carte, centre, points, reperes) {
    var traits = window.L.layerGroup().addTo(carte), liens = reperes.map(epingle);
    var marques = liens.map(function (lien, i) { return figure(carte, points[i], lien, liens.length - i); });
    function placer() {
      var places = points.map(function (point) { return carte.project(point); });
      ecarter(places, carte.project(centre));
      traits.clearLayers();
      places.forEach(function (place, i) {
        var ou = carte.unproject(place);
        marques[i].setLatLng(ou);
        if (place.distanceTo(carte.project(points[i])) <= 1) { return; }
        window.L.polyline([points[i], ou], { className: "em-plan-ign__trait", interactive: false }).addTo(traits);
        window.L.circleMarker(points[i], { radius: 2.5, className: "em-plan-ign__vrai", interactive: false }).addTo(traits);
      });
    }
    placer();
    carte.on("zoomend", placer);
    carte.getContainer().addEventListener("focusin", function (evenement) {
      var rang = liens.indexOf(evenement.target);
      if (rang >= 0) { carte.panInside(marques[rang].getLatLng(), { padding: [34, 34], animate: false }); }
    });
  }

  /* Push apart, in place, the pins that cover each other or the origin: geographie/cartes.py does it on the drawing. */
  function ecarter(places, fixe) {
    function pousser(a, b, ecart, part, angle) {  // false when they were far enough
      var dx = b.x - a.x, dy = b.y - a.y, distance = Math.hypot(dx, dy);
      if (distance >= ecart - 0.5) { return false; }
      if (distance < 0.01) { dx = Math.cos(angle); dy = Math.sin(angle); distance = 1; }
      var manque = ecart - Math.hypot(b.x - a.x, b.y - a.y);
      a.x -= dx / distance * manque * (1 - part); a.y -= dy / distance * manque * (1 - part);
      b.x += dx / distance * manque * part; b.y += dy / distance * manque * part;
      return true;
    }
    for (var tour = 0, bouge = true; bouge && tour < 200; tour += 1) {
      bouge = false;
      for (var i = 0; i < places.length; i += 1) {
        for (var j = i + 1; j < places.length; j += 1) {
          bouge = pousser(places[i], places[j], ECART, 0.5, 2.4 * (i + j) + tour) || bouge;
        }
        bouge = pousser(fixe, places[i], ECART * 0.76, 1, 2.4 * i) || bouge;
      }
    }
  }

  // --- When ---------------------------------------------------------------------------------------
  function preparer() {
    var commande = bouton();
    if (essai && !essai.commande.isConnected) { retirer(); }  // the results were replaced, their map with them
    if (!commande) { return; }
    commande.hidden = false;
    if (choisi && !essai) { montrer(); }
  }
  document.addEventListener("click", function (evenement) {
    if (!evenement.target.closest("[data-fond-de-plan]") || evenement.detail > 1) { return; }  // a double click is one
    dire("");
    if (choisi) { choisi = false; retirer(); } else { montrer(); }
  });
  // Before its place is taken: a browser gives up the tiles it still waits for only while they are in the page.
  document.addEventListener("htmx:beforeSwap", function (evenement) {
    if (essai && evenement.detail.shouldSwap && evenement.detail.target.contains(essai.commande)) { retirer(); }
  });
  document.addEventListener("htmx:afterSettle", preparer);
  window.emjpmFondDePlan = preparer;
  preparer();
})();
