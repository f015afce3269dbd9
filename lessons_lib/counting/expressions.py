"""Formulas as objects that hold the symbols, the numbers and the value of a formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import mul


@dataclass(frozen=True)
class Expression:
    """A sum, product or quotient of whole numbers, written in symbols and in numbers.

    Attributes
    ----------
    symbols : str
        The formula in symbols.
    numbers : str
        The same formula with the numbers filled in.
    value : int
        The value of the formula.
    is_sum : bool
        Whether the outermost operation is a sum, which needs parentheses inside a product.

    Examples
    --------
    >>> inputs, units = symbol("inputs", 5), symbol("units", 3)
    >>> formula = (inputs + 1) * units
    >>> formula.symbols, formula.numbers, formula.value
    ('(inputs + 1)·units', '(5 + 1)·3', 18)
    """

    symbols: str
    numbers: str
    value: int
    is_sum: bool = False

    def __add__(self, other: Expression | int) -> Expression:
        return self._join(" + ", _expression(other), lambda a, b: a + b, is_sum=True)

    def __mul__(self, other: Expression | int) -> Expression:
        return self._factor()._join("·", _expression(other)._factor(), lambda a, b: a * b)

    def __rmul__(self, other: int) -> Expression:
        return _expression(other) * self

    def __truediv__(self, other: Expression | int) -> Expression:
        return self._factor()._join("/", _expression(other)._factor(), _exact_quotient)

    def _join(
        self, sign: str, other: Expression, operation: Callable[[int, int], int], *, is_sum: bool = False
    ) -> Expression:
        return Expression(
            symbols=f"{self.symbols}{sign}{other.symbols}",
            numbers=f"{self.numbers}{sign}{other.numbers}",
            value=operation(self.value, other.value),
            is_sum=is_sum,
        )

    def _factor(self) -> Expression:
        """Return the expression as a factor of a product: a sum in parentheses."""
        if not self.is_sum:
            return self
        return Expression(f"({self.symbols})", f"({self.numbers})", self.value)


def symbol(name: str, value: int) -> Expression:
    """Return the expression that is written as `name` and stands for `value`."""
    return Expression(name, str(value), value)


def product(factors: Iterable[Expression]) -> Expression:
    """Return the product of `factors`, of which there must be at least one.

    Examples
    --------
    >>> product([symbol("kh", 3), symbol("kw", 2)]).symbols
    'kh·kw'
    """
    return reduce(mul, factors)


def _expression(number: Expression | int) -> Expression:
    """Return a number as an expression, which is written as the number itself."""
    return number if isinstance(number, Expression) else symbol(str(number), number)


def _exact_quotient(dividend: int, divisor: int) -> int:
    quotient, remainder = divmod(dividend, divisor)
    if remainder:
        raise ValueError(f"a quotient must be a whole number. Received: {dividend}/{divisor}")
    return quotient
