"use strict";
// Replaces the page's content every few seconds; a finished job's page stays as it is.
const PERIOD_MS = 4000;

async function refresh() {
  const main = document.getElementById("lab");
  if (!main || "still" in main.dataset) return;
  if (!document.hidden && !String(window.getSelection())) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      main.replaceWith(next.getElementById("lab"));
      const status = document.querySelector(".bar .model");
      if (status) status.replaceWith(next.querySelector(".bar .model"));
      document.body.classList.remove("offline");
    } catch {
      document.body.classList.add("offline");
    }
  }
  setTimeout(refresh, PERIOD_MS);
}

setTimeout(refresh, PERIOD_MS);
