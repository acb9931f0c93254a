from django.urls import path

from cases.reporting import views

app_name = "reporting"
urlpatterns = [
    path("monitoring/", views.monitoring, name="monitoring"),
]
