// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

/// `terrarium --image data`: pandas in sandboxes.
///
/// The image is made by the first test that asks for it, in the user's cache.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct DataImageTests {
    private static func run(_ arguments: [String]) async throws -> Subprocess {
        try await TerrariumBinary.run(
            ["--image", "data", "--time-limit", "60", "--memory-limit", "256MiB"] + arguments
        )
    }

    /// Makes the image, which may take minutes, so that what follows is not about that.
    private static func make() async throws {
        let made = try await run(["1"])
        try #require(made.exitCode == 0, "\(made.errorText)")
    }

    @Test("The program that everybody knows: read, group, merge, resample, describe")
    func tables() async throws {
        try await Self.make()
        let folder = try TemporaryFolder()
        try folder.write(
            "sales.csv",
            """
            day,city,price,count
            2024-03-30 23:30,Berlin,1.5,3
            2024-03-31 00:30,Paris,2.25,1
            2024-03-31 01:30,Berlin,,2
            2024-04-01 12:00,Rome,4,9007199254740993
            """
        )
        try folder.write(
            "main.py",
            """
            import pandas as pd
            df = pd.read_csv("/sales.csv", parse_dates=["day"])
            print(df.dtypes.astype(str).to_dict())
            print(df["count"].sum(), df["count"].max())
            print(df.groupby("city")["price"].agg(["mean", "count"]).to_csv())
            names = pd.DataFrame({"city": ["Berlin", "Rome"], "country": ["DE", "IT"]})
            print(df.merge(names, on="city", how="left")["country"].tolist())
            days = df.set_index("day").tz_localize("UTC").tz_convert("Europe/Berlin")
            print(days["price"].resample("D").sum().to_csv())
            print(df["price"].describe().round(3).to_dict())
            print(df.to_html(index=False).splitlines()[0])
            """
        )
        let result = try await TerrariumBinary.run([
            "run", "--image", "data", "--file", "\(folder.url.appending(path: "sales.csv").path)=/sales.csv",
            folder.url.appending(path: "main.py").path,
        ])
        #expect(result.errorText == "")
        #expect(
            result.outputText == """
                {'day': 'datetime64[us]', 'city': 'str', 'price': 'float64', 'count': 'int64'}
                9007199254740999 9007199254740993
                city,mean,count
                Berlin,1.5,1
                Paris,2.25,1
                Rome,4.0,1

                ['DE', nan, 'DE', 'IT']
                day,price
                2024-03-31 00:00:00+01:00,3.75
                2024-04-01 00:00:00+02:00,4.0

                {'count': 3.0, 'mean': 2.583, 'std': 1.283, 'min': 1.5, '25%': 1.875, '50%': 2.25, '75%': 3.125, 'max': 4.0}
                <table border="1" class="dataframe">

                """
        )
    }

    @Test(
        "Expressions have the values that they have on any machine",
        arguments: [
            ("pd.Series([2 ** 40, 1]).sum()", "1099511627777"),
            ("pd.DataFrame({'k': list('abab'), 'v': range(4)}).groupby('k')['v'].sum().to_dict()", "{'a': 2, 'b': 4}"),
            ("pd.Series([3, 1, 2]).argsort().dtype", "dtype('int64')"),
            ("pd.Index([5, 6]).get_indexer([6, 7])", "array([ 1, -1])"),
            ("pd.read_json(io.StringIO('[{\"a\": 1.5}, {\"a\": null}]')).isna().sum().item()", "1"),
            // An hour that there is not.
            ("pd.Timestamp('2024-03-31 02:30').tz_localize('Europe/Berlin')", nil),
            ("len(pd.date_range('2024-01-01', '2024-01-31', freq='B'))", "23"),
            ("pd.array([1, None]).sum()", "1"),
            ("pd.DataFrame({'a': [1, 2]}).rolling(2).mean()['a'].tolist()[1]", "1.5"),
            ("pd.cut(pd.Series([1, 5, 9]), 3).cat.codes.tolist()", "[0, 1, 2]"),
            ("pd.read_pickle(io.BytesIO(pickle.dumps(pd.Series(['x'])))).tolist()", "['x']"),
        ] as [(String, String?)]
    )
    func values(expression: String, value: String?) async throws {
        let result = try await Self.run(["import io, pickle, numpy as np, pandas as pd", expression])
        if let value {
            #expect(result.outputText == "result: \(value)\n", "\(result.errorText)")
        } else {
            #expect(result.exitCode == 1)
        }
    }

    @Test("A table that has no room is a MemoryError, after which the sandbox goes on")
    func memory() async throws {
        let result = try await TerrariumBinary.run([
            "--image", "data", "--memory-limit", "64MiB", "import pandas as pd",
            "try:\n    pd.DataFrame({'a': range(10_000_000)}).apply(lambda row: row)\nexcept MemoryError:\n    x = 'none'",
            "x, len(pd.DataFrame({'a': range(1000)}))",
        ])
        #expect(result.outputText == "result: ('none', 1000)\n", "\(result.errorText)")
    }

    @Test("Sandboxes of the image share what was imported, and the module is no name of theirs before they import it")
    func names() async throws {
        let result = try await Self.run(
            ["import sys", "'pandas' in sys.modules, 'pandas' in globals(), 'pd' in globals()"]
        )
        #expect(result.outputText == "result: (True, False, False)\n", "\(result.errorText)")
    }
}
