// Enter keeps a line at once; one that could not be kept yet waits, shown as not saved.
export class Notepad {
  #queue = [];

  constructor(form, save) {
    this.form = form;
    this.box = form.elements.note;
    this.list = form.querySelector("[data-note-lines]");
    this.save = save;
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.keep();
      this.save();
    });
  }

  // The next line the server has not answered for.
  get waiting() {
    return this.#queue[0];
  }

  keep() {
    const text = this.box.value.trim();
    if (!text) return;
    const field = this.form.elements.note_key;
    const line = { key: field.value, text, at: now() };
    field.value = crypto.randomUUID();
    this.box.value = "";
    line.item = this.#write(line);
    this.#queue.push(line);
  }

  kept(line) {
    this.#queue.shift();
    line.item.classList.remove("app-note__line--waiting");
    this.#offer(line);
    if (this.#queue.length) this.save();
  }

  #write({ key, text, at }) {
    const item = document.createElement("li");
    item.className = "app-note__line app-note__line--waiting";
    item.dataset.line = key;
    item.append(span("app-note__at", at), " ", span("app-note__words", text));
    const strike = document.createElement("button");
    strike.className = "app-note__strike";
    strike.name = "do";
    strike.value = `strike:${key}`;
    strike.title = "Strike out";
    strike.setAttribute("aria-label", `Strike out: ${text.slice(0, 40)}`);
    strike.textContent = "×";
    item.append(strike);
    this.list.append(item);
    this.form.querySelector("[data-note-count]").textContent = this.list.children.length;
    return item;
  }

  // Any line can be used in a part.
  #offer({ key, text, at }) {
    for (const list of this.form.querySelectorAll("[data-line-choices]")) {
      const name = list.dataset.lineChoices;
      const id = `id_${name}_${key}`;
      const item = document.createElement("div");
      item.className = "govuk-checkboxes__item";
      const box = document.createElement("input");
      Object.assign(box, { type: "checkbox", className: "govuk-checkboxes__input", name, id });
      box.value = key;
      const label = document.createElement("label");
      label.className = "govuk-label govuk-checkboxes__label";
      label.htmlFor = id;
      const strong = document.createElement("strong");
      strong.textContent = at;
      label.append(strong, ` ${text}`);
      item.append(box, label);
      list.append(item);
      const details = list.closest("details");
      details.hidden = false;
      const words = details.querySelector(".govuk-details__summary-text");
      words.textContent = words.textContent.replace(/\(\d+\)/, `(${list.children.length})`);
    }
  }
}

function span(name, text) {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = text;
  return made;
}

function now() {
  const time = new Date().toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit" });
  const [hour, minute] = time.split(":");
  return `${Number(hour) % 12 || 12}:${minute}`;
}
