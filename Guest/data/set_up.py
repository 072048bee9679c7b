# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Uses what the image `data` has, while it is made, so that the first use in a sandbox finds everything ready."""


def _use_pandas():
    import io

    import pandas

    text = "day,city,price,count\n" + "".join(
        f"2024-0{1 + n % 9}-{10 + n},{'AB'[n % 2]},{n * 1.5},{n}\n" for n in range(20))
    for _ in range(3):
        frame = pandas.read_csv(io.StringIO(text), parse_dates=["day"])
        frame["price"] = frame["price"].fillna(0) * 2
        frame.groupby("city")["price"].agg(["mean", "sum", "count"])
        frame.merge(frame, on="city", how="left").sort_values("price_x").head()
        frame.pivot_table(index="city", columns="count", values="price", aggfunc="sum")
        days = frame.set_index("day")[["price"]]
        days.tz_localize("UTC").tz_convert("Europe/Berlin").resample("ME").mean()
        days.rolling(3).mean().to_csv(io.StringIO())
        frame["city"].str.upper().value_counts()
        frame.loc[frame["count"] > 3, ["city", "price"]].describe()
        repr(frame), str(frame.dtypes), frame.to_html(), frame.to_json(date_format="iso"), frame.info(buf=io.StringIO())
        pandas.concat([frame, frame], ignore_index=True).drop_duplicates().isna().sum()
        pandas.to_datetime("2024-01-31") + pandas.DateOffset(months=1)
        try:
            frame["none"]
        except KeyError:
            pass


_use_pandas()
del _use_pandas
