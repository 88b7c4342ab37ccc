"""What stands in the place of weights, behind a picture, or for content that is elsewhere."""

import zipfile

import pytest

from tests.builders.archives import tarred, zipped
from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.pickles import called
from weighbridge import scan
from weighbridge.policy.verdict import EvalOutcome

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\0IEND\xaeB`\x82"
EVIL = called("posix", "system", "echo") + b"."
ELF = b"\x7fELF\2\1\1" + bytes(99)
OID = "sha256:" + "a" * 64


@pytest.mark.parametrize("tail", [EVIL, ELF, zipped(("m.pkl", EVIL))], ids=["pickle", "program", "archive"])
def test_what_follows_a_picture(tail):
    """A PNG says where it ends."""
    assert_blocked(weighed(PNG + tail, "x.png"))


def test_picture_passes():
    """Cut or whole."""
    for data in (PNG, PNG[:40], PNG + b"\n"):
        assert weighed(data, "x.png").eval_outcome is EvalOutcome.ALLOWED


NOTES = {
    "Git LFS, with an extension": f"version https://git-lfs.github.com/spec/v1\next-0-x {OID}\noid {OID}\nsize 1\n",
    "its elder": f"version https://hawser.github.com/spec/v1\noid {OID}\nsize 1\n",
    "git-annex": f"/annex/objects/SHA256E-s123--{'a' * 64}.bin\n",
    "Xet": f"# xet version 0\nfilesize = 123\nhash = '{'a' * 64}'\n",
}


@pytest.mark.parametrize("text", NOTES.values(), ids=NOTES)
def test_note_that_stands_for_content(text):
    """Never clean, whoever keeps it."""
    assert assert_blocked(weighed(text.encode(), "model.bin")).threat.code == "LFS-401"


@pytest.mark.parametrize("name", ["pytorch_model.bin", "w.pt", "model.safetensors"])
@pytest.mark.parametrize("text", ["import os\nx = 1\n", "# c\n\nfrom torch import nn\n"])
def test_source_under_a_name_of_weights(name, text):
    """No loader of weights reads it."""
    assert assert_blocked(weighed(text.encode(), name)).threat.code == "PY-414"


@pytest.mark.parametrize("head", [b"dex\n035\0", b"L\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0F"])
def test_programs_of_other_kinds(head):
    """Of Android, and shortcuts of Windows."""
    assert assert_blocked(weighed(head + bytes(80), "x.bin")).threat.code == "EXE-401"


@pytest.mark.parametrize("head", [b"\0asm\1\0\0\0", b"\xca\xfe\xba\xbe\0\0\0\x34", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_code_for_machines_of_no_metal_is_told(head):
    """WebAssembly, Java, documents: no loader runs them."""
    verdict = weighed(head + bytes(80), "x.bin")
    assert ["EXE-402"] == [f.threat.code for f in verdict.reported], blocking(verdict)


@pytest.mark.parametrize("name", ["C:evil.dll", "c:x/y"])
def test_member_on_another_drive(name):
    """Windows takes it from wherever that drive stands."""
    assert assert_blocked(weighed(zipped((name, b"x")), "m.zip")).threat.code == "ARV-100"
    link = tarred(("w", b"x"), links=(("l", name, b"2"),))
    assert assert_blocked(weighed(link, "m.tar")).threat.code == "ARV-100"


def test_names_that_are_one_on_windows():
    """Dots and blanks at the end fall off."""
    data = zipped(("a./model.py. ", b"x = 1\n"), ("a/model.py", b"y = 1\n"))
    assert assert_blocked(weighed(data, "m.zip")).threat.code == "ZIP-402"


def test_member_of_hardly_any_content():
    """Two hundred megabytes of nothing: told by the directory, not unpacked."""
    data = zipped(("archive/data.pkl", bytes(200 << 20)), method=zipfile.ZIP_DEFLATED)
    assert "ZIP-408" in [f.threat.code for f in blocking(weighed(data, "m.pt"))]


def test_shadow_in_a_folder_of_code():
    """MLflow and SageMaker put `code` on the search path."""
    assert assert_blocked(weighed(b"x = 1\n", "model/code/numpy.py")).threat.code == "SHADOW-401"
    assert weighed(b"x = 1\n", "src/numpy.py").eval_outcome is EvalOutcome.ALLOWED


@pytest.mark.parametrize("name", ["hparams", "config.yaml"])
@pytest.mark.parametrize(
    "text",
    [
        "%TAG !p! tag:yaml.org,2002:python/\n---\nx: !p!object/apply:os.system [id]\n",
        "{x: !!python/object/apply:os.system ['id']}\n",
        "x: !ruby/object:Gem::Installer {}\n",
        "x: !!javax.script.ScriptEngineManager []\n",
    ],
)
def test_tag_under_any_name(name, text):
    """A YAML file need not be called so."""
    assert assert_blocked(weighed(text.encode(), name)).threat.code in ("YAML-401", "YAML-402")


def test_laughs_that_end_in_no_anchor():
    """The last list is told of by nobody."""
    lists = "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True))
    data = f"a: &a [x,x,x,x,x,x,x,x,x]\n{lists}h: [{','.join(['*g'] * 9)}]\n"
    assert assert_blocked(weighed(data.encode(), "x.yaml")).threat.code == "YAML-403"


def test_password_of_netrc():
    """With it, whoever has the file logs in."""
    data = b"machine api.wandb.ai\n  login user\n  password 1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b\n"
    assert assert_blocked(weighed(data, ".netrc")).threat.code == "SECRET-401"


@pytest.mark.parametrize("package", ["torch", "json"])
def test_shadow_that_is_weighed_by_itself(tmp_path, package):
    """In a folder of models a package is taken for one of them."""
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text("x = 1\n")
    (tmp_path / "model.pkl").write_bytes(b"\x80\x04]\x94.")

    run = scan(tmp_path)

    assert run.exit_code == 1
    assert "SHADOW-401" in [f.threat.code for verdict in run.verdicts for f in verdict.violations]


def test_package_of_the_model_s_own_passes(tmp_path):
    """Under a name that nobody else bears."""
    (tmp_path / "mymodel").mkdir()
    (tmp_path / "mymodel" / "__init__.py").write_text("x = 1\n")
    (tmp_path / "model.pkl").write_bytes(b"\x80\x04]\x94.")

    assert scan(tmp_path).exit_code == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[project]\nname = 'x'\nlicense = {text = 'MIT'}\n"),
        ("pyproject.toml", '[project]\nlicense = "MIT"\n'),
        ("setup.cfg", "[metadata]\nlicense = MIT\n"),
        ("CITATION.cff", "cff-version: 1.2.0\nlicense: MIT\n"),
    ],
)
def test_licence_of_a_project(name, text):
    """Where no card and no text says more."""
    assert "license.MIT" in [f.callable for f in weighed(text.encode(), name).reported]
