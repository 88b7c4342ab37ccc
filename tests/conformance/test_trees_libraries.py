"""Trees, vocabularies and estimators: what their libraries save is recognised and ALLOWED."""

import json
import pickle

import pytest

from tests.conformance.oracle import allowed, blob

numpy = pytest.importorskip("numpy")


@pytest.fixture(scope="module")
def points():
    """A hundred points, and on which side they lie."""
    x = numpy.random.default_rng(7).random((100, 4))
    return x, (x[:, 0] > 0.5).astype(int)


def test_xgboost(points, tmp_path):
    """Trees and lines, as JSON and as UBJSON; configurations and dumps."""
    xgboost = pytest.importorskip("xgboost")
    data = xgboost.DMatrix(*points)
    for booster in ("gbtree", "gblinear", "dart"):
        model = xgboost.train({"booster": booster, "objective": "binary:logistic"}, data, 4)
        for suffix in ("json", "ubj"):
            path = tmp_path / f"{booster}.{suffix}"
            model.save_model(path)
            allowed(path, "xgboost" if suffix == "ubj" else "json")
        (tmp_path / "config.json").write_text(model.save_config())
        allowed(tmp_path / "config.json", "json")
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(model))
    allowed(tmp_path / "m.pkl", "pickle")


def test_lightgbm(points, tmp_path):
    """The text that is its model, and the dump."""
    lightgbm = pytest.importorskip("lightgbm")
    model = lightgbm.train({"objective": "binary", "verbose": -1}, lightgbm.Dataset(*points), 5)
    model.save_model(tmp_path / "m.txt")
    allowed(tmp_path / "m.txt", "lightgbm")
    (tmp_path / "m.json").write_text(json.dumps(model.dump_model()))
    allowed(tmp_path / "m.json", "json")
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(model))
    allowed(tmp_path / "m.pkl", "pickle")


@pytest.mark.parametrize(
    ("format", "name"), [("cbm", "catboost"), ("json", "json"), ("onnx", "onnx"), ("pmml", "xml"), ("coreml", "coreml")]
)
def test_catboost(format, name, points, tmp_path):
    """In each of its forms."""
    catboost = pytest.importorskip("catboost")
    model = catboost.CatBoostClassifier(iterations=5, verbose=0, train_dir=str(tmp_path / "t")).fit(*points)
    path = tmp_path / f"m.{ {'coreml': 'mlmodel'}.get(format, format) }"
    model.save_model(str(path), format=format)
    allowed(path, name)


def pipeline(points):
    pytest.importorskip("sklearn")
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), RandomForestClassifier(5)).fit(*points)


@pytest.mark.parametrize("compress", [0, 1, "zlib", "gzip", "bz2", "lzma", "xz", "lz4"])
def test_joblib(compress, points, tmp_path):
    """Plain, and in every packing."""
    joblib = pytest.importorskip("joblib")
    path = tmp_path / "m.joblib"
    joblib.dump(pipeline(points), path, compress=(compress, 3) if isinstance(compress, str) else compress)
    allowed(path, "joblib")


@pytest.mark.parametrize("protocol", range(6))
def test_pickles_of_estimators(protocol, points, tmp_path):
    """In every protocol."""
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(pipeline(points), protocol=protocol))
    allowed(tmp_path / "m.pkl", "pickle")


def test_skops(points, tmp_path):
    """An estimator, and plain things."""
    io = pytest.importorskip("skops.io")
    for name, thing in (("m", pipeline(points)), ("d", {"a": numpy.arange(3), "b": (1, 2.0, "x", None)})):
        io.dump(thing, tmp_path / f"{name}.skops")
        allowed(tmp_path / f"{name}.skops", "skops")


def test_what_skops_holds_is_what_the_library_names(points, tmp_path):
    """What the library asks about is scikit-learn's own; we find nothing of another package, and nothing worse."""
    io = pytest.importorskip("skops.io")
    io.dump(pipeline(points), tmp_path / "m.skops")
    [verdict] = allowed(tmp_path / "m.skops", "skops")
    assert all(name.startswith("sklearn.") for name in io.get_untrusted_types(file=tmp_path / "m.skops"))
    assert not [finding for finding in verdict.violations if finding.threat.code.startswith("SKOPS")]


@pytest.mark.parametrize("compression", [None, "gzip", "bzip2", "xz"])
@pytest.mark.parametrize("format", ["xdr", "ascii"])
def test_r_data(compression, format, tmp_path):
    """Lists, vectors and texts, in bytes and as text; every object is met."""
    rdata = pytest.importorskip("rdata")
    thing = {"a": [1, 2], "b": "x", "n": numpy.arange(900.0), "t": ["u", "ż"], "c": numpy.zeros(3, "c16")}
    path = tmp_path / "m.rds"
    rdata.write_rds(path, thing, compression=compression, file_format=format)
    allowed(path, "r")


def test_r_objects_are_those_of_the_library(tmp_path):
    """Symbols and pairs, in the order of the stream."""
    rdata = pytest.importorskip("rdata")
    from weighbridge.readers.rserial import SYMBOL, objects

    path = tmp_path / "m.rds"
    rdata.write_rds(path, {"alpha": 1, "beta": numpy.arange(3)}, compression=None)
    found = [seen.name for seen in objects(blob(path)) if seen.type == SYMBOL]
    seen = []

    def walk(thing, depth=0):
        if thing is None or depth > 50:
            return
        if thing.info.type == rdata.parser.RObjectType.SYM:
            seen.append(thing.value.value.decode())
        for part in (thing.tag, thing.attributes):
            walk(part, depth + 1)
        value = thing.value
        for part in value if isinstance(value, (list, tuple)) else []:
            if hasattr(part, "info"):
                walk(part, depth + 1)

    walk(rdata.parser.parse_file(path).object)
    assert set(found) == set(seen)
    assert found


def test_sevenzip_is_named_and_not_called_clean(tmp_path):
    """Nobody here unpacks it."""
    py7zr = pytest.importorskip("py7zr")
    from weighbridge.gate import scan
    from weighbridge.settings import Settings

    with py7zr.SevenZipFile(tmp_path / "m.7z", "w") as archive:
        archive.writestr("words", "a.txt")
    [verdict] = scan(Settings((str(tmp_path / "m.7z"),))).verdicts
    assert verdict.files[0].formats == ("7_zip",)
    assert [finding.threat.code for finding in verdict.violations if finding.threat.code.startswith("FILE")] == [
        "FILE-103"
    ]


def test_vocabularies(tmp_path):
    """Of tokenizers, SentencePiece, gensim and fastText."""
    words = tmp_path / "words.txt"
    words.write_text("the quick brown fox jumps over the lazy dog\n" * 200)
    tokenizers = pytest.importorskip("tokenizers")
    for model, trainer in (("BPE", "BpeTrainer"), ("WordPiece", "WordPieceTrainer"), ("Unigram", "UnigramTrainer")):
        made = tokenizers.Tokenizer(getattr(tokenizers.models, model)())
        made.train([str(words)], getattr(tokenizers.trainers, trainer)(vocab_size=60, show_progress=False))
        made.save(str(tmp_path / "tokenizer.json"))
        allowed(tmp_path / "tokenizer.json", "json")
    sentencepiece = pytest.importorskip("sentencepiece")
    sentencepiece.SentencePieceTrainer.train(
        input=str(words), model_prefix=str(tmp_path / "m"), vocab_size=40, hard_vocab_limit=False, minloglevel=2
    )
    allowed(tmp_path / "m.model", "sentencepiece")


def test_word_vectors(tmp_path):
    """As text and as bytes."""
    models = pytest.importorskip("gensim.models")
    made = models.Word2Vec([["a", "b", "c"]] * 50, vector_size=10, min_count=1, epochs=1)
    for binary in (False, True):
        made.wv.save_word2vec_format(str(tmp_path / "v.bin"), binary=binary)
        allowed(tmp_path / "v.bin", "word2vec")
