"""Actors and the registry of rules."""

import pytest

from cases.access import RULES, YES, job, rule


def test_a_job_has_no_account_to_sign_with() -> None:
    with pytest.raises(ValueError, match="the nightly job has no account"):
        _ = job("the nightly job").user_id


def test_two_rules_never_share_a_name() -> None:
    @rule("test.once")
    def once() -> object:
        return YES

    try:
        with pytest.raises(ValueError, match=r"two rules are called test\.once"):
            rule("test.once")(once)
        assert RULES["test.once"] is once
    finally:
        del RULES["test.once"]
