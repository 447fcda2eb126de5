"""How much an agent may give alone, as rules/agents.yaml says it: per currency, exact (D13, D14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from language.money import LARGEST, PERCENT, decimals_of, is_currency

IN_PERCENT = "percent"
"""What stands for a currency's code in the file where the limit is a share of the price."""
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")


def _amount(value: Any) -> Any:
    """A number as it stands in the file; 0 is a limit too."""
    with suppress(InvalidOperation):
        if not isinstance(value, bool) and 0 <= (amount := Decimal(str(value))) < LARGEST:
            return amount
    raise ValueError("write an amount without its currency: 50 or 49.50")


def _with_both(value: Any) -> Any:
    if isinstance(value, int | float | str):
        amount = next(iter(_AMOUNT.findall(str(value))), "50")
        raise ValueError(f"write both limits: {{per_case: {amount}, per_customer_year: {amount}}}")
    return value


def _code(value: Any) -> Any:
    if value == IN_PERCENT:
        return PERCENT
    if not isinstance(value, str) or not is_currency(value):
        raise ValueError(
            "write a currency by its code in capitals: EUR, USD, IRR, ILS … or 'percent' for discounts"
        )
    return value


def _exact(limits: Mapping[str, Limits]) -> Mapping[str, Limits]:
    for currency, limit in limits.items():
        name, decimals = IN_PERCENT if currency == PERCENT else currency, decimals_of(currency)
        for amount in (limit.per_case, limit.per_customer_year):
            if amount != round(amount, decimals):
                raise ValueError(
                    f"an amount in {name} has at most {decimals} decimals, and {amount} has more"
                )
        if limit.per_case > limit.per_customer_year:
            raise ValueError(
                f"per_customer_year is less than per_case for {name}; raise it, or lower per_case"
            )
    return limits


class Limits(BaseModel):
    """What an agent may give alone, in one currency."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    per_case: Annotated[Decimal, BeforeValidator(_amount)]
    """All that the case is given, this agent's part and others'."""
    per_customer_year: Annotated[Decimal, BeforeValidator(_amount)]
    """All that its customer is given within a year, likewise."""


Authority = Annotated[
    Mapping[Annotated[str, BeforeValidator(_code)], Annotated[Limits, BeforeValidator(_with_both)]],
    AfterValidator(_exact),
]
"""By currency, or percent; of one that is not here the agent may give nothing alone."""
