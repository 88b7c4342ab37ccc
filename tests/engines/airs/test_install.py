"""The vendor's client is installed from its private index, into an environment of its own, after it was looked at."""

import errno
import json
import os
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner

from tests.stand_ins.airs import wheels
from tests.stand_ins.airs.index import Index, basic
from tests.stand_ins.airs.tenant import GROUP
from tests.stand_ins.azure_devops import Said
from weighbridge.cli import run as run_of
from weighbridge.cli import weighbridge
from weighbridge.engines.airs import pip, place
from weighbridge.engines.airs.command import found
from weighbridge.engines.airs.install import install
from weighbridge.engines.airs.masks import masks
from weighbridge.engines.airs.place import PROGRAM, current, home
from weighbridge.engines.airs.wheel import name_of
from weighbridge.errors import GateError
from weighbridge.outside.secret import Secret, redacted


@pytest.fixture
def unpacked(vendor, monkeypatch):
    """pip's place is taken by a few lines, where it is not pip that is looked at: wheels come over the same wire."""

    def private(words, index, doing):
        wanted = Path(words[-1]).read_text()
        name = name_of(wanted).replace("-", "_")
        version = wanted.partition("==")[2].strip() or max(f.split("-")[1] for f in vendor.private.wheels if name in f)
        file = f"{name}-{version}-py3-none-any.whl"
        request = urllib.request.Request(f"{vendor.url}/private/files/{file}")
        request.add_header("Authorization", basic(unquote(urlsplit(index.reveal()).password)))
        with urllib.request.urlopen(request) as answer:
            (Path(words[words.index("--dest") + 1]) / file).write_bytes(answer.read())

    def ordinary(words, doing, beside=None):
        program = Path(words[1]).with_name(PROGRAM)
        version = next(Path(word).name.split("-")[1] for word in words if "model_security_client" in word)
        program.write_text(f"#!/bin/sh\necho model-security, version {version}\n")
        program.chmod(0o755)

    monkeypatch.setattr("weighbridge.engines.airs.pip.private", private)
    monkeypatch.setattr("weighbridge.engines.airs.pip.ordinary", ordinary)
    return vendor


def said(program, *words):
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=60).stdout


def test_client_is_the_private_indexes_and_what_it_needs_the_public_ones(vendor, monkeypatch):
    """A newer placeholder of the client's name lies on the public index, and is not even asked for; the vendor's own
    dependency comes from the private index though the public one has a newer namesake; the engine finds the client."""
    monkeypatch.setitem(sys.modules, "ensurepip", None)  # stock Ubuntu
    there = install()

    assert there.version == "1.1.2"
    assert said(there.program, "--version") == "model-security, version 1.1.2\n"
    assert vendor.count("/public/simple/model-security-client") == 0
    assert vendor.count("/public/files/airs_schemas") == 0
    [schemas] = there.program.parents[1].rglob("airs_schemas/__init__.py")
    assert "vendor" in schemas.read_text()
    assert found(os.environ) == str(there.program)
    assert not list(there.program.parents[1].rglob("site-packages/pip"))


def test_what_is_there_is_not_installed_anew(unpacked):
    """The latest is looked for, and nothing is changed where it is in place; a pinned one is not even asked for."""
    first = install()

    assert install() == first
    assert len(list(home().glob("client-*"))) == 1
    asked = len(unpacked.asked)
    assert install("1.1.2") == first
    assert len(unpacked.asked) == asked


def test_pinned_version_and_hash(vendor):
    """That version, if the index serves those bytes; other bytes are told, and what was there stays."""
    digest = sha256(wheels.client("1.0.1")[1]).hexdigest()
    there = install("1.0.1", hashes=[f"sha256:{digest}"])
    assert (there.version, there.digest) == ("1.0.1", digest)

    with pytest.raises(GateError, match="DO NOT MATCH") as raised:
        install("1.1.2", hashes=[f"sha256:{digest}"])
    assert "pinned" in raised.value.hint
    assert current(home()) == there


def test_hashes_for_all_that_is_needed(vendor, tmp_path):
    """A file of requirements with hashes: the client from the private index, the rest from either, nothing else."""
    lock = tmp_path / "hashes.txt"
    held = [("model-security-client==1.1.2", wheels.client()), ("airs-schemas==1.4", wheels.schemas())]
    held.append(("stand-in-models==2.0", wheels.models()))
    lock.write_text("".join(f"{name} \\\n    --hash=sha256:{sha256(w[1]).hexdigest()}\n" for name, w in held))

    assert said(install(lock=str(lock)).program, "--version") == "model-security, version 1.1.2\n"
    assert vendor.count("/public/simple/model-security-client") == 0


FAULTY = {
    "nothing pinned": "model-security-client\n",
    "an option": "--index-url https://evil\nmodel-security-client==1.1.2 --hash=sha256:00\n",
    "another package": "other==1 --hash=sha256:00\n",
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_file_that_pins_nothing_is_refused(vendor, tmp_path, text):
    """Before pip reads it."""
    lock = tmp_path / "hashes.txt"
    lock.write_text(text)
    with pytest.raises(GateError, match=r"hash|once"):
        install(lock=str(lock))
    assert vendor.count("/private/") == 0


@pytest.mark.parametrize(
    ("version", "hashes"), [("1.0 --index-url=x", ()), ("", ("sha256:" + "0" * 64,)), ("1.0", ("md5:0",))]
)
def test_words_that_are_no_version_and_no_hash(vendor, version, hashes):
    """They never reach pip."""
    with pytest.raises(GateError, match=r"is no version|is no hash|needs the version"):
        install(version, hashes=hashes)
    assert vendor.count("/private/") == 0


def test_placeholder_is_never_installed_or_run(vendor):
    """What calls itself another thing is told, though it lies on the private index; nothing is in place."""
    vendor.private = Index("/private", wheels.placeholder(), tokens=vendor.index_tokens)
    with pytest.raises(GateError, match="not the vendor's"):
        install()
    assert current(home()) is None
    assert list(home().glob("client-*")) == []


def test_settings_of_this_machine_lead_nowhere_else(vendor, monkeypatch, tmp_path):
    """A folder of wheels and an extra index in pip's settings hold the placeholder: it is not taken."""
    name, data = wheels.placeholder()
    (tmp_path / name).write_bytes(data)
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", f"{vendor.url}/public/simple")
    monkeypatch.setenv("PIP_USER", "1")
    assert install().version == "1.1.2"


def test_index_whose_address_has_expired(vendor):
    """Its token lasts an hour: told with what to do, without the address."""
    vendor.private.tokens = set()
    with pytest.raises(GateError, match="401") as raised:
        install()
    assert "lasts about an hour" in raised.value.hint
    assert "of-the-index" not in raised.value.message


def test_index_that_is_cut_off(unpacked, impatient):
    """After the client was fetched: an error, and not the public index in its stead."""
    unpacked.intercept = lambda asked: Said(503, {}) if asked.path == "/private/simple/airs-schemas/" else None
    with pytest.raises(GateError, match="private index answered 503 for airs-schemas"):
        install()
    assert unpacked.count("/public/") == 0


def test_version_that_is_not_there(vendor):
    """pip's complaint, without the address and its token; and what to do."""
    with pytest.raises(GateError, match="No matching distribution") as raised:
        install("9.9.9")
    assert "of-the-index" not in raised.value.message
    assert "--version" in raised.value.hint


@pytest.mark.parametrize("here", [(3, 10, 12), (3, 14, 0)])
def test_python_that_cannot_hold_it_is_told_before_anything_is_tried(vendor, monkeypatch, here):
    """The client "requires Python >=3.11,<3.14": the mission's remedy."""
    monkeypatch.setattr(sys, "version_info", here)
    with pytest.raises(GateError, match="needs Python >=3") as raised:
        install()
    assert "UsePythonVersion@0" in raised.value.hint
    assert vendor.asked == []


def test_python_without_venv_is_told_with_its_remedy(vendor, monkeypatch):
    """Stock Ubuntu: the mission's remediation, and no traceback; exit 2."""
    monkeypatch.setitem(sys.modules, "venv", None)
    with pytest.raises(GateError, match="cannot make a virtual environment") as raised:
        install()
    assert raised.value.hint.startswith("sudo apt-get install -y python3-venv (or python3.")


def raises(error):
    raise error


def test_full_disk_is_told(unpacked, monkeypatch, capsys):
    """Exit 2, with what to do; what was in place stays, and nothing half made."""
    first = install("1.0.1")
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr("venv.EnvBuilder.create", lambda *_: raises(full))
    assert run_of(weighbridge, "weighbridge", ["airs", "install"]) == 2
    told = capsys.readouterr().err
    assert "No space left on device" in told
    assert "--target" in told
    assert current(home()) == first
    assert len(list(home().glob("client-*"))) == 1


def test_two_at_once_leave_a_whole_one(unpacked):
    """Each makes its own; one is current, and it runs."""
    with ThreadPoolExecutor() as pool:
        both = [done.result() for done in [pool.submit(install), pool.submit(install, "1.0.1")]]
    assert current(home()) in both
    for there in both:
        assert there.version in said(there.program, "--version")


def test_environment_that_is_no_longer_current_goes_after_a_day(unpacked):
    """Not at once: a run may be using it."""
    old = install("1.0.1").program.parents[1]
    kept = install("1.1.2").program.parents[1]
    assert old.exists()
    os.utime(old, (1, 1))
    (home() / "current").unlink()
    install("1.1.2")
    assert not old.exists()
    assert kept.exists()


def test_environment_whose_python_is_gone_is_no_client(unpacked):
    """The agent's Python was exchanged: a new one is made."""
    old = install("1.0.1").program
    (old.parent / place.PYTHON).unlink()
    assert current(home()) is None
    assert install("1.0.1").program != old


@pytest.mark.skipif(os.name == "nt", reason="looks at permissions")
def test_folder_that_others_may_write_holds_no_client(unpacked):
    """Whoever may write there could put a program of theirs in its place."""
    install("1.0.1")
    home().chmod(0o777)
    assert current(home()) is None


def test_variable_that_nobody_set_names_no_folder(monkeypatch, tmp_path):
    """Azure Pipelines leaves the text that names it."""
    environ = {"WEIGHBRIDGE_AIRS_CLIENT": "$(WEIGHBRIDGE_AIRS_CLIENT)", "XDG_CACHE_HOME": str(tmp_path)}
    assert home(environ=environ) == tmp_path / "weighbridge" / "airs"


@pytest.mark.parametrize(
    "where", ["lib/python3.12/site-packages", "lib/python3.11/dist-packages", "Lib/site-packages", "."]
)
def test_placeholder_on_the_path_is_never_run(vendor, program, monkeypatch, capsys, tmp_path, where):
    """pip, asked with an extra index, took the namesake: scan and doctor say so and do not run it."""
    ran = tmp_path / "ran"
    program().write_text(f"#!/bin/sh\ntouch {ran}\necho 9.9\n")
    record = tmp_path / where / "model_security_client-99.0.dist-info" / "METADATA"
    record.parent.mkdir(parents=True)
    record.write_text(f"Name: model-security-client\nSummary: {wheels.PLACEHOLDER}\n")
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "config.json").write_text("{}")
    for words in (["scan", str(tmp_path / "m"), "-sg", GROUP], ["airs", "doctor"]):
        assert run_of(weighbridge, "weighbridge", words) == 2
        told = "".join(capsys.readouterr())
        assert "is not the vendor's client" in told and "pip uninstall" in told
    assert not ran.exists()

    record.write_text(f"Name: model-security-client\nSummary: {wheels.SUMMARY}\n")
    assert found(os.environ) == str(tmp_path / "bin" / PROGRAM)


def test_settings_by_which_the_street_is_reached_are_kept(monkeypatch, tmp_path):
    """Certificates and proxy of pip's file of settings; not its indexes."""
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\ncert = /etc/ours.pem\nproxy = http://u:p@proxy:3128\nextra-index-url = https://x/\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    pip.surroundings.cache_clear()
    assert pip.surroundings() == {"PIP_CERT": "/etc/ours.pem", "PIP_PROXY": "http://u:p@proxy:3128"}
    pip.surroundings.cache_clear()


@pytest.mark.parametrize("told", ["", "[]", '{"folder": "../x", "version": "1", "digest": ""}', '{"folder": "gone"}'])
def test_record_that_is_damaged_is_no_client(tmp_path, told):
    """Nothing outside the folder is ever taken for it."""
    (tmp_path / "x" / place.BIN).mkdir(parents=True)
    (tmp_path / "x" / place.BIN / PROGRAM).write_text("")
    (tmp_path / "client").mkdir()
    (tmp_path / "client" / "current").write_text(told)
    assert current(tmp_path / "client") is None


def test_named_place(unpacked, tmp_path, monkeypatch):
    """`--target DIR`: there, and WEIGHBRIDGE_AIRS_CLIENT=DIR lets the engine find it."""
    done = CliRunner().invoke(weighbridge, ["airs", "install", "--target", str(tmp_path / "mine")])
    assert done.output.startswith(f"model-security-client 1.1.2 is installed: {tmp_path / 'mine'}"), done.output
    monkeypatch.setenv("WEIGHBRIDGE_AIRS_CLIENT", str(tmp_path / "mine"))
    assert Path(found(os.environ)).is_relative_to(tmp_path / "mine")


ADDRESS = Secret("https://oauth2:to%2Fken-of-an-hour@host.example/simple/")
HOSTS = {
    "Azure Pipelines": ({"TF_BUILD": "True"}, "##vso[task.setsecret]{}"),
    "GitHub Actions": ({"GITHUB_ACTIONS": "true"}, "::add-mask::{}"),
}


@pytest.mark.parametrize(("environ", "line"), HOSTS.values(), ids=HOSTS)
def test_address_is_masked_in_the_hosts_own_way(environ, line):
    """The whole of it, its login, and its password as it stands and as it is meant."""
    escape = (lambda text: text.replace("%", "%25")) if "GITHUB_ACTIONS" in environ else str
    lines = list(masks(ADDRESS, environ))
    login = "oauth2:to%2Fken-of-an-hour"
    for text in (ADDRESS.reveal(), login, "to%2Fken-of-an-hour", "to/ken-of-an-hour"):
        assert line.format(escape(text)) in lines


def test_host_that_knows_no_masks_is_told_nothing():
    """GitLab and Jenkins would print the line as it is."""
    assert list(masks(ADDRESS, {"GITLAB_CI": "true"})) == []
    assert list(masks(ADDRESS, {"JENKINS_URL": "x"})) == []


def test_address_is_masked_before_anything_could_print_it(unpacked, monkeypatch):
    """When the index is first asked, the agent knows what to hide."""
    monkeypatch.setenv("TF_BUILD", "True")
    heard, then = [], []
    unpacked.intercept = lambda asked: then.append(len(heard)) if asked.path.startswith("/private") else None
    install(hear=heard.append)
    assert then[0] == len(heard) > 0


def test_secrets_are_blotted_out_in_every_form():
    """As they are, quoted, coded; an address also by its password alone."""
    text = redacted("a p@ss%20word p%40ss%2520word cEBzcyUyMHdvcmQ= b", Secret("p@ss%20word"))
    assert text == "a *** *** *** b"
    assert "ken-of" not in redacted("user to/ken-of-an-hour to%2Fken-of-an-hour", ADDRESS)


def test_record_names_what_is_in_place(unpacked):
    """Version and digest of the wheel."""
    install("1.0.1")
    told = json.loads((home() / "current").read_text())
    assert (told["version"], told["digest"]) == ("1.0.1", sha256(wheels.client("1.0.1")[1]).hexdigest())
