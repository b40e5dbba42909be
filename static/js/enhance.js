// Small comforts on top of pages that work without them. Nothing here writes HTML.
"use strict";

// A form that came back with errors: say so in the title; the summary itself asks for the focus.
function showErrors() {
  const summary = document.querySelector("[data-title-prefix]");
  if (!summary) return;
  document.title = summary.dataset.titlePrefix + document.title;
  if (!("autofocus" in HTMLElement.prototype)) summary.focus();
}

// One press is one post. A second press is ignored; after a while, or back on the page, it counts again.
function guardPosts() {
  const sent = new Map();
  const release = (form) => {
    const button = sent.get(form);
    if (button) button.removeAttribute("aria-disabled");
    sent.delete(form);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.set(form, event.submitter);
    // Only marked, never disabled: a disabled button would not send its own name and value.
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    setTimeout(() => release(form), 8000);
  });
  window.addEventListener("pageshow", () => [...sent.keys()].forEach(release));
}

// While a menu lies over the page, what lies under it cannot be reached: half a button is no button.
// "beforetoggle" is told at once; "toggle" a moment later, in which a press would still meet the wrong page.
function coverPage() {
  const main = document.querySelector("main");
  if (!main) return;
  document.addEventListener(
    "beforetoggle",
    (event) => {
      if (!event.target.matches("[popover]")) return;
      // Under a dialog the whole page; under the navigation the heading stays, for who reads by headings.
      const covered = event.target.matches("[role=dialog]")
        ? [main]
        : main.querySelectorAll(":scope > :not(.title), .toolbar");
      covered.forEach((part) => (part.inert = event.newState === "open"));
    },
    true,
  );
}

// Something is being made: ask now and then, and show the page again when it is done.
// The address answers {"done": false, "text": "…"}; the text is optional.
function watch(element) {
  const every = Math.max(1, Number(element.dataset.pollEvery) || 2) * 1000;
  let wait = every;
  const again = () => setTimeout(ask, wait);
  const ask = async () => {
    if (document.hidden) {
      document.addEventListener("visibilitychange", ask, { once: true });
      return;
    }
    try {
      const answer = await fetch(element.dataset.poll, { headers: { Accept: "application/json" } });
      if (answer.redirected || answer.status === 401 || answer.status === 403 || answer.status === 404) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      if (state.done) {
        window.location.reload();
        return;
      }
      if (state.text && state.text !== element.textContent) element.textContent = state.text;
      wait = every;
    } catch {
      wait = Math.min(wait * 2, 30000);
    }
    again();
  };
  again();
}

// A button that copies the field it names. Where the browser has no clipboard it stays away.
function offerCopy(button) {
  const field = document.getElementById(button.dataset.copy);
  if (!field || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  });
}

showErrors();
guardPosts();
coverPage();
document.querySelectorAll("[data-poll]").forEach(watch);
document.querySelectorAll("[data-copy]").forEach(offerCopy);
