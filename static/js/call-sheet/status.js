// Whether all is kept, said in the bar and, when it is not, above the sheet.
const MET =
  '<svg class="app-icon app-icon--met" width="22" height="22" viewBox="0 0 22 22" aria-hidden="true" focusable="false"><circle cx="11" cy="11" r="9" fill="currentColor"/><path d="m6.5 11 3 3.2 6-6.6" fill="none" stroke="Canvas" stroke-width="2.2"/></svg>';
const LATE =
  '<svg class="app-icon app-icon--late" width="22" height="22" viewBox="0 0 22 22" aria-hidden="true" focusable="false"><path d="M11 2 21 20H1z" fill="currentColor"/><path d="M10 8h2v6h-2zm0 7.5h2v2h-2z" fill="Canvas"/></svg>';

export function status(form) {
  const bar = form.querySelector("#saved");
  const box = form.querySelector("[data-not-saved]");
  const cover = document.querySelector("template[data-covered]");
  let covering = null;
  let last = bar.textContent.trim().split(" ").pop();
  let state = bar.dataset.saved;

  function write(now, icon, words, at) {
    if (state === now && bar.dataset.at === at) return;
    state = now;
    bar.dataset.saved = now;
    bar.dataset.at = at;
    bar.className = `app-saved app-saved--${now}`;
    bar.innerHTML = `${icon}<span><span class="app-saved__long">${words} </span></span>`;
    bar.lastChild.append(at);
  }

  // Somebody else is at this computer: nothing of the call is shown until its officer is back.
  function covered(now) {
    if (now === Boolean(covering)) return;
    form.hidden = now;
    if (now) {
      cover.after(cover.content.cloneNode(true));
      covering = cover.nextElementSibling;
    } else {
      covering.remove();
      covering = null;
    }
  }

  return {
    saved(at) {
      last = at;
      write("saved", MET, "All saved", at);
      box.hidden = true;
      covered(false);
    },
    notSaved(why) {
      const at = /\d|mid/.test(last) ? last : "the start";
      write("not", LATE, "Not saved since", at);
      covered(why === "somebody-else");
      for (const words of box.querySelectorAll("[data-not-saved-words]")) {
        words.hidden = words.dataset.notSavedWords !== (why === "signed-out" ? why : "server");
      }
      box.hidden = false;
    },
  };
}
