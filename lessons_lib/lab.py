"""A laboratory for the notebook: choose a network, train it, stop it, and compare it with earlier runs.

It builds its networks with `lessons_lib.models` and trains them with `lessons_lib.training`, as the chapters do.
"""

from __future__ import annotations

import asyncio
import base64
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple

import anywidget
import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lessons_lib import _check, counting, data, models, plots, training

NETWORKS = ("CNN", "CNN with global pooling", "dense")
OPTIMIZERS = ("Adam", "RMSprop", "SGD with momentum", "SGD")
ACTIVATIONS = ("relu", "leaky_relu", "tanh", "sigmoid", "linear")
_SHIFT = 2
# The most multiply-adds per image: a larger network would train for minutes per epoch, and need more memory than a
# server of Binder has.
_MOST_MULTIPLY_ADDS = 40_000_000
_RUNS_IN_PICTURE = len(plots.COLORS)
_STATIC = """<div class="lx-laboratory"><p><strong>A laboratory in the notebook.</strong> Here you choose a network, its
depth, filters, kernel, activation, pooling and optimiser, and train it: with a progress bar, with curves, and with a
table of all your runs.</p><p>It needs Python. In JupyterLab, run this cell. On a page, open the chapter in JupyterLab
first: the page <em>How to use this course</em> says how.</p></div>"""


class Recipe(NamedTuple):
    """The settings of one run: the network to build, and how to train it.

    Attributes
    ----------
    network : {"CNN", "CNN with global pooling", "dense"}
        The kind of network, built by `models.cnn`, `models.cnn_global` or `models.dense`.
    depth : int
        The number of stages of convolution and pooling, or of hidden dense layers.
    width : int
        The number of filters in the first stage, which doubles from stage to stage, or of units in each hidden layer.
    kernel_size : int
        Rows and columns of each kernel, in pixels. A dense network ignores it.
    padding : {"valid", "same"}
        The padding of the convolutions of a CNN. A CNN with global pooling always has "same".
    activation : str
        The activation function of each convolution or hidden layer, by its name in Keras.
    pooling : {"max", "average", "strided", "none"}
        How a stage reduces the size of its maps; see `models.cnn`. A dense network ignores it.
    optimizer : {"Adam", "RMSprop", "SGD with momentum", "SGD"}
        The optimiser; the momentum is 0.9.
    learning_rate : float
        Its learning rate.
    epochs : int
        The number of passes through the training digits.
    """

    network: str = "CNN"
    depth: int = 2
    width: int = 8
    kernel_size: int = 3
    padding: str = "valid"
    activation: str = "relu"
    pooling: str = "max"
    optimizer: str = "Adam"
    learning_rate: float = 0.003
    epochs: int = 8

    def __str__(self) -> str:
        parts = [self.network, f"depth {self.depth}"]
        if self.network == "dense":
            parts.append(f"{self.width} units")
        else:
            parts += [f"{self.width} filters", f"{self.kernel_size}×{self.kernel_size} kernels"]
            parts += [f"padding {self.padding}"] * (self.network == "CNN") + [f"{self.pooling} pooling"]
        return ", ".join([*parts, self.activation, f"{self.optimizer} at {self.learning_rate:g}"])


@dataclass
class Run:
    """The results of one training.

    Attributes
    ----------
    recipe : Recipe
        The settings of the run.
    parameters : int
        The number of parameters of the network.
    train, validation : list of float
        The accuracy on the training and on the validation digits after each epoch, 0…1.
    moved : float
        The accuracy on the validation digits, moved by 2 pixels to the right, 0…1; NaN until the training has ended.
    seconds : float
        How long all epochs together took, in seconds.
    """

    recipe: Recipe
    parameters: int
    train: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    moved: float = np.nan
    seconds: float = 0.0


def build(recipe: Recipe, *, seed: int = 0) -> Any:
    """Build the network of a recipe, for digits of 28×28 pixels.

    Parameters
    ----------
    recipe : Recipe
        The settings of the run, of which the optimiser, the learning rate and the epochs are not used.
    seed : int
        Seed of the starting weights.

    Returns
    -------
    keras.Sequential
        An uncompiled model from images (n, 28, 28, 1) to probabilities (n, 10), which sum to 1 for each image.

    Raises
    ------
    TypeError, ValueError
        If a name is unknown, a number is out of range, a map becomes smaller than a kernel, or the network needs
        more than 40,000,000 multiply-adds per image.

    Examples
    --------
    >>> build(Recipe()).count_params() == models.cnn().count_params()
    True
    """
    _check.choice("network", recipe.network, NETWORKS)
    depth, width = _check.whole_number("depth", recipe.depth), _check.whole_number("width", recipe.width)
    if recipe.network == "dense":
        return models.dense(units=(width,) * depth, activation=recipe.activation, seed=seed)
    settings: dict[str, Any] = {
        "filters": [width * 2**stage for stage in range(depth)],
        "kernel_size": recipe.kernel_size,
        "activation": recipe.activation,
        "pooling": recipe.pooling,
        "seed": seed,
    }
    try:
        if recipe.network == "CNN":
            model = models.cnn(**settings, padding=recipe.padding)
        else:
            model = models.cnn_global(**settings)
    except ValueError as error:
        if "input_shape must be large enough" not in str(error):
            raise
        raise ValueError(
            'every map must be at least as large as the kernel: choose padding "same", fewer stages or a smaller '
            f"kernel. Received: {recipe}"
        ) from None
    multiply_adds = counting.ledger(model).multiply_adds
    if multiply_adds is None or multiply_adds > _MOST_MULTIPLY_ADDS:
        raise ValueError(
            f"a network of this laboratory must take at most {_MOST_MULTIPLY_ADDS:,} multiply-adds an image: choose "
            f"fewer filters, smaller kernels or pooling. Received: {multiply_adds}"
        )
    return model


def _optimizer(recipe: Recipe) -> Any:
    from lessons_lib import keras

    name = _check.choice("optimizer", recipe.optimizer, OPTIMIZERS)
    rate = _check.number("learning_rate", recipe.learning_rate, at_least=0)
    if name.startswith("SGD"):
        return keras.optimizers.SGD(rate, momentum=0.9 if name.endswith("momentum") else 0.0)
    return getattr(keras.optimizers, name)(rate)


def _reporter(on_epoch: Callable[[dict[str, float]], None], stopping: Callable[[], bool]) -> Any:
    """Return a callback that reports each completed epoch, and stops the training once `stopping` returns True."""
    from lessons_lib import keras

    class Reporter(keras.callbacks.Callback):  # type: ignore[misc]
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.model.stop_training = stopping()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            # An epoch that was stopped before its end is not reported.
            if not stopping():
                on_epoch(dict(logs))
            if not np.isfinite(logs["loss"]):
                self.model.stop_training = True

    return Reporter()


class _KeepKeys(anywidget.AnyWidget):
    """Keep JupyterLab from using the keys that are pressed in the laboratory: "dd" would delete the cell."""

    _esm = """
    function render({ el }) {
      const ask = () => {
        if (!el.isConnected) return requestAnimationFrame(ask);
        el.closest(".lx-laboratory")?.setAttribute("data-lm-suppress-shortcuts", "true");
      };
      ask();
    }
    export default { render };
    """


class Lab(widgets.VBox):  # type: ignore[misc]
    """Choose a network, train it on 2,000 digits, and compare runs on 1,000 others, the validation set.

    In a notebook it can be used. On a page without Python, a note says what it does and how to open it.

    Parameters
    ----------
    network : {"CNN", "CNN with global pooling", "dense"}
        The network that is selected at first.

    Attributes
    ----------
    runs : list of Run
        All runs since the button “Forget the runs” was last pressed.

    Raises
    ------
    ValueError
        If `network` is unknown.

    Examples
    --------
    >>> Lab(network="dense").recipe.network
    'dense'
    """

    def __init__(self, *, network: str = "CNN") -> None:
        _check.choice("network", network, NETWORKS)
        self.runs: list[Run] = []
        self._running = False
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
        self._controls["network"].observe(self._enable_controls, "value")
        self._enable_controls()
        self._say(
            "Choose a network and press Train. The test set is not used here: choices are made on the validation set."
        )
        choices = widgets.Box(list(self._controls.values()), layout={"flex_flow": "row wrap"})
        buttons = widgets.HBox([self._train, self._stop, self._forget, self._progress])
        super().__init__([choices, buttons, self._said, self._results, _KeepKeys()])
        self.add_class("lx-laboratory")

    @property
    def recipe(self) -> Recipe:
        """The settings that the controls show."""
        return Recipe(**{name: control.value for name, control in self._controls.items()})

    async def train(self) -> None:
        """Train the network that the controls show, to the end or until Stop is pressed.

        If a training is running already, do nothing. The training runs in a thread of its own, so that Stop works at
        any time.
        """
        if self._running:
            return
        self._running, self._stopping = True, False
        self._enable_buttons()
        number = len(self.runs) + 1
        try:
            self._say(await self._train_one(self.recipe, number))
        except Exception as error:
            self._say(f"Run {number} could not be trained: {error}")
        finally:
            self.runs = [run for run in self.runs if run.validation]
            self._show()
            self._running = False
            self._enable_buttons()

    async def _train_one(self, recipe: Recipe, number: int) -> str:
        """Train one network and return the message about its result."""
        digits = data.digits()
        validation = digits.x_validation, digits.y_validation
        model, optimizer = build(recipe), _optimizer(recipe)
        run = Run(recipe, model.count_params())
        self.runs.append(run)
        self._progress.value, self._progress.max = 0, recipe.epochs
        self._say(f"Run {number}: epoch 1 of {recipe.epochs} …")
        loop, start = asyncio.get_running_loop(), time.perf_counter()

        def on_epoch(logs: dict[str, float]) -> None:
            loop.call_soon_threadsafe(self._epoch_done, run, number, logs, time.perf_counter() - start)

        reporter = _reporter(on_epoch, lambda: self._stopping)
        settings = {"epochs": recipe.epochs, "optimizer": optimizer, "validation": validation, "callbacks": [reporter]}
        await asyncio.to_thread(training.fit, model, digits.x_train, digits.y_train, **settings)
        await asyncio.sleep(0)  # Let the event loop handle the report of the last epoch.
        if not np.isfinite(model.history.history["loss"][-1]):
            return f"Run {number} failed: its loss is no longer a finite number. Try a lower learning rate."
        if not run.validation:
            return "Stopped before the first epoch was completed."
        moved = data.shift(validation[0], columns=_SHIFT)
        run.moved = await asyncio.to_thread(training.score, model, moved, validation[1])
        return _comparison(self.runs)

    def _epoch_done(self, run: Run, number: int, logs: dict[str, float], seconds: float) -> None:
        run.seconds = seconds
        run.train.append(logs["accuracy"])
        run.validation.append(logs["val_accuracy"])
        done = len(run.validation)
        self._progress.value = done
        if done < run.recipe.epochs:
            self._say(f"Run {number}: epoch {done + 1} of {run.recipe.epochs} …")
        self._show()

    def _start(self, _: Any) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self.train())

    def _ask_to_stop(self, _: Any) -> None:
        self._stopping = True
        self._stop.disabled = True
        self._say("Stopping …")

    def _clear(self, _: Any) -> None:
        self.runs.clear()
        self._forget.disabled = True
        self._show()
        self._say("All runs are forgotten.")

    def _enable_buttons(self) -> None:
        """Enable the buttons that can be used now."""
        self._train.disabled = self._running
        self._stop.disabled = not self._running
        self._forget.disabled = self._running or not self.runs

    def _enable_controls(self, _: Any = None) -> None:
        """Enable the controls that the chosen network uses."""
        network = self._controls["network"].value
        self._controls["width"].description = "Units" if network == "dense" else "Filters"
        for name in ("kernel_size", "pooling"):
            self._controls[name].disabled = network == "dense"
        self._controls["padding"].disabled = network != "CNN"

    def _say(self, text: str) -> None:
        self._said.value = f'<p role="status" aria-live="polite">{escape(text)}</p>'

    def _show(self) -> None:
        shown = [run for run in self.runs if run.validation]
        self._results.value = _picture(shown) + _table(shown) if shown else ""

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
        "padding": choose("Padding", models.PADDING, start.padding),
        "activation": choose("Activation", ACTIVATIONS, start.activation),
        "pooling": choose("Pooling", models.POOLING, start.pooling),
        "optimizer": choose("Optimiser", OPTIMIZERS, start.optimizer),
        "learning_rate": choose("Learning rate", (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3), start.learning_rate),
        "epochs": choose("Epochs", (3, 5, 8, 15, 30), start.epochs),
    }


def _comparison(runs: Sequence[Run]) -> str:
    """Return a message that compares the last run with the one before it and with the best one."""
    *earlier, last = runs
    accuracy = last.validation[-1]
    text = f"Run {len(runs)} reaches {accuracy:.3f} on the validation digits"
    if not earlier:
        return f"{text}. Change one thing and train again."
    difference = accuracy - earlier[-1].validation[-1]
    best = "the best so far" if accuracy > max(run.validation[-1] for run in earlier) else "not the best so far"
    return f"{text}, {abs(difference):.3f} {'more' if difference >= 0 else 'less'} than run {len(earlier)}: {best}."


def _picture(runs: Sequence[Run]) -> str:
    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axis = figure.subplots()
    omitted = len(runs) - len(runs[-_RUNS_IN_PICTURE:])
    for index, run in enumerate(runs[-_RUNS_IN_PICTURE:], start=omitted):
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
    alt = "Accuracy over the epochs, a line for each of the last runs; the table below holds the last values."
    note = f"<p>The picture shows the last {_RUNS_IN_PICTURE} runs, the table shows all of them.</p>" if omitted else ""
    return f'<img style="max-width:100%" alt="{alt}" src="data:image/png;base64,{source}">{note}'


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
