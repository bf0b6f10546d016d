"""Money."""


def minor_digits(currency: str) -> int:
    """How many decimals a currency has."""
    return 0 if currency in {"JPY", "KRW"} else 2
