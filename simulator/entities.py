"""Text with entities: HTML and MarkdownV2 in, plain text with offsets in UTF-16 units out, and back to HTML."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from simulator.errors import bad_request

Entity = dict[str, Any]
MAX_ENTITIES = 100
TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-spoiler": "spoiler", "a": "text_link", "span": "spoiler",
}  # fmt: skip
HTML_OF = {
    "bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "spoiler": "mark",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)((?:\s+[^<>]*)?)>")
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/])/[a-zA-Z0-9_]{1,32}(?:@\w+)?)|(?P<url>https?://[^\s<>]+|\bt\.me/\S+)|(?P<mention>(?<!\w)@\w{4,32})|(?P<hashtag>(?<!\w)#\w+)"
)
_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler", "`": "code"}
_RESERVED = set("_*[]()~`>#+-=|{}.!")


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Parsed:
    text: str = ""
    length: int = 0
    entities: list[Entity] = field(default_factory=list)

    def add(self, piece: str) -> None:
        self.text += piece
        self.length += units(piece)


def parse(text: str, mode: str | None) -> tuple[str, list[Entity]]:
    """Plain text and entities of a text in a parse mode; leading and trailing space is trimmed as Telegram does."""
    if not mode:
        return _trim(text, [])
    if mode.casefold() == "html":
        parsed = _parse_html(text)
    elif mode.casefold() == "markdownv2":
        parsed = _parse_markdown(text)
    else:
        raise bad_request("unsupported parse_mode")
    return _trim(parsed.text, sorted(parsed.entities, key=lambda e: (e["offset"], -e["length"])))


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    left = len(text) - len(text.lstrip())
    shift = units(text[:left])
    trimmed = text.strip()
    length = units(trimmed)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - shift)
        end = min(length, entity["offset"] + entity["length"] - shift)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return trimmed, kept[:MAX_ENTITIES]


def _parse_html(text: str) -> _Parsed:
    out, at = _Parsed(), 0
    open_tags: list[tuple[str, int, Entity]] = []
    while at < len(text):
        if text[at] != "<":
            end = text.find("<", at)
            end = len(text) if end < 0 else end
            out.add(html.unescape(text[at:end]))
            at = end
            continue
        at = _html_tag(text, at, out, open_tags)
    if open_tags:
        name = open_tags[-1][0]
        raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{name}\"")
    return out


def _html_tag(text: str, at: int, out: _Parsed, open_tags: list[tuple[str, int, Entity]]) -> int:
    tag = _TAG.match(text, at)
    offset = len(text[:at].encode())
    if tag is None:
        raise bad_request(f"can't parse entities: Unclosed start tag at byte offset {offset}")
    name = tag[2].lower()
    if tag[1]:
        if not open_tags or open_tags[-1][0] != name:
            raise bad_request(f"can't parse entities: Unexpected end tag at byte offset {offset}")
        _, start, opened = open_tags.pop()
        if out.length > start:
            out.entities.append(opened | {"offset": start, "length": out.length - start})
        return tag.end()
    if name not in TAGS:
        raise bad_request(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
    entity: Entity = {"type": TAGS[name]}
    if name == "a":
        href = re.search(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""", tag[3] or "")
        entity["url"] = html.unescape(next((g for g in href.groups() if g), "")) if href else ""
    open_tags.append((name, out.length, entity))
    return tag.end()


def _parse_markdown(text: str) -> _Parsed:
    out, at = _Parsed(), 0
    open_marks: list[tuple[str, int]] = []
    while at < len(text):
        at = _markdown_step(text, at, out, open_marks)
    if open_marks:
        mark, _ = open_marks[-1]
        kind = _MARKS.get(mark, "text_link")
        raise bad_request(f"can't parse entities: Can't find end of {kind.capitalize()} entity at byte offset 0")
    return out


def _markdown_step(text: str, at: int, out: _Parsed, open_marks: list[tuple[str, int]]) -> int:
    character = text[at]
    if character == "\\" and at + 1 < len(text):
        out.add(text[at + 1])
        return at + 2
    if text.startswith("```", at):
        return _markdown_pre(text, at, out)
    for mark in ("__", "||", "*", "_", "~", "`"):
        if text.startswith(mark, at):
            _toggle(mark, out, open_marks)
            return at + len(mark)
    link = re.match(r"\[((?:[^\]\\]|\\.)*)\]\(((?:[^)\\]|\\.)*)\)", text[at:])
    if link:
        label = re.sub(r"\\(.)", r"\1", link[1])
        entity = {"type": "text_link", "offset": out.length, "length": units(label), "url": link[2]}
        out.entities.append(entity)
        out.add(label)
        return at + link.end()
    if character in _RESERVED and not any(mark == "`" for mark, _ in open_marks):
        raise bad_request(
            f"can't parse entities: Character '{character}' is reserved and must be escaped with the preceding '\\'"
        )
    out.add(character)
    return at + 1


def _markdown_pre(text: str, at: int, out: _Parsed) -> int:
    end = text.find("```", at + 3)
    if end < 0:
        raise bad_request("can't parse entities: Can't find end of Pre entity at byte offset 0")
    body = text[at + 3 : end].lstrip("\n")
    out.entities.append({"type": "pre", "offset": out.length, "length": units(body)})
    out.add(body)
    return end + 3


def _toggle(mark: str, out: _Parsed, open_marks: list[tuple[str, int]]) -> None:
    if open_marks and open_marks[-1][0] == mark:
        _, start = open_marks.pop()
        out.entities.append({"type": _MARKS[mark], "offset": start, "length": out.length - start})
        return
    open_marks.append((mark, out.length))


def detect(text: str, entities: list[Entity]) -> list[Entity]:
    """Add what Telegram finds by itself: commands, links, mentions, hashtags."""
    found = list(entities)
    for match in _FOUND.finditer(text):
        kind = str(match.lastgroup)
        offset, length = units(text[: match.start()]), units(match[0])
        if not any(e["offset"] < offset + length and offset < e["offset"] + e["length"] for e in entities):
            found.append({"type": kind, "offset": offset, "length": length})
    return sorted(found, key=lambda e: (e["offset"], -e["length"]))


def to_html(text: str, entities: list[Entity]) -> str:
    """Safe HTML for a page."""
    raw = text.encode("utf-16-le")
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for entity in sorted(entities, key=lambda e: (e["offset"], -e["length"])):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        before, after = _tags(entity, raw[start * 2 : end * 2].decode("utf-16-le", "replace"))
        opens.setdefault(start, []).append(before)
        closes.setdefault(end, []).insert(0, after)
    cuts = sorted({0, len(raw) // 2, *opens, *closes})
    out = []
    for place, cut in enumerate(cuts):
        out += closes.get(cut, []) + opens.get(cut, [])
        end = cuts[place + 1] if place + 1 < len(cuts) else cut
        out.append(html.escape(raw[cut * 2 : end * 2].decode("utf-16-le", "replace")))
    return "".join(out).replace("\n", "<br>")


def _tags(entity: Entity, text: str) -> tuple[str, str]:
    kind = entity["type"]
    if kind in HTML_OF:
        return f"<{HTML_OF[kind]}>", f"</{HTML_OF[kind]}>"
    if kind == "bot_command":
        return f'<a class="command" data-command="{html.escape(text)}">', "</a>"
    if kind in ("url", "text_link"):
        url = entity.get("url") or (text if text.startswith("http") else f"https://{text}")
        if url.startswith(("http://", "https://")):
            return f'<a class="link" data-url="{html.escape(url)}">', "</a>"
    return "<span>", "</span>"
