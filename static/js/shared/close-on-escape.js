// Escape closes the open panel that holds the focus and gives the focus back to its button.
// For panels marked data-closes: the danger panel, the pop-ups at the foot of the call sheet.
export function closeOnEscape(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const held = event.target.closest?.("details[data-closes][open]");
    const panel = held ?? root.querySelector("details[data-closes][open]");
    if (!panel) return;
    panel.open = false;
    if (held) panel.querySelector("summary").focus();
    event.preventDefault();
  });
}
