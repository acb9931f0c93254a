// Questions that another answer brings up appear at once, where they stand; the server decides
// the same on each save. Nothing else moves.
export function arise(form) {
  const answers = new FormData(form);
  for (const question of form.querySelectorAll("[data-when]")) {
    const wanted = question.dataset.is.split(" ");
    const given = answers.getAll(question.dataset.when);
    question.hidden = !given.some((value) => wanted.includes(value));
  }
  for (const ask of form.querySelectorAll("[data-ask]")) {
    const questions = [...ask.querySelectorAll("[data-question]")];
    if (questions.some((each) => each.dataset.when)) {
      ask.hidden = questions.every((each) => each.hidden);
    }
  }
}
