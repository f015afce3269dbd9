"""The tools behind the Makefile: what they do when something is in the way."""

import importlib.util
import socket
import sys
import threading
import urllib.request
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]


def load(name):
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def setup(monkeypatch, tmp_path):
    """Return tools/setup.py in a folder of its own, with pip and venv replaced by a list of what was called."""
    module = load("setup")
    calls = []
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "RECORD", tmp_path / ".venv/installed.json")
    monkeypatch.setattr(module, "make_venv", lambda: module.VENV.mkdir(exist_ok=True))
    monkeypatch.setattr(module, "run", lambda *command: calls.append(command) or 0)
    for name in ("pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(name)
    module.calls = calls
    return module


def test_setup_installs_once_and_again_when_the_pins_change(setup):
    assert setup.main("requirements.txt") == 0
    first = len(setup.calls)
    assert first > 0
    assert setup.main("requirements.txt") == 0
    assert len(setup.calls) == first
    (setup.ROOT / "requirements.txt").write_text("changed")
    assert setup.main("requirements.txt") == 0
    assert len(setup.calls) == 2 * first


def test_the_developer_s_pins_hold_the_learner_s(setup):
    assert setup.main("requirements-dev.txt") == 0
    done = len(setup.calls)
    assert setup.main("requirements.txt") == 0
    assert len(setup.calls) == done


def test_a_failed_installation_says_so_and_is_tried_again(setup, monkeypatch, capsys):
    monkeypatch.setattr(setup, "run", lambda *command: 1)
    assert setup.main("requirements.txt") == 1
    assert "Without a network" in capsys.readouterr().err
    monkeypatch.setattr(setup, "run", lambda *command: 0)
    assert setup.main("requirements.txt") == 0


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("version_info", (3, 9, 0), "needs Python 3.11, 3.12 or 3.13. Received: Python"),
        ("machine", "ppc64le", "no package for this machine: Linux ppc64le"),
        ("free", 1.5e9, "needs 4 GB of disk space. Received: 1.5 GB free"),
    ],
)
def test_a_machine_that_does_not_fit_is_told_why(setup, monkeypatch, capsys, name, value, message):
    if name == "version_info":
        monkeypatch.setattr(sys, "version_info", value)
    elif name == "machine":
        monkeypatch.setattr(setup.platform, "system", lambda: "Linux")
        monkeypatch.setattr(setup.platform, "machine", lambda: value)
    else:
        monkeypatch.setattr(setup.shutil, "disk_usage", lambda path: type("Usage", (), {"free": value}))
    assert setup.main("requirements.txt") == 1
    assert message in capsys.readouterr().err
    assert not setup.calls
    assert not setup.RECORD.exists()


def test_a_full_disk_half_way_is_no_traceback(setup, monkeypatch, capsys):
    def full(pins):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(setup, "install", full)
    assert setup.main("requirements.txt") == 1
    assert "No space left on device" in capsys.readouterr().err


def test_unknown_pins_are_refused(setup, capsys):
    assert setup.main("nothing") == 2
    assert "requirements.txt or requirements-dev.txt" in capsys.readouterr().err


def test_serve_takes_a_free_port_when_the_chosen_one_is_busy(tmp_path, capsys):
    (tmp_path / "index.html").write_text("the course")
    serve = load("serve")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with serve.bind(tmp_path, port) as server:
            assert server.server_port != port
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/") as page:
                assert page.read() == b"the course"
            server.shutdown()
            thread.join()
    assert f"Port {port} is taken" in capsys.readouterr().out


def test_serve_wants_a_built_course(tmp_path, capsys):
    assert load("serve").main([str(tmp_path)]) == 1
    assert "run `make html`" in capsys.readouterr().err


def test_notebooks_cleans_what_must_not_be_stored():
    notebooks = load("notebooks")
    cell = nbformat.v4.new_code_cell("1", metadata={"execution": {"iopub": "now"}, "tags": ["measured"]})
    view = {notebooks.WIDGET_VIEW: {"model_id": "0f"}, "text/plain": "bar"}
    cell.outputs = [nbformat.v4.new_output("display_data", view)]
    notebook = nbformat.v4.new_notebook(
        cells=[cell], metadata={"widgets": {}, "language_info": {"name": "python", "version": "3.11.7"}}
    )
    notebooks.clean(notebook)
    assert notebook.metadata == {"kernelspec": notebooks.KERNEL, "language_info": {"name": "python"}}
    assert notebook.cells[0].metadata == {"tags": ["measured"]}
    assert notebook.cells[0].outputs[0].data == {"text/plain": "bar"}


def test_notebooks_says_when_nothing_matches(capsys):
    assert load("notebooks").main(["99"]) == 1
    assert "No notebook of book/ begins with 99" in capsys.readouterr().err
