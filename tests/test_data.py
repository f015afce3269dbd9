"""Images: the split of the digits, and the ways to move their pixels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lessons_lib import data

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


def test_rotate_by_a_quarter_turns_counter_clockwise():
    image = np.zeros((5, 5, 1), np.float32)
    image[0, 2] = 1
    np.testing.assert_allclose(data.rotate(image, 90)[2, 0], 1, atol=1e-6)


def test_rotate_keeps_the_batch_apart():
    images = data.digits(train=20, validation=0, test=0).x_train
    np.testing.assert_allclose(data.rotate(images, 20)[7], data.rotate(images[7], 20), atol=1e-6)


def test_on_canvas_puts_the_image_in_the_middle():
    canvas = data.on_canvas(np.ones((2, 3, 3, 1)), 7)
    assert canvas.shape == (2, 7, 7, 1)
    assert canvas.sum() == 18
    assert canvas[:, 2:5, 2:5].all()


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
        (lambda: data.permute_pixels(np.zeros((2, 2, 1)), seed=-1), ValueError, "seed must be at least 0"),
        (lambda: data.on_canvas(np.zeros((5, 5, 1)), 4), ValueError, "side must be at least the images' 5 pixels"),
        (lambda: data.grey(np.zeros((2, 2, 1))), ValueError, "3 channels"),
        (lambda: data.photograph("cat"), ValueError, "name must be one of 'china', 'flower'. Received: name='cat'"),
        (lambda: data.draw_shape("star"), ValueError, "kind must be one of"),
        (lambda: data.draw_shape("cross", radius=0), ValueError, "radius must be at least 1"),
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


def test_stripes_turn_counter_clockwise():
    flat, upright, rising = data.stripes([0, 90, 45], side=24)[..., 0]
    assert np.ptp(flat, axis=1).max() < 1e-6
    assert np.ptp(upright, axis=0).max() < 1e-6
    # A line that rises to the right goes up one row for each column.
    np.testing.assert_allclose(rising[5:15, 5:15], rising[4:14, 6:16], atol=1e-6)


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
        (lambda: data.crops(np.zeros((4, 9, 1)), 0), "side must be|count must be"),
        (lambda: data.stripes([0], period=1), "period must be at least 2. Received: period=1"),
        (lambda: data.stripes(0.0), "degrees must have 1 axes"),
        (lambda: data.on_background(np.zeros((2, 2, 1)), np.nan), "backgrounds must hold finite numbers only"),
    ],
)
def test_backgrounds_refuse_what_does_not_fit(make, message):
    with pytest.raises(ValueError, match=message):
        make()
