// Risk with script: each answer is kept when it is given, and the level follows at once.
// Without this file the Save button does it all. No text is kept in the browser's storage.
import { status } from "./call-sheet/status.js";

const PAUSE = 2000; // after typing stops
const RETRY = 4000;
const PATIENCE = 8000; // a server that does not answer by then is not there

const form = document.querySelector("form[data-risk]");
if (form) ask(form);

function ask(form) {
  const said = status(form.closest("main"));
  const changed = new Set();
  let timer;
  let running = null;
  let leaving = false;

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  // Only what changed in this window is sent: another window's answers stay as they are.
  function letter(keys) {
    const body = new URLSearchParams();
    for (const name of ["csrfmiddlewaretoken", "window", "seen"]) {
      body.set(name, form.elements[name].value);
    }
    const all = new FormData(form);
    for (const key of keys) for (const value of all.getAll(key)) body.append(key, value);
    return body;
  }

  // Resolves to true when all is kept. One save at a time; what comes meanwhile follows.
  async function save() {
    clearTimeout(timer);
    if (running) await running;
    if (!changed.size) return true;
    running = once();
    const kept = await running;
    running = null;
    if (!kept) later(RETRY);
    else if (changed.size) return save();
    return kept;
  }

  async function once() {
    const keys = [...changed];
    changed.clear();
    form.dataset.unsaved = "1";
    const failed = (why) => {
      for (const key of keys) changed.add(key);
      said.notSaved(why);
      return false;
    };
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: letter(keys),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (!response.ok) return failed(await explain(response));
      const news = await response.json();
      if (news.sent) {
        leaving = true;
        location.assign(news.sent);
        return false;
      }
      show(form, news);
      said.saved(news.saved_at);
      form.dataset.unsaved = "0";
      return true;
    } catch {
      return failed("server");
    }
  }

  // Signed in again, perhaps in another tab, the page takes the new token.
  async function explain(response) {
    if (response.status >= 500) return "server";
    const again = await fetch(form.action, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await again.text(), "text/html");
    const token = page.querySelector("form[data-risk] [name=csrfmiddlewaretoken]");
    if (!token) return "signed-out";
    form.elements.csrfmiddlewaretoken.value = token.value;
    return "server";
  }

  form.addEventListener("input", ({ target }) => {
    if (!/^(Q|RF)\d/.test(target.name)) return;
    changed.add(target.name);
    form.dataset.unsaved = "1";
    if (target.matches("input")) save();
    else later(PAUSE);
  });
  form.addEventListener("focusout", () => {
    if (changed.size) save();
  });
  form.addEventListener("submit", async (event) => {
    if (leaving) return;
    event.preventDefault();
    const button = event.submitter;
    // A form that is still being submitted ignores a second request: wait until it is not.
    await new Promise((done) => setTimeout(done));
    const kept = await save();
    if (!kept || button?.value === "save") return;
    leaving = true;
    form.requestSubmit(button);
  });
  // A link to a question goes to its first answer, ready to choose.
  form.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#ask-"]');
    const place = link && document.getElementById(link.hash.slice(1));
    if (!place) return;
    event.preventDefault();
    place.scrollIntoView({ block: "start" });
    place.querySelector("input:checked, input")?.focus({ preventScroll: true });
  });
  window.addEventListener("pageshow", () => (leaving = false));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && changed.size) event.preventDefault();
  });
  form.dataset.unsaved = "0";
}

// What follows from the answers is drawn by the server. A piece somebody is in stays as it is,
// and so does a panel that is open.
function show(form, news) {
  for (const [name, html] of Object.entries(news.pieces)) {
    const piece = form.querySelector(`[data-piece="${name}"]`);
    if (!piece || piece.innerHTML === html) continue;
    if (piece.contains(document.activeElement) || piece.querySelector("details[open]")) continue;
    piece.innerHTML = html;
  }
  for (const tag of form.querySelectorAll("[data-need]")) {
    tag.hidden = !news.not_asked.includes(tag.dataset.need);
  }
  for (const [code, words] of Object.entries(news.others)) {
    const notes = form.querySelector(`[data-notes="${code}"]`);
    if (!notes) continue;
    const note = document.createElement("p");
    note.className = "app-other-window";
    note.setAttribute("role", "status");
    note.textContent = words;
    notes.replaceChildren(note);
  }
}
