"""Rows of tables: which of them are read as one line with bars, and which cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field

_LINE_OF_LAYOUT = 200
"""A longer row lays text out in columns, and is no row of data."""
_LINE_OF_DATA = 1000


@dataclass(slots=True)
class Row:
    """A row that is being written."""

    begun: int
    """How many characters were written before it."""
    is_data: bool = False
    """Whether it has header cells."""
    waits: bool = False
    """Whether the next text begins a cell beside one that has text."""
    broken: bool = False
    """Whether a cell has several lines."""
    cell_begun: int | None = None
    """How many lines had been ended when the cell's first text was written; None before that."""
    joints: list[int] = field(default_factory=list)
    """Where in the output the line ends stand that divide the cells."""

    def begin_cell(self, breaks: int) -> None:
        """The first text of a cell is being written."""
        self.cell_begun = breaks
        self.waits = False

    def end_cell(self, breaks: int) -> None:
        """The cell's end."""
        if self.cell_begun is not None:
            self.broken = self.broken or breaks != self.cell_begun
            self.cell_begun = None
            self.waits = True

    def fits_a_line(self, written: int) -> bool:
        """Whether the row is read as one line, now that all of it is written."""
        return not self.broken and written - self.begun <= (
            _LINE_OF_DATA if self.is_data else _LINE_OF_LAYOUT
        )
