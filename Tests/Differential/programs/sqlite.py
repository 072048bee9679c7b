# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#### A database in a file
import sqlite3
db = sqlite3.connect("d.db")
db.execute("create table t (id integer primary key, name text, price real)")
db.executemany("insert into t (name, price) values (?, ?)", [("a", 1.5), ("b", None), ("ü", 2)])
db.commit()
#### continued
print(db.execute("select * from t order by id").fetchall(), db.total_changes)
db.close()
again = sqlite3.connect("d.db")
print(again.execute("select count(*), sum(price) from t").fetchone())

#### A transaction is open across the middle
#### differs: there are no locks on parts of files, so SQLite locks a database with a file beside it, for readers too
import sqlite3
db = sqlite3.connect("d.db")
db.execute("create table t (x)")
db.commit()
db.execute("insert into t values (1)")
print(db.in_transaction)
#### continued
try:
    print(sqlite3.connect("d.db", timeout=0).execute("select count(*) from t").fetchone())
except sqlite3.OperationalError as error:
    print(error)
db.rollback()
print(db.execute("select count(*) from t").fetchone(), db.in_transaction)
with db:
    db.execute("insert into t values (2)")
print(sqlite3.connect("d.db").execute("select x from t").fetchall())

#### A cursor goes on
import sqlite3
db = sqlite3.connect(":memory:")
db.execute("create table t (n)")
db.executemany("insert into t values (?)", [(n,) for n in range(1000)])
cursor = db.execute("select n from t order by n desc")
print(cursor.fetchone(), cursor.fetchmany(2))
#### continued
print(sum(n for n, in cursor), cursor.fetchone(), cursor.description[0][0])

#### Rows with names
import sqlite3
db = sqlite3.connect(":memory:")
db.row_factory = sqlite3.Row
#### continued
row = db.execute("select 1 as a, 'x' as B").fetchone()
print(row["a"], row["b"], tuple(row), row.keys(), len(row))
print(db.execute("select :x + :y as s", {"x": 1, "y": 2}).fetchone()["s"])

#### Functions of Python in SQL
import sqlite3
db = sqlite3.connect(":memory:")
db.create_function("rev", 1, lambda s: s[::-1])
class Longest:
    def __init__(self): self.best = ""
    def step(self, s): self.best = max(self.best, s, key=len)
    def finalize(self): return self.best
db.create_aggregate("longest", 1, Longest)
db.create_collation("backwards", lambda a, b: (a < b) - (a > b))
#### continued
print(db.execute("select rev('abc')").fetchone())
db.executescript("create table w (s); insert into w values ('a'), ('ccc'), ('bb');")
print(db.execute("select longest(s) from w").fetchone(),
      db.execute("select s from w order by s collate backwards").fetchall())

#### Errors of SQL
import sqlite3
db = sqlite3.connect(":memory:")
db.execute("create table t (a unique not null, b check (b > 0))")
#### continued
for sql in ("selec 1", "select * from nowhere", "insert into t values (null, 1)", "insert into t values (1, -1)",
    "insert into t values (1)"):
    try:
        db.execute(sql)
    except sqlite3.Error as error:
        print(type(error).__name__, error, error.sqlite_errorname)
db.execute("insert into t values (1, 1)")
try:
    db.execute("insert into t values (1, 2)")
except sqlite3.IntegrityError as error:
    print(error)

#### Joins, groups and windows
import sqlite3
db = sqlite3.connect(":memory:")
db.executescript("""
create table p (id, name); create table o (pid, amount);
insert into p values (1, 'ann'), (2, 'bob'), (3, 'cy');
insert into o values (1, 10), (1, 30), (2, 5);
""")
#### continued
print(db.execute("select name, coalesce(sum(amount), 0) s from p left join o on id = pid group by id having s >= 0 order by s desc").fetchall())
print(db.execute("select amount, sum(amount) over (order by amount), rank() over (order by amount desc) from o").fetchall())
print(db.execute("with recursive f(a, b) as (select 0, 1 union all select b, a + b from f where b < 50) select group_concat(a) from f").fetchone())

#### JSON, text search and dates in SQL
import sqlite3
db = sqlite3.connect(":memory:")
#### continued
print(db.execute("""select json_extract('{"a": [1, {"b": 2}]}', '$.a[1].b'), json_group_array(value) from json_each('[3, 4]')""").fetchone())
print(db.execute("select date('2024-02-28', '+2 days'), strftime('%Y', '2000-01-01'), upper('ä'), length('äö'), 'abc' like 'A%', 7 / 2, 7 % 3, round(2.567, 1), typeof(1.0)").fetchone())
print(db.execute("select printf('%05.2f|%s', 3.14159, 'x'), instr('hello', 'l'), substr('hello', 2, 3), replace('aa', 'a', 'b'), hex(x'00ff'), quote('it''s')").fetchone())

#### Binary values
import sqlite3
db = sqlite3.connect("b.db")
db.execute("create table b (data blob)")
db.execute("insert into b values (zeroblob(10))")
blob = db.blobopen("b", "data", 1)
blob.write(b"abc")
#### continued
blob[5:7] = b"XY"
blob.close()
print(db.execute("select data, typeof(data) from b").fetchone())
db.execute("insert into b values (?)", (bytes(100_000),))
print(db.execute("select max(length(data)) from b").fetchone())

#### Types of one's own
import datetime, json, sqlite3
sqlite3.register_adapter(list, json.dumps)
sqlite3.register_converter("list", json.loads)
db = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)
db.execute("create table t (x list)")
db.execute("insert into t values (?)", ([1, [2]],))
#### continued
print(db.execute("select x from t").fetchone(), db.execute('select x as "x [list]" from t').fetchone())

#### Savepoints and two connections
import sqlite3
a = sqlite3.connect("two.db", isolation_level=None)
a.execute("create table t (x)")
a.execute("begin")
a.execute("insert into t values (1)")
a.execute("savepoint s")
a.execute("insert into t values (2)")
#### continued
a.execute("rollback to s")
a.execute("commit")
b = sqlite3.connect("two.db")
print(b.execute("select x from t").fetchall())

#### Backup, dump and restore
import sqlite3
db = sqlite3.connect(":memory:")
db.executescript("create table t (a, b text); insert into t values (1, 'it''s'), (2.5, null); create index i on t (a);")
#### continued
print("\n".join(db.iterdump()))
copy = sqlite3.connect("copy.db")
db.backup(copy)
print(copy.execute("select * from t").fetchall(), db.serialize()[:15])
other = sqlite3.connect(":memory:")
other.deserialize(db.serialize())
print(other.execute("select count(*) from t").fetchone())

#### A bigger table with an index
import random, sqlite3
r = random.Random(3)
db = sqlite3.connect("big.db")
db.execute("create table t (k integer, v text)")
db.executemany("insert into t values (?, ?)", ((r.randrange(500), f"v{n}") for n in range(5000)))
db.execute("create index i on t (k)")
db.commit()
#### continued
print(db.execute("select count(*), min(k), max(k) from t").fetchone(),
      db.execute("select v from t where k = 77 order by v limit 3").fetchall())
print(db.execute("explain query plan select v from t where k = 5").fetchone()[3])
db.execute("delete from t where k > 10")
db.commit()
db.execute("vacuum")
print(db.execute("select count(*) from t").fetchone(), db.execute("pragma integrity_check").fetchone())
