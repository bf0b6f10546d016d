"""Public holidays of an enterprise's country, from the library `holidays`; China with its substituted days.

The country follows from the enterprise's time zone unless a coordinator has set another, or none. The library is
imported when it is first asked: a start does not wait for it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from babel import Locale
from babel.core import get_global

from models import Enterprise
from rules.half_width import half_width
from rules.refusal import Refusal

LANGUAGES = {"zh_CN": "zh_CN", "en": "en_US"}
NO_COUNTRY = frozenset({"-", "无", "没有", "不看", "none", "no"})
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """The holidays of one country; an empty country has none, and a weekend on Saturday and Sunday."""

    country: str

    def name(self, day: date, locale: str) -> str:
        """What a holiday is called, in a language where the library has it; empty where it has no name."""
        return _year(self.country, day.year, locale).names.get(day, "")

    def holiday(self, day: date) -> bool:
        """Whether it is a public holiday, or a weekend between two of them."""
        if day in _year(self.country, day.year).names:
            return True
        return self._weekend(day) and all(self._meets_holiday(day, step) for step in (-ONE_DAY, ONE_DAY))

    def working(self, day: date) -> bool:
        """Whether people work: no weekend (unless it is worked to make up for a holiday), no holiday."""
        return not self._weekend(day) and not self.holiday(day)

    def _weekend(self, day: date) -> bool:
        year = _year(self.country, day.year)
        return day.weekday() in year.weekend and day not in year.worked

    def _meets_holiday(self, day: date, step: timedelta) -> bool:
        while self._weekend(day) and day not in _year(self.country, day.year).names:
            day += step
        return day in _year(self.country, day.year).names


@dataclass(frozen=True, slots=True)
class _Year:
    names: dict[date, str]
    weekend: frozenset[int]
    worked: frozenset[date]


@cache
def _year(country: str, year: int, locale: str = "en") -> _Year:
    if not country:
        return _Year({}, frozenset({5, 6}), frozenset())
    import holidays

    spoken = holidays.country_holidays(country).supported_languages
    language = LANGUAGES[locale] if LANGUAGES[locale] in spoken else "en_US" if "en_US" in spoken else None
    found = holidays.country_holidays(country, years=year, language=language)
    worked = getattr(found, "weekend_workdays", ())
    return _Year(dict(found.items()), frozenset(found.weekend), frozenset(worked))


def calendar_of(enterprise: Enterprise) -> HolidayCalendar:
    """The calendar that counts for an enterprise."""
    country = country_of_zone(enterprise.zone) if enterprise.country is None else enterprise.country
    return HolidayCalendar(country)


def country_of_zone(zone: str) -> str:
    """The country of a time zone, or an empty text where it has none or its holidays are not known."""
    zone = get_global("zone_aliases").get(zone, zone)
    country = str(get_global("zone_territories").get(zone) or "")
    return country if country in _known() else ""


@cache
def _known() -> frozenset[str]:
    import holidays

    return frozenset(holidays.list_supported_countries(include_aliases=False))


def parse_country(text: str) -> str:
    """An ISO code from a code or a name in either language; empty for none. Refusal("country_not_understood")."""
    plain = half_width(text[:60]).strip().casefold()
    if plain in NO_COUNTRY:
        return ""
    if plain not in _codes():
        raise Refusal("country_not_understood", text=text)
    return _codes()[plain]


@cache
def _codes() -> dict[str, str]:
    """Known countries by code and by name in each language, in small letters."""
    named = {str(Locale.parse(locale).territories[code]): code for locale in LANGUAGES for code in sorted(_known())}
    return {name.casefold(): code for name, code in (*named.items(), *((code, code) for code in _known()))}
