"""Output sizes, parameters, multiply-adds and receptive fields: the formula and the number.

`ledger` writes these counts down for every layer of a built Keras model; the other functions are single formulas.
"""

from lessons_lib.counting.blocks import Block
from lessons_lib.counting.formulas import (
    ReceptiveField,
    convolution_multiply_adds,
    convolution_parameters,
    dense_parameters,
    output_size,
    receptive_field,
)
from lessons_lib.counting.ledger import Ledger, Row, ledger
from lessons_lib.counting.shapes import shapes_only

__all__ = [  # noqa: RUF022 (the order in which the reference shows them)
    "output_size",
    "convolution_parameters",
    "dense_parameters",
    "convolution_multiply_adds",
    "ReceptiveField",
    "receptive_field",
    "Row",
    "Ledger",
    "ledger",
    "Block",
    "shapes_only",
]
