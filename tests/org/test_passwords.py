"""A password that is too short is refused in the reader's language."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override


@pytest.mark.parametrize(
    ("tongue", "said"), [("zh-hans", "太短了，至少要 10 个字符。"), ("en", "Too short: at least 10 characters.")]
)
def test_a_short_password_is_refused_in_the_readers_language(tongue, said):
    with override(tongue), pytest.raises(ValidationError) as refused:
        validate_password("马与电池")
    assert said in refused.value.messages
