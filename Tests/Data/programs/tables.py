# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#### cleaning: what is missing, doubled, and of the wrong type
import io
import pandas as pd
df = pd.read_csv(io.StringIO("""name, age ,income,joined
 Ann ,34,"1,200",2024-01-05
bob,,950,05/02/2024
Ann,34,"1,200",2024-01-05
Cid,abc,,2024-03-01
"""))
df.columns = df.columns.str.strip()
df["name"] = df["name"].str.strip().str.title()
df["age"] = pd.to_numeric(df["age"], errors="coerce")
df["income"] = pd.to_numeric(df["income"].str.replace(",", ""))
df["joined"] = pd.to_datetime(df["joined"], format="%Y-%m-%d", errors="coerce")
print(df.isna().sum())
df = df.drop_duplicates()
df["age"] = df["age"].fillna(df["age"].median())
print(df, df.dtypes, sep="\n")
df.info(memory_usage=False)
#### joins of every kind
import pandas as pd
left = pd.DataFrame({"id": [1, 2, 3, 3], "city": ["Rome", "Oslo", "Bonn", "Kiel"]})
right = pd.DataFrame({"id": [2, 3, 4], "sales": [10.5, 20, 7]})
for how in "inner", "left", "right", "outer", "cross":
    print(how, left.merge(right, how=how, on=None if how == "cross" else "id"), sep="\n")
print(left.merge(right, how="outer", on="id", indicator=True)["_merge"].value_counts().sort_index())
print(left.set_index("id").join(right.set_index("id")))
try:
    left.merge(right, on="id", validate="one_to_one")
except pd.errors.MergeError as error:
    print(error)
trades = pd.DataFrame({"t": pd.to_datetime(["10:00:01", "10:00:04"], format="%H:%M:%S"), "p": [1, 2]})
quotes = pd.DataFrame({"t": pd.to_datetime(["10:00:00", "10:00:03"], format="%H:%M:%S"), "q": [9, 8]})
print(pd.merge_asof(trades, quotes, on="t")["q"].tolist())
#### pivot, melt, stack and cross tables
import pandas as pd
df = pd.DataFrame({"region": list("NNSSN"), "product": list("xyxyx"), "units": [3, 5, 2, 8, 1], "price": [1.0, 2, 1.5, 2.5, 1]})
print(df.pivot_table(index="region", columns="product", values=["units", "price"], aggfunc={"units": "sum", "price": "mean"}, margins=True))
print(pd.crosstab(df["region"], df["product"], normalize="index").round(3))
wide = df.groupby(["region", "product"])["units"].sum().unstack(fill_value=0)
print(wide, wide.stack(), wide.reset_index().melt(id_vars="region"), sep="\n")
print(df.assign(tags=[["a", "b"], [], ["c"], None, ["d"]]).explode("tags")["tags"].tolist())
#### groups: aggregate, transform, filter, apply
import pandas as pd
import numpy as np
df = pd.DataFrame({"team": list("aabbbc"), "who": range(6), "score": [1, 4, 2, np.nan, 6, 5]})
g = df.groupby("team")
print(g.agg(n=("who", "size"), total=("score", "sum"), spread=("score", lambda s: s.max() - s.min())))
print(df.assign(z=g["score"].transform(lambda s: s - s.mean()), rank=g["score"].rank(ascending=False), run=g["score"].cumsum()))
print(g.filter(lambda part: part["score"].sum() > 5)["who"].tolist(), g["score"].apply(list).to_dict())
print(g["score"].describe().round(2), g.nth(0), g["score"].shift().tolist(), sep="\n")
print(df.groupby(pd.cut(df["score"], [0, 2, 4, 6]), observed=False).size())
#### time series: zones, resampling, windows
import pandas as pd
import numpy as np
index = pd.date_range("2024-03-30 20:00", periods=12, freq="2h", tz="Europe/Berlin")
s = pd.Series(np.arange(12.0), index)
print(s.resample("D").agg(["sum", "mean", "count"]), s.tz_convert("America/New_York").index[:2], sep="\n")
print(s.rolling("6h").sum().tolist(), s.ewm(span=3).mean().round(4).tolist(), s.expanding().max().iloc[-1])
print(s.asfreq("1h").interpolate().head(4), s.shift(1, freq="D").index[0], s.diff().dropna().unique(), sep="\n")
print(s.between_time("21:00", "03:00").size, s["2024-03-31"].size, s.index.isocalendar().week.unique().tolist())
print(pd.date_range("2024-01-31", periods=4, freq="ME"), pd.bdate_range("2024-01-01", "2024-01-10", freq="C", holidays=["2024-01-08"]))
print(pd.Period("2024Q1").asfreq("M", "end"), pd.Timestamp("2024-02-29") + pd.DateOffset(years=1), pd.Timedelta("1h30m") * 3)
print(pd.Series(pd.to_datetime(["2024-05-01", "2024-12-24"])).dt.day_name().tolist(), pd.infer_freq(index))
#### statistics
import numpy as np
import pandas as pd
rng = np.random.default_rng(42)
df = pd.DataFrame({"x": rng.normal(size=200)})
df["y"] = 2 * df["x"] + rng.normal(scale=0.5, size=200)
print(df.describe().round(6), df.corr().round(6), df.cov().round(6), sep="\n")
print(df.quantile([0.05, 0.95]).round(6), df.skew().round(6).tolist(), df.kurt().round(6).tolist())
slope, intercept = np.polyfit(df["x"], df["y"], 1)
print(round(slope, 6), round(intercept, 6), df["x"].sample(3, random_state=1).index.tolist())
print(df.corr("spearman").round(6).iloc[0, 1], pd.qcut(df["x"], 4, labels=list("abcd")).value_counts().to_dict())
#### regression and clustering with NumPy
import numpy as np
rng = np.random.default_rng(0)
X = np.c_[np.ones(50), rng.uniform(size=(50, 2))]
beta, residuals, rank, _ = np.linalg.lstsq(X, X @ [1, 2, -3] + rng.normal(scale=0.01, size=50), rcond=None)
print(beta.round(4), rank)
points = np.r_[rng.normal(0, 0.1, (20, 2)), rng.normal(3, 0.1, (20, 2))]
centres = points[[0, -1]]
for _ in range(5):
    nearest = np.linalg.norm(points[:, None] - centres, axis=2).argmin(1)
    centres = np.array([points[nearest == k].mean(0) for k in range(2)])
print(centres.round(3), np.bincount(nearest))
u, s, vt = np.linalg.svd(points - points.mean(0), full_matrices=False)
print((s ** 2 / (s ** 2).sum()).round(5))
#### text in columns
import pandas as pd
s = pd.Series(["Alice Smith <a@x.org>", "Bob <bob@y.com>", None, "ÇA VA"])
print(s.str.extract(r"(?P<name>[^<]+?)\s*<(?P<mail>[^>]+)>"), s.str.len().tolist(), s.str.contains("o", na=False).tolist(), sep="\n")
print(s.str.split().str[0].tolist(), s.str.casefold().tolist(), s.str.get_dummies(" ").shape, s.str.findall(r"[A-Z]").tolist())
words = pd.Series("the cat and the dog and the bird".split())
print(words.value_counts().head(2), words.str.cat(sep="-"), words.str.pad(5, fillchar=".").iloc[1], sep="\n")
#### categories, missing values and types of pandas
import pandas as pd
c = pd.Categorical(["lo", "hi", "lo"], categories=["lo", "mid", "hi"], ordered=True)
print(c, c.min(), pd.Series(c).sort_values().tolist(), pd.Series(c).value_counts(sort=False).to_dict())
print(pd.array([1, None, 3]) + 1, pd.Series([True, None], dtype="boolean") | True, pd.Series(["a", None]).dtype, sep="\n")
df = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1.5, float("nan")]})
print(df.convert_dtypes().dtypes, pd.DataFrame({"a": [1], "b": [2.0]}).astype("Int8").dtypes, pd.isna([None, 1, pd.NaT]), sep="\n")
print(df.where(df["a"] > 1, -1).values.tolist())
#### many levels
import pandas as pd
index = pd.MultiIndex.from_product([["a", "b"], [1, 2], ["x", "y"]], names=["l1", "l2", "l3"])
df = pd.DataFrame({"v": range(8), "w": range(8, 16)}, index)
print(df.loc[("a", 2)], df.xs("y", level="l3"), df.groupby(level=["l1", "l3"]).sum(), df.unstack("l3"), df.swaplevel().sort_index(), sep="\n")
print(df.loc[pd.IndexSlice[:, 1, :], "v"].sum(), df.query("l2 == 2 and v > 3").shape, df.index.get_level_values("l1").unique().tolist())
#### files: CSV, JSON, pickle, SQLite
import io, sqlite3
import pandas as pd
df = pd.DataFrame({"k": [1, 2], "t": pd.to_datetime(["2024-01-01", "2024-06-01"]), "s": ["a,b", 'q"é']})
df.to_csv("t.csv", index=False)
print(open("t.csv").read(), pd.read_csv("t.csv", parse_dates=["t"]).equals(df))
for orient in "records", "split", "index", "columns", "table":
    print(df.to_json(orient=orient, date_format="iso"))
print(pd.read_json(io.StringIO(df.to_json(orient="records", lines=True, date_format="iso")), lines=True).shape)
df.to_pickle("t.pkl"); print(pd.read_pickle("t.pkl").equals(df))
with sqlite3.connect(":memory:") as db:
    df.to_sql("t", db, index=False)
    print(pd.read_sql("select k, s from t where k > ?", db, params=(1,)).values.tolist())
print(sum(len(part) for part in pd.read_csv("t.csv", chunksize=1)), pd.json_normalize([{"a": {"b": 1, "c": [2]}}]).to_dict("records"))
print(pd.read_fwf(io.StringIO("ab  12\ncd   3"), widths=[3, 3], header=None).values.tolist(), df.to_string(index=False), df.to_latex(index=False), sep="\n")
#### how tables are shown
import pandas as pd
import numpy as np
df = pd.DataFrame(np.arange(600).reshape(30, 20) / 7, columns=[f"column{n}" for n in range(20)])
print(df)
print(df.head(2).T, df.iloc[:3, :2].to_html(), sep="\n")
with pd.option_context("display.precision", 2, "display.max_columns", 4, "display.width", 60):
    print(df.head(3))
print(pd.Series([1e10, 1e-10, 0.1]), pd.Series(pd.date_range("2024", periods=2)), pd.DataFrame(), sep="\n")
#### errors as pandas says them
import pandas as pd
df = pd.DataFrame({"a": [1, 2]})
for text in ("df['b']", "df.loc[5]", "df.iloc[5]", "pd.to_datetime('never')", "df.astype('datetime64[fs]')", "pd.concat([])",
             "df.merge(df, on='z')", "df.set_index('q')", "pd.Series([1]).foo", "df.groupby('n')", "bool(df)"):
    try:
        eval(text)
    except Exception as error:
        print(text, type(error).__name__, str(error).splitlines()[0])
#### assignment and copies
import pandas as pd
df = pd.DataFrame({"a": [3, 1, 2], "b": list("xyz")}, index=list("pqr"))
df.loc[df["a"] > 1, "b"] = "big"
df.at["q", "a"] = 10
view = df["a"]; view.iloc[0] = 99
print(df, view.tolist(), df.sort_values("a", ascending=False).index.tolist(), df.nlargest(1, "a"), sep="\n")
df = df.assign(c=lambda d: d["a"] * 2).rename(columns={"b": "label"}).drop(index="r").reset_index(names="key")
print(df, df.eval("d = a + c")["d"].tolist(), df.to_dict("list"), df.itertuples(index=False, name="Row").__next__(), sep="\n")
print(df.apply(lambda row: f"{row['key']}:{row['a']}", axis=1).tolist(), df.map(str).values.tolist(), df["a"].clip(upper=10).tolist())
