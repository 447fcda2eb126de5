"""A page of the docs as a browser prints it: the little Markdown that the agents' cards have, on A4."""

from __future__ import annotations

import html
import re

A4 = (
    "<style>@page{size:A4;margin:12mm}"
    "body{font:9.5pt/1.25 'Vazirmatn','DejaVu Sans',sans-serif;margin:0}"
    "h1{font-size:15pt;margin:0 0 2mm}p{margin:0 0 2mm}ul{margin:2mm 0 0;padding-inline-start:5mm}"
    "table{border-collapse:collapse;width:100%}"
    "td:first-child{width:36%}"
    "td,th{border-bottom:1px solid #999;padding:.5mm 2mm .5mm 0;text-align:start;vertical-align:top}"
    "code{font:inherit;font-weight:bold}</style>"
)
_DIV = re.compile(r"</?div[^>]*>")


def printable(markdown: str) -> str:
    """The page as HTML: headings, paragraphs, tables, lists, bold and code."""
    text = re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL)
    parts = [part for part in re.split(r"\n{2,}", text) if part.strip()]
    return A4 + "\n".join(map(_block, parts))


def _block(part: str) -> str:
    lines = part.strip("\n").splitlines()
    if _DIV.fullmatch(lines[0]):
        return lines[0]
    if lines[0].startswith("# "):
        return f"<h1>{_words(lines[0][2:])}</h1>"
    if lines[0].startswith("- "):
        return "<ul>" + "".join(f"<li>{_words(line[2:])}</li>" for line in lines) + "</ul>"
    if lines[0].startswith("|"):
        rows = [_row(line, "th" if at == 0 else "td") for at, line in enumerate(lines) if at != 1]
        return f"<table>{''.join(rows)}</table>"
    return f"<p>{_words(' '.join(lines))}</p>"


def _row(line: str, cell: str) -> str:
    cells = re.split(r"(?<!\\)\|", line)[1:-1]
    shown = "".join(f"<{cell}>{_words(one.strip())}</{cell}>" for one in cells)
    return f"<tr>{shown}</tr>"


def _words(text: str) -> str:
    safe = html.escape(text.replace(r"\|", "|"), quote=False)
    bold = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", safe)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", bold)
