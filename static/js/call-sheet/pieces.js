// The pieces of the page that follow what was answered. Never a box somebody may be typing in.
import { arise } from "./arise.js";

const byId = (id) => document.getElementById(id);

// What a save told: marks, what is still needed, the safe-contact line, what cannot be.
export function show(form, news) {
  for (const box of form.querySelectorAll("[data-needed]")) box.innerHTML = news.pieces.needed;
  for (const total of form.querySelectorAll("[data-needed-total]")) {
    total.textContent = news.total;
  }
  for (const tag of form.querySelectorAll("[data-need]")) {
    tag.hidden = !news.needed.includes(tag.dataset.need);
  }
  form.querySelector("[data-safe-line]").innerHTML = news.pieces.line;
  for (const part of news.parts) showPart(form, part, news.pieces.marks[part.slug]);
  for (const notes of form.querySelectorAll("[data-notes]")) {
    const key = notes.dataset.notes;
    write(notes, "app-problem", news.problems[key] ?? "");
    // What another window answered stays beside the question until the page is left.
    if (news.others[key]) write(notes, "app-other-window", news.others[key]);
  }
  uncover(form, news.uncovered);
  if (news.rang_at) form.querySelector("[data-rang-at]").textContent = `Kept at ${news.rang_at}.`;
}

function showPart(form, part, mark) {
  form.querySelector(`[data-part-mark="${part.slug}"]`).innerHTML = mark;
  const state = form.querySelector(`[data-part-state="${part.slug}"]`);
  state.textContent = part.needed ? `${part.needed} still needed` : part.state;
  state.classList.toggle("app-part__state--needed", part.needed > 0);
}

function write(notes, kind, words) {
  let note = notes.querySelector(`.${kind}`);
  if (!words) return note?.remove();
  if (!note) {
    note = document.createElement("p");
    note.className = kind;
    note.setAttribute("role", "status");
    notes.append(note);
  }
  if (note.textContent !== words) note.textContent = words;
}

// Contact details stand covered, empty and switched off until safe contact has been asked.
function uncover(form, open) {
  for (const cover of form.querySelectorAll("[data-covers]")) {
    const key = cover.dataset.covers;
    const box = byId(`id_${key}`);
    const shown = key in open;
    if (shown && box.disabled) box.value = open[key];
    if (!shown) box.value = "";
    box.disabled = !shown;
    cover.hidden = !shown;
  }
}

// The page as the server would draw it now: null when signed out, "somebody-else" when the sheet
// is not the signed-in person's.
export async function freshCopy(form) {
  const response = await fetch(form.action, { credentials: "same-origin" });
  if (response.status === 404) return "somebody-else";
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("form[data-call-sheet]") ? page : null;
}

// Take over the words that a name, a door or "yes or no only" changes. A piece with an answer
// that is not kept yet stays as it is: its time comes with the next one.
export function redraw(form, page, changed) {
  if (!page?.querySelector) return;
  for (const piece of form.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${piece.dataset.live}"]`);
    if (!fresh || fresh.innerHTML === piece.innerHTML) continue;
    if ([...piece.querySelectorAll("[name]")].some((box) => changed.has(box.name))) continue;
    const held = piece.contains(document.activeElement) ? document.activeElement.id : "";
    piece.innerHTML = fresh.innerHTML;
    if (held) byId(held)?.focus({ preventScroll: true });
  }
  for (const kind of ["ask", "question"]) {
    for (const each of form.querySelectorAll(`[data-${kind}]`)) {
      const fresh = page.querySelector(`[data-${kind}="${each.dataset[kind]}"]`);
      if (fresh) each.hidden = fresh.hidden;
    }
  }
  arise(form);
}
