"""Azure Artifacts: packages weighed where they lie, against an organisation on this machine."""

import json
import struct

import pytest

from tests.builders import torch
from tests.builders.dedup import CHUNK
from tests.stand_ins.azure_devops import PAT, SIGN_IN, Said
from weighbridge.artifact import Limits
from weighbridge.errors import GateError, Malformed
from weighbridge.gate import scan
from weighbridge.outside.http import Door
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.settings import Settings
from weighbridge.sources import SHELF
from weighbridge.sources.azure_artifacts import opened
from weighbridge.sources.azure_artifacts.address import parse
from weighbridge.sources.azure_artifacts.versions import Choice

GIB = 1 << 30


def weighed(organisation, rest="ml/models", **options):
    address = f"azure-artifacts:{organisation.url}/{rest}"
    return scan(Settings((address,), tables={"azure_artifacts": options}))


def listed(organisation, rest="ml/models", **options):
    with SHELF.load("azure_artifacts").open(f"{organisation.url}/{rest}", options) as source:
        return [f"{model.name}@{model.version}" for model in source.models()]


def tensors(size, header):
    """A safetensors header of `header` bytes, for a file of `size` bytes."""
    entries, width = {}, (size - header - 8) // 500
    for i in range(500):
        stop = size - header - 8 if i == 499 else (i + 1) * width
        entries[f"layer.{i}"] = {"dtype": "U8", "shape": [stop - i * width], "data_offsets": [i * width, stop]}
    return struct.pack("<Q", header) + json.dumps(entries).encode().ljust(header)


def test_malicious_package_is_blocked_and_honest_one_passes(organisation):
    """The verdict of each package of a feed, with the identity of what was weighed."""
    feed = organisation.feed()
    organisation.publish(feed, "honest", "1.0.0", {"notes.md": b"words\n"})
    handle = organisation.publish(feed, "evil", "2.1.0", {"model.pkl": torch.EVIL}, compressed=True)

    run = weighed(organisation)

    assert [(v.model.name, v.eval_outcome) for v in run.verdicts] == [
        ("evil", EvalOutcome.BLOCKED),
        ("honest", EvalOutcome.ALLOWED),
    ]
    identity = run.verdicts[0].model.identity
    assert identity["manifest_id"] == handle["manifestId"]
    assert identity["super_root_id"] == handle["superRootId"]
    assert (identity["feed"], identity["package"], identity["version"]) == ("models", "evil", "2.1.0")


def test_header_of_100_gib_costs_ten_requests(organisation):
    """A 200 KB header at the beginning of 100 GiB is read by ten requests at most, the look-ups counted."""
    root = organisation.blobs.sparse(100 * GIB, {0: tensors(100 * GIB, 200_000)})
    organisation.publish(organisation.feed(), "huge", "1.0.0", {"model.safetensors": root})
    with opened(parse(f"{organisation.url}/ml/models"), Choice(), Door()) as source:
        [model] = source.models()
        [blob] = model.blobs(Limits())
        organisation.asked.clear()
        received = source.reader.store.door.received
        blob.read(0, 8)
        blob.read(8, 200_000)

        assert len(organisation.asked) <= 10
        assert source.reader.store.door.received - received < 500_000


def test_package_of_100_gib_is_weighed_by_what_matters(organisation):
    """Weighing it whole reads the header and the end, and the report says how little that is."""
    root = organisation.blobs.sparse(100 * GIB, {0: tensors(100 * GIB, 200_000)})
    organisation.publish(organisation.feed(), "huge", "1.0.0", {"model.safetensors": root})

    [verdict] = weighed(organisation).verdicts

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    [file] = verdict.files
    assert file.size == 100 * GIB
    assert 200_000 <= file.bytes_read < 500_000
    assert len(organisation.asked) < 25


@pytest.mark.parametrize("rest", ["ml/models", "models", "/models", "ml/models/", "ml/models@Release", "ml/models/a"])
def test_addresses_lead_to_the_feed(organisation, rest):
    """The project, the view and the package may be left out; a project's feed is found by its name alone."""
    feed = organisation.feed()
    organisation.publish(feed, "a", "1.0.0", {"x.txt": b"x"})
    feed.views["Release"] = {("a", "1.0.0")}

    assert listed(organisation, rest) == ["a@1.0.0"]


def test_feed_of_the_organisation_is_found_under_a_project(organisation):
    """The user need not know whose the feed is."""
    organisation.publish(organisation.feed("shared", ""), "a", "1.0.0", {"x.txt": b"x"})

    assert listed(organisation, "ml/shared") == listed(organisation, "/shared") == ["a@1.0.0"]


def test_feeds_of_one_name_are_told_apart_by_project(organisation):
    """A name that two projects use is an error that lists them, not a choice of ours."""
    organisation.feed("models", "a")
    organisation.feed("models", "b")

    with pytest.raises(GateError, match="2 feeds are called models") as raised:
        listed(organisation, "models")
    assert "a, b" in raised.value.hint


def test_view_holds_its_own_versions(organisation):
    """A view shows the versions promoted to it, and an unknown view is an error."""
    feed = organisation.feed()
    for version in ("1.0.0", "2.0.0"):
        organisation.publish(feed, "a", version, {"x.txt": b"x"})
    feed.views["Release"] = {("a", "1.0.0")}

    assert listed(organisation, "ml/models@Release") == ["a@1.0.0"]
    with pytest.raises(GateError, match="not found"):
        listed(organisation, "ml/models@Releases")


@pytest.fixture
def versions(organisation):
    """Two packages of several versions."""
    feed = organisation.feed()
    for version in ("1.2.9", "1.2.10", "1.10.0", "2.0.0-rc.2", "2.0.0-rc.10"):
        organisation.publish(feed, "bert", version, {"x.txt": b"x"}, published="2026-01-01T00:00:00.1234567Z")
    organisation.publish(feed, "llama", "0.1.0", {"x.txt": b"x"}, published="2026-11-01T00:00:00Z")
    return organisation


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", "2.0.0-rc.10"),
        ("@1.2.9", "1.2.9"),
        ("@*", "1.10.0"),
        ("@1.*", "1.10.0"),
        ("@1.2.*", "1.2.10"),
        ("@2.0.0-RC.2", "2.0.0-rc.2"),
    ],
)
def test_versions_resolve_as_the_service_does(versions, asked, found):
    """A wildcard means the highest stable version that fits; no version means the latest."""
    assert listed(versions, f"ml/models/bert{asked}") == [f"bert@{found}"]


@pytest.mark.parametrize(("asked", "said"), [("@3.0.0", "no version"), ("@3.*", "no version"), ("@1.*.2", "is no")])
def test_version_that_is_not_there_is_an_error(versions, asked, said):
    """An error lists what there is."""
    with pytest.raises(GateError, match=said):
        listed(versions, f"ml/models/bert{asked}")


def test_name_of_a_package_is_matched_whole(versions):
    """A package that begins alike is another one."""
    with pytest.raises(GateError, match="is not in"):
        listed(versions, "ml/models/ber")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("*", ["bert@2.0.0-rc.10", "llama@0.1.0"]),
        ("B*", ["bert@2.0.0-rc.10"]),
        ("*@1.*", ["bert@1.10.0"]),
        ("?l*@*", ["llama@0.1.0"]),
    ],
)
def test_several_packages_by_a_wildcard(versions, asked, found):
    """Every package whose name fits, and of each the version that fits."""
    assert listed(versions, f"ml/models/{asked}") == found


@pytest.mark.parametrize("asked", ["x*", "b*@9.*"])
def test_wildcard_that_nothing_fits_is_an_error(versions, asked):
    """What chooses nothing has allowed nothing."""
    with pytest.raises(GateError, match="no package"):
        listed(versions, f"ml/models/{asked}")


def test_choice_of_packages(versions):
    """All versions, those since a day, and names by globs."""
    assert len(listed(versions, all_versions=True)) == 6
    assert listed(versions, since="2026-06-01") == ["llama@0.1.0"]
    assert listed(versions, include=["b*"]) == ["bert@2.0.0-rc.10"]
    assert listed(versions, exclude="b*") == ["llama@0.1.0"]
    assert listed(versions, "ml/models/bert", all_versions=True)[-1] == "bert@2.0.0-rc.10"


@pytest.mark.parametrize("options", [{"include": ["x*"]}, {"since": "2027-01-01"}, {"since": "soon"}])
def test_choice_of_nothing_is_an_error(versions, options):
    """A filter that leaves nothing has allowed nothing."""
    with pytest.raises(GateError):
        listed(versions, **options)


@pytest.mark.parametrize("options", [{"all-versions": True}, {"all_versions": "no"}, {"shard": "1/2"}])
def test_option_that_is_not_known_is_an_error(versions, options):
    """A misspelt option never weighs less than was meant."""
    with pytest.raises(GateError, match="not understood"):
        listed(versions, **options)


def test_metadata_are_asked_for_ahead_of_who_goes_in_order(organisation):
    """Each version's once; and none for who leaves versions out."""
    feed = organisation.feed()
    for i in range(30):
        organisation.publish(feed, f"p{i:02}", "1.0.0", {"x.txt": b"x"})
    with SHELF.load("azure_artifacts").open(f"{organisation.url}/ml/models", {}) as source:
        models = list(source.models())
        assert not organisation.count("/versions/")
        for model in models[::3]:
            assert model.content_id
        assert organisation.count("/versions/") == 10
        for model in models:
            assert model.content_id.startswith(feed.handles[model.name, "1.0.0"]["manifestId"])
    asked = [request.path for request in organisation.asked if "/versions/" in request.path]
    assert len(asked) == len(set(asked)) == 30


def test_empty_feed_is_an_error_with_advice(organisation):
    """No package is exit 2, with what to check."""
    organisation.feed()

    run = weighed(organisation)

    assert run.exit_code == 2
    assert "0 packages" in run.errors[0].message
    assert "Packaging: read" in run.errors[0].hint


def test_deleted_version_is_not_asked_for(organisation):
    """What was deleted cannot be downloaded, and is not weighed."""
    feed = organisation.feed()
    organisation.publish(feed, "a", "1.0.0", {"x.txt": b"x"})
    organisation.publish(feed, "a", "2.0.0", {"x.txt": b"x"})
    feed.packages["a"][1]["isDeleted"] = True

    assert listed(organisation, all_versions=True) == ["a@1.0.0"]


def paged(organisation, monkeypatch, packages=25, size=10):
    monkeypatch.setattr("weighbridge.sources.azure_artifacts.feed.PAGE", size)
    feed = organisation.feed()
    for i in range(packages):
        organisation.publish(feed, f"p{i:02}", "1.0.0", {"x.txt": b"x"})
    return feed


def test_every_page_is_read(organisation, monkeypatch):
    """A feed of several pages is listed whole."""
    paged(organisation, monkeypatch)

    assert listed(organisation) == [f"p{i:02}@1.0.0" for i in range(25)]


def with_page(organisation, changed):
    """Let a listing's answer be changed: `changed(skip, packages)`."""

    def intercept(asked):
        if not asked.path.endswith("/packages"):
            return None
        shelf = organisation.feeds[0]
        page = json.loads(json.dumps(organisation.packages(asked, shelf, "").body))
        return Said(200, changed(int(asked.query["$skip"]), page))

    organisation.intercept = intercept


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda skip, page: page if skip < 10 else {**page, "value": page["value"][:-1]}, "says 10 and holds 9"),
        (lambda skip, page: page if skip else {"value": page["value"][:-1]}, "came short"),
        (lambda skip, page: {"value": [{**p, "id": i} for i, p in enumerate(page["value"], 1)]}, "repeated"),
        (lambda skip, page: {"value": [{**p, "id": "same"} for p in page["value"]]}, "repeated"),
        (lambda skip, page: {"value": [{**p, "normalizedName": "p"} for p in page["value"]]}, "called alike"),
        (lambda skip, page: {"value": "none"}, "unknown shape"),
    ],
    ids=["cut", "short", "repeated", "same", "alike", "shapeless"],
)  # fmt: skip
def test_list_that_is_not_whole_is_an_error(organisation, monkeypatch, changed, said):
    """A page that is cut, short or repeated is never taken for a shorter feed."""
    paged(organisation, monkeypatch)
    with_page(organisation, changed)

    with pytest.raises(GateError, match=said):
        listed(organisation)


def test_service_that_ignores_the_place_to_begin_is_an_error(organisation, monkeypatch):
    """A service that answers every page with the first, or gives fewer than asked for, never makes a shorter list."""
    paged(organisation, monkeypatch)
    shelf = organisation.feeds[0]

    def first_again(asked):
        if asked.path.endswith("/packages"):
            return organisation.packages(asked._replace(query={**asked.query, "$skip": "0"}), shelf, "")
        return None

    def seven(asked):
        if asked.path.endswith("/packages"):
            return organisation.packages(asked._replace(query={**asked.query, "$top": "7"}), shelf, "")
        return None

    for intercept, said in ((first_again, "repeated"), (seven, "came short")):
        organisation.intercept = intercept
        with pytest.raises(GateError, match=said):
            listed(organisation)


def test_package_that_leaves_while_the_rest_is_listed_is_noticed(organisation, monkeypatch):
    """One that is deleted shifts the pages so that another falls between two of them: the second listing finds it."""
    paged(organisation, monkeypatch)
    shelf, left = organisation.feeds[0], [1]

    def intercept(asked):
        if asked.path.endswith("/packages") and asked.query["$skip"] == "10" and left[0]:
            left[0] = 0
            del shelf.packages["p00"]

    organisation.intercept = intercept

    assert listed(organisation) == [f"p{i:02}@1.0.0" for i in range(1, 25)]


def test_feed_that_grows_while_it_is_listed_is_listed_again(organisation, monkeypatch):
    """Two listings must agree before one counts."""
    feed = paged(organisation, monkeypatch, 3)
    left = [2]

    def intercept(asked):
        if asked.path.endswith("/packages") and left[0]:
            left[0] -= 1
            organisation.publish(feed, f"new{left[0]}", "1.0.0", {"x.txt": b"x"})

    organisation.intercept = intercept

    assert len(listed(organisation)) == 5


def test_feed_that_never_rests_is_an_error(organisation, monkeypatch):
    """A list that no second one confirms is not whole."""
    feed = paged(organisation, monkeypatch, 3)

    def intercept(asked):
        if asked.path.endswith("/packages"):
            organisation.publish(feed, f"new{len(organisation.asked)}", "1.0.0", {"x.txt": b"x"})

    organisation.intercept = intercept

    with pytest.raises(GateError, match=r"came short|changes while it is listed"):
        listed(organisation)


REFUSALS = {
    "sign-in page": (Said(203, SIGN_IN, {"Content-Type": "text/html"}), "refused the credential"),
    "sign-in page that looks well": (Said(200, SIGN_IN, {"Content-Type": "text/html"}), "refused the credential"),
    "redirect to sign-in": (Said(302, b"", {"Location": "http://127.0.0.1:9/signin"}), "refused the credential"),
    "unauthorised": (Said(401), "refused the credential"),
    "forbidden": (Said(403), "may not be read"),
    "not found": (Said(404), "not found"),
    "no JSON": (Said(200, b"{..."), "no JSON"),
    "teapot": (Said(418), "HTTP 418"),
}


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("where", ["ResourceAreas", "/packages", "/versions/"])
def test_refusals_are_errors_with_advice(organisation, name, where):
    """Whatever the service refuses is exit 2 with a hint, and shows no credential."""
    organisation.publish(organisation.feed(), "a", "1.0.0", {"x.txt": b"x"})
    said, message = REFUSALS[name]
    organisation.intercept = lambda asked: said if where in asked.path else None

    run = weighed(organisation)

    assert run.exit_code == 2
    told = [*((e.message, e.hint) for e in run.errors), *((v.error, v.hint) for v in run.verdicts)]
    assert message in told[0][0]
    assert told[0][1]
    assert PAT not in repr(run) and "signature-that" not in repr(run)


def test_busy_service_is_given_the_time_it_asks_for(organisation):
    """429 with Retry-After is patience, not failure."""
    organisation.publish(organisation.feed(), "a", "1.0.0", {"x.txt": b"x"})
    left, rests = [2], []

    def intercept(asked):
        if asked.path.endswith("/packages") and left[0]:
            left[0] -= 1
            return Said(429, b"", {"Retry-After": "7"})
        return None

    organisation.intercept = intercept
    with opened(parse(f"{organisation.url}/ml/models"), Choice(), Door(rest=rests.append)) as source:
        assert len(list(source.models())) == 1
    assert all(rest >= 7 for rest in rests) and len(rests) == 2


def test_no_credential_travels_to_signed_addresses_or_redirects(organisation):
    """The token goes to the organisation's hosts; a signed URL is asked bare, and a redirect is not followed."""
    organisation.publish(organisation.feed(), "a", "1.0.0", {"x.bin": bytes(5 * CHUNK)})

    assert weighed(organisation).verdicts
    signed = [asked for asked in organisation.asked if asked.path.startswith("/blobs/")]
    assert signed and not any("authorization" in asked.headers for asked in signed)


def test_services_elsewhere_are_sent_nothing(organisation):
    """A location that is not the organisation's own is refused before anything is sent."""
    areas = [{"id": "x", "name": "dedup", "locationUrl": "https://example.com/"}]
    organisation.publish(organisation.feed(), "a", "1.0.0", {"x.txt": b"x"})
    real = organisation.areas().body["value"][:2]

    def intercept(asked):
        return Said(200, {"value": real + areas}) if "ResourceAreas" in asked.path else None

    organisation.intercept = intercept
    [verdict] = weighed(organisation).verdicts

    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "nothing is sent there" in verdict.error


def damaged(organisation, files, damage):
    handle = organisation.publish(organisation.feed(), "a", "1.0.0", files)
    damage(organisation.blobs.wire, handle)
    [verdict] = weighed(organisation).verdicts
    return verdict


@pytest.mark.parametrize("damage", [lambda data: data[:-1] + b"!", lambda data: data[:-1], lambda data: b""])
@pytest.mark.parametrize("kind", ["01", "02"])
def test_content_under_another_hash_is_an_error(organisation, kind, damage):
    """A chunk or node that is not what its hash promises is never weighed as if it were, and never allowed."""
    content = organisation.blobs.content(bytes(range(256)) * 1024)
    id = content.id if kind == "02" else next(iter(organisation.blobs.wire))
    verdict = damaged(organisation, {"x.bin": content}, lambda wire, handle: wire.update({id: damage(wire[id])}))

    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "their hash is another" in verdict.error


def test_manifest_that_lies_about_a_size_is_an_error(organisation):
    """A file that is shorter or longer than it is called cannot be weighed whole."""
    content = organisation.blobs.content(bytes(3 * CHUNK))
    for size in (content.size - 1, content.size + 1):
        organisation.feeds.clear()
        verdict = damaged(organisation, {"x.bin": content._replace(size=size)}, lambda wire, handle: None)
        assert verdict.eval_outcome is EvalOutcome.ERROR, size


def test_node_that_lies_about_a_chunk_is_an_error(organisation):
    """The sizes in a node are claims, and each is held against the chunk."""
    first, second = organisation.blobs.chunk(b"a" * 100), organisation.blobs.chunk(b"b" * 100)
    lying = organisation.blobs.node([first._replace(size=50), second._replace(size=150)])

    verdict = damaged(organisation, {"x.bin": lying}, lambda wire, handle: None)

    assert verdict.eval_outcome is EvalOutcome.ERROR


def test_file_that_is_called_empty_and_is_not_is_an_error(organisation):
    """Who downloads it gets its bytes, whatever the manifest says of their number."""
    for content in (organisation.blobs.content(torch.EVIL), organisation.blobs.content(torch.EVIL, size=9)):
        organisation.feeds.clear()
        verdict = damaged(organisation, {"m.pkl": content._replace(size=0)}, lambda wire, handle: None)
        assert verdict.eval_outcome is EvalOutcome.ERROR
        assert "empty that is not" in verdict.error


def test_chunk_that_is_called_empty_and_is_not_is_an_error(organisation):
    """Bytes cannot be hidden between two chunks."""
    first, hidden, last = (organisation.blobs.chunk(data) for data in (b"words ", torch.EVIL, b"words\n"))
    lying = organisation.blobs.node([first, hidden._replace(size=0), last])

    verdict = damaged(organisation, {"x.txt": lying}, lambda wire, handle: None)

    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "empty that is not" in verdict.error


def test_empty_file_is_weighed_without_being_asked_for(organisation):
    """A content without bytes is known by its hash, and no store need hold it."""
    verdict = damaged(
        organisation,
        {"empty": b"", "x.txt": b"words\n"},
        lambda wire, handle: wire.pop(next(id for id, data in wire.items() if not data)),
    )

    assert verdict.eval_outcome is EvalOutcome.ALLOWED


def test_nodes_within_nodes_end(organisation):
    """A content that lies deeper than any honest one is refused, at a bounded cost."""
    content = organisation.blobs.chunk(b"deep")
    for _ in range(60):
        content = organisation.blobs.node([content])

    verdict = damaged(organisation, {"x.bin": content}, lambda wire, handle: None)

    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "nodes deep" in verdict.error


def test_signed_address_that_has_expired_is_renewed_once(organisation):
    """A signature that counts no more is asked for anew; one that is refused again is an error."""
    organisation.publish(organisation.feed(), "a", "1.0.0", {"x.txt": b"words\n"})
    refused = []

    def once(asked):
        if asked.path.startswith("/blobs/") and asked.path not in refused:
            refused.append(asked.path)
            return Said(403)
        return None

    organisation.intercept = once
    [verdict] = weighed(organisation).verdicts
    assert verdict.eval_outcome is EvalOutcome.ALLOWED

    organisation.intercept = lambda asked: Said(403) if asked.path.startswith("/blobs/") else None
    [verdict] = weighed(organisation).verdicts
    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "refused a signed address twice" in verdict.error and "sig" not in verdict.error.partition("signed")[0]


@pytest.mark.parametrize(("hops", "outcome"), [(2, EvalOutcome.ALLOWED), (9, EvalOutcome.ERROR)])
def test_signed_address_may_lead_on(organisation, hops, outcome):
    """A blob store may send its readers elsewhere, a few times; what they find there is verified all the same."""
    organisation.publish(organisation.feed(), "a", "1.0.0", {"x.txt": b"words\n"})

    def moved(asked):
        hop = int(asked.query.get("hop", 0))
        if not asked.path.startswith("/blobs/") or hop == hops:
            return None
        return Said(302, b"", {"Location": f"{asked.path}?sig={asked.query['sig']}&hop={hop + 1}"})

    organisation.intercept = moved
    [verdict] = weighed(organisation, fetch="native").verdicts

    assert verdict.eval_outcome is outcome
    assert not any("authorization" in asked.headers for asked in organisation.asked if "/blobs/" in asked.path)


def test_signed_address_that_leads_to_an_open_line_is_refused(organisation, monkeypatch):
    """A signature is never sent unencrypted, unless the organisation itself is on this machine."""
    from weighbridge.sources.azure_artifacts.service import Service
    from weighbridge.sources.azure_artifacts.store import Store

    store = Store(Service("https://dev.azure.com/contoso", None, Door()))

    with pytest.raises(GateError, match="not encrypted"):
        store.check("http://account.blob.core.windows.net/x?sig=s")


@pytest.mark.parametrize("path", ["../x.pkl", "a/../../x", "/etc/x", "C:/x", "a\\..\\..\\x", ""])
def test_path_that_climbs_out_is_a_finding(organisation, path):
    """A file that would be unpacked elsewhere is content that cannot be weighed: BLOCKED."""
    handle = organisation.publish(organisation.feed(), "a", "1.0.0", {f"/{path}" if path[:1] == "/" else path: b"x"})
    assert handle

    [verdict] = weighed(organisation).verdicts

    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert "outside" in verdict.violations[0].message


def test_any_range_of_any_tree_is_what_was_stored(organisation):
    """Ranges of contents of every shape, raw and compressed, read in any order."""
    data = bytes(i * i % 251 for i in range(100_000))
    shapes = [(1000, 4, True), (997, 512, False), (100_000, 512, True), (64, 16, False)]
    files = {
        f"{i}.bin": organisation.blobs.content(data, size=size, width=width, compressed=compressed)
        for i, (size, width, compressed) in enumerate(shapes)
    }
    organisation.publish(organisation.feed(), "a", "1.0.0", files)
    with opened(parse(f"{organisation.url}/ml/models"), Choice(), Door()) as source:
        [model] = source.models()
        for blob in model.blobs(Limits()):
            for start, length in (
                (50_000, 10),
                (0, 1),
                (99_999, 1),
                (999, 2),
                (1000, 3000),
                (4000, 60_000),
                (0, 100_000),
            ):
                assert blob.read(start, length) == data[start : start + length], (blob.path, start)
            with pytest.raises(Malformed):
                blob.read(99_999, 2)
            assert blob.data.count == 100_000
