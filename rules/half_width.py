"""Full-width characters, as Chinese keyboards type them, made ordinary."""

import unicodedata

_SAME_MEANING = ("<wide>", "<noBreak>")


def half_width(text: str) -> str:
    """`２箱：￥３９` as `2箱:¥39`, unusual spaces as spaces.

    Not NFKC as a whole: that would turn `5²` into 52 and `½` into three characters.
    """
    return "".join(unicodedata.normalize("NFKC", c) if _is_variant(c) else c for c in text)


def _is_variant(character: str) -> bool:
    return unicodedata.decomposition(character).startswith(_SAME_MEANING)
