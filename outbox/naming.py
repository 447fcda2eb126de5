"""What letters to agents call commands, values and causes: the words of their reader's language.

A template names them in English, `{{ 'approve'|command }}`; the rule files in force say what they are called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from cases.naming import Names
from cases.verbs import OPEN_ENDED
from language import dates
from outbox.marked import Labels, Marked, isolated_text

NAMES = "the names in force"
"""Where a rendering finds them; no template can use a variable of this name."""
_NAMED = re.compile(r"\{([a-z][a-z-]*)\}")
"""A command's or value's name within a label: "the new text, then {end}"."""


def naming_filters(language: str, labels: Labels) -> dict[str, Callable[..., Any]]:
    """The filters of one language."""
    has_own = any(group == "takes" for group, _ in labels)

    def isolated(text: str) -> Marked:
        return Marked(isolated_text(text, language))

    def filled(label: str, names: Names) -> str:
        return _NAMED.sub(lambda found: names.command(found[1], language), label)

    @pass_context
    def command(context: Context, written: object) -> Marked:
        """A command's own name, with what stands behind it where something does."""
        name, gap, rest = str(written).partition(" ")
        return isolated(f"{_names(context).command(name, language)}{gap}{rest}")

    @pass_context
    def usage(context: Context, name: str, english: str) -> Marked:
        """How a command is written, wholly in the language."""
        names = _names(context)
        if not has_own:
            return isolated(labels.get(("usage", name), english))
        return isolated(f"{names.command(name, language)}{filled(labels.get(('takes', name), ''), names)}")

    @pass_context
    def does(context: Context, name: str, english: str) -> str:
        """What a command does."""
        return filled(labels.get(("command", name), english), _names(context))

    @pass_context
    def english(context: Context, name: str) -> Marked:
        """The English name in brackets, where the language has another."""
        own = _names(context).command(name, language)
        return Marked(f" ({isolated(name)})" if own != name else "")

    def on_button(name: str) -> str:
        """What a command's button says; dots where the agent's words are wanted."""
        return f"{labels.get(('button', name), name)}{'…' if name in OPEN_ENDED else ''}"

    @pass_context
    def value(context: Context, values: Any, kind: str) -> Any:
        """What a value of a command is called, or each of several."""
        if isinstance(values, tuple | list):
            return tuple(value(context, one, kind) for one in values)
        text = str(values)
        if kind == "language":
            return isolated(dates.language_name(text, language) if text else "")
        return isolated(_names(context).value(text, kind, language))

    def listed(values: str | Iterable[object], last: str = "or") -> Marked:
        """Several things in a sentence: "low, normal or high"."""
        parts = [values] if isinstance(values, str) else list(values)
        shown = [one if isinstance(one, Marked) else isolated(str(one)) for one in parts]
        if len(shown) < 2:
            return Marked("".join(shown))
        before = labels.get(("list", "comma"), ", ").join(shown[:-1])
        return Marked(f"{before}{labels.get(('list', last), f' {last} ')}{shown[-1]}")

    return {
        "command": command,
        "usage": usage,
        "does": does,
        "english": english,
        "on_button": on_button,
        "value": value,
        "listed": listed,
    }


def with_names(values: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The values of a rendering, with the names in force."""
    return {**values, NAMES: names}


def _names(context: Context) -> Names:
    found = context.get(NAMES)
    return found if isinstance(found, Names) else Names()
