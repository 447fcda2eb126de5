"""A model as bytes: how it is kept, and how it travels between processes. No code travels with it."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterator
from typing import Any

from learning.model import Head, Model
from learning.sureness import Sureness

FORM = 2
"""Which form the bytes have; a model of another form is made anew."""
_SIZE = 4


class OtherForm(Exception):
    """These bytes were written by another version: the model is to be made anew."""


def kept(model: Model) -> bytes:
    """The model as bytes, the same on every machine."""
    heads = (model.category, model.kind)
    plain = {
        "form": FORM,
        "version": model.version,
        "vocabulary": list(model.vocabulary),
        "heads": [
            {
                "labels": head.labels,
                "biases": head.biases,
                "thresholds": dict(head.thresholds),
                "bias": head.sureness.bias,
                "signs": head.sureness.weights,
            }
            for head in heads
        ],
        "decides": dict(model.decides),
        "kind_of": dict(model.kind_of),
        "corrections": model.corrections,
        "doubted": sorted(model.doubted),
        "meant": dict(model.meant),
    }
    start = json.dumps(plain, ensure_ascii=True).encode()
    numbers = [model.rarity, *(row for head in heads for row in head.weights)]
    return b"".join((len(start).to_bytes(_SIZE, "big"), start, *(_little(row).tobytes() for row in numbers)))


def restored(data: bytes) -> Model:
    """The model that these bytes are. Raises OtherForm."""
    size = int.from_bytes(data[:_SIZE], "big")
    try:
        plain = json.loads(data[_SIZE : _SIZE + size])
    except ValueError as error:
        raise OtherForm(str(error)) from error
    if not isinstance(plain, dict) or plain.get("form") != FORM:
        raise OtherForm("it was kept by another version")
    terms: list[str] = plain["vocabulary"]
    rows = _rows(data[_SIZE + size :], len(terms))
    rarity = next(rows)
    category, kind = (_head(one, rows) for one in plain["heads"])
    return Model(
        version=plain["version"],
        vocabulary={term: number for number, term in enumerate(terms)},
        rarity=rarity,
        category=category,
        kind=kind,
        decides=plain["decides"],
        kind_of=plain["kind_of"],
        corrections=plain["corrections"],
        doubted=frozenset(plain["doubted"]),
        meant=plain["meant"],
    )


def _head(plain: dict[str, Any], rows: Iterator[array[float]]) -> Head:
    labels = tuple(plain["labels"])
    return Head(
        labels=labels,
        biases=tuple(plain["biases"]),
        weights=tuple(next(rows) for _ in labels),
        thresholds=plain["thresholds"],
        sureness=Sureness(plain["bias"], tuple(plain["signs"])),
    )


def _rows(data: bytes, size: int) -> Iterator[array[float]]:
    width = size * array("f").itemsize
    for start in range(0, len(data), width or 1):
        row = array("f")
        row.frombytes(data[start : start + width])
        yield _little(row)


def _little(row: array[float]) -> array[float]:
    """The same numbers with their bytes in the order that they are kept in."""
    if sys.byteorder == "big":
        row = row[:]
        row.byteswap()
    return row
