"""Every sentence stands in both languages, with the same facts in it."""

import re
from string import Formatter

import pytest

from locales.sentences import Sentence, sentences
from views.language import catalogue

SAID = sorted(set(sentences()), key=lambda s: s.where)
TAG = re.compile(r"</?\w+")


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _translations(locale: str, sentence: Sentence) -> list[str]:
    message = catalogue_of[locale].get(sentence.one)
    if message is None:
        return [""]
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


catalogue_of = {locale: catalogue(locale) for locale in ("zh_CN", "en")}


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_nothing_is_missing(locale: str) -> None:
    missing = [f"{s.where}: {s.one}" for s in SAID if not all(_translations(locale, s))]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_same_facts_and_tags(locale: str) -> None:
    for sentence in SAID:
        wanted = _facts(sentence.one) | _facts(sentence.many or "")
        for text in _translations(locale, sentence):
            assert _facts(text) <= wanted, sentence
            assert wanted - _facts(text) <= ({"n"} if locale == "en" else set()), sentence
            assert sorted(TAG.findall(text)) == sorted(TAG.findall(sentence.one)), sentence


def test_chinese_is_chinese() -> None:
    """A translation that repeats the English was forgotten; one without any letters needs none."""
    for sentence in SAID:
        if re.search("[a-z]{3}", re.sub(r"{\w+}|</?\w+>|https?:\S+|/\w+", "", sentence.one)):
            assert any("\u4e00" <= c <= "\u9fff" for c in "".join(_translations("zh_CN", sentence))), sentence
