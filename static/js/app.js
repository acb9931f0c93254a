// Wakes up the components that are on the page. Every page works without this.
import { Button } from "../../node_modules/govuk-frontend/dist/govuk/components/button/button.mjs";
import { Checkboxes } from "../../node_modules/govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs";
import { ErrorSummary } from "../../node_modules/govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { NotificationBanner } from "../../node_modules/govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs";
import { PasswordInput } from "../../node_modules/govuk-frontend/dist/govuk/components/password-input/password-input.mjs";
import { Radios } from "../../node_modules/govuk-frontend/dist/govuk/components/radios/radios.mjs";
import { ServiceNavigation } from "../../node_modules/govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs";
import { SkipLink } from "../../node_modules/govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { createAll } from "../../node_modules/govuk-frontend/dist/govuk/init.mjs";

import { closeOnEscape } from "./shared/close-on-escape.js";
import { tellPrinted } from "./shared/tell-printed.js";

const components = [
  [Button, { preventDoubleClick: true }],
  [Checkboxes],
  [ErrorSummary],
  [NotificationBanner],
  [PasswordInput],
  [Radios],
  [ServiceNavigation],
  [SkipLink],
];

for (const [component, config] of components) {
  createAll(component, config);
}
closeOnEscape(document);
tellPrinted(document);
