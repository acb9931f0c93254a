// The call sheet with script: it saves earlier, adds keys and says when it could not save.
// Without this file everything works by its buttons. No text is kept in the browser's storage.
import { addKeys } from "./call-sheet/keys.js";
import { freshCopy, redraw, show } from "./call-sheet/pieces.js";
import { arise } from "./call-sheet/arise.js";
import { Notepad } from "./call-sheet/notepad.js";
import { status } from "./call-sheet/status.js";

const PAUSE = 2000; // after typing stops
const RETRY = 4000;
const PATIENCE = 8000; // a server that does not answer by then is not there

const form = document.querySelector("form[data-call-sheet]");
if (form) callSheet(form);

function callSheet(form) {
  const changed = new Set();
  const said = status(form);
  const notepad = new Notepad(form, () => save());
  let timer;
  let running = null;
  let again = false;

  // How much is not kept yet: the bar says "Saving" as long as there is any.
  function tally() {
    form.dataset.unsaved = String(changed.size + (notepad.waiting ? 1 : 0) + (running ? 1 : 0));
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  // Only what changed in this window is sent: another window's answers stay as they are.
  function letter(keys, line) {
    const body = new URLSearchParams();
    for (const name of ["csrfmiddlewaretoken", "window", "seen"]) {
      body.set(name, form.elements[name].value);
    }
    const all = new FormData(form);
    for (const key of keys) for (const value of all.getAll(key)) body.append(key, value);
    if (line) {
      body.set("note", line.text);
      body.set("note_key", line.key);
    }
    return body;
  }

  function send(body) {
    return fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  // Resolves to true when all is kept. One save at a time; a second waits for the first.
  async function save() {
    clearTimeout(timer);
    if (running) {
      again = true;
      return running;
    }
    running = once().finally(() => (running = null));
    const kept = await running;
    tally();
    if (!kept) later(RETRY);
    else if (again) {
      again = false;
      if (changed.size || notepad.waiting) return save();
    }
    return kept;
  }

  async function once() {
    const keys = [...changed];
    const line = notepad.waiting;
    if (!keys.length && !line) return true;
    changed.clear();
    form.dataset.unsaved = "1";
    const failed = (why) => {
      for (const key of keys) changed.add(key);
      said.notSaved(why);
      return false;
    };
    try {
      const response = await send(letter(keys, line));
      if (!response.ok) return failed(await explain(response));
      const news = await response.json();
      if (news.sent) {
        location.assign(news.sent);
        return false;
      }
      if (line) notepad.kept(line);
      show(form, news);
      said.saved(news.saved_at);
      if (news.redraw) redraw(form, await freshCopy(form), changed);
      return true;
    } catch {
      return failed("server");
    }
  }

  // Why it was refused. Signed in again, perhaps in another tab, the page takes the new token.
  async function explain(response) {
    if (response.status >= 500) return "server";
    const page = await freshCopy(form);
    if (page === "somebody-else") return "somebody-else";
    if (!page) return "signed-out";
    const token = page.querySelector("form[data-call-sheet] [name=csrfmiddlewaretoken]");
    if (token) form.elements.csrfmiddlewaretoken.value = token.value;
    return "server";
  }

  form.addEventListener("input", ({ target }) => {
    if (!target.name || target.name === "note") return;
    changed.add(target.name);
    tally();
    if (target.matches("input[type=radio], input[type=checkbox]")) {
      arise(form);
      save();
    } else later(PAUSE);
  });
  form.addEventListener("focusout", () => {
    if (changed.size) save();
  });

  let leaving = false;
  form.addEventListener("submit", async (event) => {
    if (leaving) return;
    event.preventDefault();
    const saving = event.submitter?.value === "save";
    const button = (saving && looking(form)) || event.submitter;
    notepad.keep();
    // A form that is still being submitted ignores a second request: wait until it is not.
    await new Promise((done) => setTimeout(done));
    const kept = await save();
    if (!kept || button?.value === "save") return;
    leaving = true;
    form.elements.note.value = "";
    form.requestSubmit(button);
  });
  window.addEventListener("pageshow", () => (leaving = false));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (changed.size || notepad.waiting)) event.preventDefault();
  });

  tally();
  addKeys(form, notepad);
}

// The Search button of a box whose words have not been searched for: a save searches too.
function looking(form) {
  const box = [...form.querySelectorAll("[data-search]")].find(
    (each) => each.value.trim() !== each.defaultValue.trim(),
  );
  return box?.closest(".app-find").querySelector("button");
}
