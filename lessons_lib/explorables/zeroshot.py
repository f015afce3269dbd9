"""ZeroShot: a class is a row of attributes, so a network can be given classes that it was never trained on."""

from __future__ import annotations

from itertools import product
from typing import Any

import traitlets as t

from lessons_lib.data import COLORS, SHAPES
from lessons_lib.explorables.base import STATIC, Explorable

IMAGES = 9
CLASSES = tuple(f"{color} {shape}" for shape, color in product(SHAPES, COLORS))
UNSEEN = tuple(f"{color} {shape}" for shape, color in product(("triangle", "cross"), ("blue", "yellow")))


class ZeroShot(Explorable):
    """Describe a class by its shape and its colour, and see which new images a trained network puts into it.

    The probability of each of eight attributes, four shapes and four colours, comes from two networks (one sees how
    bright each pixel is and names the shape, the other names the colour) or from one network for all eight. A class is
    a row of eight zeros and ones. An image goes to the class with the largest product of p, where the class has the
    attribute, and 1 − p, where it has not. In training there was no blue or yellow triangle or cross. The images are
    drawn in the figure, as `lessons_lib.data.draw_colored_shapes` draws them; the networks have weights that were
    trained in the course, and a page loads them when the figure comes near.

    Parameters
    ----------
    shape : {"square", "circle", "triangle", "cross"}
        The shape in the images.
    color : {"red", "green", "blue", "yellow"}
        Their colour.
    classes : list of str
        The classes that exist, as "red square": by default the twelve of the training.
    among : {"all classes", "unseen classes"}
        Among which classes an image may choose.
    networks : {"two networks", "one network"}
        What names the attributes.
    image : int, 0…8
        The image whose probabilities are shown.
    seed : int, 0…99
        The seed of the images.

    Raises
    ------
    traitlets.TraitError
        If a value is none of these.

    Examples
    --------
    >>> ZeroShot(shape="triangle", color="yellow", classes=["red cross", "yellow triangle"]).classes
    ['yellow triangle', 'red cross']
    """

    title = "Zero-shot: describe a class by its attributes, and see which images land in it"
    heights = (1558, 1188, 903)
    shape = t.Enum(SHAPES, "cross").tag(sync=True)
    color = t.Enum(COLORS, "blue").tag(sync=True)
    classes = t.List(t.Unicode()).tag(sync=True)
    among = t.Enum(("all classes", "unseen classes"), "all classes").tag(sync=True)
    networks = t.Enum(("two networks", "one network"), "two networks").tag(sync=True)
    image = t.Int(0, min=0, max=IMAGES - 1).tag(sync=True)
    seed = t.Int(0, min=0, max=99).tag(sync=True)
    weights = t.List(t.Unicode(), read_only=True).tag(sync=True)
    # Jupyter serves no file beside the module, so there the weights travel with the widget.
    _weights = t.List(t.Bytes()).tag(sync=True)

    @t.default("classes")
    def _seen(self) -> Any:
        return [name for name in CLASSES if name not in UNSEEN]

    @t.validate("classes")
    def _classes(self, proposal: Any) -> Any:
        unknown = [name for name in proposal.value if name not in CLASSES]
        if unknown:
            raise t.TraitError(f"a class must be a colour and a shape, as 'red square'. Received: {unknown[0]!r}")
        return sorted(set(proposal.value), key=CLASSES.index)

    @t.default("weights")
    def _files(self) -> Any:
        return [f"zeroshot-{name}.bin" for name in ("shape", "color", "shared")]

    @t.default("_weights")
    def _stored(self) -> Any:
        return [(STATIC / "weights" / name).read_bytes() for name in self.weights]
