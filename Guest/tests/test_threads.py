# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs with threads, whose output is that of CPython with threads of the system."""

import subprocess
import sys
import textwrap

import sandboxes
from sandboxes import SandboxTestCase

SAME = {
    "results that are joined": """
        import threading
        results = {}
        def square(n): results[n] = n * n
        threads = [threading.Thread(target=square, args=(n,)) for n in range(5)]
        for t in threads: t.start()
        for t in threads: t.join()
        print(sorted(results.items()), [t.is_alive() for t in threads], threading.active_count())
        """,
    "a lock and a counter": """
        import threading
        lock, total = threading.Lock(), 0
        def add():
            global total
            for _ in range(100):
                with lock: total += 1
        threads = [threading.Thread(target=add) for _ in range(8)]
        [t.start() for t in threads]; [t.join() for t in threads]
        print(total, lock.locked())
        """,
    "a worker that a sentinel ends": """
        import queue, threading
        q, done = queue.Queue(), []
        def worker():
            while (item := q.get()) is not None:
                done.append(item * 2)
                q.task_done()
            done.append('end')
        t = threading.Thread(target=worker); t.start()
        for n in range(4): q.put(n)
        q.put(None)
        t.join()
        print(done)
        """,
    "daemons that serve a queue": """
        import queue, threading
        q, done = queue.Queue(), []
        def worker():
            while True:
                item = q.get()
                done.append(item)
                q.task_done()
        for _ in range(3): threading.Thread(target=worker, daemon=True).start()
        for n in range(10): q.put(n)
        q.join()
        print(sorted(done))
        for n in range(10, 14): q.put(n)
        q.join()
        print(sorted(done))
        """,
    "producers and a consumer, with a bound": """
        import queue, threading
        q = queue.Queue(maxsize=2)
        def produce(name):
            for n in range(5): q.put((name, n))
            q.put(None)
        for name in 'ab': threading.Thread(target=produce, args=(name,)).start()
        got, ends = [], 0
        while ends < 2:
            item = q.get()
            if item is None: ends += 1
            else: got.append(item)
        print(sorted(got), q.empty())
        """,
    "a consumer of what main puts, with a bound": """
        import queue, threading
        q, got = queue.Queue(1), []
        def consume():
            while True:
                item = q.get()
                if item is None: break
                got.append(item)
        t = threading.Thread(target=consume); t.start()
        for n in range(6): q.put(n)
        q.put(None); t.join()
        print(got)
        """,
    "an event that a thread sets": """
        import threading
        ready = threading.Event()
        def load(): global data; data = 42; ready.set()
        threading.Thread(target=load).start()
        print(ready.wait(), data, ready.wait(0.01))
        """,
    "an event that main sets": """
        import threading, time
        go, seen = threading.Event(), []
        t = threading.Thread(target=lambda: (go.wait(), seen.append('went')))
        t.start(); time.sleep(0.05); print(seen); go.set(); t.join(); print(seen)
        """,
    "an event that never comes": """
        import threading
        print(threading.Event().wait(0.05))
        e = threading.Event()
        t = threading.Thread(target=lambda: print(e.wait(0.05))); t.start(); t.join()
        """,
    "a barrier and a semaphore": """
        import threading
        barrier, slots, passed = threading.Barrier(3), threading.Semaphore(2), []
        def work(n):
            with slots: passed.append(n)
            barrier.wait()
            passed.append('after')
        threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
        [t.start() for t in threads]; [t.join() for t in threads]
        print(sorted(passed[:3]), passed[3:])
        """,
    "a condition": """
        import threading
        condition, items, got = threading.Condition(), [], []
        def consume():
            with condition:
                while not items: condition.wait()
                got.append(items.pop())
        def produce():
            with condition: items.append('x'); condition.notify()
        c, p = threading.Thread(target=consume), threading.Thread(target=produce)
        c.start(); p.start(); c.join(); p.join()
        print(got)
        """,
    "names, idents and thread-locals": """
        import threading
        local, seen = threading.local(), []
        local.x = 'main'
        def work():
            seen.append((threading.current_thread().name, hasattr(local, 'x'), threading.current_thread().daemon))
            local.x = threading.get_ident()
            seen.append(local.x == threading.current_thread().ident != threading.main_thread().ident)
        t = threading.Thread(target=work, name='worker-7'); t.start(); t.join()
        print(seen, local.x, threading.current_thread() is threading.main_thread(), t)
        """.replace(", t)", ", t.name)"),
    "context variables": """
        import contextvars, threading
        v = contextvars.ContextVar('v', default=0)
        v.set(1)
        def work(): print(v.get()); v.set(2)
        t = threading.Thread(target=work); t.start(); t.join(); print(v.get())
        """,
    "an exception in a thread": """
        import sys, threading
        threading.excepthook = lambda args: print('hook', args.exc_type.__name__, args.exc_value, args.thread.name)
        t = threading.Thread(target=lambda: 1 / 0, name='T'); t.start(); t.join()
        t = threading.Thread(target=sys.exit, args=(3,)); t.start(); t.join(); print('on')
        """,
    "a class of one's own, and misuse": """
        import threading
        class Mine(threading.Thread):
            def __init__(self): super().__init__(); self.result = None
            def run(self): self.result = 'ran'
        m = Mine()
        for act in (m.join, m.start, m.start, m.join, m.join):
            try: print(act(), m.result if act == m.join else '')
            except RuntimeError as e: print(e)
        """,
    "timers": """
        import threading
        order = []
        a, b, c = (threading.Timer(s, order.append, [s]) for s in (0.15, 0.05, 0.1))
        a.start(); b.start(); c.start(); c.cancel()
        a.join(); b.join(); c.join(); print(order)
        """,
    "threads that outlive the main one": """
        import threading, time
        def late(): time.sleep(0.05); print('late')
        threading.Thread(target=late).start()
        threading.Thread(target=lambda: print('never'), daemon=True) and None
        print('main ends')
        """,
    "a ticker that main stops": """
        import threading
        stop, ticks = threading.Event(), []
        def tick():
            while not stop.wait(0.01): ticks.append(1)
        t = threading.Thread(target=tick, daemon=True); t.start()
        stop.set(); t.join(); print(len(ticks) < 3, t.is_alive())
        """,
    "polling": """
        import threading, time
        done = []
        t = threading.Thread(target=lambda: (time.sleep(0.05), done.append(1))); t.start()
        while t.is_alive(): time.sleep(0.01)
        print(done)
        t = threading.Thread(target=lambda: done.append(2)); t.start()
        while len(done) < 2: time.sleep(0.01)
        print(done)
        """,
    "sleeps at the same time": """
        import threading, time
        start = time.monotonic()
        threads = [threading.Thread(target=time.sleep, args=(0.3,)) for _ in range(10)]
        [t.start() for t in threads]; [t.join() for t in threads]
        print(time.monotonic() - start < 2)
        """,
    "a pool that maps": """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(max_workers=3) as pool:
            print(list(pool.map(lambda n: n * n, range(8))), list(pool.map(pow, [2, 3], [3, 2])))
            future = pool.submit(divmod, 7, 2)
            failing = pool.submit(lambda: 1 / 0)
        print(future.result(), future.done(), type(failing.exception()).__name__)
        try: failing.result()
        except ZeroDivisionError as e: print(e)
        try: pool.submit(print)
        except RuntimeError as e: print(e)
        """,
    "futures as they complete": """
        import concurrent.futures as cf, time
        with cf.ThreadPoolExecutor() as pool:
            futures = {pool.submit(len, 'x' * n): n for n in range(5)}
            print(sorted((futures[f], f.result()) for f in cf.as_completed(futures)))
            a, b = pool.submit(time.sleep, 0.01), pool.submit(time.sleep, 0.02)
            done, rest = cf.wait([a, b])
            print(len(done), len(rest))
            called, f = [], pool.submit(lambda: 'result')
            f.add_done_callback(lambda f: called.append(f.result()))
            print(f.result(timeout=5))
        print(called)
        """,
    "a pool of sleepers": """
        import time
        from concurrent.futures import ThreadPoolExecutor
        start = time.monotonic()
        with ThreadPoolExecutor(5) as pool: list(pool.map(time.sleep, [0.3] * 10))
        took = time.monotonic() - start
        print(0.5 < took < 2)
        """,
    "names of a pool's threads, and what it prepares": """
        import threading
        from concurrent.futures import ThreadPoolExecutor
        local = threading.local()
        def prepare(v): local.v = v
        with ThreadPoolExecutor(1, 'mine', prepare, (5,)) as pool:
            print(pool.submit(lambda: (threading.current_thread().name, local.v)).result())
        def fail(): raise ValueError
        import logging; logging.disable()
        with ThreadPoolExecutor(1, initializer=fail) as pool:
            print(type(pool.submit(print).exception()).__name__)
        """,
    "asyncio.to_thread": """
        import asyncio, contextvars, threading, time
        v = contextvars.ContextVar('v', default=0)
        def block(n):
            time.sleep(0.2)
            return n, v.get(), threading.current_thread() is threading.main_thread()
        async def main():
            v.set(7)
            start = time.monotonic()
            print(await asyncio.gather(*(asyncio.to_thread(block, n) for n in range(5))))
            print(time.monotonic() - start < 1.5)
            try: await asyncio.to_thread(lambda: 1 / 0)
            except ZeroDivisionError as e: print(e)
            print(await asyncio.get_running_loop().run_in_executor(None, sum, [1, 2]))
        asyncio.run(main())
        """,
    "the module _thread": """
        import _thread, time
        lock = _thread.allocate_lock(); lock.acquire()
        _thread.start_new_thread(lambda x: (print(x), lock.release()), ('in thread',))
        print(lock.acquire(), lock.acquire(False), lock.acquire(timeout=0.01))
        """,
    "misuse of locks": """
        import threading
        lock = threading.Lock()
        for act in (lambda: lock.release(), lambda: lock.acquire(False, 1), lambda: lock.acquire(timeout=-2)):
            try: act()
            except (RuntimeError, ValueError) as e: print(type(e).__name__)
        r = threading.RLock()
        with r:
            with r: print('twice')
        """,
    "queues of other kinds": """
        import queue, threading
        s, l, p = queue.SimpleQueue(), queue.LifoQueue(), queue.PriorityQueue()
        threading.Thread(target=lambda: [q.put(n) for q in (s, l, p) for n in (2, 1, 3)]).start()
        print([[q.get() for _ in range(3)] for q in (s, l, p)])
        for q in (s, l):
            try: q.get(timeout=0.01)
            except queue.Empty: print('empty')
            try: q.get_nowait()
            except queue.Empty: print('empty')
        """,
}


class Threads(SandboxTestCase):
    def test_programs_print_what_they_print_with_threads_of_the_system(self):
        for name, program in SAME.items():
            with self.subTest(name):
                program = textwrap.dedent(program)
                native = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", timeout=60)
                before = len(self.sandbox.output("out"))
                outcome = self.sandbox.start(code=program, kind="script", name="/main.py", stdin="new")
                output = self.sandbox.output("out")[before:]
                self.assertEqual((output, outcome["status"]), (native.stdout, "done"), outcome)

    def test_a_program_with_a_value_waits_for_its_threads(self):
        self.assertEqual(self.sandbox.value(
            "import threading\nseen = []\nthreading.Thread(target=seen.append, args=(1,)).start()\nseen"), [1])
        self.assertEqual(self.sandbox.value("seen"), [1])

    def test_threads_that_talk_to_one_another_in_turns_say_what_to_use(self):
        self.sandbox.run(textwrap.dedent("""
            import threading
            ping, pong, log = threading.Event(), threading.Event(), []
            def one():
                for _ in range(2): log.append('ping'); ping.set(); pong.wait(); pong.clear()
            def two():
                for _ in range(2): ping.wait(); ping.clear(); log.append('pong'); pong.set()
            threads = [threading.Thread(target=one), threading.Thread(target=two)]
            [t.start() for t in threads]; [t.join() for t in threads]
            """))
        self.assertIn("use asyncio for tasks that wait for one another", self.sandbox.output("err"))

    def test_a_deadlock_is_an_error(self):
        for code in ("lock = threading.Lock(); lock.acquire(); lock.acquire()", "queue.Queue().get()",
                     "threading.Event().wait()", "concurrent.futures.Future().result()",
                     "queue.SimpleQueue().get()", "c = threading.Condition(); c.acquire(); c.wait()"):
            with self.subTest(code):
                error = self.sandbox.run("import threading, queue, concurrent.futures\n" + code)["error"]
                self.assertEqual(error["type"], "RuntimeError")
                self.assertIn("this wait can never end", error["message"])

    def test_an_interrupt_ends_the_program_and_not_the_thread_only(self):
        if sandboxes.is_component():
            self.skipTest("only a thread beside the program can raise this, and WebAssembly has none")
        for code in ("t = threading.Thread(target=loop); t.start(); t.join()",
                     "concurrent.futures.ThreadPoolExecutor().submit(loop).result()",
                     "await asyncio.to_thread(loop)", "threading.Thread(target=loop).start()"):
            with self.subTest(code):
                self.sandbox.interrupt_after = 0.3
                error = self.sandbox.run("import asyncio, threading, concurrent.futures\ndef loop():\n"
                                         "  for _ in iter(int, 1): pass\n" + code)["error"]
                self.sandbox.interrupt_after = None
                self.assertEqual(error["type"], "TimeoutError")
        self.assertEqual(self.sandbox.value("1 + 1"), 2)

    def test_sandboxes_and_programs_do_not_mix_their_threads(self):
        self.sandbox.run("import threading\ndef f(): raise ValueError('x')\nthreading.Thread(target=f, name='T').start()")
        error = self.sandbox.output("err")
        self.assertIn("Exception in thread T", error)
        self.assertIn("ValueError: x", error)
        self.assertNotIn("terrarium_runtime", error)
        self.assertEqual(self.sandbox.value("threading.active_count()"), 1)
