"""What the libraries beside and below the others make: library__object."""

import warnings

import numpy as np

warnings.simplefilter("ignore")
CHANCE = np.random.RandomState(0)
X = CHANCE.rand(80, 4)
Y = (X[:, 0] + X[:, 1] > 1).astype(int)
Z = X @ np.array([1.0, 2.0, 3.0, 4.0]) + 0.1 * CHANCE.randn(80)
SERIES = np.sin(np.arange(300) / 3.0) + 0.1 * CHANCE.randn(300)
TEXTS = ["the first document", "a second document", "and the third one", "is this the first"]


def frame():
    import pandas as pd

    return pd.DataFrame(
        {"a": X[:, 0], "b": X[:, 1], "city": ["riga", "oslo"] * 40, "when": pd.date_range("2024", periods=80)}
    )


def lin():
    import torch

    return torch.nn.Linear(4, 2)


def xgbdist__model():
    from xgboost_distribution import XGBDistribution

    return XGBDistribution(n_estimators=3).fit(X, Z)


def quantileforest__forest():
    from quantile_forest import RandomForestQuantileRegressor

    return RandomForestQuantileRegressor(n_estimators=3).fit(X, Z)


def iterstrat__folds():
    from iterstrat.ml_stratifiers import MultilabelStratifiedKFold

    return MultilabelStratifiedKFold(n_splits=3)


def skore__report():
    from sklearn.linear_model import LogisticRegression
    from skore import EstimatorReport

    return EstimatorReport(LogisticRegression(), X_train=X, y_train=Y, X_test=X, y_test=Y)


def featureengine__imputer():
    from feature_engine.datetime import DatetimeFeatures
    from feature_engine.encoding import OrdinalEncoder

    d = frame()
    return [OrdinalEncoder(encoding_method="arbitrary").fit(d[["a", "city"]]), DatetimeFeatures().fit(d)]


def dtreeviz__shadow():
    import dtreeviz
    from sklearn.tree import DecisionTreeClassifier

    return dtreeviz.model(
        DecisionTreeClassifier(max_depth=2).fit(X, Y),
        X,
        Y,
        feature_names=list("abcd"),
        target_name="y",
        class_names=["n", "p"],
    )


def mrmr__selected():
    import mrmr
    import pandas as pd

    return mrmr.mrmr_classif(pd.DataFrame(X), pd.Series(Y), K=2)


def scikitrf__network():
    import skrf

    return skrf.Network(frequency=skrf.Frequency(1, 2, 3, "ghz"), s=np.ones((3, 1, 1)), z0=50)


def skrf__media():
    import skrf

    return skrf.media.DefinedGammaZ0(skrf.Frequency(1, 2, 3, "ghz"))


def specutils__spectrum():
    import astropy.units as u
    from specutils import Spectrum1D

    return Spectrum1D(spectral_axis=np.arange(1, 5) * u.nm, flux=np.ones(4) * u.Jy)


def photutils__aperture():
    from photutils.aperture import CircularAperture

    return [CircularAperture([(1, 2), (3, 4)], r=2.0)]


def galpy__potential():
    from galpy.orbit import Orbit
    from galpy.potential import MiyamotoNagaiPotential

    return [MiyamotoNagaiPotential(a=0.5, b=0.1), Orbit([1.0, 0.1, 1.1, 0.1, 0.2, 0.3])]


def poliastro__orbit():
    from astropy import units as u
    from poliastro.bodies import Earth
    from poliastro.twobody import Orbit

    return Orbit.circular(Earth, 500 * u.km)


def healpy__rotator():
    import healpy

    return healpy.Rotator(coord=["G", "C"])


def sgp4__satellite():
    from sgp4.model import Satellite

    return Satellite()


def regions__circle():
    from regions import CirclePixelRegion, PixCoord, Regions

    return Regions([CirclePixelRegion(PixCoord(1, 2), 3)])


def gwcs__frames():
    from astropy import units as u
    from gwcs import coordinate_frames as cf

    return cf.SpectralFrame(unit=u.nm, name="w")


def asdf__file():
    import asdf

    return asdf.AsdfFile({"a": 1}).tree


def ndcube__cube():
    from astropy.wcs import WCS
    from ndcube import NDCube

    w = WCS(naxis=2)
    w.wcs.ctype = ["HPLN-TAN", "HPLT-TAN"]
    w.wcs.cdelt = [1, 1]
    return NDCube(np.ones((2, 2)), wcs=w)


def pymongo__objects():
    from bson import Decimal128, ObjectId, Regex, Timestamp
    from pymongo.errors import DuplicateKeyError

    return [
        ObjectId("5f5f5f5f5f5f5f5f5f5f5f5f"),
        Decimal128("1.5"),
        Timestamp(1, 2),
        Regex("a+"),
        DuplicateKeyError("E11000 duplicate key", 11000),
    ]


def peewee__model():
    import peewee

    return [peewee.IntegerField(), peewee.DoesNotExist("none")]


def phonenumbers__number():
    import phonenumbers

    return [phonenumbers.parse("+37122222222"), phonenumbers.NumberParseException(0, "not a number")]


def pluggy__specs():
    import pluggy

    return pluggy.HookimplMarker("p")


def structlog__config():
    import structlog

    return [structlog.processors.TimeStamper(fmt="iso"), structlog.stdlib.BoundLogger]


def textual__geometry():
    from textual.color import Color
    from textual.geometry import Offset, Region, Size

    return [Offset(1, 2), Size(3, 4), Region(0, 0, 1, 1), Color(1, 2, 3)]


def pathspec__spec():
    import pathspec

    return pathspec.PathSpec.from_lines("gitwildmatch", ["*.pyc", "build/"])


def linkify__match():
    from linkify_it import LinkifyIt

    return LinkifyIt().match("see http://x.org now")


def websockets__frames():
    from websockets.exceptions import InvalidState
    from websockets.frames import Close

    return [Close(1000, "bye"), InvalidState("not open")]


def dns__names():
    import dns.name
    import dns.rrset

    return [dns.name.from_text("www.example.org"), dns.rrset.from_text("a.org.", 300, "IN", "A", "10.0.0.1")]


def h2__settings():
    import h2.settings

    return h2.settings.Settings(client=True)


def lz4__object():
    import lz4.frame

    return lz4.frame.LZ4FrameCompressor


def jmespath__ast():
    import jmespath

    return jmespath.compile("a.b[0]")


def html5lib__tree():
    import html5lib

    return html5lib.parse("<p>hi <b>x</b>")


def semver__version():
    import semantic_version

    return [semantic_version.Version("1.2.3"), semantic_version.SimpleSpec(">=1.0")]


def uncertain__values():
    from uncertainties import ufloat

    return ufloat(1, 0.1) * 2


def fluids__atmosphere():
    import fluids

    return [fluids.ATMOSPHERE_1976(1000), fluids.piping.nearest_pipe(Di=0.02)]


def asteval__interp():
    import lmfit

    m = lmfit.models.GaussianModel()
    return m.fit(np.exp(-(np.linspace(-2, 2, 20) ** 2)), x=np.linspace(-2, 2, 20)).params


def texttable__table():
    import texttable

    t = texttable.Texttable()
    t.add_rows([["a", "b"], [1, 2]])
    return t


def phonors__object():
    import symfc

    return symfc.__version__


def sparse__coo():
    import sparse

    return [sparse.COO.from_numpy(np.eye(3)), sparse.GCXS.from_numpy(np.eye(3)), sparse.DOK((2, 2))]


def zict__lru():
    import zict

    return zict.LRU(10, {})


def distributed__types():
    from distributed.core import Status

    return [Status.running]


def colorama__object():
    import more_itertools

    return more_itertools.peekable([1, 2])


def boto3__types():
    from boto3.dynamodb.conditions import Attr
    from boto3.dynamodb.types import Binary
    from botocore.exceptions import ClientError

    return [
        Binary(b"ab"),
        Attr("a").eq(3),
        ClientError({"Error": {"Code": "404", "Message": "Not Found"}}, "HeadObject"),
    ]


def cotengra__tree():
    import cotengra as ctg

    return ctg.array_contract_tree([("a", "b"), ("b", "c")], ("a", "c"), {"a": 2, "b": 3, "c": 4})


def autoray__lazy():
    from autoray import lazy

    return lazy.array(np.ones(3))


def cons__kanren():
    from kanren import var

    return var("x")


def etuples__tuple():
    import etuples

    return etuples.etuple(sum, [1, 2])


def pynng__object():
    import deepmerge

    return deepmerge.always_merger


def discreteopt__params():
    from discrete_optimization.generic_tools.hyperparameters.hyperparameter import (
        CategoricalHyperparameter,
        IntegerHyperparameter,
    )

    return [IntegerHyperparameter("n", 1, 5), CategoricalHyperparameter("c", ["a", "b"])]


def cpmpy__model():
    import cpmpy

    x = cpmpy.intvar(0, 3, name="x")
    return cpmpy.Model([x > 1])


def deepecho__par():
    from sdmetrics.single_column import KSComplement

    return KSComplement


def ctgan__transformer():
    from ctgan.data_transformer import DataTransformer

    t = DataTransformer()
    t.fit(frame()[["a", "city"]], ["city"])
    return t


def obp__dataset():
    from obp.dataset import SyntheticBanditDataset
    from obp.policy import EpsilonGreedy, LinTS

    return [
        SyntheticBanditDataset(n_actions=3, dim_context=2, random_state=0),
        EpsilonGreedy(n_actions=3),
        LinTS(dim=2, n_actions=3),
    ]


def pynapple__object():
    import korean_lunar_calendar

    return korean_lunar_calendar.KoreanLunarCalendar()


def pyluach__dates():
    from pyluach import dates

    return [dates.HebrewDate(5784, 1, 1), dates.GregorianDate(2024, 1, 2)]


def pytestx__approx():
    import pytest

    return [pytest.approx(1.0), pytest.ExitCode.OK]


def mypyx__object():
    import hamcrest

    return hamcrest.equal_to(3)


def ase__trajectory():
    import ase.build
    import ase.calculators.emt

    a = ase.build.molecule("H2O")
    a.calc = ase.calculators.emt.EMT()
    a.get_potential_energy()
    return a


def autograd__boxes():
    import autograd.numpy as anp

    return [anp.ones(3), anp.linalg.LinAlgError("singular")]


def axial__embedding():
    from axial_positional_embedding import AxialPositionalEmbedding

    return AxialPositionalEmbedding(8, (2, 2))


def configargparse__ns():
    import configargparse

    p = configargparse.ArgParser()
    p.add("--a", default=3)
    return p.parse_args([])


def funcy__object():
    import funcy

    return funcy.rpartial(int, 2)


def gitpython__types():
    from git import Actor

    return Actor("A B", "a@b.org")


def hyperconnections__module():
    from hyper_connections import HyperConnections

    return HyperConnections(2, dim=4)


def julius__filters():
    import julius

    return [julius.LowPassFilter(0.1), julius.ResampleFrac(4, 3)]


def matscipy__object():
    from mordred import Calculator, descriptors

    return Calculator(descriptors.ABCIndex)


def mhfp__encoder():
    from mhfp.encoder import MHFPEncoder

    return MHFPEncoder(16)


def onnxruntime__options():
    import onnxruntime

    return onnxruntime.OrtValue


def opentelemetry__resource():
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.trace import SpanContext, TraceFlags

    return [SpanContext(1, 2, False, TraceFlags(1)), Resource({"a": "b"})]


def pygame__rect():
    import pygame

    return [pygame.Rect(1, 2, 3, 4), pygame.math.Vector2(1, 2), pygame.Color(1, 2, 3)]


def pymanopt__manifolds():
    from pymanopt.manifolds import Product, Sphere

    return [Sphere(3), Product([Sphere(2), Sphere(3)])]


def seals__spaces():
    import gymnasium as g

    return [g.spaces.Box(0, 1, (2,)), g.spaces.Dict(a=g.spaces.Discrete(3))]


def skopt__result():
    import skopt

    return skopt.gp_minimize(lambda x: x[0] ** 2, [(-1.0, 1.0)], n_calls=6, n_initial_points=5).space


def skopt__optimizer():
    from skopt import Optimizer

    o = Optimizer([(0.0, 1.0), ["a", "b"]])
    o.tell([0.5, "a"], 1.0)
    return o


def tensorlytorch__tensors():
    import tltorch

    return tltorch.FactorizedTensor.new((4, 4), rank=2, factorization="CP")


def torcheinops__module():
    from x_mlps_pytorch import MLP

    return MLP(4, 8, 2)


def pytorchranger__opt():
    from pytorch_ranger import Ranger

    return Ranger(lin().parameters())


def udapi__doc():
    import udapi.core.document

    return udapi.core.document.Document()


def zencfg__config():
    from zencfg import ConfigBase

    class C(ConfigBase):
        a: int = 3

    return ConfigBase()


def pastel__object():
    import pydot

    g = pydot.Dot("g")
    g.add_edge(pydot.Edge("a", "b"))
    return g


def gensimx__phrases():
    from gensim.models.phrases import Phrases

    return Phrases([["new", "york"], ["new", "york"]], min_count=1, threshold=1)


def frozendict__dict():
    from munch import munchify

    return munchify({"a": {"b": "c d"}})


def pycoco__rle():
    from pycocotools.coco import COCO

    c = COCO()
    c.dataset = {"images": [], "annotations": []}
    c.createIndex()
    return c


def skrub__vectorizer():
    import pandas as pd
    import skrub

    return skrub.TableVectorizer().fit(pd.DataFrame({"a": X[:, 0], "c": ["x", "y"] * 40}))


def orjson__object():
    import orjson

    return orjson.JSONDecodeError("bad", "{", 1)


def astartes__object():
    from astartes.samplers import KMeans

    return KMeans


def primepy__object():
    from e3nn import o3

    return [o3.Irreps("1x0e+1x1o"), o3.Linear("1x0e", "1x0e")]


def meshio__mesh():
    import meshio

    return meshio.Mesh([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]], [("triangle", [[0, 1, 2]])])


def msgpack__types():
    import msgpack

    return [msgpack.ExtType(1, b"ab"), msgpack.Timestamp(1, 2)]


def numpoly__poly():
    import numpoly

    return numpoly.variable(2)


def palettable__palette():
    import palettable

    return palettable.colorbrewer.qualitative.Set1_3


def optlang__model():
    from optlang import Variable

    return Variable("x", lb=0)


def rdata__object():
    from rdata.parser import RObjectType

    return RObjectType.LIST


def monty__json():
    from monty.collections import AttrDict

    return [AttrDict(a=1)]


def mrcfile__object():
    from looseversion import LooseVersion

    return LooseVersion("1.2.3rc1")


def griddata__grid():
    from gridData import Grid

    return Grid(np.ones((2, 2, 2)), edges=[np.arange(3)] * 3)


def referencing__registry():
    import referencing

    return referencing.Registry()


def rpds__maps():
    from rpds import HashTrieMap, HashTrieSet, List

    return [HashTrieMap({"a": 1}), List([1, 2]), HashTrieSet({1})]


def tomlkit__doc():
    import tomlkit

    return tomlkit.parse("a = 1\n[b]\nc = 'd'\n")


def webcolors__colors():
    import webcolors

    return webcolors.name_to_rgb("red")


def xyz__provider():
    import xyzservices

    return xyzservices.TileProvider(name="n", url="https://x.org/{z}/{x}/{y}.png", attribution="a")


def seaborn__palette():
    import seaborn

    return seaborn.color_palette("deep", 3)


def pooch__pooch():
    import pooch

    return pooch.create(path="/tmp/x", base_url="https://x.org/", registry={"a.csv": None})


def ruamel__map():
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    return [CommentedMap(a=1), CommentedSeq([1, 2])]


def bibtex__db():
    import bibtexparser

    return bibtexparser.loads("@article{a, title={T}}")


def docstringparser__doc():
    import docstring_parser

    return docstring_parser.parse("Do it.\n\nArgs:\n    a (int): x\n")


def uhi__tag():
    import boost_histogram as bh

    return bh.tag.Slicer()


def pyogrio__errors():
    import pyogrio.errors

    return pyogrio.errors.DataSourceError("data.gpkg: No such file")


def derivative__methods():
    import derivative

    return derivative.FiniteDifference(k=1)


def findiff__ops():
    import findiff

    return findiff.FinDiff(0, 0.1, 2)


def hankel__transform():
    import hankel

    return hankel.HankelTransform(nu=0, N=20)


def spglib__dataset():
    import spglib

    return spglib.get_symmetry_dataset((np.eye(3) * 4, [[0, 0, 0]], [1]))


def optree__spec():
    import optree

    return optree.tree_structure({"a": 1, "b": (2, 3)})


def deepdiff__diff():
    from deepdiff import DeepDiff

    return DeepDiff({"a": 1}, {"a": 2, "b": "x"})


def dataclassesjson__config():
    import dataclasses_json

    return dataclasses_json.CatchAll


def simplejson__errors():
    import simplejson

    return [simplejson.JSONDecodeError("bad", "{", 1), simplejson.RawJSON("{}")]


def lineax__solution():
    import lineax

    return [lineax.AutoLinearSolver(well_posed=True), lineax.QR(), lineax.RESULTS]


def optimistix__solver():
    import optimistix

    return optimistix.BFGS(rtol=1e-3, atol=1e-3)


def jmp__policy():
    import jmp

    return [jmp.get_policy("params=float32,compute=float16,output=float32"), jmp.DynamicLossScale(2.0**15)]


def backpack__ext():
    from backpack.extensions import BatchGrad, DiagGGNExact

    return [BatchGrad(), DiagGGNExact()]


def curvlinops__op():
    import curvlinops
    import torch

    m = lin()
    return curvlinops.GGNLinearOperator(
        m, torch.nn.MSELoss(), list(m.parameters()), [(torch.rand(3, 4), torch.rand(3, 2))]
    )


def classresolver__resolver():
    from class_resolver.contrib.torch import activation_resolver

    return activation_resolver


def einconv__object():
    import jaxtyping

    return jaxtyping.Float[np.ndarray, "a b"]


def librosax__object():
    import audioread

    return audioread.NoBackendError("none")


def sympyx__printing():
    import networkx as nx

    return nx.karate_club_graph()


def mido__messages():
    import mido

    return [mido.Message("note_on", note=60), mido.MetaMessage("set_tempo", tempo=5)]


def tensorboard__events():
    from tensorboard.compat.proto.summary_pb2 import Summary

    return Summary()


def grpc__status():
    import grpc

    return grpc.StatusCode.OK


def etils__epath():
    from etils import epath

    return epath.Path("/tmp/x")


def zepid__ipw():
    from zepid.causal.ipw import IPTW

    i = IPTW(frame(), treatment="y", outcome="z")
    i.treatment_model("a + b", print_results=False)
    return i


def zepid__measures():
    from zepid import RiskRatio

    d = frame()
    d["o"] = (Z > Z.mean()).astype(int)
    r = RiskRatio()
    r.fit(d, exposure="y", outcome="o")
    return r


def pygraphviz__object():
    import pygraphviz

    return pygraphviz.AGraph("graph {a -- b}").to_string()


def pybaobabdt__object():
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=2).fit(X, Y)


def autots__model():
    from autots import AutoTS

    return AutoTS(forecast_length=3, max_generations=1)


def autots__transformer():
    import pandas as pd
    from autots.tools.transform import GeneralTransformer

    d = pd.DataFrame({"a": SERIES[:50]}, index=pd.date_range("2024", periods=50))
    t = GeneralTransformer(
        transformations={0: "DifferencedTransformer", 1: "StandardScaler"}, transformation_params={0: {}, 1: {}}
    )
    t.fit_transform(d)
    return t


def orbit__model():
    from orbit.models import ETS

    return ETS(response_col="y", date_col="d", estimator="stan-map")


def fbm__process():
    from fbm import FBM

    return FBM(n=16, hurst=0.7)


def nolds__object():
    import nolds

    return [nolds.sampen(SERIES[:100]), nolds.hurst_rs(SERIES)]


def entropyhub__object():
    import EntropyHub

    return EntropyHub.MSobject("SampEn", m=2)


def neurokit__signals():
    import neurokit2 as nk

    e = nk.ecg_simulate(duration=4, sampling_rate=100)
    return list(nk.ecg_process(e, sampling_rate=100))


def heartpy__measures():
    import heartpy as hp
    import neurokit2 as nk

    return hp.process(nk.ppg_simulate(duration=20, sampling_rate=100), 100.0)


def pyedflib__header():
    from pyedflib import highlevel

    return highlevel.make_signal_header("EEG")


def wfdb__record():
    import wfdb

    return [
        wfdb.Record(record_name="r", n_sig=1, fs=100, p_signal=SERIES[:10, None]),
        wfdb.Annotation("r", "atr", np.array([1, 2]), symbol=["N", "N"]),
    ]


def scikitdecide__object():
    from skdecide import Value

    return Value(cost=1.0)


def astroquery__object():
    from astroquery.exceptions import RemoteServiceError
    from astroquery.exceptions import TimeoutError as T

    return [T("timed out after 60 s"), RemoteServiceError("http://x.org gave 500")]


def geojson__features():
    import geojson

    return geojson.FeatureCollection([geojson.Feature(geometry=geojson.Point((1, 2)), properties={"a": "b"})])


def mapclassify__quantiles():
    import mapclassify

    return [mapclassify.Quantiles(Z, k=3), mapclassify.FisherJenks(Z, k=3), mapclassify.UserDefined(Z, [3, 6])]


def pyransac__plane():
    import pyransac3d

    p = pyransac3d.Plane()
    p.fit(X[:, :3], 0.1)
    return p


def pyntcloud__cloud():
    import pandas as pd
    from pyntcloud import PyntCloud

    return PyntCloud(pd.DataFrame(X[:, :3], columns=["x", "y", "z"]))


def laspy__las():
    import laspy

    h = laspy.LasHeader(point_format=3, version="1.2")
    cloud = laspy.LasData(h)
    cloud.x, cloud.y, cloud.z = X[:, 0], X[:, 1], X[:, 2]
    return cloud


def plyfile__ply():
    from plyfile import PlyData, PlyElement

    return PlyData([PlyElement.describe(np.array([(1.0, 2.0)], dtype=[("x", "f4"), ("y", "f4")]), "vertex")])


def pde__fields():
    import pde

    g = pde.UnitGrid([4, 4])
    return [g, pde.ScalarField(g, 1.0), pde.DiffusionPDE(0.1), pde.MemoryStorage()]


def pde__pde():
    import pde

    return pde.PDE({"c": "laplace(c**3 - c - laplace(c))"})


def fipy__mesh():
    import fipy

    m = fipy.Grid1D(nx=4, dx=1.0)
    return [m, fipy.CellVariable(mesh=m, value=1.0, name="phi")]


def skfem__basis():
    import skfem

    m = skfem.MeshTri().refined(1)
    return [m, skfem.Basis(m, skfem.ElementTriP1())]


def pymor__model():
    from pymor.parameters.base import Parameters

    return [Parameters(a=1), Parameters(a=1).parse([3])]


def pymor__operator():
    from pymor.models.iosys import LTIModel

    return LTIModel.from_matrices(-np.eye(2), np.ones((2, 1)), np.ones((1, 2)))


def salib__problem():
    from SALib import ProblemSpec
    from SALib.analyze import sobol
    from SALib.sample import sobol as s

    p = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2}
    x = s.sample(p, 8)
    return [sobol.analyze(p, x.sum(1)), ProblemSpec(p)]


def openturns__function():
    import openturns as ot

    return ot.SymbolicFunction(["x", "y"], ["x + y^2"])


def openturns__meta():
    import openturns as ot

    return ot.LinearLeastSquares(ot.Sample(X.tolist()), ot.Sample([[z] for z in Z]))


def uqpy__distribution():
    from UQpy.distributions import JointIndependent, Normal, Uniform

    return JointIndependent([Normal(), Uniform()])


def gpy__model():
    import GPy

    m = GPy.models.GPRegression(X, Z[:, None], GPy.kern.RBF(4))
    m.optimize(max_iters=3)
    return m


def gpy__kernels():
    import GPy

    return [GPy.kern.RBF(2) + GPy.kern.Linear(2), GPy.likelihoods.Gaussian()]


def emukit__space():
    from emukit.core import ContinuousParameter, DiscreteParameter, ParameterSpace

    return ParameterSpace([ContinuousParameter("x", 0, 1), DiscreteParameter("n", [1, 2])])


def bayesiantesting__test():
    from bayesian_testing.experiments import BinaryDataTest

    t = BinaryDataTest()
    t.add_variant_data_agg("A", totals=100, positives=10)
    return t


def hottbox__tensor():
    from hottbox.core import Tensor

    return [Tensor(np.arange(8.0).reshape(2, 2, 2))]


def tntorch__tensor():
    import tntorch

    return tntorch.rand(4, 4, ranks_tt=2)


def mesa__agent():
    import mesa

    class M(mesa.Model):
        pass

    m = mesa.Model()
    return [m.random, mesa.space.MultiGrid(3, 3, True)]


def salabim__object():
    import salabim

    return salabim.Pdf((1, 50, 2, 50))


def vectorbt__object():
    from backtesting import Strategy

    return Strategy


def tensortrade__object():
    from financepy.utils import Date

    return Date(1, 1, 2024)


def neo__block():
    import neo
    import quantities as pq

    return neo.AnalogSignal(SERIES[:10], units="V", sampling_rate=1 * pq.Hz)


def pynapplex__ts():
    import pynapple as nap

    return [nap.Tsd(t=np.arange(5.0), d=np.arange(5.0)), nap.IntervalSet([0], [1])]


def mesher__gmsh():
    import vtk

    return vtk.vtkVersion().GetVTKVersion()
