/* The import's pages. Without this file everything works: the browser waits, and the file is selected again when it is
   needed twice. With it: the file stays in the memory of the page (never elsewhere), and long work shows its progress. */
(function () {
  "use strict";

  var DELAI = 2000; // milliseconds before a wait is shown
  var garde = null; // the File last sent, for as long as this page lives
  var enCours = false;
  var part = false; // the browser is leaving this page: what comes back no longer matters

  // --- The file, kept in the page for the forms that need it again -------------------------------
  function liste(fichier) {
    try {
      var transfert = new DataTransfer();
      transfert.items.add(fichier);
      return transfert.files;
    } catch (erreur) {
      return null; // an old browser: the user selects the file again
    }
  }

  function preparer() {
    var fichiers = garde && liste(garde);
    document.querySelectorAll("[data-fichier]").forEach(function (bloc) { bloc.hidden = Boolean(fichiers); });
    document.querySelectorAll("[data-avec-fichier]").forEach(function (bloc) { bloc.hidden = !fichiers; });
    document.querySelectorAll("[data-sans-fichier]").forEach(function (bloc) { bloc.hidden = Boolean(fichiers); });
    if (!fichiers) { return; }
    document.querySelectorAll("[data-fichier] input[type=file], [data-avec-fichier] input[type=file]").forEach(
      function (champ) { champ.files = fichiers; }
    );
  }

  // --- A wait that lasts says how far it is --------------------------------------------------------
  function montrerAttente(titre, suivre) {
    var modele = document.getElementById("lecture-modele");
    var contenu = document.getElementById("contenu");
    if (!modele || !contenu) { return function () {}; }
    var panneau = null, sondage = null, caches = [];
    var minuterie = window.setTimeout(function () {
      panneau = document.importNode(modele.content, true).firstElementChild;
      panneau.querySelector("[data-titre]").textContent = titre;
      Array.prototype.forEach.call(contenu.children, function (enfant) {
        if (!enfant.hidden && !/^(H1|TEMPLATE|SCRIPT)$/.test(enfant.tagName)) {
          enfant.hidden = true;
          caches.push(enfant);
        }
      });
      contenu.appendChild(panneau);
      panneau.focus();
      if (suivre) {
        sonder();
        sondage = window.setInterval(sonder, DELAI);
      }
    }, DELAI);

    function sonder() {
      fetch("/importer/avancement.json", { credentials: "same-origin" })
        .then(function (reponse) { return reponse.ok ? reponse.json() : {}; })
        .then(function (etat) {
          if (!panneau || !etat.total) { return; }
          var barre = panneau.querySelector("progress");
          barre.max = etat.total;
          barre.value = etat.lues;
          panneau.querySelector("[data-etat]").textContent =
            etat.lues.toLocaleString("fr-FR") + " lignes lues sur " + etat.total.toLocaleString("fr-FR");
        })
        .catch(function () { /* the next look may succeed */ });
    }

    return function () {
      window.clearTimeout(minuterie);
      window.clearInterval(sondage);
      caches.forEach(function (enfant) { enfant.hidden = false; });
      if (panneau) { panneau.remove(); panneau = null; }
    };
  }

  // --- Send a form, and put the page it answers in place of this one -------------------------------
  function remplacer(html, adresse) {
    var page = new DOMParser().parseFromString(html, "text/html");
    var nouveau = page.getElementById("contenu"), ancien = document.getElementById("contenu");
    if (!nouveau || !ancien) { return false; }
    document.title = page.title;
    ancien.replaceWith(document.adoptNode(nouveau));
    var messages = page.getElementById("messages"), anciens = document.getElementById("messages");
    if (anciens) { anciens.remove(); }
    if (messages) { nouveau.before(document.adoptNode(messages)); }
    if (adresse !== window.location.href) { window.history.pushState({ importer: true }, "", adresse); }
    preparer();
    window.scrollTo(0, 0);
    var cible = nouveau.querySelector("[data-erreurs]") || (messages && nouveau.querySelector("#compteurs")) || nouveau;
    cible.focus();
    return true;
  }

  function envoyer(formulaire, bouton) {
    var donnees = new FormData(formulaire);
    if (bouton && bouton.name) { donnees.append(bouton.name, bouton.value); }
    var fichier = donnees.get("classeur");
    var ranger = montrerAttente("Lecture de votre classeur", formulaire.hasAttribute("data-lecture"));
    enCours = true;
    part = false; // whoever presses a button is still here
    fetch(formulaire.action, { method: "POST", body: donnees, credentials: "same-origin" })
      .then(function (reponse) {
        return reponse.text().then(function (html) {
          enCours = false;
          ranger();
          if (fichier instanceof File && fichier.size) { garde = fichier; }
          if (!part && !remplacer(html, reponse.url)) { envoyerSansMoi(formulaire, bouton); }
        });
      })
      .catch(function () {
        enCours = false;
        ranger();
        if (!part) { envoyerSansMoi(formulaire, bouton); }
      });
  }

  // No answer, or one that is no page of ours: sent as any form, so that the browser says what is wrong.
  function envoyerSansMoi(formulaire, bouton) {
    formulaire.removeAttribute("data-sur-place");
    if (formulaire.requestSubmit) { formulaire.requestSubmit(bouton || undefined); } else { formulaire.submit(); }
  }

  // A court chosen in the list is the answer: its button is ticked with it.
  document.addEventListener("change", function (evenement) {
    var bouton = evenement.target.dataset && document.getElementById(evenement.target.dataset.coche);
    if (bouton && evenement.target.value) { bouton.checked = true; }
  });

  document.addEventListener("submit", function (evenement) {
    var formulaire = evenement.target, bouton = evenement.submitter;
    if (bouton && bouton.hasAttribute("data-telecharge")) { return; }
    if (formulaire.hasAttribute("data-sur-place")) {
      evenement.preventDefault();
      if (!enCours) { envoyer(formulaire, bouton); }
    } else if (formulaire.hasAttribute("data-ecriture")) {
      if (enCours) { evenement.preventDefault(); return; }
      enCours = true;
      montrerAttente(formulaire.getAttribute("data-ecriture"), false);
    }
  });

  // A download looks like a departure: after a few seconds without leaving, the page is still there.
  window.addEventListener("beforeunload", function () {
    part = true;
    window.setTimeout(function () { part = false; }, 4000);
  });

  // Back and Forward between pages put in place: the server gives each of them anew.
  window.addEventListener("popstate", function () { window.location.reload(); });
  window.addEventListener("pageshow", function (evenement) { if (evenement.persisted) { enCours = false; } });
  preparer();
})();
