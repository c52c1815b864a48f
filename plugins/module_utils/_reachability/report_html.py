# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Elements of HTML from which nothing unescaped can come. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

# They have no content, and no end tag.
_VOID = frozenset({"meta", "br"})


class Markup(str):
    """HTML, as opposed to text, which ``tag`` escapes."""


def tag(name: str, *children: str, **attributes: str) -> Markup:
    """An element. ``class_`` stands for class, ``data_state`` for data-state; what is empty is left out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{joined(children)}</{name}>")


def joined(children: Iterable[str]) -> Markup:
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))


def link(address: str, text: str) -> Markup:
    """A link to a page; text alone where the address is none, as in a result that was tampered with."""
    if not address.startswith("https://"):
        return joined([text])
    return tag("a", text, href=address, rel="noreferrer")
