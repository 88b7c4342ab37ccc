"""Scanning imports and executes nothing of the model, and opens no socket."""

import subprocess
import sys
from pathlib import Path

PROBE = """
import sys
from weighbridge.gate import scan
from weighbridge.settings import Settings

FORBIDDEN = tuple(
    "socket. os.system os.exec os.posix_spawn os.fork os.spawn subprocess. pickle.find_class marshal. ctypes. pty. "
    "shutil. os.remove os.rename os.mkdir os.rmdir os.chmod ftplib. http. urllib. smtplib. webbrowser. sqlite3. "
    "winreg. builtins.input".split()
)
MODEL = {"payload_module", "torch", "numpy", "os_payload"}
MAKERS = ("dataclasses.py", "typing.py", "collections/__init__.py", "enum.py", "<frozen importlib._bootstrap>")
PARSERS = ("/ast.py", "\\ast.py")  # asks the compiler for a tree, and for no code
HOME = sys.argv[1]
seen = []

def hook(event, arguments):
    if event in ("sys._getframe", "object.__getattr__"):
        return
    try:
        caller = sys._getframe(1).f_code.co_filename
    except ValueError:
        caller = ""
    told = (event, repr(arguments)[:200])
    if event.startswith(FORBIDDEN) and not (event == "marshal.loads" and "importlib" in caller):
        seen.append(told)
    elif event == "import" and str(arguments[0]).partition(".")[0] in MODEL:
        seen.append(told)
    elif event == "compile" and caller.endswith(PARSERS):
        return
    elif event in ("exec", "compile") and not caller.endswith(MAKERS) and "importlib" not in caller:
        seen.append(told)
    elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        seen.append(told)

sys.addaudithook(hook)
run = scan(Settings((HOME,)))
print(len(run.verdicts), run.exit_code, seen)
sys.exit(bool(seen))
"""


def probed(home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", PROBE, str(home)], capture_output=True, text=True, timeout=120)


def test_hostile_models_run_nothing(tmp_path):
    """Pickles, archives and scripts that would run on load leave no trace in the interpreter's own audit."""
    import gzip
    import zipfile

    payload = b"cpayload_module\nrun\n(S'echo'\ntR." + b"cposix\nsystem\n(X\x04\x00\x00\x00echotR."
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "model.pkl").write_bytes(payload)
    (tmp_path / "a" / "model.pkl.gz").write_bytes(gzip.compress(payload))
    with zipfile.ZipFile(tmp_path / "a" / "model.pt", "w") as archive:
        archive.writestr("x/data.pkl", payload)
        archive.writestr("x/code/__torch__.py", "import os\nos.system('echo')\n")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "payload_module.py").write_text("raise SystemExit('imported')\n")
    (tmp_path / "b" / "os_payload.py").write_text("raise SystemExit('imported')\n")
    (tmp_path / "b" / "tokenizer_config.json").write_text('{"chat_template": "{{ cycler.__init__.__globals__ }}"}')

    done = probed(tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("2 ")


def test_the_audit_sees_what_it_is_there_for(tmp_path):
    """The hook itself works: a probe that does run something is caught."""
    (tmp_path / "x.txt").write_text("words\n")
    caught = PROBE.replace("run = scan", "import subprocess; subprocess.run(['true']); run = scan")

    done = subprocess.run([sys.executable, "-c", caught, str(tmp_path)], capture_output=True, text=True, timeout=120)

    assert done.returncode == 1
    assert "subprocess.Popen" in done.stdout
