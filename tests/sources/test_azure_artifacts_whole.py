"""Packages as whole files: written from verified ranges, or downloaded by ArtifactTool or the Azure CLI."""

import json
import logging
import os
import sys

import pytest

from tests.builders import torch
from tests.builders.dedup import CHUNK
from tests.stand_ins import artifacttool
from tests.stand_ins.azure_devops import PAT, Said
from weighbridge.errors import GateError
from weighbridge.gate import scan
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.settings import Settings
from weighbridge.sources import SHELF

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the program that is played is a script")
FILES = {"model.pkl": torch.EVIL, "sub/notes.md": b"words\n"}


@pytest.fixture(autouse=True)
def places(monkeypatch, tmp_path):
    """Caches and temporary folders of this test alone."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("AZURE_DEVOPS_EXT_ARTIFACTTOOL_OVERRIDE_PATH", raising=False)


@pytest.fixture
def handle(organisation):
    return organisation.publish(organisation.feed(), "a", "1.0.0", FILES)


def said(handle):
    return {"ManifestId": handle["manifestId"], "SuperRootId": handle["superRootId"], "PackageSize": 34}


def weighed(organisation, fetch):
    run = scan(
        Settings((f"azure-artifacts:{organisation.url}/ml/models",), tables={"azure_artifacts": {"fetch": fetch}})
    )
    assert not run.errors
    return run.verdicts[0]


def on_disk(organisation, fetch="auto"):
    """What lies on the disk while a package is there, and the package."""
    with SHELF.load("azure_artifacts").open(f"{organisation.url}/ml/models", {"fetch": fetch}) as source:
        [model] = source.models()
        with model.on_disk() as folder:
            assert folder.is_absolute()
            held = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        assert not folder.exists()
    return held, model


def installed(monkeypatch, folder, program, name="artifacttool"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(program)
    (folder / name).chmod(0o755)
    monkeypatch.setenv("AZURE_DEVOPS_EXT_ARTIFACTTOOL_OVERRIDE_PATH", str(folder))


def surprising(asked):
    """A service that has changed its protocol."""
    return Said(200, {"something": "new"}) if "/versions/" in asked.path else None


def test_package_is_written_by_verified_ranges(organisation, tmp_path):
    """A whole package, under an absolute path that is gone afterwards."""
    files = {**FILES, "big.bin": bytes(range(256)) * 1024, "empty": b""}
    organisation.publish(organisation.feed(), "a", "1.0.0", files, compressed=True)

    held, _ = on_disk(organisation, "native")

    assert held == files
    assert not list((tmp_path / "tmp").iterdir())


def test_damaged_package_is_not_written(organisation, tmp_path):
    """A byte that is not verified is never handed to an engine, and no other way is tried."""
    organisation.publish(organisation.feed(), "a", "1.0.0", {"x.bin": bytes(3 * CHUNK) + b"end"})
    last = next(id for id, wire in organisation.blobs.wire.items() if wire == b"end")
    organisation.blobs.wire[last] = b"END"

    with pytest.raises(GateError, match="their hash is another"):
        on_disk(organisation, "auto")
    assert not list((tmp_path / "tmp").iterdir())


def test_path_that_climbs_is_not_written(organisation, tmp_path):
    """A manifest cannot write outside of the folder."""
    organisation.publish(organisation.feed(), "a", "1.0.0", {"../../x": b"x"})

    with pytest.raises(GateError, match="outside of its folder"):
        on_disk(organisation)


def test_package_without_room_is_refused(organisation, monkeypatch):
    """A disk that is too small is told of before it is full."""
    content = organisation.blobs.content(b"xy", size=1)._replace(size=1 << 40)
    organisation.publish(organisation.feed(), "a", "1.0.0", {"x": content})
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1 << 30}))

    with pytest.raises(GateError, match="room for"):
        on_disk(organisation)


def test_artifacttool_is_called_as_the_azure_cli_calls_it(organisation, handle, monkeypatch, tmp_path, caplog):
    """Its arguments, the credential in its environment alone, its log as progress; the files are weighed."""
    caplog.set_level(logging.INFO, "weighbridge")
    installed(monkeypatch, tmp_path / "bin", artifacttool.script(tmp_path / "record", FILES, says=said(handle)))

    verdict = weighed(organisation, "artifacttool")

    [call] = artifacttool.calls(tmp_path / "record")
    arguments = call["arguments"]
    assert arguments[:2] == ["universal", "download"]
    assert dict(zip(arguments[2::2], arguments[3::2])) | {"--path": ""} == {
        "--service": organisation.url, "--patvar": "WEIGHBRIDGE_ARTIFACTTOOL_PATVAR", "--feed": "models",
        "--package-name": "a", "--package-version": "1.0.0", "--project": "ml", "--path": "",
    }  # fmt: skip
    assert call["secret"] == PAT and PAT not in " ".join(arguments)
    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert {file.path for file in verdict.files} == set(FILES)
    assert verdict.model.identity["manifest_id"] == handle["manifestId"]
    assert [record.getMessage() for record in caplog.records] == [
        "a 1.0.0: 25 % of 100 bytes", "a 1.0.0: 55 % of 100 bytes", "a 1.0.0: 100 % of 100 bytes",
    ]  # fmt: skip
    assert not list((tmp_path / "tmp").iterdir())


def test_all_that_ships_is_weighed(organisation, handle, monkeypatch, tmp_path):
    """A folder that a repository would keep to itself is part of a package like any other."""
    files = {"README.md": b"words\n", ".git/objects/model.pkl": torch.EVIL}
    installed(monkeypatch, tmp_path / "bin", artifacttool.script(tmp_path / "record", files))

    verdict = weighed(organisation, "artifacttool")

    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert [file.path for file in verdict.files] == [".git/objects/model.pkl", "README.md"]


def test_empty_download_is_an_error(organisation, handle, monkeypatch, tmp_path):
    """A program that says it is done and has brought nothing has allowed nothing."""
    installed(monkeypatch, tmp_path / "bin", artifacttool.script(tmp_path / "record", {}))

    verdict = weighed(organisation, "artifacttool")

    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "no file" in verdict.error


def test_package_without_files_is_an_error(organisation):
    """A manifest that names nothing is not understood rather than allowed."""
    organisation.publish(organisation.feed(), "a", "1.0.0", {})

    assert weighed(organisation, "native").eval_outcome is EvalOutcome.ERROR


def serving_release(organisation, archive):
    """The organisation also serves the tool's release."""

    def intercept(asked):
        if asked.path.endswith("/clienttools/ArtifactTool/release"):
            uri = organisation.url.removesuffix("/contoso") + "/releases/tool.zip?sig=s"
            return Said(200, {"name": "ArtifactTool", "rid": "linux-x64", "version": "0.2.1", "uri": uri})
        if asked.path == "/releases/tool.zip":
            return Said(400 if "authorization" in asked.headers else 200, archive())
        return None

    organisation.intercept = intercept


def test_release_is_fetched_once_and_kept(organisation, handle, tmp_path):
    """The tool is fetched without the credential, and used from the cache; a copy that was changed is fetched anew."""
    program = artifacttool.script(tmp_path / "record", FILES, says=said(handle))
    serving_release(organisation, lambda: artifacttool.release(program))

    for _ in range(2):
        assert weighed(organisation, "artifacttool").eval_outcome is EvalOutcome.BLOCKED
    assert organisation.count("tool.zip") == 1
    [program_kept] = [p for p in (tmp_path / "cache").rglob("artifacttool") if p.is_file()]
    program_kept.write_bytes(b"#!/bin/sh\nexit 7\n")
    assert weighed(organisation, "artifacttool").eval_outcome is EvalOutcome.BLOCKED
    assert organisation.count("tool.zip") == 2
    query = next(asked.query for asked in organisation.asked if asked.path.endswith("/release"))
    assert query["osName"] and query["arch"]


@pytest.mark.parametrize("archive", [b"", b"PK no zip", artifacttool.release(b"x")[:-30]])
def test_release_that_came_damaged_is_an_error(organisation, handle, archive):
    """What is no archive, or half of one, is not run."""
    serving_release(organisation, lambda: archive)

    verdict = weighed(organisation, "artifacttool")

    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "ArtifactTool" in verdict.error and verdict.hint


def test_tool_that_fails_tells_why_and_no_secret(organisation, handle, monkeypatch, tmp_path):
    """Its own last words, with the credential struck out."""
    program = artifacttool.script(tmp_path / "record", {}, fails=f"TF400813: {PAT} is not authorized")
    installed(monkeypatch, tmp_path / "bin", program)

    verdict = weighed(organisation, "artifacttool")

    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "TF400813: *** is not authorized" in verdict.error
    assert "Feed Reader" in verdict.hint


def test_another_content_than_the_feed_tells_of_is_an_error(organisation, handle, monkeypatch, tmp_path):
    """What a program downloads must be what the feed says it is."""
    organisation.intercept = lambda asked: Said(200, {}) if asked.path.endswith("/dedup/urls") else None
    told = {"ManifestId": "AB" * 32 + "01", "SuperRootId": handle["superRootId"]}
    installed(monkeypatch, tmp_path / "bin", artifacttool.script(tmp_path / "record", FILES, says=told))

    verdict = weighed(organisation, "auto")

    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "another content" in verdict.error


def test_other_protocol_is_fallen_back_from_and_said(organisation, handle, monkeypatch, tmp_path):
    """`auto` takes the tool where the service is not understood, and the report says so."""
    organisation.intercept = surprising
    installed(monkeypatch, tmp_path / "bin", artifacttool.script(tmp_path / "record", FILES, says=said(handle)))

    verdict = weighed(organisation, "auto")

    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert any("downloaded whole by another program" in note for note in verdict.notes)
    assert verdict.model.identity["super_root_id"] == handle["superRootId"]
    assert on_disk(organisation, "auto")[0] == FILES


def test_protocol_that_changes_midway_is_fallen_back_from(organisation, handle, monkeypatch, tmp_path):
    """A file that cannot be read further in place is read from the download, from the same byte on."""
    known = {handle["manifestId"]}
    organisation.intercept = lambda asked: (
        Said(200, {id: organisation.sign(id) for id in json.loads(asked.body) if id in known})
        if asked.path.endswith("/dedup/urls") and not set(json.loads(asked.body)) <= known
        else None
    )
    installed(monkeypatch, tmp_path / "bin", artifacttool.script(tmp_path / "record", FILES, says=said(handle)))

    verdict = weighed(organisation, "auto")

    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert len(artifacttool.calls(tmp_path / "record")) == 1
    assert verdict.notes


def test_content_under_another_hash_is_never_fallen_back_from(organisation, handle, monkeypatch, tmp_path):
    """Bytes that are not what they are called are an error, though a tool stands ready that would bring others."""
    installed(monkeypatch, tmp_path / "bin", artifacttool.script(tmp_path / "record", {"x.txt": b"words\n"}))
    for id in (next(i for i, wire in organisation.blobs.wire.items() if wire == torch.EVIL), handle["manifestId"]):
        whole = organisation.blobs.wire[id]
        organisation.blobs.wire[id] = whole[:-1] + b"!"

        verdict = weighed(organisation, "auto")

        assert verdict.eval_outcome is EvalOutcome.ERROR and "their hash is another" in verdict.error
        organisation.blobs.wire[id] = whole
    assert not artifacttool.calls(tmp_path / "record")


def test_native_never_falls_back(organisation, handle, monkeypatch, tmp_path):
    """Who asks for ranges gets ranges or an error."""
    organisation.intercept = surprising
    installed(monkeypatch, tmp_path / "bin", artifacttool.script(tmp_path / "record", FILES))

    assert weighed(organisation, "native").eval_outcome is EvalOutcome.ERROR
    assert not artifacttool.calls(tmp_path / "record")


def test_azure_cli_is_called(organisation, handle, monkeypatch, tmp_path):
    """The Azure CLI with the scope that it demands, and the credential in its environment."""
    folder = tmp_path / "bin"
    program = artifacttool.script(tmp_path / "record", FILES, says=said(handle), first=4)
    installed(monkeypatch, folder, program.replace(b'arguments.get("--patvar", "")', b'"AZURE_DEVOPS_EXT_PAT"'), "az")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    verdict = weighed(organisation, "az")

    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    [call] = artifacttool.calls(tmp_path / "record")
    assert call["arguments"][:3] == ["artifacts", "universal", "download"]
    assert call["secret"] == PAT and "--scope" in call["arguments"]


def test_missing_azure_cli_is_an_error_with_advice(organisation, handle, monkeypatch):
    """A program that is not there is named, with what to do."""
    monkeypatch.setenv("PATH", "")
    verdict = weighed(organisation, "az")
    assert verdict.eval_outcome is EvalOutcome.ERROR and "az is not installed" in verdict.error


def test_unknown_way_of_fetching_is_an_error(organisation):
    """A misspelt option is told of."""
    with pytest.raises(GateError, match="no way to fetch"):
        SHELF.load("azure_artifacts").open(f"{organisation.url}/ml/models", {"fetch": "nativ"})
