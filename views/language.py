"""One of the two languages of the interface: sentences, numbers, money, dates."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup, escape

from rules.money import minor_digits

LOCALES = ("zh_CN", "en")
CATALOGUES = Path(__file__).parents[1] / "locales"


def nearest_locale(language_code: str | None) -> str:
    """The interface language for a code as Telegram gives it, such as `zh-hans` or `en`."""
    return "zh_CN" if (language_code or "zh").lower().startswith("zh") else "en"


@cache
def language(locale: str) -> "Language":
    """The language of a locale; an unknown one is read as Chinese, the language of most enterprises."""
    return Language(locale if locale in LOCALES else "zh_CN")


class Language:
    """Says things in one language. Sentences are looked up by their English text."""

    def __init__(self, locale: str) -> None:
        self.code = locale
        self._locale = Locale.parse(locale)
        self._sentences = _load(locale)

    def say(self, message: str, **facts: object) -> Markup:
        """A sentence as HTML: whatever is filled in is escaped, unless it is Markup already."""
        return _fill(self._sentences.gettext(message), facts)

    def say_many(self, one: str, many: str, n: int, **facts: object) -> Markup:
        """A sentence about n things; `{n}` is filled in."""
        return _fill(self._sentences.ngettext(one, many, n), {"n": self.number(n), **facts})

    def plain(self, message: str, **facts: object) -> str:
        """A sentence as plain text, for buttons, pop-ups and sheets."""
        return self._sentences.gettext(message).format(**facts)

    def plain_many(self, one: str, many: str, n: int, **facts: object) -> str:
        """A plain sentence about n things; `{n}` is filled in."""
        return self._sentences.ngettext(one, many, n).format(n=self.number(n), **facts)

    def pick(self, zh: str, en: str) -> str:
        """The text in this language where it was given, else in the other."""
        return (zh or en) if self.code == "zh_CN" else (en or zh)

    def units(self, n: int, zh: str, en: str) -> str:
        """A quantity with its unit: `2箱`, `2 boxes`, `1 box`."""
        unit = self.pick(zh, en)
        if unit.isascii() and unit.isalpha():
            return f"{self.number(n)} {unit if n == 1 else _plural(unit)}"
        return f"{self.number(n)}{unit}"

    def number(self, n: int) -> str:
        """A number with this language's grouping."""
        return _number(n, self._locale)

    def money(self, minor: int, currency: str) -> str:
        """Minor units as money: `¥39.90`."""
        return _money(minor, currency, self._locale)

    def moment(self, at: datetime, zone: str) -> str:
        """Day and time in a zone, short: `11月24日周二 18:00`, `Tue 24 Nov 18:00`."""
        return _moment(at, zone, self._locale)

    def time(self, at: datetime, zone: str) -> str:
        """Time of day in a zone: `18:00`."""
        return str(format_time(at, "HH:mm", tzinfo=ZoneInfo(zone), locale=self._locale))

    def day(self, day: date) -> str:
        """A day, short: `11月27日周五`, `Fri 27 Nov`."""
        return _day(day, self._locale)

    def weekday(self, weekday: int) -> str:
        """A day of the week, Monday being 0: `周四`, `Thursday`."""
        pattern = "EEE" if self.code == "zh_CN" else "EEEE"
        return str(format_date(date(2024, 1, 1) + timedelta(days=weekday), pattern, locale=self._locale))

    def country(self, code: str) -> str:
        """A country by its ISO code: `中国`, `Germany`."""
        return str(self._locale.territories.get(code, code))

    def span(self, seconds: float) -> str:
        """A length of time in one word and number: `3小时`, `3 hours`."""
        return _span(int(seconds), self._locale)

    def listed(self, things: Iterable[str]) -> str:
        """Things in a row: `橙子、土豆和茶`."""
        return str(format_list(list(things), locale=self._locale))


def _fill(sentence: str, facts: Mapping[str, object]) -> Markup:
    """What `Markup.format` does, in half its time: every card is made of a dozen sentences."""
    return Markup(sentence.format(**{name: escape(fact) for name, fact in facts.items()}))


@lru_cache(10_000)
def _number(n: int, locale: Locale) -> str:
    return str(format_decimal(n, locale=locale))


@lru_cache(10_000)
def _money(minor: int, currency: str, locale: Locale) -> str:
    """The same few amounts stand on thousands of cards."""
    digits = minor_digits(currency)
    amount = format_currency(Decimal(minor).scaleb(-digits), currency, locale=locale)
    return str(amount).replace("CN¥", "¥")


@lru_cache(1_000)
def _moment(at: datetime, zone: str, locale: Locale) -> str:
    pattern = "M月d日EEE HH:mm" if locale.language == "zh" else "EEE d MMM HH:mm"
    return str(format_datetime(at, pattern, tzinfo=ZoneInfo(zone), locale=locale))


@lru_cache(1_000)
def _day(day: date, locale: Locale) -> str:
    pattern = "M月d日EEE" if locale.language == "zh" else "EEE d MMM"
    return str(format_date(day, pattern, locale=locale))


@lru_cache(1_000)
def _span(seconds: int, locale: Locale) -> str:
    return str(format_timedelta(timedelta(seconds=seconds), locale=locale, threshold=1.5, granularity="minute"))


def _plural(unit: str) -> str:
    if unit.endswith(("s", "x", "ch", "sh")):
        return unit + "es"
    return unit if unit in {"kg", "g", "jin"} else unit + "s"


def catalogue(locale: str) -> Catalog:
    """All sentences of a locale."""
    merged = Catalog(locale=locale)
    for path in sorted((CATALOGUES / locale / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id:
                    merged[message.id] = message
    return merged


def _load(locale: str) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalogue(locale))
    compiled.seek(0)
    return GNUTranslations(compiled)
