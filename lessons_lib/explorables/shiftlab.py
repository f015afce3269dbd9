"""ShiftLab: drag a digit over a canvas, and see what three trained networks make of it."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import traitlets as t

from lessons_lib.explorables.base import STATIC, Explorable, as_bytes, sample_digits

SIDE = 32
FARTHEST = 6
NETWORKS = ("dense", "CNN", "global pooling")


class ShiftLab(Explorable):
    """Drag a digit over a canvas of 32×32 pixels; three networks that know only centred digits answer live.

    They are `lessons_lib.models.dense`, `cnn` and `cnn_global` with weights that were trained in the course, rounded
    to half precision. A page loads them when the figure comes near. A network that the reader has trained on digits in
    TrainLab, and kept there, answers beside them; it reads the middle 28×28 pixels.

    Parameters
    ----------
    digit : int, 0…9
        Which of ten test digits is on the canvas.
    down, right : int, −6…6
        How far it has moved from the middle, in pixels.
    accuracy : dict of str to list of 7 floats, 0…1
        For each network, what share of many digits it reads at each distance from 0 to 6: the curves of the plot.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range, or there is a network too many or too few.

    Examples
    --------
    >>> ShiftLab(digit=2, right=3)
    ShiftLab(digit=2, down=0, right=3)
    """

    title = "Shift lab: drag a digit, and three trained networks answer"
    heights = (771, 743, 500)
    heights_with_plot: ClassVar = (1074, 1088, 706)
    digit = t.Int(4, min=0, max=9).tag(sync=True)
    down = t.Int(0, min=-FARTHEST, max=FARTHEST).tag(sync=True)
    right = t.Int(0, min=-FARTHEST, max=FARTHEST).tag(sync=True)
    accuracy = t.Dict(key_trait=t.Enum(NETWORKS)).tag(sync=True)
    # Base64 of one byte a pixel, row by row: a test digit of each class, 28×28.
    examples = t.List(t.Unicode(), read_only=True).tag(sync=True)
    weights = t.List(t.Unicode(), read_only=True).tag(sync=True)
    # Jupyter serves no file beside the module, so there the weights travel with the widget.
    _weights = t.List(t.Bytes()).tag(sync=True)

    @property
    def room(self) -> tuple[int, ...]:
        """How high the figure is with its plot of accuracies or without it, in windows of the `WIDTHS`."""
        return self.heights_with_plot if self.accuracy else self.heights

    @t.validate("accuracy")
    def _curves(self, proposal: Any) -> Any:
        curves = {name: np.asarray(proposal.value.get(name, ()), dtype=float) for name in NETWORKS}
        for name, curve in curves.items():
            if curve.shape != (FARTHEST + 1,) or not ((curve >= 0) & (curve <= 1)).all():
                rule = f"accuracy must hold {FARTHEST + 1} numbers in 0…1 for {name!r}"
                raise t.TraitError(f"{rule}. Received: {proposal.value.get(name)}")
        return {name: [round(float(share), 3) for share in curve] for name, curve in curves.items()}

    @t.default("accuracy")
    def _no_curves(self) -> Any:
        return {}

    @t.default("examples")
    def _examples(self) -> Any:
        return as_bytes(sample_digits())

    @t.default("weights")
    def _files(self) -> Any:
        return [f"shiftlab-{name}.bin" for name in ("dense", "cnn", "global")]

    @t.default("_weights")
    def _stored(self) -> Any:
        return [(STATIC / "weights" / name).read_bytes() for name in self.weights]
