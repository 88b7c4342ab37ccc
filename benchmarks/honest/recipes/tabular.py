"""Fitted models of tables and series, as their users keep them: library__object."""

import warnings

import numpy as np

warnings.simplefilter("ignore")
CHANCE = np.random.RandomState(0)
X = CHANCE.rand(60, 4)
Y = (X[:, 0] + X[:, 1] > 1).astype(int)
Z = X @ np.array([1.0, 2.0, 3.0, 4.0]) + 0.1 * CHANCE.randn(60)
SERIES = np.sin(np.arange(80) / 3.0) + 0.1 * CHANCE.randn(80)


def frame():
    import pandas as pd

    table = pd.DataFrame(X, columns=list("abcd"))
    table["city"] = ["riga", "oslo", "rome"] * 20
    table["y"], table["z"] = Y, Z
    table["when"] = pd.date_range("2024-01-01", periods=60, tz="Europe/Riga")
    return table


def monthly():
    import pandas as pd

    return pd.Series(SERIES, index=pd.period_range("2018-01", periods=80, freq="M"), name="sales")


def pandas__table():
    return frame().astype({"city": "category"})


def pandas__series_kinds():
    import pandas as pd

    return {
        "periods": monthly(),
        "interval": pd.cut(pd.Series(Z), 3),
        "nullable": pd.Series([1, None], dtype="Int64"),
        "text": pd.Series(["a", None], dtype="string"),
        "sparse": pd.Series(pd.arrays.SparseArray([0, 0, 1])),
        "multi": pd.MultiIndex.from_product([["a", "b"], [1, 2]]),
        "offset": pd.offsets.MonthEnd(2),
        "stamp": pd.Timestamp("2024-01-01", tz="UTC"),
        "grouped": frame().groupby("city")[["a", "b"]].mean(),
    }


def numpy__kinds():
    return {
        "masked": np.ma.array([1, 2], mask=[0, 1]),
        "record": np.rec.array([(1, "a")], dtype=[("x", "i4"), ("y", "U5")]),
        "objects": np.array([{"a": 1}, None, "text"], dtype=object),
        "dates": np.array(["2024-01-01"], dtype="datetime64[D]"),
        "poly": np.polynomial.Polynomial([1, 2]),
        "poly1d": np.poly1d([1, 2]),
        "rng": np.random.default_rng(1),
        "state": np.random.RandomState(1),
        "legacy": np.random.get_state(),
        "mt": np.random.MT19937(1),
        "seed": np.random.SeedSequence(1),
        "philox": np.random.Generator(np.random.Philox(1)),
        "matrix": np.matrix([[1, 2]]),
        "chars": np.char.array(["a"]),
        "ufunc": np.add,
        "function": np.mean,
        "type": np.float32,
        "dtype": np.dtype([("a", "f4"), ("b", "O")]),
        "scalar": np.float64(1.5),
        "big": np.arange(10, dtype=">i8"),
        "fortran": np.asfortranarray(X),
        "nan": np.nan,
        "text": np.array(["a", "b"]),
    }


def scipy__kinds():
    from scipy import interpolate, optimize, signal, sparse, spatial, stats

    return {
        "csr": sparse.csr_matrix(X),
        "coo": sparse.coo_array(X),
        "spline": interpolate.UnivariateSpline(np.arange(80), SERIES),
        "cubic": interpolate.CubicSpline(np.arange(80), SERIES),
        "interp": interpolate.interp1d(np.arange(80), SERIES),
        "grid": interpolate.RegularGridInterpolator((np.arange(3), np.arange(3)), np.ones((3, 3))),
        "rbf": interpolate.RBFInterpolator(X, Z),
        "tree": spatial.cKDTree(X),
        "rotation": spatial.transform.Rotation.from_euler("z", 90, degrees=True),
        "norm": stats.norm(0, 1),
        "dist": stats.gamma,
        "kde": stats.gaussian_kde(Z),
        "result": optimize.minimize(lambda v: (v**2).sum(), [1.0, 2.0]),
        "ttest": stats.ttest_ind(X[:, 0], X[:, 1]),
        "ols": stats.linregress(X[:, 0], Z),
        "lti": signal.lti([1.0], [1.0, 2.0]),
        "sos": signal.butter(3, 0.1, output="sos"),
        "mvn": stats.multivariate_normal([0, 0]),
        "randint": stats.randint(1, 5),
        "uniform": stats.loguniform(1e-3, 1),
    }


def spatial__hull():
    from scipy import spatial

    return spatial.Delaunay(X[:, :2])


def sklearn__pipeline():
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    table = frame()
    numbers = make_pipeline(SimpleImputer(), FunctionTransformer(np.log1p), StandardScaler())
    columns = ColumnTransformer([("n", numbers, list("abcd")), ("c", OneHotEncoder(), ["city"])])
    return make_pipeline(columns, RandomForestClassifier(5)).fit(table, table.y)


def sklearn__search():
    from scipy.stats import loguniform
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import RandomizedSearchCV, StratifiedKFold

    search = RandomizedSearchCV(
        LogisticRegression(), {"C": loguniform(1e-2, 1e1)}, n_iter=3, cv=StratifiedKFold(3), scoring="f1"
    )
    return search.fit(X, Y)


def sklearn__many():
    from sklearn import (
        calibration,
        cluster,
        cross_decomposition,
        decomposition,
        discriminant_analysis,
        ensemble,
        gaussian_process,
        isotonic,
        kernel_approximation,
        linear_model,
        manifold,
        mixture,
        multiclass,
        naive_bayes,
        neighbors,
        neural_network,
        preprocessing,
        random_projection,
        semi_supervised,
        svm,
        tree,
    )  # fmt: skip

    kinds = [
        calibration.CalibratedClassifierCV(), cluster.KMeans(2), cluster.DBSCAN(), cluster.Birch(), cluster.HDBSCAN(),
        cross_decomposition.PLSRegression(2), decomposition.PCA(2), decomposition.NMF(2),
        discriminant_analysis.LinearDiscriminantAnalysis(), ensemble.GradientBoostingClassifier(n_estimators=3),
        ensemble.HistGradientBoostingClassifier(max_iter=3), ensemble.IsolationForest(n_estimators=3),
        ensemble.AdaBoostClassifier(n_estimators=3), ensemble.BaggingClassifier(n_estimators=3),
        ensemble.VotingClassifier([("a", naive_bayes.GaussianNB()), ("b", tree.DecisionTreeClassifier())]),
        ensemble.StackingClassifier([("a", naive_bayes.GaussianNB())]), gaussian_process.GaussianProcessClassifier(),
        kernel_approximation.Nystroem(n_components=5), linear_model.SGDClassifier(), linear_model.Lasso(),
        linear_model.BayesianRidge(), linear_model.HuberRegressor(), manifold.Isomap(), mixture.GaussianMixture(2),
        multiclass.OneVsRestClassifier(svm.LinearSVC()), naive_bayes.BernoulliNB(), neighbors.KNeighborsClassifier(),
        neighbors.LocalOutlierFactor(novelty=True), neighbors.KernelDensity(),
        neural_network.MLPClassifier((5,), max_iter=20),
        preprocessing.PolynomialFeatures(), preprocessing.PowerTransformer(), preprocessing.KBinsDiscretizer(),
        random_projection.GaussianRandomProjection(2), semi_supervised.LabelSpreading(), svm.SVC(probability=True),
        svm.OneClassSVM(), tree.ExtraTreeClassifier(),
    ]  # fmt: skip
    return [one.fit(X, Y) for one in kinds] + [isotonic.IsotonicRegression().fit(X[:, 0], Z)]


def sklearn__text():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = ["call os.system now", "import os; rm -rf /", "eval and exec", "a good model"]
    return make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(words, [1, 1, 1, 0])


def statsmodels__ols():
    import statsmodels.api as sm

    return sm.OLS(Z, sm.add_constant(X)).fit()


def statsmodels__formula():
    import statsmodels.formula.api as smf

    return smf.ols("z ~ a + np.log(b) + C(city)", frame()).fit()


def statsmodels__logit():
    import statsmodels.api as sm

    return sm.GLM(Y, sm.add_constant(X), family=sm.families.Binomial()).fit()


def statsmodels__arima():
    from statsmodels.tsa.arima.model import ARIMA

    return ARIMA(SERIES, order=(1, 0, 1)).fit()


def statsmodels__sarimax():
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    return SARIMAX(monthly(), order=(1, 0, 0), seasonal_order=(1, 0, 0, 12)).fit(disp=0)


def statsmodels__holt():
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    return ExponentialSmoothing(monthly(), trend="add").fit()


def statsmodels__mixed():
    import statsmodels.formula.api as smf

    return smf.mixedlm("z ~ a", frame(), groups=frame().city).fit()


def statsmodels__var():
    from statsmodels.tsa.api import VAR

    return VAR(X).fit(2)


def hmmlearn__hmm():
    from hmmlearn.hmm import GaussianHMM

    return GaussianHMM(2).fit(X)


def imblearn__pipeline():
    from imblearn.over_sampling import SMOTE
    from imblearn.pipeline import make_pipeline
    from sklearn.svm import SVC

    return make_pipeline(SMOTE(), SVC()).fit(X, Y)


def imblearn__forest():
    from imblearn.ensemble import BalancedRandomForestClassifier

    return BalancedRandomForestClassifier(3).fit(X, Y)


def category_encoders__target():
    from category_encoders import OneHotEncoder, OrdinalEncoder, TargetEncoder, WOEEncoder

    table = frame()[["city"]]
    return [kind(cols=["city"]).fit(table, Y) for kind in (TargetEncoder, OrdinalEncoder, OneHotEncoder, WOEEncoder)]


def tslearn__kmeans():
    from tslearn.clustering import TimeSeriesKMeans

    return TimeSeriesKMeans(2, metric="dtw", max_iter=2).fit(X[:, :, None])


def xgboost__classifier():
    from xgboost import XGBClassifier

    return XGBClassifier(n_estimators=3).fit(X, Y)


def xgboost__booster():
    import xgboost

    return xgboost.train({"max_depth": 2}, xgboost.DMatrix(X, Y), 3)


def lightgbm__regressor():
    from lightgbm import LGBMRegressor

    return LGBMRegressor(n_estimators=3).fit(X, Z)


def lightgbm__booster():
    import lightgbm

    return lightgbm.train({"verbose": -1}, lightgbm.Dataset(X, Z), 3)


def catboost__classifier():
    from catboost import CatBoostClassifier

    return CatBoostClassifier(iterations=3, verbose=0, allow_writing_files=False).fit(X, Y)


def ngboost__regressor():
    from ngboost import NGBRegressor

    return NGBRegressor(n_estimators=3, verbose=False).fit(X, Z)


def umap__reducer():
    import umap

    return umap.UMAP(n_neighbors=5, n_epochs=5).fit(X)


def hdbscan__clusters():
    import hdbscan

    return hdbscan.HDBSCAN(prediction_data=True).fit(X)


def pyts__forest():
    from pyts.classification import TimeSeriesForest

    return TimeSeriesForest(3).fit(X, Y)


def pyts__rocket():
    from pyts.transformation import ROCKET

    return ROCKET(5, kernel_sizes=(3,)).fit(X)


def networkx__graph():
    import networkx as nx

    graph = nx.karate_club_graph()
    return {"graph": graph, "directed": nx.DiGraph(graph), "multi": nx.MultiGraph(graph), "view": graph.adj}


def sympy__expressions():
    import sympy

    x, y = sympy.symbols("x y", positive=True)
    return [x + y, sympy.sin(x) ** 2, sympy.Matrix([[x, 1]]), sympy.Rational(1, 3), sympy.pi, sympy.Eq(x, y), sympy.oo]


def mpmath__number():
    import mpmath

    return mpmath.mpf("1.5")


def astropy__quantities():
    import astropy.units as u
    from astropy.coordinates import SkyCoord
    from astropy.modeling import models
    from astropy.table import Table
    from astropy.time import Time

    return {
        "speed": 3 * u.km / u.s,
        "when": Time("2024-01-01"),
        "where": SkyCoord(1 * u.deg, 2 * u.deg),
        "table": Table({"a": [1, 2]}),
        "model": models.Gaussian1D(1, 2, 3),
    }


def astropy__wcs():
    from astropy.wcs import WCS

    return WCS(naxis=2)


def xarray__dataset():
    import xarray as xr

    return xr.Dataset({"t": (("x", "y"), X)}, coords={"x": np.arange(60)})


def dask__array():
    import dask.array as da

    return da.from_array(X, chunks=20).sum()


def dask__frame():
    import dask.dataframe as dd

    return dd.from_pandas(frame(), npartitions=2)


def polars__frame():
    import polars as pl

    return {
        "frame": pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}),
        "expr": pl.col("a") + 1,
        "type": pl.Int64,
        "series": pl.Series([1, 2]),
    }


def polars__lazy():
    import polars as pl

    return pl.DataFrame({"a": [1, 2]}).lazy().filter(pl.col("a") > 1)


def sktime__forecaster():
    from sktime.forecasting.naive import NaiveForecaster

    return NaiveForecaster(sp=12).fit(monthly())


def sktime__theta():
    from sktime.forecasting.theta import ThetaForecaster

    return ThetaForecaster(deseasonalize=False).fit(monthly())


def sktime__pipeline():
    from sklearn.linear_model import Ridge
    from sktime.forecasting.compose import TransformedTargetForecaster, make_reduction
    from sktime.transformations.series.detrend import Detrender

    return TransformedTargetForecaster([("d", Detrender()), ("f", make_reduction(Ridge(), window_length=5))]).fit(
        monthly(), fh=[1, 2]
    )


def sktime__classifier():
    from sktime.classification.interval_based import TimeSeriesForestClassifier

    return TimeSeriesForestClassifier(n_estimators=3).fit(X[:, None, :], Y)


def optuna__study():
    import optuna

    optuna.logging.set_verbosity(40)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1), pruner=optuna.pruners.MedianPruner())
    study.optimize(
        lambda trial: trial.suggest_float("x", 0, 1) ** 2 + trial.suggest_categorical("k", [1, 2]), n_trials=12
    )
    return study


def optuna__parts():
    import optuna

    return [
        optuna.samplers.CmaEsSampler,
        optuna.distributions.FloatDistribution(0.1, 1, log=True),
        optuna.pruners.HyperbandPruner(),
        optuna.samplers.RandomSampler(3),
    ]


def nevergrad__optimizer():
    import nevergrad as ng

    optimizer = ng.optimizers.OnePlusOne(ng.p.Instrumentation(x=ng.p.Scalar(), y=ng.p.Choice(["a", "b"])), budget=20)
    optimizer.minimize(lambda x, y: x**2)
    return optimizer


def deap__population():
    from deap import base, tools

    class_ = base.Fitness
    class_.weights = (1.0,)
    return [tools.Statistics(), tools.Logbook(), tools.HallOfFame(3), base.Toolbox()]


def gymnasium__spaces():
    from gymnasium import spaces

    return spaces.Dict(
        {
            "a": spaces.Box(0, 1, (2,)),
            "b": spaces.Discrete(3),
            "c": spaces.MultiBinary(3),
            "t": spaces.Tuple([spaces.Discrete(2)]),
        }
    )


def gymnasium__env():
    import gymnasium

    return gymnasium.make("CartPole-v1")


def pygam__gam():
    from pygam import LinearGAM, s

    return LinearGAM(s(0) + s(1)).fit(X, Z)


def tsfresh__features():
    from tsfresh.feature_extraction import ComprehensiveFCParameters
    from tsfresh.transformers import FeatureSelector

    return [ComprehensiveFCParameters(), FeatureSelector()]


def featuretools__features():
    import featuretools as ft

    table = frame().reset_index()
    return ft.EntitySet("s").add_dataframe(table, "t", index="index", time_index="when")


def mapie__regressor():
    from mapie.regression import SplitConformalRegressor
    from sklearn.linear_model import Ridge

    return SplitConformalRegressor(Ridge(), prefit=False).fit(X, Z).conformalize(X, Z)


def imodels__rules():
    from imodels import FIGSClassifier, GreedyRuleListClassifier, SkopeRulesClassifier

    return [FIGSClassifier().fit(X, Y), GreedyRuleListClassifier().fit(X, Y), SkopeRulesClassifier().fit(X, Y)]


def pgmpy__network():
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.models import DiscreteBayesianNetwork

    net = DiscreteBayesianNetwork([("A", "B")])
    net.add_cpds(TabularCPD("A", 2, [[0.5], [0.5]]), TabularCPD("B", 2, [[0.5, 0.1], [0.5, 0.9]], ["A"], [2]))
    return net


def linearmodels__panel():
    from linearmodels.iv import IV2SLS

    return IV2SLS(Z, X[:, :2], X[:, 2:3], X[:, 3:4]).fit()


def mord__ordinal():
    from mord import LogisticAT

    return LogisticAT().fit(X, Y)


def sklego__meta():
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklego.meta import GroupedPredictor, Thresholder
    from sklego.preprocessing import ColumnSelector

    return [
        ColumnSelector(["a"]).fit(frame()),
        Thresholder(LogisticRegression(), 0.4).fit(X, Y),
        GroupedPredictor(Ridge(), "city").fit(frame()[["city", "a", "b"]], Z),
    ]


def pulp__problem():
    import pulp

    problem = pulp.LpProblem("p", pulp.LpMinimize)
    x = pulp.LpVariable("x")
    problem += x
    problem += x >= 2
    return problem


def autograd__box():
    import autograd.numpy as anp

    return anp.array([1.0, 2.0])


def msgspec__struct():
    import msgspec

    return [msgspec.Raw(b"abc"), msgspec.UNSET, msgspec.json.Encoder]


def cattrs__converter():
    import cattrs

    return cattrs.Converter


def gplearn__symbolic():
    from gplearn.genetic import SymbolicRegressor

    return SymbolicRegressor(population_size=50, generations=2).fit(X, Z)


def skmultilearn__relevance():
    from sklearn.naive_bayes import GaussianNB
    from skmultilearn.problem_transform import BinaryRelevance

    return BinaryRelevance(GaussianNB()).fit(X, np.c_[Y, 1 - Y])


def statsforecast__models():
    from statsforecast.models import AutoARIMA, AutoETS, SeasonalNaive

    return [model.fit(SERIES) for model in (AutoETS(season_length=12), SeasonalNaive(12), AutoARIMA())]


def statsforecast__forecast():
    import pandas as pd
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS

    table = pd.DataFrame({"unique_id": "a", "ds": pd.date_range("2024", periods=80), "y": SERIES})
    return StatsForecast([AutoETS(season_length=7)], freq="D").fit(table)


def dowhy__model():
    from dowhy import CausalModel

    table = frame()[["a", "b", "y"]]
    return CausalModel(table, treatment="y", outcome="a", common_causes=["b"])


def econml__forest():
    from econml.dml import LinearDML

    return LinearDML(discrete_treatment=True).fit(Z, Y, X=X)


def eli5__weights():
    import eli5
    from sklearn.linear_model import LogisticRegression

    return eli5.explain_weights(LogisticRegression().fit(X, Y))


def interpret__ebm():
    from interpret.glassbox import ExplainableBoostingClassifier

    return ExplainableBoostingClassifier(max_rounds=5, n_jobs=1).fit(X, Y)


def sklearn_pandas__mapper():
    from sklearn.preprocessing import LabelBinarizer, StandardScaler
    from sklearn_pandas import DataFrameMapper

    return DataFrameMapper([(["a"], StandardScaler()), ("city", LabelBinarizer())]).fit(frame())


def skops__card():
    from sklearn.linear_model import Ridge
    from skops import card

    return card.Card(Ridge().fit(X, Z))


def faiss__index():
    import faiss

    index = faiss.IndexFlatL2(4)
    index.add(X.astype("float32"))
    return faiss.serialize_index(index)


def faiss__whole():
    import faiss

    index = faiss.IndexFlatL2(4)
    index.add(X.astype("float32"))
    return index


def hnswlib__index():
    import hnswlib

    index = hnswlib.Index("l2", 4)
    index.init_index(100)
    index.add_items(X)
    return index


def ortools__model():
    from ortools.sat.python import cp_model

    return cp_model.CpModel()
