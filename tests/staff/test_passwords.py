"""Which passwords may be chosen (bar row 2): long ones, not common, not our own words."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cases.access import Role
from cases.staff.operations import add_user
from tests.world import COMMAND, World

GOOD = [
    "marmalade-kettle-umbrella",
    "aaaa bbbb cccc dddd",  # no rule of composition
    "alllowercasewords",
    "12 red herons 9 blue",
    "correct horse battery staple x",
    "ÅngströmÉlanNaïveté",
    "كلمة مرور طويلة جدا هنا",
    "🦆 na jezeře u lesa 🦢",
    "x y z x y z x y z",
    "a" * 64 + "b" * 64,  # 128 characters
    "the amplius of my grandmother's garden",  # one of our words, and enough besides
    "housing benefit is not a haiku",
]
BAD = [
    "",
    "short",
    "fourteen chars",
    "qwertyuiopasdfghjkl",
    "1q2w3e4r5t6y7u8i9o0p",
    "PasswordPassword",
    "abcdabcdabcdabcdab",
    "zzzzzzzzzzzzzzzzzzzz",
    "ampliusamplius1",
    "AmpliusHousing2026",
    "Housing-Amplius-12345",
    "hatecrime-hatecrime",
    "longhurst-longhurst-99",
]


@pytest.mark.parametrize("password", GOOD)
def test_good(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize("password", BAD)
def test_bad(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert all(message.endswith(".") for message in refused.value.messages)


@pytest.mark.django_db
def test_long_ones_are_kept_whole(world: World) -> None:
    long = "x" * 127 + "y"
    user = world.user(Role.DPO, password=long)
    assert user.check_password(long)
    assert not user.check_password(long[:-1])
    assert user.password.startswith("argon2")


@pytest.mark.django_db
def test_an_operation_refuses_a_bad_one_too(world: World) -> None:
    with pytest.raises(ValidationError):
        add_user(
            by=COMMAND, at=world.now, full_name="T", email="t@amplius.example", password="short"
        )
