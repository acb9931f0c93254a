// Runs before the page is drawn, so that nothing jumps when the components below wake up.
// The classes are those GOV.UK Frontend looks for; without script they are never set.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
