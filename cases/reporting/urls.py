"""Addresses of the monitoring pages: months and codes of ours, never anybody's words."""

from django.urls import path

from cases.reporting import (
    figure_views,
    input_views,
    measure_views,
    report_views,
    run_views,
    views,
    work_views,
)

app_name = "reporting"
urlpatterns = [
    path("monitoring/", views.monitoring, name="monitoring"),
    path("monitoring/figures/", figure_views.show_figures, name="figures"),
    path("monitoring/figures/<slug:group>/", figure_views.list_figures, name="history"),
    path("monitoring/figures/<slug:group>/new/", input_views.enter_figure, name="enter"),
    path("monitoring/figures/<slug:group>/import/", input_views.import_figures, name="import"),
    path("monitoring/measures/", measure_views.list_measures, name="measures"),
    path("monitoring/measures/<slug:code>/", measure_views.show_measure, name="measure"),
    path("monitoring/measures/<slug:code>/cases/", measure_views.list_cases, name="measure-cases"),
    path("monitoring/reports/", run_views.list_reports, name="reports"),
    path("monitoring/reports/new/", run_views.ask_for_report, name="ask"),
    path("monitoring/reports/<int:pk>/", run_views.show_run, name="run"),
    path("monitoring/files/<int:pk>/", run_views.download_file, name="file"),
    path("monitoring/workloads/", work_views.show_work, name="work"),
    path("monitoring/workloads/<slug:group>/", work_views.list_work, name="work-list"),
    path(
        "monitoring/<slug:period>/<slug:version>/<slug:chapter>/",
        report_views.show_report,
        name="report",
    ),
]
