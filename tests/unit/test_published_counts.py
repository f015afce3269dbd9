"""The ledger counts what has been published about well-known networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import pytest

from lessons_lib import counting, keras
from lessons_lib.exercises.topics.architectures.examples import inception

layers = keras.layers

KERAS = "Keras 2.3, docs/templates/applications.md"
TORCHVISION = "torchvision, models, num_params"


def lenet(*filters: int, units: tuple[int, ...], padding: str = "valid") -> Any:
    """Return LeNet's pattern: two convolutions of 5×5, each with a pooling, and dense layers."""
    first, second = filters
    maps = [layers.Conv2D(first, 5, padding=padding), layers.AveragePooling2D(2), layers.Conv2D(second, 5)]
    dense = [layers.Dense(count) for count in units]
    return keras.Sequential([keras.Input((28, 28, 1)), *maps, layers.AveragePooling2D(2), layers.Flatten(), *dense])


def alexnet(groups: int = 2, filters: tuple[int, ...] = (96, 256, 384, 384, 256)) -> Any:
    """Return AlexNet, whose second, fourth and fifth convolution have so many groups."""
    convolve, pool = partial(layers.Conv2D, padding="same"), partial(layers.MaxPooling2D, 3, 2)
    maps = [layers.Conv2D(filters[0], 11, strides=4), pool(), convolve(filters[1], 5, groups=groups), pool()]
    maps += [convolve(filters[2], 3), convolve(filters[3], 3, groups=groups), convolve(filters[4], 3, groups=groups)]
    dense = [layers.Dense(count) for count in (4096, 4096, 1000)]
    return keras.Sequential([keras.Input((227, 227, 3)), *maps, pool(), layers.Flatten(), *dense])


def vgg(*stages: str) -> Any:
    """Return a network of Table 1 of the VGG paper; a stage is the sizes of its kernels, such as "33" or "331"."""
    maps = []
    for filters, kernels in zip((64, 128, 256, 512, 512), stages, strict=True):
        maps += [layers.Conv2D(filters, int(kernel), padding="same") for kernel in kernels]
        maps.append(layers.MaxPooling2D())
    dense = [layers.Dense(count) for count in (4096, 4096, 1000)]
    return keras.Sequential([keras.Input((224, 224, 3)), *maps, layers.Flatten(), *dense])


# The rows of Table 1 of the GoogLeNet paper: 1×1, 3×3 behind its reduction, 5×5 behind its own, and after the pooling.
INCEPTION = (
    (64, 96, 128, 16, 32, 32),
    (128, 128, 192, 32, 96, 64),
    (192, 96, 208, 16, 48, 64),
    (160, 112, 224, 24, 64, 64),
    (128, 128, 256, 24, 64, 64),
    (112, 144, 288, 32, 64, 64),
    (256, 160, 320, 32, 128, 128),
    (256, 160, 320, 32, 128, 128),
    (384, 192, 384, 48, 128, 128),
)


def normalised_googlenet() -> Any:
    """Return GoogLeNet as torchvision builds it: each convolution is normalised, and 3×3 stands in place of 5×5."""

    def convolve(maps: Any, filters: int, kernel: int = 1, strides: int = 1) -> Any:
        convolution = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)
        return layers.BatchNormalization()(convolution(maps))

    pool = partial(layers.MaxPooling2D, padding="same")
    image = keras.Input((224, 224, 3))
    maps = convolve(pool(3, 2)(convolve(image, 64, 7, 2)), 64)
    maps = pool(3, 2)(convolve(maps, 192, 3))
    for block, (ones, few, threes, fewer, fives, pooled) in enumerate(INCEPTION):
        if block in (2, 7):
            maps = pool(3, 2)(maps)
        branches = [convolve(maps, ones), convolve(convolve(maps, few), threes, 3)]
        branches += [convolve(convolve(maps, fewer), fives, 3), convolve(pool(3, 1)(maps), pooled)]
        maps = layers.Concatenate()(branches)
    return keras.Model(image, layers.Dense(1000)(layers.GlobalAveragePooling2D()(maps)))


def application(name: str) -> Any:
    """Return a network of `keras.applications` without trained weights."""
    return getattr(keras.applications, name)(weights=None)


@cache
def ledger_of(build: Callable[[], Any]) -> Any:
    """Return the ledger of a network, which is built once: some have a thousand layers."""
    with counting.shapes_only():
        return counting.ledger(build())


NETS = (
    "VGG16 VGG19 InceptionV3 InceptionResNetV2 Xception ResNet50 ResNet101 ResNet152 ResNet50V2 ResNet101V2 MobileNet "
    "MobileNetV2 DenseNet121 EfficientNetB0 ConvNeXtTiny"
)
APPLICATIONS = {name: partial(application, name) for name in NETS.split()}

EXACT = {
    # family: (network, published number of parameters, source)
    "LeNet and AlexNet": [
        (partial(lenet, 20, 50, units=(500, 10)), 431_080, "BVLC Caffe, examples/mnist/lenet.prototxt"),
        (partial(lenet, 6, 16, units=(120, 84, 10), padding="same"), 61_706, "the usual LeNet-5 in PyTorch and Keras"),
        (alexnet, 60_965_224, "HPE Deep Learning Cookbook, models"),
        (partial(alexnet, groups=1), 62_378_344, "imgclsmob, model zoo: AlexNet"),
        (partial(alexnet, groups=1, filters=(64, 192, 384, 256, 256)), 61_100_840, f"{TORCHVISION}: alexnet"),
    ],
    "VGG": [
        (partial(vgg, "3", "3", "33", "33", "33"), 132_863_336, f"{TORCHVISION}: vgg11"),
        (partial(vgg, "33", "33", "33", "33", "33"), 133_047_848, f"{TORCHVISION}: vgg13"),
        (partial(vgg, "33", "33", "333", "333", "333"), 138_357_544, f"{TORCHVISION}: vgg16"),
        (APPLICATIONS["VGG16"], 138_357_544, f"{KERAS}: VGG16"),
        (APPLICATIONS["VGG19"], 143_667_240, f"{KERAS}: VGG19"),
    ],
    "Inception": [
        (APPLICATIONS["InceptionV3"], 23_851_784, f"{KERAS}: InceptionV3"),
        (APPLICATIONS["InceptionResNetV2"], 55_873_736, f"{KERAS}: InceptionResNetV2"),
        (APPLICATIONS["Xception"], 22_910_480, f"{KERAS}: Xception"),
    ],
    "ResNet": [
        (APPLICATIONS["ResNet50"], 25_636_712, f"{KERAS}: ResNet50"),
        (APPLICATIONS["ResNet101"], 44_707_176, f"{KERAS}: ResNet101"),
        (APPLICATIONS["ResNet152"], 60_419_944, f"{KERAS}: ResNet152"),
        (APPLICATIONS["ResNet50V2"], 25_613_800, f"{KERAS}: ResNet50V2"),
        (APPLICATIONS["ResNet101V2"], 44_675_560, f"{KERAS}: ResNet101V2"),
    ],
    "later networks": [
        (APPLICATIONS["MobileNet"], 4_253_864, f"{KERAS}: MobileNet"),
        (APPLICATIONS["MobileNetV2"], 3_538_984, f"{KERAS}: MobileNetV2"),
        (APPLICATIONS["DenseNet121"], 8_062_504, f"{KERAS}: DenseNet121"),
        (APPLICATIONS["EfficientNetB0"], 5_330_571, "keras.io, applications, 2020: EfficientNetB0"),
        (APPLICATIONS["ConvNeXtTiny"], 28_589_128, f"{TORCHVISION}: convnext_tiny"),
    ],
}


@pytest.fixture(autouse=True)
def _fresh_names() -> Iterator[None]:
    yield
    keras.utils.clear_session()


@pytest.mark.parametrize(
    ("build", "published"),
    [pytest.param(build, count, id=source) for family in EXACT.values() for build, count, source in family],
)
def test_the_total_is_the_published_one(build: Any, published: int) -> None:
    assert ledger_of(build).total == published


def test_the_trainable_parameters_of_googlenet_are_those_of_torchvision() -> None:
    """torchvision, models, num_params: googlenet. PyTorch counts no moving means and variances."""
    with counting.shapes_only():
        assert counting.ledger(normalised_googlenet()).trainable == 6_624_904


@pytest.mark.parametrize(("name", "published"), [("InceptionV3", 23_834_568), ("InceptionResNetV2", 55_843_464)])
def test_with_the_scales_that_keras_leaves_out_the_count_is_that_of_other_libraries(name: str, published: int) -> None:
    """imgclsmob, model zoo. Keras's Inception networks shift each normalised map and do not scale it."""
    page = ledger_of(APPLICATIONS[name])
    normalised_maps = (page.total - page.trainable) // 2  # a moving mean and a moving variance each
    assert page.trainable + normalised_maps == published


def test_the_layers_of_the_first_lenet_have_the_parameters_of_the_paper() -> None:
    """LeCun et al. (1998), section II.B: C1 156, S2 12, C3 1,516, S4 32, C5 48,120, F6 10,164; 60,000 together."""
    convolution = counting.convolution_parameters
    c3 = 6 * convolution(5, 3, 1) + 9 * convolution(5, 4, 1) + convolution(5, 6, 1)
    found = [convolution(5, 1, 6), 2 * 6, c3, 2 * 16, convolution(5, 16, 120), counting.dense_parameters(120, 84)]
    assert found == [156, 12, 1516, 32, 48_120, 10_164]
    assert sum(found) == 60_000


@pytest.mark.parametrize(
    ("stages", "millions"),
    [
        (("3", "3", "33", "33", "33"), 133),
        (("33", "33", "33", "33", "33"), 133),
        (("33", "33", "331", "331", "331"), 134),
        (("33", "33", "333", "333", "333"), 138),
        (("33", "33", "3333", "3333", "3333"), 144),
    ],
    ids="ABCDE",
)
def test_the_columns_of_the_vgg_paper_have_their_millions(stages: tuple[str, ...], millions: int) -> None:
    """Simonyan & Zisserman (2015), Table 2."""
    with counting.shapes_only():
        assert round(counting.ledger(vgg(*stages)).total / 1e6) == millions


@pytest.mark.parametrize(
    ("channels", "filters", "thousands"),
    [(192, INCEPTION[0], 159), (256, INCEPTION[1], 380)],
    ids=["3a", "3b"],
)
def test_the_first_inception_blocks_have_the_parameters_of_the_paper(
    channels: int, filters: tuple[int, ...], thousands: int
) -> None:
    """Szegedy et al. (2015), Table 1, which counts weights in units of 1,024 and no biases."""
    weights = inception(channels, *filters) - sum(filters)
    assert weights / 1024 == pytest.approx(thousands, abs=1)


@pytest.mark.parametrize(("name", "billions"), [("ResNet50", 3.8), ("ResNet101", 7.6), ("ResNet152", 11.3)])
def test_the_multiply_adds_are_those_of_the_resnet_paper(name: str, billions: float) -> None:
    """He et al. (2016), Table 1. Keras halves the maps one layer earlier in a block, which costs a little less."""
    assert ledger_of(APPLICATIONS[name]).multiply_adds == pytest.approx(billions * 1e9, rel=0.02)
