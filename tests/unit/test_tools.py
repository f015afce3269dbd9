"""The tools behind the Makefile: what they do when something is in the way, and on systems other than this one."""

import ast
import importlib.util
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import tomllib
import urllib.request
import zipfile
import zlib
from contextlib import contextmanager
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
import yaml
from nbclient import NotebookClient
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lessons_lib import data

ROOT = Path(__file__).parents[2]
TOOLS = sorted((ROOT / "tools").glob("*.py"))
SOURCES = [*TOOLS, ROOT / "conftest.py", *(ROOT / "lessons_lib").rglob("*.py"), *(ROOT / "book" / "_ext").glob("*.py")]


def load(name):
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---- setup ----


@pytest.fixture
def setup(monkeypatch, tmp_path):
    """Return tools/setup.py in a folder of its own, with pip and venv replaced by a list of what was called."""
    module = load("setup")
    calls = []
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "RECORD", tmp_path / ".venv/installed.json")
    monkeypatch.setattr(module, "make_venv", lambda: module.VENV.mkdir(exist_ok=True))
    monkeypatch.setattr(module, "run", lambda *command: calls.append([str(part) for part in command]) or 0)
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


@pytest.mark.parametrize("pins", ["requirements.txt", "requirements-dev.txt"])
def test_setup_installs_nothing_without_its_hash(setup, pins):
    assert setup.main(pins) == 0
    installs = [call for call in setup.calls if "install" in call]
    assert any(pins in call for call in installs)
    for call in installs:
        # The package itself comes from this folder, and nothing comes with it.
        assert "--require-hashes" in call or {"--no-deps", "--no-build-isolation", "-e", "."} <= set(call)


@pytest.mark.parametrize("pins", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_a_hash(pins):
    requirements = (ROOT / pins).read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    requirements = [line for line in requirements if line.strip() and not line.lstrip().startswith("#")]
    assert len(requirements) > 100
    assert [line[:60] for line in requirements if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize(
    ("system", "program"), [("Linux", "bin/jupyter"), ("Darwin", "bin/jupyter"), ("Windows", "Scripts/jupyter.exe")]
)
def test_setup_finds_the_programs_of_each_system(setup, monkeypatch, system, program):
    monkeypatch.setattr(setup.platform, "system", lambda: system)
    assert setup.venv_program("jupyter") == setup.VENV / program


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
        monkeypatch.setattr(setup.shutil, "disk_usage", lambda path: SimpleNamespace(free=value))
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


# ---- serve ----


@contextmanager
def serving(folder, port=0, serve=None):
    """Serve a folder in a thread; yield the server."""
    with (serve or load("serve")).bind(folder, port) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_serve_takes_a_free_port_when_the_chosen_one_is_busy(tmp_path, capsys):
    (tmp_path / "index.html").write_text("the course")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with serving(tmp_path, port) as server:
            assert server.server_port != port
            assert server.server_address[0] == "127.0.0.1"
            with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/") as page:
                assert page.read() == b"the course"
    assert f"Port {port} is taken" in capsys.readouterr().out


def test_only_this_machine_is_served(tmp_path):
    with serving(tmp_path) as server:
        assert server.socket.getsockname()[0] == "127.0.0.1"
        # Another address of this machine, as a neighbour in the network would use one.
        with socket.socket() as neighbour:
            neighbour.settimeout(2)
            with pytest.raises(OSError):  # noqa: PT011
                neighbour.connect(("127.0.0.2", server.server_port))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("host.js", "text/javascript; charset=utf-8"),
        ("HOST.JS", "text/javascript; charset=utf-8"),
        ("module.mjs", "text/javascript; charset=utf-8"),
        ("course.css", "text/css; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("favicon.svg", "image/svg+xml"),
        ("digit.png", "image/png"),
        ("math.woff2", "font/woff2"),
        ("worker.wasm", "application/wasm"),
        ("quiz.json", "application/json"),
        ("net.bin", "application/octet-stream"),
    ],
)
def test_types_do_not_depend_on_the_system(tmp_path, monkeypatch, name, kind):
    # What mimetypes reads from the registry of a Windows where another program has set them.
    for ending in (".js", ".mjs", ".css", ".html", ".svg", ".png", ".woff2", ".wasm", ".json", ".bin"):
        monkeypatch.setitem(serve_types(), ending, "text/plain")
    (tmp_path / name).write_text("x")
    with (
        serving(tmp_path) as server,
        urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/{name}") as answer,
    ):
        assert answer.headers["Content-Type"] == kind


def serve_types():
    import mimetypes

    mimetypes.init()
    return mimetypes.types_map


def test_every_kind_of_file_that_the_site_holds_has_a_type_of_its_own():
    types = load("serve").QuietHandler.extensions_map
    folders = [ROOT / "book" / "_static", ROOT / "lessons_lib" / "explorables" / "static"]
    endings = {path.suffix for folder in folders for path in folder.rglob("*.*") if path.is_file()}
    assert {".js", ".css", ".svg", ".woff2", ".bin"} <= endings
    assert endings <= set(types)


def test_serve_wants_a_built_course(tmp_path, capsys):
    assert load("serve").main([str(tmp_path)]) == 1
    assert "run `make html`" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "cp932"])
def test_serve_prints_its_address_in_any_encoding(tmp_path, encoding):
    (tmp_path / "index.html").write_text("the course")
    command = [sys.executable, ROOT / "tools" / "serve.py", tmp_path, "--port", "0"]
    environment = {**os.environ, "PYTHONIOENCODING": f"{encoding}:strict", "PYTHONUTF8": "0"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        line = process.stdout.readline()
        process.terminate()
    assert re.match(rb"The course is at http://127\.0\.0\.1:\d+/ ", line)


# ---- archive ----


@pytest.fixture
def archive(tmp_path):
    """Return the archive of a small site, and the function that writes it."""
    site = tmp_path / "html"
    (site / "book").mkdir(parents=True)
    (site / "_static").mkdir()
    for name in ("index.html", "book/page.html", "_static/favicon.svg", ".buildinfo"):
        (site / name).write_text(name, encoding="utf-8")

    def write():
        load("archive").write_archive(site, site / "course.zip")
        return (site / "course.zip").read_bytes()

    write.site = site
    return write


def test_the_archive_has_one_folder_with_a_start_beside_the_pages(archive):
    with zipfile.ZipFile(io.BytesIO(archive())) as content:
        names = content.namelist()
        assert names[0] == "from-anns-to-cnns/START.html"
        assert set(names[1:]) == {
            f"from-anns-to-cnns/pages/{name}" for name in ("index.html", "book/page.html", "_static/favicon.svg")
        }
        assert content.read("from-anns-to-cnns/pages/book/page.html") == b"book/page.html"
        start = content.read(names[0]).decode()
    places = set(re.findall(r"""(?:href|src)="([^":]+)"|replace\('([^']+)'\)""", start))
    assert {f"from-anns-to-cnns/{link or other}" for link, other in places} <= set(names)


def test_the_same_site_gives_the_same_archive(archive):
    first = archive()
    for path in archive.site.rglob("*.*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert archive() == first
    (archive.site / "index.html").write_text("another", encoding="utf-8")
    assert archive() != first


def test_archive_wants_a_built_course(tmp_path, monkeypatch, capsys):
    module = load("archive")
    monkeypatch.setattr(module, "SITE", tmp_path)
    assert module.main() == 1
    assert "run `make html`" in capsys.readouterr().err


def test_the_how_to_page_offers_the_file_that_the_workflow_publishes():
    name = f"{load('archive').NAME}.zip"
    assert f'NAME = "{name}"' in (ROOT / "book/_ext/archive_link.py").read_text(encoding="utf-8")
    assert load("archive").SITE == ROOT / "_build" / "html"


# ---- notebooks ----


def test_notebooks_cleans_what_must_not_be_stored():
    notebooks = load("notebooks")
    cell = nbformat.v4.new_code_cell("1", metadata={"execution": {"iopub": "now"}, "tags": ["measured"]})
    view = {notebooks.WIDGET_VIEW: {"model_id": "0f"}, "text/plain": "bar"}
    cell.outputs = [nbformat.v4.new_output("display_data", view)]
    notebook = nbformat.v4.new_notebook(
        cells=[cell],
        metadata={"widgets": {}, "language_info": {"name": "python", "version": "3.11.7"}, "summary": "Smaller maps."},
    )
    notebooks.clean(notebook)
    kept = {"kernelspec": notebooks.KERNEL, "language_info": notebooks.LANGUAGE, "summary": "Smaller maps."}
    assert notebook.metadata == kept
    assert notebook.cells[0].metadata == {"tags": ["measured"]}
    assert notebook.cells[0].outputs[0].data == {"text/plain": "bar"}


def test_hidden_outputs_are_stored_as_jupyterlab_stores_them():
    hidden = {"source_hidden": True, "outputs_hidden": True}
    cells = [nbformat.v4.new_code_cell("1", metadata={"jupyter": hidden}), nbformat.v4.new_code_cell("2")]
    cells[1].metadata.collapsed = True
    notebook = nbformat.v4.new_notebook(cells=cells)
    load("notebooks").clean(notebook)
    assert [cell.metadata for cell in notebook.cells] == [{"jupyter": hidden, "collapsed": True}, {}]


def test_a_kernel_adds_nothing_but_its_version_to_what_is_stored():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    NotebookClient(notebook, kernel_name="python3").execute()
    added = dict(notebook.metadata.language_info)
    del added["version"]
    assert added == load("notebooks").LANGUAGE


def test_jupyter_saves_no_version_of_python():
    settings = SimpleNamespace(FileContentsManager=SimpleNamespace())
    source = (ROOT / "tools" / "jupyter_server_config.py").read_text(encoding="utf-8")
    exec(compile(source, "jupyter_server_config.py", "exec"), {"get_config": lambda: settings})
    hook = settings.FileContentsManager.pre_save_hook
    language = load("notebooks").LANGUAGE
    model = {"type": "notebook", "content": {"metadata": {"language_info": {**language, "version": "3.12.1"}}}}
    hook(model=model, path="one.ipynb", contents_manager=None)
    assert model["content"]["metadata"] == {"language_info": language}
    hook(model={"type": "file", "content": "text"}, path="one.txt", contents_manager=None)


def test_notebooks_says_when_nothing_matches(capsys):
    assert load("notebooks").main(["99"]) == 1
    assert "No notebook of book/ begins with 99" in capsys.readouterr().err


def test_notebooks_writes_the_weights_that_a_cell_names(tmp_path):
    sources = [
        f"from pathlib import Path\nfrom lessons_lib import weights\nweights.FOLDER = Path({str(tmp_path / 'new')!r})",
        "import numpy as np\nclass Net:\n    def get_weights(self): return [np.arange(6.0).reshape(2, 3), np.ones(1)]\n"
        "nets = {'one': Net()}",
        "del nets",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[1].metadata.weights = {
        "half": {"network": "nets['one']", "dtype": "float16"},
        "full": {"network": "nets['one']"},
    }
    notebook = nbformat.v4.new_notebook(cells=cells)
    load("notebooks").run(notebook)
    assert {path.name: path.stat().st_size for path in (tmp_path / "new").iterdir()} == {"half.bin": 14, "full.bin": 28}
    assert [cell.source for cell in notebook.cells] == sources
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]
    assert [cell.outputs for cell in notebook.cells] == [[], [], []]


@pytest.mark.parametrize(("platform", "words"), [("linux", "so far 1.50 GB"), ("darwin", "so far 0.00 GB")])
def test_memory_is_counted_in_the_unit_of_the_system(monkeypatch, platform, words):
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=1_500_000))
    assert words in load("notebooks").peak_memory()


def test_notebooks_runs_where_there_is_no_resource_module(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
    assert load("notebooks").peak_memory() == ""


# ---- what all the tools keep to ----


def calls_of(tree, *names):
    """Return the calls of functions or methods of these names."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) in names]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_read_and_written_as_utf_8(path):
    for call in calls_of(ast.parse(path.read_text(encoding="utf-8")), "read_text", "write_text", "open"):
        text = ast.unparse(call)
        if re.search(r"\b(?:os|Image|Pdf|self)\.open\(", text) or re.search(r"""open\(.*['"][rwa]b""", text):
            continue
        assert "encoding=" in text, f"{path.name}:{call.lineno}: {text}"


@pytest.mark.parametrize("path", TOOLS, ids=lambda path: path.name)
def test_what_a_tool_prints_is_in_every_encoding(path):
    for call in calls_of(ast.parse(path.read_text(encoding="utf-8")), "print", "SetupError"):
        assert ast.unparse(call).isascii(), f"{path.name}:{call.lineno}"


@pytest.mark.parametrize("path", TOOLS, ids=lambda path: path.name)
def test_no_tool_needs_a_module_that_windows_lacks(path):
    imports = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.Import)]
    assert {alias.name for node in imports for alias in node.names}.isdisjoint({"resource", "fcntl", "pwd", "termios"})


# ---- what `make test` and the CI run ----


def dry_run(target):
    """Return the commands that a target of the Makefile would run."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    command = ["make", "--dry-run", "--always-make", target]
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    }
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    "command",
    [
        "ruff check .",
        "ruff format --check .",
        ".venv/bin/mypy",
        "deno fmt --check",
        "deno lint",
        "deno check ",
        "deno test ",
        "--schemafile lessons_lib/exercises/schema.json",
        "--builtin-schema vendor.github-workflows",
        "pytest -n 2 --dist worksteal --ignore=tests/browser",
        "pytest --nbval -n 2 --dist loadscope --no-loadscope-reorder",
        "book/04*.ipynb book/09*.ipynb book/12*.ipynb $(ls -r book/*.ipynb)",
        "pytest -n 3 tests/browser",
        "tools/build.py",
        "tools/setup.py requirements-dev.txt",
    ],
)
def test_make_test_runs_everything(command):
    assert command in dry_run("test")


def test_nbval_is_strict():
    assert "nbval-lax" not in dry_run("nbval")


def test_make_book_serves_what_it_builds():
    commands = dry_run("book")
    assert commands.index("tools/setup.py requirements.txt") < commands.index("tools/build.py")
    assert commands.index("tools/build.py") < commands.index("tools/serve.py _build/html --port 8000")


def test_the_ci_calls_make():
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "exec make test"
    workflows = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / ".github/workflows").glob("*")}
    runs = {
        name: [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
        for name, workflow in workflows.items()
    }
    assert runs == {"test": ["make test"], "pages": ["make archive"], "links": ["make html"]}


def test_binder_s_python_fits_the_pins():
    version = (ROOT / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert tuple(map(int, version.split("."))) in load("setup").PYTHONS


# ---- what is declared and documented ----


def test_every_import_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(*groups):
        return {canonicalize_name(Requirement(line).name) for group in groups for line in group}

    extras = project["optional-dependencies"]
    declared = {"lessons_lib": names(project["dependencies"])}
    declared["_ext"] = declared["lessons_lib"] | names(extras["book"])
    declared["tools"] = declared["_ext"] | names(extras["dev"])
    local = {"lessons_lib", *(path.stem for path in [*TOOLS, *(ROOT / "book" / "_ext").glob("*.py")])}
    distributions = packages_distributions()
    missing = []
    for path in SOURCES:
        place = next((name for name in declared if name in path.relative_to(ROOT).parts), "tools")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module]
            for module in {module.partition(".")[0] for module in modules} - sys.stdlib_module_names - local:
                packages = {canonicalize_name(name) for name in distributions.get(module, [module])}
                if not packages & declared[place] and not (module == "tensorflow" and "tensorflow" in declared[place]):
                    missing.append(f"{path.relative_to(ROOT)} imports {module}")
    assert missing == []


def variables_of(path):
    """Return the environment variables that a Python file reads or sets, by their names in the code."""
    names = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            owner, name = node.value, node.slice
        elif isinstance(node, ast.Call) and node.args:
            owner, name = node.func, node.args[0]
        else:
            continue
        name = constants.get(ast.unparse(name), name)
        is_environment = re.match(r"os\.(environ|getenv)\b", ast.unparse(owner))
        if is_environment and isinstance(name, ast.Constant):
            names.add(name.value)
    return names - {"PATH"}


def test_every_environment_variable_is_documented():
    files = [*SOURCES, *(ROOT / "tests").rglob("*.py")]
    found = set().union(*map(variables_of, files))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found |= set(re.findall(r"\$\$([A-Z_]+)\b", makefile)) | set(re.findall(r"\b([A-Z_]+)=\d", makefile))
    found |= set(re.findall(r"^([A-Z]+) \?=", makefile, re.MULTILINE))
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## Environment variables\n")[2].partition("\n## ")[0]
    documented = set(re.findall(r"`([A-Z_]+)`", section))
    assert {"GITHUB_REPOSITORY", "LESSONS_LIB_PROGRESS", "KERAS_BACKEND", "OMP_NUM_THREADS", "CI", "PORT"} <= found
    # TensorFlow reads this one.
    assert documented == found | {"TF_ENABLE_ONEDNN_OPTS"}


# ---- digits ----


def test_the_stored_digits_are_those_of_the_course():
    digits, tool = data.digits(), load("digits")
    assert {path.stem for path in tool.FOLDER.glob("*")} == set(tool.SETS)
    for name in tool.SETS:
        images, labels = getattr(digits, f"x_{name}"), getattr(digits, f"y_{name}")
        stored = np.frombuffer(zlib.decompress((tool.FOLDER / f"{name}.bin").read_bytes()), np.uint8)
        np.testing.assert_array_equal(stored[: len(labels)], labels)
        np.testing.assert_array_equal(np.float32(stored[len(labels) :].reshape(images.shape) / 255), images)
        assert zlib.decompress(tool.pack(images, labels)) == stored.tobytes()
