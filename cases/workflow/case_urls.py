"""Addresses of one case: the overview, and a page of its own for each small form."""

from django.urls import URLPattern, path

from cases.workflow import case_identity_views as identities
from cases.workflow import case_incident_views as incident
from cases.workflow import case_people_views as people
from cases.workflow import case_record_views as kept
from cases.workflow import case_views as case
from cases.workflow import case_work_views as work
from cases.workflow import events_views as events
from cases.workflow import looks_views as looks
from cases.workflow import repeat_views as repeat

_CASE = "cases/<str:reference>/"

urlpatterns: list[URLPattern] = [
    path(_CASE, case.show_case, name="case"),
    path(f"{_CASE}declare/", case.declare, name="case-declare"),
    path(f"{_CASE}history/", case.show_history, name="case-history"),
    path(f"{_CASE}events/", events.show_events, name="case-events"),
    path(f"{_CASE}looks/", looks.looks, name="case-looks"),
    path(f"{_CASE}looks/extract/", looks.extract, name="case-looks-extract"),
    path(f"{_CASE}printed/", case.note_print, name="case-printed"),
    path(f"{_CASE}who-is-who/", identities.show_identities, name="case-identities"),
    path(f"{_CASE}incidents/<int:pk>/made-up/", repeat.made_up, name="case-made-up"),
    path(f"{_CASE}repeat/", repeat.show_repeat, name="case-repeat"),
    path(f"{_CASE}contacts/new/", work.log_contact, name="case-contact"),
    path(f"{_CASE}notes/new/", work.add_note, name="case-note"),
    path(f"{_CASE}duties/<int:pk>/", work.do_duty, name="case-duty"),
    path(f"{_CASE}clocks/<int:pk>/pause/", work.pause_clock, name="case-pause"),
    path(f"{_CASE}clocks/<int:pk>/resume/", work.resume_clock, name="case-resume"),
    path(f"{_CASE}exceptions/new/", work.approve_exception, name="case-exception"),
    path(f"{_CASE}stage/", work.move_stage, name="case-stage"),
    path(f"{_CASE}hold/", work.hold_case, name="case-hold"),
    path(f"{_CASE}incidents/new/", incident.add_incident, name="case-incident"),
    path(f"{_CASE}incidents/<int:pk>/words/", incident.add_words, name="case-words"),
    path(f"{_CASE}incidents/<int:pk>/correct/", incident.correct_incident, name="case-correct"),
    path(f"{_CASE}incidents/<int:pk>/evidence/", incident.assess_evidence, name="case-evidence"),
    path(f"{_CASE}incidents/<int:pk>/crime/", kept.record_crime, name="case-crime"),
    path(f"{_CASE}incidents/<int:pk>/impact/", kept.record_impact, name="case-impact"),
    path(f"{_CASE}views/new/", incident.add_view, name="case-view"),
    path(f"{_CASE}views/<int:pk>/take-back/", incident.take_back, name="case-take-back"),
    path(f"{_CASE}people/new/", people.add_part, name="case-person"),
    path(f"{_CASE}people/<int:pk>/", people.change_part, name="case-part"),
    path(f"{_CASE}people/<int:pk>/record/", kept.record_part, name="case-part-record"),
    path(f"{_CASE}people/<int:pk>/show/", case.show_part, name="case-show-part"),
    path(f"{_CASE}company/", kept.place, name="case-company"),
    path(f"{_CASE}lead/", people.allocate, name="case-allocate"),
    path(f"{_CASE}restrict/", people.restrict, name="case-restrict"),
    path(f"{_CASE}conflicts/", people.show_conflicts, name="case-conflicts"),
    path(f"{_CASE}conflicts/<int:pk>/", people.clear_conflict, name="case-conflict"),
]
