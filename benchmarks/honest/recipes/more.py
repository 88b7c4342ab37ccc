"""Values, searches and signals, as their users keep them: library__object."""

import warnings

import numpy as np

warnings.simplefilter("ignore")
CHANCE = np.random.RandomState(0)
X = CHANCE.rand(60, 4)
Y = (X[:, 0] + X[:, 1] > 1).astype(int)
Z = X @ np.array([1.0, 2.0, 3.0, 4.0])


def frame():
    import pandas as pd

    table = pd.DataFrame(X, columns=list("abcd"))
    table["city"], table["when"] = ["riga", "oslo", "rome"] * 20, pd.date_range("2024", periods=60)
    return table


def pint__quantity():
    import pint

    units = pint.UnitRegistry()
    pint.set_application_registry(units)
    return [3 * units.meter, np.ones(2) * units.second, units.meter / units.second]


def uncertainties__number():
    from uncertainties import ufloat, unumpy

    return [ufloat(1, 0.1), ufloat(1, 0.1) * 2, unumpy.uarray([1, 2], [0.1, 0.2])]


def ruptures__change():
    import ruptures

    return ruptures.Pelt(model="rbf").fit(X)


def sortedcontainers__kinds():
    from sortedcontainers import SortedDict, SortedList, SortedSet

    return [SortedList([2, 1]), SortedDict({"b": 1}), SortedSet([1]), SortedList([1, 2], key=abs)]


def toolz__functions():
    from toolz import compose, curry

    return [curry(max), compose(str, abs)]


def boltons__kinds():
    from boltons.cacheutils import LRU
    from boltons.dictutils import OMD
    from boltons.setutils import IndexedSet

    return [OMD([(1, 2)]), IndexedSet([1]), LRU(3)]


def frozendict__kinds():
    from frozendict import frozendict

    return frozendict({"a": 1, "b": "text"})


def immutables__map():
    import immutables

    return immutables.Map({"a": 1})


def pyrsistent__kinds():
    from pyrsistent import m, pset, v

    return [m(a=1), v(1, 2), pset([1])]


def intervaltree__tree():
    from intervaltree import IntervalTree

    return IntervalTree.from_tuples([(1, 3, "a"), (2, 4, "b")])


def munch__kinds():
    from addict import Dict
    from box import Box
    from easydict import EasyDict
    from munch import Munch

    return [Munch(a=1, path="/data/x"), Dict(a={"b": 1}), EasyDict(a=1, lr=0.1), Box(a={"b": 2})]


def bidict__kinds():
    from bidict import bidict

    return bidict({"a": 1})


def cachetools__kinds():
    from cachetools import LRUCache, TTLCache

    return [LRUCache(3), TTLCache(3, 10)]


def multidict__kinds():
    from multidict import CIMultiDict, MultiDict

    return [MultiDict([("a", "1")]), CIMultiDict([("A", "1")])]


def yarl__address():
    from yarl import URL

    return URL("https://example.org/a?b=c")


def control__system():
    import control

    return [control.TransferFunction([1], [1, 2]), control.StateSpace([[1]], [[1]], [[1]], [[0]])]


def pandera__schema():
    import pandera.pandas as pa

    return pa.DataFrameSchema({"a": pa.Column(float, pa.Check.ge(0))})


def anndata__data():
    import anndata

    return anndata.AnnData(X)


def trimesh__mesh():
    import trimesh

    return trimesh.creation.box()


def pillow__image():
    from PIL import Image

    return [Image.new("RGB", (4, 4)), Image.new("L", (4, 4)), Image.new("P", (2, 2))]


def rank_bm25__index():
    from rank_bm25 import BM25Okapi

    return BM25Okapi([["rm", "-rf", "model"], ["import", "os"], ["a", "model"]])


def pymoo__result():
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.optimize import minimize
    from pymoo.problems import get_problem

    return minimize(get_problem("zdt1"), NSGA2(pop_size=10), ("n_gen", 2), seed=1)


def pymoo__algorithm():
    from pymoo.algorithms.soo.nonconvex.ga import GA

    return GA(pop_size=10)


def cma__strategy():
    import cma

    return cma.CMAEvolutionStrategy([0.0, 0.0], 0.5, {"verbose": -9})


def pygad__search():
    import pygad

    return pygad.pygad.GA


def configspace__space():
    from ConfigSpace import Categorical, ConfigurationSpace, Float, Integer

    space = ConfigurationSpace(seed=1)
    space.add([Float("lr", (1e-4, 1.0), log=True), Integer("n", (1, 5)), Categorical("k", ["a", "b"])])
    return [space, space.sample_configuration()]


def skrub__vectorizer():
    from skrub import TableVectorizer

    return TableVectorizer().fit(frame())


def skrub__learner():
    from skrub import tabular_pipeline

    return tabular_pipeline("regressor").fit(frame(), Z)


def aeon__classifier():
    from aeon.classification.convolution_based import MiniRocketClassifier
    from aeon.classification.distance_based import KNeighborsTimeSeriesClassifier

    series = CHANCE.rand(20, 1, 30)
    return [
        KNeighborsTimeSeriesClassifier().fit(series, Y[:20]),
        MiniRocketClassifier(n_kernels=100).fit(series, Y[:20]),
    ]


def aeon__cluster():
    from aeon.clustering import TimeSeriesKMeans

    return TimeSeriesKMeans(2, max_iter=2, distance="euclidean").fit(CHANCE.rand(20, 1, 30))


def skforecast__recursive():
    import pandas as pd
    from skforecast.recursive import ForecasterRecursive
    from sklearn.linear_model import Ridge

    model = ForecasterRecursive(Ridge(), lags=5)
    model.fit(pd.Series(Z, index=pd.date_range("2024", periods=60)))
    return model


def mlforecast__forecast():
    import pandas as pd
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import RollingMean
    from mlforecast.target_transforms import Differences
    from sklearn.linear_model import LinearRegression

    table = pd.DataFrame({"unique_id": "a", "ds": pd.date_range("2024", periods=60), "y": Z})
    return MLForecast(
        [LinearRegression()],
        "D",
        lags=[1, 7],
        lag_transforms={1: [RollingMean(3)]},
        date_features=["dayofweek"],
        target_transforms=[Differences([1])],
    ).fit(table)


def skfuzzy__control():
    from skfuzzy import control

    speed, brake = control.Antecedent(np.arange(10), "speed"), control.Consequent(np.arange(10), "brake")
    speed.automf(3)
    brake.automf(3)
    return control.ControlSystem([control.Rule(speed["good"], brake["good"])])


def arviz__data():
    import arviz

    return arviz.from_dict({"posterior": {"mu": X[None, :, 0]}})


def flaml__automl():
    from flaml import AutoML

    model = AutoML()
    model.fit(X, Y, task="classification", time_budget=3, estimator_list=["rf"], verbose=0)
    return model


def flaml__space():
    from flaml import tune

    return [tune.uniform(0, 1), tune.choice(["a", "b"]), tune.lograndint(1, 10)]


def rustworkx__graph():
    import rustworkx

    graph = rustworkx.PyGraph()
    graph.add_nodes_from([1, 2])
    graph.add_edge(0, 1, "x")
    return [graph, rustworkx.PyDiGraph()]


def affine__transform():
    from affine import Affine

    return Affine.translation(1, 2)


def alibi__explainer():
    from alibi.explainers import ALE
    from sklearn.linear_model import LogisticRegression

    return ALE(LogisticRegression().fit(X, Y).predict_proba)


def albumentations__compose():
    import albumentations

    return albumentations.Compose(
        [albumentations.HorizontalFlip(), albumentations.RandomBrightnessContrast(), albumentations.Normalize()],
        bbox_params=albumentations.BboxParams("pascal_voc", label_fields=[]),
    )


def mne__raw():
    import mne

    info = mne.create_info(["a", "b", "c", "d"], 100.0, "eeg")
    return [info, mne.io.RawArray(X.T, info, verbose=False)]


def mne__csp():
    from mne.decoding import CSP, Vectorizer

    return [CSP(2).fit(CHANCE.rand(20, 3, 30), Y[:20]), Vectorizer()]


def nilearn__masker():
    from nilearn.maskers import NiftiMasker

    return NiftiMasker()


def nibabel__image():
    import nibabel

    return nibabel.Nifti1Image(np.zeros((2, 2, 2)), np.eye(4))


def pvlib__system():
    import pvlib

    return [pvlib.location.Location(56.9, 24.1, tz="Europe/Riga"), pvlib.pvsystem.PVSystem(name="a")]


def pymc__model():
    import pymc as pm

    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 1)
        pm.Normal("y", mu, 1, observed=Z)
    return model


def pytensor__function():
    import pytensor.tensor as pt

    return pt.vector("x").sum()


def tpot__pipeline():
    import tpot

    return tpot.TPOTClassifier


def skbio__tree():
    from skbio import DNA, DistanceMatrix, TreeNode

    return [DNA("ACGT"), DistanceMatrix([[0, 1], [1, 0]], ["a", "b"]), TreeNode.read(["((a,b),c);"])]


def annoy__index():
    import annoy

    return annoy.AnnoyIndex


def jiwer__transforms():
    import jiwer

    return jiwer.Compose([jiwer.ToLowerCase(), jiwer.RemovePunctuation()])


def sacrebleu__metric():
    from sacrebleu.metrics import BLEU, CHRF

    return [BLEU(), CHRF()]


def langdetect__language():
    from langdetect.language import Language

    return Language("en", 0.9)


def simpy__environment():
    import simpy

    return simpy.Environment()
