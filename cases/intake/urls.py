"""Addresses of intake."""

from django.urls import path

from cases.intake import apart_views, report_views, route_views, sheet_views

app_name = "intake"

urlpatterns = [
    path("reports/new/", sheet_views.take_report, name="take-report"),
    path("reports/sheets/<uuid:key>/", sheet_views.call_sheet, name="sheet"),
    path("reports/<str:reference>/", report_views.show_report, name="report"),
    path("reports/<str:reference>/view/", report_views.add_view, name="add-view"),
    path(
        "reports/<str:reference>/received/",
        report_views.correct_received,
        name="correct-received",
    ),
    path("referrals/", route_views.list_routes, name="routes"),
    path("referrals/<int:pk>/", route_views.answer_route, name="route-answer"),
    path("same-incident/<int:pk>/", route_views.decide_pair, name="pair"),
    path("same-incident/<int:pk>/apart/", apart_views.take_apart, name="pair-apart"),
    path("cases/<str:reference>/same-incident/", route_views.list_pairs, name="pairs"),
]
