"""What is asked of a password, in one clear sentence."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """Length is what makes a password strong; the sentence says how long."""

    def get_error_message(self) -> str:
        return ngettext(
            "Dit wachtwoord is te kort. Kies er een van minstens %(min_length)d teken.",
            "Dit wachtwoord is te kort. Kies er een van minstens %(min_length)d tekens,"
            " bijvoorbeeld vier woorden.",
            self.min_length,
        ) % {"min_length": self.min_length}
