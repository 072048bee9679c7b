# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#### dates from text, and rules that repeat
from datetime import datetime
from dateutil import parser, relativedelta, rrule, tz
print(parser.parse("3rd of March 2024 5:30pm"), parser.parse("2024-02-29T12:00:00Z"))
print(datetime(2024, 1, 31) + relativedelta.relativedelta(months=+1, weekday=relativedelta.FR(-1)))
print([d.isoformat() for d in rrule.rrule(rrule.MONTHLY, count=4, byweekday=rrule.MO(1), dtstart=datetime(2024, 1, 1))])
print(datetime(2024, 7, 1, tzinfo=tz.gettz("Europe/Berlin")).utcoffset())
try:
    parser.parse("the day after never")
except parser.ParserError as error:
    print(error)
#### a workbook, written and read again
import io
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
book = Workbook()
sheet = book.active
sheet.title = "Sales"
sheet.append(["item", "price", "count", "total"])
for row, (item, price, count) in enumerate([("tea", 2.5, 4), ("café", 3.75, 2)], 2):
    sheet.append([item, price, count, f"=B{row}*C{row}"])
sheet["A1"].font = Font(bold=True)
sheet.merge_cells("A5:B5")
book.save(file := io.BytesIO())
again = load_workbook(io.BytesIO(file.getvalue()))["Sales"]
for row in again.iter_rows(values_only=True):
    print(row)
print(again["A1"].font.b, again.merged_cells.ranges, get_column_letter(again.max_column), again.dimensions)
#### a workbook with a chart
import io, zipfile
import xlsxwriter
file = io.BytesIO()
with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
    sheet, bold = book.add_worksheet("Data"), book.add_format({"bold": True, "num_format": "0.00"})
    sheet.write_column("A1", [10, 40, 50, 20, 10])
    sheet.write_formula("B1", "=SUM(A1:A5)", bold, 130)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Data!$A$1:$A$5"})
    sheet.insert_chart("D2", chart)
with zipfile.ZipFile(file) as archive:
    print(*sorted(archive.namelist()), sep="\n")
    print("c:barChart" in archive.read("xl/charts/chart1.xml").decode())
#### a spreadsheet through pandas
import io
import pandas as pd
frame = pd.DataFrame({"day": pd.to_datetime(["2024-01-31", "2024-02-29"]), "x": [1.5, None], "name": ["a", "b"]})
for engine in "openpyxl", "xlsxwriter":
    file = io.BytesIO()
    with pd.ExcelWriter(file, engine=engine) as writer:
        frame.to_excel(writer, sheet_name="first", index=False)
        frame.describe().to_excel(writer, sheet_name="second")
    sheets = pd.read_excel(file, sheet_name=None)
    print(sheets["first"].equals(frame), list(sheets), sheets["second"].shape)
#### tables as text
from tabulate import tabulate
import pandas as pd
rows = [["Sun", 696000, 1.9891e9], ["Earth", 6371, 5973.6], ["Möön", 1737, 73.5]]
for style in "plain", "github", "grid", "fancy_grid", "pipe", "html", "latex":
    print(tabulate(rows, headers=["name", "radius", "mass"], tablefmt=style, floatfmt=".2f"))
print(pd.DataFrame(rows).to_markdown(index=False))
#### templates
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
environment = Environment(loader=DictLoader({
    "base": "<ul>{% block items %}{% endblock %}</ul>",
    "page": "{% extends 'base' %}{% block items %}{% for i in items if i %}<li class='{{ loop.cycle('a', 'b') }}'>"
            "{{ i | upper }}</li>{% else %}none{% endfor %}{% endblock %}",
}), autoescape=True, undefined=StrictUndefined)
print(environment.get_template("page").render(items=["x", "<y>", "", "z & w"]))
print(environment.from_string("{% macro m(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}{{ m(1) }} {{ m(3, b=4) }}").render())
try:
    environment.from_string("{{ nothing }}").render()
except UndefinedError as error:
    print(error)
#### the style of a table
import pandas as pd
html = pd.DataFrame({"a": [1, 2], "b": [0.25, 0.5]}).style.format({"b": "{:.0%}"}).highlight_max(color="gold").set_uuid("t").to_html()
print(html)
#### algebra
from sympy import *
x, y, n = symbols("x y n")
print(integrate(exp(-x ** 2), (x, -oo, oo)), diff(sin(x) ** 2, x), limit(sin(x) / x, x, 0))
print(solve(x ** 3 - 6 * x ** 2 + 11 * x - 6, x), solve([x + y - 3, x - y - 1], [x, y]), factor(x ** 4 - 1))
print(series(cos(x), x, 0, 8), summation(1 / n ** 2, (n, 1, oo)))
print(Matrix([[2, 1], [1, 2]]).eigenvals(), Matrix([[1, 2], [3, 4]]).inv())
print(dsolve(Function("f")(x).diff(x) - Function("f")(x)), latex(Integral(sqrt(1 / x), x)))
print(N(pi, 50), factorint(2 ** 61 + 1), nsimplify(0.1), simplify(sin(x) ** 2 + cos(x) ** 2))
print(lambdify(x, x ** 2 + 1, "numpy")(3))
pprint(Integral(x ** 2 / 2, (x, 0, 1)))
#### graphs
import networkx as nx
graph = nx.Graph()
graph.add_weighted_edges_from([("a", "b", 4), ("a", "c", 1), ("c", "b", 2), ("b", "d", 5), ("e", "f", 1)])
print(nx.shortest_path(graph, "a", "d", weight="weight"), nx.shortest_path_length(graph, "a", "d", weight="weight"))
print(sorted(map(sorted, nx.connected_components(graph))), nx.density(graph))
print({k: round(v, 6) for k, v in nx.betweenness_centrality(graph).items()})
print(sorted(nx.minimum_spanning_edges(graph, data=False)))
tasks = nx.DiGraph([("plan", "build"), ("build", "test"), ("plan", "write"), ("write", "test")])
print(list(nx.lexicographical_topological_sort(tasks)), nx.dag_longest_path_length(tasks), nx.is_directed_acyclic_graph(tasks))
print(nx.to_numpy_array(tasks).tolist(), nx.maximum_flow_value(nx.DiGraph([(0, 1, {"capacity": 3})]), 0, 1))
print(sorted(map(sorted, nx.community.greedy_modularity_communities(nx.karate_club_graph()))))
#### HTML, read
from bs4 import BeautifulSoup
page = """<html><head><title>Prices</title></head><body><table id=t><tr><th>Item<th>Price</tr>
<tr class="row odd"><td><a href="/tea">Tea</a></td><td>2.50 €</td></tr><tr class=row><td>Coffee &amp; milk<td>3.75</tr></table>
<p>End.<br>Really</p></body></html>"""
soup = BeautifulSoup(page, "html.parser")
print(soup.title.string, [a["href"] for a in soup.find_all("a", href=True)])
for row in soup.select("#t tr.row"):
    print([cell.get_text(strip=True) for cell in row.find_all("td")])
print(soup.select_one("tr:nth-of-type(2) > td:first-child").text, soup.p.get_text("|"), soup.find("p").prettify())
#### requests, without a network
import requests
request = requests.Request("POST", "https://example.org/a b?x=1", params={"y": ["2", "é"]}, json={"k": [1, None]}).prepare()
print(request.url, request.body, sorted(request.headers.items()))
print(requests.utils.quote("a/b c"), requests.codes.not_found, requests.structures.CaseInsensitiveDict({"A": 1})["a"])
try:
    requests.get("not a url")
except requests.exceptions.RequestException as error:
    print(type(error).__name__, error)
#### what is there, by its metadata
from importlib.metadata import version
for name in ("beautifulsoup4", "jinja2", "networkx", "openpyxl", "pandas", "python-dateutil", "requests", "sympy", "tabulate",
             "xlsxwriter", "mpmath", "markupsafe"):
    print(name, version(name))
