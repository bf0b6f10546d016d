"""An expected "no" in a person's language: what is wrong, and what to do next."""

from collections.abc import Callable

from rules.refusal import Refusal
from views.language import Language

Sentence = Callable[[Language, Refusal], str]
_sentences: dict[str, Sentence] = {}


def refusal(*codes: str) -> Callable[[Sentence], Sentence]:
    """Declare how refusals with these codes are said, in plain text of at most 200 characters."""

    def declare(sentence: Sentence) -> Sentence:
        for code in codes:
            assert code not in _sentences, f"{code} is said in two ways"
            _sentences[code] = sentence
        return sentence

    return declare


def explain(no: Refusal, language: Language) -> str:
    """Plain text for a refusal, short enough for a pop-up."""
    return _sentences[no.code](language, no)


def known_codes() -> frozenset[str]:
    """Codes that can be said."""
    return frozenset(_sentences)
