"""A laboratory for the notebook: choose a network, train it, stop it, and compare it with the runs before."""

from __future__ import annotations

import asyncio
import base64
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lessons_lib import _check, data, models, plots, training

NETWORKS = ("CNN", "CNN with global pooling", "dense")
OPTIMIZERS = ("Adam", "RMSprop", "SGD with momentum", "SGD")
ACTIVATIONS = ("relu", "leaky_relu", "tanh", "sigmoid", "linear")
_BATCH_SIZE = 64
_SHIFT = 2
# Between two epochs Jupyter gets this long to hand on a press of Stop, in seconds.
_BREATH = 0.05
_STATIC = """<div class="admonition note"><p class="admonition-title">A laboratory, in the notebook</p>
<p>Here you choose a network, its depth, filters, kernel, activation, pooling and optimiser, and train it: with a
progress bar, with curves, and with a table of all your runs. It needs Python, so this page cannot show it.</p>
<p>To use it, open this chapter in JupyterLab (<code>make lab</code> in a copy of the course, or the launch button at
the top of the page where there is one) and run this cell.</p></div>"""


class Recipe(NamedTuple):
    """What a run builds and how it trains.

    Attributes
    ----------
    network : {"CNN", "CNN with global pooling", "dense"}
    depth : int
        Stages of convolution and pooling, or hidden dense layers.
    width : int
        Filters of the first stage, doubled from stage to stage, or units of each hidden layer.
    kernel_size : int
        In pixels; no matter to a dense network, as is `pooling`.
    activation : str
        After each convolution or hidden layer, by Keras's name.
    pooling : {"max", "average", "strided", "none"}
        How a stage ends.
    optimizer : {"Adam", "RMSprop", "SGD with momentum", "SGD"}
    learning_rate : float
    epochs : int
    """

    network: str = "CNN"
    depth: int = 2
    width: int = 8
    kernel_size: int = 3
    activation: str = "relu"
    pooling: str = "max"
    optimizer: str = "Adam"
    learning_rate: float = 0.003
    epochs: int = 8

    def __str__(self) -> str:
        kernel, pooling = f"{self.kernel_size}×{self.kernel_size} kernels", f"{self.pooling} pooling"
        unit = "units" if self.network == "dense" else "filters"
        shape = [f"depth {self.depth}", f"{self.width} {unit}"]
        shape += [] if self.network == "dense" else [kernel, pooling]
        return ", ".join([self.network, *shape, self.activation, f"{self.optimizer} at {self.learning_rate:g}"])


@dataclass
class Run:
    """What came out of a recipe: accuracies, 0…1, after each epoch.

    Attributes
    ----------
    recipe : Recipe
    parameters : int
    train, validation : list of float
    moved : float
        On the validation digits, moved by 2 pixels; NaN while it trains.
    seconds : float
        Of all its epochs.
    """

    recipe: Recipe
    parameters: int
    train: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    moved: float = np.nan
    seconds: float = 0.0


def build(recipe: Recipe, *, seed: int = 0) -> Any:
    """Build and compile the network of a recipe, for digits of 28×28 pixels; convolutions pad with "same".

    Returns
    -------
    keras.Sequential
        From images (n, 28, 28, 1) to ten scores.

    Raises
    ------
    TypeError, ValueError
        If a name is unknown or a number out of range.

    Examples
    --------
    >>> build(Recipe(network="dense", depth=1, width=64)).count_params()
    50890
    """
    from lessons_lib import keras

    layers = keras.layers
    keras.utils.set_random_seed(seed)
    _check.choice("network", recipe.network, NETWORKS)
    stack = _hidden(layers, recipe) if recipe.network == "dense" else _stages(layers, recipe)
    scores = layers.Dense(data.CLASSES, activation="softmax")
    model = keras.Sequential([keras.Input(models.PIXELS), *stack, scores])
    model.compile(
        _optimizer(keras.optimizers, recipe),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model


def _hidden(layers: Any, recipe: Recipe) -> list[Any]:
    units = _check.whole_number("width", recipe.width)
    hidden = [layers.Dense(units, activation=recipe.activation) for _ in range(recipe.depth)]
    return [layers.Flatten(), *hidden]


def _stages(layers: Any, recipe: Recipe) -> list[Any]:
    pooling = _check.choice("pooling", recipe.pooling, models.POOLING)
    strides = 2 if pooling == "strided" else 1
    stages = []
    for stage in range(recipe.depth):
        filters = _check.whole_number("width", recipe.width) * 2**stage
        settings = {"strides": strides, "padding": "same", "activation": recipe.activation}
        stages.append(layers.Conv2D(filters, recipe.kernel_size, **settings))
        if pooling in ("max", "average"):
            stages.append(layers.MaxPooling2D() if pooling == "max" else layers.AveragePooling2D(2))
    head = layers.Flatten() if recipe.network == "CNN" else layers.GlobalMaxPooling2D()
    return [*stages, head]


def _optimizer(optimizers: Any, recipe: Recipe) -> Any:
    name = _check.choice("optimizer", recipe.optimizer, OPTIMIZERS)
    rate = _check.number("learning_rate", recipe.learning_rate, at_least=0)
    if name.startswith("SGD"):
        return optimizers.SGD(rate, momentum=0.9 if name.endswith("momentum") else 0.0)
    return getattr(optimizers, name)(rate)


class Lab(widgets.VBox):  # type: ignore[misc]
    """Choose a network, train it on 2,000 digits, and compare runs on 1,000 others, the validation set.

    In a notebook it is live. On a page without Python, a note says what it does and how to open it.

    Parameters
    ----------
    network : {"CNN", "CNN with global pooling", "dense"}
        What it starts with.

    Attributes
    ----------
    runs : list of Run
        All runs since the last press of Forget.

    Raises
    ------
    ValueError
        If there is no such network.

    Examples
    --------
    >>> Lab(network="dense").recipe.network
    'dense'
    """

    def __init__(self, *, network: str = "CNN") -> None:
        _check.choice("network", network, NETWORKS)
        self.runs: list[Run] = []
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        self._controls = _controls(Recipe(network=network, width=64 if network == "dense" else 8))
        self._train = widgets.Button(description="Train", button_style="primary")
        self._stop = widgets.Button(description="Stop", disabled=True)
        self._forget = widgets.Button(description="Forget the runs", disabled=True)
        self._progress = widgets.IntProgress(layout={"width": "20rem"})
        self._said = widgets.HTML()
        self._results = widgets.HTML()
        self._train.on_click(self._start)
        self._stop.on_click(self._ask_to_stop)
        self._forget.on_click(self._clear)
        self._controls["network"].observe(self._adapt, "value")
        self._adapt()
        self._say("Choose a network and press Train. The test set stays out of this: it is no place to choose by.")
        choices = widgets.Box(list(self._controls.values()), layout={"flex_flow": "row wrap"})
        buttons = widgets.HBox([self._train, self._stop, self._forget, self._progress])
        super().__init__([choices, buttons, self._said, self._results])

    @property
    def recipe(self) -> Recipe:
        """The recipe that the controls show."""
        return Recipe(**{name: control.value for name, control in self._controls.items()})

    async def train(self) -> None:
        """Train the network of the controls, epoch by epoch, until it is done or Stop is pressed."""
        self._stopping = False
        self._switch(training=True)
        try:
            await self._run(self.recipe)
        except Exception as error:
            self._say(f"This network could not be trained: {error}")
        finally:
            self._switch(training=False)

    async def _run(self, recipe: Recipe) -> None:
        digits = data.digits()
        validation = digits.x_validation, digits.y_validation
        model = build(recipe)
        run = Run(recipe, model.count_params())
        self.runs.append(run)
        self._progress.value, self._progress.max = 0, recipe.epochs
        for epoch in range(recipe.epochs):
            self._say(f"Run {len(self.runs)}: epoch {epoch + 1} of {recipe.epochs} …")
            await asyncio.sleep(_BREATH)
            if self._stopping:
                break
            start = time.perf_counter()
            span = {"initial_epoch": epoch, "epochs": epoch + 1, "validation_data": validation, "verbose": 0}
            logs = model.fit(digits.x_train, digits.y_train, _BATCH_SIZE, **span).history
            run.seconds += time.perf_counter() - start
            run.train += logs["accuracy"]
            run.validation += logs["val_accuracy"]
            self._progress.value = epoch + 1
            self._show()
            if not np.isfinite(logs["loss"][0]):
                self._say(f"Run {len(self.runs)} broke: its loss is no number any more. Try a lower learning rate.")
                return
        if not run.validation:
            self.runs.pop()
            self._say("Stopped before the first epoch was done.")
            return
        run.moved = training.score(model, data.shift(validation[0], columns=_SHIFT), validation[1])
        self._show()
        self._say(_verdict(self.runs))

    def _start(self, _: Any) -> None:
        self._task = asyncio.get_running_loop().create_task(self.train())

    def _ask_to_stop(self, _: Any) -> None:
        self._stopping = True
        self._stop.disabled = True

    def _clear(self, _: Any) -> None:
        self.runs.clear()
        self._forget.disabled = True
        self._show()
        self._say("All runs are forgotten.")

    def _switch(self, *, training: bool) -> None:
        self._train.disabled = training
        self._stop.disabled = not training
        self._forget.disabled = training or not self.runs

    def _adapt(self, _: Any = None) -> None:
        dense = self._controls["network"].value == "dense"
        self._controls["width"].description = "Units" if dense else "Filters"
        for name in ("kernel_size", "pooling"):
            self._controls[name].disabled = dense

    def _say(self, text: str) -> None:
        self._said.value = f'<p role="status" aria-live="polite">{escape(text)}</p>'

    def _show(self) -> None:
        self._results.value = _picture(self.runs) + _table(self.runs) if self.runs else ""

    def __repr__(self) -> str:
        return f"Lab(network={self.recipe.network!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {**super()._repr_mimebundle_(**kwargs), "text/plain": repr(self), "text/html": _STATIC}


def _controls(start: Recipe) -> dict[str, Any]:
    def choose(label: str, options: Sequence[Any], value: Any) -> Any:
        style = {"description_width": "7rem"}
        return widgets.Dropdown(options=options, value=value, description=label, style=style, layout={"width": "19rem"})

    return {
        "network": choose("Network", NETWORKS, start.network),
        "depth": choose("Depth", (1, 2, 3, 4), start.depth),
        "width": choose("Filters", (4, 8, 16, 32, 64), start.width),
        "kernel_size": choose("Kernel", [(f"{size}×{size}", size) for size in (1, 3, 5, 7)], start.kernel_size),
        "activation": choose("Activation", ACTIVATIONS, start.activation),
        "pooling": choose("Pooling", models.POOLING, start.pooling),
        "optimizer": choose("Optimiser", OPTIMIZERS, start.optimizer),
        "learning_rate": choose("Learning rate", (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3), start.learning_rate),
        "epochs": choose("Epochs", (3, 5, 8, 15, 30), start.epochs),
    }


def _verdict(runs: Sequence[Run]) -> str:
    """Say how the last run compares with the one before and with the best."""
    *earlier, last = runs
    reached = last.validation[-1]
    text = f"Run {len(runs)} reaches {reached:.3f} on the validation digits"
    if not earlier:
        return f"{text}. Change one thing and train again."
    difference = reached - earlier[-1].validation[-1]
    best = "the best so far" if reached > max(run.validation[-1] for run in earlier) else "not the best so far"
    return f"{text}, {abs(difference):.3f} {'more' if difference >= 0 else 'less'} than run {len(earlier)}: {best}."


def _picture(runs: Sequence[Run]) -> str:
    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axis = figure.subplots()
    for index, run in enumerate(runs):
        color = plots.COLORS[index % len(plots.COLORS)]
        epochs = range(1, len(run.validation) + 1)
        axis.plot(epochs, run.validation, "o-", color=color, label=f"run {index + 1}")
        axis.plot(epochs, run.train, ":", color=color)
    axis.set(xlabel="epoch (solid: validation, dotted: training)", ylabel="accuracy")
    axis.grid(alpha=0.3)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.legend(loc="outside right upper", frameon=False)
    png = io.BytesIO()
    figure.savefig(png, dpi=100)
    source = base64.b64encode(png.getvalue()).decode()
    alt = "Accuracy over the epochs, a line for each run; the table below holds the last values."
    return f'<img style="max-width:100%" alt="{alt}" src="data:image/png;base64,{source}">'


def _table(runs: Sequence[Run]) -> str:
    heads = ("Run", "Recipe", "Parameters", "Epochs", "Training", "Validation", f"Moved {_SHIFT} px", "s an epoch")
    rows = "".join(_row(number, run) for number, run in enumerate(runs, start=1))
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(number: int, run: Run) -> str:
    epochs = len(run.validation)
    accuracies = (f"{value:.3f}" for value in (run.train[-1], run.validation[-1]))
    moved = "…" if np.isnan(run.moved) else f"{run.moved:.3f}"
    cells = (str(run.recipe), f"{run.parameters:,}", epochs, *accuracies, moved, f"{run.seconds / epochs:.1f}")
    return f'<tr><th scope="row">{number}</th>{"".join(f"<td>{escape(str(cell))}</td>" for cell in cells)}</tr>'
