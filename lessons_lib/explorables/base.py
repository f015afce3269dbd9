"""The base of every explorable: one ES module, run by JupyterLab as a widget and by a static page on its own.

An explorable ``Name`` is a Python class with traits, ``static/name.js`` that draws them, and ``static/name.css`` with
the rules of its own. In Jupyter the class is an anywidget, so Python can read and set each trait. On a page without a
kernel its ``text/html`` form carries the traits as JSON, and ``static/host.js`` mounts the same module over it; there
all modules are joined into one classic script.
"""

from __future__ import annotations

import base64
import json
import math
import re
from copy import deepcopy
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import anywidget
import traitlets as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

STATIC = Path(__file__).parent / "static"
FALLBACK = "Run this cell to use this figure."
WIDTHS = (320, 390, 1280)
# The rows and columns of a digit.
SIDE = 28
# From the keyword to the address: the names between them hold no quote, bracket of a call, equals sign or semicolon.
_IMPORT = re.compile(r"""^(\s*(?:import|export)\b(?:[^"'`()=;]*?\bfrom)?\s*)(["'])([^"'\n]*)\2""", re.MULTILINE)
_NEIGHBOUR = re.compile(r"\./([\w-]+\.js)")
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_UNSEEN = re.compile(r"""\bimport\s*\(|["'`]\.{1,2}/[^"'`\n]*\.m?js["'`]""")


@cache
def inlined(name: str) -> str:
    """Return the source of ``static/name`` with each module that it imports put in as a ``data:`` address.

    Jupyter hands a widget's module to the browser as text, where a relative address leads nowhere.

    Parameters
    ----------
    name : str
        The file's name. It may import and re-export its neighbours in every static form.

    Raises
    ------
    ValueError
        If the module imports anything but a neighbour, ``"./other.js"``, or imports while it runs.

    Examples
    --------
    >>> "./ops.js" in inlined("pooling.js").split("const TRAITS")[0]
    False
    """
    return inline((STATIC / name).read_text(encoding="utf-8"), name)


def inline(source: str, name: str) -> str:
    """Return the source of a module with its imports put in, as `inlined` does for a file.

    Parameters
    ----------
    source : str
        JavaScript.
    name : str
        What an error calls the module.

    Raises
    ------
    ValueError
        If the module imports anything but a neighbour, or imports while it runs.

    Examples
    --------
    >>> inline('import "./ops.js";', "mine.js")[:36]
    'import "data:text/javascript;base64,'
    """

    def as_data(found: re.Match[str]) -> str:
        neighbour = _NEIGHBOUR.fullmatch(found[3])
        if not neighbour:
            raise ValueError(f'{name} must import its neighbours alone, as "./other.js". Received: {found[3]}')
        data = base64.b64encode(inlined(neighbour[1]).encode()).decode()
        return f'{found[1]}"data:text/javascript;base64,{data}"'

    text = _IMPORT.sub(as_data, source)
    if unseen := _UNSEEN.search(_COMMENT.sub("", text)):
        raise ValueError(f"{name} must import by a static import or export … from. Received: {unseen[0]}")
    return text


@cache
def style(name: str) -> str:
    """Return the rules that all explorables share, and after them those of ``static/name.css``, where there is one.

    Examples
    --------
    >>> style("pooling").count('[data-explorable="pooling"]') > 0
    True
    """
    sheets = [STATIC / "explorable.css", STATIC / f"{name}.css"]
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets if sheet.is_file())


class Explorable(anywidget.AnyWidget):
    """An interactive figure whose traits are its parameters.

    A subclass sets `title`, its `heights` and its traits (tagged ``sync=True``), and validates what comes in: a state
    that the figure cannot draw is refused with `traitlets.TraitError`. What the reader may reach, but no figure should
    begin with, such as a window that is larger than the image, is refused by `_check_start`.

    Attributes
    ----------
    title : str
        What a screen reader calls the figure.
    heights : tuple of three ints
        How high the figure is in its default state, in CSS pixels, in windows of the `WIDTHS` 320, 390 and 1280: a page
        keeps this room free until the figure has started. Empty where the height depends on the content.
    paper : dict of str to Any
        What differs when the figure is printed in the whole course: nobody will press *Play* there. A figure that is
        opened by the reader is printed only if this names something; otherwise the print says that it can be opened.
    late : bool or "near"
        Whether a page asks for the figure's code, of which there is much, only when the reader opens the figure, or
        with "near" when the reader comes near it.
    """

    title: ClassVar[str]
    heights: ClassVar[tuple[int, ...]] = ()
    paper: ClassVar[dict[str, Any]] = {}
    late: ClassVar[bool | Literal["near"]] = False
    # What the cell has set. Reset goes back to it, even where the page was loaded anew after changes.
    _start = t.Dict(read_only=True).tag(sync=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # anywidget makes a further subclass of each one when it adds its own traits: that has its module already.
        if not hasattr(cls, "_esm"):
            cls._esm = inlined(f"{cls.__name__.lower()}.js")
            cls._css = style(cls.__name__.lower())
        super().__init_subclass__(**kwargs)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._check_start()
        self.set_trait("_start", deepcopy(self.state))

    def _check_start(self) -> None:
        """Raise `traitlets.TraitError` if the traits together are no state to begin with."""

    @property
    def state(self) -> dict[str, Any]:
        """The parameters of the figure: what the page's own copy of it starts from."""
        return {name: getattr(self, name) for name in sorted(self._parameters())}

    @property
    def room(self) -> tuple[int, ...]:
        """How high the figure is in its present state, in windows of the `WIDTHS`; empty where nobody knows."""
        return self.heights

    @property
    def label(self) -> str:
        """The name of the figure that is read aloud."""
        return self.title

    @property
    def anchor(self) -> str:
        """The name by which links lead to the figure on its page; empty where none does."""
        return ""

    def _parameters(self) -> list[str]:
        inherited = set(anywidget.AnyWidget.class_trait_names())
        return [name for name in self.trait_names(sync=True) if name not in inherited and not name.startswith("_")]

    def to_html(self) -> str:
        """Return the figure for a page without a kernel: its state, and what JupyterLab says before the cell is run."""
        # A "<" in the state could end the script element.
        state = json.dumps(self.state, separators=(",", ":")).replace("<", "\\u003c")
        name = type(self).module_name()
        heights = ";".join(f"--lx-{width}:{height}px" for width, height in zip(WIDTHS, self.room, strict=False))
        style = f' style="{heights}"' if heights else ""
        anchor = f' id="{self.anchor}"' if self.anchor else ""
        late = " data-late" if self.late is True else ""
        label = escape(self.label)
        return (
            f'<div class="explorable" data-explorable="{name}"{anchor}{late} aria-label="{label}" role="group"{style}>'
            f'<script type="application/json">{state}</script><p>{escape(FALLBACK)}</p></div>'
        )

    @classmethod
    def class_name(cls) -> str:
        """Return the figure's name: that of the class, not of the subclass that anywidget makes of it."""
        return next(base.__name__ for base in cls.__mro__ if "title" in base.__dict__)

    @classmethod
    def module_name(cls) -> str:
        """Return the stem of the figure's JavaScript file."""
        return cls.class_name().lower()

    def __repr__(self) -> str:
        shown = {name: value for name, value in self.state.items() if not isinstance(value, (list, dict))}
        return f"{self.class_name()}({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return data | {"text/plain": repr(self), "text/html": self.to_html()}, metadata


class Trains(t.HasTraits):
    """What a figure that trains networks has beside its own traits: ``class TrainLab(Trains, Explorable)``.

    On a page, ``host.js`` gives the figure ways to ask for the code that trains and for the digits. Jupyter serves no
    file beside the module, so there they travel with the widget. ``trainer.js`` takes either.

    Attributes
    ----------
    digits : list of str
        The sets of digits that the figure may ask for: those of `lessons_lib.data.digits`.
    """

    digits = t.List(t.Unicode(), ["train", "validation", "test"], read_only=True).tag(sync=True)
    _training = t.Unicode().tag(sync=True)
    _digits = t.Dict().tag(sync=True)

    @t.default("_training")
    def _module_that_trains(self) -> str:
        # In a worker it serves; on the page it hands over what the module exports.
        serve = "if (globalThis.document) globalThis.courseTraining = () => train; else train.serve(globalThis);"
        return inline(f'import * as train from "./train.js";\n{serve}\n', "a training")

    @t.default("_digits")
    def _stored_digits(self) -> dict[str, bytes]:
        return {name: (STATIC / "digits" / f"{name}.bin").read_bytes() for name in self.digits}


class Number(t.Float[Any, Any]):
    """A trait of a finite number within min…max: the state of a figure is JSON, which has neither NaN nor infinity."""

    def validate(self, obj: Any, value: Any) -> Any:
        """Return the number as a float, or raise a TraitError that says the rule and what came."""
        number = super().validate(obj, value)
        if not math.isfinite(number):
            raise t.TraitError(f"{self.name} must be finite. Received: {self.name}={number}")
        return float(number)


class Grid(t.TraitType[Any, Any]):
    """A trait of rows of finite numbers, all of one length: at most `longest` rows and columns, within low…high."""

    info_text = "rows of finite numbers, all of one length"

    def __init__(
        self, *, longest: int = 64, low: float = -1e6, high: float = 1e6, digits: int = 4, **kwargs: Any
    ) -> None:
        self.longest, self.low, self.high, self.digits = longest, low, high, digits
        super().__init__(**kwargs)

    def validate(self, obj: Any, value: Any) -> list[list[float]]:
        """Return the rows as plain lists of floats, or raise a TraitError that says the rule and what came."""
        import numpy as np

        from lessons_lib import _check

        try:
            array = _check.finite(str(self.name), value, ndim=2).astype(np.float64)
        except (TypeError, ValueError) as error:
            raise t.TraitError(str(error)) from None
        if max(array.shape) > self.longest:
            raise t.TraitError(
                f"{self.name} must have at most {self.longest} rows and columns. Received: shape={array.shape}"
            )
        if array.min() < self.low or array.max() > self.high:
            raise t.TraitError(
                f"{self.name} must be in {self.low:g}…{self.high:g}. Received: {array.min():g}…{array.max():g}"
            )
        return [[round(float(number), self.digits) for number in row] for row in array]


class Reads(t.HasTraits):
    """What a figure has in which a digit is drawn for a trained network: ``class DrawDigit(Reads, Explorable)``.

    On a page, ``host.js`` asks for the weights when the figure comes near. Jupyter serves no file beside the module, so
    there they travel with the widget. ``digitpad.js`` is the pad, and ``digitnetwork.js`` holds the network. The
    reader's own network may take its place: TrainLab keeps it in the browser, and ``whosenetwork.js`` finds it there.

    Attributes
    ----------
    first : int, 0…9
        Which real digit of the test set is drawn by default.
    image : rows of float, 28×28, 0…1
        What is drawn.
    pointer : {"draw", "erase", "move"}
        What a press, and Shift with the arrow keys, do to the image.
    examples : list of str
        One test digit of each class, as base64 of one byte a pixel, row by row.
    network : {"CNN of the course", "your own"}
        Which network reads the digit. Where the reader has kept none, it is that of the course.
    weights : str
        The name of the file with the weights of `lessons_lib.models.cnn`.
    """

    first: ClassVar[int] = 7
    image = Grid(longest=SIDE, low=0, high=1).tag(sync=True)
    pointer = t.Enum(["draw", "erase", "move"], "draw").tag(sync=True)
    examples = t.List(t.Unicode(), read_only=True).tag(sync=True)
    network = t.Enum(("CNN of the course", "your own"), "CNN of the course").tag(sync=True)
    weights = t.Unicode("drawdigit.bin", read_only=True).tag(sync=True)
    _weights = t.Bytes().tag(sync=True)

    @t.validate("image")
    def _square(self, proposal: Any) -> Any:
        import numpy as np

        if (shape := np.shape(proposal.value)) != (SIDE, SIDE):
            raise t.TraitError(f"image must have {SIDE} rows and columns, as in training. Received: shape={shape}")
        return proposal.value

    @t.default("image")
    def _image(self) -> Any:
        return sample_digits()[self.first].tolist()

    @t.default("examples")
    def _examples(self) -> Any:
        return as_bytes(sample_digits())

    @t.default("_weights")
    def _stored(self) -> bytes:
        return (STATIC / "weights" / self.weights).read_bytes()


def size_of_map(shape: Sequence[int], window: Sequence[int], **slide: Any) -> tuple[int, ...]:
    """Return rows and columns of a map, or raise a TraitError if the window does not fit into what it reads.

    Parameters
    ----------
    shape, window : (rows, columns)
        Of what is read, and of the kernel or the pooling window.
    **slide
        `strides`, `padding` and `dilation_rate`, as in `lessons_lib.counting.output_size`.

    Examples
    --------
    >>> size_of_map((4, 6), (3, 3), padding="valid")
    (2, 4)
    """
    from lessons_lib.counting import output_size

    try:
        return tuple(output_size(size, taps, **slide) for size, taps in zip(shape, window, strict=True))
    except ValueError:
        way = "".join(f", {name}={value!r}" for name, value in slide.items())
        raise t.TraitError(
            f"a window must fit into the rows and columns that it reads. Received: {'×'.join(map(str, window))} on "
            f"{'×'.join(map(str, shape))}{way}"
        ) from None


def small_digit(index: int = 2) -> list[list[float]]:
    """Return a real digit of the training set at half its size, 14×14 pixels, 0…1: the mean of each 2×2 block."""
    from lessons_lib import data, ops

    digits = data.digits(train=100, validation=0, test=0)
    return [[round(float(value), 2) for value in row] for row in ops.average_pool(digits.x_train[index, :, :, 0])]


def sample_digits(each: int = 1) -> NDArray[np.float32]:
    """Return so many test digits of each class, class after class: shape (10 · each, 28, 28), 0…1."""
    import numpy as np

    from lessons_lib import data

    digits = data.digits()
    places = [np.flatnonzero(digits.y_test == label)[1 : 1 + each] for label in range(10)]
    return digits.x_test[np.concatenate(places), :, :, 0]


def as_bytes(images: Iterable[NDArray[np.float32]]) -> list[str]:
    """Return images, 0…1, as a page gets them: for each the base64 of one byte a pixel, row by row."""
    import numpy as np

    return [base64.b64encode(np.uint8(np.rint(255 * image)).tobytes()).decode() for image in images]
