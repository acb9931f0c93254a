"""Every address of the application."""

from django.conf import settings
from django.urls import include, path

from cases.staff import session_views
from hatecrime import errors, health, unsent

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("account/email/", errors.closed, name="account_email_closed"),
    # Instead of the library's page, which writes when it is only looked at.
    path("account/sessions/", session_views.own_sessions, name="sessions"),
    path("account/typed/", unsent.typed, name="typed"),
    path("account/", include("allauth.urls")),
    path("", include("cases.workflow.urls")),
    path("", include("cases.intake.urls")),
    path("", include("cases.risk.urls")),
    path("", include("cases.casework.urls")),
    path("", include("cases.workflow.person_urls")),
    path("", include("cases.partners.urls")),
    path("", include("cases.improving.urls")),
    path("", include("cases.reporting.urls")),
    path("", include("cases.policy.urls")),
    path("", include("cases.staff.urls")),
    path("", include("cases.audit.urls")),
]

if settings.DEBUG:
    from hatecrime import gallery

    urlpatterns += [path("components/", gallery.show, name="gallery")]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
