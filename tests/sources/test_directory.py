"""A file or a folder on disk: one model, or a folder of models."""

import os
import sys

import pytest

from weighbridge.artifact import Limits
from weighbridge.errors import GateError, Malformed
from weighbridge.sources import SHELF, scheme_of


def made(root, *paths):
    for path in paths:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"x")
    return root


def names(path, **options):
    with SHELF.load("directory").open(str(path), options) as source:
        return [model.name for model in source.models()]


def paths(path, **options):
    with SHELF.load("directory").open(str(path), options) as source:
        return [blob.path for model in source.models() for blob in model.blobs(Limits())]


def test_file_is_one_model(tmp_path):
    """A file is a model by itself, under its own name."""
    made(tmp_path, "bert.safetensors")
    assert names(tmp_path / "bert.safetensors") == ["bert.safetensors"]
    assert paths(tmp_path / "bert.safetensors") == ["bert.safetensors"]


@pytest.mark.parametrize("marker", ["config.json", "MLmodel", "saved_model.pb"])
def test_folder_that_says_so_is_one_model(tmp_path, marker):
    """A marker beside the weights makes subfolders and shards parts of one model."""
    made(tmp_path / "bert", marker, "a.bin", "b.bin", "sub/c.bin")
    assert names(tmp_path / "bert") == ["bert"]
    assert paths(tmp_path / "bert") == sorted([marker, "a.bin", "b.bin", "sub/c.bin"], key=lambda p: ("/" in p, p))


def test_folder_with_one_weighty_file_is_one_model(tmp_path):
    """A pickle beside its README is one model, named after the folder."""
    made(tmp_path / "malicious-model", "model.pkl", "README.md")
    assert names(tmp_path / "malicious-model") == ["malicious-model"]


def test_subfolders_and_loose_files_are_models(tmp_path):
    """Each direct subfolder is a model and each loose file is one; loose texts are weighed together."""
    made(tmp_path / "models", "a/x.bin", "b/y.bin", "loose.pkl", "notes.txt")
    assert names(tmp_path / "models") == ["a", "b", "loose.pkl", "models"]
    assert sorted(paths(tmp_path / "models")) == ["loose.pkl", "notes.txt", "x.bin", "y.bin"]


def test_layout_can_be_forced(tmp_path):
    """`--model` makes one of many, `--models` many of one."""
    made(tmp_path / "m", "a/x.bin", "b/y.bin")
    made(tmp_path / "n", "config.json", "x.bin")
    assert names(tmp_path / "m", layout="model") == ["m"]
    assert names(tmp_path / "n", layout="models") == ["x.bin", "n"]


def test_nothing_is_left_out_whatever_the_layout(tmp_path):
    """Every file is in exactly one model, under every layout."""
    made(tmp_path / "m", "a/x.bin", "a/b/c.txt", "loose.pkl", "notes.md", ".hidden", "config.yaml")
    for layout in ("auto", "model", "models"):
        found = sorted(path.rpartition("/")[2] for path in paths(tmp_path / "m", layout=layout))
        assert found == [".hidden", "c.txt", "config.yaml", "loose.pkl", "notes.md", "x.bin"], layout


def test_empty_folders_hold_no_model(tmp_path):
    """A subfolder without files is no model; version control's own folder is not entered."""
    (tmp_path / "m" / "empty").mkdir(parents=True)
    made(tmp_path / "m", ".git/config", "a/x.bin", "b/y.bin")
    assert names(tmp_path / "m") == ["a", "b"]


def test_nothing_at_the_path_is_an_error(tmp_path):
    """A misspelt path must not pass for a folder without models."""
    with pytest.raises(GateError, match="nothing at"):
        names(tmp_path / "missing")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX links")
def test_link_out_of_the_tree_is_refused(tmp_path):
    """A link that leaves the target is content that cannot be weighed, not a way to another file."""
    made(tmp_path, "secret.bin", "m/x.bin")
    (tmp_path / "m" / "y.bin").symlink_to(tmp_path / "secret.bin")
    (tmp_path / "m" / "z").symlink_to(tmp_path, target_is_directory=True)
    with SHELF.load("directory").open(str(tmp_path / "m"), {"layout": "model"}) as source:
        [model] = source.models()
        blobs = {blob.path: blob for blob in model.blobs(Limits())}
    assert set(blobs) == {"x.bin", "y.bin", "z"}
    for path in ("y.bin", "z"):
        with pytest.raises(Malformed, match="leads out"):
            blobs[path].read(0, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX links")
def test_link_within_the_tree_is_followed_once(tmp_path):
    """A cache of models links its files; a loop of folders ends."""
    made(tmp_path, "blobs/x", "snap/keep")
    (tmp_path / "snap" / "model.bin").symlink_to(tmp_path / "blobs" / "x")
    (tmp_path / "snap" / "loop").symlink_to(tmp_path / "snap", target_is_directory=True)
    assert sorted(paths(tmp_path, layout="model")) == ["blobs/x", "snap/keep", "snap/model.bin"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
def test_pipe_is_refused_without_waiting(tmp_path):
    """A FIFO has no end: it is refused, not read."""
    os.mkfifo(tmp_path / "model.pkl")
    with SHELF.load("directory").open(str(tmp_path), {}) as source:
        [model] = source.models()
        [blob] = model.blobs(Limits())
    with pytest.raises(Malformed, match="no regular file"):
        blob.read(0, 1)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file_is_an_error(tmp_path):
    """What the gate may not open is no finding: the machine must be mended."""
    made(tmp_path, "model.pkl")
    (tmp_path / "model.pkl").chmod(0)
    with SHELF.load("directory").open(str(tmp_path), {}) as source:
        [model] = source.models()
        [blob] = model.blobs(Limits())
        with pytest.raises(GateError):
            blob.read(0, 1)


def test_scheme_of_an_address():
    """What names no scheme of ours is a path, a Windows drive included."""
    assert scheme_of("models/") == ("directory", "models/")
    assert scheme_of("C:\\models") == ("directory", "C:\\models")
    assert scheme_of("directory:x") == ("directory", "directory:x")
