"""Corrections and the models learned from them; what agents corrected before is taken over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STRING = sqltypes.AutoString()
MOMENT = sqltypes.UTCDateTime()
_CASE = sa.table(
    "case", sa.column("number", sa.Integer), sa.column("category", STRING), sa.column("kind", STRING)
)
_EVENT = sa.table(
    "event",
    sa.column("id", sa.Integer),
    sa.column("kind", STRING),
    sa.column("case_number", sa.Integer),
    sa.column("actor", STRING),
    sa.column("at", MOMENT),
)


def upgrade() -> None:
    corrections = op.create_table(
        "correction",
        sa.Column("key", STRING, nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", STRING, nullable=False),
        sa.Column("kind", STRING, nullable=False),
        sa.Column("language", STRING, nullable=False),
        sa.Column("actor", STRING, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name=op.f("fk_correction_case_number_case")
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_correction_mail_id_mail")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_correction")),
    )
    for column in ("case_number", "mail_id", "at"):
        op.create_index(op.f(f"ix_correction_{column}"), "correction", [column])
    op.create_table(
        "learned_model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", STRING, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("rules_version", STRING, nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_model")),
    )
    _take_over(corrections)


def _take_over(corrections: sa.Table) -> None:
    """The last correction of each case, as agents have made them until now."""
    corrected = sa.select(
        _CASE.c.number, _CASE.c.category, _CASE.c.kind, _EVENT.c.actor, _EVENT.c.at
    ).select_from(_CASE.join(_EVENT, _EVENT.c.case_number == _CASE.c.number))
    connection = op.get_bind()
    rows = connection.execute(corrected.where(_EVENT.c.kind == "corrected").order_by(_EVENT.c.id)).all()
    last = {row.number: row for row in rows}
    blank = {"mail_id": None, "subject": "", "text": "", "language": ""}
    for row in last.values():
        said = {"category": row.category, "kind": row.kind, "actor": row.actor, "at": row.at}
        connection.execute(
            corrections.insert().values(key=f"case/{row.number}", case_number=row.number, **blank, **said)
        )
