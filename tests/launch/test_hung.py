"""A database server that is stopped, not gone: the wait has an end (bar row 78)."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import pytest
from django.db import OperationalError, connections

from hatecrime.patience import begin_request, end_request


@pytest.mark.django_db
def test_a_stopped_server_is_not_waited_for(settings: Any) -> None:
    settings.DATABASE_PATIENCE = 0.5
    own = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = cursor.fetchone()[0]
        os.kill(backend, signal.SIGSTOP)
        began = time.monotonic()
        try:
            with pytest.raises(OperationalError), own.cursor() as cursor:
                cursor.execute("SELECT 1")
        finally:
            os.kill(backend, signal.SIGCONT)
        assert time.monotonic() - began < 30
        assert own.connection.closed
        own.close()
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
    finally:
        own.close()


@pytest.mark.django_db
def test_a_health_check_does_not_wait_twice(settings: Any) -> None:
    """Django would try a second connection, and a stopped server would be waited for again."""
    settings.DATABASE_PATIENCE = 0.5
    own = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = cursor.fetchone()[0]
        os.kill(backend, signal.SIGSTOP)
        try:
            with pytest.raises(OperationalError):
                own.is_usable()
        finally:
            os.kill(backend, signal.SIGCONT)
    finally:
        own.close()


@pytest.mark.django_db
def test_a_request_that_waited_in_vain_does_not_wait_again(settings: Any) -> None:
    """One wait is what was promised; a second connection would be another."""
    settings.DATABASE_PATIENCE = 0.5
    own = connections.create_connection("default")
    begin_request()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = cursor.fetchone()[0]
        os.kill(backend, signal.SIGSTOP)
        try:
            with pytest.raises(OperationalError), own.cursor() as cursor:
                cursor.execute("SELECT 1")
        finally:
            os.kill(backend, signal.SIGCONT)
        own.close()
        with pytest.raises(OperationalError, match="does not answer"):
            own.ensure_connection()
        begin_request()
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        end_request()
        own.close()
