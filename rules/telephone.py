"""A telephone number as people type it: with spaces, brackets, dots, or full-width digits; never a name or a mail.

What is dialled is kept and nothing else: `+8613996001234`, `023-68001234`. Whether somebody answers there only a call
can tell, so numbers of no country are looked up.
"""

import re

from rules.half_width import half_width
from rules.refusal import Refusal

LEAST_DIGITS, MOST_DIGITS = 7, 15
"""A local number without its area code; the longest international one (E.164)."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_NUMBER = re.compile(r"\+?\d+(?:-\d+)*", re.ASCII)


def read_telephone(text: str) -> str:
    """The number to dial: international ones begin with a plus and have no hyphens, others keep theirs.

    Refusal("telephone_not_understood").
    """
    number = re.sub(r"[\s.()]+", "", half_width(text).translate(_DASHES))
    number = re.sub(r"^00", "+", number)
    if not _NUMBER.fullmatch(number):
        raise Refusal("telephone_not_understood")
    if number.startswith("+"):
        number = number.replace("-", "")
    if not LEAST_DIGITS <= sum(c.isdigit() for c in number) <= MOST_DIGITS:
        raise Refusal("telephone_not_understood")
    return number
