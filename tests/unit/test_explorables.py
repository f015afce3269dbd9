"""Explorables in Python: what they store, what they show without a kernel, what they refuse."""

import base64
import inspect
import json
import re
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
import traitlets as t

from lessons_lib import explorables
from lessons_lib.data import digits, permute_pixels, photograph
from lessons_lib.explorables.base import FALLBACK, STATIC, WIDTHS, inline, inlined
from lessons_lib.explorables.receptivefield import layer
from lessons_lib.explorables.shiftlab import NETWORKS

FIGURES = [getattr(explorables, name) for name in explorables.__all__]


@pytest.mark.parametrize("figure", FIGURES)
def test_the_page_s_copy_starts_from_the_state(figure):
    widget = figure()
    html = widget.to_html()
    name = figure.__name__.lower()
    assert f'data-explorable="{name}"' in html
    assert FALLBACK in html
    stored = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])
    assert stored == json.loads(json.dumps(widget.state))
    assert (STATIC / f"{name}.js").is_file()


@pytest.mark.parametrize("figure", FIGURES)
def test_the_state_for_paper_is_one_that_the_figure_takes_and_differs(figure):
    assert all(
        figure(**figure.paper).state[name] != value for name, value in figure().state.items() if name in figure.paper
    )
    assert set(figure.paper) <= set(figure().state)


@pytest.mark.parametrize("figure", FIGURES)
def test_what_is_shown_is_the_same_every_time(figure):
    first, second = (figure()._repr_mimebundle_()[0] for _ in range(2))
    assert first["text/html"] == second["text/html"]
    assert first["text/plain"] == second["text/plain"] == repr(figure())
    assert " at 0x" not in first["text/plain"]


@pytest.mark.parametrize("figure", FIGURES)
def test_jupyter_gets_one_module_without_relative_imports(figure):
    source = str(figure()._esm)
    assert "export default { render }" in source
    assert not re.search(r'from "\.', source)
    assert source.count("data:text/javascript;base64,") >= 1


def test_a_subclass_that_anywidget_makes_keeps_its_module():
    widget = explorables.Convolution()
    assert type(widget) is not explorables.Convolution
    assert type(widget).module_name() == "convolution"
    assert str(widget._esm) == inlined("convolution.js")


def test_no_state_can_end_its_script():
    figure = explorables.ShiftLab()
    figure.set_trait("examples", ["</script><script>alert(1)</script><!--"])
    html = figure.to_html()
    assert html.count("</script>") == html.count("<script") == 1
    stored = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])
    assert stored["examples"] == figure.examples


@pytest.mark.parametrize(
    "statement",
    [
        'import { clamp } from "./ops.js";',
        "import { clamp } from './ops.js'",
        'import {\n  clamp,\n  dense,\n} from "./ops.js";',
        'import * as ops from "./ops.js";',
        'import "./ops.js";',
        'export { clamp } from "./ops.js";',
        'export * from "./ops.js";',
        'import{clamp}from"./ops.js";',
    ],
)
def test_every_static_form_of_import_is_put_in(statement):
    source = inline(f"// First.\n{statement}\nexport const two = 2;\n", "mine.js")
    assert "./" not in source
    assert base64.b64encode(inlined("ops.js").encode()).decode() in source
    assert source.endswith("export const two = 2;\n")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('const ops = await import("./ops.js");', r"a static import or export … from. Received: import\("),
        ("import(`./${name}.js`)", "a static import"),
        ('const a = 1; import { clamp } from "./ops.js";', r'a static import .* Received: "\./ops\.js"'),
        ('new Worker("./train.js")', r'Received: "\./train\.js"'),
        ('import { clamp } from "../ops.js";', r'its neighbours alone, as "\./other\.js"\. Received: \.\./ops\.js'),
        ('import lodash from "lodash";', "its neighbours alone.* Received: lodash"),
        ('import "https://example.org/a.js";', "its neighbours alone"),
    ],
)
def test_an_import_that_jupyter_could_not_follow_is_refused(source, message):
    with pytest.raises(ValueError, match=f"mine.js must import .*{message}"):
        inline(source, "mine.js")


def test_words_in_comments_and_texts_are_no_imports():
    source = '/** @type {import("./ops.js").Maps} */\n// import("./ops.js")\nexport const place = "./weights/a.bin";\n'
    assert inline(source, "mine.js") == source


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_three_files_and_a_test_and_says_how_high_it_is(figure):
    name = figure.__name__.lower()
    assert Path(inspect.getfile(figure)).stem == name
    assert {f"{name}.js", f"{name}.css"} <= {path.name for path in STATIC.iterdir()}
    assert (Path(__file__).parents[1] / "browser" / "figures" / f"test_{name}.py").is_file()
    assert len(figure.heights) == len(WIDTHS)
    room = dict(re.findall(r"--lx-(\d+):(\d+)px", figure().to_html()))
    assert room == {str(width): str(height) for width, height in zip(WIDTHS, figure().room, strict=True)}
    own = (STATIC / f"{name}.css").read_text(encoding="utf-8")
    assert str(figure()._css) == (STATIC / "explorable.css").read_text(encoding="utf-8") + "\n" + own


def test_figures_are_found_by_their_files():
    assert explorables.__all__ == list(explorables.figures())
    modules = {path.stem for path in Path(explorables.__file__).parent.glob("*.py")}
    assert {name.lower() for name in explorables.__all__} == modules - {"__init__", "base"}
    with pytest.raises(AttributeError, match="has no attribute 'Transformer'"):
        _ = explorables.Transformer


def test_a_module_without_a_figure_of_its_name_is_refused():
    with pytest.raises(ImportError, match=r"explorables/base.py must define an Explorable .* is base"):
        explorables._figure("base")


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda path: path.stem)
def test_rules_of_the_figures_meet_figures_alone(sheet):
    rules = re.sub(r"/\*.*?\*/|@(?:media|container)[^{]*\{", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    scope = ".explorable" if sheet.stem == "explorable" else f'[data-explorable="{sheet.stem}"]'
    for selector in re.findall(r"([^{}]+)\{", rules):
        for part in re.split(r",(?![^(]*\))", selector):
            assert scope in part or part.strip().startswith("[data-explorable="), part
            classes = set(re.findall(r"\.(-?[a-zA-Z][\w-]*)", part)) - {"explorable", "mounted", "sentence", "number"}
            assert all(name.startswith("lx-") for name in classes), part


@pytest.mark.parametrize("figure", FIGURES)
def test_jupyter_keeps_what_the_cell_has_set(figure):
    widget = figure()
    assert widget._start == widget.state
    assert "_start" in widget.keys
    assert "_start" not in widget.state


def test_what_the_cell_has_set_outlives_changes():
    widget = explorables.Descent(step=7)
    widget.rates["SGD"] = 1.0  # in place, which no trait notices
    widget.step = 8
    assert (widget._start["step"], widget._start["rates"]["SGD"]) == (7, 0.1)


def test_flattening_uses_the_chapter_s_permutation():
    widget = explorables.Flattening()
    image = np.asarray(widget.image)[..., np.newaxis]
    np.testing.assert_allclose(image.ravel()[widget.order], permute_pixels(image).ravel(), atol=1e-6)


def test_flattening_makes_a_new_order_for_a_new_image():
    widget = explorables.Flattening()
    widget.image = np.zeros((3, 5))
    assert sorted(widget.order) == list(range(15))


def test_pixels_shows_a_real_digit_and_a_real_flower():
    widget = explorables.Pixels()
    digit = np.asarray(widget.digit)
    assert np.abs(digits(train=100, validation=0, test=0).x_train - digit[..., :1] / 255).max(axis=(1, 2)).min() < 1e-6
    assert np.shape(widget.photograph) == (28, 42, 3)
    middle = np.asarray(photograph("flower")[210:225, 300:315]).mean(axis=(0, 1))
    np.testing.assert_allclose(np.asarray(widget.photograph)[14, 20] / 255, middle, atol=0.003)


def test_a_real_digit_is_the_default():
    image = np.asarray(explorables.ReceptiveField().image)
    assert np.abs(digits(train=100, validation=0, test=0).x_train[..., 0] - image).max(axis=(1, 2)).min() < 0.01


# Traits that are the place of something in a list or a map.
PLACES = {
    "Architectures": ["chosen"],
    "Backward": ["done"],
    "Convolution": ["stop", "filled"],
    "Flattening": ["unrolled", "pixel"],
    "Kinks": ["chosen"],
    "Pixels": ["row", "column"],
    "Pooling": ["stop"],
    "ReceptiveField": ["row", "column"],
}
FLOATS = [
    (figure.__name__, name)
    for figure in FIGURES
    for name, trait in figure.class_traits(sync=True).items()
    if isinstance(trait, t.Float)
]


def test_every_place_has_an_end():
    for figure in FIGURES:
        endless = {name for name, trait in figure.class_traits(sync=True).items() if isinstance(trait, t.Int)}
        endless -= {name for name in endless if figure.class_traits()[name].max is not None}
        assert not {name for name in endless if name in figure().state}, figure


def with_nan(value):
    """Return a value once for each number in it, with NaN in the place of that number."""
    if isinstance(value, dict):
        return [value | {key: bad} for key, part in value.items() for bad in with_nan(part)]
    if isinstance(value, list):
        return [[*value[:i], bad, *value[i + 1 :]] for i, part in enumerate(value[:3]) for bad in with_nan(part)]
    return [float("nan")] if isinstance(value, (int, float)) and not isinstance(value, bool) else []


STARTS = {
    "Repeat": {"published": [0.1], "mine": [[5, 0.9, 0.8]]},
    "ShiftLab": {"accuracy": dict.fromkeys(NETWORKS, [1] * 7)},
}


@pytest.mark.parametrize("figure", FIGURES)
def test_no_state_holds_nan(figure):
    start = STARTS.get(figure.__name__, {})
    for name, value in figure(**start).state.items():
        if figure.class_traits()[name].read_only or (figure, name) == (explorables.Repeat, "trials"):
            continue
        for bad in with_nan(value):
            with pytest.raises(t.TraitError):
                figure(**start | {name: bad})


def test_no_setting_of_a_trial_is_nan():
    trial = explorables.Repeat().trials[0]
    trial["optimizer"]["momentum"] = 0.9
    for bad in with_nan({key: value for key, value in trial.items() if key not in ("name", "network")}):
        with pytest.raises(t.TraitError):
            explorables.Repeat(trials=[trial | bad, trial])


def spoil(value):
    """Change everything in a value in place."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        if isinstance(value[key], (list, dict)):
            spoil(value[key])
        else:
            value[key] = 99


@pytest.mark.parametrize("figure", FIGURES)
def test_no_figure_changes_another(figure):
    first = figure()
    before = deepcopy(first.state)
    for value in first.state.values():
        if isinstance(value, (list, dict)):
            spoil(value)
    assert figure().state == before


def test_what_is_given_stays_the_reader_s():
    trials = explorables.Repeat().trials
    spoil(explorables.Repeat(trials=trials).trials)
    assert trials == explorables.Repeat().trials


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: explorables.Convolution(kernel=[[1], [1, 2]]), "kernel must be a rectangular array"),
        (lambda: explorables.Convolution(kernel=np.zeros((8, 8))), "kernel must have at most 7 rows and columns"),
        (lambda: explorables.Convolution(kernel=[]), "kernel must have 2 axes"),
        (lambda: explorables.Convolution(kernel=[[np.nan]]), "kernel must hold finite numbers only"),
        (lambda: explorables.Convolution(image=np.zeros((500, 500))), r"at most 64 rows and columns.*\(500, 500\)"),
        (lambda: explorables.Convolution(image=[[2.0]]), r"image must be in 0…1. Received: 2…2"),
        (lambda: explorables.Convolution(strides=0), "minimum|strides"),
        (lambda: explorables.Convolution(strides=2, dilation_rate=2), "strides > 1 must not be combined"),
        (lambda: explorables.Convolution(padding="full"), "padding"),
        (lambda: explorables.Pooling(pool_size=0), "pool_size"),
        (lambda: explorables.Pooling(kind="sum"), "kind"),
        (lambda: explorables.Flattening(image="digit"), "image must be an array of real numbers"),
        (lambda: explorables.DrawDigit(image=np.zeros((14, 14))), r"image must have 28 rows .* shape=\(14, 14\)"),
        (lambda: explorables.DrawDigit(digit=10), "digit"),
        (lambda: explorables.Activation(activation="gelu"), "activation"),
        (lambda: explorables.Activation(z=float("nan")), "z must be finite"),
        (lambda: explorables.Parameters(size=500), "size"),
        (lambda: explorables.Pixels(digit=np.zeros((28, 28))), "digit must have 3 axes"),
        (lambda: explorables.Pixels(photograph=np.zeros((4, 9, 3))), r"5 to 64 rows and columns.*\(4, 9, 3\)"),
        (lambda: explorables.Pixels(digit=np.full((9, 9, 3), 0.5)), "whole numbers 0…255. Received: 0.5…0.5, float64"),
        (lambda: explorables.Pixels(digit=np.full((9, 9, 3), 256)), "whole numbers 0…255. Received: 256…256"),
        (lambda: explorables.Pixels(channel="cyan"), "channel"),
        (lambda: explorables.Neuron(rule="NAND"), "rule"),
        (lambda: explorables.Neuron(w1=9.0), "w1"),
        (lambda: explorables.Neuron(x1=float("nan")), "x1 must be finite"),
        (lambda: explorables.Descent(surface="cliff"), "surface"),
        (lambda: explorables.Descent(x=float("nan")), "x must be finite"),
        (lambda: explorables.Descent(rates={"SGD": 0.1}), "rates must give each of SGD, momentum, RMSprop, Adam"),
        (lambda: explorables.Descent(rates=dict.fromkeys(["SGD", "momentum", "RMSprop", "Adam"], 0.2)), "0.2"),
        (lambda: explorables.ShiftLab(right=7), "right"),
        (lambda: explorables.ShiftLab(accuracy={"dense": [1] * 7}), "7 numbers in 0…1 for 'CNN'. Received: None"),
        (lambda: explorables.ShiftLab(accuracy={"VGG": [1] * 7}), "accuracy"),
        (lambda: explorables.ReceptiveField(layers=[layer("conv", 3)] * 9), "layers must be at most 8. Received: 9"),
        (lambda: explorables.ReceptiveField(layers=[{"kind": "relu", "kernel_size": 1}]), "kind must be one of"),
        (
            lambda: explorables.ReceptiveField(layers=[{"kind": "conv"}]),
            r"a layer must have kind and .* Received: \{'ki",
        ),
        (lambda: explorables.ReceptiveField(layers=[layer("conv", 3) | {"filters": 2}]), "a layer must .*'filters': 2"),
        (
            lambda: explorables.ReceptiveField(layers=[layer("conv", 3) | {"strides": 2, "dilation_rate": 2}]),
            "strides > 1 must not be combined with dilation_rate > 1, as in Keras. Received: strides=2",
        ),
        (
            lambda: explorables.ReceptiveField(image=np.zeros((4, 4)), layers=[layer("conv", 7)]),
            "a window must fit into the rows and columns that it reads. Received: 7×7 on 4×4, strides=1",
        ),
        (lambda: explorables.ReceptiveField(layers=[layer("pool", 7, 3)] * 3), "Received: 7×7 on 1×1, strides=3"),
        (lambda: explorables.Convolution(image=np.zeros((3, 3)), kernel=np.zeros((5, 5))), "Received: 5×5 on 3×3"),
        (lambda: explorables.Convolution(image=np.zeros((9, 4)), dilation_rate=2), "Received: 3×3 on 9×4, .*_rate=2"),
        (lambda: explorables.Pooling(image=np.zeros((2, 2)), pool_size=3), "Received: 3×3 on 2×2"),
        (lambda: explorables.Equivariance(image=np.zeros((2, 5)), padding="valid"), "Received: 3×3 on 2×5"),
        (lambda: explorables.Parameters(size=4, kernel_size=5), "Received: 5×5 on 4×4"),
        *[
            (lambda figure=figure, name=name: getattr(explorables, figure)(**{name: 10**6}), name)
            for figure, names in PLACES.items()
            for name in names
        ],
        (lambda: explorables.Kinks(points=[[-1, 0], [1, 0]], chosen=5), "one of 2 points, from 0. Received: chosen=5"),
        (lambda: explorables.Repeat(mine=[[5, 0.9]]), "mine must hold a seed of 0…9999 and two accuracies"),
        (lambda: explorables.Repeat(mine=[[10**5, 0.9, 0.8]]), "mine must hold a seed of 0…9999"),
        (lambda: explorables.Repeat(mine=[[5, 0.9, 1.8]]), r"mine must hold .* Received: mine=\[\[5, 0\.9, 1\.8\]\]"),
        *[
            (lambda figure=figure, name=name, bad=bad: getattr(explorables, figure)(**{name: bad}), name)
            for figure, name in FLOATS
            for bad in (np.nan, np.inf, -np.inf)
        ],
        (lambda: explorables.ReceptiveField(layers=[{"kind": "conv", "kernel_size": 0}]), "kernel_size must be at"),
        (
            lambda: explorables.ReceptiveField(layers=[{"kind": "pool", "kernel_size": 2, "dilation_rate": 2}]),
            "dilation_rate must be 1 for a pooling, as in Keras. Received: dilation_rate=2",
        ),
    ],
)
def test_a_state_that_cannot_be_drawn_is_refused(make, message):
    with pytest.raises(t.TraitError, match=message):
        make()


def test_a_layer_with_a_stride_and_a_dilation_is_refused():
    with pytest.raises(ValueError, match=r"strides > 1 must not be combined .* Received: strides=2, dilation_rate=3"):
        layer("conv", 3, 2, dilation_rate=3)


def test_a_reader_may_reach_what_no_figure_begins_with():
    widget = explorables.Convolution(image=np.zeros((5, 5)))
    widget.dilation_rate = 3
    assert "There is no stop" in (STATIC / "convolution.js").read_text(encoding="utf-8")


def test_a_stride_is_refused_on_top_of_a_dilation():
    widget = explorables.Convolution(dilation_rate=2)
    with pytest.raises(t.TraitError, match="strides=2, dilation_rate=2"):
        widget.strides = 2
    widget.dilation_rate = 1
    widget.strides = 2
    assert widget.strides == 2


def test_a_refused_value_leaves_the_figure_as_it_was():
    widget = explorables.Convolution()
    before = widget.state
    with pytest.raises(t.TraitError):
        widget.kernel = [[1], [1, 2]]
    assert widget.state == before


def test_no_figure_knows_the_number_of_a_chapter() -> None:
    named = {
        path.name: re.findall(r"[Cc]hapter\s+\d+", path.read_text(encoding="utf-8")) for path in STATIC.glob("*.js")
    }
    assert {name: found for name, found in named.items() if found} == {}
