// F2 notepad and back, F4 the next thing still needed, F8 the danger panel. Escape is
// close-on-escape's. Function keys, because letters would fire while typing.
export function addKeys(form, notepad) {
  let before = null;
  let turn = 0;

  const actions = {
    F2() {
      if (document.activeElement === notepad.box) {
        (before?.isConnected ? before : form.querySelector("main input")).focus();
      } else {
        before = document.activeElement === document.body ? null : document.activeElement;
        notepad.box.focus();
      }
    },
    F4() {
      const links = [...form.querySelectorAll("[data-needed-box] [data-needed] a")];
      if (!links.length) return;
      go(links[turn++ % links.length].hash.slice(1));
    },
    F8() {
      const panel = form.querySelector("[data-danger]");
      panel.open = !panel.open;
      panel.querySelector("summary").focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  });

  // A link to a question goes to its first box, ready to answer.
  form.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#ask-"]');
    if (!link) return;
    event.preventDefault();
    go(link.hash.slice(1));
  });
}

function go(id) {
  const place = document.getElementById(decodeURIComponent(id));
  if (!place) return;
  place.closest("details:not([open])")?.setAttribute("open", "");
  place.scrollIntoView({ block: "start" });
  const fits = "input:not([type=hidden]):not([disabled]), textarea";
  const first = place.querySelector(`${fits.replace("input", "input:checked")}`);
  (first ?? place.querySelector(fits))?.focus({ preventScroll: true });
}
