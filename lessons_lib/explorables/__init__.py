"""Interactive figures: each is one ES module that a static page runs on its own, and JupyterLab as a widget."""

from lessons_lib.explorables.activation import Activation
from lessons_lib.explorables.convolution import Convolution
from lessons_lib.explorables.descent import Descent
from lessons_lib.explorables.drawdigit import DrawDigit
from lessons_lib.explorables.flattening import Flattening
from lessons_lib.explorables.neuron import Neuron
from lessons_lib.explorables.parameters import Parameters
from lessons_lib.explorables.pixels import Pixels
from lessons_lib.explorables.pooling import Pooling
from lessons_lib.explorables.receptivefield import ReceptiveField
from lessons_lib.explorables.shiftlab import ShiftLab

__all__ = [
    "Activation",
    "Convolution",
    "Descent",
    "DrawDigit",
    "Flattening",
    "Neuron",
    "Parameters",
    "Pixels",
    "Pooling",
    "ReceptiveField",
    "ShiftLab",
]
