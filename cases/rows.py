"""Managers of our models: related rows are fetched for all peers at once, never one by one."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class PeersManager(models.Manager[M]):
    """A manager whose lazy foreign keys load for the whole result in one query (Django 6.1)."""

    def get_queryset(self) -> Any:
        return super().get_queryset().fetch_mode(models.FETCH_PEERS)
