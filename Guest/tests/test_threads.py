# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Threads that take turns, in the component; CPython's own threads say what programs print."""

import textwrap
import time
import unittest

import sandboxes
from sandboxes import SandboxTestCase
from test_scripts import ScriptTestCase

_HEAD = """
import asyncio, concurrent.futures, contextvars, functools, queue, sys, threading, time
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
def start(*targets, args=()):
    threads = [threading.Thread(target=one, args=args) for one in targets]
    for one in threads: one.start()
    return threads
def join(threads):
    for one in threads: one.join()
"""


def needs_component(test: unittest.TestCase) -> None:
    if not sandboxes.is_component():
        test.skipTest("this machine's Python has threads of its own")


class Threads(ScriptTestCase):
    def setUp(self) -> None:
        needs_component(self)
        super().setUp()
        self.sandbox.answers["wait"] = self.wait

    @staticmethod
    def wait(request: dict) -> dict:
        time.sleep(max(0, request["wake_at"] - request["clock"]) / 1e9)
        return {"settled": []}

    def assert_same(self, source: str) -> None:
        self.assert_same_as_cpython(_HEAD + textwrap.dedent(source))

    def test_workers_and_a_queue_with_bounds(self):
        self.assert_same("""
            def work():
                while True:
                    item = q.get()
                    if item is None: break
                    out.append(item * 2)
                    q.task_done()
            q, out = queue.Queue(maxsize=2), []
            threads = start(work, work, work)
            for i in range(10): q.put(i)
            for _ in threads: q.put(None)
            join(threads)
            print(sorted(out), q.empty())
            """)

    def test_workers_that_never_end(self):
        self.assert_same("""
            def work():
                while True:
                    out.append(q.get() ** 2)
                    q.task_done()
            q, out = queue.Queue(), []
            for _ in range(3): threading.Thread(target=work, daemon=True).start()
            for round in range(2):
                for i in range(6): q.put(i)
                q.join()
                print(sorted(out))
            """)

    def test_a_producer_that_the_program_reads_from(self):
        self.assert_same("""
            def produce():
                for i in range(20): q.put(i)
                q.put(None)
            for size in (0, 1, 3):
                q = queue.Queue(size)
                threads = start(produce)
                print(list(iter(q.get, None)))
                join(threads)
            """)

    def test_a_producer_and_a_consumer(self):
        self.assert_same("""
            def produce():
                for i in range(8): q.put(i)
                q.put(None)
            def consume():
                for item in iter(q.get, None):
                    if item == 6: continue
                    total.append(item)
                else:
                    total.append('end')
            for kind in (queue.Queue, queue.LifoQueue):
                for order in ((produce, consume), (consume, produce)):
                    q, total = kind(1), []
                    join(start(*order))
                    print(total)
            """)

    def test_turns_by_semaphores_events_and_conditions(self):
        self.assert_same("""
            def ping():
                for i in range(3): a.acquire(); log.append('ping'); b.release()
            def pong():
                for i in range(3): b.acquire(); log.append('pong'); a.release()
            a, b, log = threading.Semaphore(1), threading.Semaphore(0), []
            join(start(ping, pong))
            print(log)
            condition, items = threading.Condition(), []
            def consume():
                with condition:
                    while not items: condition.wait()
                    print('got', items.pop())
            def consume_by_predicate():
                with condition: print(condition.wait_for(lambda: items, timeout=5), items)
            for one in (consume, consume_by_predicate):
                threads = start(one)
                with condition: items.append(3); condition.notify_all()
                join(threads)
            event = threading.Event()
            def waits(): print(event.wait(0.001), event.wait(), event.wait(0))
            threads = start(waits); time.sleep(0.02); event.set(); join(threads)
            """)

    def test_a_barrier(self):
        self.assert_same("""
            def party():
                log.append('before'); barrier.wait(); log.append('after')
            barrier, log = threading.Barrier(3, action=lambda: log.append('action')), []
            join(start(party, party, party))
            print(log)
            def alone():
                try: threading.Barrier(2).wait(0.01)
                except threading.BrokenBarrierError: print('broken')
            join(start(alone))
            """)

    def test_locks(self):
        self.assert_same("""
            def enter(i):
                with lock:
                    log.append(i); time.sleep(0.002); log.append(i)
            for lock in (threading.Lock(), threading.RLock(), threading.Condition(), threading.Semaphore()):
                log = []
                threads = [threading.Thread(target=enter, args=(i,)) for i in range(3)]
                for one in threads: one.start()
                join(threads)
                print(log[::2] == log[1::2], sorted(log))
            r = threading.RLock()
            with r, r: print(bool(r.acquire(False)))
            lock = threading.Lock()
            print(lock.acquire(), lock.acquire(timeout=0.01), lock.acquire(False), lock.locked(), lock.release())
            for wrong in (lock.release, lambda: lock.acquire(False, 1), lambda: lock.acquire(True, -5),
                          lambda: lock.acquire(timeout=1e20), lambda: time.sleep(-1)):
                try: wrong()
                except Exception as error: print(type(error).__name__)
            peak = now = 0
            def limited():
                global peak, now
                with slots:
                    now += 1; peak = max(peak, now); time.sleep(0.003); now -= 1
            slots = threading.BoundedSemaphore(2)
            join(start(*[limited] * 6))
            print(peak)
            """)

    def test_executors(self):
        self.assert_same("""
            def square(x):
                time.sleep(0.01 * (5 - x)); return x * x
            def fail(): time.sleep(0.001); raise KeyError('k')
            with ThreadPoolExecutor(3) as pool:
                print(list(pool.map(square, range(5))), list(pool.map(pow, [2, 3], [5, 2])))
                futures = [pool.submit(square, i) for i in range(2, 5)]
                print(sorted(one.result() for one in as_completed(futures)))
                print([one.result() for one in futures])
                failed = pool.submit(fail)
                print(repr(failed.exception()), failed.done(), failed.running())
                try: failed.result()
                except KeyError as error: print('caught', error)
                try: pool.submit(time.sleep, 0.1).result(timeout=0.01)
                except TimeoutError: print('too late')
                done, rest = wait([pool.submit(time.sleep, 0.1), pool.submit(int)], return_when='FIRST_COMPLETED')
                print(len(done), len(rest))
                def nested():
                    with ThreadPoolExecutor(2) as inner: return sum(inner.map(lambda x: x + 1, range(3)))
                print(pool.submit(nested).result())
                pool.submit(int).add_done_callback(lambda future: print('called', future.result()))
            try: pool.submit(print)
            except RuntimeError as error: print(error)
            local = threading.local()
            def begin(value): local.value = value
            with ThreadPoolExecutor(1, 'pool', begin, (7,)) as pool:
                print(pool.submit(lambda: (local.value, threading.current_thread().name)).result())
            left = ThreadPoolExecutor()
            print(left.submit(int).result())
            """)

    def test_a_pool_of_multiprocessing_with_threads(self):
        self.assert_same("""
            from multiprocessing.pool import ThreadPool
            from multiprocessing.dummy import Pool
            def square(x): time.sleep(0.001); return x * x
            for kind in (ThreadPool, Pool):
                with kind(3) as pool:
                    print(pool.map(square, range(5)), pool.starmap(pow, [(2, 3)]), pool.apply(square, (3,)))
                    print(pool.apply_async(square, (4,)).get(), sorted(pool.imap_unordered(square, [1, 2])))
                    pool.close(); pool.join()
            """)

    def test_coroutines_and_threads(self):
        self.assert_same("""
            def work(i):
                time.sleep(0.002); return i, threading.current_thread().name.split('_')[0]
            variable = contextvars.ContextVar('v')
            async def main():
                loop = asyncio.get_running_loop()
                print(await asyncio.gather(*[asyncio.to_thread(work, i) for i in range(3)]))
                print(await loop.run_in_executor(None, sum, [1, 2]))
                variable.set(7)
                print(await asyncio.to_thread(variable.get))
                async def answer(): await asyncio.sleep(0.001); return 'answer'
                def ask(): return asyncio.run_coroutine_threadsafe(answer(), loop).result()
                print(await asyncio.to_thread(ask))
                async def tick():
                    for _ in range(3): await asyncio.sleep(0.001)
                    return 'ticked'
                print(await asyncio.gather(tick(), asyncio.to_thread(time.sleep, 0.01)))
                try: await asyncio.to_thread(lambda: 1 / 0)
                except ZeroDivisionError as error: print('caught', error)
                event = asyncio.Event()
                start(lambda: loop.call_soon_threadsafe(event.set))
                await event.wait()
            asyncio.run(main())
            def inside(): asyncio.run(main())
            inside()
            join(start(lambda: print(asyncio.run(asyncio.sleep(0.001, 'in a thread')))))
            """)

    def test_timers(self):
        self.assert_same("""
            late, gone = threading.Timer(0.02, lambda: print('late')), threading.Timer(50, print)
            early = threading.Timer(0.001, print, ('early',))
            for one in (late, gone, early): one.start()
            gone.cancel()
            join([late, gone, early])
            """)

    def test_sleeping_threads_wake_in_order(self):
        self.assert_same("""
            def sleeper(seconds): time.sleep(seconds); print(seconds)
            threads = [threading.Thread(target=sleeper, args=(n / 10,)) for n in (3, 1, 2)]
            for one in threads: one.start()
            join(threads)
            """)

    def test_a_monitor_and_a_flag(self):
        self.assert_same("""
            class Monitor(threading.Thread):
                def __init__(self):
                    super().__init__(daemon=True)
                    self.stop, self.__ticks = threading.Event(), 0
                def run(self):
                    while not self.stop.wait(0.005): self.__tick()
                    self.seen = self.__ticks > 0
                def __tick(self, by=1): self.__ticks += by
            monitor = Monitor(); monitor.start(); time.sleep(0.05); monitor.stop.set(); monitor.join()
            print(monitor.seen, monitor.is_alive())
            def spin():
                while not flag.is_set(): pass
                print('seen')
            flag = threading.Event(); threads = start(spin); time.sleep(0.02); flag.set(); join(threads)
            busy = start(lambda: time.sleep(0.02))[0]
            while busy.is_alive(): pass
            with ThreadPoolExecutor() as pool:
                future = pool.submit(time.sleep, 0.02)
                while not future.done(): pass
                print(future.result())
            """)

    def test_what_a_thread_knows_of_itself(self):
        self.assert_same("""
            local, variable = threading.local(), contextvars.ContextVar('v', default=0)
            def mine(i):
                local.x = i; variable.set(i); time.sleep(0.001)
                seen.append((local.x, variable.get(), threading.current_thread().name, threading.get_ident() != main))
            main, seen = threading.get_ident(), []
            threads = [threading.Thread(target=mine, args=(i,), name=f'T{i}') for i in range(3)]
            for one in threads: one.start()
            join(threads)
            print(sorted(seen), hasattr(local, 'x'), variable.get())
            print(threading.active_count(), threading.enumerate() == [threading.main_thread()])
            print(threading.Thread(target=mine).name, threading.Thread().daemon)
            for wrong in (lambda: threading.Thread().join(), threads[0].start, lambda: threading.current_thread().join()):
                try: wrong()
                except RuntimeError as error: print(error)
            """)

    def test_exceptions(self):
        self.assert_same("""
            def inner(): raise ValueError('inside')
            def outer(): inner()
            def leave(): sys.exit(5)
            def show(args):
                import traceback
                names = [one.name for one in traceback.extract_tb(args.exc_traceback)]
                print(args.exc_type.__name__, args.exc_value, args.thread.name, [n for n in names if n[0] != '_'])
            join(start(leave))
            threading.excepthook = show
            join(start(outer))
            threading.excepthook = threading.__excepthook__
            """)

    def test_the_end_of_a_process(self):
        self.assert_same("""
            ended, pooled = threading.Event(), threading.Event()
            def later(): pooled.wait(); print('later')
            threading.Thread(target=later).start()
            threading.Thread(target=lambda: (time.sleep(50), print('never')), daemon=True).start()
            q = queue.Queue(); threading.Thread(target=q.get, daemon=True).start()
            ThreadPoolExecutor().submit(lambda: (ended.wait(), print('from a pool'), pooled.set()))
            import atexit; atexit.register(print, 'exit handler')
            print('end of the script')
            ended.set()
            """)
        self.assert_same("def later(): time.sleep(0.01); print('later')\nstart(later)\n1 / 0")

    def test_functions_of_all_kinds(self):
        self.assert_same("""
            def decorated(function):
                @functools.wraps(function)
                def inner(*args, **named):
                    try: return function(*args, **named)
                    finally: log.append('finally')
                return inner
            def make(rounds):
                count = 0
                @decorated
                def work(x, *rest, key='k', **more):
                    nonlocal count
                    for _ in range(rounds): count += 1; time.sleep(0.001)
                    log.append((x, rest, key, more))
                    return count
                return work
            class Base:
                def handle(self, item): q.put(item); return self.__class__.__name__
            class Derived(Base):
                factor: int = 2
                def handle(self, item, *, times=2): return super().handle(item * times) + '!'
                @staticmethod
                def fixed(): return q.get()
                @classmethod
                def made(cls): return cls().handle(1), cls.fixed()
                def __call__(self): log.append((self.handle(5), q.get()))
            def recursive(n):
                if n == 0: time.sleep(0.001); return 0
                return 1 + recursive(n - 1)
            def collect():
                log.append([(q.get(), i, n) for i, n in enumerate('abc') if i != 1])
            q, log = queue.Queue(), []
            work = make(3)
            one = threading.Thread(target=functools.partial(work, 1, 2), kwargs={'z': 3}); one.start(); one.join()
            join(start(Derived(), lambda: log.append(Derived.made()), lambda: log.append(recursive(150))))
            threads = start(collect)
            for i in range(2): q.put(i)
            join(threads)
            print(log)
            """)

    def test_what_the_standard_library_builds_on_threads(self):
        self.assert_same("""
            import _thread, logging, logging.handlers, sched
            done = threading.Event()
            _thread.start_new_thread(lambda text: (print(text), done.set()), ('new',))
            done.wait()
            scheduler = sched.scheduler(); scheduler.enter(0.001, 1, print, ('scheduled',)); scheduler.run()
            records = queue.Queue()
            listener = logging.handlers.QueueListener(records, logging.StreamHandler(sys.stdout))
            listener.start(); records.put(logging.LogRecord('n', 20, 'f', 1, 'logged', (), None)); listener.stop()
            """)


class ThreadsOfPrograms(SandboxTestCase):
    def setUp(self) -> None:
        needs_component(self)
        super().setUp()

    def test_a_wait_that_cannot_end_says_so(self):
        for code, reason in (
            ("import queue\nqueue.Queue().get()", "there is no other thread"),
            ("import threading\nl = threading.Lock(); l.acquire(); l.acquire()", "there is no other thread"),
            ("import queue, threading\nq = queue.Queue()\nt = threading.Thread(target=lambda: q.get()); t.start(); t.join()",
             "every other thread waits, too"),
        ):
            with self.subTest(code):
                error = self.sandbox.error(code)
                self.assertEqual((error["type"], error["message"]),
                                 ("RuntimeError", f"this wait can never end: {reason}"))
                self.sandbox.cancel(abandon=True)

    def test_what_cannot_be_suspended_says_what_to_do(self):
        self.sandbox.run("import queue, threading\nq = queue.Queue()\ndef items():\n    while (x := q.get()): yield x\n"
                         "def f(): print(sum(items()))\nt = threading.Thread(target=f); t.start()\nq.put(0); t.join()")
        self.assertIn("Exception in thread", self.sandbox.output("err"))
        self.assertIn("wait in a plain function", self.sandbox.output("err"))

    def test_what_a_bare_thread_raises_is_told(self):
        if not sandboxes.is_component():
            self.skipTest("this machine's Python may be too old for such threads")
        code = "import _thread, sys\ndef f(): 1 / 0\n_thread.start_joinable_thread(f).join()\n"
        self.sandbox.run(code)
        self.assertRegex(self.sandbox.output("err"), r"(?s)^Exception ignored in thread started by <function f at 0x\w+>:\n"
                                                     r"Traceback .*, in f\n.*\nZeroDivisionError: division by zero\n$")
        self.sandbox.run("import sys\nsys.unraisablehook = lambda args: print(args.exc_type.__name__, args.err_msg[:17])\n" + code)
        self.assertEqual(self.sandbox.output(), "ZeroDivisionError Exception ignored\n")

    def test_threads_of_a_program_end_with_it(self):
        self.sandbox.run("import threading, time\ndef f(): time.sleep(0.01); print('f')\n"
                         "threading.Thread(target=f).start()\nprint('main')")
        self.assertEqual(self.sandbox.output(), "main\nf\n")

    def test_they_go_on_while_a_program_waits_for_the_host(self):
        self.sandbox.configure(functions=[{"name": "ask", "async": True, "parameters": []}])
        outcome = self.sandbox.start(code="import threading, time\ndone = threading.Event()\ndef f():\n    done.wait()\n"
                                          "    time.sleep(0.005); print('f')\nt = threading.Thread(target=f); t.start()\n"
                                          "x = await ask()\ndone.set()\nt.join()\nx")
        self.assertEqual(outcome["status"], "waiting")
        outcome = self.sandbox.resume(settled=[{"id": 1, "value": 5}])
        self.assertEqual((outcome["status"], outcome["result"]["value"], self.sandbox.output()), ("done", 5, "f\n"))

    def test_the_host_learns_when_a_thread_wants_to_go_on(self):
        self.sandbox.configure(functions=[{"name": "ask", "async": True, "parameters": []}])
        outcome = self.sandbox.start(code="import threading, time\ndef f(): time.sleep(100)\n"
                                          "threading.Thread(target=f, daemon=True).start()\nawait ask()")
        self.assertAlmostEqual((outcome["wake_at"] - outcome["clock"]) / 1e9, 100, delta=5)
        self.assertEqual(self.sandbox.cancel(abandon=True), {"status": "idle", "calls": [], "dropped": [1]})


if __name__ == "__main__":
    unittest.main()
