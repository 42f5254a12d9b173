"""口令 (passwords): the library's own check of length, in words that both languages have."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext


class LongEnough(MinimumLengthValidator):
    """At least so many characters."""

    def get_error_message(self) -> str:
        """What is wrong and what to do."""
        return gettext("太短了，至少要 %(n)d 个字符。") % {"n": self.min_length}
