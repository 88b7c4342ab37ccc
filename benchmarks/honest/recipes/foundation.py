"""Every estimator of scikit-learn; types of pandas, numpy, scipy, polars, pyarrow, xarray, torch: library__object."""

import contextlib
import warnings

import numpy as np

warnings.simplefilter("ignore")
CHANCE = np.random.RandomState(0)
X = CHANCE.rand(40, 4)
Y = (X[:, 0] + X[:, 1] > 1).astype(int)
Z = X @ np.array([1.0, 2.0, 3.0, 4.0])


def _all(kind, part, parts=6):
    def make():
        from sklearn.linear_model import LogisticRegression, Ridge
        from sklearn.utils import all_estimators

        out = []
        for n, (_name, cls) in enumerate(all_estimators(type_filter=kind)):
            if n % parts != part:
                continue
            for args in (
                {},
                {"estimator": LogisticRegression() if kind != "regressor" else Ridge()},
                {"estimators": [("a", Ridge() if kind == "regressor" else LogisticRegression())]},
                {"transformers": [("a", "passthrough", [0])]},
                {"transformer_list": [("a", "passthrough")]},
            ):
                try:
                    out.append(cls(**args).fit(X, Z if kind == "regressor" else Y))
                    break
                except Exception:
                    pass
        return out

    return make


for _k in ("classifier", "regressor", "transformer", "cluster"):
    for _p in range(6):
        globals()[f"sk{_k}__part{_p}"] = _all(_k, _p)


def sksearch__grid():
    import scipy.stats
    from sklearn.metrics import f1_score, make_scorer
    from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, StratifiedKFold, TimeSeriesSplit
    from sklearn.svm import SVC

    return [
        GridSearchCV(SVC(), {"C": [1, 2]}, cv=StratifiedKFold(2), scoring=make_scorer(f1_score, average="macro")).fit(
            X, Y
        ),
        RandomizedSearchCV(SVC(), {"C": scipy.stats.loguniform(1, 10)}, n_iter=2, cv=2, random_state=CHANCE).fit(X, Y),
        TimeSeriesSplit(3),
    ]


def skcompose__pipes():
    import pandas as pd
    from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import (
        OneHotEncoder,
        StandardScaler,
    )

    d = pd.DataFrame({"a": X[:, 0], "b": ["uu vv", "ww xx"] * 20, "c": ["p", "q"] * 20})
    ct = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), make_column_selector(dtype_include=np.number)),
        (OneHotEncoder(handle_unknown="ignore"), ["c"]),
        (TfidfVectorizer(ngram_range=(1, 2), stop_words="english"), "b"),
        remainder="drop",
        verbose_feature_names_out=False,
    )
    return make_pipeline(ct, TransformedTargetRegressor(Ridge(), func=np.log1p, inverse_func=np.expm1)).fit(d, Z)


def pandas__dtypes():
    import pandas as pd

    return pd.DataFrame(
        {
            "a": pd.array([1, None], "Int64"),
            "b": pd.array([True, None], "boolean"),
            "c": pd.array(["x", None], "string"),
            "d": pd.Categorical(["a", "b"], ordered=True),
            "e": pd.arrays.SparseArray([0, 1]),
            "f": pd.to_datetime(["2024", "2025"]).tz_localize("Europe/Riga"),
            "g": pd.to_timedelta([1, 2], "D"),
            "h": pd.period_range("2024", periods=2, freq="M"),
            "i": pd.interval_range(0, 2),
            "j": pd.array([1.5, None], "Float32"),
            "k": [{"a": 1}, [1]],
            "l": ["o", None],
        }
    )


def pandas__arrow():
    import pandas as pd

    return pd.DataFrame(
        {
            "a": pd.array([1, None], "int64[pyarrow]"),
            "b": pd.array(["x", None], "string[pyarrow]"),
            "c": pd.array([1.5, 2], "double[pyarrow]"),
        }
    )


def pandas__indexes():
    import pandas as pd

    return [
        pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["x", "y"]),
        pd.RangeIndex(3),
        pd.DatetimeIndex(["2024"], freq="D"),
        pd.PeriodIndex(["2024-01"], freq="M"),
        pd.IntervalIndex.from_breaks([0, 1, 2]),
        pd.CategoricalIndex(["a"]),
        pd.TimedeltaIndex(["1D"]),
        pd.Index(["a", None]),
    ]


def pandas__scalars():
    import pandas as pd

    return [
        pd.Timestamp("2024-01-01", tz="UTC"),
        pd.Timedelta(1, "h"),
        pd.Period("2024-01", "M"),
        pd.Interval(0, 1),
        pd.NaT,
        pd.NA,
        pd.offsets.MonthEnd(2),
        pd.offsets.BDay(),
        pd.offsets.CustomBusinessDay(holidays=["2024-01-01"]),
        pd.DateOffset(months=1),
        pd.CategoricalDtype(["a"]),
        pd.Grouper(key="a"),
        pd.NamedAgg("a", "sum"),
    ]


def pandas__grouped():
    import pandas as pd

    d = pd.DataFrame({"a": [1, 1, 2], "b": [1.0, 2, 3]})
    d.attrs["source"] = "/data/a.csv"
    return [d, d.groupby("a").describe(), d.rolling(2)]


def numpy__kinds():
    return [
        np.dtype([("a", "i4"), ("b", "U3", (2,))]),
        np.array([(1, "x")], dtype=[("a", "i4"), ("b", "U3")]),
        np.ma.masked_array([1, 2], [0, 1], fill_value=9),
        np.ma.masked,
        np.matrix([[1, 2]]),
        np.rec.array([(1, 2.0)], names="a,b"),
        np.float16(1),
        np.datetime64("2024-01-01"),
        np.timedelta64(1, "D"),
        np.str_("x"),
        np.bytes_(b"y"),
        np.array(["a", "b"], dtype="S2"),
        np.array([None, {"a": 1}], dtype=object),
        np.longdouble(1),
        np.poly1d([1, 2]),
        np.polynomial.Chebyshev([1, 2]),
        np.void(b"ab"),
        np.char.array(["a"]),
        np.broadcast_to(1, (2, 2)),
        np.nan,
        np.newaxis,
        np.index_exp[1:2, ...],
    ]


def numpy__random():
    g = [
        np.random.Generator(b(3))
        for b in (np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64, np.random.PCG64DXSM)
    ]
    return [*g, np.random.RandomState(3), np.random.SeedSequence(3), np.random.RandomState(1).get_state()]


def numpy__functions():
    return [
        np.sin,
        np.add,
        np.mean,
        np.linalg.norm,
        np.vectorize(abs),
        np.maximum,
        np.float32,
        np.random.rand,
        np.finfo("f4"),
        np.iinfo("i4"),
    ]


def numpy__memmap():
    import os
    import tempfile

    return np.memmap(os.path.join(tempfile.mkdtemp(), "m"), "f4", "w+", shape=(4,))


def scipy__sparse():
    import scipy.sparse as s

    return [getattr(s.eye(4), "to" + f)() for f in ("csr", "csc", "coo", "lil", "dok", "dia", "bsr")] + [
        s.csr_array(np.eye(3)),
        s.coo_array(np.eye(3)),
    ]


def scipy__interpolate():
    import scipy.interpolate as i

    x = np.arange(8.0)
    return [
        i.CubicSpline(x, x),
        i.interp1d(x, x),
        i.PchipInterpolator(x, x),
        i.RBFInterpolator(X, Z),
        i.RegularGridInterpolator((x, x), np.outer(x, x)),
        i.UnivariateSpline(x, x),
        i.BSpline(np.arange(8.0), [1.0, 2, 3, 4], 3),
        i.LinearNDInterpolator(X[:, :2], Z),
        i.NearestNDInterpolator(X, Z),
        i.RectBivariateSpline(x, x, np.outer(x, x)),
        i.Akima1DInterpolator(x, x),
        i.PPoly(np.ones((2, 7)), x),
        i.make_interp_spline(x, x),
    ]


def scipy__spatial():
    import scipy.spatial as s
    from scipy.spatial.transform import Rotation

    return [s.KDTree(X), s.cKDTree(X), Rotation.from_euler("x", 1), s.Rectangle([0, 0], [1, 1])]


def scipy__stats():
    import scipy.stats as s

    return [
        s.norm(0, 1),
        s.gaussian_kde(X[:, 0]),
        s.rv_discrete(values=([1, 2], [0.5, 0.5])),
        s.rv_histogram(np.histogram(Z)),
        s.ttest_ind(X[:, 0], X[:, 1]),
        s.multivariate_normal([0, 0]),
        s.poisson(3),
        s.qmc.Sobol(2),
        s.linregress(X[:, 0], Z),
        s.spearmanr(X[:, 0], Z),
        s.beta,
        s.bootstrap((Z,), np.mean, n_resamples=10),
        s.ecdf(Z),
    ]


def scipy__misc():
    import scipy.integrate as n
    import scipy.optimize as o
    import scipy.signal as g
    import scipy.sparse.linalg as l

    return [
        o.minimize(lambda x: (x**2).sum(), [1.0, 2]),
        o.Bounds([0], [1]),
        o.LinearConstraint(np.eye(2), 0, 1),
        o.linprog([1, 1], bounds=[(0, 1)] * 2),
        g.TransferFunction([1], [1, 2]),
        g.StateSpace(1, 1, 1, 0),
        g.dlti([1], [1, 2]),
        g.ShortTimeFFT(np.ones(4), 2, 1.0),
        n.solve_ivp(lambda t, y: -y, (0, 1), [1.0], dense_output=False),
        l.aslinearoperator(np.eye(2)),
        o.root_scalar(np.cos, bracket=(1, 2)),
        o.OptimizeResult(x=1, message="Optimization terminated successfully: see /x"),
    ]


def polars__frames():
    import datetime

    import polars as pl

    d = pl.DataFrame(
        {
            "a": [1, 2],
            "b": ["x", None],
            "c": [datetime.date(2024, 1, 1)] * 2,
            "d": [[1], [2, 3]],
            "e": [{"q": 1}, {"q": 2}],
        }
    )
    return [
        d,
        d["a"],
        pl.Int64(),
        pl.Datetime("us", "UTC"),
        pl.List(pl.Int8),
        pl.Categorical(),
        pl.Enum(["a"]),
        d.schema,
    ]


def polars__lazy():
    import polars as pl

    return [pl.DataFrame({"a": [1]}).lazy().filter(pl.col("a") > 0), pl.col("a").sum().alias("b")]


def pyarrow__kinds():
    import datetime

    import pyarrow as pa

    t = pa.table({"a": [1, 2], "b": ["x", None], "c": [[1], []], "d": [datetime.datetime(2024, 1, 1)] * 2})
    return [
        t,
        t.schema,
        pa.array(["a", "b"]).dictionary_encode(),
        pa.chunked_array([[1], [2]]),
        pa.record_batch([pa.array([1])], ["x"]),
        pa.scalar(3),
        pa.decimal128(5, 2),
        pa.timestamp("us", "UTC"),
        pa.struct([("a", pa.int8())]),
        pa.field("x", pa.int8(), metadata={"a": "b"}),
        pa.py_buffer(b"abc"),
    ]


def pyarrow__fs():
    import pyarrow.compute as pc
    import pyarrow.dataset as ds
    import pyarrow.fs as fs

    return [fs.LocalFileSystem(), pc.ScalarAggregateOptions(), ds.ParquetFileFormat(), pc.field("a") == 3]


def xarray__kinds():
    import pandas as pd
    import xarray as xr

    d = xr.Dataset(
        {"a": (("t", "x"), np.ones((3, 2)))},
        coords={"t": pd.date_range("2024", periods=3), "x": ["u", "v"]},
        attrs={"source": "http://x.org/a.nc", "history": "cdo -O run"},
    )
    return [d, d.a, xr.Variable("x", [1, 2]), d.a.groupby("x").mean(), d.a.stack(z=("t", "x"))]


def torch__optimizers():
    import torch

    out = []
    for n in (
        "SGD",
        "Adam",
        "AdamW",
        "RMSprop",
        "Adagrad",
        "Adadelta",
        "NAdam",
        "RAdam",
        "LBFGS",
        "Rprop",
        "ASGD",
        "Adamax",
        "SparseAdam",
        "Adafactor",
    ):
        m = torch.nn.Linear(3, 2)
        try:
            o = getattr(torch.optim, n)(m.parameters(), lr=0.1)
            if n not in ("LBFGS", "SparseAdam"):
                m(torch.rand(2, 3)).sum().backward()
                o.step()
            out.append(o)
        except Exception:
            pass
    return out


def torch__schedulers():
    import torch

    s = torch.optim.lr_scheduler
    o = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], 0.1)
    return [
        s.CosineAnnealingLR(o, 3),
        s.OneCycleLR(o, 1.0, 10),
        s.ReduceLROnPlateau(o),
        s.ExponentialLR(o, 0.9),
        s.MultiStepLR(o, [1, 2]),
        s.CyclicLR(o, 0.1, 1.0),
        s.SequentialLR(o, [s.ConstantLR(o), s.LinearLR(o)], [2]),
        s.PolynomialLR(o),
        s.CosineAnnealingWarmRestarts(o, 2),
    ]


def torch__modules():
    import torch

    n = torch.nn
    out = []
    for c in (
        "Conv1d 1 2 3",
        "Conv3d 1 2 3",
        "ConvTranspose2d 1 2 3",
        "LSTM 3 4",
        "GRU 3 4",
        "MultiheadAttention 8 2",
        "TransformerDecoderLayer 8 2",
        "Embedding 5 3",
        "EmbeddingBag 5 3",
        "GroupNorm 2 4",
        "InstanceNorm2d 3",
        "PReLU",
        "Softmax 1",
        "GELU",
        "SiLU",
        "Hardswish",
        "Upsample 4",
        "AdaptiveAvgPool2d 1",
        "CrossEntropyLoss",
        "BCEWithLogitsLoss",
        "CTCLoss",
        "TripletMarginLoss",
        "Bilinear 2 3 4",
        "PixelShuffle 2",
        "Identity",
        "Flatten",
        "LayerNorm 4",
        "RMSNorm 4",
        "Dropout2d",
        "CosineSimilarity",
        "ZeroPad2d 1",
        "MaxPool2d 2",
        "Unfold 2",
        "HuberLoss",
        "AdaptiveLogSoftmaxWithLoss 4 10 5",
    ):
        w = c.split()
        a = [int(x) for x in w[1:]]
        with contextlib.suppress(Exception):
            out.append(
                getattr(n, w[0])(*a)
                if w[0] != "AdaptiveLogSoftmaxWithLoss"
                else n.AdaptiveLogSoftmaxWithLoss(4, 10, [5])
            )
    return n.ModuleDict({str(i): m for i, m in enumerate(out)})


def torch__distributions():
    import torch

    d = torch.distributions
    return [
        d.Normal(0.0, 1.0),
        d.Categorical(torch.ones(3)),
        d.MultivariateNormal(torch.zeros(2), torch.eye(2)),
        d.Independent(d.Normal(torch.zeros(2), 1.0), 1),
        d.TransformedDistribution(d.Normal(0.0, 1.0), [d.transforms.ExpTransform()]),
        d.MixtureSameFamily(d.Categorical(torch.ones(2)), d.Normal(torch.zeros(2), 1.0)),
        d.constraints.positive,
    ]


def torch__data():
    import torch

    u = torch.utils.data
    t = u.TensorDataset(torch.rand(4, 2))
    return [
        t,
        u.Subset(t, [0, 1]),
        u.ConcatDataset([t, t]),
        u.DataLoader(t, 2, shuffle=True),
        u.WeightedRandomSampler([1, 2], 2),
        u.RandomSampler(t),
        u.random_split(t, [2, 2]),
    ]


def torch__pruned():
    import torch
    import torch.nn.utils.prune as m

    layer = torch.nn.Linear(3, 3)
    m.random_unstructured(layer, "bias", 1)
    return [layer]


def torch__quantised():
    import torch

    m = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.ReLU(), torch.nn.LSTM(3, 3))
    return torch.ao.quantization.quantize_dynamic(m, {torch.nn.Linear, torch.nn.LSTM}, torch.qint8)


def torch__static():
    import torch

    m = torch.nn.Sequential(
        torch.ao.quantization.QuantStub(),
        torch.nn.Conv2d(1, 2, 3),
        torch.nn.ReLU(),
        torch.ao.quantization.DeQuantStub(),
    ).eval()
    m.qconfig = torch.ao.quantization.get_default_qconfig("x86")
    p = torch.ao.quantization.prepare(m)
    p(torch.rand(1, 1, 8, 8))
    return torch.ao.quantization.convert(p)


def torch__fx():
    import torch

    return torch.fx.symbolic_trace(torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU()))


def torch__subclass():
    import torch

    return [
        torch.rand(2, dtype=torch.bfloat16),
        torch.rand(2).to(torch.float8_e4m3fn),
        torch.tensor(3, dtype=torch.uint16),
        torch.nn.Buffer(torch.ones(2)),
        torch.masked.masked_tensor(torch.ones(2), torch.tensor([True, False])),
        torch.rand(3, 3).t(),
        torch.rand(2, requires_grad=True),
        torch.complex(torch.ones(2), torch.ones(2)),
        torch.rand(2).to("meta"),
    ]


def statsmodels__results():
    import pandas as pd
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    d = pd.DataFrame({"z": Z, "a": X[:, 0], "b": X[:, 1], "y": Y})
    return [
        smf.ols("z ~ a * b", d).fit(),
        sm.Logit(Y, X).fit(disp=0),
        sm.GLM(Z, X).fit(),
        smf.mixedlm("z ~ a", d, groups=np.repeat([1, 2], 20)).fit(),
        sm.tsa.ARIMA(Z, order=(1, 0, 0)).fit(),
        sm.nonparametric.lowess(Z, X[:, 0]),
        sm.tsa.ExponentialSmoothing(Z).fit(),
    ]


def networkx__graphs():
    import networkx as nx

    return [
        nx.karate_club_graph(),
        nx.DiGraph([(1, 2)]),
        nx.MultiGraph([(1, 2)]),
        nx.Graph().adj,
        nx.line_graph(nx.path_graph(3)),
        nx.path_graph(3).edges(data=True),
    ]


def stdlib__things():
    import argparse
    import ast
    import calendar
    import collections
    import configparser
    import difflib
    import email.message
    import graphlib
    import inspect
    import io
    import json
    import logging
    import statistics
    import string
    import types
    import urllib.parse
    import xml.etree.ElementTree

    return [
        argparse.Namespace(a=1, cmd="train --x"),
        ast.parse("a = 1"),
        types.SimpleNamespace(a=1),
        logging.INFO,
        logging.getLogger("x"),
        string.Template("$a"),
        xml.etree.ElementTree.fromstring("<a b='c'/>"),
        statistics.NormalDist(0, 1),
        calendar.Calendar(),
        difflib.SequenceMatcher(None, "a", "b"),
        urllib.parse.urlparse("http://x.org/a?b=c"),
        io.BytesIO(b"abc"),
        io.StringIO("abc"),
        json.JSONDecodeError("bad", "{", 1),
        KeyError("x"),
        FileNotFoundError(2, "No such file", "/a/b"),
        OSError(1, "x"),
        UnicodeDecodeError("utf-8", b"a", 0, 1, "bad"),
        StopIteration(3),
        collections.namedtuple,
        graphlib.TopologicalSorter({1: {2}}),
        email.message.EmailMessage(),
        logging.LogRecord("n", 20, "/a/b.py", 3, "msg %s", ("x",), None),
        configparser.ConfigParser(),
        inspect.signature(int.from_bytes),
    ]
