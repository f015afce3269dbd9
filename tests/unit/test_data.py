"""Images: the split of the digits, and the ways to move their pixels."""

import subprocess
import sys
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lessons_lib import data

TRANSFORMS = {
    "grey": data.grey,
    "on_canvas": lambda images: data.on_canvas(images, 9),
    "on_canvas_of_the_same_size": lambda images: data.on_canvas(images, 6),
    "shift": lambda images: data.shift(images, rows=1, columns=-2),
    "no_shift": data.shift,
    "rotate": lambda images: data.rotate(images, 30),
    "no_turn": lambda images: data.rotate(images, 0),
    "permute_pixels": lambda images: data.permute_pixels(images, seed=1),
    "unpermute_pixels": lambda images: data.unpermute_pixels(images, seed=1),
    "on_background": lambda images: data.on_background(images, 0.25),
    "on_itself": lambda images: data.on_background(images, images),
    "crops": lambda images: data.crops(images if np.ndim(images) == 3 else images[0], 2, side=6),
}

small_images = hnp.arrays(
    np.float32, st.tuples(*[st.integers(1, 3)] * 4), elements=st.floats(0, 1, width=32), unique=True
)


def as_set(images):
    return {image.tobytes() for image in images}


def test_digits_have_the_course_s_shapes_and_ranges():
    digits = data.digits()
    assert digits.x_train.shape == (2000, 28, 28, 1)
    assert digits.x_train.dtype == np.float32
    assert digits.x_train.min() == 0
    assert digits.x_train.max() == 1
    assert digits.y_train.dtype == np.int64


def test_the_three_sets_are_balanced_and_disjoint():
    digits = data.digits()
    for labels, size in ((digits.y_train, 200), (digits.y_validation, 100), (digits.y_test, 200)):
        assert np.bincount(labels).tolist() == [size] * 10
    train, validation, test = (as_set(x) for x in (digits.x_train, digits.x_validation, digits.x_test))
    assert not train & validation
    assert not train & test
    assert not validation & test


def test_a_smaller_training_set_is_part_of_the_larger_one_and_the_test_set_stays():
    few, many = data.digits(train=200), data.digits(train=2000)
    assert as_set(few.x_train) < as_set(many.x_train)
    np.testing.assert_array_equal(few.x_test, many.x_test)


def test_the_labels_name_the_digits():
    # A one covers fewer pixels than any other digit, a zero has a hole in the middle.
    digits = data.digits()
    ink = np.array([digits.x_train[digits.y_train == digit].mean() for digit in range(10)])
    assert ink.argmin() == 1
    middle = np.array([digits.x_train[digits.y_train == digit][:, 13:15, 13:15].mean() for digit in range(10)])
    assert middle.argmin() == 0


def test_the_split_is_always_the_same():
    # The stored outputs of the notebooks rest on these images: a checksum of each set.
    sums = [crc32(array.tobytes()) for array in data.digits()]
    assert sums == [4156194226, 1602055680, 474452708, 1258928200, 3644385456, 1602055680]


def test_validation_images_do_not_depend_on_the_training_set():
    few, many = data.digits(train=200, validation=500), data.digits(train=2000, validation=500)
    np.testing.assert_array_equal(few.x_validation, many.x_validation)
    np.testing.assert_array_equal(few.y_validation, many.y_validation)


@pytest.mark.parametrize("load", [lambda: data.digits(train=20).x_train, data.photograph])
def test_who_changes_an_image_changes_no_later_one(load):
    before = load()
    load()[:] = 0.5
    np.testing.assert_array_equal(load(), before)


@pytest.mark.parametrize(
    ("sizes", "error", "message"),
    [
        ({"train": 15}, ValueError, "train must be a multiple of 10.*train=15"),
        ({"train": 3000}, ValueError, "at most 5000. Received: 6000"),
        ({"test": -10}, ValueError, "test must be at least 0. Received: test=-10"),
        ({"validation": 10.0}, TypeError, "validation must be a whole number"),
    ],
)
def test_digits_refuse_sizes_that_do_not_fit(sizes, error, message):
    with pytest.raises(error, match=message):
        data.digits(**sizes)


@given(small_images, st.integers(-4, 4), st.integers(-4, 4))
@settings(deadline=None, max_examples=60)
def test_shift_moves_every_pixel_that_stays_on_the_canvas(images, rows, columns):
    moved = data.shift(images, rows=rows, columns=columns)
    _, height, width, _ = images.shape
    for i in range(height):
        for j in range(width):
            inside = 0 <= i - rows < height and 0 <= j - columns < width
            expected = images[:, i - rows, j - columns] if inside else 0
            np.testing.assert_array_equal(moved[:, i, j], expected)


@given(small_images, st.integers(0, 50))
@settings(deadline=None, max_examples=60)
def test_unpermute_brings_every_pixel_back(images, seed):
    there = data.permute_pixels(images, seed=seed)
    np.testing.assert_array_equal(np.sort(there.ravel()), np.sort(images.ravel()))
    np.testing.assert_array_equal(data.unpermute_pixels(there, seed=seed), images)


def test_one_permutation_serves_all_images_and_channels():
    images = np.stack([np.arange(12.0).reshape(3, 4), 100 + np.arange(12.0).reshape(3, 4)])[..., None]
    there = data.permute_pixels(images, seed=3)
    np.testing.assert_array_equal(there[0] + 100, there[1])
    assert (there != images).any()
    colour = data.permute_pixels(np.concatenate([images[0], images[1]], axis=-1), seed=3)
    np.testing.assert_array_equal(colour[..., 0] + 100, colour[..., 1])


def test_shift_beyond_the_edge_leaves_nothing():
    for distance in ({"rows": 3}, {"rows": -9}, {"columns": 4}, {"columns": -40}):
        assert not data.shift(np.ones((3, 4, 2)), **distance).any()


def test_shift_and_permutation_have_the_defaults_that_they_state():
    images = np.random.default_rng(0).random((2, 3, 4, 1)).astype(np.float32)
    np.testing.assert_array_equal(data.shift(images), images)
    np.testing.assert_array_equal(data.permute_pixels(images), data.permute_pixels(images, seed=0))
    np.testing.assert_array_equal(data.unpermute_pixels(images), data.unpermute_pixels(images, seed=0))
    assert (data.permute_pixels(images, seed=1) != data.permute_pixels(images, seed=2)).any()


@pytest.mark.parametrize("quarters", [-1, 0, 1, 2, 3])
def test_rotate_by_quarters_turns_counter_clockwise_as_numpy_does(quarters):
    image = np.random.default_rng(0).random((5, 5, 3))
    np.testing.assert_allclose(data.rotate(image, 90 * quarters), np.rot90(image, quarters), atol=1e-6)


def test_rotate_interpolates_linearly_and_fills_with_black():
    turned = data.rotate(np.ones((9, 9, 1)), 45)[..., 0]
    assert turned[4, 4] == pytest.approx(1)
    assert not turned[[0, 0, -1, -1], [0, -1, 0, -1]].any()
    # One pixel of 1, turned by 30 degrees: its neighbours take what they lie near to, and nothing is below 0.
    image = np.zeros((3, 3, 1))
    image[1, 1] = 1
    near = 1 - np.cos(np.pi / 6)
    across = (1 - np.sin(np.pi / 6)) * near
    np.testing.assert_allclose(data.rotate(image, 30)[1, 2], across, atol=1e-6)


def test_rotate_keeps_the_size_of_images_that_are_not_square():
    image = np.zeros((3, 7, 1))
    image[1, 6] = 1
    turned = data.rotate(image, 180)
    assert turned.shape == (3, 7, 1)
    assert turned[1, 0, 0] == pytest.approx(1)


def test_rotate_keeps_the_batch_apart():
    images = data.digits(train=20, validation=0, test=0).x_train
    np.testing.assert_allclose(data.rotate(images, 20)[7], data.rotate(images[7], 20), atol=1e-6)


def test_augmented_copies_are_the_images_turned_and_moved():
    images = data.digits().x_train[:3]
    copies = data.augment(images, copies=20, shift=2, degrees=25, seed=7)
    rng = np.random.default_rng(7)
    angles, distances = rng.uniform(-25, 25, size=60), rng.integers(-2, 3, size=(60, 2))
    for place, (angle, (rows, columns)) in enumerate(zip(angles, distances, strict=True)):
        turned = data.rotate(images[place % 3], angle)
        np.testing.assert_array_equal(copies[place], data.shift(turned, rows=int(rows), columns=int(columns)))


def test_augmented_copies_stand_in_the_order_of_tiled_labels():
    images = np.stack([np.full((5, 5, 1), grey) for grey in (0.2, 0.6, 0.9)])
    copies = data.augment(images, copies=4, shift=1)
    np.testing.assert_allclose(copies.max(axis=(1, 2, 3)), np.tile([0.2, 0.6, 0.9], 4), rtol=1e-6)


def test_a_generator_gives_other_copies_each_time_and_a_seed_the_same():
    images = np.random.default_rng(0).random((4, 9, 9, 1))
    rng = np.random.default_rng(3)
    first, second = (data.augment(images, degrees=20, seed=rng) for _ in range(2))
    np.testing.assert_array_equal(first, data.augment(images, degrees=20, seed=3))
    assert (first != second).any()
    assert (first != data.augment(images, degrees=20, seed=4)).any()
    np.testing.assert_array_equal(data.augment(images, shift=0), images.astype(np.float32))


def test_augment_makes_the_copies_that_keras_makes():
    """Every shift of Keras's layer is one of ours, and a turn of Keras by a known angle looks like ours by it."""
    from lessons_lib import keras

    settings = {"fill_mode": "constant", "seed": 1}
    image = np.zeros((8, 8, 1), np.float32)
    image[3:5, 2:6] = [[[0.2], [0.4], [0.6], [0.8]], [[1.0], [0.9], [0.7], [0.5]]]
    move = keras.layers.RandomTranslation(0.25, 0.25, interpolation="nearest", **settings)
    ours = as_set(data.augment(image[None], copies=600, shift=2))
    theirs = as_set(np.asarray(move(np.repeat(image[None], 600, axis=0), training=True)))
    assert ours == theirs
    assert len(ours) == 25
    digits = data.on_canvas(
        data.digits().x_train[:8], 40
    )  # where nothing reaches the border, which the two treat apart
    turn = keras.layers.RandomRotation((1 / 18, 1 / 18), interpolation="bilinear", **settings)  # 20° for each image
    np.testing.assert_allclose(data.rotate(digits, 20), np.asarray(turn(digits, training=True)), atol=0.06)


def test_on_canvas_puts_the_image_in_the_middle():
    canvas = data.on_canvas(np.ones((2, 3, 3, 1)), 7)
    assert canvas.shape == (2, 7, 7, 1)
    assert canvas.sum() == 18
    assert canvas[:, 2:5, 2:5].all()
    odd = data.on_canvas(np.ones((2, 3, 1)), 6)
    assert np.argwhere(odd[..., 0]).min(axis=0).tolist() == [2, 1]  # the additional pixel is at the right
    assert odd.sum() == 6
    assert np.argwhere(data.on_canvas(np.ones((3, 2, 1)), 6)[..., 0]).min(axis=0).tolist() == [1, 2]


def test_grey_weighs_green_most():
    reds, greens, blues = data.grey(np.eye(3)[:, None, :]).ravel()
    assert (reds, greens, blues) == pytest.approx((0.299, 0.587, 0.114))


@pytest.mark.parametrize("kind", data.SHAPES)
def test_shapes_are_white_on_black_and_stay_where_they_are_put(kind):
    image = data.draw_shape(kind, side=32, row=10, column=20, radius=6)
    assert image.shape == (32, 32, 1)
    assert image.max() == 1
    rows, columns = np.nonzero(image[..., 0])
    assert columns.min() + columns.max() + 1 == 40
    assert rows.min() >= 3
    assert rows.max() <= 16


@pytest.mark.parametrize(
    ("kind", "area"), [("square", 4), ("circle", np.pi), ("triangle", 2), ("cross", 4 - 4 * (1 - 1 / 3) ** 2)]
)
def test_shapes_have_their_area(kind, area):
    image = data.draw_shape(kind, side=128, row=60, column=50, radius=30)
    assert image.sum() / 30**2 == pytest.approx(area, rel=0.02)
    rows, columns = np.nonzero(image[..., 0] > 0.4)
    assert (rows.min(), rows.max()) == pytest.approx((30, 89), abs=1)
    assert (columns.min(), columns.max()) == pytest.approx((20, 79), abs=1)


def test_the_triangle_points_upwards():
    widths = (data.draw_shape("triangle", side=40)[..., 0] > 0.5).sum(axis=1)
    assert widths[12] < widths[20] < widths[28]


def test_shapes_stand_in_the_middle_and_take_half_the_side_by_default():
    for side in (28, 40):
        image = data.draw_shape("square", side=side)[..., 0]
        np.testing.assert_array_equal(image, np.pad(np.ones((side // 2, side // 2)), side // 4))
    assert data.draw_shape("square").shape == (28, 28, 1)


def test_edges_are_smooth():
    row = data.draw_shape("square", side=8, row=4, column=4.5, radius=2)[4, :, 0]
    np.testing.assert_allclose(row, [0, 0, 0.5, 1, 1, 1, 0.5, 0])


@pytest.mark.parametrize("kind", data.SHAPES)
@pytest.mark.parametrize("side", [1, 2, 3])
def test_the_smallest_images_have_shapes_too(kind, side):
    assert data.draw_shape(kind, side=side).shape == (side, side, 1)


def test_the_four_shapes_differ():
    drawn = [data.draw_shape(kind).tobytes() for kind in data.SHAPES]
    assert len(set(drawn)) == 4


@pytest.mark.parametrize("name", data.PHOTOGRAPHS)
def test_photographs_are_real_and_in_range(name):
    photograph = data.photograph(name)
    assert photograph.shape == (427, 640, 3)
    assert photograph.dtype == np.float32
    assert 0 <= photograph.min() < 0.1
    assert 0.9 < photograph.max() <= 1


def test_photographs_are_what_their_names_say():
    np.testing.assert_array_equal(data.photograph(), data.photograph("china"))
    red, green, blue = data.photograph("china")[:100].mean(axis=(0, 1))
    assert blue > green > red  # the sky
    red, green, blue = data.photograph("flower")[100:300, 250:400].mean(axis=(0, 1))
    assert red > max(green, blue)  # the petals


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: data.shift(np.zeros((3, 3)), rows=1),
            ValueError,
            r"images must have 3 or 4 axes. Received: shape=\(3, 3",
        ),
        (lambda: data.shift(np.full((2, 2, 1), np.nan)), ValueError, "finite numbers only. Received: 4 NaN"),
        (lambda: data.shift(np.zeros((2, 2, 1)), rows=0.5), TypeError, "rows must be a whole number"),
        (lambda: data.rotate(np.zeros((2, 2, 1)), np.inf), ValueError, "degrees must be finite"),
        (lambda: data.augment(np.zeros((2, 2, 1))), ValueError, "images must have 4 axes"),
        (lambda: data.augment(np.zeros((1, 2, 2, 1)), copies=0), ValueError, "copies must be at least 1"),
        (lambda: data.augment(np.zeros((1, 2, 2, 1)), shift=-1), ValueError, "shift must be at least 0"),
        (lambda: data.augment(np.zeros((1, 2, 2, 1)), degrees=-1), ValueError, "degrees must be at least 0"),
        (lambda: data.augment(np.zeros((1, 2, 2, 1)), degrees=1e308), ValueError, "degrees must be at most 180"),
        (lambda: data.augment(np.zeros((1, 2, 3, 1)), shift=4), ValueError, "shift must be at most 3, the larger side"),
        (lambda: data.augment(np.zeros((1, 2, 3, 1)), shift=10**30), ValueError, "shift must be at most 3"),
        (lambda: data.augment(np.zeros((1, 2, 2, 1)), seed="1"), TypeError, "seed must be a whole number"),
        (lambda: data.permute_pixels(np.zeros((2, 2, 1)), seed=-1), ValueError, "seed must be at least 0"),
        (lambda: data.on_canvas(np.zeros((5, 5, 1)), 4), ValueError, "side must be at least the images' 5 pixels"),
        (lambda: data.grey(np.zeros((2, 2, 1))), ValueError, "3 channels"),
        (lambda: data.photograph("cat"), ValueError, "name must be one of 'china', 'flower'. Received: name='cat'"),
        (lambda: data.draw_shape("star"), ValueError, "kind must be one of"),
        (lambda: data.draw_shape("cross", radius=0), ValueError, "radius must be at least 1. Received: radius=0"),
        (lambda: data.draw_shape("cross", side=0), ValueError, "side must be at least 1. Received: side=0"),
        (lambda: data.draw_shape("cross", row=np.nan), ValueError, "row must be finite"),
        (lambda: data.draw_shape("cross", column="3"), TypeError, "column must be a number"),
        (lambda: data.grey(np.zeros((0, 2, 3))), ValueError, "images must not be empty"),
        (lambda: data.grey(np.zeros(3)), ValueError, "images must have 3 or 4 axes"),
        (lambda: data.rotate(np.zeros((2, 2, 1)), "90"), TypeError, "degrees must be a number"),
        (lambda: data.on_canvas(np.zeros((5, 9, 1)), 8), ValueError, "images' 9 pixels. Received: side=8"),
        (lambda: data.unpermute_pixels(np.zeros((2, 2, 1)), seed=1.0), TypeError, "seed must be a whole number"),
        (
            lambda: data.shift(np.full((1, 1, 1), 1e300)),
            ValueError,
            "the range of float32. Received: numbers between 1.0e",
        ),
        (lambda: data.shift([["a"]]), TypeError, "array of real numbers"),
        (lambda: data.shift([[1], [2, 3]]), TypeError, "rectangular"),
    ],
)
def test_bad_input_is_refused_with_the_rule_and_what_came(call, error, message):
    with pytest.raises(error, match=message):
        call()


@given(small_images, st.floats(0, 1))
@settings(deadline=None, max_examples=60)
def test_ink_hides_the_background_and_black_shows_it(images, grey):
    over = data.on_background(images, grey)
    np.testing.assert_allclose(over, images * (1 - grey) + grey, atol=1e-6)
    np.testing.assert_array_equal(data.on_background(np.ones_like(images), grey), np.ones_like(images))
    np.testing.assert_array_equal(data.on_background(np.zeros_like(images), images), images)


def test_each_image_has_its_own_background():
    greys = np.array([0.2, 0.6], dtype=np.float32)
    over = data.on_background(np.zeros((2, 3, 3, 1)), greys.reshape(2, 1, 1, 1))
    np.testing.assert_array_equal(over[:, 1, 1, 0], greys)
    with pytest.raises(ValueError, match=r"images' shape \(2, 3, 3, 1\). Received: shape=\(2,\)"):
        data.on_background(np.zeros((2, 3, 3, 1)), greys)


def test_photographs_as_backgrounds_are_pieces_of_all_that_are_named():
    china, flower = (data.grey(data.photograph(name)) for name in data.PHOTOGRAPHS)
    pieces = data.photograph_backgrounds(12, side=9, seed=3)
    windows = [np.lib.stride_tricks.sliding_window_view(image[..., 0], (9, 9)) for image in (china, flower)]
    of = [[(window == piece[..., 0]).all(axis=(2, 3)).any() for window in windows] for piece in pieces]
    assert set(map(tuple, of)) == {(True, False), (False, True)}
    np.testing.assert_array_equal(
        data.photograph_backgrounds(4, names=["flower"]), data.crops(flower, 4, side=28, seed=0)
    )


def test_photographs_as_backgrounds_follow_their_seed():
    np.testing.assert_array_equal(data.photograph_backgrounds(3), data.photograph_backgrounds(3, seed=0))
    assert (data.photograph_backgrounds(3, seed=1) != data.photograph_backgrounds(3, seed=2)).any()


@pytest.mark.parametrize("color", data.COLORS)
def test_a_coloured_shape_is_grey_but_for_its_ink(color):
    (image,) = data.draw_colored_shapes(["square"], [color], seed=5)
    inked = np.ptp(image, axis=-1) > 1e-6
    background = image[~inked]
    assert np.ptp(background) < 1e-6
    assert background.max() <= 0.4
    rows, columns = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
    assert {7, 8, 9, 10, 11, 12, 13, 14, 15} >= {np.ptp(rows) + 1, np.ptp(columns) + 1}
    paint = image[rows[len(rows) // 2], columns[len(columns) // 2]]
    brightest = {"red": [1, 0, 0], "green": [0, 1, 0], "blue": [0, 0, 1], "yellow": [1, 1, 0]}[color]
    np.testing.assert_array_equal(paint == paint.max(), np.array(brightest, dtype=bool))
    assert 0.5 <= paint.max() <= 1


def test_no_coloured_shape_is_cut_off_by_the_edge():
    for image in data.draw_colored_shapes(["circle"] * 60, ["red"] * 60, side=20):
        inked = np.ptp(image, axis=-1) > 1e-6
        height, width = (np.ptp(np.flatnonzero(inked.any(axis=axis))) for axis in (1, 0))
        assert abs(height - width) <= 1


def test_coloured_shapes_differ_in_place_size_brightness_and_background():
    images = data.draw_colored_shapes(["cross"] * 20, ["yellow"] * 20, side=24)
    assert images.shape == (20, 24, 24, 3)
    assert images.dtype == np.float32
    assert len({image.tobytes() for image in images}) == 20
    assert len({image[0, 0, 0] for image in images}) > 10
    assert np.ptp([np.ptp(image, axis=-1).astype(bool).sum() for image in images]) > 20
    np.testing.assert_array_equal(images, data.draw_colored_shapes(["cross"] * 20, ["yellow"] * 20, side=24, seed=0))
    assert (images != data.draw_colored_shapes(["cross"] * 20, ["yellow"] * 20, side=24, seed=1)).any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: data.photograph_backgrounds(2, names=[]), "names must name at least one photograph"),
        (lambda: data.photograph_backgrounds(2, names=["moon"]), "name must be one of"),
        (lambda: data.photograph_backgrounds(0), "count must be at least 1. Received: count=0"),
        (lambda: data.photograph_backgrounds(1, side=500), "at most the image's 427 pixels. Received: side=500"),
        (lambda: data.draw_colored_shapes(["star"], ["red"]), "kind must be one of"),
        (lambda: data.draw_colored_shapes(["cross"], ["pink"]), "colors must be one of"),
        (lambda: data.draw_colored_shapes(["cross"], []), "Received: 1 kinds and 0 colors"),
        (lambda: data.draw_colored_shapes([], []), "Received: 0 kinds and 0 colors"),
        (lambda: data.draw_colored_shapes(["cross"], ["red"], side=7), "side must be at least 8. Received: side=7"),
        (lambda: data.draw_colored_shapes(["cross"], ["red"], seed=-1), "seed must be at least 0. Received: seed=-1"),
    ],
)
def test_photographs_and_coloured_shapes_refuse_what_does_not_fit(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_stripes_turn_counter_clockwise():
    flat, upright, rising = data.stripes([0, 90, 45], side=24)[..., 0]
    assert np.ptp(flat, axis=1).max() < 1e-6
    assert np.ptp(upright, axis=0).max() < 1e-6
    # A line that rises to the right goes up one row for each column.
    np.testing.assert_allclose(rising[5:15, 5:15], rising[4:14, 6:16], atol=1e-6)


@pytest.mark.parametrize("period", [2.5, 6, 9])
def test_stripes_repeat_after_one_period(period):
    (image,) = data.stripes([0], side=36, period=period)[..., 0]
    rows = np.arange(36) - 18  # the phase is 0 in the middle
    np.testing.assert_allclose(image[:, 3], 0.5 + 0.5 * np.sin(2 * np.pi * rows / period), atol=1e-5)
    (upright,) = data.stripes([90], side=36, period=period)[..., 0]
    np.testing.assert_allclose(upright[3], 0.5 + 0.5 * np.sin(2 * np.pi * rows / period), atol=1e-5)


def test_stripes_have_a_period_of_6_pixels_and_a_side_of_28_by_default():
    np.testing.assert_array_equal(data.stripes([30, 60]), data.stripes([30, 60], side=28, period=6))
    assert data.stripes([30, 60]).shape == (2, 28, 28, 1)


def test_crops_follow_their_seed():
    image = np.random.default_rng(0).random((60, 50, 3))
    np.testing.assert_array_equal(data.crops(image, 4), data.crops(image, 4, side=28, seed=0))
    assert (data.crops(image, 4, seed=1) != data.crops(image, 4, seed=2)).any()
    assert data.crops(image, 4, side=50).shape == (4, 50, 50, 3)


def test_crops_are_pieces_of_the_image():
    image = np.arange(6 * 7 * 2, dtype=np.float32).reshape(6, 7, 2)
    places = {tuple(np.argwhere(image[..., 0] == piece[0, 0, 0])[0]) for piece in data.crops(image, 200, side=4)}
    assert places == {(i, j) for i in range(3) for j in range(4)}
    for piece in data.crops(image, 5, side=4):
        i, j = np.argwhere(image[..., 0] == piece[0, 0, 0])[0]
        np.testing.assert_array_equal(piece, image[i : i + 4, j : j + 4])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: data.crops(np.zeros((4, 9, 1)), 1, side=5), "at most the image's 4 pixels. Received: side=5"),
        (lambda: data.crops(np.zeros((9, 4, 1)), 1, side=5), "at most the image's 4 pixels. Received: side=5"),
        (lambda: data.crops(np.zeros((4, 9, 1)), 0, side=4), "count must be at least 1. Received: count=0"),
        (lambda: data.crops(np.zeros((4, 9, 1)), 1, side=0), "side must be at least 1. Received: side=0"),
        (lambda: data.crops(np.zeros((4, 9, 1)), 1, side=4, seed=-1), "seed must be at least 0. Received: seed=-1"),
        (lambda: data.crops(np.zeros((4, 9)), 1, side=4), r"image must have 3 axes. Received: shape=\(4, 9\)"),
        (lambda: data.stripes([0], period=1), "period must be at least 2. Received: period=1"),
        (lambda: data.stripes(0.0), "degrees must have 1 axis"),
        (lambda: data.stripes([]), "degrees must not be empty"),
        (lambda: data.stripes([0], side=0), "side must be at least 1. Received: side=0"),
        (lambda: data.stripes([np.inf]), "degrees must hold finite numbers only"),
        (lambda: data.on_background(np.zeros((2, 2, 1)), np.nan), "backgrounds must hold finite numbers only"),
        (
            lambda: data.on_background(np.full((2, 2, 1), 255), 0.5),
            "images must lie in 0…1. Received: numbers from 255 to 255",
        ),
        (
            lambda: data.on_background(np.full((2, 2, 1), -0.5), 0.5),
            "images must lie in 0…1. Received: numbers from -0.5",
        ),
        (lambda: data.on_background(np.zeros((2, 2, 1)), [0, 1.5]), "backgrounds must lie in 0…1.*from 0 to 1.5"),
        (lambda: data.on_background(np.zeros((2, 2, 1)), np.ones((3, 1, 1))), r"images' shape \(2, 2, 1\)"),
    ],
)
def test_backgrounds_refuse_what_does_not_fit(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# What comes in, and what comes out ------------------------------------------------------------------------------


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float16, np.float64, list])
def test_every_type_of_number_gives_float32(transform, dtype):
    whole = np.random.default_rng(0).integers(0, 2, size=(2, 6, 6, 3))
    given = whole.tolist() if dtype is list else whole.astype(dtype)
    images = transform(given)
    assert images.dtype == np.float32
    np.testing.assert_array_equal(images, transform(whole.astype(np.float32)))


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
@pytest.mark.parametrize("axes", [3, 4])
def test_the_arguments_are_left_alone_and_the_results_are_new(transform, axes):
    images = np.random.default_rng(0).random((2, 6, 6, 3)).astype(np.float32)[0 if axes == 3 else slice(None)]
    images.setflags(write=False)
    before = images.copy()
    result = transform(images)
    np.testing.assert_array_equal(images, before)
    assert not np.shares_memory(result, images)
    assert result.flags.writeable


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
def test_how_the_pixels_lie_in_memory_does_not_matter(transform):
    images = np.random.default_rng(0).random((2, 6, 6, 3)).astype(np.float32)
    expected = transform(images)
    twice = np.repeat(images, 2, axis=2)[:, :, ::2]
    backwards = images[:, ::-1].copy()[:, ::-1]
    for same in (np.asfortranarray(images), twice, backwards, images.astype(">f4")):
        np.testing.assert_array_equal(transform(same), expected)
    one = np.broadcast_to(images[:1, :, :, :1], (2, 6, 6, 3))  # strides of 0
    np.testing.assert_array_equal(transform(one), transform(one.copy()))


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
def test_a_batch_is_its_images_one_by_one(transform):
    images = np.random.default_rng(0).random((2, 6, 6, 3)).astype(np.float32)
    if transform is not TRANSFORMS["crops"]:
        each = np.stack([transform(image) for image in images])
        np.testing.assert_allclose(transform(images), each, atol=1e-6)


def test_a_series_follows_its_seed_and_is_part_of_no_other():
    first, same, other = (data.series(300, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()
    assert first.dtype == np.float32
    assert first.shape == (300,)


@pytest.mark.parametrize(("bent", "rule"), [(False, lambda r: 0.7 * r), (True, lambda r: 0.7 - 1.6 * abs(r))])
def test_a_series_is_two_seasons_and_a_noise_with_a_rule(bent, rule):
    values, time = data.series(4800, bent=bent, seed=3).astype(np.float64), np.arange(4800)
    waves = [wave(2 * np.pi * time / period) for period in data.SEASONS for wave in (np.sin, np.cos)]
    design = np.stack([*waves, np.ones(4800)], axis=1)
    weights = np.linalg.lstsq(design, values, rcond=None)[0]
    np.testing.assert_allclose(np.hypot(weights[0::2][:2], weights[1::2]), [1, 0.5], atol=0.06)
    noise = values - design[:, :4] @ weights[:4]
    left = noise[1:] - rule(noise[:-1])
    assert left.std() == pytest.approx(0.06 if bent else 0.3, rel=0.3)
    assert abs(left.mean()) < 0.05


def test_the_bent_noise_stays_in_bounds():
    assert max(abs(data.series(20_000, bent=True, seed=seed)).max() for seed in range(5)) < 1.5 + 1.2


def test_windows_are_all_pieces_with_the_value_that_follows():
    x, y = data.windows(np.arange(10), width=4)
    assert x.shape == (6, 4)
    for place in range(6):
        np.testing.assert_array_equal(x[place], np.arange(place, place + 4))
        assert y[place] == place + 4
    x[:] = 0
    assert y[0] == 4


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: data.series(0), ValueError, "length must be at least 1. Received: length=0"),
        (lambda: data.series(5, seed=-1), ValueError, "seed must be at least 0"),
        (lambda: data.windows(np.zeros(4), 4), ValueError, "width must be less than the length of the series, 4"),
        (lambda: data.windows(np.zeros((4, 2)), 2), ValueError, "values must have 1"),
        (lambda: data.windows([1.0, np.nan, 2.0], 1), ValueError, "values"),
        (lambda: data.windows([1e300, 1, 2, 3], 2), ValueError, "values must hold .* the range of float32"),
    ],
)
def test_a_series_and_its_windows_refuse_what_does_not_fit(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_windows_are_no_part_of_the_series_that_was_given():
    values = np.arange(5, dtype=np.float32)
    for found in data.windows(values, 2):
        assert not np.shares_memory(values, found)


def test_data_loads_no_keras():
    code = "import sys; from lessons_lib import data; data.digits(); print({'keras', 'tensorflow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_public_names_are_those_of_the_reference():
    assert all(hasattr(data, name) for name in data.__all__)
    public = {
        name for name, value in vars(data).items() if callable(value) and getattr(value, "__name__", "_")[0] != "_"
    }
    assert public <= set(data.__all__)


@pytest.fixture(scope="module")
def few_digits():
    return data.digits(train=40, validation=0, test=0).x_train


@pytest.mark.parametrize("pieces", [0, 5])
def test_the_box_of_a_scene_is_the_smallest_one_around_its_mask(few_digits, pieces):
    drawn = data.scenes(few_digits, side=30, heights=(8, 16), pieces=pieces, seed=3)
    assert drawn.images.dtype == np.float32
    assert drawn.images.min() >= 0
    assert drawn.images.max() <= 1.0001
    for image, (top, left, bottom, right), mask in zip(*drawn, strict=True):
        rows, columns = np.nonzero(mask[..., 0])
        assert (top, left, bottom, right) == (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
        assert bottom - top <= 16
        assert image[mask].min() > 0.5
    heights = drawn.boxes[:, 2] - drawn.boxes[:, 0]
    assert heights.min() < 11 < 13 < heights.max()


def test_without_pieces_all_that_is_bright_belongs_to_the_digit(few_digits):
    drawn = data.scenes(few_digits, pieces=0)
    np.testing.assert_array_equal(drawn.images > 0.5, drawn.masks)


def test_pieces_cover_nothing_of_the_digit_and_belong_to_no_mask(few_digits):
    drawn = data.scenes(few_digits, pieces=9)
    bright = drawn.images > 0.5
    assert bright.sum() > 1.3 * drawn.masks.sum()
    assert not (drawn.masks & ~bright).any()


def test_a_digit_fills_the_scene_if_it_must(few_digits):
    drawn = data.scenes(few_digits, side=12, heights=(12, 12), pieces=0)
    assert (drawn.boxes[:, 2] - drawn.boxes[:, 0] >= 11).mean() > 0.8


def test_the_seed_decides_a_scene(few_digits):
    first, again, other = (data.scenes(few_digits, seed=seed).images for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"side": 11}, ValueError, "side must be at least 12. Received: side=11"),
        ({"heights": (5, 9)}, ValueError, "heights must be at least 6. Received: heights=5"),
        ({"heights": (20, 14)}, ValueError, r"\(lowest, highest\), at most side=48. Received: heights=\(20, 14\)"),
        ({"heights": (20, 49)}, ValueError, "at most side=48"),
        ({"pieces": -1}, ValueError, "pieces must be at least 0"),
        ({"pieces": 1.5}, TypeError, "pieces must be a whole number"),
        ({"seed": -1}, ValueError, "seed must be at least 0"),
        ({"digits": np.ones((1, 28, 28, 1))}, ValueError, "need at least 2 digits. Received: 1 digit"),
        ({"digits": np.zeros((2, 28, 28, 1))}, ValueError, "a pixel above 0.5 each. Received: an image without one"),
        ({"digits": np.ones((2, 28, 28, 3))}, ValueError, r"1 channel. Received: shape=\(2, 28, 28, 3\)"),
    ],
)
def test_scenes_that_cannot_be_drawn_are_refused(settings, error, message):
    with pytest.raises(error, match=message):
        data.scenes(**{"digits": np.ones((2, 28, 28, 1)), **settings})


@pytest.mark.parametrize(
    "call",
    [
        lambda: data.photograph_backgrounds(2, names="china"),
        lambda: data.photograph_backgrounds(2, names=5),
        lambda: data.draw_colored_shapes("cross", "green"),
        lambda: data.draw_colored_shapes(None, ["red"]),
        lambda: data.draw_colored_shapes(["cross"], "red"),
    ],
)
def test_one_name_in_place_of_several_is_refused_by_the_name_of_the_argument(call):
    with pytest.raises(TypeError, match=r"(names|kinds|colors) must be a sequence of names of"):
        call()
