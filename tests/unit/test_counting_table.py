"""How a ledger looks in a terminal and in a notebook."""

from xml.etree import ElementTree

from lessons_lib import keras
from lessons_lib.counting import ledger

layers = keras.layers


def chain(shape, *stack, name="chain"):
    return keras.Sequential([keras.Input(shape), *stack], name=name)


def course_cnn():
    return chain(
        (28, 28, 1),
        layers.Conv2D(8, 3, activation="relu", name="conv_1"),
        layers.MaxPooling2D(name="pool_1"),
        layers.Conv2D(16, 3, activation="relu", name="conv_2"),
        layers.MaxPooling2D(name="pool_2"),
        layers.Flatten(name="flatten"),
        layers.Dense(10, activation="softmax", name="scores"),
        name="cnn",
    )


TABLE = """\
cnn, input 28×28×1
layer    kind          output    formula             with numbers    parameters  trainable  multiply-adds  receptive field
conv_1   Conv2D        26×26×8   (kh·kw·C + 1)·F     (3·3·1 + 1)·8           80         80         48,672                3
pool_1   MaxPooling2D  13×13×8   no weights          0                        0          0              0                4
conv_2   Conv2D        11×11×16  (kh·kw·C + 1)·F     (3·3·8 + 1)·16       1,168      1,168        139,392                8
pool_2   MaxPooling2D  5×5×16    no weights          0                        0          0              0               10
flatten  Flatten       400       no weights          0                        0          0              0                –
scores   Dense         10        (inputs + 1)·units  (400 + 1)·10         4,010      4,010          4,000                –
total                                                                     5,258      5,258        192,064"""  # noqa: E501


def test_the_table_in_a_terminal():
    page = ledger(course_cnn())
    assert str(page) == repr(page) == TABLE


def test_the_table_in_a_notebook():
    table = ElementTree.fromstring(ledger(course_cnn())._repr_html_())
    assert table.tag == "table"
    assert table.findtext("caption") == "cnn, input 28×28×1"
    assert {cell.get("scope") for cell in table.findall("thead/tr/th")} == {"col"}
    assert len(table.findall("thead/tr/th")) == 9
    assert not table.findall("thead/tr/td")
    lines = [*table.findall("tbody/tr"), *table.findall("tfoot/tr")]
    assert [line[0].text for line in lines] == ["conv_1", "pool_1", "conv_2", "pool_2", "flatten", "scores", "total"]
    for line in lines:
        assert (line[0].tag, line[0].get("scope")) == ("th", "row")
        assert [cell.tag for cell in line[1:]] == ["td"] * 8
        assert [cell.get("style") for cell in line] == ["text-align:left"] * 5 + ["text-align:right"] * 4
    cells = [" ".join(cell.text or "" for cell in line).split() for line in lines]
    assert cells == [line.split() for line in TABLE.splitlines()[2:]]


def test_names_are_text_in_a_notebook():
    table = ElementTree.fromstring(ledger(chain((4,), layers.Dense(2, name="a<b"), name="x&y"))._repr_html_())
    assert table.findtext("caption") == "x&y, input 4"
    assert table.findtext("tbody/tr/th") == "a<b"


def test_unknown_counts_are_called_unknown():
    last = str(ledger(chain((None, None, 3), layers.Conv2D(4, 3), name="net"))).splitlines()[-2:]
    assert last[0].split()[2] == "?×?×4"
    assert last[0].split()[-2:] == ["unknown", "3"]
    assert last[1].split() == ["total", "112", "112", "unknown"]


def test_plain_rows():
    rows = ledger(course_cnn()).as_rows()
    assert rows[0] == {
        "name": "conv_1",
        "kind": "Conv2D",
        "output_shape": (26, 26, 8),
        "formula": "(kh·kw·C + 1)·F",
        "numbers": "(3·3·1 + 1)·8",
        "parameters": 80,
        "trainable": 80,
        "multiply_adds": 48_672,
        "receptive_field": 3,
        "activations": 5_408,
    }
    assert len(rows) == 6
