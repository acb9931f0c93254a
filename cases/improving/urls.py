"""Addresses of what is to be done better: numbers of ours, never anybody's words.

They stand before those of the reports, whose last one takes any three words.
"""

from django.urls import path

from cases.improving import recommendation_views, review_views, views

app_name = "improving"

AT, REGISTER, REVIEW = "monitoring/improvements", "monitoring/recommendations", "monitoring/review"
urlpatterns = [
    path(f"{AT}/", views.list_improvements, name="improvements"),
    path(f"{AT}/new/", views.add_improvement, name="add-improvement"),
    path(f"{AT}/<int:pk>/", views.show_improvement, name="improvement"),
    path(f"{AT}/<int:pk>/change/", views.change_improvement, name="change-improvement"),
    path(f"{AT}/<int:pk>/end/", views.end_improvement, name="end-improvement"),
    path(f"{REGISTER}/", recommendation_views.list_recommendations, name="recommendations"),
    path(f"{REGISTER}/new/", recommendation_views.add_recommendation, name="add-recommendation"),
    path(f"{REGISTER}/<int:pk>/", recommendation_views.show_recommendation, name="recommendation"),
    path(
        f"{REGISTER}/<int:pk>/change/",
        recommendation_views.change_recommendation,
        name="change-recommendation",
    ),
    path(
        f"{REGISTER}/<int:pk>/end/",
        recommendation_views.end_recommendation,
        name="end-recommendation",
    ),
    path(f"{REVIEW}/", review_views.list_reasons, name="reasons"),
    path(f"{REVIEW}/new/", review_views.add_reason, name="add-reason"),
    path(f"{REVIEW}/<int:pk>/", review_views.show_reason, name="reason"),
    path(f"{REVIEW}/<int:pk>/decide/", review_views.decide_reason, name="decide-reason"),
    path("monitoring/duties/", review_views.show_duties, name="duties"),
]
