"""Causes, chances, chess and chemistry, texts, tables and settings, as their users keep them: library__object."""

import warnings

import numpy as np

warnings.simplefilter("ignore")
CHANCE = np.random.RandomState(0)
X = CHANCE.rand(80, 4)
Y = (X[:, 0] + X[:, 1] > 1).astype(int)
Z = X @ np.array([1.0, 2.0, 3.0, 4.0]) + 0.1 * CHANCE.randn(80)
SERIES = np.sin(np.arange(300) / 3.0) + 0.1 * CHANCE.randn(300)
TEXTS = ["the first document", "a second document", "and the third one", "is this the first"]


def _ll(x):
    return -0.5 * np.sum(x**2)


def frame():
    import pandas as pd

    return pd.DataFrame(
        {"a": X[:, 0], "b": X[:, 1], "city": ["riga", "oslo"] * 40, "when": pd.date_range("2024", periods=80)}
    )


def lingam__direct():
    import lingam

    return lingam.DirectLiNGAM().fit(X)


def lingam__ica():
    import lingam

    return [lingam.ICALiNGAM().fit(X), lingam.VARLiNGAM().fit(X)]


def castle__pc():
    from castle.algorithms import PC

    m = PC()
    m.learn(X)
    return m


def castle__notears():
    from castle.algorithms import Notears

    m = Notears(max_iter=3)
    m.learn(X)
    return m


def tigramite__data():
    from tigramite import data_processing as pp

    return pp.DataFrame(X, var_names=list("abcd"))


def tigramite__pcmci():
    from tigramite import data_processing as pp
    from tigramite.independence_tests.parcorr import ParCorr
    from tigramite.pcmci import PCMCI

    p = PCMCI(pp.DataFrame(X), ParCorr(), verbosity=0)
    return [p, p.run_pcmci(tau_max=1)]


def doubleml__plr():
    import doubleml as dml
    from sklearn.linear_model import LinearRegression

    d = dml.DoubleMLData.from_arrays(X, Z, Y.astype(float))
    return dml.DoubleMLPLR(d, LinearRegression(), LinearRegression(), n_folds=2).fit()


def kmedoids__model():
    import kmedoids
    from sklearn.metrics import pairwise_distances

    return [kmedoids.KMedoids(3).fit(pairwise_distances(X)), kmedoids.fasterpam(pairwise_distances(X), 3)]


def kmeansconstrained__model():
    from k_means_constrained import KMeansConstrained

    return KMeansConstrained(3, size_min=10).fit(X)


def leidenalg__partition():
    import igraph
    import leidenalg

    g = igraph.Graph.Famous("Zachary")
    return leidenalg.find_partition(g, leidenalg.ModularityVertexPartition).membership


def platypus__solutions():
    import platypus

    a = platypus.NSGAII(platypus.DTLZ2(2), population_size=8)
    a.run(16)
    return a.result


def platypus__algorithm():
    import platypus

    a = platypus.NSGAII(platypus.DTLZ2(2), population_size=8)
    a.run(16)
    return a


def leap__individual():
    from leap_ec.binary_rep.problems import MaxOnes
    from leap_ec.decoder import IdentityDecoder
    from leap_ec.individual import Individual

    return [Individual(np.array([1, 0, 1]), IdentityDecoder(), MaxOnes())]


def jmetal__solutions():
    from jmetal.problem import ZDT1

    p = ZDT1()
    s = p.create_solution()
    p.evaluate(s)
    return [s, p]


def jmetal__algorithm():
    from jmetal.algorithm.multiobjective import NSGAII
    from jmetal.operator.crossover import SBXCrossover
    from jmetal.operator.mutation import PolynomialMutation
    from jmetal.problem import ZDT1
    from jmetal.util.termination_criterion import StoppingByEvaluations

    return NSGAII(
        problem=ZDT1(),
        population_size=10,
        offspring_population_size=10,
        mutation=PolynomialMutation(0.1, 20),
        crossover=SBXCrossover(1.0, 20),
        termination_criterion=StoppingByEvaluations(20),
    )


def deeptime__msm():
    from deeptime.decomposition import TICA
    from deeptime.markov.msm import MaximumLikelihoodMSM

    return [MaximumLikelihoodMSM(lagtime=1).fit_fetch(CHANCE.randint(0, 3, 200)), TICA(lagtime=1).fit_fetch(X)]


def deeptime__cluster():
    from deeptime.clustering import KMeans

    return KMeans(3).fit_fetch(X)


def tsfel__config():
    import tsfel

    return [
        tsfel.get_features_by_domain("statistical"),
        tsfel.time_series_features_extractor(tsfel.get_features_by_domain("statistical"), SERIES, fs=10, verbose=0),
    ]


def pycatch22__all():
    import pycatch22

    return pycatch22.catch22_all(list(SERIES))


def adtk__detectors():
    import pandas as pd
    from adtk.detector import PersistAD, QuantileAD, ThresholdAD

    s = pd.Series(SERIES, index=pd.date_range("2024", periods=120))
    return [ThresholdAD(high=1), QuantileAD(high=0.9).fit(s), PersistAD().fit(s)]


def adtk__pipe():
    from adtk.detector import QuantileAD
    from adtk.pipe import Pipeline
    from adtk.transformer import RollingAggregate

    return Pipeline([("r", RollingAggregate(agg="mean", window=3)), ("q", QuantileAD(high=0.9))])


def dynesty__results():
    import dynesty

    s = dynesty.NestedSampler(lambda x: -0.5 * np.sum(x**2), lambda u: 10 * u - 5, 2, nlive=20)
    s.run_nested(maxiter=30, print_progress=False)
    return s.results


def zeus__sampler():
    import zeus

    return [zeus.moves.DifferentialMove(), zeus.callbacks.SplitRCallback()]


def george__gp():
    import george

    gp = george.GP(np.var(Z) * george.kernels.ExpSquaredKernel(0.5, ndim=4))
    gp.compute(X, 0.1)
    return gp


def george__kernel():
    import george

    return george.kernels.Matern32Kernel(0.5) + george.kernels.ConstantKernel(1.0)


def lenskit__dataset():
    import pandas as pd
    from lenskit.data import from_interactions_df

    return from_interactions_df(
        pd.DataFrame({"user": [1, 1, 2, 3], "item": [10, 11, 10, 12], "rating": [1.0, 2, 3, 4]})
    )


def lenskit__als():
    import pandas as pd
    from lenskit.basic import BiasScorer, PopScorer
    from lenskit.data import from_interactions_df

    d = from_interactions_df(pd.DataFrame({"user": [1, 1, 2, 3], "item": [10, 11, 10, 12], "rating": [1.0, 2, 3, 4]}))
    out = [PopScorer(), BiasScorer()]
    for o in out:
        o.train(d)
    return out


def mabwiser__mab():
    from mabwiser.mab import MAB, LearningPolicy

    m = MAB(["a", "b"], LearningPolicy.EpsilonGreedy(0.1))
    m.fit(["a", "b", "a"], [1, 0, 1])
    n = MAB([1, 2], LearningPolicy.LinUCB(1.0))
    n.fit([1, 2, 1], [1, 0, 1], X[:3])
    return [m, n]


def mabwiser__tree():
    from mabwiser.mab import MAB, LearningPolicy, NeighborhoodPolicy

    n = MAB([1, 2], LearningPolicy.UCB1(1.0), NeighborhoodPolicy.TreeBandit())
    n.fit([1, 2, 1, 2], [1, 0, 1, 1], X[:4])
    return n


def snowballstemmer__stemmer():
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def inflect__engine():
    import inflect

    return inflect.engine()


def conllu__tokens():
    import conllu

    return conllu.parse(
        "# text = The dog\n1\tThe\tthe\tDET\tDT\t_\t2\tdet\t_\t_\n2\tdog\tdog\tNOUN\tNN\tNumber=Sing\t0\troot\t_\t_\n\n"
    )


def conllu__tree():
    import conllu

    return conllu.parse_tree(
        "1\tThe\tthe\tDET\tDT\t_\t2\tdet\t_\t_\n2\tdog\tdog\tNOUN\tNN\tNumber=Sing\t0\troot\t_\t_\n\n"
    )


def janome__tokens():
    from janome.tokenizer import Tokenizer

    return list(Tokenizer().tokenize("すもももももももものうち"))


def pymorphy3__parse():
    import pymorphy3

    m = pymorphy3.MorphAnalyzer()
    return [m.parse("дом")[0].tag, str(m.parse("дом")[0].normal_form)]


def vader__analyzer():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def sqlglot__ast():
    import sqlglot

    return sqlglot.parse_one("SELECT a, sum(b) AS s FROM t JOIN u ON t.id = u.id WHERE c > 'x' GROUP BY a")


def sqlglot__tokens():
    import sqlglot

    return [sqlglot.schema.MappingSchema({"t": {"a": "int"}}), sqlglot.exp.DataType.build("decimal(10, 2)")]


def libcst__tree():
    import libcst

    return libcst.parse_module("def f(x):\n    return x + 1\n")


def voluptuous__schema():
    import voluptuous as v

    return v.Schema({v.Required("a"): int, v.Optional("b", default="x"): v.All(str, v.Length(min=1))})


def voluptuous__error():
    import voluptuous as v

    try:
        v.Schema({"a": int})({"a": "x"})
    except v.Invalid as e:
        return e


def cerberus__validator():
    import cerberus

    c = cerberus.Validator({"name": {"type": "string", "regex": "^a+$"}})
    c.validate({"name": 1})
    return [c.schema, c.errors]


def marshmallow__schema():
    import marshmallow as m

    class S(m.Schema):
        a = m.fields.Int()

    return [m.fields.Str(required=True), m.validate.Length(min=1), m.ValidationError({"a": ["bad"]})]


def environs__env():
    import environs

    return environs.EnvError("not set: X")


def dacite__config():
    import dacite

    return dacite.Config(cast=[tuple], check_types=False)


def mashumaro__types():
    from mashumaro.types import Discriminator

    return [Discriminator(field="a", include_subtypes=True)]


def traits__objects():
    from traits.api import HasTraits, Int, TraitError

    h = HasTraits()
    h.add_trait("x", Int(3))
    return [h, TraitError("bad value")]


def traits__list():
    from traits.trait_dict_object import TraitDict
    from traits.trait_list_object import TraitList
    from traits.trait_set_object import TraitSet

    return [TraitList([1, 2]), TraitDict({"a": 1}), TraitSet({1})]


def param__params():
    import param

    return param.Parameterized(name="p")


def param__kinds():
    import param

    return [param.Number(3, bounds=(0, 5)), param.Selector(objects=["a", "b"]), param.String("x y")]


def rdflib__graph():
    import rdflib

    g = rdflib.Graph()
    g.add((rdflib.URIRef("http://a/b"), rdflib.RDF.type, rdflib.Literal("x y", lang="en")))
    return g


def rdflib__terms():
    import rdflib

    return [
        rdflib.URIRef("http://a/b"),
        rdflib.Literal(3),
        rdflib.Literal("2024-01-01", datatype=rdflib.XSD.date),
        rdflib.BNode(),
        rdflib.Namespace("http://x/"),
    ]


def rdflib__query():
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery("SELECT ?s WHERE { ?s ?p ?o }")


def icalendar__calendar():
    import datetime

    import icalendar

    c = icalendar.Calendar()
    e = icalendar.Event()
    e.add("summary", "a meeting, at noon")
    e.add("dtstart", datetime.datetime(2024, 1, 1))
    c.add_component(e)
    return c


def icalendar__text():
    import icalendar

    return [icalendar.vText("some text"), icalendar.vRecur(freq="daily"), icalendar.vCalAddress("mailto:a@b.org")]


def jdatetime__dates():
    import jdatetime

    return [jdatetime.date(1403, 1, 2), jdatetime.datetime(1403, 1, 2, 3, 4)]


def skyfield__time():
    from skyfield.api import load

    ts = load.timescale(builtin=True)
    return ts.utc(2024, 1, 1)


def skyfield__positions():
    from skyfield.api import Angle, Star, wgs84

    return [wgs84.latlon(56.9, 24.1), Star(ra_hours=1, dec_degrees=2), Angle(degrees=3)]


def astral__location():
    from astral import LocationInfo, Observer
    from astral.location import Location

    return [
        LocationInfo("Riga", "Latvia", "Europe/Riga", 56.9, 24.1),
        Observer(1, 2, 3),
        Location(LocationInfo("Riga", "Latvia", "Europe/Riga", 56.9, 24.1)),
    ]


def pyamg__solver():
    import pyamg

    return pyamg.ruge_stuben_solver(pyamg.gallery.poisson((10, 10), format="csr"))


def pyamg__sa():
    import pyamg

    return pyamg.smoothed_aggregation_solver(pyamg.gallery.poisson((10, 10), format="csr"))


def quimb__tensor():
    import quimb.tensor as qtn

    return [qtn.MPS_rand_state(4, 2), qtn.Tensor(np.ones((2, 2)), ("a", "b"), tags=["X"])]


def quimb__state():
    import quimb as qu

    return [qu.rand_ket(4), qu.pauli("X"), qu.ham_heis(3)]


def clifford__multivector():
    from clifford.g3 import e1, e2

    return [e1 + 2 * e2]


def clifford__layout():
    import clifford

    return clifford.Cl(2)[0]


def quaternion__array():
    import quaternion

    return [quaternion.quaternion(1, 0, 0, 0), quaternion.from_float_array(np.random.rand(3, 4))]


def spatialmath__poses():
    from spatialmath import SE3, SO3, Twist3, UnitQuaternion

    return [SE3(1, 2, 3), SO3.Rx(0.3), UnitQuaternion.Rx(0.3), Twist3.UnitRevolute([0, 0, 1], [1, 0, 0])]


def pytransform3d__manager():
    from pytransform3d.transform_manager import TransformManager

    t = TransformManager()
    t.add_transform("a", "b", np.eye(4))
    return t


def pytransform3d__urdf():
    from pytransform3d.urdf import UrdfTransformManager

    t = UrdfTransformManager()
    t.load_urdf(
        '<robot name="r"><link name="a"/><link name="b"/><joint name="j" type="revolute"><parent link="a"/>'
        '<child link="b"/><axis xyz="1 0 0"/></joint></robot>'
    )
    return t


def pylops__ops():
    import pylops

    return [pylops.MatrixMult(X), pylops.FirstDerivative(10), pylops.Diagonal(np.ones(4)) * 2, pylops.Identity(4).H]


def linopy__model():
    import linopy
    import pandas as pd

    m = linopy.Model()
    x = m.add_variables(lower=0, name="x", coords=[pd.RangeIndex(3)])
    m.add_constraints(x >= 1)
    return m


def linopy__vars():
    import linopy
    import pandas as pd

    m = linopy.Model()
    x = m.add_variables(lower=0, name="x", coords=[pd.RangeIndex(3)])
    return (2 * x).data


def qpsolvers__problem():
    import qpsolvers

    p = qpsolvers.Problem(np.eye(2), np.ones(2))
    return [p, qpsolvers.Solution(p)]


def chess__board():
    import chess

    b = chess.Board()
    b.push_san("e4")
    return b


def chess__pgn():
    import io

    import chess.pgn

    return [
        chess.pgn.read_game(io.StringIO('[Event "x"]\n\n1. e4 e5 *')),
        chess.Move.from_uci("e2e4"),
        chess.SquareSet(3),
    ]


def gpxpy__gpx():
    import gpxpy

    return gpxpy.parse(
        '<gpx version="1.1" creator="x"><trk><trkseg><trkpt lat="1" lon="2"><time>2024-01-01T00:00:00Z</time>'
        "</trkpt></trkseg></trk></gpx>"
    )


def biotite__atoms():
    import biotite.sequence as q
    import biotite.structure as s

    return [s.AtomArray(3), s.Atom([1, 2, 3], chain_id="A"), q.ProteinSequence("ACDE"), q.NucleotideSequence("ACGT")]


def biotite__alignment():
    import biotite.sequence as q
    import biotite.sequence.align as al

    m = al.SubstitutionMatrix.std_nucleotide_matrix()
    return al.align_optimal(q.NucleotideSequence("ACGT"), q.NucleotideSequence("ACT"), m)


def biotite__annotation():
    import biotite.sequence as q

    return q.Annotation([q.Feature("CDS", [q.Location(1, 5)], {"gene": "x"})])


def periodictable__formula():
    import periodictable

    return [periodictable.Fe, periodictable.Fe[56], periodictable.formula("H2O"), periodictable.Fe.ion[2]]


def selfies__vocab():
    import selfies

    return [selfies.get_semantic_robust_alphabet(), selfies.encoder("CCO")]


def threadpool__info():
    import threadpoolctl

    return threadpoolctl.threadpool_info()


def narwhals__frame():
    import narwhals
    import pandas as pd

    return [narwhals.from_native(pd.DataFrame({"a": [1]})), narwhals.Int64(), narwhals.Datetime("us", "UTC")]


def sqlalchemy__meta():
    import sqlalchemy as sa

    m = sa.MetaData()
    t = sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String(20)))
    return [m, sa.select(t.c.id).where(t.c.n == "x")]


def sqlalchemy__types():
    import sqlalchemy as sa

    return [
        sa.Integer(),
        sa.Numeric(10, 2),
        sa.Enum("a", "b"),
        sa.engine.make_url("postgresql://u@h/db"),
        sa.exc.NoResultFound("none"),
    ]


def matplotlib__figure():
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    f, a = plt.subplots()
    a.plot([1, 2])
    a.imshow(X)
    return f


def plotly__figure():
    import plotly.graph_objects as go

    return go.Figure(go.Scatter(x=[1, 2], y=[3, 4]))


def requests__response():
    import requests

    r = requests.Response()
    r.status_code = 200
    r._content = b"{}"
    r.url = "http://x.org/"
    return [r, requests.Session(), requests.Request("GET", "http://x.org")]


def requests__error():
    import requests

    return [
        requests.HTTPError("404 Client Error: Not Found for url: http://x.org"),
        requests.structures.CaseInsensitiveDict(a="b"),
        requests.cookies.RequestsCookieJar(),
    ]


def pygments__tokens():
    import pygments.lexers
    import pygments.token

    return [pygments.token.Token.Name, list(pygments.lexers.PythonLexer().get_tokens("a = 1"))]


def packaging__versions():
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    return [Version("1.2.3rc1"), SpecifierSet(">=1,<2"), Requirement("numpy>=1.2; python_version>'3'")]


def regex__pattern():
    import regex

    return [regex.compile(r"\p{L}+"), regex.compile("a|b", regex.I)]


def dateutil__rules():
    import datetime

    import dateutil.relativedelta
    import dateutil.rrule
    import dateutil.tz

    return [
        dateutil.rrule.rrule(dateutil.rrule.DAILY, count=3, dtstart=datetime.datetime(2024, 1, 1)),
        dateutil.tz.gettz("Europe/Riga"),
        dateutil.tz.tzutc(),
        dateutil.tz.tzoffset("X", 3600),
        dateutil.relativedelta.relativedelta(months=1),
        dateutil.tz.tzlocal(),
    ]


def prettytable__table():
    import prettytable

    t = prettytable.PrettyTable(["a", "b"])
    t.add_row([1, 2])
    return t


def gevent__object():
    import importlib_metadata

    return importlib_metadata.version("numpy")


def pyparsing__results():
    import pyparsing as pp

    return (pp.Word(pp.alphas)("first") + pp.Word(pp.nums)("n")).parse_string("abc 12")


def click__params():
    import click

    return [click.Option(["--a"], type=int, default=3), click.Choice(["a", "b"]), click.BadParameter("bad")]


def rich__text():
    import rich.style
    import rich.table
    import rich.text

    t = rich.table.Table("a")
    t.add_row("x")
    return [rich.text.Text("hello", style="bold red"), t, rich.style.Style.parse("bold")]


def markdownit__tokens():
    import markdown_it

    return markdown_it.MarkdownIt().parse("# a\n\nb *c*")


def ipywidgets__html():
    import traitlets

    class C(traitlets.HasTraits):
        pass

    return [traitlets.Int(3), traitlets.config.Config({"a": {"b": 1}}), traitlets.config.LazyConfigValue()]


def parso__tree():
    import parso

    return parso.parse("def f(): pass\n")


def jedi__object():
    import asttokens

    return asttokens.util.Token(1, "a", (1, 0), (1, 1), "a", 0, 0, 1)


def huggingface__types():
    from huggingface_hub import EvalResult, ModelCardData
    from huggingface_hub.hf_api import ModelInfo

    return [
        ModelCardData(language="en", license="mit", tags=["a b"]),
        EvalResult("t", "n", "d", "c", "acc", 0.5),
        ModelInfo(id="a/b", tags=["x"], sha="abc", private=False, downloads=1, likes=2, siblings=[]),
    ]


def thinc__model():
    import thinc.api as t

    m = t.chain(t.Relu(4), t.Softmax(2))
    m.initialize(X=X.astype("f"), Y=np.eye(2)[Y].astype("f"))
    return m.to_bytes()


def smartopen__object():
    import srsly

    return srsly.json_loads("{}")


def numba__typed():
    import numba

    numba.typed.List([1, 2, 3])
    return [numba.types.int64[:], numba.float32, numba.types.Tuple((numba.int64, numba.float64))]


def pydtmc__chain():
    import pydtmc

    return pydtmc.MarkovChain([[0.5, 0.5], [0.2, 0.8]], ["A", "B"])


def abess__model():
    from abess import LinearRegression, LogisticRegression

    return [LinearRegression(support_size=2).fit(X, Z), LogisticRegression(support_size=2).fit(X, Y)]


def grouplasso__model():
    from group_lasso import GroupLasso

    return GroupLasso(groups=[1, 1, 2, 2], n_iter=5).fit(X, Z)


def copulas__gaussian():
    from copulas.multivariate import GaussianMultivariate

    m = GaussianMultivariate()
    m.fit(frame()[["a", "b"]])
    return m


def copulas__univariate():
    from copulas.univariate import BetaUnivariate, GaussianKDE

    m = GaussianKDE()
    m.fit(X[:, 0])
    b = BetaUnivariate()
    b.fit(X[:, 0])
    return [m, b]


def rdt__transformer():
    from rdt import HyperTransformer

    h = HyperTransformer()
    d = frame()
    h.detect_initial_config(d)
    h.fit(d)
    return h


def rdt__floats():
    from rdt.transformers import FloatFormatter, UniformEncoder

    f = FloatFormatter()
    f.fit(frame(), "a")
    return [f, UniformEncoder()]


def faker__generator():
    from faker import Faker

    return Faker()


def faker__provider():
    import faker

    return faker.generator.Generator()


def mimesis__person():
    from mimesis import Person
    from mimesis.locales import Locale

    return [Person(Locale.EN), Locale.DE]


def staticframe__frame():
    import static_frame as sf

    return [
        sf.Frame.from_dict({"a": (1, 2), "b": ("x", "y")}),
        sf.Series((1, 2), index=("a", "b")),
        sf.IndexDate(("2024-01-01",)),
    ]


def staticframe__bus():
    import static_frame as sf

    return [sf.IndexHierarchy.from_labels([("a", 1), ("b", 2)]), sf.Index((1, 2))]


def fastparquet__schema():
    import os
    import tempfile

    import fastparquet

    p = os.path.join(tempfile.mkdtemp(), "x.parq")
    fastparquet.write(p, frame())
    return fastparquet.ParquetFile(p)


def uproot__tree():
    import os
    import tempfile

    import uproot

    p = os.path.join(tempfile.mkdtemp(), "x.root")
    with uproot.recreate(p) as f:
        f["t"] = {"a": np.arange(3)}
        f["h"] = np.histogram(Z)
    with uproot.open(p) as f:
        return f["h"]


def uproot__interp():
    import uproot

    return [uproot.interpretation.numerical.AsDtype(">f8"), uproot.models.TString.Model_TString.empty()]


def tables__description():
    import tables

    class P(tables.IsDescription):
        a = tables.Int32Col()

    return [
        tables.Int32Col(),
        tables.StringCol(16),
        tables.Filters(complevel=3),
        tables.Atom.from_dtype(np.dtype("f8")),
    ]


def netcdf4__error():
    import netCDF4

    return netCDF4.__version__


def cftime__dates():
    import cftime

    return [
        cftime.datetime(2024, 1, 2, calendar="noleap"),
        cftime.DatetimeGregorian(2024, 1, 2),
        cftime.num2date([1, 2], "days since 2000-01-01"),
    ]


def rasterio__types():
    import rasterio
    import rasterio.coords
    import rasterio.crs
    import rasterio.profiles
    import rasterio.windows

    return [
        rasterio.Affine(1, 0, 0, 0, 1, 0),
        rasterio.crs.CRS.from_epsg(4326),
        rasterio.windows.Window(0, 0, 2, 2),
        rasterio.coords.BoundingBox(0, 0, 1, 1),
        rasterio.profiles.DefaultGTiffProfile(),
    ]


def rasterio__enums():
    import rasterio.enums

    return [
        rasterio.enums.Resampling.bilinear,
        rasterio.enums.ColorInterp.red,
        rasterio.control.GroundControlPoint(1, 2, 3, 4),
        rasterio.errors.RasterioIOError("x.tif: no such file"),
    ]


def rioxarray__array():
    import xarray

    return xarray.DataArray(np.ones((2, 2)), dims=("y", "x"), coords={"x": [0, 1], "y": [0, 1]}).rio.write_crs(4326)


def fiona__types():
    import fiona

    return [
        fiona.model.Geometry("Point", (1, 2)),
        fiona.model.Feature(
            geometry=fiona.model.Geometry("Point", (1, 2)), id="1", properties=fiona.model.Properties(a=1)
        ),
        fiona.errors.DriverError("no driver"),
    ]


def movingpandas__trajectory():
    import movingpandas as mpd
    import pandas as pd

    return mpd.Trajectory(
        pd.DataFrame({"x": [0, 1], "y": [0, 1], "t": pd.date_range("2024", periods=2)}), 1, t="t", x="x", y="y"
    )


def osmnx__graph():
    import networkx as nx

    g = nx.MultiDiGraph(crs="epsg:4326")
    g.add_edge(1, 2, length=3.0, geometry=__import__("shapely").LineString([(0, 0), (1, 1)]))
    return g


def verde__spline():
    import verde

    return [
        verde.Trend(1).fit((X[:, 0], X[:, 1]), Z),
        verde.Spline().fit((X[:, 0], X[:, 1]), Z),
        verde.Chain([("t", verde.Trend(1)), ("s", verde.Spline())]),
    ]


def pypfopt__frontier():
    import pandas as pd
    from pypfopt import EfficientFrontier

    e = EfficientFrontier(pd.Series([0.1, 0.2]), pd.DataFrame([[0.1, 0], [0, 0.2]]))
    return e.max_sharpe()


def pypfopt__hrp():
    import pandas as pd
    from pypfopt import HRPOpt

    h = HRPOpt(pd.DataFrame(X, columns=list("abcd")))
    h.optimize()
    return h


def ffn__stats():
    import ffn
    import pandas as pd

    return ffn.calc_perf_stats(
        pd.Series(np.exp(np.cumsum(SERIES * 0.01)), index=pd.date_range("2020", periods=120), name="x")
    )


def quantlib__date():
    import QuantLib

    return [QuantLib.Date(1, 1, 2024)]


def holidays__latvia():
    import holidays

    return [holidays.country_holidays("LV", years=2024), holidays.US(subdiv="CA", years=2024)]


def holidays__sum():
    import holidays

    return holidays.LV(years=2024) + holidays.EE(years=2024)


def exchangecalendars__nyse():
    import exchange_calendars as xc

    return xc.get_calendar("XNYS", start="2024-01-01", end="2024-03-01")


def isodate__durations():
    import isodate

    return [
        isodate.Duration(years=1, days=2),
        isodate.parse_datetime("2024-01-01T00:00:00+02:00"),
        isodate.UTC,
        isodate.ISO8601Error("bad"),
    ]


def lingua__detector():
    from lingua import Language

    return [Language.ENGLISH, Language.ENGLISH.iso_code_639_1]


def wordcloud__cloud():
    import wordcloud

    return wordcloud.WordCloud(width=50, height=50).generate("hello world again hello text")


def pyphen__dict():
    import pyphen

    return pyphen.Pyphen(lang="en")


def razdel__tokens():
    import razdel

    return list(razdel.tokenize("Привет, мир")) + list(razdel.sentenize("a. b."))


def presidio__results():
    from presidio_analyzer import Pattern, PatternRecognizer, RecognizerResult

    return [RecognizerResult("PERSON", 0, 3, 0.9), PatternRecognizer("ZIP", patterns=[Pattern("zip", r"\d{5}", 0.5)])]


def presidio__recognizers():
    from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, EmailRecognizer

    return [EmailRecognizer(), CreditCardRecognizer()]


def corextopic__model():
    import scipy.sparse as ss
    from corextopic import corextopic

    return corextopic.Corex(n_hidden=2, max_iter=3, seed=1).fit(
        ss.csr_matrix(CHANCE.randint(0, 2, (20, 6))), words=list("abcdef")
    )


def lda__model():
    import lda

    m = lda.LDA(2, n_iter=5)
    m.fit(CHANCE.randint(0, 4, (10, 6)))
    return m


def colour__data():
    import colour

    return [colour.SpectralDistribution({500: 0.1, 510: 0.2}), colour.RGB_COLOURSPACES["sRGB"], colour.LUT3D(size=2)]


def mahotas__object():
    import mahotas

    return mahotas.features.haralick(CHANCE.randint(0, 8, (16, 16)).astype("uint8"))


def mir_eval__scores():
    import mir_eval

    return mir_eval.onset.f_measure(np.array([0.1, 0.5]), np.array([0.1, 0.6]))


def pydub__segment():
    import pydub

    return pydub.AudioSegment(b"\x00\x01" * 100, frame_rate=8000, sample_width=2, channels=1)


def mendeleev__element():
    import mendeleev

    return mendeleev.Fe


def mendeleev__config():
    from mendeleev.econf import ElectronicConfiguration

    return ElectronicConfiguration("1s2 2s2 2p6")


def chemicals__elements():
    import chemicals

    return [chemicals.periodic_table.Fe, chemicals.identifiers.search_chemical("water")]


def thermo__chemical():
    from thermo import ChemicalConstantsPackage

    c, _p = ChemicalConstantsPackage.from_IDs(["methane", "ethane"])
    return c


def thermo__eos():
    from thermo import PR

    return [PR(T=300, P=1e5, Tc=507.6, Pc=3025000.0, omega=0.2975)]


def phonopy__atoms():
    from phonopy import Phonopy
    from phonopy.structure.atoms import PhonopyAtoms

    a = PhonopyAtoms(symbols=["Na", "Cl"], cell=np.eye(3) * 5, scaled_positions=[[0, 0, 0], [0.5, 0.5, 0.5]])
    return [a, Phonopy(a, np.eye(3, dtype=int) * 2)]


def pyteomics__mass():
    from pyteomics import auxiliary, mass

    return [mass.Composition("PEPTIDE"), auxiliary.unitfloat(1.0, "Da"), auxiliary.unitstr("x", "y")]


def pyteomics__proforma():
    from pyteomics import proforma

    return proforma.ProForma.parse("PEP[Oxidation]TIDE")


def scanpy__anndata():
    import anndata
    import scanpy as sc

    a = anndata.AnnData(X.astype("f4"))
    sc.pp.log1p(a)
    sc.pp.pca(a, n_comps=2)
    sc.pp.neighbors(a, n_neighbors=5)
    return a


def mudata__data():
    import anndata
    import mudata

    return mudata.MuData({"a": anndata.AnnData(X), "b": anndata.AnnData(X)})


def sqlparse__tree():
    import sqlparse

    return sqlparse.parse("select a from b where c = 'x'")


def textx__meta():
    import textx

    m = textx.metamodel_from_str("Model: names+=ID;")
    return m.model_from_str("a b c").names


def docutils__tree():
    import docutils.core

    return docutils.core.publish_doctree("Title\n=====\n\ntext *em*\n")


def mistune__tokens():
    import mistune

    return mistune.create_markdown(renderer=None)("# a\n\nb")


def dynaconf__box():
    from dynaconf import Dynaconf
    from dynaconf.utils.boxing import DynaBox

    return [DynaBox({"a": 1}), Dynaconf(A=1)]


def confuse__config():
    import confuse

    return [confuse.RootView([confuse.ConfigSource({"a": 1})]), confuse.ConfigTypeError("a must be int")]


def docopt__parsed():
    import docopt

    return docopt.docopt("Usage: x [--a=<n>] FILE", ["--a=3", "f"])


def pyquaternion__quaternion():
    from pyquaternion import Quaternion

    return Quaternion(axis=[1, 0, 0], angle=1)


def stl__mesh():
    from stl import mesh

    return [mesh.Mesh(np.zeros(3, dtype=mesh.Mesh.dtype))]


def gekko__model():
    from gekko import GEKKO

    m = GEKKO(remote=False)
    m.Var(1)
    return m


def scip__model():
    from pyscipopt import Model

    return [Model("x").getVars()]


def mip__model():
    import mip

    return [mip.OptimizationStatus.OPTIMAL, mip.LinExpr([], [], 1.0)]


def nlopt__opt():
    import nlopt

    return [nlopt.RoundoffLimited("roundoff"), nlopt.LD_MMA]


def vowpal__example():
    from vowpalwabbit.dftovw import Feature, Namespace, SimpleLabel

    return [SimpleLabel("a"), Feature("b"), Namespace(Feature("b"), "ns")]


def dask__graph():
    import dask
    import dask.array as da

    return [da.ones((4, 4), chunks=2) + 1, dask.delayed(sum)([1, 2])]


def blosc__object():
    import charset_normalizer

    return charset_normalizer.from_bytes("héllo wörld".encode()).best()


def httpx__response():
    import httpx

    return [
        httpx.Response(200, text="x", request=httpx.Request("GET", "http://x.org/")),
        httpx.URL("http://x.org/a"),
        httpx.Headers({"a": "b"}),
        httpx.Timeout(3),
    ]


def yaml__nodes():
    import yaml

    return [yaml.compose("a: [1, 2]"), yaml.YAMLError("bad")]


def jinja2__template():
    import jinja2

    return [jinja2.Environment().parse("hello {{ x }}"), jinja2.TemplateError("bad"), jinja2.Undefined(name="x")]


def markupsafe__markup():
    import markupsafe

    return markupsafe.Markup("<b>x</b>")


def werkzeug__structures():
    from werkzeug.datastructures import Headers, ImmutableMultiDict, MultiDict
    from werkzeug.exceptions import NotFound

    return [MultiDict([("a", 1)]), Headers([("a", "b")]), ImmutableMultiDict([("a", 1)]), NotFound("not here")]


def itsdangerous__signer():
    import itsdangerous

    return [itsdangerous.Signer("secret"), itsdangerous.URLSafeSerializer("k"), itsdangerous.BadSignature("no match")]


def wrapt__proxy():
    import toolz

    return [toolz.curry(max), toolz.compose(str, int)]


def pexpect__object():
    import google.protobuf.struct_pb2 as s

    return [s.Struct(fields={"a": s.Value(number_value=1)})]


def protobuf__timestamp():
    from google.protobuf import duration_pb2, timestamp_pb2

    return [timestamp_pb2.Timestamp(seconds=3), duration_pb2.Duration(seconds=1)]
